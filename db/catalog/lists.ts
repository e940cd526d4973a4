import { boolean, jsonb, text } from 'drizzle-orm/pg-core'
import { parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const LIST_KINDS = ['main', 'follow_up', 'graveyard', 'longshot', 'custom'] as const

export const lists = entity({
  name: 'lists',
  one: 'list',
  schema: 'crm',
  handle: 'RECORD',
  title: '{t}.name',
  titleHide: 'text',
  about: 'Lists of people and companies that a team works through.',
  writable: true,
  minor: true,
  columns: {
    name: col(text('name').notNull(), { write: true }),
    kind: col(text('kind', { enum: LIST_KINDS }).notNull().default('custom'), {
      hide: 'none',
      values: LIST_KINDS,
      write: true,
      indexed: true,
    }),
    owner_id: pointer('owner_id', 'members', { write: true }),
  },
  relations: {
    owner: { kind: 'one', entity: 'members', column: 'owner_id' },
    people: {
      kind: 'through',
      entity: 'people',
      join: 'list_memberships',
      from: 'list_id',
      to: 'person_id',
    },
    companies: {
      kind: 'through',
      entity: 'companies',
      join: 'list_memberships',
      from: 'list_id',
      to: 'company_id',
    },
  },
  unique: [['name']],
})

export const listMemberships = entity({
  name: 'list_memberships',
  one: 'list membership',
  schema: 'crm',
  about: 'Who is on a list.',
  minor: true,
  columns: {
    list_id: parent('list_id', 'lists'),
    person_id: pointer('person_id', 'people'),
    company_id: pointer('company_id', 'companies'),
  },
  relations: {
    list: { kind: 'one', entity: 'lists', column: 'list_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
  },
  unique: [
    ['list_id', 'person_id'],
    ['list_id', 'company_id'],
  ],
})

export const savedViews = entity({
  name: 'saved_views',
  one: 'saved view',
  schema: 'crm',
  about: 'Questions kept under a name: filters in groups, sorts; personal, or shared with the team.',
  internal: true,
  kept: true,
  columns: {
    name: col(text('name').notNull()),
    entity: col(text('entity').notNull(), { indexed: true }),
    /** As in a question, or `{ any: [{ all: [{ field, op, value }] }] }`. */
    filters: col(jsonb('filters').$type<unknown>()),
    sorts: col(jsonb('sorts').$type<unknown>()),
    member_id: pointer('member_id', 'members'),
    is_shared: col(boolean('is_shared').notNull().default(false)),
  },
})
