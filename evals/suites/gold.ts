import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '../../db/connect.ts'
import type { Database, EngineName } from '../../db/connect.ts'
import { sqlStateOf } from '../../db/errors.ts'
import { asTactError } from '../../domain/errors.ts'
import { loadGrammar } from '../../query/parse-sql/read.ts'
import { compileSql } from '../../query/relational/compile.ts'
import type { Schema } from '../../query/relational/schema.ts'
import { spiderSql } from '../gold/made-up-rows.ts'
import { readTables, schemaOf } from '../gold/read-schema.ts'

interface Gold {
  readonly id: string
  readonly source: string
  readonly db: string
  readonly sql: string
}

export interface GoldReport {
  readonly engine: EngineName
  readonly from: GoldSource
  readonly total: number
  /** Gold queries that the database itself refuses. */
  readonly unrunnable: number
  readonly identical: number
  /** Of the identical ones, those with rows. */
  readonly nonEmpty: number
  readonly wrong: readonly string[]
  readonly failed: readonly { readonly id: string; readonly state: string }[]
  readonly refused: readonly { readonly id: string; readonly code: string; readonly message: string }[]
  readonly share: number
  readonly compileMs: { readonly p50: number; readonly p99: number }
  readonly leftOut?: string
}

interface Outcome {
  readonly columns: readonly string[]
  readonly rows: readonly string[]
}

const MANY = 900_000

const asText = { getTypeParser: () => (text: unknown) => text }

const run = async (
  database: Database,
  text: string,
  values: readonly string[],
): Promise<Outcome | { readonly state: string }> => {
  const client = await database.pool.connect()
  try {
    const result = await client.query<unknown[]>({
      text,
      values: [...values],
      rowMode: 'array',
      types: asText,
    })
    return {
      columns: result.fields.map(({ name, dataTypeID }) => `${name}:${dataTypeID}`),
      rows: result.rows.map((row) => JSON.stringify(row)),
    }
  } catch (error) {
    return { state: sqlStateOf(error) ?? asTactError(error).code }
  } finally {
    client.release()
  }
}

const isSame = (a: Outcome, b: Outcome, isOrdered: boolean): boolean => {
  const key = ({ columns, rows }: Outcome): string =>
    JSON.stringify([columns, isOrdered ? rows : [...rows].sort()])
  return key(a) === key(b)
}

const config = { TACT_HOME: '', TACT_QUERY_TIMEOUT_MS: 60_000 }

/** A database with the rows of `filling`: on the embedded engine `embedded`, emptied, for opening one takes seconds. */
const openDatabase = async (
  asked: string,
  filling: string,
  { embedded, url }: { readonly embedded: Database | undefined; readonly url: string | undefined },
): Promise<Database> => {
  if (embedded !== undefined) {
    await embedded.pool.query('drop schema public cascade; create schema public')
    await embedded.pool.query(filling)
    return embedded
  }
  const name = asked.toLowerCase()
  const admin = await connect({ ...config, DATABASE_URL: url! })
  await admin.pool.query(`create database gold_${name}`)
  await admin.close()
  const own = new URL(url!)
  own.pathname = `/gold_${name}`
  const database = await connect({ ...config, DATABASE_URL: own.href }, { poolSize: 1 })
  await database.pool.query(filling)
  return database
}

/** Which gold queries: defog's on their own rows, Spider's on made-up ones. */
export type GoldSource = 'defog' | 'spider'

/** Spider is written for SQLite, which takes texts in double quotes; PostgreSQL would read names. */
const singleQuoted = (sql: string): string =>
  sql.replace(/"([^"]*)"/g, (_, inner: string) => `'${inner.replaceAll("'", "''")}'`)

const readGold = (file: string, from: GoldSource): readonly Gold[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Gold)
    .filter(({ source }) => source.startsWith(from))
    .map((gold) => (from === 'spider' ? { ...gold, sql: singleQuoted(gold.sql) } : gold))

const percentile = (sorted: readonly number[], share: number): number =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(3))

/** Runs gold queries raw and through the relational form, and compares columns, types and rows. */
export const runGold = async (options: {
  readonly file: string
  readonly databases: string
  readonly from?: GoldSource
  readonly postgresUrl?: string
  /** Told how far it is, in words. */
  readonly progress?: (line: string) => void
}): Promise<GoldReport> => {
  await loadGrammar()
  const engine: EngineName = options.postgresUrl === undefined ? 'embedded' : 'postgres'
  const from = options.from ?? 'defog'
  const all = existsSync(options.file) ? readGold(options.file, from) : []
  const fillingOf = (name: string): string =>
    from === 'defog'
      ? readFileSync(join(options.databases, `${name}.sql`), 'utf8')
      : (spiderSql(
          join(options.databases, '../spider-tables.json'),
          name,
          all.filter(({ db }) => db === name).map(({ sql }) => sql),
        ) ?? 'select 1')
  const report = {
    identical: 0,
    nonEmpty: 0,
    unrunnable: 0,
    wrong: [] as string[],
    failed: [] as { id: string; state: string }[],
    refused: [] as { id: string; code: string; message: string }[],
  }
  const times: number[] = []
  const judge = async (database: Database, schema: Schema, { id, sql }: Gold): Promise<void> => {
    const raw = await run(database, sql, [])
    if ('state' in raw) {
      report.unrunnable += 1
      return
    }
    const startedMs = performance.now()
    let compiled
    try {
      compiled = compileSql(sql, schema)
    } catch (thrown) {
      const { code, message } = asTactError(thrown)
      report.refused.push({ id, code, message })
      return
    }
    times.push(performance.now() - startedMs)
    // As the product runs it: the cap on rows changes the text, and must change no answer.
    if (compiled.limit === Infinity) compiled = compileSql(sql, schema, { rows: MANY })
    const ours = await run(database, compiled.text, compiled.parameters)
    if ('state' in ours) report.failed.push({ id, state: ours.state })
    else if (isSame(raw, ours, from === 'defog' && /order\s+by/i.test(sql))) {
      report.identical += 1
      if (raw.rows.length > 0) report.nonEmpty += 1
    } else report.wrong.push(id)
  }
  const url = options.postgresUrl
  const embedded =
    url === undefined && all.length > 0
      ? await connect({ ...config, DATABASE_URL: undefined }, { inMemory: true })
      : undefined
  let asked = 0
  try {
    for (const name of new Set(all.map(({ db }) => db))) {
      const database = await openDatabase(name, fillingOf(name), { embedded, url })
      try {
        const schema = schemaOf(await readTables(async (sql) => (await database.pool.query(sql)).rows))
        const own = all.filter(({ db }) => db === name)
        for (const gold of own) await judge(database, schema, gold)
        asked += own.length
      } finally {
        if (database !== embedded) await database.close()
      }
      options.progress?.(`${engine}, ${from}: ${asked} of ${all.length} queries, ${name} done`)
    }
  } finally {
    await embedded?.close()
  }
  const runnable = all.length - report.unrunnable
  times.sort((a, b) => a - b)
  return {
    engine,
    from,
    total: all.length,
    ...report,
    share: runnable === 0 ? 0 : Number((report.identical / runnable).toFixed(4)),
    compileMs: { p50: percentile(times, 0.5), p99: percentile(times, 0.99) },
    ...(all.length === 0 && { leftOut: 'The file of gold queries is not there.' }),
  }
}
