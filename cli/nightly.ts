import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { asTenant } from '../db/tenant.ts'
import { exportDocument } from '../db/workspace-document.ts'
import { listWorkspaces } from '../db/workspace.ts'
import { asTactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import { writeBackupFile } from './backup-file.ts'
import type { House } from './compose.ts'

const DAY_MS = 24 * 3_600_000
const LOOK_MS = 15 * 60_000
const KEPT = 7
const NAME = /^(?<slug>[a-z0-9][a-z0-9-]*)\.(?<at>\d{8}T\d{6}Z)\.tact-backup$/

const stampOf = (at: Date): string => at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '') + 'Z'

const backupsOf = async (directory: string, slug: string): Promise<readonly string[]> =>
  (await readdir(directory).catch(() => []))
    .filter((name) => NAME.exec(name)?.groups?.['slug'] === slug)
    .sort()
    .toReversed()

const isDue = (newest: string | undefined, now: Date): boolean =>
  newest === undefined || NAME.exec(newest)!.groups!['at']! <= stampOf(new Date(now.getTime() - DAY_MS))

/** Writes a backup of each workspace that has none of the last day, and removes all but the newest seven of each. */
export const backUpNightly = async (house: House, now: Date): Promise<readonly string[]> => {
  const directory = join(house.config.TACT_HOME, 'backups')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const written: string[] = []
  for (const workspace of await listWorkspaces(house.database)) {
    const [newest] = await backupsOf(directory, workspace.slug)
    if (!isDue(newest, now)) continue
    const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
    const document = await asTenant(house.database, system, exportDocument, { readOnly: true, timeoutMs: 0 })
    const file = join(directory, `${workspace.slug}.${stampOf(now)}.tact-backup`)
    await writeBackupFile(file, document, now)
    written.push(file)
    for (const old of (await backupsOf(directory, workspace.slug)).slice(KEPT))
      await rm(join(directory, old), { force: true })
  }
  return written
}

/** Backs up every day while `up` runs. Takes every workspace out in a transaction of its own. */
export const startNightly = (house: House): { close(): Promise<void> } => {
  const run = (): Promise<void> =>
    backUpNightly(house, new Date()).then(
      (files) => void (files.length > 0 && log.info('backed_up', { workspaces: files.length })),
      (error: unknown) => log.warn('backup_failed', { error: asTactError(error).code }),
    )
  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = running.then(run)
  }, LOOK_MS)
  timer.unref()
  return {
    close: async () => {
      clearInterval(timer)
      await running
    },
  }
}
