import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { connect } from '../db/connect.ts'
import { migrate, TEMPORARY_RIGHTS } from '../db/migrate.ts'
import { protectionHash } from '../db/protect.ts'
import { startPostgres } from './test-postgres.ts'

const CACHE = fileURLToPath(new URL('../node_modules/.cache/tact-tests/', import.meta.url))
const MIGRATIONS = fileURLToPath(new URL('../db/migrations/', import.meta.url))
const ENGINE = fileURLToPath(new URL('../node_modules/@electric-sql/pglite/package.json', import.meta.url))
const MIGRATION_TIMEOUT_MS = 60_000
const KEPT_MS = 3_600_000
/** So that a test file that starts from the dump neither replays the write-ahead log nor loads what is not needed of it. */
const SMALL = ['checkpoint', 'set wal_recycle = off', 'select pg_switch_wal()', 'checkpoint']

const templateKey = async (): Promise<string> => {
  const hash = createHash('sha256')
    .update(SMALL.join())
    .update(protectionHash())
    .update(TEMPORARY_RIGHTS)
    .update(await readFile(ENGINE))
  for (const name of (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort()) {
    hash.update(name).update(await readFile(MIGRATIONS + name))
  }
  return hash.digest('hex').slice(0, 16)
}

/** Templates of earlier migrations; not the young ones, which another run may be reading. */
const removeOld = async (): Promise<void> => {
  for (const name of await readdir(CACHE)) {
    const { mtimeMs } = await stat(CACHE + name)
    if (Date.now() - mtimeMs > KEPT_MS) await rm(CACHE + name, { force: true })
  }
}

/** A dump of a migrated embedded database, made once per version of the migrations (initdb takes seconds). */
const embeddedTemplate = async (): Promise<string> => {
  const file = `${CACHE}${await templateKey()}.tar`
  if (existsSync(file)) return file
  await mkdir(CACHE, { recursive: true })
  await removeOld()
  const database = await connect(
    { TACT_HOME: '', DATABASE_URL: undefined, TACT_QUERY_TIMEOUT_MS: MIGRATION_TIMEOUT_MS },
    { inMemory: true },
  )
  await migrate(database)
  for (const step of SMALL) await database.pool.query(step)
  const bytes = await database.embedded!.dump('none')
  await database.close()
  const half = `${file}.${process.pid}`
  await writeFile(half, bytes)
  await rename(half, file)
  return file
}

const postgresTemplate = async (ownerUrl: string): Promise<void> => {
  const settings = { TACT_HOME: '', TACT_QUERY_TIMEOUT_MS: MIGRATION_TIMEOUT_MS }
  const server = await connect({ ...settings, DATABASE_URL: ownerUrl })
  await server.pool.query('create database tact_template')
  await server.close()
  const template = await connect({
    ...settings,
    DATABASE_URL: ownerUrl.replace(/\/postgres$/, '/tact_template'),
  })
  await migrate(template)
  await template.close()
}

/** Vitest's global setup: a template of each engine, so that a test file opens its own database in a moment. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const [template, postgres] = await Promise.all([embeddedTemplate(), startPostgres()])
  project.provide('embeddedTemplate', template)
  if ('reason' in postgres) {
    process.stderr.write(
      `\nPostgres tests are left out: ${postgres.reason}. The embedded engine is tested.\n\n`,
    )
    project.provide('postgresUrl', '')
    project.provide('postgresSuperUrl', '')
    return async () => {}
  }
  await postgresTemplate(postgres.ownerUrl)
  project.provide('postgresUrl', postgres.ownerUrl)
  project.provide('postgresSuperUrl', postgres.superUrl)
  return () => postgres.stop()
}
