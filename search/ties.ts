import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'

/** Days after which a contact counts half. */
export const HALF_LIFE_DAYS = 180
/** Points at which a tie is about two thirds strong. */
const SCALE_POINTS = 8

/** What ties a member to a person outside. Counts are plain; the decayed sums are what strength is made of. */
export interface Tie {
  readonly memberId: string
  readonly personId: string
  /** Mail that the person wrote to the member, and the member to the person. */
  readonly received: number
  readonly sent: number
  readonly meetings: number
  readonly calls: number
  /** Last contact of any kind. */
  readonly lastAt: string
  readonly lastEmailId: string | null
  readonly lastMeetingId: string | null
  readonly strength: number
}

interface TieRow {
  readonly member_id: string
  readonly person_id: string
  readonly received: number
  readonly sent: number
  readonly meetings: number
  readonly calls: number
  readonly received_now: number
  readonly sent_now: number
  readonly met_now: number
  readonly last_at: string
  readonly last_email_id: string | null
  readonly last_meeting_id: string | null
}

/** Points as a strength from 0 to 1: `1 − exp(−points / 8)`, to three digits. */
export const strengthOf = (points: number): number =>
  Math.round((1 - Math.exp(-points / SCALE_POINTS)) * 1000) / 1000

/**
 * Who of the members knows whom of the people, from mail, meetings and calls; every pair with any contact.
 *
 * Each contact counts `0.5 ^ (days ago / 180)`; a mail also divides by how many it went to. Then
 * `points = 4·meetings and viewings + 3·calls + 1·messages + 2·min(received, sent) + 0.5·|received − sent|`:
 * mail that goes both ways counts four times as much as mail that goes one way. `strength = 1 − exp(−points / 8)`.
 * So one meeting this week is 0.39, one mail without an answer 0.06, five mails each way lately about 0.7.
 * Bulk mail counts nothing. `memberIds` undefined means all members who are not disabled.
 */
export const tiesTo = async (
  tx: TenantTx,
  personIds: readonly string[],
  { now, memberIds }: { readonly now: Date; readonly memberIds?: readonly string[] | undefined },
): Promise<readonly Tie[]> => {
  if (personIds.length === 0) return []
  const at = now.toISOString()
  const people = sql`any (${sql.param([...personIds])}::uuid[])`
  const found = await rows<TieRow>(
    tx,
    sql`with contact as materialized (
        select r.member_id, m.from_person_id as person_id, 'received' as what, m.sent_at as at, m.id
        from intel.mail_messages m join intel.mail_recipients r
          on r.email_id = m.id and r.deleted_at is null and r.kind <> 'reply_to'
        where m.from_person_id = ${people} and m.deleted_at is null and not m.is_bulk and r.member_id is not null
          and m.sent_at <= ${at}
        union
        select m.from_member_id, r.person_id, 'sent', m.sent_at, m.id
        from intel.mail_recipients r join intel.mail_messages m
          on m.id = r.email_id and m.deleted_at is null and not m.is_bulk
        where r.person_id = ${people} and r.deleted_at is null and r.kind <> 'reply_to' and m.from_member_id is not null
          and m.sent_at <= ${at}
        union
        select i.member_id, p.person_id,
          case when i.kind in ('meeting', 'viewing') then 'met' when i.kind = 'call' then 'call'
            when i.kind = 'message' then 'message' when i.direction = 'inbound' then 'logged_in' else 'logged_out' end,
          i.occurred_at, i.id
        from intel.interaction_people p join intel.interactions i
          on i.id = p.interaction_id and i.deleted_at is null
        where p.person_id = ${people} and p.deleted_at is null and i.member_id is not null and i.kind <> 'note'
          and i.email_id is null and i.occurred_at <= ${at}
      ), weighed as (
        select c.*, power(0.5, extract(epoch from (${at}::timestamptz - c.at)) / 86400 / ${HALF_LIFE_DAYS}::float8)
          / case when c.what in ('received', 'sent') then greatest(1, (select count(*) from intel.mail_recipients n
              where n.email_id = c.id and n.deleted_at is null and n.kind <> 'reply_to')) else 1 end as worth
        from contact c join core.members u on u.id = c.member_id and u.deleted_at is null and u.disabled_at is null
        ${memberIds === undefined ? sql`` : sql`where c.member_id = any (${sql.param([...memberIds])}::uuid[])`}
      )
      select member_id, person_id,
        count(*) filter (where what in ('received', 'logged_in'))::int as received,
        count(*) filter (where what in ('sent', 'logged_out'))::int as sent,
        count(*) filter (where what = 'met')::int as meetings,
        count(*) filter (where what = 'call')::int as calls,
        coalesce(sum(worth) filter (where what in ('received', 'logged_in')), 0)::float8 as received_now,
        coalesce(sum(worth) filter (where what in ('sent', 'logged_out')), 0)::float8 as sent_now,
        coalesce(sum(worth * case what when 'met' then 4 when 'call' then 3 when 'message' then 1 else 0 end), 0)::float8 as met_now,
        max(at) as last_at,
        (array_agg(id order by at desc, id) filter (where what in ('received', 'sent')))[1] as last_email_id,
        (array_agg(id order by at desc, id) filter (where what not in ('received', 'sent')))[1] as last_meeting_id
      from weighed group by member_id, person_id`,
  )
  return found.map((row) => ({
    memberId: row.member_id,
    personId: row.person_id,
    received: row.received,
    sent: row.sent,
    meetings: row.meetings,
    calls: row.calls,
    lastAt: row.last_at,
    lastEmailId: row.last_email_id,
    lastMeetingId: row.last_meeting_id,
    strength: strengthOf(
      row.met_now +
        2 * Math.min(row.received_now, row.sent_now) +
        0.5 * Math.abs(row.received_now - row.sent_now),
    ),
  }))
}
