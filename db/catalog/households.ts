import { text } from 'drizzle-orm/pg-core'
import { parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

export const households = entity({
  name: 'households',
  one: 'household',
  schema: 'crm',
  handle: 'RECORD',
  title: '{t}.name',
  words: ['family'],
  about: 'People who buy, rent or invest together.',
  writable: true,
  minor: true,
  known: { as: 'title', first: 'name' },
  columns: {
    name: col(text('name').notNull(), { hide: 'RECORD', write: true }),
    owner_id: pointer('owner_id', 'members', { write: true }),
    street: col(text('street'), { hide: 'ADDRESS', write: true, words: ['address'] }),
    city: col(text('city'), { hide: 'none', write: true }),
    country: col(text('country'), { hide: 'none', write: true }),
    notes: col(text('notes'), { write: true }),
  },
  relations: {
    owner: { kind: 'one', entity: 'members', column: 'owner_id' },
    people: {
      kind: 'through',
      entity: 'people',
      join: 'household_members',
      from: 'household_id',
      to: 'person_id',
      words: ['members'],
    },
  },
})

export const householdMembers = entity({
  name: 'household_members',
  one: 'household member',
  schema: 'crm',
  about: 'Who belongs to a household, and as what.',
  minor: true,
  columns: {
    household_id: parent('household_id', 'households'),
    person_id: parent('person_id', 'people'),
    role: col(text('role'), { hide: 'none', write: true }),
  },
  relations: {
    household: { kind: 'one', entity: 'households', column: 'household_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
  },
  unique: [['household_id', 'person_id']],
})
