import { date, integer, jsonb, text } from 'drizzle-orm/pg-core'
import { CHANNELS } from '../../domain/actor.ts'
import { instant, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const standingApprovals = entity({
  name: 'standing_approvals',
  one: 'standing approval',
  schema: 'workflow',
  about: 'One kind of change that an owner lets pass without asking, up to so many a day until a date.',
  internal: true,
  columns: {
    granted_by: parent('granted_by', 'members'),
    granted_via: col(text('granted_via', { enum: CHANNELS }).notNull()),
    kind: col(text('kind').notNull()),
    scope: col(
      text('scope', { enum: ['own', 'all'] as const })
        .notNull()
        .default('own'),
    ),
    /** Whose proposals; everybody's where empty. */
    member_id: pointer('member_id', 'members'),
    per_day: col(integer('per_day').notNull()),
    until: col(instant('until').builder.notNull()),
    revoked_at: instant('revoked_at'),
    revoked_by: pointer('revoked_by', 'members'),
  },
})

export const standingUses = entity({
  name: 'standing_uses',
  one: 'use of a standing approval',
  schema: 'workflow',
  about: 'Each proposal that passed by a standing approval, and on which day of the workspace.',
  internal: true,
  columns: {
    standing_id: parent('standing_id', 'standing_approvals'),
    proposal_id: parent('proposal_id', 'proposals'),
    day: col(date('day').notNull(), { indexed: true }),
  },
  unique: [['proposal_id']],
})

export const approvals = entity({
  name: 'approvals',
  one: 'approval',
  schema: 'workflow',
  about: 'Each person who said yes to a proposal, to which revision and hash, and what they typed.',
  internal: true,
  columns: {
    proposal_id: parent('proposal_id', 'proposals'),
    member_id: parent('member_id', 'members'),
    via: col(text('via', { enum: CHANNELS }).notNull()),
    revision: col(integer('revision').notNull()),
    diff_hash: col(text('diff_hash').notNull()),
    typed: col(jsonb('typed').notNull().$type<unknown>()),
    note: col(text('note')),
  },
  unique: [['proposal_id', 'member_id', 'diff_hash']],
})
