import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { ByThemselves, CompanyMail, DealMove, FactsFor, MemberMail, MoveCount } from './facts.ts'
import { MOVES } from './words.ts'
import type { Move } from './words.ts'

const MOST_COMPANIES = 10
const MOST_PEOPLE = 3
const STALLED_DAYS = 30

const bounds = ({ window }: FactsFor) => ({
  from: sql`${window.from.toISOString()}::timestamptz`,
  until: sql`${window.until.toISOString()}::timestamptz`,
})

/** What each member wrote and got in the window, each message once, and with whom most. */
export const memberMail = async (tx: TenantTx, asked: FactsFor): Promise<readonly MemberMail[]> => {
  const { from, until } = bounds(asked)
  const only = asked.memberId === null ? sql`true` : sql`x.member_id = ${asked.memberId}::uuid`
  const found = await rows<{
    member: string
    sent: number
    received: number
    people: readonly { id: string; name: string }[] | null
  }>(
    tx,
    sql`with mail as (
        select m.id, m.message_id, m.direction, m.from_member_id, m.from_person_id from intel.mail_messages m
        where m.deleted_at is null and not m.is_bulk and m.sent_at > ${from} and m.sent_at <= ${until}
      ), x as (
        select m.message_id, 'sent' as way, m.from_member_id as member_id, r.person_id from mail m
          left join intel.mail_recipients r on r.email_id = m.id and r.person_id is not null and r.deleted_at is null
          where m.direction = 'outbound' and m.from_member_id is not null
        union select m.message_id, 'received', r.member_id, m.from_person_id from mail m
          join intel.mail_recipients r on r.email_id = m.id and r.member_id is not null and r.deleted_at is null where m.direction = 'inbound'
      ), most as (
        select x.member_id, p.id, btrim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')) as name,
          row_number() over (partition by x.member_id order by count(distinct x.message_id) desc, p.id) as place
        from x join crm.people p on p.id = x.person_id and p.deleted_at is null group by x.member_id, p.id
      )
      select btrim(e.given_name || ' ' || e.family_name) as member, count(distinct x.message_id) filter (where x.way = 'sent')::int as sent,
        count(distinct x.message_id) filter (where x.way = 'received')::int as received,
        (select jsonb_agg(jsonb_build_object('id', most.id, 'name', most.name) order by most.place) from most
          where most.member_id = e.id and most.place <= ${MOST_PEOPLE}) as people
      from x join core.members e on e.id = x.member_id and e.deleted_at is null where ${only}
      group by e.id order by member, e.id`,
  )
  return found.map(({ people, ...rest }) => ({
    ...rest,
    people: (people ?? []).map((one) => ({ entity: 'people', ...one })),
  }))
}

/** Mail with each company in the window, of all members together, each message once. */
export const companyMail = async (tx: TenantTx, asked: FactsFor): Promise<readonly CompanyMail[]> => {
  const { from, until } = bounds(asked)
  const found = await rows<{
    id: string
    name: string
    received: number
    sent: number
    members: readonly string[] | null
  }>(
    tx,
    sql`select c.id, c.name, count(distinct m.message_id) filter (where m.direction = 'inbound')::int as received,
        count(distinct m.message_id) filter (where m.direction = 'outbound')::int as sent,
        (select jsonb_agg(distinct btrim(e.given_name || ' ' || e.family_name)) from intel.mail_messages w
          left join intel.mail_recipients r on r.email_id = w.id and r.deleted_at is null
          join core.members e on e.id in (w.from_member_id, r.member_id)
          where w.company_id = c.id and w.deleted_at is null and not w.is_bulk and w.sent_at > ${from} and w.sent_at <= ${until}) as members
      from intel.mail_messages m join crm.companies c on c.id = m.company_id and c.deleted_at is null
      where m.deleted_at is null and not m.is_bulk and m.sent_at > ${from} and m.sent_at <= ${until}
      group by c.id, c.name order by count(distinct m.message_id) desc, c.name, c.id limit ${MOST_COMPANIES}`,
  )
  return found.map(({ id, name, members, ...rest }) => ({
    company: { entity: 'companies', id, name },
    members: members ?? [],
    ...rest,
  }))
}

interface MovedDeal {
  readonly move: Move
  readonly id: string
  readonly name: string
  readonly company: string | null
  readonly stage: string
  readonly amount_minor: number | null
  readonly currency: string
}

