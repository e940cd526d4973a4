import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { notFound, unavailable, userError } from '../../domain/errors.ts'
import type { Database } from '../connect.ts'
import { EmbeddedEngine } from './engine.ts'
import { tryOwn } from './owner.ts'

const NAME = /^tact-(\d{4}-\d\d-\d\dT\d{6}Z)\.tar\.gz$/
const KEPT = 7

export interface Backup {
  readonly file: string
  readonly at: Date
}

const backupsOf = (home: string): string => join(home, 'backups')

const stampOf = (at: Date): string => `${at.toISOString().slice(0, 19).replaceAll(':', '')}Z`

const dateOf = (stamp: string): Date =>
  new Date(
    stamp.replace(
      /T(\d\d)(\d\d)(\d\d)Z$/,
      (_, hours, minutes, seconds) => `T${hours}:${minutes}:${seconds}Z`,
    ),
  )

/** The backups in TACT_HOME/backups, newest first. */
export const listBackups = async (home: string): Promise<readonly Backup[]> => {
  const names = await readdir(backupsOf(home)).catch(() => [])
  return names
    .flatMap((name) => {
      const stamp = NAME.exec(name)?.[1]
      return stamp === undefined ? [] : [{ file: join(backupsOf(home), name), at: dateOf(stamp) }]
    })
    .sort((a, b) => b.at.getTime() - a.at.getTime())
}

/**
 * Writes the whole embedded database as one compressed archive to TACT_HOME/backups and removes all but the newest
 * seven. Takes the one connection while it reads. Throws a user error on Postgres, which has pg_dump.
 */
export const writeBackup = async (database: Database, at: Date = new Date()): Promise<Backup> => {
  const { home, embedded } = database
  if (home === undefined || !embedded) {
    throw userError('not_embedded', 'Only the embedded database is backed up by Tact.', {
      fix: 'Use pg_dump for the server of DATABASE_URL.',
    })
  }
  await mkdir(backupsOf(home), { recursive: true, mode: 0o700 })
  const file = join(backupsOf(home), `tact-${stampOf(at)}.tar.gz`)
  const client = await database.pool.connect()
  try {
    embedded.setDeadline(0)
    await client.query('CHECKPOINT')
    await writeFile(`${file}.part`, await embedded.dump('gzip'), { mode: 0o600 })
  } finally {
    embedded.setDeadline(undefined)
    client.release()
  }
  await rename(`${file}.part`, file)
  for (const old of (await listBackups(home)).slice(KEPT)) await rm(old.file, { force: true })
  return { file, at }
}

/**
 * Puts a backup in place of the embedded database; what was there is kept beside it, and its directory answered. Throws
 * `unavailable` when a running process owns the directory, `not-found` when there is no such file.
 */
export const restoreBackup = async (
  config: Pick<Config, 'TACT_HOME' | 'TACT_QUERY_TIMEOUT_MS'>,
  file: string,
): Promise<{ readonly previous: string | undefined }> => {
  if (!existsSync(file))
    throw notFound('no_backup', 'There is no such backup file.', { fix: 'See TACT_HOME/backups.' })
  const ownership = tryOwn(config.TACT_HOME)
  if (!ownership) {
    throw unavailable('database_owned', 'Another tact process owns this data directory.', {
      fix: 'Stop it first.',
    })
  }
  const data = join(config.TACT_HOME, 'data')
  const fresh = `${data}.restoring`
  try {
    await rm(fresh, { recursive: true, force: true })
    await mkdir(fresh, { mode: 0o700 })
    const engine = new EmbeddedEngine({ dataDirectory: fresh, loadFrom: file }, config.TACT_QUERY_TIMEOUT_MS)
    await engine.start()
    await engine.close()
    const previous = existsSync(data) ? `${data}.before-${stampOf(new Date())}` : undefined
    if (previous !== undefined) await rename(data, previous)
    await rename(fresh, data)
    return { previous }
  } finally {
    ownership.release()
  }
}
