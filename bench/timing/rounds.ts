import { connect } from '../../db/connect.ts'
import type { Database } from '../../db/connect.ts'
import { startPostgres } from '../../scripts/test-postgres.ts'
import { compare, median } from './told-apart.ts'

export const SETTINGS = { TACT_HOME: '', TACT_QUERY_TIMEOUT_MS: 60_000 }
const KINDS = ['own', 'others', 'nowhere'] as const
const WARM_UP = 5
const LEAST = 25

/** What is asked for in one turn: what the asker has, what only others have, and what nobody has. */
export type Turn<T> = Readonly<Record<(typeof KINDS)[number], T>>

export interface RoundsOptions {
  /** Turns at the most, and how long they may take; 25 turns are made however long they take. */
  readonly count: number
  readonly mostMs: number
}

/**
 * Times a probe for all three in random order, turn after turn. Cells of a table: three medians in ms; the share of pairs in
 * which others' were slower than nobody's and its chance; the same of the asker's own, as the control; how many of each.
 */
export const timedCells = async <T>(
  probe: (one: T) => Promise<unknown>,
  turnOf: (index: number) => Turn<T>,
  { count, mostMs }: RoundsOptions,
): Promise<readonly string[]> => {
  const took: Record<(typeof KINDS)[number], number[]> = { own: [], others: [], nowhere: [] }
  const endMs = performance.now() + mostMs
  for (let index = 0; index < count && (index < LEAST || performance.now() < endMs); index += 1) {
    const turn = turnOf(index)
    const order = KINDS.map((kind) => ({ kind, at: Math.random() })).toSorted((a, b) => a.at - b.at)
    for (const { kind } of order) {
      const startMs = performance.now()
      await probe(turn[kind])
      if (index >= WARM_UP) took[kind].push(performance.now() - startMs)
    }
  }
  const others = compare(took.others, took.nowhere)
  const control = compare(took.own, took.nowhere)
  return [
    ...[took.own, took.others, took.nowhere].map((times) => median(times).toFixed(3)),
    ...[others.told, others.p, control.told, control.p].map((number) => number.toFixed(3)),
    String(took.nowhere.length),
  ]
}

/** Measures on a database of its own in the embedded engine, in memory. */
export const onEmbedded = async (measure: (database: Database) => Promise<void>): Promise<void> => {
  const database = await connect({ ...SETTINGS, DATABASE_URL: undefined }, { inMemory: true })
  await measure(database)
  await database.close()
}

/** Likewise on a Postgres that is started for it; says so where there is none. */
export const onPostgres = async (measure: (database: Database) => Promise<void>): Promise<void> => {
  const server = await startPostgres()
  if ('reason' in server) return void process.stdout.write(`Postgres is left out: ${server.reason}.\n`)
  try {
    const outer = await connect({ ...SETTINGS, DATABASE_URL: server.ownerUrl })
    await outer.pool.query('create database bench')
    await outer.close()
    const url = server.ownerUrl.replace(/\/postgres$/, '/bench')
    const database = await connect({ ...SETTINGS, DATABASE_URL: url })
    await measure(database)
    await database.close()
  } finally {
    await server.stop()
  }
}
