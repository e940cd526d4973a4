import { sql } from 'drizzle-orm'
import { boolean, integer, jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { CHANNELS } from '../../domain/actor.ts'
import { PROPOSAL_STATES } from '../../domain/proposal-states.ts'
import { bytes } from './core.ts'
import { onlyFor } from './columns.ts'
import { col, entity } from './define.ts'

export const conversations = entity({
  name: 'conversations',
  one: 'conversation',
  schema: 'workflow',
  about: 'A conversation: its own handles under its own key; dropping the key makes its handles meaningless.',
  internal: true,
  columns: {
    member_id: col(uuid('member_id'), { references: 'members' }),
    channel: col(text('channel', { enum: CHANNELS }).notNull()),
    /** Finds it again from outside: Slack thread, MCP credential, terminal session. */
    external_key: col(text('external_key')),
    key: col(bytes('key')),
    handles_issued: col(integer('handles_issued').notNull().default(0), { derived: true }),
    /** Of MCP, to the hour: what a client leaves for long is forgotten, handles and all. */
    last_used_at: col(timestamp('last_used_at', { withTimezone: true }), { derived: true }),
  },
  unique: [['channel', 'external_key']],
})

export const turns = entity({
  name: 'turns',
  one: 'turn',
  schema: 'workflow',
  about: 'What was said in a conversation, with handles in place of names.',
  internal: true,
  columns: {
    conversation_id: col(uuid('conversation_id').notNull(), { references: 'conversations' }),
    position: col(integer('position').notNull()),
    role: col(text('role', { enum: ['user', 'assistant'] as const }).notNull()),
    content: col(jsonb('content').notNull().$type<unknown>()),
  },
  unique: [['conversation_id', 'position']],
})

export const handles = entity({
  name: 'handles',
  one: 'handle',
  schema: 'workflow',
  about:
    'Which record or value a handle of a conversation stands for. Records by id; other values encrypted under the conversation key.',
  internal: true,
  columns: {
    conversation_id: col(uuid('conversation_id').notNull(), { references: 'conversations' }),
    number: col(text('number').notNull()),
    label: col(text('label').notNull()),
    entity: col(text('entity')),
    record_id: col(uuid('record_id')),
    ciphertext: col(bytes('ciphertext')),
    /** HMAC of label and value under the conversation key: the same value gets the same handle. */
    value_mac: col(text('value_mac')),
  },
  unique: [
    ['conversation_id', 'number'],
    ['conversation_id', 'entity', 'record_id'],
    ['conversation_id', 'value_mac'],
  ],
})

export const toolCalls = entity({
  name: 'tool_calls',
  one: 'tool call',
  schema: 'workflow',
  about: 'Every tool call with its arguments as the model gave them (handles, no names).',
  internal: true,
  columns: {
    conversation_id: col(uuid('conversation_id'), { references: 'conversations' }),
    tool: col(text('tool').notNull(), { indexed: true }),
    via: col(text('via', { enum: CHANNELS }).notNull()),
    member_id: col(uuid('member_id'), { references: 'members' }),
    arguments: col(jsonb('arguments').notNull().$type<unknown>()),
    ok: col(boolean('ok').notNull()),
    error_code: col(text('error_code')),
    duration_ms: col(integer('duration_ms').notNull()),
  },
})

export const egress = entity({
  name: 'egress',
  one: 'request to a model',
  schema: 'workflow',
  about:
    'Every request to a model that is not on this machine: the digest of its exact body, what was hidden, what an independent scan found. The body is encrypted under the conversation key.',
  internal: true,
  columns: {
    conversation_id: col(uuid('conversation_id').notNull(), { references: 'conversations' }),
    /** Groups the requests of one answer. */
    answer_id: col(uuid('answer_id').notNull(), { indexed: true }),
    model: col(text('model').notNull()),
    /** SHA-256 of the bytes as sent, in hexadecimal. */
    body_sha256: col(text('body_sha256').notNull()),
    body_bytes: col(integer('body_bytes').notNull()),
    body: col(bytes('body')),
    policy: col(text('policy').notNull()),
    dictionary_version: col(integer('dictionary_version').notNull()),
    /** Handles in the body, by label. */
    handles: col(jsonb('handles').notNull().$type<Record<string, number>>()),
    /** Known values that the scan looked for, and those it found; a request with a finding is not sent. */
    scanned_values: col(integer('scanned_values').notNull()),
    leaks: col(integer('leaks').notNull()),
    sent: col(boolean('sent').notNull()),
    audit_position: col(integer('audit_position').notNull()),
  },
})

export const proposals = entity({
  name: 'proposals',
  one: 'proposal',
  schema: 'workflow',
  handle: 'PROPOSAL',
  about: 'Changes that wait for a person, and what became of them.',
  internal: true,
  columns: {
    conversation_id: col(uuid('conversation_id'), { references: 'conversations' }),
    proposed_by: col(uuid('proposed_by'), { references: 'members' }),
    proposed_via: col(text('proposed_via', { enum: CHANNELS }).notNull()),
    state: col(text('state', { enum: PROPOSAL_STATES }).notNull().default('pending'), { indexed: true }),
    revision: col(integer('revision').notNull().default(1)),
    /** SHA-256 of the canonical diff a person is shown; an approval names it. */
    diff_hash: col(text('diff_hash').notNull()),
    reason: col(text('reason')),
    changes: col(jsonb('changes').notNull().$type<unknown>()),
    inverse: col(jsonb('inverse').$type<unknown>()),
    /** Where the words of each field come from: domain/approval-policy.ts, ProposalLabel. */
    origin: col(jsonb('origin').$type<unknown>()),
    /** Changes that a person left out, with who and why. */
    left_out: col(jsonb('left_out').$type<unknown>()),
    /** Places of executed changes that were taken back one by one. */
    undone_places: col(jsonb('undone_places').$type<unknown>()),
    /** The standing approval by which it passed. */
    standing_id: col(uuid('standing_id'), { indexed: true }),
    idempotency_key: col(text('idempotency_key').notNull()),
    /** By the database's clock, whatever the workspace's says: a trigger sets it, and nothing changes it. */
    opened_at: col(
      timestamp('opened_at', { withTimezone: true })
        .notNull()
        .default(sql`clock_timestamp()`),
    ),
    expires_at: col(timestamp('expires_at', { withTimezone: true }).notNull()),
    decided_by: col(uuid('decided_by'), { references: 'members' }),
    decided_via: col(text('decided_via', { enum: CHANNELS })),
    decided_at: col(timestamp('decided_at', { withTimezone: true })),
    decision_note: col(text('decision_note')),
    executed_at: col(timestamp('executed_at', { withTimezone: true })),
    undone_at: col(timestamp('undone_at', { withTimezone: true })),
    failure: col(text('failure')),
    attempts: col(integer('attempts').notNull().default(0)),
    leased_until: col(timestamp('leased_until', { withTimezone: true })),
    /** Set where it changes or quotes what not everybody sees. */
    only_for: onlyFor(),
  },
  unique: [['idempotency_key']],
})
