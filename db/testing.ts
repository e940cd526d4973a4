import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import { inject } from 'vitest'
import type { Actor, Role } from '../domain/actor.ts'
import { ROLES } from '../domain/actor.ts'
import { connect } from './connect.ts'
import type { ConnectOptions, Database, EngineName } from './connect.ts'
import { TEMPORARY_RIGHTS } from './migrate.ts'
import { createMember } from './members.ts'
import type { Member, NewMember } from './members.ts'
import { asTenant } from './tenant.ts'
import { createWorkspace } from './workspace.ts'
import type { NewWorkspace, Workspace } from './workspace.ts'
import { TEST_SECRET_KEY } from './testing-key.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A dump of a migrated, empty embedded database. */
    embeddedTemplate: string
    /** Servers of the private Postgres: as a plain owner and as a superuser. Empty when there is no Postgres. */
    postgresUrl: string
    postgresSuperUrl: string
  }
}

/** The engines that database tests run on: `describe.each(testEngines)('… on %s', (engine) => { … })`. */
export const testEngines: readonly EngineName[] =
  inject('postgresUrl') === '' ? ['embedded'] : ['embedded', 'postgres']

export interface TestTenant {
  readonly workspace: Workspace
  readonly members: readonly Member[]
  /** A member with this role (`owner` unless given), coming by `cli`. */
  readonly actor: (role?: Role) => Actor
}

export interface TestTenantOptions extends Partial<NewWorkspace> {
  /** One of each role unless given. */
  readonly members?: readonly NewMember[]
}

export interface TestDatabase {
  readonly database: Database
  readonly addTenant: (options?: TestTenantOptions) => Promise<TestTenant>
  /** Empties every table. */
  readonly truncate: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface TestOptions extends ConnectOptions {
  readonly queryTimeoutMs?: number
}

const QUERY_TIMEOUT_MS = 20_000
const ENGINE_CODE = new URL('../node_modules/@electric-sql/pglite/dist/pglite.wasm', import.meta.url)
const CLOSE = `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid() and backend_type = 'client backend'`

const EVERYBODY: readonly NewMember[] = ROLES.map((role) => ({
  email: `${role}@team.example`,
  givenName: role[0]!.toUpperCase() + role.slice(1),
  familyName: 'Tester',
  role,
}))

const addTenant = async (database: Database, options: TestTenantOptions = {}): Promise<TestTenant> => {
  const { members: wanted, ...rest } = options
  const slug = rest.slug ?? `w-${randomBytes(4).toString('hex')}`
  const workspace = await createWorkspace(database, { name: slug, ...rest, slug })
  const members = await asTenant(
    database,
    { tenantId: workspace.id, memberId: null, via: 'system' },
    async (tx) => {
      const made: Member[] = []
      for (const member of wanted ?? EVERYBODY) made.push(await createMember(tx, member))
      return made
    },
  )
  return {
    workspace,
    members,
    actor: (role = 'owner') => {
      const member = members.find((one) => one.role === role)
      if (!member) throw new Error(`This test tenant has no ${role}.`)
      return { tenantId: workspace.id, memberId: member.id, role, via: 'cli' }
    },
  }
}

const TABLES = `
  select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname not in ('pg_catalog', 'information_schema', 'drizzle')`

type Run = (text: string) => Promise<{ readonly rows: readonly { readonly name: string }[] }>

/** As a superuser, past triggers and row security: `truncate` would make every file of every table and index anew. */
const empty = async (run: Run): Promise<void> => {
  const { rows } = await run(TABLES)
  const deletes = rows.map(({ name }) => `delete from ${name}`)
  await run(['set local session_replication_role = replica', ...deletes].join('; '))
}

/** Not among the types, for want of a browser. */
const { WebAssembly: wasm } = globalThis as unknown as {
  readonly WebAssembly: { readonly compile: (bytes: Uint8Array) => Promise<object> }
}

/**
 * PGlite's compiled module. V8 keeps one copy of the machine code per process while anybody holds the module: held here,
 * the threads of later test files start with what the earlier ones compiled and optimized.
 */
let engineCode: Promise<object> | undefined
const holdEngineCode = (): Promise<object> =>
  (engineCode ??= readFile(ENGINE_CODE).then((bytes) => wasm.compile(bytes)))

const openEmbedded = async (options: TestOptions): Promise<TestDatabase> => {
  await holdEngineCode()
  const database = await connect(
    {
      TACT_HOME: '',
      DATABASE_URL: undefined,
      TACT_QUERY_TIMEOUT_MS: options.queryTimeoutMs ?? QUERY_TIMEOUT_MS,
      TACT_SECRET_KEY: TEST_SECRET_KEY,
    },
    { inMemory: true, loadFrom: inject('embeddedTemplate'), ...options },
  )
  return {
    database,
    addTenant: (given) => addTenant(database, given),
    truncate: () => empty((text) => database.pool.query(text)),
    close: () => database.close(),
  }
}

const withClient = async (url: string, run: (client: Client) => Promise<unknown>): Promise<void> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await run(client)
  } finally {
    await client.end()
  }
}

const openPostgres = async (options: TestOptions): Promise<TestDatabase> => {
  const name = `test_${randomBytes(6).toString('hex')}`
  await withClient(inject('postgresUrl'), (admin) =>
    admin.query(`create database ${name} template tact_template`),
  )
  const at = (server: string): string => Object.assign(new URL(server), { pathname: `/${name}` }).href
  const database = await connect(
    {
      TACT_HOME: '',
      DATABASE_URL: at(inject('postgresUrl')),
      TACT_QUERY_TIMEOUT_MS: options.queryTimeoutMs ?? QUERY_TIMEOUT_MS,
      TACT_SECRET_KEY: TEST_SECRET_KEY,
    },
    options,
  )
  await database.pool.query(TEMPORARY_RIGHTS)
  return {
    database,
    addTenant: (given) => addTenant(database, given),
    truncate: () =>
      withClient(at(inject('postgresSuperUrl')), (superuser) => empty((text) => superuser.query(text))),
    close: async () => {
      await database.close()
      await withClient(inject('postgresUrl'), async (admin) => {
        await admin.query(CLOSE, [name])
        await admin.query(`drop database ${name}`)
      })
    },
  }
}

/**
 * A fresh, migrated, empty database of its own: the embedded engine in memory, through the real worker; Postgres from a
 * template, as an owner who is no superuser. Open one per file, `truncate` between tests where that is needed.
 */
export const openTestDatabase = (engine: EngineName, options: TestOptions = {}): Promise<TestDatabase> =>
  engine === 'embedded' ? openEmbedded(options) : openPostgres(options)

/** Makes the migrated, empty embedded database that the first start of a process would make in `home`, in less time. */
export const seedHome = async (home: string): Promise<void> => {
  const database = await connect(
    { TACT_HOME: home, DATABASE_URL: undefined, TACT_QUERY_TIMEOUT_MS: QUERY_TIMEOUT_MS },
    { loadFrom: inject('embeddedTemplate') },
  )
  await database.close()
}
