import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import type { PoolClient } from 'pg'
import type { Config } from '../config.ts'
import { unavailable, userError } from '../domain/errors.ts'
import { log } from '../log.ts'
import { EmbeddedEngine } from './embedded/engine.ts'
import { tryOwn } from './embedded/owner.ts'
import { EngineStream } from './embedded/stream.ts'
import { translateError } from './errors.ts'
import { openSecrets } from './secrets.ts'
import type { Secrets } from './secrets.ts'

export type EngineName = 'embedded' | 'postgres'

export interface Database {
  readonly engine: EngineName
  readonly pool: Pool
  /** For db/ and tests; requests go through `asTenant`. */
  readonly orm: NodePgDatabase
  /** TACT_HOME of the embedded engine; undefined on Postgres and in memory. */
  readonly home: string | undefined
  /** The embedded engine's thread; undefined on Postgres. */
  readonly embedded: EmbeddedEngine | undefined
  readonly queryTimeoutMs: number
  /** Under a key that is not in it. */
  readonly secrets: Secrets
  /** Stops the statement that `client` runs now. The embedded engine has one session, so there it is that one. */
  endStatement(client: PoolClient): Promise<void>
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Longest a request waits for a connection; a nested one would wait for ever. */
  readonly queueTimeoutMs?: number
  readonly poolSize?: number
  /** Embedded engine without a directory, for tests. */
  readonly inMemory?: boolean
  /** Embedded engine: file with a dump of a data directory to start from, where there is none yet. */
  readonly loadFrom?: string
}

const QUEUE_TIMEOUT_MS = 30_000
const POOL_SIZE = 10
/** Longest a transaction may hold its locks while its process does nothing. */
const IDLE_IN_TRANSACTION_MS = 60_000
const OLDEST_POSTGRES = 150_000

const quieten = (pool: Pool): void => {
  // Without a listener a connection that dies while a transaction holds it would end the process.
  pool.on('connect', (client) =>
    client.on('error', (error) => log.debug('connection_lost', { error: error.name })),
  )
  pool.on('error', () => {})
}

/**
 * What is said in one go leaves in one write. Each is a system call that wakes the server, which is most of what a short
 * transaction costs this process.
 */
const writeTogether = (pool: Pool): void => {
  pool.on('connect', (client) => {
    const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } })
      .connection
    const write = stream.write.bind(stream) as (...given: readonly unknown[]) => boolean
    let isHeld = false
    const letGo = (): void => {
      isHeld = false
      stream.uncork()
    }
    const held = (...given: readonly unknown[]): boolean => {
      if (!isHeld) {
        isHeld = true
        stream.cork()
        process.nextTick(letGo)
      }
      return write(...given)
    }
    Object.assign(stream, { write: held })
  })
}

const connectEmbedded = async (
  config: Pick<Config, 'TACT_HOME' | 'TACT_QUERY_TIMEOUT_MS'>,
  options: ConnectOptions,
  secrets: Secrets,
): Promise<Database> => {
  const home = options.inMemory ? undefined : config.TACT_HOME
  const ownership = home === undefined ? undefined : tryOwn(home)
  if (home !== undefined && !ownership) {
    throw unavailable('database_owned', 'Another tact process owns this data directory.', {
      fix: 'Attach to the running `tact up`, or stop it first; TACT_HOME chooses another directory.',
    })
  }
  const dataDirectory = home === undefined ? undefined : join(home, 'data')
  if (dataDirectory !== undefined) mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  const embedded = new EmbeddedEngine(
    { dataDirectory, loadFrom: options.loadFrom },
    config.TACT_QUERY_TIMEOUT_MS,
  )
  try {
    await embedded.start()
  } catch (error) {
    ownership?.release()
    throw error
  }
  const pool = new Pool({
    stream: () => new EngineStream(embedded),
    max: 1,
    user: 'postgres',
    database: 'postgres',
    ssl: false,
    pipeline: true,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: options.queueTimeoutMs ?? QUEUE_TIMEOUT_MS,
  })
  quieten(pool)
  return {
    engine: 'embedded',
    pool,
    orm: drizzle(pool),
    home,
    embedded,
    queryTimeoutMs: config.TACT_QUERY_TIMEOUT_MS,
    secrets,
    endStatement: () => embedded.cancel(),
    close: async () => {
      await pool.end()
      await embedded.close()
      ownership?.release()
    },
  }
}

const assertSupported = async (pool: Pool): Promise<void> => {
  const { rows } = await pool.query<{ version: string }>(
    `select current_setting('server_version_num') as version`,
  )
  if (Number(rows[0]?.version) >= OLDEST_POSTGRES) return
  throw userError('postgres_too_old', 'The server of DATABASE_URL is older than Postgres 15.', {
    fix: 'Use Postgres 15 or later.',
  })
}

const connectPostgres = async (
  url: string,
  queryTimeoutMs: number,
  options: ConnectOptions,
  secrets: Secrets,
): Promise<Database> => {
  const pool = new Pool({
    connectionString: url,
    max: options.poolSize ?? POOL_SIZE,
    connectionTimeoutMillis: options.queueTimeoutMs ?? QUEUE_TIMEOUT_MS,
    statement_timeout: queryTimeoutMs,
    lock_timeout: Math.ceil(queryTimeoutMs / 2),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    application_name: 'tact',
    // What is sent without waiting goes out at once: a question takes three ways to the server, not eight.
    pipeline: true,
  })
  quieten(pool)
  writeTogether(pool)
  try {
    await assertSupported(pool)
  } catch (error) {
    await pool.end()
    throw translateError(error)
  }
  return {
    engine: 'postgres',
    pool,
    orm: drizzle(pool),
    home: undefined,
    embedded: undefined,
    queryTimeoutMs,
    secrets,
    endStatement: async (client) => {
      const processId = (client as unknown as { processID?: number }).processID
      if (processId !== undefined) await pool.query('select pg_cancel_backend($1)', [processId])
    },
    close: () => pool.end(),
  }
}

/**
 * Opens the database of this configuration: Postgres when DATABASE_URL is set, else the embedded engine in TACT_HOME,
 * which one process at a time owns. Throws `unavailable` with code `database_owned`, `database_unreadable` or
 * `database_unreachable`. Does not migrate.
 */
export const connect = (
  config: Pick<Config, 'TACT_HOME' | 'DATABASE_URL' | 'TACT_QUERY_TIMEOUT_MS'> &
    Partial<Pick<Config, 'TACT_SECRET_KEY'>>,
  options: ConnectOptions = {},
): Promise<Database> => {
  const secrets = openSecrets(config)
  return config.DATABASE_URL === undefined
    ? connectEmbedded(config, options, secrets)
    : connectPostgres(config.DATABASE_URL, config.TACT_QUERY_TIMEOUT_MS, options, secrets)
}
