import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { tenantsWithWork } from '../db/work.ts'
import { asTactError } from '../domain/errors.ts'
import type { TenantId } from '../domain/ids.ts'
import { log } from '../log.ts'
import type { Bell } from './bell.ts'
import type { JobHandlers } from './bus.ts'
import type { Job } from './job.ts'
import { claimJobs, failJob, finishJob, releaseJob, renewLeases, systemOf } from './lease.ts'

/** With the look of every worker this ends what a killed process left within ten seconds. */
const LEASE_MS = 5_000
const CONCURRENCY = 4
const ABORT_GRACE_MS = 2_000

/** Whether it ended in so long. */
const within = async (ended: Promise<unknown>, timeoutMs: number): Promise<boolean> => {
  const late = Promise.withResolvers<false>()
  const timer = setTimeout(() => late.resolve(false), timeoutMs)
  const isDone = await Promise.race([ended.then(() => true), late.promise])
  clearTimeout(timer)
  return isDone
}

export interface WorkOptions {
  /** Jobs at once; 4 unless given. */
  readonly concurrency?: number
  readonly leaseMs?: number
}

export interface Worker {
  /** Takes no more, waits for what it holds at most so long, then aborts and gives back what was not done. */
  close(graceMs: number): Promise<void>
}

interface Held {
  readonly job: Job
  readonly abort: AbortController
  readonly done: Promise<void>
}

interface WorkerParts {
  readonly database: Database
  readonly bell: Bell
  readonly handlers: JobHandlers
}

/** Failures that another attempt does not mend. */
const FINAL = new Set(['user', 'denied', 'not-found'])

/** Does a job that this process holds, and notes what came of it: done, to be tried again, or given up. */
export const runJob = async (
  { database, handlers }: Pick<WorkerParts, 'database' | 'handlers'>,
  job: Job,
  abort: AbortController,
): Promise<void> => {
  let isFinished = false
  const finish = async (tx: Parameters<typeof finishJob>[0]): Promise<void> => {
    await finishJob(tx, job)
    isFinished = true
  }
  try {
    await handlers[job.kind]!(job, { signal: abort.signal, finish })
    if (!isFinished) await asTenant(database, systemOf(job.tenantId), finish)
  } catch (thrown) {
    const { code, kind } = asTactError(thrown)
    if (code === 'lease_lost') return
    log.warn('job_failed', { kind: job.kind, error: code, attempt: job.attempts })
    if (abort.signal.aborted) await releaseJob(database, job)
    else await failJob(database, job, { code, isFinal: FINAL.has(kind) })
  }
}

/** Takes jobs as they fall due, up to `concurrency` at once, and renews the lease of each while it works. */
export const startWorker = async (
  parts: WorkerParts,
  { concurrency = CONCURRENCY, leaseMs = LEASE_MS }: WorkOptions,
): Promise<Worker> => {
  const { database, bell, handlers } = parts
  const kinds = Object.keys(handlers)
  const held = new Map<string, Held>()
  const rung = new Set<TenantId>()
  let isClosing = false
  let isLooking = false
  let wantsAll = true

  const runAndNote = async (job: Job, abort: AbortController): Promise<void> => {
    try {
      await runJob(parts, job, abort)
    } catch (error) {
      log.warn('job_not_noted', { error: asTactError(error).code })
    }
    held.delete(job.id)
    // A full house may have left some: the tenant is asked again.
    rung.add(job.tenantId)
    look()
  }

  const begin = (job: Job): void => {
    const abort = new AbortController()
    const done = runAndNote(job, abort)
    held.set(job.id, { job, abort, done })
  }

  const takeFrom = async (tenantId: TenantId): Promise<void> => {
    const limit = concurrency - held.size
    if (limit <= 0 || isClosing) return
    const claimed = await claimJobs(database, tenantId, { kinds, limit, leaseMs })
    // What was taken while the house was closing is not begun.
    if (isClosing) await Promise.all(claimed.map((job) => releaseJob(database, job)))
    else claimed.forEach(begin)
  }

  const lookOnce = async (): Promise<void> => {
    if (wantsAll) {
      wantsAll = false
      for (const tenantId of await tenantsWithWork(database, kinds)) rung.add(tenantId)
    }
    const tenants = [...rung]
    rung.clear()
    for (const tenantId of tenants) await takeFrom(tenantId)
  }

  const lookAndGoOn = async (): Promise<void> => {
    try {
      await lookOnce()
    } catch (error) {
      log.warn('job_look_failed', { error: asTactError(error).code })
    }
    isLooking = false
    look()
  }

  let looking = Promise.resolve()
  const look = (): void => {
    if (isLooking || isClosing || held.size >= concurrency || (rung.size === 0 && !wantsAll)) return
    isLooking = true
    looking = lookAndGoOn()
  }

  const renew = async (): Promise<void> => {
    const byTenant = Map.groupBy(held.values(), ({ job }) => job.tenantId)
    for (const [tenantId, mine] of byTenant) {
      const kept = await renewLeases(database, tenantId, { jobs: mine.map(({ job }) => job), leaseMs })
      // One that ended meanwhile is no longer ours either; aborting it changes nothing.
      for (const { job, abort } of mine) if (!kept.has(job.id)) abort.abort()
    }
  }

  const looker = setInterval(() => {
    wantsAll = true
    look()
  }, bell.lookMs)
  let renewing = Promise.resolve()
  const renewer = setInterval(() => {
    renewing = renewing
      .then(renew)
      .catch((error: unknown) => log.warn('lease_not_renewed', { error: asTactError(error).code }))
  }, leaseMs / 3)
  looker.unref()
  renewer.unref()
  const deafen = await bell.listen((tenantId) => {
    rung.add(tenantId)
    look()
  })
  look()

  return {
    close: async (graceMs) => {
      isClosing = true
      clearInterval(looker)
      await deafen()
      await looking
      const ended = Promise.all([...held.values()].map(({ done }) => done))
      if (!(await within(ended, graceMs))) {
        for (const { abort } of held.values()) abort.abort()
        // One that does not listen is given back all the same: it can no longer finish.
        if (!(await within(ended, ABORT_GRACE_MS)))
          await Promise.all([...held.values()].map(({ job }) => releaseJob(database, job)))
      }
      clearInterval(renewer)
      await renewing
    },
  }
}
