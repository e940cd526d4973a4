import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { DAY_MS, instantOf } from '../domain/zone.ts'
import type { FactsFor, FactsWindow, Item, Ready, Source } from './facts.ts'
import { agoWords, timeWords, waitStep } from './words.ts'

/** Contacts on so many days of a year make a relationship; so much longer than usual makes it quiet, until it is cold. */
const QUIET = { leastContacts: 4, leastDays: 21, timesUsual: 2.5, mostDays: 180 } as const

const taskFor = (
  title: string,
  { memberId, whom }: { readonly memberId: string | null; readonly whom: object },
): Ready => ({
  kind: 'propose',
  label: 'Make it a task',
  reason: 'From the digest',
  changes: [
    {
      op: 'create',
      entity: 'tasks',
      set: {
        title,
        due_at: 'today',
        ...(memberId === null ? {} : { assignee: `members:${memberId}` }),
        ...whom,
      },
      evidence: [],
    },
  ],
})

/** Companies that we are in touch with again and again, and for far longer than usual not. */
export const goingQuiet = async (tx: TenantTx, { memberId, window }: FactsFor): Promise<readonly Item[]> => {
  const until = window.until.toISOString()
  const mine = memberId === null ? sql`true` : sql`c.owner_id = ${memberId}::uuid`
  const found = await rows<{ id: string; name: string; last_at: string; usual_days: number }>(
    tx,
    sql`with contacts as (
        select i.company_id, count(distinct (i.occurred_at at time zone ${window.timezone})::date)::int as days, min(i.occurred_at) as first_at, max(i.occurred_at) as last_at
        from intel.interactions i where i.company_id is not null and i.deleted_at is null and i.kind <> 'note'
          and i.occurred_at <= ${until}::timestamptz and i.occurred_at > ${until}::timestamptz - interval '365 days'
        group by i.company_id
      )
      select c.id, c.name, k.last_at, round(extract(epoch from k.last_at - k.first_at) / 86400 / (k.days - 1))::int as usual_days
      from contacts k join crm.companies c on c.id = k.company_id and c.deleted_at is null
      where k.days >= ${QUIET.leastContacts} and ${mine} and k.last_at > ${until}::timestamptz - ${QUIET.mostDays} * interval '1 day'
        and ${until}::timestamptz - k.last_at > greatest(${QUIET.leastDays} * interval '1 day', ${QUIET.timesUsual} * (k.last_at - k.first_at) / (k.days - 1))
      order by k.last_at, c.id`,
  )
  return found.map(({ id, name, last_at, usual_days }) => ({
    key: `quiet:${id}`,
    lane: 'quiet',
    fingerprint: `${last_at} ${waitStep(last_at, window.until)}`,
    title: name,
    why: `no contact for ${agoWords(last_at, window.until)}; usually every ${usual_days === 1 ? 'day' : `${usual_days} days`}`,
    since: last_at,
    sources: [{ entity: 'companies', id, name }],
    ready: taskFor(`Get in touch with ${name}`, { memberId, whom: { company: `companies:${id}` } }),
  }))
}

const waitingProposals = async (tx: TenantTx, { window }: FactsFor): Promise<readonly Item[]> => {
  const until = window.until.toISOString()
  const found = await rows<{
    id: string
    reason: string | null
    revision: number
    created_at: string
    changes: number
    by: string | null
  }>(
    tx,
    sql`select p.id, p.reason, p.revision, p.created_at, jsonb_array_length(p.changes)::int as changes,
        nullif(btrim(m.given_name || ' ' || m.family_name), '') as by
      from workflow.proposals p left join core.members m on m.tenant_id = p.tenant_id and m.id = p.proposed_by
      where p.state = 'pending' and p.deleted_at is null and p.expires_at > ${until}::timestamptz and p.created_at <= ${until}::timestamptz
      order by p.created_at, p.id`,
  )
  return found.map(({ id, reason, revision, created_at, changes, by }) => ({
    key: `decide:proposal:${id}`,
    lane: 'decide',
    fingerprint: `${revision} ${waitStep(created_at, window.until)}`,
    title: reason ?? 'A proposed change',
    why: `${changes === 1 ? '1 change' : `${changes} changes`}${by === null ? '' : ` by ${by}`}, waiting for ${agoWords(created_at, window.until)}`,
    since: created_at,
    sources: [{ entity: 'proposals', id, name: reason ?? 'proposal' }],
    ready: { kind: 'open', label: 'Decide', proposalId: id },
  }))
}

const overdueDeals = async (tx: TenantTx, { memberId, window }: FactsFor): Promise<readonly Item[]> => {
  const mine = memberId === null ? sql`true` : sql`d.owner_id = ${memberId}::uuid`
  const found = await rows<{ id: string; name: string; stage: string; close_date: string }>(
    tx,
    sql`select d.id, d.name, s.name as stage, d.close_date from crm.deals d join crm.stages s on s.tenant_id = d.tenant_id and s.id = d.stage_id
      where d.deleted_at is null and s.kind = 'open' and d.close_date < ${window.date}::date and d.close_date > ${window.date}::date - 90 and ${mine}
      order by d.close_date, d.id`,
  )
  return found.map(({ id, name, stage, close_date }) => ({
    key: `decide:deal:${id}`,
    lane: 'decide',
    fingerprint: `${close_date} ${stage}`,
    title: name,
    why: `was to close on ${close_date}; still in ${stage}`,
    since: `${close_date}T00:00:00.000Z`,
    sources: [{ entity: 'deals', id, name }],
    ready: taskFor(`Decide about ${name}`, { memberId, whom: { deal: `deals:${id}` } }),
  }))
}

