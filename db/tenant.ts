import { AsyncLocalStorage } from 'node:async_hooks'
import { NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { SQL } from 'drizzle-orm'
import type pg from 'pg'
import type { Actor } from '../domain/actor.ts'
import { bug, denied, unavailable } from '../domain/errors.ts'
import { FAULTS_SQL, faultsInWords } from './asking-faults.ts'
import type { AskingFault } from './asking-faults.ts'
import type { Database, EngineName } from './connect.ts'
import { sqlStateOf, translateError } from './errors.ts'
import { typeName, valueTypes } from './values.ts'

declare const tenantTx: unique symbol
declare const systemTx: unique symbol
/** A transaction that runs as the tenant's role; only this file makes one. */
export type TenantTx = NodePgDatabase & { readonly [tenantTx]: true }
/** A transaction outside any tenant, as the login role. For db/ and cli/ alone. */
export type SystemTx = NodePgDatabase & { readonly [systemTx]: true }
export type AnyTx = TenantTx | SystemTx

export interface TransactionOptions {
  readonly readOnly?: boolean
  /** All statements see the workspace as it is at the first of them. */
  readonly snapshot?: boolean
  /** Longest one statement may run; the setting TACT_QUERY_TIMEOUT_MS otherwise. */
  readonly timeoutMs?: number
  /** Aborting it ends the statement that runs. */
  readonly signal?: AbortSignal
  /** A statement of ours without parameters that goes along with the begin; `fn` is given its rows. */
  readonly first?: string
}

/** A statement whose text is always the same, prepared once a connection under its name. */
export interface Prepared {
  readonly name: string
  readonly text: string
}

/** A prepared statement with its parameters. */
export interface BoundStatement extends Prepared {
  readonly values: readonly unknown[]
}

const dialect = new PgDialect()
const clients = new WeakMap<object, pg.PoolClient>()
const databases = new WeakMap<object, Database>()
const open = new AsyncLocalStorage<{ over: boolean }>()

const clientOf = (tx: AnyTx): pg.PoolClient => {
  const client = clients.get(tx)
  if (!client) throw bug('not_a_transaction', 'This is not a transaction of asTenant, asSystem or savepoint.')
  return client
}

const cancelled = (cause: unknown): Error =>
  unavailable('query_cancelled', 'The request was cancelled.', { fix: 'Ask again when you need it.', cause })

/** Ends the statement that runs when the signal says so. Answers with what stops listening, and tells whether it said so. */
const listenForAbort = (database: Database, client: pg.PoolClient, signal?: AbortSignal): (() => boolean) => {
  if (!signal) return () => false
  let wasAsked = false
  const stop = (): void => {
    wasAsked = true
    void database.endStatement(client).catch(() => {})
  }
  signal.addEventListener('abort', stop, { once: true })
  return () => {
    signal.removeEventListener('abort', stop)
    return wasAsked
  }
}

/** Whoever only reads sees one state of the database throughout, so that a total fits the rows beside it. */
const beginOf = ({ readOnly, snapshot }: TransactionOptions): string =>
  readOnly
    ? 'begin isolation level repeatable read read only'
    : snapshot
      ? 'begin isolation level repeatable read'
      : 'begin'

const makeTx = (client: pg.PoolClient, database: Database): AnyTx => {
  const session = new NodePgSession(client, dialect, undefined)
  const tx = new NodePgTransaction(dialect, session, undefined) as unknown as AnyTx
  clients.set(tx, client)
  databases.set(tx, database)
  return tx
}

/** Statements that go along with the begin and the end of a transaction, so that they cost no way of their own. */
interface Edges {
  /** Text after `begin`. */
  begin(client: pg.PoolClient): string
  /** Goes before `commit`, and fails where what was done must not be kept; with what is thrown then. */
  readonly check?: { readonly text: (client: pg.PoolClient) => string; readonly failed: () => Error }
}

const DIVISION_BY_ZERO = '22012'

/** One message: where the check fails, the server does not get to the commit. */
const finish = async (client: pg.PoolClient, { check }: Edges): Promise<void> => {
  if (!check) return void (await client.query('commit'))
  try {
    await client.query(`${check.text(client)}; commit`)
  } catch (error) {
    throw sqlStateOf(error) === DIVISION_BY_ZERO ? check.failed() : error
  }
}

const rowsOf = (results: pg.QueryResult | readonly pg.QueryResult[]): readonly object[] =>
  Array.isArray(results) ? ((results as readonly pg.QueryResult[]).at(-1)?.rows ?? []) : []

const transact = async <T>(
  database: Database,
  options: TransactionOptions,
  run: (client: pg.PoolClient, state: { over: boolean }) => Promise<T>,
): Promise<T> => {
  if (open.getStore()?.over === false) {
    throw bug('nested_transaction', 'A transaction was asked for inside another one.', {
      fix: 'Pass the transaction that is open; on the embedded engine a second one would wait for ever.',
    })
  }
  const client = await database.pool.connect().catch((error: unknown) => {
    throw translateError(error)
  })
  const state = { over: false }
  let inDoubt = false
  const stopListening = listenForAbort(database, client, options.signal)
  try {
    options.signal?.throwIfAborted()
    if (options.timeoutMs !== undefined) database.embedded?.setDeadline(options.timeoutMs)
    return await run(client, state)
  } catch (error) {
    // Where the rollback fails too, what went wrong first is the answer, and the connection is not used again.
    await client.query('rollback').catch(() => (inDoubt = true))
    throw options.signal?.aborted ? cancelled(error) : translateError(error)
  } finally {
    state.over = true
    // The server may get to ending a statement late: it must not be the next one of somebody else.
    const mayStillBeEnded = stopListening()
    database.embedded?.setDeadline(undefined)
    client.release(inDoubt || mayStillBeEnded)
  }
}

/** Begin, whatever `fn` asks, commit. */
const inTransaction = <T>(
  database: Database,
  options: TransactionOptions,
  edges: Edges,
  fn: (tx: AnyTx, first: readonly object[]) => Promise<T>,
): Promise<T> =>
  transact(database, options, async (client, state) => {
    const first = options.first === undefined ? '' : `; ${options.first}`
    const text = `${beginOf(options)}; ${edges.begin(client)}${first}`
    const begun = (await client.query({ text, types: valueTypes })) as unknown as readonly pg.QueryResult[]
    const result = await open.run(state, () => fn(makeTx(client, database), rowsOf(begun)))
    await finish(client, edges)
    return result
  })

/**
 * Begin, the statements and commit, on one way to the server; answers the rows of the first. Whatever of it fails, nothing
 * is kept: behind a begin that failed, a statement has neither the role nor the tenant that it needs, and behind a
 * statement that failed the server runs no other.
 */
const atOnce = <T extends object>(
  database: Database,
  edges: Edges,
  statements: readonly BoundStatement[],
): Promise<T[]> =>
  transact(database, {}, async (client) => {
    const begun = client.query(`begin; ${edges.begin(client)}`)
    const asked = statements.map(({ name, text, values }) =>
      client.query({ name, text, values: [...values], types: valueTypes }),
    )
    const [, ...results] = await Promise.all([begun, ...asked, finish(client, edges)])
    return (results[0]?.rows ?? []) as T[]
  })

const settings = (client: pg.PoolClient, values: Readonly<Record<string, string>>): string =>
  `select ${Object.entries(values)
    .map(([name, value]) => `set_config('${name}', ${client.escapeLiteral(value)}, true)`)
    .join(', ')}`

/** What a transaction of the tenant begins and ends with. */
const tenantEdges = (
  { tenantId, memberId, via, sees }: Pick<Actor, 'tenantId' | 'memberId' | 'via' | 'sees'>,
  { timeoutMs }: TransactionOptions,
): Edges => ({
  begin: (client) =>
    settings(client, {
      'app.tenant_id': tenantId,
      'app.member_id': sees === 'shared' ? '' : (memberId ?? ''),
      ...(sees === 'shared' && memberId !== null ? { 'app.caller_id': memberId } : {}),
      'app.via': via,
      TimeZone: 'UTC',
      ...(timeoutMs === undefined ? {} : { statement_timeout: String(timeoutMs) }),
      role: 'tact_app',
    }),
  check: {
    // Divides by zero where somebody else's role or tenant came in between. Operators by their full names: what was run may have moved the path on which others are found.
    text: (client) =>
      `select 1 operator(pg_catalog./) coalesce(current_user operator(pg_catalog.=) 'tact_app' and pg_catalog.current_setting('app.tenant_id', true) operator(pg_catalog.=) ${client.escapeLiteral(tenantId)}, false)::pg_catalog.int4`,
    failed: () => bug('tenant_changed', 'A statement tried to leave its workspace. Nothing was kept.'),
  },
})

/**
 * Runs `fn` in one transaction as the actor's tenant: row security shows it that tenant's rows and no others. Inside,
 * use only `tx`, and never wait for a model or the network: the embedded engine has one connection for everybody.
 * Throws a bug when the tenant or role changed on the way (then nothing is committed), and `unavailable` with code
 * `query_timeout` when a statement outlives its deadline.
 */
export const asTenant = <T>(
  database: Database,
  actor: Pick<Actor, 'tenantId' | 'memberId' | 'via' | 'sees'>,
  fn: (tx: TenantTx, first: readonly object[]) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> =>
  inTransaction(database, options, tenantEdges(actor, options), (tx, first) => fn(tx as TenantTx, first))

/** As `asTenant` with nothing but these statements; answers the rows of the first, as `rows` does. One way to the server. */
export const onceAsTenant = <T extends object>(
  database: Database,
  actor: Pick<Actor, 'tenantId' | 'memberId' | 'via' | 'sees'>,
  statements: readonly BoundStatement[],
): Promise<T[]> => atOnce(database, tenantEdges(actor, {}), statements)

const SYSTEM: Edges = {
  begin: (client) => settings(client, { TimeZone: 'UTC', 'app.via': 'system' }),
}

/** As `asSystem` with nothing but this statement; answers its rows, as `rows` does. One way to the server. */
export const onceAsSystem = <T extends object>(database: Database, statement: BoundStatement): Promise<T[]> =>
  atOnce(database, SYSTEM, [statement])

/** Runs `fn` outside any tenant, as the login role: for the table of tenants, in db/ and cli/ alone. */
export const asSystem = async <T>(
  database: Database,
  fn: (tx: SystemTx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> => inTransaction(database, options, SYSTEM, (tx) => fn(tx as SystemTx))

export interface SavepointOptions {
  /** Longest one statement inside may run, on Postgres; the embedded engine can end a statement only with its transaction. */
  readonly timeoutMs?: number
}

/** Runs `fn` in a savepoint: when it throws, only its own work is undone, and the deadline before it holds again. */
export const savepoint = <T>(
  tx: TenantTx,
  fn: (tx: TenantTx) => Promise<T>,
  { timeoutMs }: SavepointOptions = {},
): Promise<T> => {
  const client = clientOf(tx)
  return tx.transaction(async (raw) => {
    const inner = raw as unknown as TenantTx
    clients.set(inner, client)
    databases.set(inner, databaseOf(tx))
    if (timeoutMs === undefined) return fn(inner)
    const { rows: before } = await client.query<{ statement_timeout: string }>('show statement_timeout')
    await client.query(`set local statement_timeout = ${Math.round(timeoutMs)}`)
    const result = await fn(inner)
    await client.query(`set local statement_timeout = '${before[0]!.statement_timeout}'`)
    return result
  })
}

/**
 * Rows of a parameterised statement as objects, the same on both engines: timestamptz as `2026-01-02T03:04:05.000Z`,
 * date as `2026-01-02`, bigint and numeric as numbers where exact (else text), uuid text, jsonb parsed, bytea a Buffer.
 */
export const rows = async <T extends object>(tx: AnyTx, statement: SQL): Promise<T[]> => {
  const { sql: text, params } = dialect.sqlToQuery(statement)
  const result = await clientOf(tx).query({ text, values: params, types: valueTypes })
  return result.rows as T[]
}

/** As `rows`, of a statement that is prepared once a connection. */
export const preparedRows = async <T extends object>(
  tx: AnyTx,
  { name, text }: Prepared,
  values: readonly unknown[],
): Promise<T[]> => {
  const result = await clientOf(tx).query({ name, text, values: [...values], types: valueTypes })
  return result.rows as T[]
}

const databaseOf = (tx: AnyTx): Database => {
  const database = databases.get(tx)
  if (!database) throw bug('not_a_transaction', 'This is not a transaction of asTenant or asSystem.')
  return database
}

export const engineOf = (tx: AnyTx): EngineName => databaseOf(tx).engine

export interface StatementLimits {
  readonly timeoutMs: number
  /** IANA zone in which days begin. */
  readonly timezone: string
}

const limitsSql = (database: Database, { timeoutMs, timezone }: StatementLimits): string => {
  if (!/^[\w/+-]{1,60}$/.test(timezone))
    throw bug('bad_timezone', 'A time zone has characters that zones do not have.')
  database.embedded?.setDeadline(timeoutMs)
  return `; set local statement_timeout = ${Math.round(timeoutMs)}; set local lock_timeout = 500; set local work_mem = '8MB'; set local max_parallel_workers_per_gather = 0; set local jit = off; set local timezone = '${timezone}'`
}

const served = new WeakSet<Database>()

/** Once per process and database: where a wall is missing, no question is answered. */
const assertServed = async (database: Database, client: pg.PoolClient): Promise<void> => {
  if (served.has(database)) return
  const { rows: faults } = await client.query<AskingFault>(FAULTS_SQL)
  if (faults.length > 0)
    throw denied(
      'database_posture',
      `Questions are not answered on this database: ${faultsInWords(faults).join('; ')}.`,
      { fix: 'Run `tact migrate`; if that does not mend it, take the rights away that were given since.' },
    )
  served.add(database)
}

const ASK = `set local role tact_agent; set local search_path = pg_catalog`
const ASKED = `set local role tact_app; set local search_path to default`

/**
 * Runs `fn` as the role of questions, which may read the views of schema `asked` and nothing else; afterwards the
 * transaction goes on as before, but for `limits` (deadline, memory, no parallel workers, the zone of days), which stay.
 * Throws `denied` with code `database_posture` where the database lacks a wall.
 */
export const asAgent = async <T>(
  tx: TenantTx,
  fn: (tx: TenantTx) => Promise<T>,
  { limits }: { readonly limits?: StatementLimits } = {},
): Promise<T> => {
  const client = clientOf(tx)
  const database = databaseOf(tx)
  await assertServed(database, client)
  // Neither change of role is waited for: what is sent behind it runs after it, and fails with it.
  const entered = client.query(`${ASK}${limits === undefined ? '' : limitsSql(database, limits)}`)
  entered.catch(() => {})
  try {
    return await fn(tx)
  } catch (error) {
    await entered
    throw error
  } finally {
    // After an error of the database the transaction is over, and so is the role.
    client.query(ASKED).catch(() => {})
  }
}

export interface TextResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

/** Runs compiled SQL with `$1 …` parameters; rows are arrays in the order of `columns`, values as in `rows`. */
export const runText = async (
  tx: AnyTx,
  text: string,
  parameters: readonly unknown[],
): Promise<TextResult> => {
  const result = await clientOf(tx).query<unknown[]>({
    text,
    values: [...parameters],
    rowMode: 'array',
    types: valueTypes,
  })
  return {
    columns: result.fields.map((field) => ({ name: field.name, type: typeName(field.dataTypeID) })),
    rows: result.rows,
  }
}
