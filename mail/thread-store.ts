import { newId } from '../domain/ids.ts'
import type { TenantId } from '../domain/ids.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { circleKey } from './circle.ts'
import type { Circle } from './circle.ts'
import { baseSubject, isOrphanReply, SUBJECT_WINDOW_MS, threadMessages } from './thread.ts'
import type { Threadable, Threading } from './thread.ts'

interface StoredRow {
  readonly id: string
  readonly message_id: string
  readonly in_reply_to: string | null
  readonly reference_ids: readonly string[] | null
  readonly subject: string
  readonly sent_at: string
  readonly from_address: string | null
  readonly thread_id: string
  readonly recipients: readonly string[] | null
}

const toThreadable = (row: StoredRow): Threadable => ({
  key: row.id,
  messageId: row.message_id,
  inReplyTo: row.in_reply_to,
  references: row.reference_ids ?? [],
  subject: row.subject,
  sentAtMs: Date.parse(row.sent_at),
  from: row.from_address,
  recipients: row.recipients ?? [],
  threadId: row.thread_id,
})

/** Messages with their thread; the threads of one conversation, one for each circle of readers, count as one. */
const whole = sql`intel.mail_messages m join intel.mail_threads t on t.tenant_id = m.tenant_id and t.id = m.thread_id`
const conversation = sql`coalesce(t.conversation_id, t.id)`

/** Stored messages that carry one of the ids, or name one as an ancestor: they came before their relative. */
const relatives = (tx: TenantTx, ids: readonly string[]): Promise<StoredRow[]> =>
  rows<StoredRow>(
    tx,
    sql`select m.id, m.message_id, m.in_reply_to, m.reference_ids, '' as subject, m.sent_at, null as from_address,
        ${conversation} as thread_id, null as recipients
      from ${whole} where m.deleted_at is null and m.copy_of is null and (m.message_id = any(${sql.param(ids)}::text[])
        or m.id = any(array(select c.id from intel.mail_messages_citing(${sql.param(ids)}::text[]) as c)))`,
  )

const MAX_NAMESAKES = 5_000

const columns = sql`m.id, m.message_id, m.in_reply_to, m.reference_ids, m.subject, m.sent_at, m.from_address,
  ${conversation} as thread_id, (select array_agg(r.address) from intel.mail_recipients r where r.email_id = m.id and r.kind <> 'reply_to') as recipients`

const atMs = (ms: number): string => new Date(ms).toISOString()
const timesOf = (messages: readonly Threadable[]): readonly [first: number, last: number] => [
  Math.min(...messages.map(({ sentAtMs }) => sentAtMs)),
  Math.max(...messages.map(({ sentAtMs }) => sentAtMs)),
]

/** Stored messages that a new reply without ancestors may answer. */
const answerable = (tx: TenantTx, orphans: readonly Threadable[]): Promise<StoredRow[]> => {
  const [first, last] = timesOf(orphans)
  const endings = orphans.map(({ subject }) => `%${baseSubject(subject).base.replace(/[\\%_]/g, '\\$&')}%`)
  return rows<StoredRow>(
    tx,
    sql`select ${columns} from ${whole}
      where m.copy_of is null and m.sent_at between ${atMs(first - SUBJECT_WINDOW_MS)} and ${atMs(last)} and m.deleted_at is null
        and m.subject ilike any(${sql.param([...new Set(endings)])}::text[]) order by m.sent_at desc limit ${MAX_NAMESAKES}`,
  )
}

/** Stored replies without ancestors that may answer a new message. */
const waitingReplies = (tx: TenantTx, fresh: readonly Threadable[]): Promise<StoredRow[]> => {
  const [first, last] = timesOf(fresh)
  return rows<StoredRow>(
    tx,
    sql`select ${columns} from ${whole}
      where m.copy_of is null and m.sent_at between ${atMs(first)} and ${atMs(last + SUBJECT_WINDOW_MS)} and m.deleted_at is null
        and m.in_reply_to is null and m.reference_ids is null and m.subject ~ '^[^:：]{1,60}[:：]'
      order by m.sent_at desc limit ${MAX_NAMESAKES}`,
  )
}

