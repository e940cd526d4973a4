import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { asTenant } from '../db/tenant.ts'
import { listWorkspaces } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import { asTactError } from '../domain/errors.ts'
import type { Actor } from '../domain/actor.ts'
import { log } from '../log.ts'
import { forgetAsked } from '../query/kept.ts'
import { writeBackupFile } from './backup-file.ts'
import { checkQueries } from './check-queries.ts'
import type { House } from './compose.ts'
import { repeat, type Repeated } from './repeat.ts'

const DAY_MS = 24 * 3_600_000
const LOOK_MS = 15 * 60_000
const KEPT_DAYS = 7
/** So long an answer can be asked again by its id. */
const ASKED_DAYS = 90
const KEPT_WEEKS = 4
const NAME = /^(?<slug>[a-z0-9][a-z0-9-]*)\.(?<at>\d{8}T\d{6}Z)\.tact-backup$/

const stampOf = (at: Date): string => at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '') + 'Z'
const dateOf = (stamp: string): Date =>
  new Date(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
const directoryOf = (house: Pick<House, 'config'>): string => join(house.config.TACT_HOME, 'backups')

interface Kept {
  readonly file: string
  readonly at: Date
}

/** Nightly backups of one workspace, newest first. */
export const nightlyBackupsOf = async (
  house: Pick<House, 'config'>,
  slug: string,
): Promise<readonly Kept[]> => {
  const directory = directoryOf(house)
  const names = await readdir(directory).catch(() => [])
  return names
    .flatMap((name) => {
      const groups = NAME.exec(name)?.groups
      return groups?.['slug'] === slug ? [{ file: join(directory, name), at: dateOf(groups['at']!) }] : []
    })
    .sort((a, b) => b.at.getTime() - a.at.getTime())
}

/** Of backups, newest first, those that go: all but the newest seven, and the newest of each of the four weeks before. */
export const outlived = <T extends { readonly at: Date }>(backups: readonly T[]): readonly T[] => {
  const older = backups.slice(KEPT_DAYS)
  const weeks = new Set<number>()
  return older.filter(({ at }) => {
    const week = Math.floor(at.getTime() / (7 * DAY_MS))
    if (weeks.has(week) || weeks.size === KEPT_WEEKS) return true
    weeks.add(week)
    return false
  })
}

const Status = z.object({
  at: z.string(),
  failed: z.array(z.object({ workspace: z.string(), code: z.string() })),
  /** Verified questions whose answer has another shape by now, or that are refused. */
  drifted: z.array(z.object({ workspace: z.string(), queries: z.number() })).default([]),
})
export type NightlyStatus = z.infer<typeof Status>

const statusFile = (house: Pick<House, 'config'>): string => join(directoryOf(house), 'nightly.json')

/** How the last nightly run ended; undefined where there was none. */
export const lastNightly = (house: Pick<House, 'config'>): Promise<NightlyStatus | undefined> =>
  readFile(statusFile(house), 'utf8').then(
    (text) => Status.parse(JSON.parse(text)),
    () => undefined,
  )

const backUp = async (house: House, workspace: Workspace, now: Date): Promise<string> => {
  const file = join(directoryOf(house), `${workspace.slug}.${stampOf(now)}.tact-backup`)
  const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  await asTenant(house.database, system, (tx) => writeBackupFile(file, tx, { workspace, at: now }), {
    readOnly: true,
    snapshot: true,
    timeoutMs: 0,
  })
  for (const old of outlived(await nightlyBackupsOf(house, workspace.slug))) await rm(old.file)
  return file
}

const forgetOldQuestions = (house: House, { id }: Workspace, now: Date): Promise<number> =>
  asTenant(house.database, { tenantId: id, memberId: null, via: 'system' }, (tx) =>
    forgetAsked(tx, new Date(now.getTime() - ASKED_DAYS * DAY_MS)),
  )

/** How many verified questions of a workspace no longer answer as they did. */
const driftOf = async (house: House, workspace: Workspace): Promise<number> => {
  const actor: Actor = { tenantId: workspace.id, memberId: null, role: 'owner', via: 'system' }
  const found = await checkQueries(house, workspace, { actor })
  return found.filter(({ drift }) => drift !== 'none').length
}

/**
 * Writes a backup of each workspace that has none of the last day, then removes those that outlived their time, and
 * questions asked long ago. A
 * workspace that fails does not keep the others from theirs; `doctor` tells of it, and of verified questions that drifted. Answers the files written.
 */
export const backUpNightly = async (house: House, now: Date): Promise<readonly string[]> => {
  await mkdir(directoryOf(house), { recursive: true, mode: 0o700 })
  const written: string[] = []
  const failed: { workspace: string; code: string }[] = []
  const drifted: { workspace: string; queries: number }[] = []
  for (const workspace of await listWorkspaces(house.database)) {
    const [newest] = await nightlyBackupsOf(house, workspace.slug)
    if (newest && newest.at.getTime() > now.getTime() - DAY_MS) continue
    try {
      written.push(await backUp(house, workspace, now))
      const queries = await driftOf(house, workspace)
      await forgetOldQuestions(house, workspace, now)
      if (queries > 0) drifted.push({ workspace: workspace.slug, queries })
    } catch (error) {
      const { code } = asTactError(error)
      log.warn('backup_failed', { error: code })
      failed.push({ workspace: workspace.slug, code })
    }
  }
  if (written.length + failed.length > 0) {
    await writeFile(statusFile(house), JSON.stringify({ at: now.toISOString(), failed, drifted }), {
      mode: 0o600,
    })
  }
  return written
}

/** Backs up every day while `up` runs. Takes every workspace out in a transaction of its own. */
export const startNightly = (house: House): Repeated => {
  const run = (): Promise<void> =>
    backUpNightly(house, new Date()).then(
      (files) => void (files.length > 0 && log.info('backed_up', { workspaces: files.length })),
      (error: unknown) => log.warn('backup_failed', { error: asTactError(error).code }),
    )
  return repeat(LOOK_MS, run, run())
}
