import { readFileSync } from 'node:fs'
import type { Database } from '../../db/connect.ts'
import { asTenant } from '../../db/tenant.ts'
import type { Filled } from './fill.ts'
import type { Question } from './questions.ts'
import { scannedWhole } from './scans.ts'

export interface Row {
  readonly what: string
  readonly goalMs: number | undefined
  readonly p50: number
  readonly p95: number
  /** Mean processor time of one asking, in milliseconds: what a busy machine does not change. */
  readonly cpuMs: number
  readonly readWhole: readonly string[]
}

const TICK_MS = 10

const quantile = (times: readonly number[], part: number): number =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))]!

/** Processor time so far: of the server's one session, or of this process, in which the embedded engine runs. */
const processorClock = async (database: Database): Promise<() => number> => {
  if (database.engine === 'embedded') {
    return () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000
    }
  }
  const { rows } = await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid')
  return () => {
    const fields = readFileSync(`/proc/${rows[0]!.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  }
}

/** Asks `rounds` times after three that do not count. The database has one connection, else its session changes. */
export const measureQuestion = async (
  { what, goalMs, run }: Question,
  filled: Filled,
  { rounds, timeoutMs }: { readonly rounds: number; readonly timeoutMs: number },
): Promise<Row> => {
  const { database, actor } = filled
  const options = { readOnly: true, timeoutMs }
  const ask = (round: number): Promise<unknown> =>
    asTenant(database, actor, (tx) => run(tx, filled, round), options)
  for (let round = 0; round < 3; round += 1) await ask(round)
  const clock = await processorClock(database)
  const begun = clock()
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now()
    await ask(round)
    times.push(performance.now() - startedMs)
  }
  const cpuMs = (clock() - begun) / rounds
  const readWhole = await asTenant(
    database,
    actor,
    (tx) => scannedWhole(tx, () => run(tx, filled, 1)),
    options,
  )
  return { what, goalMs, p50: quantile(times, 0.5), p95: quantile(times, 0.95), cpuMs, readWhole }
}
