import { boolean, integer, jsonb, text } from 'drizzle-orm/pg-core'
import { happened, instant, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const DIGEST_CHANNELS = ['mail', 'slack'] as const
export const DELIVERY_STATES = ['waiting', 'sending', 'sent', 'empty', 'failed'] as const

export const digestPolicies = entity({
  name: 'digest_policies',
  one: 'digest policy',
  schema: 'workflow',
  about: 'Who gets which digest where, on which days and at which hour.',
  internal: true,
  kept: true,
  columns: {
    name: col(text('name').notNull()),
    member_id: pointer('member_id', 'members'),
    channel: col(text('channel').notNull()),
    destination: col(text('destination')),
    /** Days, hour and time zone. */
    schedule: col(jsonb('schedule').notNull().$type<unknown>()),
    options: col(jsonb('options').$type<unknown>()),
    is_enabled: col(boolean('is_enabled').notNull().default(false)),
    /** Windows before it are none of its own. */
    enabled_at: instant('enabled_at'),
  },
  unique: [['name']],
})

export const digestRuns = entity({
  name: 'digest_runs',
  one: 'digest run',
  schema: 'workflow',
  about: 'Each digest of a day: to whom and by which way it went, or that there was nothing to say.',
  internal: true,
  columns: {
    policy_id: pointer('policy_id', 'digest_policies'),
    /** End of the window. */
    due_at: happened('due_at'),
    /** What tells digests of one policy and day apart: the channel and the member, or that somebody asked for one more. */
    window_key: col(text('window_key')),
    channel: col(text('channel', { enum: DIGEST_CHANNELS })),
    /** For whom it is made; null: for all of the team. */
    member_id: pointer('member_id', 'members'),
    state: col(text('state', { enum: DELIVERY_STATES }).notNull(), {
      indexed: true,
    }),
    attempts: col(integer('attempts').notNull().default(0)),
    item_count: col(integer('item_count')),
    /** What the channel knows it by: the Message-ID of a mail, the timestamp of a Slack message. */
    external_ref: col(text('external_ref')),
    leased_until: instant('leased_until'),
    sent_at: instant('sent_at'),
    failure: col(text('failure')),
  },
  unique: [['policy_id', 'window_key']],
})

export const digestItems = entity({
  name: 'digest_items',
  one: 'digest item',
  schema: 'workflow',
  about: 'What a reader was last told of an open item, so that it is told again only when it changed.',
  internal: true,
  columns: {
    policy_id: parent('policy_id', 'digest_policies'),
    /** `team`, or the id of a member. */
    reader: col(text('reader').notNull()),
    item_key: col(text('item_key').notNull()),
    fingerprint: col(text('fingerprint').notNull()),
    /** End of the window in which it was told. */
    told_at: happened('told_at'),
  },
  unique: [['policy_id', 'reader', 'item_key']],
})
