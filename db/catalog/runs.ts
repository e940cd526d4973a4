import { bigint, integer, jsonb, text, uuid } from 'drizzle-orm/pg-core'
import { CHANNELS } from '../../domain/actor.ts'
import { happened, instant, pointer } from './columns.ts'
import { col, entity } from './define.ts'

const RUN_STATES = ['running', 'done', 'failed'] as const
const DECISIONS = ['allowed', 'refused'] as const

export const agentRuns = entity({
  name: 'agent_runs',
  one: 'agent run',
  schema: 'workflow',
  about:
    'Turns of the agent: which model, how long, how many tokens and calls, what it cost. While one runs, its steps (with handles), so that it can go on after a crash.',
  internal: true,
  columns: {
    conversation_id: pointer('conversation_id', 'conversations'),
    member_id: pointer('member_id', 'members'),
    via: col(text('via', { enum: CHANNELS }).notNull()),
    model: col(text('model').notNull(), { indexed: true }),
    state: col(text('state', { enum: RUN_STATES }).notNull().default('running'), { indexed: true }),
    started_at: happened('started_at'),
    finished_at: instant('finished_at'),
    tool_calls: col(integer('tool_calls')),
    input_tokens: col(integer('input_tokens')),
    output_tokens: col(integer('output_tokens')),
    failure: col(text('failure')),
    /** Its requests in the ledger of what left. */
    answer_id: col(uuid('answer_id')),
    /** The model that failed before this one took its place. */
    instead_of: col(text('instead_of')),
    requests: col(integer('requests')),
    /** Of the input tokens, those that the provider had kept. */
    cached_tokens: col(integer('cached_tokens')),
    /** Millionths of a dollar; null where no price is set. */
    cost_microdollars: col(bigint('cost_microdollars', { mode: 'number' })),
    /** What happened so far, while it runs; null once it ended. */
    steps: col(jsonb('steps').$type<unknown>()),
    /** Until then some process is at it. */
    leased_until: instant('leased_until'),
  },
})

export const policyDecisions = entity({
  name: 'policy_decisions',
  one: 'policy decision',
  schema: 'workflow',
  about: 'What a rule of access allowed or refused, to whom, and which rule it was.',
  internal: true,
  columns: {
    member_id: pointer('member_id', 'members'),
    via: col(text('via', { enum: CHANNELS }).notNull()),
    action: col(text('action').notNull(), { indexed: true }),
    entity: col(text('entity')),
    decision: col(text('decision', { enum: DECISIONS }).notNull(), { indexed: true }),
    rule: col(text('rule').notNull()),
    proposal_id: pointer('proposal_id', 'proposals'),
    at: happened('at'),
  },
})
