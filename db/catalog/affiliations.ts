import { date, integer, text } from 'drizzle-orm/pg-core'
import { parent } from './columns.ts'
import { col, entity } from './define.ts'

export const affiliations = entity({
  name: 'affiliations',
  one: 'affiliation',
  schema: 'crm',
  words: ['position held', 'employment', 'board seat'],
  about: 'A person at a company, as what, from when to when; several at once are usual.',
  writable: true,
  minor: true,
  columns: {
    person_id: parent('person_id', 'people'),
    company_id: parent('company_id', 'companies'),
    role: col(text('role'), { hide: 'none', write: true, words: ['title', 'job title'] }),
    started_on: col(date('started_on'), { write: true, indexed: true, words: ['from', 'since'] }),
    ended_on: col(date('ended_on'), { write: true, words: ['to', 'until'] }),
  },
  computed: { is_current: { type: 'boolean', sql: '({t}.ended_on is null)', words: ['current'] } },
  relations: {
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
  },
})

/** Each pair once, from the one who is asked about: `kind` says what the other is to them. */
export const relationships = entity({
  name: 'relationships',
  one: 'relationship',
  schema: 'crm',
  words: ['personal tie'],
  about: 'How people know each other: kind and strength, as people told us.',
  writable: true,
  minor: true,
  columns: {
    person_id: parent('person_id', 'people'),
    other_person_id: parent('other_person_id', 'people'),
    kind: col(text('kind').notNull(), {
      hide: 'none',
      write: true,
      about: 'spouse, sibling, colleague, mentor, introduced by …',
    }),
    strength: col(integer('strength'), { write: true, range: [0, 100], about: '0 to 100.' }),
    notes: col(text('notes'), { write: true }),
  },
  relations: {
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    other_person: { kind: 'one', entity: 'people', column: 'other_person_id', words: ['other'] },
  },
  unique: [['person_id', 'other_person_id', 'kind']],
})
