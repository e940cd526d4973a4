import { text } from 'drizzle-orm/pg-core'
import { instant, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const slackLinks = entity({
  name: 'slack_links',
  one: 'Slack link',
  schema: 'core',
  about: 'Which Slack user is which member; made with a one-time code, never by name or address.',
  internal: true,
  columns: {
    team_id: col(text('team_id').notNull()),
    slack_user_id: col(text('slack_user_id').notNull()),
    member_id: parent('member_id', 'members'),
  },
  unique: [['team_id', 'slack_user_id']],
})

/** Begun by a member (`member_id` is set) or by a Slack user (`team_id`, `slack_user_id` are); the other side redeems. */
export const slackLinkCodes = entity({
  name: 'slack_link_codes',
  one: 'Slack link code',
  schema: 'core',
  about: 'One-time codes that join a Slack user and a member: hashes only.',
  internal: true,
  columns: {
    code_hash: col(text('code_hash').notNull()),
    member_id: pointer('member_id', 'members'),
    team_id: col(text('team_id')),
    slack_user_id: col(text('slack_user_id')),
    expires_at: col(instant('expires_at').builder.notNull(), { indexed: true }),
    used_at: instant('used_at'),
  },
  unique: [['code_hash']],
})
