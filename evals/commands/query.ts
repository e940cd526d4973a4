import { join } from 'node:path'
import { DATA, options, out } from '../options.ts'
import { runFuzz } from '../suites/fuzz.ts'
import { runGold } from '../suites/gold.ts'
import { onEngines } from './on-engines.ts'

export const gold = async (): Promise<number> => {
  const file = options.file ?? join(DATA, 'query', 'gold.dev.jsonl')
  const databases = options.databases ?? join(DATA, 'query', 'defog-data')
  const { reports: both, leftOut } = await onEngines(async (url) => {
    const given = { file, databases, ...(url === undefined ? {} : { postgresUrl: url }) }
    return [await runGold({ ...given, from: 'defog' }), await runGold({ ...given, from: 'spider' })]
  })
  const reports = both.flat()
  if (options.json) out(JSON.stringify({ reports, leftOut }, null, 2))
  else for (const report of reports) out(`gold: ${JSON.stringify(report)}`)
  return 0
}

export const fuzz = async (): Promise<number> => {
  const report = await runFuzz({ count: Number(options.count), seed: Number(options.seed) })
  if (options.json) out(JSON.stringify(report, null, 2))
  else {
    for (const text of [...report.different, ...report.faults]) out(text)
    const { different, faults, ...rest } = report
    out(`fuzz: ${JSON.stringify({ ...rest, different: different.length, faults: faults.length })}`)
  }
  return report.different.length + report.faults.length === 0 ? 0 : 1
}
