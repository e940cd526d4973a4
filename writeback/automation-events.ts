import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'

export const TRIGGERS = [
  'moved_to_graveyard',
  'follow_up_due',
  'entered_stage',
  'added_to_list',
  'silence',
  'unanswered_mail',
  'reply_from',
] as const
export type Trigger = (typeof TRIGGERS)[number]

/** Triggers that read mail as the whole team may see it: what a rule proposes is read by more than its maker. */
export const OF_TEAM_MAIL: ReadonlySet<Trigger> = new Set(['unanswered_mail'])
/** Triggers that read mail as the maker of the rule may see it: only they are told. */
export const OF_OWN_MAIL: ReadonlySet<Trigger> = new Set(['reply_from'])

/** Something that a rule waits for: on what, and a key that is the same whenever the same thing is found again. */
export interface AutomationEvent {
  readonly key: string
  readonly entity: 'people' | 'companies' | 'deals' | 'emails'
  readonly recordId: string
}

export interface WantedEvents {
  readonly ruleId: string
  /** ISO 8601: what was so before the rule is none of its events. */
  readonly since: string
  readonly days: number
  /** Name of a stage or a list. */
  readonly of?: string | undefined
  /** Whom a watch waits for. */
  readonly whom?: { readonly entity: string; readonly id: string } | undefined
  readonly limit: number
}

type FindEvents = (tx: TenantTx, wanted: WantedEvents) => Promise<readonly AutomationEvent[]>

/** Put on a graveyard list since the rule was made. */
const movedToGraveyard: FindEvents = (tx, { ruleId, since, limit }) =>
  rows<AutomationEvent>(
    tx,
    sql`select m.id::text as key, case when m.person_id is null then 'companies' else 'people' end as entity,
        coalesce(m.person_id, m.company_id) as "recordId"
      from crm.list_memberships m join crm.lists l on l.tenant_id = m.tenant_id and l.id = m.list_id
      where l.kind = 'graveyard' and l.deleted_at is null and m.deleted_at is null and m.created_at >= ${since}::timestamptz
        and coalesce(m.person_id, m.company_id) is not null
        and not exists (select from workflow.automation_runs r where r.rule_id = ${ruleId}::uuid and r.event_key = m.id::text and r.deleted_at is null)
      order by m.created_at, m.id limit ${limit}`,
  )

/**
 * On a follow-up list, and without contact for so many days (never in contact: since they were put there). The key holds
 * the last contact: after a new one it can be due again.
 */
const followUpDue: FindEvents = (tx, { ruleId, days, limit }) =>
  rows<AutomationEvent>(
    tx,
    sql`select d.key, d.entity, d.id as "recordId" from (
        select m.id::text || ':' || coalesce(extract(epoch from r.last_interaction_at)::bigint::text, 'never') as key, r.entity, r.id,
          coalesce(r.last_interaction_at, m.created_at) as last_at
        from crm.list_memberships m join crm.lists l on l.tenant_id = m.tenant_id and l.id = m.list_id
        join lateral (
          select 'people' as entity, p.id, p.last_interaction_at from crm.people p
          where p.tenant_id = m.tenant_id and p.id = m.person_id and p.deleted_at is null
          union all
          select 'companies', c.id, c.last_interaction_at from crm.companies c
          where c.tenant_id = m.tenant_id and c.id = m.company_id and c.deleted_at is null
        ) r on true
        where l.kind = 'follow_up' and l.deleted_at is null and m.deleted_at is null
      ) d
      where d.last_at < core.tenant_now() - make_interval(days => ${days}::int)
        and not exists (select from workflow.automation_runs x where x.rule_id = ${ruleId}::uuid and x.event_key = d.key and x.deleted_at is null)
      order by d.last_at, d.key limit ${limit}`,
  )

const notRun = (ruleId: string, key: ReturnType<typeof sql>) =>
  sql`not exists (select from workflow.automation_runs x where x.rule_id = ${ruleId}::uuid and x.event_key = ${key} and x.deleted_at is null)`

/** Moved into the stage of that name, or begun there, since the rule was made; a deal that went on is none. */
const enteredStage: FindEvents = (tx, { ruleId, since, of = '', limit }) =>
  rows<AutomationEvent>(
    tx,
    sql`select e.id::text as key, 'deals' as entity, e.deal_id as "recordId"
      from crm.deal_stage_events e join crm.stages s on s.tenant_id = e.tenant_id and s.id = e.to_stage_id
      join crm.deals d on d.tenant_id = e.tenant_id and d.id = e.deal_id and d.deleted_at is null and d.stage_id = e.to_stage_id
      where lower(s.name) = lower(${of}) and e.deleted_at is null and e.at >= ${since}::timestamptz and ${notRun(ruleId, sql`e.id::text`)}
      order by e.at, e.id limit ${limit}`,
  )

