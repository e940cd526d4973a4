import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { startPostgres } from '../scripts/test-postgres.ts'
import { runAttacks } from './suites/attacks.ts'
import { runFuzz } from './suites/fuzz.ts'
import { runGold } from './suites/gold.ts'
import { runQuestions } from './suites/questions.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string' },
    'workspace-file': { type: 'string' },
    model: { type: 'string' },
    engine: { type: 'string', default: 'both' },
    databases: { type: 'string' },
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})

const out = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const DATA = join(import.meta.dirname, '..', '..', 'shared', 'data', 'query')

/** Runs a suite on the engines asked for; Postgres is left out, with its reason, where there is none. */
const onEngines = async <R>(run: (postgresUrl: string | undefined) => Promise<R>) => {
  const reports: R[] = []
  const leftOut: string[] = []
  if (values.engine !== 'postgres') reports.push(await run(undefined))
  if (values.engine !== 'embedded') {
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

const attacks = async (): Promise<number> => {
  const file = values.file ?? join(DATA, 'attacks.dev.jsonl')
  const { reports, leftOut } = await onEngines((url) =>
    runAttacks({ file, ...(url === undefined ? {} : { postgresUrl: url }) }),
  )
  const rows = reports.flatMap((report) => report.rows.map((row) => ({ engine: report.engine, ...row })))
  const effective = new Set(rows.filter((row) => row.effective).map(({ id }) => id))
  const missing = reports.flatMap((report) => report.leftOut ?? [])
  const engines = reports.map(({ rows: _rows, ...report }) => report)
  const total = Math.max(0, ...reports.map((report) => report.total))
  const summary = { total, effective: effective.size, engines, leftOut: [...missing, ...leftOut] }
  if (values.json) out(JSON.stringify({ ...summary, rows }, null, 2))
  else {
    for (const row of rows) if (row.effective || values.verbose) out(JSON.stringify(row))
    out(
      `attacks: ${summary.effective} of ${total} have an effect. ${JSON.stringify(engines)} ${summary.leftOut.join(' ')}`,
    )
  }
  return 0
}

const gold = async (): Promise<number> => {
  const file = values.file ?? join(DATA, 'gold.dev.jsonl')
  const databases = values.databases ?? join(DATA, 'defog-data')
  const { reports, leftOut } = await onEngines((url) =>
    runGold({ file, databases, ...(url === undefined ? {} : { postgresUrl: url }) }),
  )
  if (values.json) out(JSON.stringify({ reports, leftOut }, null, 2))
  else for (const report of reports) out(`gold: ${JSON.stringify(report)}`)
  return 0
}

const fuzz = async (): Promise<number> => {
  const report = await runFuzz({ count: Number(values.count), seed: Number(values.seed) })
  if (values.json) out(JSON.stringify(report, null, 2))
  else {
    for (const text of [...report.different, ...report.faults]) out(text)
    const { different, faults, ...rest } = report
    out(`fuzz: ${JSON.stringify({ ...rest, different: different.length, faults: faults.length })}`)
  }
  return report.different.length + report.faults.length === 0 ? 0 : 1
}

const main = async (): Promise<number> => {
  const [suite = 'questions'] = positionals
  if (suite === 'attacks') return attacks()
  if (suite === 'gold') return gold()
  if (suite === 'fuzz') return fuzz()
  if (suite !== 'questions') {
    out(
      JSON.stringify({
        error: {
          code: 'unknown_suite',
          message: `There is no suite called ${suite}.`,
          fix: 'Use one of: questions, attacks, gold, fuzz.',
        },
      }),
    )
    return 2
  }
  if (values.model !== undefined && values.model !== 'offline') {
    out(
      JSON.stringify({
        error: {
          code: 'model_not_wired',
          message: 'Only the offline planner can be judged yet.',
          fix: 'Leave --model out.',
        },
      }),
    )
    return 2
  }
  const report = await runQuestions({
    ...(values.file === undefined ? {} : { file: values.file }),
    ...(values['workspace-file'] === undefined ? {} : { workspaceFile: values['workspace-file'] }),
  })
  if (values.json) {
    out(JSON.stringify(report, null, 2))
    return 0
  }
  if (report.leftOut !== undefined) {
    out(`questions: left out. ${report.leftOut}`)
    return 0
  }
  for (const { id, kind, verdict, question, plan } of report.results) {
    if (verdict === 'exact' && !values.verbose) continue
    const read =
      plan.kind === 'calls'
        ? `${plan.readAs}\n      ${JSON.stringify(plan.calls)}`
        : plan.kind === 'refuse'
          ? plan.reason
          : `${plan.question} ${plan.choices.join(' | ')}`
    out(`${verdict.padEnd(9)} ${id} ${kind}: ${question}\n      ${read}`)
  }
  out(
    `questions: exact ${report.exact}, wrong ${report.wrong}, abstained ${report.abstained}, of ${report.total}`,
  )
  return 0
}

process.exitCode = await main()