/** Approvals that wait, and deals whose day has passed. */
export const needsDecision = async (tx: TenantTx, asked: FactsFor): Promise<readonly Item[]> => [
  ...(await waitingProposals(tx, asked)),
  ...(await overdueDeals(tx, asked)),
]

/** The local day on which the window ends. */
const dayOf = ({ date, timezone }: FactsWindow): { readonly from: string; readonly to: string } => {
  const wall = Date.parse(`${date}T00:00:00Z`)
  const at = (wallMs: number): string => new Date(instantOf(wallMs, timezone)).toISOString()
  return { from: at(wall), to: at(wall + DAY_MS) }
}

const meetingsToday = async (tx: TenantTx, { memberId, window }: FactsFor): Promise<readonly Item[]> => {
  const { from, to } = dayOf(window)
  const mine =
    memberId === null
      ? sql`true`
      : sql`(m.member_id = ${memberId}::uuid or exists (select from intel.meeting_attendees a where a.meeting_id = m.id and a.member_id = ${memberId}::uuid and a.deleted_at is null))`
  const found = await rows<{
    id: string
    title: string
    starts_at: string
    company: string | null
    company_id: string | null
    people: readonly { id: string; name: string }[]
    last_at: string | null
  }>(
    tx,
    sql`select m.id, m.title, m.starts_at, c.name as company, c.id as company_id,
        coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', btrim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, ''))) order by p.id)
          from intel.meeting_attendees a join crm.people p on p.tenant_id = a.tenant_id and p.id = a.person_id and p.deleted_at is null
          where a.meeting_id = m.id and a.deleted_at is null), '[]') as people,
        (select max(i.occurred_at) from intel.interactions i where i.company_id = m.company_id and i.deleted_at is null and i.occurred_at < m.starts_at) as last_at
      from intel.meetings m left join crm.companies c on c.tenant_id = m.tenant_id and c.id = m.company_id and c.deleted_at is null
      where m.deleted_at is null and m.starts_at >= ${from}::timestamptz and m.starts_at < ${to}::timestamptz and ${mine}
      order by m.starts_at, m.id`,
  )
  return found.map(({ id, title, starts_at, company, company_id, people, last_at }) => {
    const names = people.map(({ name }) => name).join(', ')
    const sources: readonly Source[] = [
      { entity: 'meetings', id, name: title },
      ...people.map((one) => ({ entity: 'people', id: one.id, name: one.name })),
      ...(company_id === null ? [] : [{ entity: 'companies', id: company_id, name: company ?? '' }]),
    ]
    return {
      key: `today:meeting:${id}`,
      lane: 'today',
      fingerprint: starts_at,
      title: `${timeWords(starts_at, window)} ${title}`,
      why: [
        names === '' ? null : `with ${names}`,
        company,
        last_at === null ? 'no contact before' : `last contact ${last_at.slice(0, 10)}`,
      ]
        .filter((part) => part !== null)
        .join('; '),
      since: starts_at,
      sources,
      ready: taskFor(`Prepare: ${title}`, {
        memberId,
        whom: company_id === null ? {} : { company: `companies:${company_id}` },
      }),
    }
  })
}

const dueToday = async (tx: TenantTx, { memberId, window }: FactsFor): Promise<readonly Item[]> => {
  const { from, to } = dayOf(window)
  const whose = (column: string) =>
    memberId === null ? sql`true` : sql`${sql.raw(column)} = ${memberId}::uuid`
  const found = await rows<{ kind: 'tasks' | 'reminders'; id: string; title: string; due_at: string }>(
    tx,
    sql`select 'tasks' as kind, t.id, t.title, t.due_at from crm.tasks t where t.deleted_at is null and t.done_at is null
        and t.due_at < ${to}::timestamptz and t.due_at > ${to}::timestamptz - interval '60 days' and ${whose('t.assignee_id')}
      union all select 'reminders', r.id, r.title, r.remind_at from intel.reminders r where r.deleted_at is null and r.done_at is null
        and r.remind_at < ${to}::timestamptz and r.remind_at > ${to}::timestamptz - interval '60 days' and ${whose('r.member_id')}
      order by due_at, id`,
  )
  return found.map(({ kind, id, title, due_at }) => {
    const isLate = due_at < from
    return {
      key: `today:${kind}:${id}`,
      lane: 'today',
      fingerprint: `${due_at} ${isLate ? waitStep(due_at, window.until) : 'today'}`,
      title,
      why: isLate ? `was due ${agoWords(due_at, window.until)} ago` : 'due today',
      since: due_at,
      sources: [{ entity: kind, id, name: title }],
      ready: {
        kind: 'propose',
        label: 'It is done',
        reason: 'Done',
        changes: [
          { op: 'update', entity: kind, record: `${kind}:${id}`, set: { done_at: 'now' }, evidence: [] },
        ],
      },
    }
  })
}

/** Meetings of the day with what to know before, tasks and reminders that are due. */
export const today = async (tx: TenantTx, asked: FactsFor): Promise<readonly Item[]> => [
  ...(await meetingsToday(tx, asked)),
  ...(await dueToday(tx, asked)),
]
