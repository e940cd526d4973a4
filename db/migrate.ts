import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { MigrationMeta } from 'drizzle-orm/migrator'
import type pg from 'pg'
import { conflict, denied } from '../domain/errors.ts'
import type { Database } from './connect.ts'
import { sqlStateOf, translateError } from './errors.ts'
import { protection, protectionHash } from './protect.ts'

export interface MigrateOptions {
  /** Told before each step: `2 of 4` migrations, or the protection of tables. */
  readonly onStep?: (step: string) => void
  /** Folder with the numbered files and meta/_journal.json; the product's own unless a test says otherwise. */
  readonly folder?: string
}

export interface Migrated {
  readonly applied: number
  readonly total: number
}

interface AppliedRow {
  readonly hash: string
  readonly created_at: string
}

/** Any constant, as long as every Tact uses the same. */
const LOCK = 7_202_611_210
const FOLDER = fileURLToPath(new URL('./migrations', import.meta.url))

const PREPARE = [
  'CREATE SCHEMA IF NOT EXISTS drizzle',
  'CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)',
  'CREATE TABLE IF NOT EXISTS drizzle.protections (hash text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
]

/**
 * What is still to do, after comparing every file with every applied row. The migrator of drizzle compares dates only: it
 * would skip a migration that was merged late, and run on a database whose migrations were changed afterwards.
 */
const pendingAfter = (
  files: readonly MigrationMeta[],
  applied: readonly AppliedRow[],
): readonly MigrationMeta[] => {
  const fix = 'Restore a backup made by this version of Tact, or install the version that made this database.'
  if (applied.length > files.length) {
    throw conflict('database_newer', 'The database has migrations that this version of Tact does not know.', {
      fix,
    })
  }
  applied.forEach((row, index) => {
    const file = files[index]!
    if (row.hash === file.hash) return
    const appliedElsewhere = files.some((other) => other.hash === row.hash)
    throw appliedElsewhere
      ? conflict('migration_late', `Migration ${index} was added before others that are already applied.`, {
          fix: 'Generate it again, so that it comes after all others.',
        })
      : conflict(
          'migration_changed',
          `Migration ${index} is not the one that was applied to this database.`,
          {
            fix: `Never edit a migration that has landed; add a new one. ${fix}`,
          },
        )
  })
  return files.slice(applied.length)
}

/**
 * A temporary table may be written in a read-only transaction: only imports, which stage a document in one, may make
 * any. Rights of a database are in no dump: set every time.
 */
export const TEMPORARY_RIGHTS = `DO $$ BEGIN
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO tact_app', current_database());
END $$`

const applyAll = async (
  client: pg.PoolClient,
  pending: readonly MigrationMeta[],
  options: MigrateOptions,
): Promise<void> => {
  let done = 0
  for (const migration of pending) {
    options.onStep?.(`migration ${(done += 1)} of ${pending.length}`)
    for (const statement of migration.sql) await client.query(statement)
    await client.query('INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)', [
      migration.hash,
      migration.folderMillis,
    ])
  }
}

const protectAll = async (client: pg.PoolClient, options: MigrateOptions): Promise<void> => {
  const hash = protectionHash()
  const { rowCount } = await client.query(
    'SELECT 1 FROM (SELECT hash FROM drizzle.protections ORDER BY applied_at DESC LIMIT 1) latest WHERE hash = $1',
    [hash],
  )
  if (rowCount === 1) return
  options.onStep?.('protection of tables')
  await client.query(protection().join(';\n'))
  await client.query(
    `INSERT INTO drizzle.protections (hash) VALUES ($1) ON CONFLICT (hash) DO UPDATE SET applied_at = clock_timestamp()`,
    [hash],
  )
}

const migrateWith = async (client: pg.PoolClient, options: MigrateOptions): Promise<Migrated> => {
  const files = readMigrationFiles({ migrationsFolder: options.folder ?? FOLDER })
  await client.query('BEGIN')
  try {
    // Held to the end of the transaction: a second migrator waits, then finds nothing to do.
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    const { rows: present } = await client.query<{ present: boolean }>(
      `SELECT to_regclass('drizzle.protections') IS NOT NULL AS present`,
    )
    if (present[0]?.present !== true) for (const statement of PREPARE) await client.query(statement)
    const { rows: applied } = await client.query<AppliedRow>(
      'SELECT hash, created_at FROM drizzle.__drizzle_migrations ORDER BY id',
    )
    const pending = pendingAfter(files, applied)
    await applyAll(client, pending, options)
    await protectAll(client, options)
    await client.query(TEMPORARY_RIGHTS)
    await client.query('COMMIT')
    return { applied: pending.length, total: files.length }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/**
 * Brings the database to this version: all pending migrations and the protection of tables in one transaction, under a
 * lock that any number of starting processes may race for. Throws `conflict` with code `migration_changed`,
 * `migration_late` or `database_newer` rather than touch a database it does not recognise.
 */
export const migrate = async (database: Database, options: MigrateOptions = {}): Promise<Migrated> => {
  const client = await database.pool.connect()
  database.embedded?.setDeadline(0)
  try {
    return await migrateWith(client, options)
  } catch (error) {
    if (sqlStateOf(error) === '42501') {
      throw denied('database_rights', 'This login may not create or change the schema of this database.', {
        fix: 'Let DATABASE_URL name a role that owns its database: CREATE DATABASE tact OWNER <role>.',
        cause: error,
      })
    }
    throw translateError(error)
  } finally {
    database.embedded?.setDeadline(undefined)
    client.release()
  }
}
