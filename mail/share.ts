import type { TenantId } from '../domain/ids.ts'
import { newId } from '../domain/ids.ts'
import type { Visibility } from '../db/catalog/mailboxes.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { circleKey, EVERYBODY, sharingOf } from './circle.ts'
import type { Circle, Sharing } from './circle.ts'
import { rollUpThreads, threadsFor, wantedKey } from './thread-store.ts'

/** Puts messages into a mailbox; those that are in it already stay. */
export const placeMessages = async (
  tx: TenantTx,
  tenantId: TenantId,
  mailbox: { readonly id: string; readonly memberId: string },
  emailIds: readonly string[],
): Promise<void> => {
  if (emailIds.length === 0) return
  const places = emailIds.map((emailId) => ({ id: newId(), email_id: emailId }))
  await rows(
    tx,
    sql`insert into intel.mailbox_messages (id, tenant_id, mailbox_id, email_id, only_for)
      select id, ${tenantId}::uuid, ${mailbox.id}::uuid, email_id, array[${mailbox.memberId}::text]
      from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as r(id uuid, email_id uuid)
      on conflict (tenant_id, mailbox_id, email_id) where deleted_at is null do nothing`,
  )
}

interface StandingRow {
  readonly id: string
  readonly conversation: string
  readonly thread_id: string
  readonly only_for: string[] | null
  readonly copy_id: string | null
  readonly copy_thread: string | null
  readonly copy_not_for: string[] | null
  readonly mailboxes: readonly { readonly memberId: string; readonly visibility: Visibility }[]
}

/** Whole messages as they stand, with the mailboxes that they are in; those in none belong to the team. */
const standing = (tx: TenantTx, emailIds: readonly string[]): Promise<StandingRow[]> =>
  rows<StandingRow>(
    tx,
    sql`select m.id, m.thread_id, m.only_for, coalesce(t.conversation_id, t.id) as conversation, c.id as copy_id,
        c.thread_id as copy_thread, c.not_for as copy_not_for,
        (select jsonb_agg(jsonb_build_object('memberId', b.member_id, 'visibility', b.visibility)) from intel.mailbox_messages p
          join intel.mailboxes b on b.id = p.mailbox_id and b.deleted_at is null
          where p.email_id = m.id and p.deleted_at is null) as mailboxes
      from intel.mail_messages m join intel.mail_threads t on t.id = m.thread_id
      left join intel.mail_messages c on c.copy_of = m.id and c.deleted_at is null
      where m.id = any(${sql.param([...emailIds])}::uuid[]) and m.copy_of is null and m.deleted_at is null
        and exists (select from intel.mailbox_messages p where p.email_id = m.id and p.deleted_at is null)`,
  )

interface Change {
  readonly row: StandingRow
  readonly sharing: Sharing
  readonly threadId: string
  readonly copyThreadId: string | null
}

const same = (a: Circle | null, b: Circle | null): boolean =>
  (a === null ? '' : circleKey(a)) === (b === null ? '' : circleKey(b))

const circleOf = (onlyFor: string[] | null): Circle => ({ ...EVERYBODY, onlyFor })
const copyCircleOf = (row: StandingRow): Circle | null =>
  row.copy_id === null ? null : { ...EVERYBODY, notFor: row.copy_not_for }

const writeWhole = async (tx: TenantTx, changes: readonly Change[]): Promise<void> => {
  const given = JSON.stringify(
    changes.map(({ row, sharing, threadId }) => ({
      id: row.id,
      thread_id: threadId,
      only_for: sharing.whole.onlyFor,
      contact: sharing.contactOnlyFor,
    })),
  )
  const record = sql`jsonb_to_recordset(${given}::jsonb) as r(id uuid, thread_id uuid, only_for text[], contact text[])`
  await rows(
    tx,
    sql`update intel.mail_messages m set only_for = r.only_for, thread_id = r.thread_id from ${record} where m.id = r.id`,
  )
  await rows(
    tx,
    sql`update intel.mail_recipients t set only_for = r.only_for from ${record} where t.email_id = r.id`,
  )
  await rows(
    tx,
    sql`update intel.mail_attachments t set only_for = r.only_for from ${record} where t.email_id = r.id`,
  )
  await rows(
    tx,
    sql`update intel.interaction_people t set only_for = r.contact from ${record}
      join intel.interactions i on i.email_id = r.id where t.interaction_id = i.id`,
  )
  await rows(
    tx,
    sql`update intel.interactions t set only_for = r.contact from ${record} where t.email_id = r.id`,
  )
}

