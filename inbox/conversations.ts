import { createHash } from 'node:crypto'
import { withoutLegend } from '../agent/legend.ts'
import type { Database } from '../db/connect.ts'
import { readTurns } from '../db/conversations.ts'
import { readEgress } from '../db/egress.ts'
import type { StoredEgress } from '../db/egress.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { notFound } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import { handleMentions } from '../redaction/handle-pattern.ts'
import { unsealBody } from '../redaction/seal-body.ts'
import type { Privacy } from '../tools/privacy/privacy.ts'

export interface ConversationRow {
  readonly id: string
  readonly channel: string
  readonly startedAt: string
  readonly turns: number
  readonly handles: number
  /** Requests to models elsewhere. */
  readonly requests: number
}

/** What was said, as the person reads it and as the model did. */
export interface ShownTurn {
  readonly role: 'user' | 'assistant'
  readonly withNames: string
  readonly withHandles: string
}

/** A request that left, or was held back. */
export interface ShownRequest {
  readonly at: string
  readonly model: string
  readonly bytes: number
  readonly sha256: string
  readonly policy: string
  readonly scannedValues: number
  readonly leaks: number
  readonly sent: boolean
  /** Null where it cannot be opened. */
  readonly body: string | null
  /** Whether the stored body has the digest that was recorded when it left; null where it cannot be opened. */
  readonly intact: boolean | null
}

export interface ShownConversation {
  readonly row: ConversationRow
  readonly turns: readonly ShownTurn[]
  readonly requests: readonly ShownRequest[]
}

export interface Decoded {
  readonly text: string
  /** Handles in the text that was pasted, and those that stand for nothing in this conversation or inside a link. */
  readonly handles: number
  readonly left: number
}

const MOST_LISTED = 50

const select = (tx: TenantTx, { memberId }: Actor, id: string | null): Promise<ConversationRow[]> =>
  rows<ConversationRow>(
    tx,
    sql`select c.id, c.channel, c.created_at as "startedAt", 
        (select count(*)::int from workflow.handles h
          where h.tenant_id = c.tenant_id and h.conversation_id = c.id and h.deleted_at is null) as handles,
        (select count(*)::int from workflow.turns t
          where t.tenant_id = c.tenant_id and t.conversation_id = c.id and t.deleted_at is null) as turns,
        (select count(*)::int from workflow.egress e
          where e.tenant_id = c.tenant_id and e.conversation_id = c.id) as requests
      from workflow.conversations c
      where c.member_id = ${memberId} and c.deleted_at is null and c.key is not null
        and (${id}::uuid is null or c.id = ${id}::uuid)
      order by c.created_at desc, c.id desc limit ${MOST_LISTED}`,
  )

/** The member's own conversations, the latest first; those of others are theirs, whatever the role. */
export const listConversations = (database: Database, actor: Actor): Promise<readonly ConversationRow[]> =>
  asTenant(database, actor, (tx) => select(tx, actor, null), { readOnly: true })

const own = async (tx: TenantTx, actor: Actor, id: string): Promise<ConversationRow> => {
  const found = isUuid(id) ? await select(tx, actor, id) : []
  if (!found[0]) {
    throw notFound('unknown_conversation', 'This conversation is not one of yours, or was forgotten.', {
      fix: 'Choose one from the list of conversations.',
    })
  }
  return found[0]
}

const textIn = (content: unknown): string => {
  const text = (content as { readonly text?: unknown } | null)?.text
  return typeof text === 'string' ? text : JSON.stringify(content)
}

const opened = (row: StoredEgress): ShownRequest => {
  const body = row.conversationKey === null ? undefined : unsealBody(row.conversationKey, row.id, row.body)
  const intact =
    body === undefined ? null : createHash('sha256').update(body).digest('hex') === row.bodySha256
  return {
    at: row.at,
    model: row.model,
    bytes: row.bodyBytes,
    sha256: row.bodySha256,
    policy: row.policy,
    scannedValues: row.scannedValues,
    leaks: row.leaks,
    sent: row.sent,
    body: body ?? null,
    intact,
  }
}

/** A conversation of the member's with names put back beside what the model saw. Throws `unknown_conversation`. */
export const showConversation = async (
  { database, privacy }: { readonly database: Database; readonly privacy: Privacy },
  actor: Actor,
  id: string,
): Promise<ShownConversation> => {
  const { row, kept, left } = await asTenant(
    database,
    actor,
    async (tx) => {
      const found = await own(tx, actor, id)
      return { row: found, kept: await readTurns(tx, found.id), left: await readEgress(tx, found.id) }
    },
    { readOnly: true },
  )
  const session = await privacy.open(actor, row.id)
  const turns: ShownTurn[] = []
  for (const { role, content } of kept) {
    const withHandles = textIn(content)
    const said = role === 'user' ? withoutLegend(withHandles) : withHandles
    turns.push({ role, withHandles, withNames: await session.restoreText(said) })
  }
  return { row, turns, requests: left.map(opened) }
}

/** Puts names into a text that a model wrote in this conversation of the member's. Throws `unknown_conversation`. */
export const decode = async (
  { database, privacy }: { readonly database: Database; readonly privacy: Privacy },
  actor: Actor,
  { id, text }: { readonly id: string; readonly text: string },
): Promise<Decoded> => {
  await asTenant(database, actor, (tx) => own(tx, actor, id), { readOnly: true })
  const restored = await (await privacy.open(actor, id)).restoreText(text)
  return { text: restored, handles: handleMentions(text).length, left: handleMentions(restored).length }
}
