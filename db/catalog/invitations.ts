import { jsonb, text } from 'drizzle-orm/pg-core'
import { ROLES } from '../../domain/actor.ts'
import { instant, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const invitations = entity({
  name: 'invitations',
  one: 'invitation',
  schema: 'core',
  about: 'Invitations by owners and admins; nobody registers on their own.',
  internal: true,
  columns: {
    email: col(text('email').notNull(), { indexed: true }),
    role: col(text('role', { enum: ROLES }).notNull()),
    invited_by: pointer('invited_by', 'members'),
    /** SHA-256 of the token in the link. */
    token_hash: col(text('token_hash').notNull()),
    expires_at: col(instant('expires_at').builder.notNull(), { indexed: true }),
    accepted_at: instant('accepted_at'),
    member_id: pointer('member_id', 'members'),
    revoked_at: instant('revoked_at'),
  },
  unique: [['token_hash']],
})

export const settings = entity({
  name: 'settings',
  one: 'setting',
  schema: 'core',
  about: 'What a workspace set for itself, by key.',
  internal: true,
  kept: true,
  columns: {
    key: col(text('key').notNull()),
    value: col(jsonb('value').notNull().$type<unknown>()),
  },
  unique: [['key']],
})
