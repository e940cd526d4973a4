import { boolean, integer, jsonb, text } from 'drizzle-orm/pg-core'
import { happened, instant, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const askedQueries = entity({
  name: 'asked_queries',
  one: 'asked query',
  schema: 'workflow',
  about:
    'Questions that were answered, so that each can be put again: its form, who asked, what came, no rows.',
  internal: true,
  columns: {
    /** `{ semantic }`, `{ sql }` or `{ ast }`, as it was put. */
    question: col(jsonb('question').$type<unknown>().notNull()),
    member_id: pointer('member_id', 'members'),
    policy: col(text('policy').notNull()),
    as_of: happened('as_of'),
    row_count: col(integer('row_count').notNull()),
    /** SHA-256 of columns and rows. */
    result_hash: col(text('result_hash').notNull()),
  },
})

export const savedQueries = entity({
  name: 'saved_queries',
  one: 'saved query',
  schema: 'workflow',
  about: 'Questions kept under a name with the shape their answer must have; verified ones are examples.',
  internal: true,
  kept: true,
  columns: {
    name: col(text('name').notNull()),
    /** In the words of people. */
    wording: col(text('wording').notNull()),
    question: col(jsonb('question').$type<unknown>().notNull()),
    /** Names and types of its columns. */
    shape: col(jsonb('shape').$type<unknown>().notNull()),
    member_id: pointer('member_id', 'members'),
    is_verified: col(boolean('is_verified').notNull().default(false)),
    verified_by: pointer('verified_by', 'members'),
    verified_at: instant('verified_at'),
  },
  unique: [['name']],
})
