import { randomBytes } from 'node:crypto'
import type { Channel } from '../domain/actor.ts'
import { notFound } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId } from '../domain/ids.ts'
import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

const KEY_BYTES = 32

export interface Conversation {
  readonly id: string
  /** 32 random bytes: handles and stored values of the conversation mean nothing without them. */
  readonly key: Buffer
}

export interface ConversationPlace {
  readonly channel: Channel
  /** Finds the conversation again from outside (Slack thread, MCP credential); null always begins a new one. */
  readonly externalKey: string | null
  readonly memberId: MemberId | null
}

export interface Turn {
  readonly position: number
  readonly role: 'user' | 'assistant'
  readonly content: unknown
}

const gone = (): Error =>
  notFound('unknown_conversation', 'This conversation does not exist, or was forgotten.', {
    fix: 'Begin a new one.',
  })

/** The conversation at this place, begun now if there is none. */
export const openConversation = async (tx: TenantTx, place: ConversationPlace): Promise<Conversation> => {
  const { channel, externalKey, memberId } = place
  const made = await rows<Conversation>(
    tx,
    sql`insert into workflow.conversations (id, tenant_id, channel, external_key, member_id, key)
      values (${newId()}, core.current_tenant(), ${channel}, ${externalKey}, ${memberId}, ${randomBytes(KEY_BYTES)})
      on conflict (tenant_id, channel, external_key) where deleted_at is null do nothing returning id, key`,
  )
  if (made[0]) return made[0]
  const found = await rows<Conversation>(
    tx,
    sql`select id, key from workflow.conversations
      where channel = ${channel} and external_key = ${externalKey} and deleted_at is null`,
  )
  if (!found[0]) throw gone()
  return found[0]
}

/** How stale `last_used_at` may be, so that not every call writes. */
const USED_EVERY = sql.raw(`interval '1 hour'`)

/**
 * As `openConversation`, for what is found again by a credential that lives long: left alone for `idleDays`, the old one
 * is forgotten with its key and handles, and a new one begins.
 */
export const openLasting = async (
  tx: TenantTx,
  place: ConversationPlace,
  { idleDays }: { readonly idleDays: number },
): Promise<Conversation> => {
  const { channel, externalKey } = place
  const [old] = await rows<{ id: string }>(
    tx,
    sql`select id from workflow.conversations where channel = ${channel} and external_key = ${externalKey} and deleted_at is null
      and coalesce(last_used_at, created_at) < now() - make_interval(days => ${idleDays}::int) for update`,
  )
  if (old) await forgetConversation(tx, old.id)
  const opened = await openConversation(tx, place)
  await rows(
    tx,
    sql`update workflow.conversations set last_used_at = now() where id = ${opened.id}::uuid
      and (last_used_at is null or last_used_at < now() - ${USED_EVERY})`,
  )
  return opened
}

/** The conversation of that id with its key. Throws `not-found`, also when it was forgotten. */
export const readConversation = async (tx: TenantTx, id: string): Promise<Conversation> => {
  const found = await rows<Conversation>(
    tx,
    sql`select id, key from workflow.conversations where id = ${id} and deleted_at is null and key is not null`,
  )
  if (!found[0]) throw gone()
  return found[0]
}

/** Adds what was said, with handles in place of names. Two writers at once get positions in the order they commit. */
export const appendTurn = async (
  tx: TenantTx,
  conversationId: string,
  turn: Pick<Turn, 'role' | 'content'>,
): Promise<Turn> => {
  const locked = await rows(
    tx,
    sql`select id from workflow.conversations where id = ${conversationId} and deleted_at is null for update`,
  )
  if (locked.length === 0) throw gone()
  const made = await rows<{ position: number }>(
    tx,
    sql`insert into workflow.turns (id, tenant_id, conversation_id, position, role, content)
      select ${newId()}, core.current_tenant(), ${conversationId}, coalesce(max(position), 0) + 1, ${turn.role},
        ${JSON.stringify(turn.content)}::jsonb
      from workflow.turns where conversation_id = ${conversationId} returning position`,
  )
  return { ...turn, position: made[0]!.position }
}

export interface ConversationSummary {
  /** With handles; null while there is none. */
  readonly text: string | null
  /** Position of the last turn it holds. */
  readonly until: number
}

/** What was said before the turns that are still read word for word. */
export const readSummary = async (tx: TenantTx, conversationId: string): Promise<ConversationSummary> => {
  const found = await rows<ConversationSummary>(
    tx,
    sql`select summary as text, summary_until as until from workflow.conversations
      where id = ${conversationId} and deleted_at is null`,
  )
  return found[0] ?? { text: null, until: 0 }
}

/** Keeps a summary that reaches further than the one there is; an older one changes nothing. */
export const keepSummary = async (
  tx: TenantTx,
  conversationId: string,
  { text, until }: ConversationSummary,
): Promise<void> => {
  await rows(
    tx,
    sql`update workflow.conversations set summary = ${text}, summary_until = ${until}
      where id = ${conversationId} and deleted_at is null and summary_until < ${until}`,
  )
}

/** The last turns (all unless `last` is given), behind position `after` where that is given; oldest first. */
export const readTurns = async (
  tx: TenantTx,
  conversationId: string,
  options: { readonly last?: number; readonly after?: number } = {},
): Promise<readonly Turn[]> => {
  const found = await rows<Turn>(
    tx,
    sql`select position, role, content from workflow.turns
      where conversation_id = ${conversationId} and deleted_at is null and position > ${options.after ?? 0}
      order by position desc limit ${options.last ?? null}`,
  )
  return found.toReversed()
}

/** Drops the key, the handles and what was said: whatever left the machine cannot be put back into names any more. */
export const forgetConversation = async (tx: TenantTx, id: string): Promise<void> => {
  const changed = await rows(
    tx,
    sql`update workflow.conversations set key = null, summary = null, deleted_at = now() where id = ${id} and deleted_at is null returning id`,
  )
  if (changed.length === 0) throw gone()
  await rows(tx, sql`delete from workflow.handles where conversation_id = ${id}`)
  await rows(tx, sql`delete from workflow.turns where conversation_id = ${id}`)
  await rows(tx, sql`delete from workflow.unread_questions where conversation_id = ${id}`)
  await rows(tx, sql`update workflow.agent_runs set steps = null where conversation_id = ${id}`)
}
