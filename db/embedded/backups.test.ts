import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { connect } from '../connect.ts'
import type { ConnectOptions, Database } from '../connect.ts'
import { listBackups, restoreBackup, writeBackup } from './backups.ts'
import { startMaintenance } from './maintenance.ts'

const SETTINGS = { DATABASE_URL: undefined, TACT_QUERY_TIMEOUT_MS: 60_000 }
const TIMEOUT_MS = 180_000
let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tact-backups-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const opened: Database[] = []
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
})
const open = async (options: ConnectOptions = {}): Promise<Database> => {
  const database = await connect({ TACT_HOME: home, ...SETTINGS }, options)
  opened.push(database)
  return database
}
const shut = async (database: Database): Promise<void> => {
  opened.splice(opened.indexOf(database), 1)
  await database.close()
}
const numbers = async (database: Database): Promise<unknown[]> =>
  (await database.pool.query<{ n: number }>('select n from notes order by n')).rows.map(({ n }) => n)

test(
  'a backup brings back what was there, and keeps what it replaces',
  async () => {
    const database = await open({ loadFrom: inject('embeddedTemplate') })
    await database.pool.query('create table notes (n int); insert into notes values (1), (2)')
    const { file } = await writeBackup(database)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await database.pool.query('insert into notes values (3)')
    await expect(restoreBackup({ TACT_HOME: home, ...SETTINGS }, file)).rejects.toMatchObject({
      code: 'database_owned',
    })
    await shut(database)

    const { previous } = await restoreBackup({ TACT_HOME: home, ...SETTINGS }, file)
    const restored = await open()
    expect(await numbers(restored)).toEqual([1, 2])
    expect(await readdir(previous!)).toContain('PG_VERSION')

    for (let day = 1; day <= 9; day += 1) {
      await writeFile(join(home, 'backups', `tact-2026-01-0${day}T000000Z.tar.gz`), '')
    }
    await writeBackup(restored, new Date('2026-02-01T10:20:30Z'))
    const kept = await listBackups(home)
    expect(kept).toHaveLength(7)
    expect(kept.some(({ at }) => at.toISOString() === '2026-02-01T10:20:30.000Z')).toBe(true)
    expect(kept.some(({ at }) => at.toISOString() < '2026-01-05')).toBe(false)
    await shut(restored)
    await expect(restoreBackup({ TACT_HOME: home, ...SETTINGS }, join(home, 'no'))).rejects.toMatchObject({
      kind: 'not-found',
    })
  },
  TIMEOUT_MS,
)

test(
  'an idle database is tidied once after work, backed up when a day is over, and left alone otherwise',
  async () => {
    await rm(join(home, 'backups'), { recursive: true, force: true })
    const database = await open()
    await database.pool.query('create table if not exists work (n int, t text)')
    const walPosition = async (): Promise<string> =>
      (
        await database.pool.query<{ at: string }>(
          'select checkpoint_lsn::text as at from pg_control_checkpoint()',
        )
      ).rows[0]!.at
    const before = await walPosition()
    await database.pool.query(
      `insert into work select n, repeat('x', 500) from generate_series(1, 2000) n; delete from work where n > 10`,
    )
    const maintenance = startMaintenance(database, { everyMs: 20, idleMs: 50 })
    await expect.poll(() => listBackups(home), { timeout: 120_000, interval: 200 }).toHaveLength(1)
    await maintenance.stop()
    expect(await walPosition()).not.toBe(before)
    const { rows } = await database.pool.query<{ n: number }>(
      `select reltuples::int as n from pg_class where relname = 'work'`,
    )
    expect(rows[0]!.n).toBe(10)

    const idle = startMaintenance(database, { everyMs: 20, idleMs: 0 })
    await new Promise((resolve) => setTimeout(resolve, 400))
    const settled = database.embedded!.activity.statements
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(database.embedded!.activity.statements).toBe(settled)
    await idle.stop()
  },
  TIMEOUT_MS,
)