/** Rows that show the subject, to all but those who see the whole. */
const writeCopies = async (tx: TenantTx, tenantId: TenantId, changes: readonly Change[]): Promise<void> => {
  const gone = sql.param(changes.flatMap(({ row }) => row.copy_id ?? []))
  await rows(tx, sql`delete from intel.mail_recipients where email_id = any(${gone}::uuid[])`)
  await rows(tx, sql`delete from intel.mail_messages where id = any(${gone}::uuid[])`)
  const made = changes.flatMap(({ row, sharing, copyThreadId }) =>
    sharing.subject === null || copyThreadId === null
      ? []
      : [{ id: newId(), of: row.id, thread_id: copyThreadId, not_for: sharing.subject.notFor }],
  )
  if (made.length === 0) return
  const record = sql`jsonb_to_recordset(${JSON.stringify(made)}::jsonb) as r(id uuid, "of" uuid, thread_id uuid, not_for text[])`
  await rows(
    tx,
    sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, in_reply_to, reference_ids, content_hash, sent_at,
        direction, from_address, from_name, from_person_id, from_member_id, company_id, subject, body_text, is_bulk,
        has_attachment, size_bytes, source, copy_of, not_for)
      select r.id, ${tenantId}::uuid, r.thread_id, m.message_id, m.in_reply_to, m.reference_ids, 'subject:' || m.content_hash, m.sent_at,
        m.direction, m.from_address, m.from_name, m.from_person_id, m.from_member_id, m.company_id, m.subject, '', m.is_bulk,
        false, 0, m.source, m.id, r.not_for
      from ${record} join intel.mail_messages m on m.id = r."of"`,
  )
  await rows(
    tx,
    sql`insert into intel.mail_recipients (id, tenant_id, email_id, kind, address, name, person_id, member_id, not_for)
      select gen_random_uuid(), ${tenantId}::uuid, r.id, t.kind, t.address, t.name, t.person_id, t.member_id, r.not_for
      from ${record} join intel.mail_recipients t on t.email_id = r."of" and t.deleted_at is null`,
  )
}

/**
 * Gives messages the circle of readers that their mailboxes add up to, with recipients, attachments, contacts and threads.
 * Run it as Tact itself (`via: 'system'`), who sees all. Returns how many changed.
 */
export const shareMessages = async (
  tx: TenantTx,
  tenantId: TenantId,
  emailIds: readonly string[],
): Promise<number> => {
  if (emailIds.length === 0) return 0
  const changed = (await standing(tx, emailIds))
    .map((row) => ({ row, sharing: sharingOf(row.mailboxes) }))
    .filter(
      ({ row, sharing }) =>
        !same(circleOf(row.only_for), sharing.whole) || !same(copyCircleOf(row), sharing.subject),
    )
  if (changed.length === 0) return 0
  const wanted = changed.flatMap(({ row, sharing }) =>
    [sharing.whole, ...(sharing.subject ? [sharing.subject] : [])].map((circle) => ({
      conversationId: row.conversation,
      circle,
    })),
  )
  const threads = await threadsFor(tx, tenantId, wanted)
  const threadOf = (conversationId: string, circle: Circle): string =>
    threads.get(wantedKey({ conversationId, circle }))!
  const changes = changed.map(({ row, sharing }): Change => ({
    row,
    sharing,
    threadId: threadOf(row.conversation, sharing.whole),
    copyThreadId: sharing.subject ? threadOf(row.conversation, sharing.subject) : null,
  }))
  await writeWhole(tx, changes)
  await writeCopies(tx, tenantId, changes)
  const touched = changes.flatMap(({ row, threadId, copyThreadId }) => [
    row.thread_id,
    threadId,
    ...(row.copy_thread === null ? [] : [row.copy_thread]),
    ...(copyThreadId === null ? [] : [copyThreadId]),
  ])
  await rollUpThreads(tx, [...new Set(touched)])
  return changes.length
}
