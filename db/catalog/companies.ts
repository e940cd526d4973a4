import { text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { col, entity } from './define.ts'

const KINDS = [
  'prospect',
  'customer',
  'partner',
  'investor',
  'portfolio',
  'brokerage',
  'developer',
  'lender',
  'vendor',
  'other',
] as const

export const companies = entity({
  name: 'companies',
  one: 'company',
  schema: 'crm',
  handle: 'COMPANY',
  title: '{t}.name',
  words: ['account', 'organisation', 'organization', 'firm', 'startup'],
  about: 'Organisations we deal with.',
  writable: true,
  columns: {
    name: col(text('name').notNull(), { hide: 'COMPANY', write: true }),
    domain: col(text('domain'), { hide: 'URL', write: true, indexed: true }),
    kind: col(text('kind', { enum: KINDS }).notNull().default('prospect'), {
      hide: 'none',
      values: KINDS,
      write: true,
      words: ['type'],
    }),
    status: col(text('status'), {
      hide: 'none',
      write: true,
      about: 'customer, prospect, churned, active …',
    }),
    industry: col(text('industry'), { hide: 'none', write: true, words: ['sector'] }),
    city: col(text('city'), { hide: 'none', write: true }),
    country: col(text('country'), { hide: 'none', write: true }),
    owner_id: col(uuid('owner_id'), { references: 'members', write: true }),
    notes: col(text('notes'), { write: true }),
    source: col(text('source'), { hide: 'none' }),
    last_interaction_at: col(timestamp('last_interaction_at', { withTimezone: true }), {
      derived: true,
      indexed: true,
      words: ['last contact', 'last touched'],
    }),
  },
  relations: {
    owner: {
      kind: 'one',
      entity: 'members',
      column: 'owner_id',
      words: ['relationship owner', 'account manager'],
    },
    people: { kind: 'many', entity: 'people', column: 'company_id' },
    deals: { kind: 'many', entity: 'deals', column: 'company_id' },
    interactions: { kind: 'many', entity: 'interactions', column: 'company_id' },
    threads: { kind: 'many', entity: 'threads', column: 'company_id' },
    emails: { kind: 'many', entity: 'emails', column: 'company_id' },
    tasks: { kind: 'many', entity: 'tasks', column: 'company_id' },
    tags: { kind: 'through', entity: 'tags', join: 'company_tags', from: 'company_id', to: 'tag_id' },
  },
})
