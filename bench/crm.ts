import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '../db/connect.ts'
import type { Database } from '../db/connect.ts'
import { keepScores } from '../db/keep-scores.ts'
import { migrate } from '../db/migrate.ts'
import { asTenant } from '../db/tenant.ts'
import { refreshWinModel } from '../db/win-model.ts'
import { startPostgres } from '../scripts/test-postgres.ts'
import { fillCrm, sizesOf } from './crm/fill.ts'
import type { Filled } from './crm/fill.ts'
import { measureQuestion } from './crm/measure.ts'
import type { Row } from './crm/measure.ts'
import { writePlans } from './crm/plans.ts'
import { QUESTIONS } from './crm/questions.ts'
import { addInteractions, wrongRollUps } from './crm/roll-ups.ts'

/**
 * A CRM of 100,000 people, 5,000 companies, 20,000 deals and 200,000 interactions on both engines: p50 and p95 of what a
 * person waits for beside its goal, the processor time it takes, the large tables that were read whole, and 100,000 interactions added at once with
 * their roll-ups counted anew. A Markdown table, or one JSON document with `--json`; `--people 10000` makes all of it
 * smaller in proportion, `--engine postgres` measures one engine, `--plans` writes the plans to bench/plans.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    plans: { type: 'boolean', default: false },
    people: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '40' },
    engine: { type: 'string' },
  },
})
const SIZES = sizesOf(Number(values.people))
const ROUNDS = Number(values.rounds)
const TIMEOUT_MS = 900_000

interface Measured {
  readonly loadSeconds: number
  readonly rows: readonly Row[]
  readonly rollUps: { readonly added: number; readonly seconds: number; readonly wrong: number }
  /** How many processes wanted a processor while this was measured. */
  readonly loadAverage: number
}

const secondsOf = async (run: () => Promise<unknown>): Promise<number> => {
  const startedMs = performance.now()
  await run()
  return (performance.now() - startedMs) / 1000
}

const measure = async (
  database: Database,
  keepPlans?: (filled: Filled) => Promise<void>,
): Promise<Measured> => {
  await migrate(database)
  const startedMs = performance.now()
  const filled = await fillCrm(database, SIZES)
  const loadSeconds = (performance.now() - startedMs) / 1000
  process.stderr.write(`${database.engine}: loaded in ${loadSeconds.toFixed(0)} s\n`)
  const rows: Row[] = []
  const fitMs = 1000 * (await secondsOf(() => refreshWinModel(database, filled.workspace)))
  for (const question of QUESTIONS)
    rows.push(await measureQuestion(question, filled, { rounds: ROUNDS, timeoutMs: TIMEOUT_MS }))
  rows.push({
    what: 'learning the win model anew (once a day)',
    goalMs: undefined,
    p50: fitMs,
    p95: fitMs,
    cpuMs: Number.NaN,
    readWhole: [],
  })
  const keptMs = 1000 * (await secondsOf(() => keepScores(database, filled.workspace)))
  rows.push({
    what: 'writing on every score (once a day)',
    goalMs: undefined,
    p50: keptMs,
    p95: keptMs,
    cpuMs: Number.NaN,
    readWhole: [],
  })
  await keepPlans?.(filled)
  const loadAverage = loadavg()[0]!
  const added = SIZES.people
  const options = { timeoutMs: TIMEOUT_MS }
  const seconds = await secondsOf(() =>
    asTenant(
      database,
      filled.actor,
      (tx) => addInteractions(tx, SIZES, { source: 'added', count: added }),
      options,
    ),
  )
  const wrong = await asTenant(database, filled.actor, wrongRollUps, options)
  const rollUps = { added, seconds, wrong: wrong.people + wrong.companies + wrong.deals }
  return { loadSeconds, rows, rollUps, loadAverage }
}

const settings = { TACT_HOME: '', TACT_QUERY_TIMEOUT_MS: TIMEOUT_MS }
const results: Record<string, Measured> = {}
if (values.engine !== 'embedded') {
  const server = await startPostgres()
  if ('reason' in server) process.stderr.write(`Postgres is left out: ${server.reason}.\n`)
  else {
    try {
      const outer = await connect({ ...settings, DATABASE_URL: server.ownerUrl })
      await outer.pool.query('create database bench')
      await outer.close()
      const named = (url: string): string => url.replace(/\/postgres$/, '/bench')
      const urls = { url: named(server.ownerUrl), superUrl: named(server.superUrl) }
      const database = await connect({ ...settings, DATABASE_URL: urls.url }, { poolSize: 1 })
      const plans = join(import.meta.dirname, 'plans')
      results['postgres'] = await measure(
        database,
        values.plans ? (filled) => writePlans(plans, filled, urls) : undefined,
      )
      await database.close()
    } finally {
      await server.stop()
    }
  }
}
if (values.engine !== 'postgres') {
  const database = await connect({ ...settings, DATABASE_URL: undefined }, { inMemory: true })
  results['embedded'] = await measure(database)
  await database.close()
}

const engines = Object.entries(results)
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
if (values.json) process.stdout.write(`${JSON.stringify({ sizes: SIZES, rounds: ROUNDS, results })}\n`)
else {
  const head = engines.flatMap(([engine]) => [`${engine} p50 ms`, 'p95 ms', 'processor ms', 'read whole'])
  process.stdout.write(
    `${SIZES.people} people, ${SIZES.companies} companies, ${SIZES.deals} deals, ${SIZES.interactions} interactions, ${SIZES.mails} mails; ${ROUNDS} rounds\n\n`,
  )
  process.stdout.write(line(['what', 'goal p95 ms (Postgres)', ...head]))
  process.stdout.write(`|${'---|'.repeat(2 + head.length)}\n`)
  for (const [index, { what, goalMs }] of (engines[0]?.[1].rows ?? []).entries()) {
    const cells = engines.flatMap(([, { rows }]) => {
      const { p50, p95, cpuMs, readWhole } = rows[index]!
      return [
        p50.toFixed(1),
        p95.toFixed(1),
        Number.isNaN(cpuMs) ? '–' : cpuMs.toFixed(1),
        readWhole.join(', ') || '–',
      ]
    })
    process.stdout.write(line([what, goalMs === undefined ? '–' : String(goalMs), ...cells]))
  }
  for (const [engine, { loadSeconds, rollUps, loadAverage }] of engines)
    process.stdout.write(
      `\n${engine}: loaded in ${loadSeconds.toFixed(0)} s; ${rollUps.added} interactions added at once in ${rollUps.seconds.toFixed(1)} s, ${rollUps.wrong} roll-ups wrong; load average ${loadAverage.toFixed(1)}\n`,
    )
}
