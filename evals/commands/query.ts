import { join } from 'node:path'
import { readAttacks } from '../attacks/attack.ts'
import { DATA, options, out } from '../options.ts'
import { runAttacks } from '../suites/attacks.ts'
import { runFuzz } from '../suites/fuzz.ts'
import { runGold } from '../suites/gold.ts'
import { onEngines } from './on-engines.ts'

const PARTS = ['gold', 'spider', 'benign'] as const

/** Questions that must be answered: how many are, at the one door. */
const benign = async (postgresUrl: string | undefined) => {
  const attacks = readAttacks(join(DATA, 'query', 'benign.jsonl')) ?? []
  const [report] = await runAttacks({
    attacks,
    surfaces: ['toolbox'],
    processEvery: 1,
    ...(postgresUrl === undefined ? {} : { postgresUrl }),
  })
  const { engine, total, answered, rows } = report!
  const refused = rows.flatMap(({ id, outcome }) => (outcome === 'answered' ? [] : [`${id} ${outcome}`]))
  return { engine, from: 'benign', total, answered, refused }
}

/** `--only gold|spider|benign`: defog's queries, Spider's, those of a CRM that must be answered. */
export const gold = async (): Promise<number> => {
  const parts = PARTS.filter((one) => options.only === undefined || one === options.only)
  if (parts.length === 0) {
    out(`--only takes one of: ${PARTS.join(', ')}.`)
    return 2
  }
  const file = options.file ?? join(DATA, 'query', 'gold.dev.jsonl')
  const databases = options.databases ?? join(DATA, 'query', 'defog-data')
  const { reports: both, leftOut } = await onEngines(async (url) => {
    const progress = (line: string): void => void process.stderr.write(`${line}\n`)
    const given = { file, databases, progress, ...(url === undefined ? {} : { postgresUrl: url }) }
    const found: object[] = []
    for (const part of parts)
      found.push(
        part === 'benign'
          ? await benign(url)
          : await runGold({ ...given, from: part === 'gold' ? 'defog' : part }),
      )
    return found
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
