import { jsonb, text, uuid } from 'drizzle-orm/pg-core'
import { happened, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const fieldChanges = entity({
  name: 'field_changes',
  one: 'field change',
  schema: 'core',
  about:
    'Every change of a field that a person can edit: who, when, from, to, by which proposal. Append-only.',
  internal: true,
  columns: {
    entity: col(text('entity').notNull()),
    record_id: col(uuid('record_id').notNull(), { indexed: true }),
    field: col(text('field').notNull()),
    old: col(jsonb('old').$type<unknown>()),
    new: col(jsonb('new').$type<unknown>()),
    at: happened('at'),
    member_id: pointer('member_id', 'members'),
    via: col(text('via')),
    proposal_id: pointer('proposal_id', 'proposals'),
  },
})
