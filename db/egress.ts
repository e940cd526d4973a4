import { appendAudit } from './audit.ts'
import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** A request to a model that is not on this machine. */
export interface EgressRow {
  readonly id: string
  readonly conversationId: string
  readonly answerId: string
  readonly model: string
  readonly bodySha256: string
  readonly bodyBytes: number
  /** Encrypted under the conversation's key. */
  readonly body: Uint8Array
  readonly policy: string
  readonly dictionaryVersion: number
  readonly handles: Readonly<Record<string, number>>
  readonly scannedValues: number
  readonly leaks: number
  readonly sent: boolean
}

export interface StoredEgress extends EgressRow {
  readonly at: string
  readonly auditPosition: number
  /** Null once the conversation was forgotten. */
  readonly conversationKey: Buffer | null
}

/** Adds a request to the ledger and to the audit chain, which holds the digest of its body. */
export const recordEgress = async (tx: TenantTx, row: EgressRow): Promise<void> => {
  const position = await appendAudit(tx, {
    kind: row.sent ? 'egress.sent' : 'egress.blocked',
    entity: 'egress',
    recordId: row.id,
    data: {
      conversation: row.conversationId,
      answer: row.answerId,
      model: row.model,
      sha256: row.bodySha256,
      bytes: row.bodyBytes,
      policy: row.policy,
      dictionary: row.dictionaryVersion,
      handles: row.handles,
      scanned: row.scannedValues,
      leaks: row.leaks,
    },
  })
  await rows(
    tx,
    sql`insert into workflow.egress (id, tenant_id, conversation_id, answer_id, model, body_sha256, body_bytes, body, policy,
        dictionary_version, handles, scanned_values, leaks, sent, audit_position)
      values (${row.id}, core.current_tenant(), ${row.conversationId}, ${row.answerId}, ${row.model}, ${row.bodySha256},
        ${row.bodyBytes}, ${Buffer.from(row.body)}, ${row.policy}, ${row.dictionaryVersion},
        ${JSON.stringify(row.handles)}::jsonb, ${row.scannedValues}, ${row.leaks}, ${row.sent}, ${position})`,
  )
}

/** The requests of a conversation or of one answer, in the order they left. */
export const readEgress = async (tx: TenantTx, id: string): Promise<readonly StoredEgress[]> =>
  rows<StoredEgress>(
    tx,
    sql`select e.id, e.conversation_id as "conversationId", e.answer_id as "answerId", e.model, e.body_sha256 as "bodySha256",
        e.body_bytes as "bodyBytes", e.body, e.policy, e.dictionary_version as "dictionaryVersion", e.handles,
        e.scanned_values as "scannedValues", e.leaks, e.sent, e.created_at as "at", e.audit_position as "auditPosition",
        c.key as "conversationKey"
      from workflow.egress e join workflow.conversations c on c.tenant_id = e.tenant_id and c.id = e.conversation_id
      where e.conversation_id = ${id}::uuid or e.answer_id = ${id}::uuid order by e.audit_position`,
  )
