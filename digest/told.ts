import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { newId } from '../domain/ids.ts'
import { LANES } from './facts.ts'
import type { DigestFacts, Item, Lane } from './facts.ts'

/** Whom a digest is made for, within one policy. */
export interface Reader {
  readonly policyId: string
  /** `team`, or the id of a member. */
  readonly reader: string
}

/** What a reader was last told of an open thing, and in which window (its end, ISO 8601). */
export interface Told {
  readonly fingerprint: string
  readonly toldAt: string
}

/** By key of the item. */
export const readTold = async (
  tx: TenantTx,
  { policyId, reader }: Reader,
): Promise<ReadonlyMap<string, Told>> => {
  const found = await rows<{ item_key: string; fingerprint: string; told_at: string }>(
    tx,
    sql`select item_key, fingerprint, told_at from workflow.digest_items
      where policy_id = ${policyId}::uuid and reader = ${reader} and deleted_at is null`,
  )
  return new Map(
    found.map(({ item_key, fingerprint, told_at }) => [item_key, { fingerprint, toldAt: told_at }]),
  )
}

/** What is told of a lane now, and how many of it were told before and are still so. */
export interface TellingLane {
  readonly lane: Lane
  readonly items: readonly Item[]
  readonly toldBefore: number
}

/**
 * Leaves out what the reader was told in an earlier window and that did not change since. What was told in this very
 * window is told again: the same window always says the same. What is on today is always told.
 */
export const untold = (
  { lanes, window }: Pick<DigestFacts, 'lanes' | 'window'>,
  told: ReadonlyMap<string, Told>,
): readonly TellingLane[] =>
  LANES.map((lane) => {
    const items = lanes[lane].filter(({ key, fingerprint }) => {
      const before = told.get(key)
      return (
        lane === 'today' ||
        before === undefined ||
        before.fingerprint !== fingerprint ||
        Date.parse(before.toldAt) >= window.until.getTime()
      )
    })
    return { lane, items, toldBefore: lanes[lane].length - items.length }
  })

/** Remembers what a reader was told; what is no longer so is forgotten, so that it is told anew when it comes back. */
export const rememberTold = async (
  tx: TenantTx,
  { policyId, reader }: Reader,
  {
    facts,
    telling,
  }: { readonly facts: Pick<DigestFacts, 'lanes' | 'window'>; readonly telling: readonly TellingLane[] },
): Promise<void> => {
  const open = LANES.flatMap((lane) => facts.lanes[lane].map(({ key }) => key))
  await rows(
    tx,
    sql`delete from workflow.digest_items where policy_id = ${policyId}::uuid and reader = ${reader}
      and told_at < ${facts.window.until.toISOString()}::timestamptz and not item_key = any(${sql.param(open)}::text[])`,
  )
  const told = telling.flatMap(({ items }) =>
    items.map(({ key, fingerprint }) => ({ id: newId(), key, fingerprint })),
  )
  await rows(
    tx,
    sql`insert into workflow.digest_items (id, tenant_id, policy_id, reader, item_key, fingerprint, told_at)
      select i.id, core.current_tenant(), ${policyId}::uuid, ${reader}, i.key, i.fingerprint, ${facts.window.until.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as i (id uuid, key text, fingerprint text)
      on conflict (tenant_id, policy_id, reader, item_key) where deleted_at is null
        do update set fingerprint = excluded.fingerprint, told_at = excluded.told_at`,
  )
}
