import { integer, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { onlyFor } from './columns.ts'
import { col, entity } from './define.ts'

export const INTERACTION_KINDS = ['email', 'call', 'meeting', 'viewing', 'message', 'note'] as const
export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const

export const SENTIMENTS = ['positive', 'neutral', 'negative'] as const

export const interactions = entity({
  name: 'interactions',
  one: 'interaction',
  schema: 'intel',
  handle: 'INTERACTION',
  title: '{t}.summary',
  titleHide: 'text',
  words: ['activity', 'touch', 'contact', 'touchpoint'],
  about: 'Everything that happened between us and people outside: mail, calls, meetings, viewings, notes.',
  writable: true,
  columns: {
    kind: col(text('kind', { enum: INTERACTION_KINDS }).notNull(), {
      hide: 'none',
      values: INTERACTION_KINDS,
      write: true,
      words: ['type', 'channel'],
    }),
    direction: col(text('direction', { enum: DIRECTIONS }), {
      hide: 'none',
      values: DIRECTIONS,
      write: true,
    }),
    occurred_at: col(timestamp('occurred_at', { withTimezone: true }).notNull(), {
      write: true,
      indexed: true,
      words: ['at', 'when', 'date'],
    }),
    summary: col(text('summary'), { write: true }),
    body: col(text('body'), { write: true }),
    duration_minutes: col(integer('duration_minutes'), { write: true }),
    company_id: col(uuid('company_id'), { references: 'companies', write: true }),
    deal_id: col(uuid('deal_id'), { references: 'deals', write: true }),
    member_id: col(uuid('member_id'), { references: 'members', write: true }),
    email_id: col(uuid('email_id'), { references: 'emails' }),
    source: col(text('source'), { hide: 'none' }),
    sentiment: col(text('sentiment', { enum: SENTIMENTS }), {
      hide: 'none',
      values: SENTIMENTS,
      write: true,
      minor: true,
    }),
    quality: col(integer('quality'), { write: true, range: [1, 5], minor: true, about: '1 to 5.' }),
    outcome: col(text('outcome'), { write: true, minor: true, words: ['result'] }),
    external_id: col(text('external_id'), { internal: true }),
    only_for: onlyFor(),
  },
  computed: {
    is_first: {
      type: 'boolean',
      sql: `(not exists (select 1 from intel.interactions earlier where earlier.tenant_id = {t}.tenant_id and earlier.company_id = {t}.company_id
        and earlier.kind = {t}.kind and earlier.deleted_at is null and earlier.occurred_at < {t}.occurred_at))`,
      words: ['first'],
      about: 'The first of its kind with that company.',
    },
  },
  relations: {
    people: {
      kind: 'through',
      entity: 'people',
      join: 'interaction_people',
      from: 'interaction_id',
      to: 'person_id',
      words: ['person', 'with'],
    },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
    member: { kind: 'one', entity: 'members', column: 'member_id', words: ['user', 'agent', 'rep', 'by'] },
    email: { kind: 'one', entity: 'emails', column: 'email_id' },
  },
  unique: [['source', 'external_id']],
})

export const interactionPeople = entity({
  name: 'interaction_people',
  one: 'participant',
  schema: 'intel',
  about: 'Who outside the workspace took part.',
  columns: {
    interaction_id: col(uuid('interaction_id').notNull(), { references: 'interactions' }),
    person_id: col(uuid('person_id').notNull(), { references: 'people' }),
    only_for: onlyFor(),
  },
  relations: {
    interaction: { kind: 'one', entity: 'interactions', column: 'interaction_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
  },
  unique: [['interaction_id', 'person_id']],
})
