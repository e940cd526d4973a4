import { z } from 'zod'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant, rows, savepoint } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { nowOf } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { asTactError, denied, notFound, userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId } from '../domain/ids.ts'
import { EVENTS_OF, TRIGGERS } from './automation-events.ts'
import type { AutomationEvent, Trigger } from './automation-events.ts'
import { MAX_CHANGES } from './changes.ts'
import type { ChangeInput } from './changes.ts'
import { propose } from './propose.ts'

/** What a rule has proposed; nothing is written without a person. */
export const ACTIONS = ['decline_commitments', 'task'] as const
const Actions = z.strictObject({ do: z.enum(ACTIONS), title: z.string().min(1).max(200).exactOptional() })
const Conditions = z.strictObject({ days: z.int().min(1).max(3650).exactOptional() })
export type AutomationAction = (typeof ACTIONS)[number]

export interface AutomationRule {
  readonly name: string
  readonly trigger: Trigger
  /** Of `follow_up_due`: days without contact. */
  readonly days?: number
  readonly action: AutomationAction
  /** Of a task; `Follow up` otherwise. */
  readonly title?: string
}

interface KeptRule {
  readonly id: string
  readonly name: string
  readonly trigger: string
  readonly conditions: unknown
  readonly actions: unknown
  readonly memberId: MemberId | null
  readonly isEnabled: boolean
  readonly createdAt: string
}

/** Events of one rule that are looked at in one run. */
const MOST_EVENTS = 100
const FOLLOW_UP_DAYS = 30

/**
 * Keeps a rule under its name, in the name of who makes it: what it proposes is proposed for them. One of the same name
 * is replaced and looks at what happens from now on. Throws `bad_rule` and `denied`.
 */
export const saveRule = async (tx: TenantTx, rule: AutomationRule, actor: Actor): Promise<void> => {
  await assertStanding(tx, actor, 'propose')
  if (actor.memberId === null)
    throw denied('no_member', 'A rule acts for a member.', { fix: 'Say who, with --as <email>.' })
  if (!TRIGGERS.includes(rule.trigger)) {
    throw userError('bad_rule', 'There is no trigger of that name.', { validOptions: TRIGGERS })
  }
  const actions = Actions.safeParse({
    do: rule.action,
    ...(rule.title === undefined ? {} : { title: rule.title }),
  })
  const conditions = Conditions.safeParse(rule.days === undefined ? {} : { days: rule.days })
  if (!actions.success || !conditions.success || rule.name.trim() === '' || rule.name.length > 80) {
    throw userError('bad_rule', 'A rule has a name of 1 to 80 characters, 1 to 3650 days and one action.', {
      validOptions: ACTIONS,
    })
  }
  await rows(
    tx,
    sql`update workflow.automation_rules set deleted_at = now() where name = ${rule.name} and deleted_at is null`,
  )
  await rows(
    tx,
    sql`insert into workflow.automation_rules (id, tenant_id, name, trigger, conditions, actions, member_id)
      values (${newId()}, core.current_tenant(), ${rule.name}, ${rule.trigger}, ${JSON.stringify(conditions.data)}::jsonb,
        ${JSON.stringify(actions.data)}::jsonb, ${actor.memberId})`,
  )
}

/** Switches a rule on or off. Throws `unknown_rule` and `denied`. */
export const switchRule = async (
  tx: TenantTx,
  name: string,
  state: 'on' | 'off',
  actor: Actor,
): Promise<void> => {
  await assertStanding(tx, actor, 'propose')
  const changed = await rows(
    tx,
    sql`update workflow.automation_rules set is_enabled = ${state === 'on'} where name = ${name} and deleted_at is null returning id`,
  )
  if (changed.length === 0) throw notFound('unknown_rule', 'There is no rule of this name.')
}

export const listRules = (tx: TenantTx): Promise<readonly KeptRule[]> =>
  rows<KeptRule>(
    tx,
    sql`select id, name, trigger, conditions, actions, member_id as "memberId", is_enabled as "isEnabled", created_at as "createdAt"
      from workflow.automation_rules where deleted_at is null order by name`,
  )

export interface AutomationRun {
  readonly rule: string
  readonly state: 'running' | 'done' | 'failed' | 'skipped'
  readonly entity: string | null
  readonly proposalId: string | null
  readonly startedAt: string
  readonly failure: string | null
}

/** The log, newest first. */
export const listRuns = (
  tx: TenantTx,
  { limit = 50 }: { readonly limit?: number } = {},
): Promise<readonly AutomationRun[]> =>
  rows<AutomationRun>(
    tx,
    sql`select r.name as rule, x.state, x.entity, x.proposal_id as "proposalId", x.started_at as "startedAt", x.failure
      from workflow.automation_runs x join workflow.automation_rules r on r.tenant_id = x.tenant_id and r.id = x.rule_id
      where x.deleted_at is null order by x.started_at desc, x.id desc limit ${limit}`,
  )

