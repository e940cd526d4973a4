import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { destinationsIn } from '../domain/destinations.ts'
import type { Label, OutsideText } from '../domain/label.ts'

interface OutsideRow {
  readonly entity: string
  readonly id: string
  readonly what: string
  readonly author: string | null
  readonly readers: readonly string[]
  readonly parts: Readonly<Record<string, string | null>>
}

/** Most texts from outside that are looked at for one proposal; the newest. */
const MOST_SOURCES = 400

const toText = ({ entity, id, what, author, readers, parts }: OutsideRow): OutsideText => {
  const written = Object.entries(parts).flatMap(([column, text]) => (text === null ? [] : [{ column, text }]))
  return {
    label: { source: { entity, id }, what, author, integrity: 'external', readers },
    text: written.map(({ text }) => text).join('\n'),
    parts: written,
  }
}

const unnamed: Label = {
  source: null,
  what: 'text of messages, by a question',
  author: null,
  integrity: 'external',
  readers: [],
}

/** Words of questions that may give out text of messages. */
const OUTSIDE = '(mail|thread|meeting|interaction|transcript|whatsapp|body|snippet)'

/**
 * Questions that gave out text of messages without naming them: they taint too, from nobody known. One that is asked again
 * by its id counts for what it asks.
 */
const askedOutside = async (tx: TenantTx, conversationId: string): Promise<boolean> => {
  const found = await rows(
    tx,
    sql`select 1 from workflow.tool_calls c where c.conversation_id = ${conversationId} and c.tool = 'query_crm' and c.ok
      and (c.arguments::text ~* ${OUTSIDE} or c.arguments ? 'query_id' and not exists (select 1 from workflow.asked_queries q
        where q.id::text = c.arguments->>'query_id' and q.question::text !~* ${OUTSIDE})) limit 1`,
  )
  return found.length > 0
}

/**
 * Texts from outside that this conversation was given: what has a handle there and was not written by us. Handles are
 * never taken back, so neither is this. Of mail that not everybody sees the label says no more than that: whoever approves
 * reads it.
 */
export const outsideOf = async (tx: TenantTx, conversationId: string): Promise<readonly OutsideText[]> => {
  const found = await rows<OutsideRow>(
    tx,
    sql`with shown as (
        select entity, record_id from workflow.handles where conversation_id = ${conversationId} and record_id is not null
      )
      select 'emails' as entity, m.id,
        case when m.only_for is null then 'mail from ' || coalesce(m.from_address, 'somebody') || ', ' || to_char(m.sent_at, 'YYYY-MM-DD')
          else 'mail that its owner alone sees' end as what,
        case when m.only_for is null then lower(m.from_address) end as author,
        case when m.only_for is null then
          (select coalesce(array_agg(lower(r.address)), '{}') from intel.mail_recipients r where r.email_id = m.id and r.deleted_at is null)
          || array_remove(array[lower(m.from_address)], null) else '{}' end as readers,
        jsonb_build_object('subject', m.subject, 'from_name', m.from_name, 'from_address', m.from_address, 'body_text', m.body_text,
          'quoted_text', m.quoted_text, 'signature_text', m.signature_text) as parts
      from intel.mail_messages m
      where m.from_member_id is null and m.deleted_at is null and (
        m.id in (select record_id from shown where entity = 'emails')
        or m.thread_id in (select record_id from shown where entity = 'threads'))
      union all
      select 'meetings', t.id, 'calendar entry, ' || to_char(t.starts_at, 'YYYY-MM-DD'), null, '{}'::text[],
        jsonb_build_object('title', t.title, 'place', t.place, 'notes', t.notes, 'outcome', t.outcome)
      from intel.meetings t
      where t.created_by is null and t.deleted_at is null and t.id in (select record_id from shown where entity = 'meetings')
      union all
      select 'interactions', i.id, case when i.only_for is null then i.kind || ', ' || to_char(i.occurred_at, 'YYYY-MM-DD')
          else 'mail that its owner alone sees' end, null, '{}'::text[],
        jsonb_build_object('summary', i.summary, 'body', i.body, 'outcome', i.outcome)
      from intel.interactions i
      where i.created_by is null and i.deleted_at is null and i.id in (select record_id from shown where entity = 'interactions')
      order by 2 desc limit ${MOST_SOURCES}`,
  )
  const asked = await askedOutside(tx, conversationId)
  return [...found.map(toText), ...(asked ? [{ label: unnamed, text: '' }] : [])]
}

/** Which of the destinations in these texts the workspace's own records hold. */
export const knownDestinations = async (
  tx: TenantTx,
  values: readonly string[],
): Promise<readonly string[]> => {
  const wanted = [
    ...new Set(values.flatMap((value) => destinationsIn(value).map(({ text }) => text.toLowerCase()))),
  ]
  if (wanted.length === 0) return []
  const found = await rows<{ text: string }>(
    tx,
    sql`select address as text from crm.person_emails where address = any(${sql.param(wanted)}::text[]) and deleted_at is null
      union all select lower(email) from core.members where lower(email) = any(${sql.param(wanted)}::text[])
      union all select number from crm.person_phones where number = any(${sql.param(wanted)}::text[]) and deleted_at is null
      union all select lower(domain) from crm.companies where lower(domain) = any(${sql.param(wanted)}::text[]) and deleted_at is null`,
  )
  return found.map(({ text }) => text)
}
