import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Source } from './facts.ts'

/** How mail goes between us and somebody, as the reader may see it. */
export interface Patterns {
  readonly received: number
  readonly sent: number
  /** Medians of hours until an answer; null where nobody answered yet. */
  readonly theirReplyHours: number | null
  readonly ourReplyHours: number | null
  /** 0 to 100: half how lately, a quarter how even both sides write, a quarter how much in ninety days. */
  readonly warmth: number
  /** Mails in the last ninety days, and in the ninety before. */
  readonly recent: number
  readonly before: number
  /** Of a person: who wrote the first mail in which they and we both stand, where it was a third. */
  readonly introducedBy: Source | null
  readonly introducedAt: string | null
}

/** A later answer is a new conversation. */
const LONGEST_REPLY_DAYS = 30
const MAIL_A_QUARTER = 12

interface Subject {
  readonly entity: 'people' | 'companies'
  readonly id: string
}

const peopleOf = ({ entity, id }: Subject) =>
  entity === 'people'
    ? sql`select ${id}::uuid as id`
    : sql`select p.id from crm.people p where p.company_id = ${id}::uuid and p.deleted_at is null`

/** Reads the patterns up to an instant, in a transaction of the reader. */
export const readPatterns = async (
  tx: TenantTx,
  subject: Subject,
  { until }: { readonly until: Date },
): Promise<Patterns> => {
  const end = sql`${until.toISOString()}::timestamptz`
  const [counts] = await rows<{
    received: number
    sent: number
    their_hours: number | null
    our_hours: number | null
    recent: number
    before: number
    recent_in: number
    recent_out: number
    days: number | null
  }>(
    tx,
    sql`with who as (${peopleOf(subject)}), mail as (
        select m.id, m.thread_id, m.sent_at, m.direction from intel.mail_messages m
        where m.deleted_at is null and not m.is_bulk and m.sent_at <= ${end} and (m.from_person_id in (select id from who) or exists (
          select from intel.mail_recipients r where r.tenant_id = m.tenant_id and r.email_id = m.id and r.deleted_at is null and r.person_id in (select id from who)))
      ), turns as (
        select direction, sent_at, lag(direction) over w as was, sent_at - lag(sent_at) over w as took from mail
        window w as (partition by thread_id order by sent_at, id)
      ), replies as (
        select direction, extract(epoch from took) / 3600 as hours from turns
        where direction <> was and took <= ${LONGEST_REPLY_DAYS} * interval '1 day'
      )
      select count(*) filter (where direction = 'inbound')::int as received, count(*) filter (where direction = 'outbound')::int as sent,
        (select percentile_cont(0.5) within group (order by hours) from replies where direction = 'inbound')::float8 as their_hours,
        (select percentile_cont(0.5) within group (order by hours) from replies where direction = 'outbound')::float8 as our_hours,
        count(*) filter (where sent_at > ${end} - interval '90 days')::int as recent,
        count(*) filter (where sent_at <= ${end} - interval '90 days' and sent_at > ${end} - interval '180 days')::int as before,
        count(*) filter (where direction = 'inbound' and sent_at > ${end} - interval '180 days')::int as recent_in,
        count(*) filter (where direction = 'outbound' and sent_at > ${end} - interval '180 days')::int as recent_out,
        (extract(epoch from ${end} - max(sent_at)) / 86400)::float8 as days
      from mail`,
  )
  const { received, sent, recent, before, recent_in: inward, recent_out: outward, days } = counts!
  const evenness = Math.max(inward, outward) === 0 ? 0 : Math.min(inward, outward) / Math.max(inward, outward)
  const lately = days === null ? 0 : Math.exp(-days / 30)
  const warmth = Math.round(
    100 * (0.5 * lately + 0.25 * evenness + 0.25 * Math.min(1, recent / MAIL_A_QUARTER)),
  )
  const rounded = (hours: number | null): number | null =>
    hours === null ? null : Math.round(hours * 10) / 10
  const introduction = subject.entity === 'people' ? await introductionOf(tx, subject.id, end) : undefined
  return {
    received,
    sent,
    theirReplyHours: rounded(counts!.their_hours),
    ourReplyHours: rounded(counts!.our_hours),
    warmth,
    recent,
    before,
    introducedBy: introduction ? { entity: 'people', id: introduction.id, name: introduction.name } : null,
    introducedAt: introduction?.at ?? null,
  }
}

/** The sender of the first mail in which this person stands, where it is somebody else from outside and one of us got it too. */
const introductionOf = async (tx: TenantTx, personId: string, end: ReturnType<typeof sql>) => {
  const [found] = await rows<{ id: string; name: string; at: string }>(
    tx,
    sql`with first as (
        select m.* from intel.mail_messages m where m.deleted_at is null and not m.is_bulk and m.sent_at <= ${end}
          and (m.from_person_id = ${personId}::uuid or exists (select from intel.mail_recipients r
            where r.tenant_id = m.tenant_id and r.email_id = m.id and r.person_id = ${personId}::uuid and r.deleted_at is null))
        order by m.sent_at, m.id limit 1
      )
      select p.id, btrim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')) as name, f.sent_at as at
      from first f join crm.people p on p.tenant_id = f.tenant_id and p.id = f.from_person_id and p.deleted_at is null
      where p.id <> ${personId}::uuid and exists (select from intel.mail_recipients r
        where r.tenant_id = f.tenant_id and r.email_id = f.id and r.member_id is not null and r.deleted_at is null)`,
  )
  return found
}
