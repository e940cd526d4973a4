import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'

/** A message that this member may see and that the filters let through. */
export interface Place {
  readonly id: string
  readonly threadId: string
  /** ISO 8601, UTC. */
  readonly sentAt: string
}

interface PlaceRow {
  readonly id: string
  readonly thread_id: string
  readonly sent_at: string
}

const toPlace = ({ id, thread_id: threadId, sent_at: sentAt }: PlaceRow): Place => ({ id, threadId, sentAt })

/** Those of the messages that the condition over `intel.mail_messages m` lets through, under row security. */
export const visibleOf = async (
  tx: TenantTx,
  ids: readonly string[],
  where: SQL,
): Promise<readonly Place[]> => {
  if (ids.length === 0) return []
  const found = await rows<PlaceRow>(
    tx,
    sql`select m.id, m.thread_id, m.sent_at from unnest(${sql.param([...ids])}::uuid[]) as wanted(id)
      join intel.mail_messages m on m.id = wanted.id where ${where}`,
  )
  return found.map(toPlace)
}

/** How many of the messages the condition lets through, under row security. */
export const countVisible = async (tx: TenantTx, ids: readonly string[], where: SQL): Promise<number> =>
  (
    await rows<{ count: number }>(
      tx,
      sql`select count(*)::int as count from unnest(${sql.param([...ids])}::uuid[]) as wanted(id)
        join intel.mail_messages m on m.id = wanted.id where ${where}`,
    )
  )[0]!.count

/** All messages that the condition lets through; undefined when they are more than `most`. */
export const visibleBy = async (
  tx: TenantTx,
  where: SQL,
  most: number,
): Promise<readonly Place[] | undefined> => {
  const found = await rows<PlaceRow>(
    tx,
    sql`select m.id, m.thread_id, m.sent_at from intel.mail_messages m where ${where} limit ${most + 1}`,
  )
  return found.length > most ? undefined : found.map(toPlace)
}
