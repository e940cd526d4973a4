import { join } from 'node:path'
import { startPostgres } from '../../scripts/test-postgres.ts'
import { DATA, options, out } from '../options.ts'
import { runAttacks } from '../suites/attacks.ts'
import { runFuzz } from '../suites/fuzz.ts'
import { runGold } from '../suites/gold.ts'

/** Runs a suite on the engines asked for; Postgres is left out, with its reason, where there is none. */
const onEngines = async <R>(run: (postgresUrl: string | undefined) => Promise<R>) => {
  const reports: R[] = []
  const leftOut: string[] = []
  if (options.engine !== 'postgres') reports.push(await run(undefined))
  if (options.engine !== 'embedded') {
    const server = await startPostgres()
    if ('reason' in server) leftOut.push(`postgres: ${server.reason}`)
    else {
      try {
        reports.push(await run(server.superUrl))
      } finally {
        await server.stop()
      }
    }
  }
  return { reports, leftOut }
}

export const attacks = async (): Promise<number> => {
  const file = options.file ?? join(DATA, 'query', 'attacks.dev.jsonl')
  const { reports, leftOut } = await onEngines((url) =>
    runAttacks({ file, ...(url === undefined ? {} : { postgresUrl: url }) }),
  )
  const rows = reports.flatMap((report) => report.rows.map((row) => ({ engine: report.engine, ...row })))
  const effective = new Set(rows.filter((row) => row.effective).map(({ id }) => id))
  const missing = reports.flatMap((report) => report.leftOut ?? [])
  const engines = reports.map(({ rows: _rows, ...report }) => report)
  const total = Math.max(0, ...reports.map((report) => report.total))
  const summary = { total, effective: effective.size, engines, leftOut: [...missing, ...leftOut] }
  if (options.json) out(JSON.stringify({ ...summary, rows }, null, 2))
  else {
    for (const row of rows) if (row.effective || options.verbose) out(JSON.stringify(row))
    out(
      `attacks: ${summary.effective} of ${total} have an effect. ${JSON.stringify(engines)} ${summary.leftOut.join(' ')}`,
    )
  }
  return 0
}

export const gold = async (): Promise<number> => {
  const file = options.file ?? join(DATA, 'query', 'gold.dev.jsonl')
  const databases = options.databases ?? join(DATA, 'query', 'defog-data')
  const { reports, leftOut } = await onEngines((url) =>
    runGold({ file, databases, ...(url === undefined ? {} : { postgresUrl: url }) }),
  )
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
