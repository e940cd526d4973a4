import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '../../db/connect.ts'
import type { Database } from '../../db/connect.ts'
import { sqlStateOf } from '../../db/errors.ts'
import { asTactError } from '../../domain/errors.ts'
import type { TactError } from '../../domain/errors.ts'
import { loadGrammar } from '../../query/parse-sql/read.ts'
import { writtenOutOf } from '../../query/repair/suggest.ts'
import { compileSql } from '../../query/relational/compile.ts'
import { sameQuery } from '../../query/relational/same.ts'
import type { Schema } from '../../query/relational/schema.ts'
import { randomFrom } from '../fuzz/random.ts'
import { readTables, schemaOf } from '../gold/read-schema.ts'
import { mutate } from '../repair/mutate.ts'
import { mutateHeldOut } from '../repair/mutate-held-out.ts'
import { mutateThird } from '../repair/mutate-third.ts'
import type { Mutation, Random, Tables } from '../repair/mutate.ts'

interface Tally {
  total: number
  before: number
  /** Rewrites that answer as the query did before its mistake. */
  same: number
  /** Rewrites that answer otherwise. */
  other: number
  /** Remedies named in the words of the refusal. */
  named: number
  /** Either the rewrite answers the same, or there is none and the remedy is named. */
  right: number
}

const MUTATORS = { own: mutate, second: mutateHeldOut, third: mutateThird } as const
export type MistakeSet = keyof typeof MUTATORS

export interface RepairReport {
  /** Mistaken queries that PostgreSQL refuses. */
  readonly total: number
  /** Of them refused before the database, with a hint. */
  readonly before: number
  readonly beforeShare: number
  /** Of the hints, those that are right: the text offered answers as the query did; where none is offered, the remedy is named. */
  readonly right: number
  readonly rightShare: number
  /** Texts offered whole that answer as the query did before its mistake, and those that answer otherwise. */
  readonly same: number
  readonly other: number
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
    readonly rewrite?: string
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

/** Rows as texts in no order; undefined where the query cannot run. */
const answerOf = async (database: Database, sql: string): Promise<readonly string[] | undefined> => {
  const client = await database.pool.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return (rows as readonly unknown[]).map((row) => JSON.stringify(row)).toSorted()
  } catch {
    return undefined
  } finally {
    client.release()
  }
}

/** Are they one query, names resolved? */
const isOneQuery = (a: string, b: string, schema: Schema): boolean => {
  try {
    return sameQuery(compileSql(a, schema).query, compileSql(b, schema).query)
  } catch {
    return false
  }
}

const answersAlike = async (database: Database, a: string, b: string): Promise<boolean> => {
  const [left, right] = [await answerOf(database, a), await answerOf(database, b)]
  return left !== undefined && JSON.stringify(left) === JSON.stringify(right)
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
  /** In a file of mistakes made elsewhere: the query that was meant, and how it was written otherwise. */
  readonly meant?: string
  readonly kind?: string
}

/**
 * Puts mistakes into gold queries, keeps those that PostgreSQL refuses, and judges what we say of them: refused before the
 * database, and the remedy named. `seed` decides the mistakes, `set` their kinds: `own` and `second` were tuned on, `third` was written down before the
 * rewrites had been run on anything.
 */
export const runRepair = async (options: {
  readonly file: string
  readonly databases: string
  readonly seed: number
  readonly set: MistakeSet
  /** One query in so many. */
  readonly every?: number
}): Promise<RepairReport> => {
  await loadGrammar()
  const lines = existsSync(options.file) ? readFileSync(options.file, 'utf8').split('\n') : []
  const gold = lines
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Gold)
    .filter(({ source, meant }) => meant !== undefined || source.startsWith('defog'))
  const kinds: Record<string, Tally> = {}
  const reached: { kind: string; state: string; sql: string }[] = []
  const unhelpful: {
    kind: string
    sql: string
    remedy: readonly string[]
    hint: string
    rewrite?: string
  }[] = []
  const acceptedButRefused: Record<string, number> = {}
  let accepted = 0
  const judge = async (
    database: Database,
    schema: Schema,
    { kind, sql, remedy }: Mutation,
    meant: string,
  ): Promise<void> => {
    const state = await stateOf(database, sql)
    const refusal = refusalOf(sql, schema)
    if (state === undefined) {
      accepted += 1
      if (refusal) acceptedButRefused[refusal.code] = (acceptedButRefused[refusal.code] ?? 0) + 1
      return
    }
    const tally = (kinds[kind] ??= { total: 0, before: 0, same: 0, other: 0, named: 0, right: 0 })
    tally.total += 1
    if (!refusal?.details.fix && !refusal?.details.didYouMean?.length) {
      reached.push({ kind, state, sql })
      return
    }
    tally.before += 1
    const hint = hintOf(refusal)
    const { rewrite: parts } = refusal.details
    const rewrite = parts && writtenOutOf(parts, sql)
    const isNamed = remedy.some((one) => isThere(hint, one))
    const isSame =
      rewrite !== undefined &&
      (isOneQuery(rewrite, meant, schema) || (await answersAlike(database, rewrite, meant)))
    if (rewrite !== undefined) tally[isSame ? 'same' : 'other'] += 1
    if (isNamed) tally.named += 1
    if (isSame || (isNamed && rewrite === undefined)) tally.right += 1
    else unhelpful.push({ kind, sql, remedy, hint, ...(rewrite !== undefined && { rewrite }) })
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
      const schema = schemaOf(raw)
      const seen = new Set<string>()
      for (const one of gold.filter(({ db }, at) => db === name && at % (options.every ?? 1) === 0)) {
        const { sql, meant = sql, kind = 'made elsewhere' } = one
        const mistakes =
          one.meant === undefined ? MUTATORS[options.set](sql, tables, random) : [{ kind, sql, remedy: [] }]
        for (const mutation of mistakes) {
          if (seen.has(mutation.sql)) continue
          seen.add(mutation.sql)
          await judge(database, schema, mutation, meant)
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
    same: sum('same'),
    other: sum('other'),
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
