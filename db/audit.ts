import { createHash } from 'node:crypto'
import type { Channel } from '../domain/actor.ts'
import { bug } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

export interface AuditEvent {
  /** What happened, e.g. `proposal.approved`. */
  readonly kind: string
  readonly entity?: string | null
  readonly recordId?: string | null
  /** Codes, ids and counts; no names. */
  readonly data?: Readonly<Record<string, unknown>>
}

interface AuditRow {
  readonly id: string
  readonly kind: string
  readonly entity: string | null
  readonly record_id: string | null
  readonly via: string
  readonly member_id: string | null
  readonly data: unknown
  readonly position: number
  readonly created_at: string
  readonly previous_hash: string
  readonly hash: string
}

/** An event as verified, with the stamps that every table carries. It is written once, and never changed or put away. */
interface StoredRow extends AuditRow {
  readonly version: number
  readonly deleted_at: string | null
  readonly updated_at: string
  readonly created_by: string | null
  readonly updated_by: string | null
  readonly created_via: string | null
  readonly updated_via: string | null
}

/** Where a chain stood once: how many events, and the hash of the last of them. */
export interface AuditHead {
  readonly events: number
  readonly head: string
}

export type AuditVerdict =
  | ({ readonly ok: true } & AuditHead)
  | { readonly ok: false; readonly events: number; readonly position: number; readonly reason: string }

const GENESIS = '0'.repeat(64)
const PAGE = 1000
const COLUMNS = sql.raw(
  'id, kind, entity, record_id, via, member_id, data, position, created_at, previous_hash, hash',
)

/** JSON with sorted keys and without what Postgres would not store as it is, so that it reads back to the same text. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${entries.map(([key, inner]) => `${canonical(key)}:${canonical(inner)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

const storable = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '')
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storable(inner)]))
}

const digestOf = (value: readonly unknown[]): string =>
  createHash('sha256').update(canonical(value)).digest('hex')

const contentOf = (row: Omit<AuditRow, 'hash'>, tenantId: string): readonly unknown[] => [
  tenantId,
  row.position,
  row.created_at,
  row.kind,
  row.entity,
  row.record_id,
  row.via,
  row.member_id,
  row.data,
  row.previous_hash,
]

const hashOf = (row: Omit<AuditRow, 'hash'>, tenantId: string): string =>
  digestOf([...contentOf(row, tenantId), row.id])

/** Of events from before ids were part of it. */
const earlierHashOf = (row: Omit<AuditRow, 'hash'>, tenantId: string): string =>
  digestOf(contentOf(row, tenantId))

/** The stamps say the same as the columns that are hashed. */
const isStampedAsSaid = (row: StoredRow): boolean =>
  row.version === 1 &&
  row.deleted_at === null &&
  row.created_by === row.member_id &&
  row.updated_by === row.member_id &&
  row.created_via === row.via &&
  row.updated_via === row.via

interface Head {
  readonly tenant: string
  readonly via: Channel
  readonly member: string | null
  readonly position: number | null
  readonly hash: string | null
}

/**
 * Adds an event to the tenant's chain, as the member and by the road of this transaction. Appends of one tenant wait for
 * one another until they commit. Answers its position, from 1.
 */
export const appendAudit = async (tx: TenantTx, event: AuditEvent): Promise<number> => {
  await rows(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended('tact.audit.' || core.current_tenant()::text, 0))`,
  )
  const heads = await rows<Head>(
    tx,
    sql`select core.current_tenant() as tenant, current_setting('app.via') as via,
        nullif(current_setting('app.member_id'), '')::uuid as member, last.position, last.hash
      from (select 1) one
      left join (select position, hash from core.audit_events order by position desc limit 1) last on true`,
  )
  const head = heads[0]
  if (!head) throw bug('no_tenant', 'An audit event was added outside a tenant.')
  const row = {
    id: newId(),
    kind: event.kind,
    entity: event.entity ?? null,
    record_id: event.recordId ?? null,
    via: head.via,
    member_id: head.member,
    data: storable(JSON.parse(JSON.stringify(event.data ?? {}))),
    position: (head.position ?? 0) + 1,
    created_at: new Date().toISOString(),
    previous_hash: head.hash ?? GENESIS,
  }
  await rows(
    tx,
    sql`insert into core.audit_events (id, tenant_id, kind, entity, record_id, via, member_id, data, position, created_at, updated_at, previous_hash, hash)
      values (${row.id}, ${head.tenant}, ${row.kind}, ${row.entity}, ${row.record_id}, ${row.via}, ${row.member_id},
        ${JSON.stringify(row.data)}::jsonb, ${row.position}, ${row.created_at}, ${row.created_at}, ${row.previous_hash}, ${hashOf(row, head.tenant)})`,
  )
  return row.position
}

const faultOf = (
  row: StoredRow,
  tenant: string,
  expected: { position: number; hash: string },
): string | undefined => {
  if (row.position !== expected.position) return 'an event is missing before it'
  if (row.previous_hash !== expected.hash) return 'it does not follow the event before it'
  const isWhole = row.hash === hashOf(row, tenant)
  if (!isWhole && row.hash !== earlierHashOf(row, tenant)) return 'its content was changed'
  if (!isStampedAsSaid(row) || (isWhole && row.updated_at !== row.created_at))
    return 'it was written again or put away'
  return undefined
}

/**
 * Walks the tenant's chain from its first event and finds the first that was changed, moved or left out. Events cut off
 * at the end, or a chain written anew, leave no trace in the chain itself: `kept`, a head that was kept elsewhere, finds
 * them.
 */
export const verifyAudit = async (tx: TenantTx, kept?: AuditHead): Promise<AuditVerdict> => {
  const tenants = await rows<{ tenant: string }>(tx, sql`select core.current_tenant() as tenant`)
  const tenant = tenants[0]!.tenant
  let head = GENESIS
  let events = 0
  for (;;) {
    const page = await rows<StoredRow>(
      tx,
      sql`select ${COLUMNS}, version, deleted_at, updated_at, created_by, updated_by, created_via, updated_via
        from core.audit_events where position > ${events} order by position limit ${PAGE}`,
    )
    for (const row of page) {
      const reason = faultOf(row, tenant, { position: events + 1, hash: head })
      if (reason !== undefined) return { ok: false, events, position: row.position, reason }
      events += 1
      head = row.hash
      if (events === kept?.events && head !== kept.head)
        return {
          ok: false,
          events,
          position: events,
          reason: 'the chain up to it is not the one that was kept',
        }
    }
    if (page.length === PAGE) continue
    if (kept === undefined || kept.events <= events) return { ok: true, events, head }
    return { ok: false, events, position: events + 1, reason: 'the end that was kept is cut off' }
  }
}
