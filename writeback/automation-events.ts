import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'

export const TRIGGERS = ['moved_to_graveyard', 'follow_up_due'] as const
export type Trigger = (typeof TRIGGERS)[number]

/** Something that a rule waits for: on what, and a key that is the same whenever the same thing is found again. */
export interface AutomationEvent {
  readonly key: string
  readonly entity: 'people' | 'companies'
  readonly recordId: string
}

export interface WantedEvents {
  readonly ruleId: string
  /** ISO 8601: what was so before the rule is none of its events. */
  readonly since: string
  readonly days: number
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

export const EVENTS_OF: Readonly<Record<Trigger, FindEvents>> = {
  moved_to_graveyard: movedToGraveyard,
  follow_up_due: followUpDue,
}
