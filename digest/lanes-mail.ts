import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { draftAnswer } from '../writeback/draft-answer.ts'
import type { FactsFor, Item, Source } from './facts.ts'
import { agoWords, waitStep } from './words.ts'

/** Younger, nobody waits yet; older, nobody waits any more. */
const THEY_WAIT = { leastHours: 4, mostDays: 60 } as const
const WE_WAIT = { leastDays: 3, mostDays: 45 } as const

/** A short word of thanks that asks nothing needs no answer. */
const CLOSING =
  '^[\\s]*((hi|hello|hey|dear)[^\\n]*\\n\\s*)?(many )?(thanks|thank you|great|perfect|got it|sounds good|will do|see you|speak (then|soon)|received|noted|understood|ok(ay)?|danke|merci|gracias)\\y'

interface Thread {
  readonly thread_id: string
  readonly email_id: string
  readonly subject: string
  readonly last_at: string
  readonly since: string
  readonly person_id: string | null
  readonly person: string | null
  readonly address: string | null
  readonly company_id: string | null
  readonly company: string | null
}

const whoOf = ({ person, address, company }: Thread): string =>
  `${person ?? address ?? 'Somebody'}${company === null || company === person ? '' : ` (${company})`}`

const sourcesOf = (thread: Thread): readonly Source[] => [
  { entity: 'threads', id: thread.thread_id, name: thread.subject },
  ...(thread.person_id === null
    ? []
    : [{ entity: 'people', id: thread.person_id, name: thread.person ?? '' }]),
  ...(thread.company_id === null
    ? []
    : [{ entity: 'companies', id: thread.company_id, name: thread.company ?? '' }]),
]

const NAME = sql`nullif(btrim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')), '')`

/** The last message of each thread up to the end of the window. */
const lastOf = (until: string, mostDays: number) => sql`
  from intel.mail_threads t
  join lateral (
    select m.* from intel.mail_messages m where m.tenant_id = t.tenant_id and m.thread_id = t.id and m.deleted_at is null
      and m.sent_at <= ${until}::timestamptz order by m.sent_at desc, m.id desc limit 1
  ) m on true
  where t.deleted_at is null and t.last_at > ${until}::timestamptz - ${mostDays} * interval '1 day'
    and m.sent_at > ${until}::timestamptz - ${mostDays} * interval '1 day' and not m.is_bulk`

/** Of thread `t`: the first of the messages that went one way since the last that went the other. */
const firstSince = (way: 'inbound' | 'outbound', until: string, more = sql``) => sql`(
  select min(e.sent_at) from intel.mail_messages e where e.tenant_id = t.tenant_id and e.thread_id = t.id and e.deleted_at is null
    and e.direction = ${way} and e.sent_at <= ${until}::timestamptz ${more} and e.sent_at > coalesce((
      select max(o.sent_at) from intel.mail_messages o where o.tenant_id = t.tenant_id and o.thread_id = t.id and o.deleted_at is null
        and o.direction = ${way === 'inbound' ? 'outbound' : 'inbound'} and o.sent_at <= ${until}::timestamptz), '-infinity'))`

/** Spoken to since, by whatever way is no mail: then it is handled. */
const spokenSince = (
  person: ReturnType<typeof sql>,
  since: ReturnType<typeof sql>,
  until: string,
) => sql`exists (
  select from intel.interaction_people ip join intel.interactions i on i.tenant_id = ip.tenant_id and i.id = ip.interaction_id
  where ip.person_id = ${person} and ip.deleted_at is null and i.deleted_at is null and i.kind in ('call', 'meeting', 'viewing', 'message')
    and i.occurred_at > ${since} and i.occurred_at <= ${until}::timestamptz)`