/** Threads for new messages, with stored threads that they connect. Nothing is written. */
export const findThreads = async (tx: TenantTx, fresh: readonly Threadable[]): Promise<Threading> => {
  const ids = new Set(
    fresh.flatMap(({ messageId, inReplyTo, references }) => [messageId, inReplyTo ?? '', ...references]),
  )
  ids.delete('')
  const stored = new Map<string, Threadable>()
  for (const row of await relatives(tx, [...ids])) stored.set(row.id, toThreadable(row))
  for (const row of await waitingReplies(tx, fresh)) stored.set(row.id, toThreadable(row))
  const orphans = fresh.filter(isOrphanReply)
  if (orphans.length > 0)
    for (const row of await answerable(tx, orphans)) stored.set(row.id, toThreadable(row))
  return threadMessages([...stored.values(), ...fresh])
}

/** Makes one conversation of those that belong together. Returns the threads that took others in. */
export const mergeConversations = async (
  tx: TenantTx,
  merged: Threading['merged'],
): Promise<readonly string[]> => {
  if (merged.length === 0) return []
  await rows(
    tx,
    sql`update intel.mail_threads t set conversation_id = move.into_id
      from jsonb_to_recordset(${JSON.stringify(merged)}::jsonb) as raw("from" uuid, "into" uuid),
        lateral (select raw."from" as from_id, raw."into" as into_id) as move
      where t.conversation_id = move.from_id or (t.conversation_id is null and t.id = move.from_id)`,
  )
  const into = sql.param([...new Set(merged.map((move) => move.into))])
  const doubled = await rows<{ id: string; kept: string }>(
    tx,
    sql`select id, kept from (
        select id, first_value(id) over (partition by coalesce(conversation_id, id), only_for, not_for order by id) as kept
        from intel.mail_threads where deleted_at is null
          and (conversation_id = any(${into}::uuid[]) or (conversation_id is null and id = any(${into}::uuid[])))
      ) as ranked where id <> kept`,
  )
  if (doubled.length === 0) return []
  await rows(
    tx,
    sql`update intel.mail_messages m set thread_id = move.kept
      from jsonb_to_recordset(${JSON.stringify(doubled)}::jsonb) as move(id uuid, kept uuid) where m.thread_id = move.id`,
  )
  await rows(
    tx,
    sql`update intel.mail_threads set deleted_at = now(), message_count = 0, needs_reply = false
      where id = any(${sql.param(doubled.map(({ id }) => id))}::uuid[])`,
  )
  return [...new Set(doubled.map(({ kept }) => kept))]
}

/** A place in a conversation, for those who may see it. */
export interface Wanted {
  readonly conversationId: string
  readonly circle: Circle
}

export const wantedKey = ({ conversationId, circle }: Wanted): string =>
  `${conversationId} ${circleKey(circle)}`

