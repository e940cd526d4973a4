import type { Actor } from '../domain/actor.ts'
import { bug, notFound } from '../domain/errors.ts'
import type { HandleLabel } from '../domain/handle.ts'
import { newId } from '../domain/ids.ts'
import type { RecordRef } from '../domain/records.ts'
import type { Database } from './connect.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** A handle of a conversation: a record by id, or an encrypted value. Has the shape redaction/types.ts asks for. */
export interface StoredHandle {
  readonly number: string
  readonly label: HandleLabel
  readonly record: RecordRef | null
  readonly ciphertext: Uint8Array | null
  readonly valueMac: string | null
}

export interface VaultStore {
  load(): Promise<readonly StoredHandle[]>
  /** Reserves `count` consecutive positions and answers the first, counted from 0; safe against other processes. */
  reserve(count: number): Promise<number>
  /** Stores new handles; where the same record or value is there already, that row wins and is answered. */
  save(handles: readonly StoredHandle[]): Promise<readonly StoredHandle[]>
}

interface HandleRow {
  readonly number: string
  readonly label: HandleLabel
  readonly entity: string | null
  readonly record_id: string | null
  readonly ciphertext: Buffer | null
  readonly value_mac: string | null
}

const COLUMNS = sql.raw('number, label, entity, record_id, ciphertext, value_mac')
const BATCH = 1000

const handleOf = (row: HandleRow): StoredHandle => ({
  number: row.number,
  label: row.label,
  record: row.entity !== null && row.record_id !== null ? { entity: row.entity, id: row.record_id } : null,
  ciphertext: row.ciphertext,
  valueMac: row.value_mac,
})

const subjectOf = (handle: StoredHandle): string =>
  handle.record ? `${handle.record.entity}:${handle.record.id}` : `value:${handle.valueMac ?? ''}`

const load = async (tx: TenantTx, conversationId: string): Promise<readonly StoredHandle[]> => {
  const found = await rows<HandleRow>(
    tx,
    sql`select ${COLUMNS} from workflow.handles where conversation_id = ${conversationId} and deleted_at is null`,
  )
  return found.map(handleOf)
}

const reserve = async (tx: TenantTx, conversationId: string, count: number): Promise<number> => {
  const changed = await rows<{ first: number }>(
    tx,
    sql`update workflow.conversations set handles_issued = handles_issued + ${count}
      where id = ${conversationId} and deleted_at is null returning handles_issued - ${count}::int as first`,
  )
  if (changed[0]) return changed[0].first
  throw notFound('unknown_conversation', 'This conversation does not exist, or was forgotten.', {
    fix: 'Begin a new one.',
  })
}

const saveBatch = async (
  tx: TenantTx,
  conversationId: string,
  handles: readonly StoredHandle[],
): Promise<readonly StoredHandle[]> => {
  if (handles.length === 0) return []
  const values = handles.map(
    (handle) =>
      sql`(${newId()}::uuid, core.current_tenant(), ${conversationId}::uuid, ${handle.number}, ${handle.label},
        ${handle.record?.entity ?? null}, ${handle.record?.id ?? null}::uuid,
        ${handle.ciphertext === null ? null : Buffer.from(handle.ciphertext)}::bytea, ${handle.valueMac})`,
  )
  await rows(
    tx,
    sql`insert into workflow.handles (id, tenant_id, conversation_id, number, label, entity, record_id, ciphertext, value_mac)
      values ${sql.join(values, sql`, `)} on conflict do nothing`,
  )
  const ids = handles.flatMap(({ record }) => (record ? [record.id] : []))
  const macs = handles.flatMap(({ valueMac }) => (valueMac === null ? [] : [valueMac]))
  const stored = await rows<HandleRow>(
    tx,
    sql`select ${COLUMNS} from workflow.handles where conversation_id = ${conversationId} and deleted_at is null
      and (record_id = any(${sql.param(ids)}::uuid[]) or value_mac = any(${sql.param(macs)}::text[]))`,
  )
  const bySubject = new Map(stored.map(handleOf).map((handle) => [subjectOf(handle), handle]))
  return handles.map((handle) => {
    const winner = bySubject.get(subjectOf(handle))
    if (!winner) throw bug('handle_number_taken', 'A handle number was given to two things.')
    return winner
  })
}

const save = async (
  tx: TenantTx,
  conversationId: string,
  handles: readonly StoredHandle[],
): Promise<readonly StoredHandle[]> => {
  const saved: StoredHandle[] = []
  for (let at = 0; at < handles.length; at += BATCH) {
    saved.push(...(await saveBatch(tx, conversationId, handles.slice(at, at + BATCH))))
  }
  return saved
}

/** The handles of a conversation, inside a transaction that is open. */
export const vaultStoreIn = (tx: TenantTx, conversationId: string): VaultStore => ({
  load: () => load(tx, conversationId),
  reserve: (count) => reserve(tx, conversationId, count),
  save: (handles) => save(tx, conversationId, handles),
})

/** The handles of a conversation, each call in a transaction of its own. Never use it inside another transaction. */
export const vaultStore = (
  database: Database,
  actor: Pick<Actor, 'tenantId' | 'memberId' | 'via'>,
  conversationId: string,
): VaultStore => ({
  load: () => asTenant(database, actor, (tx) => load(tx, conversationId), { readOnly: true }),
  reserve: (count) => asTenant(database, actor, (tx) => reserve(tx, conversationId, count)),
  save: (handles) => asTenant(database, actor, (tx) => save(tx, conversationId, handles)),
})