const declining = async (
  tx: TenantTx,
  { entity, recordId }: AutomationEvent,
): Promise<readonly ChangeInput[]> => {
  const column = sql.raw(entity === 'people' ? 'investor_person_id' : 'investor_company_id')
  const open = await rows<{ id: string }>(
    tx,
    sql`select id from fund.commitments where ${column} = ${recordId}::uuid and status in ('prospect', 'soft')
      and deleted_at is null order by created_at, id limit ${MAX_CHANGES}`,
  )
  return open.map(({ id }) => ({
    op: 'update',
    entity: 'commitments',
    record: `commitments:${id}`,
    set: { status: 'declined' },
    evidence: [],
  }))
}

const changesOf = async (
  tx: TenantTx,
  { do: action, title }: z.infer<typeof Actions>,
  event: AutomationEvent,
  memberId: MemberId,
): Promise<readonly ChangeInput[]> => {
  if (action === 'decline_commitments') return await declining(tx, event)
  const about = `${event.entity}:${event.recordId}`
  const whom = event.entity === 'people' ? { people: [about] } : { company: about }
  const set = { title: title ?? 'Follow up', due_at: 'today', assignee: `members:${memberId}`, ...whom }
  return [{ op: 'create', entity: 'tasks', set, evidence: [] }]
}

/** Runs a rule on one event, unless it ran on it before. Answers whether it was looked at now. */
const runOn = async (
  tx: TenantTx,
  rule: KeptRule & { readonly memberId: MemberId },
  event: AutomationEvent,
  workspace: Workspace,
): Promise<boolean> => {
  const id = newId()
  const begun = await rows(
    tx,
    sql`insert into workflow.automation_runs (id, tenant_id, rule_id, entity, record_id, event_key)
      values (${id}, core.current_tenant(), ${rule.id}, ${event.entity}, ${event.recordId}::uuid, ${event.key})
      on conflict (tenant_id, rule_id, event_key) where deleted_at is null do nothing returning id`,
  )
  if (begun.length === 0) return false
  const end = (state: AutomationRun['state'], proposal: string | null, failure: string | null) =>
    rows(
      tx,
      sql`update workflow.automation_runs set state = ${state}, proposal_id = ${proposal}::uuid, failure = ${failure}, finished_at = now()
        where id = ${id}`,
    )
  try {
    const actor: Actor = { tenantId: workspace.id, memberId: rule.memberId, role: 'owner', via: 'system' }
    const proposed = await savepoint(tx, async (inner) => {
      const changes = await changesOf(inner, Actions.parse(rule.actions), event, rule.memberId)
      if (changes.length === 0) return undefined
      const input = { reason: `Rule “${rule.name}”`, changes }
      const idempotencyKey = `automation:${rule.id}:${event.key}`
      const options = { input, actor, workspace, now: nowOf(workspace), conversationId: null, idempotencyKey }
      return await propose(inner, { ...options, openLimit: 'none' })
    })
    await end(proposed ? 'done' : 'skipped', proposed?.proposal.id ?? null, null)
  } catch (thrown) {
    const { code, kind } = asTactError(thrown)
    if (kind === 'bug') throw thrown
    await end(code === 'no_change' ? 'skipped' : 'failed', null, code)
  }
  return true
}

/**
 * Looks for what the rules of a workspace wait for and proposes what they say, each event in a transaction of its own and
 * never twice. Answers how many events were looked at.
 */
export const runAutomation = async (database: Database, workspace: Workspace): Promise<number> => {
  const system: Actor = { tenantId: workspace.id, memberId: null, role: 'owner', via: 'system' }
  const rules = await asTenant(database, system, listRules, { readOnly: true })
  let looked = 0
  for (const rule of rules) {
    const trigger = TRIGGERS.find((one) => one === rule.trigger)
    const { memberId } = rule
    if (!rule.isEnabled || memberId === null || trigger === undefined) continue
    const { days = FOLLOW_UP_DAYS } = Conditions.parse(rule.conditions ?? {})
    const wanted = { ruleId: rule.id, since: rule.createdAt, days, limit: MOST_EVENTS }
    const events = await asTenant(database, system, (tx) => EVENTS_OF[trigger](tx, wanted), {
      readOnly: true,
    })
    for (const event of events) {
      const done = await asTenant(database, system, (tx) =>
        runOn(tx, { ...rule, memberId }, event, workspace),
      )
      if (done) looked += 1
    }
  }
  return looked
}
