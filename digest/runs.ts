import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId } from '../domain/ids.ts'
import { queueJob } from '../jobs/job.ts'
import type { DigestPolicy } from './policy.ts'
import { recipientsOf } from './recipients.ts'

export type RunState = 'waiting' | 'sending' | 'sent' | 'empty' | 'failed'

/** One digest of one window for one reader. */
export interface DigestRun {
  readonly id: string
  readonly policyId: string
  readonly memberId: MemberId | null
  readonly dueAt: string
  readonly windowKey: string
  readonly state: RunState
  readonly failure: string | null
  readonly sentAt: string | null
  /** Where the handover began less than a minute ago, another process may still be at it. */
  readonly isFresh: boolean
}

export const DELIVERY_JOB = 'digest_delivery'
const DELIVERY_ATTEMPTS = 12

const COLUMNS = sql`id, policy_id as "policyId", member_id as "memberId", due_at as "dueAt", window_key as "windowKey", state, failure,
  sent_at as "sentAt", coalesce(leased_until > clock_timestamp(), false) as "isFresh"`

export const readRun = async (tx: TenantTx, id: string): Promise<DigestRun | undefined> => {
  const [found] = await rows<DigestRun>(
    tx,
    sql`select ${COLUMNS} from workflow.digest_runs where id = ${id}::uuid and deleted_at is null`,
  )
  return found
}

/** The end of the last window of a policy before an instant; null where there was none. */
export const lastWindow = async (
  tx: TenantTx,
  policyId: string,
  { before, memberId }: { readonly before: Date; readonly memberId: MemberId | null },
): Promise<Date | null> => {
  const [found] = await rows<{ at: string | null }>(
    tx,
    sql`select max(due_at) as at from workflow.digest_runs where policy_id = ${policyId}::uuid and member_id is not distinct from ${memberId}::uuid
      and state in ('sent', 'empty') and due_at < ${before.toISOString()}::timestamptz and deleted_at is null`,
  )
  return found?.at ? new Date(found.at) : null
}

/** The latest of a policy, for lists. */
export const listDigestRuns = (
  tx: TenantTx,
  policyId: string,
  { limit = 20 }: { readonly limit?: number } = {},
): Promise<readonly DigestRun[]> =>
  rows<DigestRun>(
    tx,
    sql`select ${COLUMNS} from workflow.digest_runs where policy_id = ${policyId}::uuid and deleted_at is null
      order by due_at desc, id desc limit ${limit}`,
  )

/**
 * Opens a window: a run for each reader of the policy and a job to deliver it, each once however often the window is
 * opened. `name` tells windows apart: the local date, or what somebody asked for besides. Answers the ids of new jobs.
 */
export const openWindow = async (
  tx: TenantTx,
  policy: DigestPolicy & { readonly id: string },
  { name, at, only }: { readonly name: string; readonly at: Date; readonly only?: MemberId },
): Promise<readonly string[]> => {
  const readers: readonly (MemberId | null)[] =
    only !== undefined
      ? [only]
      : policy.channel === 'slack'
        ? [null]
        : (await recipientsOf(tx, policy)).map(({ id }) => id)
  const jobs: string[] = []
  for (const memberId of readers) {
    const [made] = await rows<{ id: string }>(
      tx,
      sql`insert into workflow.digest_runs (id, tenant_id, policy_id, due_at, window_key, channel, member_id, state)
        values (${newId()}::uuid, core.current_tenant(), ${policy.id}::uuid, ${at.toISOString()}::timestamptz, ${`${name}:${memberId ?? 'team'}`},
          ${policy.channel}, ${memberId}::uuid, 'waiting')
        on conflict (tenant_id, policy_id, window_key) where deleted_at is null do nothing returning id`,
    )
    if (!made) continue
    const job = await queueJob(tx, {
      kind: DELIVERY_JOB,
      data: { run_id: made.id },
      key: `${DELIVERY_JOB}:${made.id}`,
      maxAttempts: DELIVERY_ATTEMPTS,
    })
    if (job !== undefined) jobs.push(job)
  }
  return jobs
}

/** Longer than any channel takes to hand a message over. */
const HANDOVER_MS = 60_000

/** Of any number of processes one begins to hand a run over. Answers whether it is this one. */
export const beginHandover = async (tx: TenantTx, id: string): Promise<boolean> =>
  (
    await rows(
      tx,
      sql`update workflow.digest_runs set state = 'sending', attempts = attempts + 1,
          leased_until = clock_timestamp() + ${HANDOVER_MS} * interval '1 millisecond'
        where id = ${id}::uuid and state = 'waiting' returning id`,
    )
  ).length > 0

/** Ends a run, or lets it wait for its next attempt. */
export const noteRun = (
  tx: TenantTx,
  id: string,
  {
    state,
    failure = null,
    ref = null,
    items = null,
  }: {
    readonly state: Exclude<RunState, 'sending'>
    readonly failure?: string | null
    readonly ref?: string | null
    readonly items?: number | null
  },
): Promise<unknown> =>
  rows(
    tx,
    sql`update workflow.digest_runs set state = ${state}, failure = ${failure}, leased_until = null, item_count = coalesce(${items}::int, item_count),
        external_ref = coalesce(${ref}, external_ref), sent_at = case when ${state} = 'sent' then clock_timestamp() else sent_at end
      where id = ${id}::uuid and state in ('waiting', 'sending')`,
  )