/** The thread of each conversation and circle, by `wantedKey`; made where there is none. */
export const threadsFor = async (
  tx: TenantTx,
  tenantId: TenantId,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, string>> => {
  const conversations = sql.param([...new Set(wanted.map(({ conversationId }) => conversationId))])
  const stored = await rows<{
    id: string
    conversation: string
    only_for: string[] | null
    not_for: string[] | null
  }>(
    tx,
    sql`select t.id, ${conversation} as conversation, t.only_for, t.not_for from intel.mail_threads t
      where t.deleted_at is null and (t.conversation_id = any(${conversations}::uuid[])
        or (t.conversation_id is null and t.id = any(${conversations}::uuid[])))`,
  )
  const found = new Map<string, string>()
  for (const { id, conversation: conversationId, only_for: onlyFor, not_for: notFor } of stored)
    found.set(wantedKey({ conversationId, circle: { onlyFor, notFor } }), id)
  const taken = new Set(stored.map(({ conversation: id }) => id))
  const fresh: object[] = []
  for (const one of wanted) {
    const key = wantedKey(one)
    if (found.has(key)) continue
    const { conversationId, circle } = one
    const id = taken.has(conversationId) ? newId() : conversationId
    taken.add(conversationId)
    found.set(key, id)
    fresh.push({
      id,
      conversation_id: id === conversationId ? null : conversationId,
      only_for: circle.onlyFor,
      not_for: circle.notFor,
    })
  }
  if (fresh.length > 0) {
    await rows(
      tx,
      sql`insert into intel.mail_threads (id, tenant_id, subject, conversation_id, only_for, not_for)
        select id, ${tenantId}::uuid, '', conversation_id, only_for, not_for from jsonb_to_recordset(${JSON.stringify(fresh)}::jsonb)
          as r(id uuid, conversation_id uuid, only_for text[], not_for text[])
        on conflict (id) do update set deleted_at = null, conversation_id = excluded.conversation_id,
          only_for = excluded.only_for, not_for = excluded.not_for`,
    )
  }
  return found
}

/** Counts the threads again from their messages; a thread that has none left is gone. */
export const rollUpThreads = async (tx: TenantTx, threadIds: readonly string[]): Promise<void> => {
  if (threadIds.length === 0) return
  const firsts = await rows<{ thread_id: string; subject: string }>(
    tx,
    sql`select distinct on (thread_id) thread_id, subject from intel.mail_messages
      where thread_id = any(${sql.param(threadIds)}::uuid[]) and deleted_at is null order by thread_id, sent_at, id`,
  )
  const subjects = firsts.map(({ thread_id, subject }) => ({ thread_id, subject: baseSubject(subject).base }))
  await rows(
    tx,
    sql`with named as (
        select thread_id, subject from jsonb_to_recordset(${JSON.stringify(subjects)}::jsonb) as r(thread_id uuid, subject text)
      ), mine as (
        select m.id, m.thread_id, m.sent_at, m.direction, m.is_bulk, m.from_member_id, m.from_person_id, m.company_id
        from intel.mail_messages m
        where m.thread_id = any(${sql.param(threadIds)}::uuid[]) and m.deleted_at is null
      ), readers as (
        select r.email_id, (array_agg(r.member_id order by r.id) filter (where r.member_id is not null))[1] as member_id,
          (array_agg(r.person_id order by r.id) filter (where r.person_id is not null))[1] as person_id
        from intel.mail_recipients r
        where r.email_id in (select id from mine) and r.kind <> 'reply_to'
          and (r.member_id is not null or r.person_id is not null)
        group by r.email_id
      ), known as (
        select m.*, coalesce(m.from_member_id, r.member_id) as member_id, coalesce(m.from_person_id, r.person_id) as person_id
        from mine m left join readers r on r.email_id = m.id
      ), fresh as (
        select thread_id, min(sent_at) as first_at, max(sent_at) as last_at, count(*)::int as message_count,
          (array_agg(direction order by sent_at desc, id desc))[1] as last_direction,
          (array_agg(is_bulk order by sent_at desc, id desc))[1] as last_is_bulk,
          (array_agg(member_id order by sent_at desc, id desc) filter (where member_id is not null))[1] as owner_id,
          (array_agg(person_id order by sent_at desc, id desc) filter (where person_id is not null))[1] as person_id,
          (array_agg(company_id order by sent_at desc, id desc) filter (where company_id is not null))[1] as company_id
        from known group by thread_id
      )
      update intel.mail_threads t set first_at = fresh.first_at, last_at = fresh.last_at, message_count = fresh.message_count,
        last_direction = fresh.last_direction, needs_reply = fresh.last_direction = 'inbound' and not fresh.last_is_bulk,
        owner_id = fresh.owner_id, person_id = fresh.person_id, company_id = fresh.company_id, subject = named.subject
      from fresh join named using (thread_id) where t.id = fresh.thread_id`,
  )
  await rows(
    tx,
    sql`update intel.mail_threads t set deleted_at = now(), message_count = 0, needs_reply = false
      where t.id = any(${sql.param(threadIds)}::uuid[]) and t.deleted_at is null
        and not exists (select from intel.mail_messages m where m.thread_id = t.id and m.deleted_at is null)`,
  )
}
