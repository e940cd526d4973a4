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
import { Action, ACTIONS, changesOf } from './automation-actions.ts'
import type { AutomationAction } from './automation-actions.ts'
import { EVENTS_OF, OF_OWN_MAIL, OF_TEAM_MAIL, TRIGGERS } from './automation-events.ts'
import type { AutomationEvent, Trigger } from './automation-events.ts'
import { propose } from './propose.ts'

const NAME = z.string().trim().min(1).max(200)
const Conditions = z.strictObject({
  days: z.int().min(1).max(3650).exactOptional(),
  /** Name of a stage or a list. */
  of: NAME.exactOptional(),
  whom: z.strictObject({ entity: z.enum(['people', 'companies']), id: z.uuid() }).exactOptional(),
})

export interface AutomationRule {
  readonly name: string
  readonly trigger: Trigger
  /** Of `follow_up_due` and `silence`: days without contact; of `unanswered_mail`: days without an answer. */
  readonly days?: number
  /** Of `entered_stage` and `added_to_list`: the name of the stage or list. */
  readonly of?: string
  /** Of `reply_from`: whom it waits for. */
  readonly whom?: { readonly entity: 'people' | 'companies'; readonly id: string }
  readonly action: AutomationAction
  /** Of a task; `Follow up` otherwise. */
  readonly title?: string
  /** Of `tag` and `move_to_list`: the name of the tag or list. */
  readonly to?: string
  /** Of `draft_answer`: its text, with `{name}` for whom it is to. */
  readonly text?: string
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
const UNANSWERED_DAYS = 2

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
  const { days, of, whom, title, to, text } = rule
  const actions = Action.safeParse(given({ do: rule.action, title, to, text }))
  const conditions = Conditions.safeParse(given({ days, of, whom }))
  if (!actions.success || !conditions.success || rule.name.trim() === '' || rule.name.length > 80) {
    throw userError('bad_rule', 'A rule has a name of 1 to 80 characters, 1 to 3650 days and one action.', {
      validOptions: ACTIONS,
    })
  }
  assertFits(rule)
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

const given = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** What a trigger finds and what an action needs have to go together. */
const assertFits = ({ trigger, action, of, whom, to }: AutomationRule): void => {
  const wrong = (message: string): never => {
    throw userError('bad_rule', message, { fix: 'See `tact help automation add`.' })
  }
  const isOfMail = trigger === 'unanswered_mail' || trigger === 'reply_from'
  if ((trigger === 'entered_stage' || trigger === 'added_to_list') && of === undefined)
    wrong('The rule does not say which stage or list it waits for.')
  if ((trigger === 'reply_from') !== (whom !== undefined)) wrong('Only a watch names somebody to wait for.')
  if ((trigger === 'reply_from') !== (action === 'tell')) wrong('A watch tells, and only a watch does.')
  if ((trigger === 'unanswered_mail') !== (action === 'draft_answer'))
    wrong('An answer is drafted to mail that nobody answered, and to nothing else.')
  if ((action === 'tag' || action === 'move_to_list') && to === undefined)
    wrong('The rule does not say to which tag or list.')
  if (action === 'move_to_list' && trigger === 'entered_stage') wrong('A deal stands on no list.')
  if (action === 'decline_commitments' && (isOfMail || trigger === 'entered_stage'))
    wrong('Commitments are those of people and companies.')
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

/** The log, newest first, without watches: they are their makers’ own. */
export const listRuns = (
  tx: TenantTx,
  { limit = 50 }: { readonly limit?: number } = {},
): Promise<readonly AutomationRun[]> =>
  rows<AutomationRun>(
    tx,
    sql`select r.name as rule, x.state, x.entity, x.proposal_id as "proposalId", x.started_at as "startedAt", x.failure
      from workflow.automation_runs x join workflow.automation_rules r on r.tenant_id = x.tenant_id and r.id = x.rule_id
      where x.deleted_at is null and r.trigger <> 'reply_from' order by x.started_at desc, x.id desc limit ${limit}`,
  )

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
      const changes = await changesOf(inner, Action.parse(rule.actions), { event, memberId: rule.memberId })
      if (changes.length === 0) return undefined
      const input = { reason: `Rule “${rule.name}”`, changes }
      const idempotencyKey = `automation:${rule.id}:${event.key}`
      const options = { input, actor, workspace, now: nowOf(workspace), conversationId: null, idempotencyKey }
      return await propose(inner, { ...options, openLimit: 'none' })
    })
    const isTold = Action.parse(rule.actions).do === 'tell'
    await end(proposed || isTold ? 'done' : 'skipped', proposed?.proposal.id ?? null, null)
  } catch (thrown) {
    const { code, kind } = asTactError(thrown)
    if (kind === 'bug') throw thrown
    await end(code === 'no_change' ? 'skipped' : 'failed', null, code)
  }
  return true
}

/** As whom a rule looks: who reads mail that others may not see tells nobody else of it. */
const lookerOf = (
  trigger: Trigger,
  { tenantId, memberId }: { readonly tenantId: Workspace['id']; readonly memberId: MemberId },
): Actor => {
  if (OF_OWN_MAIL.has(trigger)) return { tenantId, memberId, role: 'viewer', via: 'chat' }
  if (OF_TEAM_MAIL.has(trigger)) return { tenantId, memberId: null, role: 'viewer', via: 'chat' }
  return { tenantId, memberId: null, role: 'owner', via: 'system' }
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
    const usual = trigger === 'unanswered_mail' ? UNANSWERED_DAYS : FOLLOW_UP_DAYS
    const { days = usual, of, whom } = Conditions.parse(rule.conditions ?? {})
    const wanted = { ruleId: rule.id, since: rule.createdAt, days, of, whom, limit: MOST_EVENTS }
    const looking = lookerOf(trigger, { tenantId: workspace.id, memberId })
    const events = await asTenant(database, looking, (tx) => EVENTS_OF[trigger](tx, wanted), {
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