/** Each deal once, by where it stood before the window and where it stands after; stalled: so long in its stage since this window. */
const movesIn = (
  tx: TenantTx,
  { from, until, only }: Record<'from' | 'until' | 'only', ReturnType<typeof sql>>,
) =>
  rows<MovedDeal>(
    tx,
    sql`with moved as (
        select e.deal_id, (array_agg(e.from_stage_id order by e.at, e.id))[1] as was, (array_agg(e.to_stage_id order by e.at desc, e.id desc))[1] as is_now
        from crm.deal_stage_events e where e.deleted_at is null and e.at > ${from} and e.at <= ${until} group by e.deal_id
      )
      select case when a.kind = 'won' then 'won' when a.kind = 'lost' then 'lost' when m.was is null then 'new'
          when a.position > b.position then 'advanced' else 'back' end as move,
        d.id, d.name, c.name as company, a.name as stage, d.amount_minor, d.currency
      from moved m join crm.deals d on d.id = m.deal_id and d.deleted_at is null join crm.stages a on a.id = m.is_now
      left join crm.stages b on b.id = m.was left join crm.companies c on c.id = d.company_id and c.deleted_at is null
      where m.was is distinct from m.is_now and ${only}
      union all
      select 'stalled', d.id, d.name, c.name, s.name, d.amount_minor, d.currency
      from crm.deals d join crm.stages s on s.id = d.stage_id and s.kind = 'open' left join crm.companies c on c.id = d.company_id and c.deleted_at is null
      where d.deleted_at is null and d.stage_since + ${STALLED_DAYS} * interval '1 day' > ${from}
        and d.stage_since + ${STALLED_DAYS} * interval '1 day' <= ${until} and ${only}
      order by move, name, id`,
  )

/** Deals that moved in the window, and how many against the window before, which was as long. */
export const dealMoves = async (
  tx: TenantTx,
  asked: FactsFor,
): Promise<{ readonly deals: readonly DealMove[]; readonly moves: readonly MoveCount[] }> => {
  const { from, until } = bounds(asked)
  const lengthMs = asked.window.until.getTime() - asked.window.from.getTime()
  const earlier = sql`${new Date(asked.window.from.getTime() - lengthMs).toISOString()}::timestamptz`
  const only = asked.memberId === null ? sql`true` : sql`d.owner_id = ${asked.memberId}::uuid`
  const now = await movesIn(tx, { from, until, only })
  const before = await movesIn(tx, { from: earlier, until: from, only })
  const countIn = (found: readonly MovedDeal[], move: Move): number =>
    found.filter((one) => one.move === move).length
  const order = (move: Move): number => MOVES.indexOf(move)
  return {
    deals: now
      .map(({ move, id, name, company, stage, amount_minor, currency }) => ({
        move,
        deal: { entity: 'deals', id, name },
        company,
        stage,
        amountMinor: amount_minor,
        currency,
      }))
      .sort((a, b) => order(a.move) - order(b.move)),
    moves: MOVES.map((move) => ({ move, count: countIn(now, move), before: countIn(before, move) })).filter(
      ({ count, before: earlierCount }) => count > 0 || earlierCount > 0,
    ),
  }
}

/** What rules proposed and standing approvals let pass in the window. */
export const passedByThemselves = async (tx: TenantTx, asked: FactsFor): Promise<ByThemselves> => {
  const { from, until } = bounds(asked)
  const rules = await rows<ByThemselves['rules'][number]>(
    tx,
    sql`select r.name as rule, count(*) filter (where x.state = 'done')::int as proposed, count(*) filter (where x.state = 'failed')::int as failed
      from workflow.automation_runs x join workflow.automation_rules r on r.id = x.rule_id
      where x.deleted_at is null and r.trigger <> 'reply_from' and x.state in ('done', 'failed') and x.started_at > ${from} and x.started_at <= ${until}
      group by r.name order by r.name`,
  )
  const standing = await rows<ByThemselves['standing'][number]>(
    tx,
    sql`select s.kind, count(*)::int as passed from workflow.standing_uses u
      join workflow.standing_approvals s on s.id = u.standing_id join workflow.proposals p on p.id = u.proposal_id
      where p.decided_at > ${from} and p.decided_at <= ${until} group by s.kind order by s.kind`,
  )
  return { rules, standing }
}
