import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { conflict } from '../domain/errors.ts'
import type { TenantId } from '../domain/ids.ts'
import type { Job } from './job.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 600_000

/** Tact itself, in one workspace. */
export const systemOf = (tenantId: TenantId): Actor => ({
  tenantId,
  memberId: null,
  role: 'owner',
  via: 'system',
})

export interface ClaimOptions {
  readonly kinds: readonly string[]
  readonly limit: number
  readonly leaseMs: number
}

/**
 * Takes due jobs of a workspace, and those whose holder died, the longest due first: of many processes each job goes to
 * one. A job whose holders died as often as it may be tried has failed, with `worker_died`.
 */
export const claimJobs = (
  database: Database,
  tenantId: TenantId,
  { kinds, limit, leaseMs }: ClaimOptions,
): Promise<readonly Job[]> =>
  asTenant(database, systemOf(tenantId), async (tx) => {
    const wanted = sql`deleted_at is null and kind = any(${sql.param([...kinds])}::text[])`
    await rows(
      tx,
      sql`update workflow.jobs set state = 'failed', failure = 'worker_died', leased_until = null, finished_at = clock_timestamp()
        where ${wanted} and state = 'running' and leased_until < clock_timestamp() and attempts >= max_attempts`,
    )
    return await rows<Job>(
      tx,
      sql`with next as (
          select id from workflow.jobs where ${wanted} and ((state = 'waiting' and due_at <= clock_timestamp())
            or (state = 'running' and leased_until < clock_timestamp()))
          order by due_at, id limit ${limit} for update skip locked)
        update workflow.jobs j set state = 'running', attempts = j.attempts + 1, started_at = clock_timestamp(),
          leased_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
        from next where j.id = next.id
        returning j.id, j.tenant_id as "tenantId", j.kind, j.data, j.attempts, j.max_attempts as "maxAttempts", j.due_at as "dueAt"`,
    )
  })

const held = ({ id, attempts }: Job) => sql`id = ${id}::uuid and attempts = ${attempts} and state = 'running'`

/** Says that a process is still at these; answers the ids of those it still holds. */
export const renewLeases = async (
  database: Database,
  tenantId: TenantId,
  { jobs, leaseMs }: { readonly jobs: readonly Job[]; readonly leaseMs: number },
): Promise<ReadonlySet<string>> => {
  const ids = sql.param(jobs.map(({ id }) => id))
  const counts = sql.param(jobs.map(({ attempts }) => attempts))
  const kept = await asTenant(database, systemOf(tenantId), (tx) =>
    rows<{ id: string }>(
      tx,
      sql`update workflow.jobs j set leased_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
        from unnest(${ids}::uuid[], ${counts}::int[]) as h (id, attempts)
        where j.id = h.id and j.attempts = h.attempts and j.state = 'running' returning j.id`,
    ),
  )
  return new Set(kept.map(({ id }) => id))
}

/**
 * Ends a job in the transaction that holds its effects, so that both are kept or neither. Throws `lease_lost` where
 * another process has taken the job over: then nothing of this transaction may be kept.
 */
export const finishJob = async (tx: TenantTx, job: Job): Promise<void> => {
  const done = await rows(
    tx,
    sql`update workflow.jobs set state = 'done', leased_until = null, failure = null, finished_at = clock_timestamp()
      where ${held(job)} returning id`,
  )
  if (done.length === 0) throw conflict('lease_lost', 'Another process has taken this job over.')
}

/** Notes a failure: the job waits for its next attempt, twice as long each time, or has failed for good. */
export const failJob = (
  database: Database,
  job: Job,
  { code, isFinal }: { readonly code: string; readonly isFinal: boolean },
): Promise<unknown> => {
  const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (job.attempts - 1), LONGEST_WAIT_MS)
  const isOver = isFinal || job.attempts >= job.maxAttempts
  return asTenant(database, systemOf(job.tenantId), (tx) =>
    rows(
      tx,
      isOver
        ? sql`update workflow.jobs set state = 'failed', failure = ${code}, leased_until = null, finished_at = clock_timestamp() where ${held(job)}`
        : sql`update workflow.jobs set state = 'waiting', failure = ${code}, leased_until = null,
            due_at = clock_timestamp() + ${waitMs} * interval '1 millisecond' where ${held(job)}`,
    ),
  )
}

/** Gives a job back that was not done, for another process to take at once; it does not count as an attempt. */
export const releaseJob = (database: Database, job: Job): Promise<unknown> =>
  asTenant(database, systemOf(job.tenantId), (tx) =>
    rows(
      tx,
      sql`update workflow.jobs set state = 'waiting', attempts = attempts - 1, leased_until = null where ${held(job)}`,
    ),
  )
