import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { TenantId } from '../domain/ids.ts'
import type { Bell } from './bell.ts'
import { queueJob } from './job.ts'
import type { Job, NewJob } from './job.ts'
import { countOpen } from './list.ts'
import { systemOf } from './lease.ts'
import { startWorker } from './worker.ts'
import type { Worker, WorkOptions } from './worker.ts'

/** What a handler is given beside its job. */
export interface JobContext {
  /** Aborted when the process stops, or when another has taken the job over. */
  readonly signal: AbortSignal
  /** Ends the job in the handler's own transaction, with its effects. A handler that never calls it is done when it returns. */
  readonly finish: (tx: TenantTx) => Promise<void>
}

/** Does one kind of job. It may run more than once for a job whose process died: effects go with `finish`, or by a key. */
export type JobHandler = (job: Job, context: JobContext) => Promise<void>
export type JobHandlers = Readonly<Record<string, JobHandler>>

export interface JobBus {
  /** Puts a job down in a transaction of its own and rings. Answers whether it was not there before. */
  enqueue(tenantId: TenantId, job: NewJob): Promise<boolean>
  /** After the commit of a transaction in which jobs were put down with `queueJob`. */
  readonly ring: (tenantId: TenantId, jobIds: readonly string[]) => void
  /** Works until it is closed. */
  work(handlers: JobHandlers, options?: WorkOptions): Promise<Worker>
  /** Waits until none of these waits or runs any more, or so long. */
  settled(tenantId: TenantId, jobIds: readonly string[], timeoutMs: number): Promise<void>
  /** Ends every worker, each with time to finish what it holds. */
  close(graceMs?: number): Promise<void>
}

const GRACE_MS = 10_000
const SETTLED_LOOK_MS = 50

/** Jobs are rows of the database on every backend; the bell says how workers hear of them. */
export const createJobBus = (database: Database, bell: Bell): JobBus => {
  const workers: Worker[] = []
  const ring = (tenantId: TenantId, jobIds: readonly string[]): void =>
    bell.ring(jobIds.map((jobId) => ({ tenantId, jobId })))
  return {
    ring,
    enqueue: async (tenantId, job) => {
      const jobId = await asTenant(database, systemOf(tenantId), (tx) => queueJob(tx, job))
      if (jobId !== undefined)
        bell.ring([{ tenantId, jobId, ...(job.dueAt === undefined ? {} : { dueAt: job.dueAt }) }])
      return jobId !== undefined
    },
    work: async (handlers, options = {}) => {
      const worker = await startWorker({ database, bell, handlers }, options)
      workers.push(worker)
      return worker
    },
    settled: async (tenantId, jobIds, timeoutMs) => {
      const deadline = Date.now() + timeoutMs
      while (Date.now() < deadline) {
        const open = await asTenant(database, systemOf(tenantId), (tx) => countOpen(tx, jobIds))
        if (open === 0) return
        await new Promise((resolve) => setTimeout(resolve, SETTLED_LOOK_MS))
      }
    },
    close: async (graceMs = GRACE_MS) => {
      await Promise.all(workers.splice(0).map((worker) => worker.close(graceMs)))
      await bell.close()
    },
  }
}
