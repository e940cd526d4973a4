import { sql } from '../db/sql.ts'
import { assertStanding } from '../db/standing.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { notFound } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'

/** How one kind of work stands. */
export interface JobCount {
  readonly kind: string
  readonly waiting: number
  readonly running: number
  readonly done: number
  readonly failed: number
  /** Seconds that the longest due has waited; null where none is due. */
  readonly behindSeconds: number | null
}

/** Of this workspace, by kind. For owners and admins. Throws `denied`. */
export const countJobs = async (tx: TenantTx, actor: Actor): Promise<readonly JobCount[]> => {
  await assertStanding(tx, actor, 'tokens')
  return await rows<JobCount>(
    tx,
    sql`select kind, count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'running')::int as running,
        count(*) filter (where state = 'done')::int as done, count(*) filter (where state = 'failed')::int as failed,
        round(extract(epoch from clock_timestamp() - min(due_at) filter (where state = 'waiting' and due_at <= clock_timestamp())))::int as "behindSeconds"
      from workflow.jobs where deleted_at is null group by kind order by kind`,
  )
}

export interface FailedJob {
  readonly id: string
  readonly kind: string
  readonly state: 'waiting' | 'failed'
  readonly attempts: number
  /** A code, never what a record holds. */
  readonly failure: string
  readonly dueAt: string
}

/** Jobs whose last attempt failed: those given up and those that wait for the next, the latest due first. */
export const listFailures = async (
  tx: TenantTx,
  actor: Actor,
  { limit = 50 }: { readonly limit?: number } = {},
): Promise<readonly FailedJob[]> => {
  await assertStanding(tx, actor, 'tokens')
  return await rows<FailedJob>(
    tx,
    sql`select id, kind, state, attempts, failure, due_at as "dueAt" from workflow.jobs
      where failure is not null and state in ('waiting', 'failed') and deleted_at is null order by due_at desc, id desc limit ${limit}`,
  )
}

/** Lets a job that was given up begin anew. Throws `job_not_found` and `denied`. */
export const retryJob = async (tx: TenantTx, actor: Actor, id: string): Promise<void> => {
  await assertStanding(tx, actor, 'tokens')
  const found = isUuid(id)
    ? await rows(
        tx,
        sql`update workflow.jobs set state = 'waiting', attempts = 0, due_at = clock_timestamp(), finished_at = null
          where id = ${id}::uuid and state in ('failed', 'waiting') and failure is not null and deleted_at is null returning id`,
      )
    : []
  if (found.length === 0)
    throw notFound('job_not_found', 'There is no such job that failed.', {
      fix: 'See them with `tact jobs failures`.',
    })
}

/** How many of these jobs wait for their first attempt, or run. One that failed and waits for the next counts as ended. */
export const countOpen = async (tx: TenantTx, jobIds: readonly string[]): Promise<number> => {
  const [found] = await rows<{ count: number }>(
    tx,
    sql`select count(*)::int as count from workflow.jobs where id = any(${sql.param([...jobIds])}::uuid[])
      and (state = 'running' or (state = 'waiting' and failure is null))`,
  )
  return found!.count
}

const KEPT_DAYS = 30

/** Forgets jobs that were done a month ago. */
export const forgetOldJobs = (tx: TenantTx): Promise<unknown> =>
  rows(
    tx,
    sql`delete from workflow.jobs where state = 'done' and finished_at < clock_timestamp() - ${KEPT_DAYS} * interval '1 day'`,
  )
