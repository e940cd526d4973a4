import { listBackups } from '../db/embedded/backups.ts'
import type { HealthCheck } from '../db/health.ts'
import { listWorkspaces } from '../db/workspace.ts'
import type { House } from './compose.ts'
import { lastNightly, nightlyBackupsOf } from './nightly.ts'

const OLD_MS = 48 * 3_600_000

/** Whether the verified questions still answered as they did when the last nightly run put them. */
export const checkSavedQueries = async (house: House): Promise<readonly HealthCheck[]> => {
  const status = await lastNightly(house)
  if (!status) return []
  const which = status.drifted.map(({ workspace, queries }) => `${queries} of ${workspace}`).join(', ')
  const check = 'verified questions'
  return which === ''
    ? [{ check, state: 'ok', detail: `answered in the run of ${status.at} as they did` }]
    : [{ check, state: 'advice', detail: `drifted: ${which}; \`tact query check\` names them` }]
}

/** Whether the backups that `up` makes are there: a failure is wrong, one that is old or missing is worth a word. */
export const checkBackups = async (house: House, now: Date): Promise<HealthCheck> => {
  const { database } = house
  const status = await lastNightly(house)
  if (status && status.failed.length > 0) {
    const which = status.failed.map(({ workspace, code }) => `${workspace} (${code})`).join(', ')
    return { check: 'backups', state: 'wrong', detail: `the run of ${status.at} failed for ${which}` }
  }
  const newest =
    database.home === undefined
      ? await Promise.all(
          (await listWorkspaces(database)).map(async ({ slug }) => ({
            slug,
            at: (await nightlyBackupsOf(house, slug))[0]?.at,
          })),
        )
      : [{ slug: 'all workspaces', at: (await listBackups(database.home))[0]?.at }]
  const old = newest.filter(({ at }) => at === undefined || now.getTime() - at.getTime() > OLD_MS)
  return old.length === 0
    ? { check: 'backups', state: 'ok', detail: 'none is older than two days' }
    : {
        check: 'backups',
        state: 'advice',
        detail: `no backup of the last two days of ${old.map(({ slug }) => slug).join(', ')}; \`tact up\` writes one a day`,
      }
}
