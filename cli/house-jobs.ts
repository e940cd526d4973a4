import type { Database } from '../db/connect.ts'
import { keepScores } from '../db/keep-scores.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { listWorkspaces } from '../db/workspace.ts'
import { digestHandlers } from '../digest/deliver.ts'
import { digestSchedules } from '../digest/policy.ts'
import { bug } from '../domain/errors.ts'
import type { JobBus, JobHandler, JobHandlers } from '../jobs/bus.ts'
import { queueJob } from '../jobs/job.ts'
import { systemOf } from '../jobs/lease.ts'
import { forgetOldJobs } from '../jobs/list.ts'
import { enrichCompany, staleCompanies } from '../writeback/enrich/enrich.ts'
import { enricherOf } from '../writeback/enrich/enrichers.ts'
import type { Enricher } from '../writeback/enrich/port.ts'
import type { House } from './compose.ts'
import { digestChannels } from './digest-channels.ts'
import { digestNarrator } from './digest-narrator.ts'
import type { SchedulesOf } from './jobs.ts'

const NIGHT = 2 * 60
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
const ALWAYS = new Date(0)
/** What is caught up after sleep and takes long waits, so that nobody who asks right after the start waits for it. */
const SETTLED_MS = 15 * 60_000

const ENRICH_JOB = 'enrich'

/** A job for each company whose enrichment is stale; one that waits already is not put down again. Answers the new ones. */
const queueStale = async (tx: TenantTx): Promise<readonly string[]> => {
  const today = new Date().toISOString().slice(0, 10)
  const made: string[] = []
  for (const id of await staleCompanies(tx)) {
    const job = await queueJob(tx, {
      kind: ENRICH_JOB,
      data: { company_id: id },
      key: `${ENRICH_JOB}:${id}:${today}`,
    })
    if (job !== undefined) made.push(job)
  }
  return made
}

const enriching =
  (database: Database, enricher: Enricher): JobHandler =>
  async ({ tenantId, data }, { signal, finish }) => {
    const companyId = data['company_id']
    if (typeof companyId !== 'string') throw bug('bad_job_data', 'An enrichment names no company.')
    await enrichCompany(database, enricher, { tenantId, companyId, signal, finish })
  }

/** What the jobs of this house do. */
export const houseHandlers = (
  house: Pick<House, 'database' | 'config'>,
  { bus, inboxUrl }: { readonly bus: JobBus; readonly inboxUrl: () => string },
): JobHandlers => {
  const { database } = house
  const channels = digestChannels(house, inboxUrl)
  const enricher = enricherOf(house.config.TACT_ENRICHER)
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
      const queued = await asTenant(database, systemOf(tenantId), async (tx) => {
        await forgetOldJobs(tx)
        return enricher === undefined ? [] : await queueStale(tx)
      })
      bus.ring(tenantId, queued)
    },
    ...(enricher === undefined ? {} : { [ENRICH_JOB]: enriching(database, enricher) }),
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
