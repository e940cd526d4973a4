import { z } from 'zod'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { bug } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { TenantId } from '../domain/ids.ts'

/** Ids, instants, counts and codes: nothing that a record holds may lie in a job, nor in a queue. */
const Datum = z.union([
  z.uuid(),
  z.iso.datetime(),
  z.iso.date(),
  z.int(),
  z.boolean(),
  z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
])
const Data = z.record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), Datum)
export type JobData = Readonly<Record<string, string | number | boolean>>

/** A job that some process holds by a lease; `attempts` counts the holders and tells the last from those before. */
export interface Job {
  readonly id: string
  readonly tenantId: TenantId
  readonly kind: string
  readonly data: JobData
  readonly attempts: number
  readonly maxAttempts: number
  readonly dueAt: string
}

export interface NewJob {
  readonly kind: string
  readonly data: JobData
  /** The same work under the same key is put down once, for as long as its row is kept. */
  readonly key?: string
  /** At once when left out. */
  readonly dueAt?: Date
  readonly maxAttempts?: number
}

const MAX_ATTEMPTS = 8

/**
 * Puts a job down in the transaction that makes it necessary: a rollback leaves none, a commit loses none. Answers its id,
 * or undefined where the key was there before. Ring the bell after the commit. Throws a bug for data that is no id.
 */
export const queueJob = async (tx: TenantTx, job: NewJob): Promise<string | undefined> => {
  const data = Data.safeParse(job.data)
  if (!data.success) throw bug('bad_job_data', `A job of the kind ${job.kind} holds more than ids.`)
  const due = job.dueAt === undefined ? sql`clock_timestamp()` : sql`${job.dueAt.toISOString()}::timestamptz`
  const [made] = await rows<{ id: string }>(
    tx,
    sql`insert into workflow.jobs (id, tenant_id, kind, data, key, due_at, max_attempts)
      values (${newId()}::uuid, core.current_tenant(), ${job.kind}, ${JSON.stringify(data.data)}::jsonb, ${job.key ?? null},
        ${due}, ${job.maxAttempts ?? MAX_ATTEMPTS})
      on conflict (tenant_id, key) where deleted_at is null do nothing returning id`,
  )
  return made?.id
}
