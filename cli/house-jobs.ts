import { keepScores } from '../db/keep-scores.ts'
import { asTenant } from '../db/tenant.ts'
import { listWorkspaces } from '../db/workspace.ts'
import { digestHandlers } from '../digest/deliver.ts'
import { digestSchedules } from '../digest/policy.ts'
import type { JobBus, JobHandlers } from '../jobs/bus.ts'
import { systemOf } from '../jobs/lease.ts'
import { forgetOldJobs } from '../jobs/list.ts'
import type { House } from './compose.ts'
import { digestChannels } from './digest-channels.ts'
import { digestNarrator } from './digest-narrator.ts'
import type { SchedulesOf } from './jobs.ts'

const NIGHT = 2 * 60
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
const ALWAYS = new Date(0)
/** What is caught up after sleep and takes long waits, so that nobody who asks right after the start waits for it. */
const SETTLED_MS = 15 * 60_000

/** What the jobs of this house do. */
export const houseHandlers = (
  house: Pick<House, 'database' | 'config'>,
  { bus, inboxUrl }: { readonly bus: JobBus; readonly inboxUrl: () => string },
): JobHandlers => {
  const { database } = house
  const channels = digestChannels(house)
  return {
    ...digestHandlers({
      database,
      channelOf: channels,
      narrator: digestNarrator(house.config),
      inboxUrl,
      ring: bus.ring,
    }),
    nightly: async ({ tenantId }) => {
      const workspace = (await listWorkspaces(database)).find(({ id }) => id === tenantId)
      if (!workspace) return
      await keepScores(database, workspace)
      await asTenant(database, systemOf(tenantId), forgetOldJobs)
    },
  }
}

/** What falls due by the clock in each workspace. */
export const houseSchedules = (startedAt: Date): SchedulesOf => {
  return async (tx, { timezone }) => {
    const digests = await digestSchedules(tx)
    if (Date.now() - startedAt.getTime() < SETTLED_MS) return digests
    const time = { minuteOfDay: NIGHT, timezone, weekdays: EVERY_DAY }
    return [...digests, { name: 'nightly', kind: 'nightly', data: {}, time, since: ALWAYS }]
  }
}