/** Mail of people outside that nobody answered: whose it is, since when. */
export const theyWait = async (tx: TenantTx, { memberId, window }: FactsFor): Promise<readonly Item[]> => {
  const until = window.until.toISOString()
  const mine =
    memberId === null
      ? sql`true`
      : sql`(l.owner_id = ${memberId}::uuid or exists (select from intel.mail_recipients r where r.email_id = l.email_id
          and r.member_id = ${memberId}::uuid and r.kind = 'to' and r.deleted_at is null))`
  const found = await rows<Thread>(
    tx,
    sql`with l as (
        select t.id as thread_id, t.owner_id, t.tenant_id, m.id as email_id, m.subject, m.sent_at as last_at, m.from_person_id, m.from_name, m.from_address,
          m.company_id, m.direction, m.body_text, ${firstSince('inbound', until)} as since ${lastOf(until, THEY_WAIT.mostDays)}
      )
      select l.thread_id, l.email_id, l.subject, l.last_at, l.since,
        p.id as person_id, coalesce(${NAME}, l.from_name) as person, l.from_address as address, c.id as company_id, c.name as company
      from l left join crm.people p on p.tenant_id = l.tenant_id and p.id = l.from_person_id and p.deleted_at is null
      left join crm.companies c on c.tenant_id = l.tenant_id and c.id = coalesce(l.company_id, p.company_id) and c.deleted_at is null
      where l.direction = 'inbound' and l.since <= ${until}::timestamptz - ${THEY_WAIT.leastHours} * interval '1 hour' and ${mine}
        and not (length(btrim(l.body_text)) between 1 and 240 and l.body_text !~ '\\?' and l.body_text ~* ${CLOSING})
        and not (l.from_person_id is not null and ${spokenSince(sql`l.from_person_id`, sql`l.last_at`, until)})
      order by l.since, l.thread_id`,
  )
  return found.map((thread) => ({
    key: `they_wait:${thread.thread_id}`,
    lane: 'they_wait',
    fingerprint: `${thread.last_at} ${waitStep(thread.since, window.until)}`,
    title: `${whoOf(thread)}: ${thread.subject}`,
    why: `waits for an answer for ${agoWords(thread.since, window.until)}`,
    since: thread.since,
    sources: sourcesOf(thread),
    ready: {
      kind: 'propose',
      label: 'Draft an answer',
      reason: 'Mail that waits for an answer',
      changes: [draftAnswer({ emailId: thread.email_id, personId: thread.person_id, ...thread })],
    },
  }))
}

/** Questions of ours that nobody answered. */
export const weWait = async (tx: TenantTx, { memberId, window }: FactsFor): Promise<readonly Item[]> => {
  const until = window.until.toISOString()
  const mine = memberId === null ? sql`true` : sql`l.from_member_id = ${memberId}::uuid`
  const found = await rows<Thread>(
    tx,
    sql`with l as (
        select t.id as thread_id, t.tenant_id, m.id as email_id, m.subject, m.sent_at as last_at, m.from_member_id, m.direction, m.body_text,
          m.company_id, ${firstSince('outbound', until, sql`and e.body_text ~ '\\?'`)} as since ${lastOf(until, WE_WAIT.mostDays)}
      )
      select l.thread_id, l.email_id, l.subject, l.last_at, l.since, p.id as person_id, coalesce(${NAME}, r.name) as person,
        r.address, c.id as company_id, c.name as company
      from l join lateral (
        select r.person_id, r.name, r.address from intel.mail_recipients r where r.tenant_id = l.tenant_id and r.email_id = l.email_id and r.member_id is null
          and r.kind = 'to' and r.deleted_at is null order by r.person_id is null, r.id limit 1
      ) r on true
      left join crm.people p on p.tenant_id = l.tenant_id and p.id = r.person_id and p.deleted_at is null
      left join crm.companies c on c.tenant_id = l.tenant_id and c.id = coalesce(l.company_id, p.company_id) and c.deleted_at is null
      where l.direction = 'outbound' and l.since is not null and l.last_at <= ${until}::timestamptz - ${WE_WAIT.leastDays} * interval '1 day' and ${mine}
        and not (r.person_id is not null and ${spokenSince(sql`r.person_id`, sql`l.last_at`, until)})
      order by l.since, l.thread_id`,
  )
  return found.map((thread) => ({
    key: `we_wait:${thread.thread_id}`,
    lane: 'we_wait',
    fingerprint: `${thread.last_at} ${waitStep(thread.since, window.until)}`,
    title: `${whoOf(thread)}: ${thread.subject}`,
    why: `has not answered for ${agoWords(thread.since, window.until)}`,
    since: thread.since,
    sources: sourcesOf(thread),
    ready: askAgain(thread, memberId),
  }))
}

const askAgain = (thread: Thread, memberId: string | null): Item['ready'] => ({
  kind: 'propose',
  label: 'Remind me to ask again',
  reason: 'A question of ours that was not answered',
  changes: [
    {
      op: 'create',
      entity: 'tasks',
      set: {
        title: `Ask again: ${thread.subject}`,
        due_at: 'today',
        ...(memberId === null ? {} : { assignee: `members:${memberId}` }),
        ...(thread.person_id === null ? {} : { people: [`people:${thread.person_id}`] }),
        ...(thread.company_id === null ? {} : { company: `companies:${thread.company_id}` }),
      },
      evidence: [],
    },
  ],
})