/** Put on the list of that name since the rule was made. */
const addedToList: FindEvents = (tx, { ruleId, since, of = '', limit }) =>
  rows<AutomationEvent>(
    tx,
    sql`select m.id::text as key, case when m.person_id is null then 'companies' else 'people' end as entity,
        coalesce(m.person_id, m.company_id) as "recordId"
      from crm.list_memberships m join crm.lists l on l.tenant_id = m.tenant_id and l.id = m.list_id
      where lower(l.name) = lower(${of}) and l.deleted_at is null and m.deleted_at is null and m.created_at >= ${since}::timestamptz
        and coalesce(m.person_id, m.company_id) is not null and ${notRun(ruleId, sql`m.id::text`)}
      order by m.created_at, m.id limit ${limit}`,
  )

/** How long after it fell silent a company is still an event, so that a new rule does not dig up years. */
const SILENCE_MOST_DAYS = 60

/** Companies that we were in touch with, and for so many days not; again after the next contact. */
const silence: FindEvents = (tx, { ruleId, days, limit }) =>
  rows<AutomationEvent>(
    tx,
    sql`select d.key, 'companies' as entity, d.id as "recordId" from (
        select c.id, c.last_interaction_at as last_at, c.id::text || ':' || extract(epoch from c.last_interaction_at)::bigint::text as key
        from crm.companies c where c.deleted_at is null
          and c.last_interaction_at < core.tenant_now() - make_interval(days => ${days}::int)
          and c.last_interaction_at > core.tenant_now() - make_interval(days => ${days}::int + ${SILENCE_MOST_DAYS})
      ) d where ${notRun(ruleId, sql`d.key`)} order by d.last_at, d.key limit ${limit}`,
  )

const UNANSWERED_MOST_DAYS = 30

/** The last message of a thread came from outside so many days ago, and nobody wrote since or drafted an answer. */
const unansweredMail: FindEvents = (tx, { ruleId, days, limit }) =>
  rows<AutomationEvent>(
    tx,
    sql`select m.id::text as key, 'emails' as entity, m.id as "recordId"
      from intel.mail_threads t join lateral (
        select m.* from intel.mail_messages m where m.tenant_id = t.tenant_id and m.thread_id = t.id and m.deleted_at is null
        order by m.sent_at desc, m.id desc limit 1) m on true
      where t.deleted_at is null and m.direction = 'inbound' and not m.is_bulk
        and m.sent_at < core.tenant_now() - make_interval(days => ${days}::int)
        and m.sent_at > core.tenant_now() - make_interval(days => ${days}::int + ${UNANSWERED_MOST_DAYS})
        and not exists (select from intel.email_drafts d where d.tenant_id = m.tenant_id and d.email_id = m.id and d.deleted_at is null)
        and ${notRun(ruleId, sql`m.id::text`)}
      order by m.sent_at, m.id limit ${limit}`,
  )

/** Mail of the watched person, or of anybody of the watched company, since the watch was set. */
const replyFrom: FindEvents = async (tx, { ruleId, since, whom, limit }) => {
  if (whom === undefined) return []
  const theirs =
    whom.entity === 'people'
      ? sql`m.from_person_id = ${whom.id}::uuid`
      : sql`(m.company_id = ${whom.id}::uuid or exists (select from crm.people p where p.tenant_id = m.tenant_id
          and p.id = m.from_person_id and p.company_id = ${whom.id}::uuid and p.deleted_at is null))`
  return rows<AutomationEvent>(
    tx,
    sql`select m.id::text as key, 'emails' as entity, m.id as "recordId" from intel.mail_messages m
      where m.direction = 'inbound' and not m.is_bulk and m.deleted_at is null and m.sent_at >= ${since}::timestamptz
        and ${theirs} and ${notRun(ruleId, sql`m.id::text`)}
      order by m.sent_at, m.id limit ${limit}`,
  )
}

export const EVENTS_OF: Readonly<Record<Trigger, FindEvents>> = {
  moved_to_graveyard: movedToGraveyard,
  follow_up_due: followUpDue,
  entered_stage: enteredStage,
  added_to_list: addedToList,
  silence,
  unanswered_mail: unansweredMail,
  reply_from: replyFrom,
}
