import { boolean, integer, jsonb, text, uuid } from 'drizzle-orm/pg-core'
import { happened, instant, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

const RUN_STATES = ['running', 'done', 'failed', 'skipped'] as const
const OUTBOX_STATES = ['waiting', 'sending', 'sent', 'failed'] as const

export const automationRules = entity({
  name: 'automation_rules',
  one: 'automation rule',
  schema: 'workflow',
  about: 'What happens by itself: when a record moves to a graveyard list, when a follow-up is due.',
  internal: true,
  kept: true,
  columns: {
    name: col(text('name').notNull()),
    /** moved_to_graveyard, follow_up_due … */
    trigger: col(text('trigger').notNull(), { indexed: true }),
    conditions: col(jsonb('conditions').$type<unknown>()),
    /** What it does; anything that changes a record is a proposal. */
    actions: col(jsonb('actions').notNull().$type<unknown>()),
    member_id: pointer('member_id', 'members'),
    is_enabled: col(boolean('is_enabled').notNull().default(true)),
  },
  unique: [['name']],
})

export const automationRuns = entity({
  name: 'automation_runs',
  one: 'automation run',
  schema: 'workflow',
  about: 'Each time a rule ran, on what, and what came of it.',
  internal: true,
  columns: {
    rule_id: parent('rule_id', 'automation_rules'),
    state: col(text('state', { enum: RUN_STATES }).notNull().default('running'), { indexed: true }),
    entity: col(text('entity')),
    record_id: col(uuid('record_id'), { indexed: true }),
    proposal_id: pointer('proposal_id', 'proposals'),
    started_at: happened('started_at'),
    finished_at: instant('finished_at'),
    failure: col(text('failure')),
    /** The same event never runs a rule twice. */
    event_key: col(text('event_key')),
  },
  unique: [['rule_id', 'event_key']],
})

export const outbox = entity({
  name: 'outbox',
  one: 'outgoing message',
  schema: 'workflow',
  about: 'What is to leave this house (posts, webhooks, wake-ups), kept until it has.',
  internal: true,
  columns: {
    kind: col(text('kind').notNull()),
    payload: col(jsonb('payload').notNull().$type<unknown>()),
    state: col(text('state', { enum: OUTBOX_STATES }).notNull().default('waiting'), { indexed: true }),
    due_at: happened('due_at'),
    attempts: col(integer('attempts').notNull().default(0)),
    leased_until: instant('leased_until'),
    sent_at: instant('sent_at'),
    failure: col(text('failure')),
    idempotency_key: col(text('idempotency_key').notNull()),
  },
  unique: [['idempotency_key']],
})
