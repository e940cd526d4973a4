import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { listWorkspaces } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Config } from '../config.ts'
import { asTactError } from '../domain/errors.ts'
import { processBell } from '../jobs/bell.ts'
import { createJobBus } from '../jobs/bus.ts'
import type { JobBus, JobHandlers } from '../jobs/bus.ts'
import { systemOf } from '../jobs/lease.ts'
import { countJobs, listFailures, retryJob } from '../jobs/list.ts'
import { queueDueWindows } from '../jobs/schedule.ts'
import type { Schedule } from '../jobs/schedule.ts'
import type { TenantTx } from '../db/tenant.ts'
import { log } from '../log.ts'
import {
  common,
  group,
  withDesk,
  type CommandContext,
  type CommandMaker,
  type CommonOptions,
} from './command.ts'
import { writeJson } from './io.ts'
import { repeat, type Repeated } from './repeat.ts'
import { drawTable } from './table.ts'

/** How often it is looked which windows fell due. */
const LOOK_MS = 30_000

/** The house's jobs: with Redis as the bell where REDIS_URL is set. Throws what `redisBell` throws. */
export const openJobBus = async (
  { config }: { readonly config: Pick<Config, 'REDIS_URL'> },
  database: Database,
): Promise<JobBus> => {
  if (config.REDIS_URL === undefined) return createJobBus(database, processBell())
  const { redisBell } = await import('../jobs/redis-bell.ts')
  return createJobBus(database, await redisBell(config.REDIS_URL))
}

/** What falls due by the clock in a workspace. */
export type SchedulesOf = (tx: TenantTx, workspace: Workspace) => Promise<readonly Schedule[]>

/** Puts down what fell due in every workspace, by the clock of this machine, and rings. Answers how many. */
export const queueSchedules = async (
  { database, bus }: { readonly database: Database; readonly bus: JobBus },
  schedulesOf: SchedulesOf,
  now: Date,
): Promise<number> => {
  let count = 0
  for (const workspace of await listWorkspaces(database)) {
    const made = await asTenant(database, systemOf(workspace.id), async (tx) =>
      queueDueWindows(tx, await schedulesOf(tx, workspace), { now }),
    )
    bus.ring(workspace.id, made)
    count += made.length
  }
  return count
}

/** While `up` runs: works, and looks for what falls due. */
export const startJobs = async (
  parts: { readonly database: Database; readonly bus: JobBus },
  { handlers, schedulesOf }: { readonly handlers: JobHandlers; readonly schedulesOf: SchedulesOf },
): Promise<Repeated> => {
  await parts.bus.work(handlers)
  const look = async (): Promise<void> => {
    try {
      await queueSchedules(parts, schedulesOf, new Date())
    } catch (error) {
      log.warn('schedules_failed', { error: asTactError(error).code })
    }
  }
  const looking = repeat(LOOK_MS, look, look())
  return {
    close: async () => {
      await looking.close()
      await parts.bus.close()
    },
  }
}

/** What is done while nobody asks, for those who keep the house. */
export const jobsCommand: CommandMaker = (context: CommandContext) => {
  const { io } = context
  const jobs = group('jobs', 'what is done while nobody asks: queues, failures, retry')
  jobs.addCommand(
    common('list', 'how each kind of work stands').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async ({ database }, { actor }) => {
        const counts = await asTenant(database, actor, (tx) => countJobs(tx, actor), { readOnly: true })
        if (options.json) return writeJson(io, { jobs: counts })
        if (counts.length === 0) return io.out('Nothing was put down yet.\n')
        drawTable(
          io,
          ['Kind', 'Waiting', 'Running', 'Done', 'Failed', 'Behind'],
          counts.map((one) => [
            one.kind,
            one.waiting,
            one.running,
            one.done,
            one.failed,
            one.behindSeconds === null ? '' : `${one.behindSeconds} s`,
          ]),
        )
      })
    }),
  )
  jobs.addCommand(
    common('failures', 'jobs whose last attempt failed').action(async (options: CommonOptions) => {
      await withDesk(context, options, 'cli', async ({ database }, { actor }) => {
        const found = await asTenant(database, actor, (tx) => listFailures(tx, actor), { readOnly: true })
        if (options.json) return writeJson(io, { failures: found })
        if (found.length === 0) return io.out('Nothing failed.\n')
        drawTable(
          io,
          ['Id', 'Kind', 'State', 'Attempts', 'Failure', 'Due'],
          found.map((one) => [one.id, one.kind, one.state, one.attempts, one.failure, one.dueAt]),
        )
      })
    }),
  )
  jobs.addCommand(
    common('retry', 'let a job that failed begin anew')
      .argument('<id>')
      .action(async (id: string, options: CommonOptions) => {
        await withDesk(context, options, 'cli', async ({ database }, { actor }) => {
          await asTenant(database, actor, (tx) => retryJob(tx, actor, id))
          if (options.json) writeJson(io, { retried: id })
          else io.out('It begins anew while `tact up` runs.\n')
        })
      }),
  )
  return jobs
}
