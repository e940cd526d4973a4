import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { HALF_LIFE_DAYS, strengthOf } from './ties.ts'

/** What ties two people outside to each other, as far as our records show. */
export interface Closeness {
  readonly contactId: string
  readonly targetId: string
  readonly sameCompany: boolean
  /** A relationship between the two is recorded. */
  readonly isTold: boolean
  readonly meetings: number
  readonly mails: number
  readonly deals: number
  readonly lastAt: string | null
  readonly lastEmailId: string | null
  readonly lastMeetingId: string | null
  readonly strength: number
}

interface CloseRow {
  readonly contact_id: string
  readonly target_id: string
  readonly same_company: boolean
  readonly is_told: boolean
  readonly meetings: number
  readonly mails: number
  readonly deals: number
  readonly points: number
  readonly last_at: string | null
  readonly last_email_id: string | null
  readonly last_meeting_id: string | null
}

/** Most contacts that are weighed on the way to somebody; the closest are kept. */
const MOST_CONTACTS = 60
/** A company of more people than this makes weaker colleagues. */
const CLOSE_COMPANY = 20

/** Contacts that carry the tag, play the part, or whose company is of the kind or status of that name. */
const tagged = (tag: string | undefined) =>
  tag === undefined
    ? sql``
    : sql`and (lower(c.role) = lower(${tag})
        or exists (select from crm.person_tags x join crm.tags t on t.id = x.tag_id and t.deleted_at is null
          where x.person_id = c.id and x.deleted_at is null and lower(t.name) = lower(${tag}))
        or exists (select from crm.companies o where o.id = c.company_id and o.deleted_at is null
          and lower(${tag}) in (lower(o.kind), lower(o.status))))`

/**
 * Who outside is close to the targets: met or wrote together, take part in the same deal, work at the same company.
 *
 * Each contact counts `0.5 ^ (days ago / 180)`, divided by how many others from outside took part.
 * `points = 6·meetings, viewings and calls together + 3·mails together + 2 for each deal in common
 * + 2·min(1, 20 / people at the company) for colleagues + 8·strength / 100 of a recorded relationship (50 unless said)`; `strength = 1 − exp(−points / 8)`: colleagues 0.22,
 * colleagues who met us together last week 0.63. At most 60, closest first. `tag` keeps contacts with that tag or part.
 */
export const closeTo = async (
  tx: TenantTx,
  targetIds: readonly string[],
  { now, tag }: { readonly now: Date; readonly tag?: string | undefined },
): Promise<readonly Closeness[]> => {
  if (targetIds.length === 0) return []
  const at = now.toISOString()
  const targets = sql`any (${sql.param([...targetIds])}::uuid[])`
  const found = await rows<CloseRow>(
    tx,
    sql`with mail_of as materialized (
        select m.from_person_id as target_id, m.id, m.sent_at, m.from_person_id
        from intel.mail_messages m
        where m.from_person_id = ${targets} and m.deleted_at is null and not m.is_bulk and m.sent_at <= ${at}
        union
        select r.person_id, m.id, m.sent_at, m.from_person_id
        from intel.mail_recipients r join intel.mail_messages m
          on m.id = r.email_id and m.deleted_at is null and not m.is_bulk and m.sent_at <= ${at}
        where r.person_id = ${targets} and r.deleted_at is null and r.kind <> 'reply_to'
      ), event as materialized (
        select o.target_id, r.person_id as contact_id, 'mail' as what, o.id, o.sent_at as at
        from mail_of o join intel.mail_recipients r
          on r.email_id = o.id and r.deleted_at is null and r.kind <> 'reply_to'
        where r.person_id is not null
        union
        select target_id, from_person_id, 'mail', id, sent_at from mail_of where from_person_id is not null
        union
        select p.person_id, o.person_id, 'met', i.id, i.occurred_at
        from intel.interaction_people p
          join intel.interactions i on i.id = p.interaction_id and i.deleted_at is null
            and i.kind in ('meeting', 'viewing', 'call') and i.occurred_at <= ${at}
          join intel.interaction_people o on o.interaction_id = p.interaction_id and o.deleted_at is null
        where p.person_id = ${targets} and p.deleted_at is null
      ), weighed as (
        select e.*, power(0.5, extract(epoch from (${at}::timestamptz - e.at)) / 86400 / ${HALF_LIFE_DAYS}::float8)
          / greatest(1, count(*) over (partition by e.target_id, e.id) - 1) * case e.what when 'met' then 6 else 3 end as worth
        from event e
      ), link as materialized (
        select target_id, contact_id, what, id, at, worth from weighed where contact_id <> target_id
        union all
        select p.person_id, o.person_id, 'deal', p.deal_id, null, 2
        from crm.deal_people p join crm.deal_people o on o.deal_id = p.deal_id
          and o.person_id <> p.person_id and o.deleted_at is null
          join crm.deals d on d.id = p.deal_id and d.deleted_at is null
        where p.person_id = ${targets} and p.deleted_at is null
        union all
        select p.id, o.id, 'company', p.company_id, null, 2 * least(1, ${CLOSE_COMPANY}::float8 / count(*) over (partition by p.id))
        from crm.people p join crm.people o on o.company_id = p.company_id and o.id <> p.id and o.deleted_at is null
        where p.id = ${targets} and p.deleted_at is null
        union all
        select r.person_id, r.other_person_id, 'told', r.id, null, coalesce(r.strength, 50) / 12.5
        from crm.relationships r where r.person_id = ${targets} and r.deleted_at is null
        union all
        select r.other_person_id, r.person_id, 'told', r.id, null, coalesce(r.strength, 50) / 12.5
        from crm.relationships r where r.other_person_id = ${targets} and r.deleted_at is null
      ), tie as materialized (
      select l.contact_id, l.target_id, bool_or(what = 'company') as same_company, bool_or(what = 'told') as is_told,
        count(*) filter (where what = 'met')::int as meetings,
        count(*) filter (where what = 'mail')::int as mails,
        count(*) filter (where what = 'deal')::int as deals,
        sum(worth)::float8 as points, max(at) as last_at,
        (array_agg(l.id order by at desc, l.id) filter (where what = 'mail'))[1] as last_email_id,
        (array_agg(l.id order by at desc, l.id) filter (where what = 'met'))[1] as last_meeting_id
      from link l where not l.contact_id = ${targets} group by l.contact_id, l.target_id
      )
      select tie.* from tie join crm.people c on c.id = tie.contact_id and c.deleted_at is null
      where true ${tagged(tag)} order by points desc, contact_id limit ${MOST_CONTACTS}`,
  )
  return found.map((row) => ({
    contactId: row.contact_id,
    targetId: row.target_id,
    sameCompany: row.same_company,
    isTold: row.is_told,
    meetings: row.meetings,
    mails: row.mails,
    deals: row.deals,
    lastAt: row.last_at,
    lastEmailId: row.last_email_id,
    lastMeetingId: row.last_meeting_id,
    strength: strengthOf(row.points),
  }))
}
