import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '../../db/connect.ts'
import type { Database } from '../../db/connect.ts'
import { sqlStateOf } from '../../db/errors.ts'
import { asTactError } from '../../domain/errors.ts'
import type { TactError } from '../../domain/errors.ts'
import { loadGrammar } from '../../query/parse-sql/read.ts'
import { compileSql } from '../../query/relational/compile.ts'
import type { Schema } from '../../query/relational/schema.ts'
import { randomFrom } from '../fuzz/random.ts'
import { readTables, schemaOf } from '../gold/read-schema.ts'
import { mutate } from '../repair/mutate.ts'
import { mutateHeldOut } from '../repair/mutate-held-out.ts'
import type { Mutation, Random, Tables } from '../repair/mutate.ts'

interface Tally {
  total: number
  before: number
  right: number
}

export interface RepairReport {
  /** Mistaken queries that PostgreSQL refuses. */
  readonly total: number
  /** Of them refused before the database, with a hint. */
  readonly before: number
  readonly beforeShare: number
  /** Of the hints, those that name the remedy. */
  readonly right: number
  readonly rightShare: number
  readonly kinds: Readonly<Record<string, Tally>>
  /** Mutations that PostgreSQL accepts: not counted. */
  readonly accepted: number
  /** Of those, how many we refuse nevertheless, by code. */
  readonly acceptedButRefused: Readonly<Record<string, number>>
  readonly reached: readonly { readonly kind: string; readonly state: string; readonly sql: string }[]
  readonly unhelpful: readonly {
    readonly kind: string
    readonly sql: string
    readonly remedy: readonly string[]
    readonly hint: string
  }[]
  readonly leftOut?: string
}

const isThere = (hint: string, remedy: string): boolean => {
  const escaped = remedy.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const edge = (at: string | undefined): string => (at !== undefined && /\w/.test(at) ? String.raw`\b` : '')
  return new RegExp(`${edge(remedy[0])}${escaped}${edge(remedy.at(-1))}`, 'i').test(hint)
}

const hintOf = ({ message, details }: TactError): string =>
  [message, details.fix ?? '', ...(details.didYouMean ?? [])].join(' ')

/** PostgreSQL's refusal of a query, by its code. One connection is kept: the pool drops one at each error. */
const stateOf = async (database: Database, sql: string): Promise<string | undefined> => {
  const client = await database.pool.connect()
  try {
    await client.query(`explain ${sql}`)
    return undefined
  } catch (error) {
    return sqlStateOf(error) ?? 'unknown'
  } finally {
    client.release()
  }
}

const refusalOf = (sql: string, schema: Schema): TactError | undefined => {
  try {
    compileSql(sql, schema)
    return undefined
  } catch (error) {
    return asTactError(error)
  }
}

interface Gold {
  readonly source: string
  readonly db: string
  readonly sql: string
}

/**
 * Puts mistakes into gold queries, keeps those that PostgreSQL refuses, and judges what we say of them: refused before the
 * database, and the remedy named. `seed` decides the mistakes; with `heldOut` they are of kinds that no hint was tuned on.
 */
export const runRepair = async (options: {
  readonly file: string
  readonly databases: string
  readonly seed: number
  readonly heldOut?: boolean
}): Promise<RepairReport> => {
  await loadGrammar()
  const lines = existsSync(options.file) ? readFileSync(options.file, 'utf8').split('\n') : []
  const gold = lines
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Gold)
    .filter(({ source }) => source.startsWith('defog'))
  const kinds: Record<string, Tally> = {}
  const reached: { kind: string; state: string; sql: string }[] = []
  const unhelpful: { kind: string; sql: string; remedy: readonly string[]; hint: string }[] = []
  const acceptedButRefused: Record<string, number> = {}
  let accepted = 0
  const judge = async (
    database: Database,
    schema: Schema,
    { kind, sql, remedy }: Mutation,
  ): Promise<void> => {
    const state = await stateOf(database, sql)
    const refusal = refusalOf(sql, schema)
    if (state === undefined) {
      accepted += 1
      if (refusal) acceptedButRefused[refusal.code] = (acceptedButRefused[refusal.code] ?? 0) + 1
      return
    }
    const tally = (kinds[kind] ??= { total: 0, before: 0, right: 0 })
    tally.total += 1
    if (!refusal?.details.fix && !refusal?.details.didYouMean?.length) {
      reached.push({ kind, state, sql })
      return
    }
    tally.before += 1
    const hint = hintOf(refusal)
    if (remedy.some((one) => isThere(hint, one))) tally.right += 1
    else unhelpful.push({ kind, sql, remedy, hint })
  }
  for (const name of new Set(gold.map(({ db }) => db))) {
    const random = numbersFrom(options.seed)
    const database = await connect(
      { TACT_HOME: '', TACT_QUERY_TIMEOUT_MS: 60_000, DATABASE_URL: undefined },
      { inMemory: true },
    )
    try {
      await database.pool.query(readFileSync(join(options.databases, `${name}.sql`), 'utf8'))
      const raw = await readTables(async (sql) => (await database.pool.query(sql)).rows)
      const tables: Tables = {
        columns: new Map(raw.map((table) => [table.name, table.columns.map((column) => column.name)])),
      }
      const seen = new Set<string>()
      for (const { sql } of gold.filter(({ db }) => db === name)) {
        for (const mutation of (options.heldOut ? mutateHeldOut : mutate)(sql, tables, random)) {
          if (seen.has(mutation.sql)) continue
          seen.add(mutation.sql)
          await judge(database, schemaOf(raw), mutation)
        }
      }
    } finally {
      await database.close()
    }
  }
  const sum = (key: keyof Tally): number => Object.values(kinds).reduce((all, tally) => all + tally[key], 0)
  const [total, before, right] = [sum('total'), sum('before'), sum('right')]
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : Number((part / whole).toFixed(4)))
  return {
    total,
    before,
    beforeShare: share(before, total),
    right,
    rightShare: share(right, before),
    kinds,
    accepted,
    acceptedButRefused,
    reached,
    unhelpful,
    ...(gold.length === 0 && { leftOut: 'The file of gold queries is not there.' }),
  }
}

const numbersFrom = (seed: number): Random => {
  const random = randomFrom(seed)
  return () => random.below(1_000_000) / 1_000_000
}
