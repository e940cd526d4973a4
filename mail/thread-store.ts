import type { TenantId } from '../domain/ids.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
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

/** Stored messages that carry one of the ids, or name one as an ancestor: they came before their relative. */
const relatives = (tx: TenantTx, ids: readonly string[]): Promise<StoredRow[]> =>
  rows<StoredRow>(
    tx,
    sql`select m.id, m.message_id, m.in_reply_to, m.reference_ids, '' as subject, m.sent_at, null as from_address, m.thread_id,
        null as recipients
      from intel.mail_messages m
      where m.deleted_at is null and (m.message_id = any(${sql.param(ids)}::text[])
        or m.id = any(array(select c.id from intel.mail_messages_citing(${sql.param(ids)}::text[]) as c)))`,
  )

const MAX_NAMESAKES = 5_000

const columns = sql`m.id, m.message_id, m.in_reply_to, m.reference_ids, m.subject, m.sent_at, m.from_address, m.thread_id,
  (select array_agg(r.address) from intel.mail_recipients r where r.email_id = m.id and r.kind <> 'reply_to') as recipients`

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
    sql`select ${columns} from intel.mail_messages m
      where m.sent_at between ${atMs(first - SUBJECT_WINDOW_MS)} and ${atMs(last)} and m.deleted_at is null
        and m.subject ilike any(${sql.param([...new Set(endings)])}::text[]) order by m.sent_at desc limit ${MAX_NAMESAKES}`,
  )
}

/** Stored replies without ancestors that may answer a new message. */
const waitingReplies = (tx: TenantTx, fresh: readonly Threadable[]): Promise<StoredRow[]> => {
  const [first, last] = timesOf(fresh)
  return rows<StoredRow>(
    tx,
    sql`select ${columns} from intel.mail_messages m
      where m.sent_at between ${atMs(first)} and ${atMs(last + SUBJECT_WINDOW_MS)} and m.deleted_at is null
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

/** Creates the new threads and makes one of those that belong together; roll-ups follow in `rollUpThreads`. */
export const writeThreads = async (
  tx: TenantTx,
  tenantId: TenantId,
  { created, merged }: Pick<Threading, 'created' | 'merged'>,
): Promise<void> => {
  if (created.length > 0) {
    await rows(
      tx,
      sql`insert into intel.mail_threads (id, tenant_id, subject)
        select id, ${tenantId}::uuid, '' from unnest(${sql.param(created)}::uuid[]) as id`,
    )
  }
  if (merged.length === 0) return
  const moves = JSON.stringify(merged)
  await rows(
    tx,
    sql`update intel.mail_messages m set thread_id = move.into_id
      from jsonb_to_recordset(${moves}::jsonb) as raw("from" uuid, "into" uuid),
        lateral (select raw."from" as from_id, raw."into" as into_id) as move
      where m.thread_id = move.from_id`,
  )
  await rows(
    tx,
    sql`update intel.mail_threads set deleted_at = now(), message_count = 0, needs_reply = false
      where id = any(${sql.param(merged.map(({ from }) => from))}::uuid[])`,
  )
}

/** Counts the threads again from their messages. */
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
}
