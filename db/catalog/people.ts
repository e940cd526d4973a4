import { bigint, boolean, integer, numeric, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { col, entity } from './define.ts'

const CONTACT_METHODS = ['email', 'phone', 'whatsapp', 'linkedin', 'meeting', 'post'] as const

export const people = entity({
  name: 'people',
  one: 'person',
  schema: 'crm',
  handle: 'PERSON',
  title: "btrim(coalesce({t}.given_name, '') || ' ' || coalesce({t}.family_name, ''))",
  words: ['contact', 'client', 'lead', 'investor', 'founder'],
  about: 'Contacts outside the workspace.',
  known: { as: 'person', first: 'given_name', second: 'family_name' },
  writable: true,
  columns: {
    given_name: col(text('given_name'), { hide: 'PERSON', write: true, words: ['first name'] }),
    family_name: col(text('family_name'), { hide: 'PERSON', write: true, words: ['last name', 'surname'] }),
    title: col(text('title'), { hide: 'none', write: true, words: ['job title', 'position'] }),
    role: col(text('role'), {
      hide: 'none',
      write: true,
      indexed: true,
      about: 'Part the person plays for us: founder, investor, buyer, seller, lender, advisor …',
    }),
    company_id: col(uuid('company_id'), { references: 'companies', write: true }),
    owner_id: col(uuid('owner_id'), { references: 'members', write: true }),
    city: col(text('city'), { hide: 'none', write: true, words: ['town', 'based in', 'location'] }),
    country: col(text('country'), { hide: 'none', write: true }),
    linkedin_url: col(text('linkedin_url'), { hide: 'URL', write: true }),
    notes: col(text('notes'), { write: true }),
    source: col(text('source'), { hide: 'none' }),
    persona: col(text('persona'), { hide: 'none', write: true, minor: true, words: ['persona labels'] }),
    seniority: col(text('seniority'), { hide: 'none', write: true, minor: true, words: ['level'] }),
    skills: col(text('skills'), { write: true, minor: true, about: 'Separated by commas.' }),
    is_decision_maker: col(boolean('is_decision_maker'), {
      write: true,
      minor: true,
      words: ['decision maker'],
    }),
    engagement_score: col(integer('engagement_score'), {
      write: true,
      range: [0, 100],
      minor: true,
      about: '0 to 100, as given by its source.',
    }),
    preferred_contact: col(text('preferred_contact', { enum: CONTACT_METHODS }), {
      hide: 'none',
      values: CONTACT_METHODS,
      write: true,
      minor: true,
      words: ['preferred contact method'],
    }),
    source_confidence: col(numeric('source_confidence', { precision: 4, scale: 3, mode: 'number' }), {
      write: true,
      range: [0, 1],
      minor: true,
      about: 'How far the source is trusted, 0 to 1.',
    }),
    private_notes: col(text('private_notes'), { internal: true, about: 'For no tool and no model.' }),
    last_interaction_at: col(timestamp('last_interaction_at', { withTimezone: true }), {
      derived: true,
      indexed: true,
      words: ['last contact', 'last touched', 'last talked'],
    }),
    last_meeting_at: col(timestamp('last_meeting_at', { withTimezone: true }), {
      derived: true,
      words: ['last met'],
    }),
    last_inbound_at: col(timestamp('last_inbound_at', { withTimezone: true }), {
      derived: true,
      words: ['last heard from'],
    }),
    last_outbound_at: col(timestamp('last_outbound_at', { withTimezone: true }), {
      derived: true,
      words: ['last written to'],
    }),
  },
  computed: {
    name: {
      type: 'text',
      sql: "btrim(coalesce({t}.given_name, '') || ' ' || coalesce({t}.family_name, ''))",
      hide: 'PERSON',
    },
  },
  relations: {
    company: { kind: 'one', entity: 'companies', column: 'company_id', words: ['employer', 'organisation'] },
    owner: {
      kind: 'one',
      entity: 'members',
      column: 'owner_id',
      words: ['relationship owner', 'agent', 'rep'],
    },
    emails: { kind: 'many', entity: 'person_emails', column: 'person_id' },
    phones: { kind: 'many', entity: 'person_phones', column: 'person_id' },
    interests: { kind: 'many', entity: 'property_interests', column: 'person_id' },
    tags: { kind: 'through', entity: 'tags', join: 'person_tags', from: 'person_id', to: 'tag_id' },
    deals: { kind: 'through', entity: 'deals', join: 'deal_people', from: 'person_id', to: 'deal_id' },
    interactions: {
      kind: 'through',
      entity: 'interactions',
      join: 'interaction_people',
      from: 'person_id',
      to: 'interaction_id',
    },
    tasks: { kind: 'through', entity: 'tasks', join: 'task_people', from: 'person_id', to: 'task_id' },
    threads: { kind: 'many', entity: 'threads', column: 'person_id' },
    emails_sent: {
      kind: 'many',
      entity: 'emails',
      column: 'from_person_id',
      about: 'Mail this person wrote.',
    },
    affiliations: { kind: 'many', entity: 'affiliations', column: 'person_id', words: ['positions'] },
    households: {
      kind: 'through',
      entity: 'households',
      join: 'household_members',
      from: 'person_id',
      to: 'household_id',
      words: ['family'],
    },
    relationships: {
      kind: 'many',
      entity: 'relationships',
      column: 'person_id',
      words: ['knows', 'connections'],
    },
    leads: { kind: 'many', entity: 'leads', column: 'person_id' },
    stakes: {
      kind: 'many',
      entity: 'ownership_stakes',
      column: 'holder_person_id',
      words: ['shareholdings'],
    },
    commitments: { kind: 'many', entity: 'commitments', column: 'investor_person_id' },
    lists: { kind: 'through', entity: 'lists', join: 'list_memberships', from: 'person_id', to: 'list_id' },
    meetings: {
      kind: 'through',
      entity: 'meetings',
      join: 'meeting_attendees',
      from: 'person_id',
      to: 'meeting_id',
    },
    visits: { kind: 'many', entity: 'visits', column: 'person_id' },
    whatsapp_threads: { kind: 'many', entity: 'whatsapp_threads', column: 'person_id', words: ['chats'] },
    reminders: { kind: 'many', entity: 'reminders', column: 'person_id' },
    scores: { kind: 'many', entity: 'scores', column: 'person_id' },
    enrichments: { kind: 'many', entity: 'enrichments', column: 'person_id' },
    evidence: { kind: 'many', entity: 'evidence_events', column: 'person_id' },
  },
})

export const personEmails = entity({
  name: 'person_emails',
  one: 'e-mail address',
  schema: 'crm',
  about: 'E-mail addresses of people, lower-cased.',
  known: { as: 'value', first: 'address', owner: 'person_id' },
  columns: {
    person_id: col(uuid('person_id').notNull(), { references: 'people' }),
    address: col(text('address').notNull(), { hide: 'EMAIL', write: true, words: ['email', 'e-mail'] }),
    label: col(text('label'), { hide: 'none', write: true }),
    is_primary: col(boolean('is_primary').notNull().default(false), { write: true }),
  },
  relations: { person: { kind: 'one', entity: 'people', column: 'person_id' } },
  unique: [['address']],
})

export const personPhones = entity({
  name: 'person_phones',
  one: 'phone number',
  schema: 'crm',
  about: 'Phone numbers of people in E.164.',
  known: { as: 'value', first: 'number', owner: 'person_id' },
  columns: {
    person_id: col(uuid('person_id').notNull(), { references: 'people' }),
    number: col(text('number').notNull(), {
      hide: 'PHONE',
      write: true,
      words: ['phone', 'mobile', 'telephone'],
    }),
    label: col(text('label'), { hide: 'none', write: true }),
    is_primary: col(boolean('is_primary').notNull().default(false), { write: true }),
  },
  relations: { person: { kind: 'one', entity: 'people', column: 'person_id' } },
  unique: [['person_id', 'number']],
})

export const propertyInterests = entity({
  name: 'property_interests',
  one: 'property interest',
  schema: 'crm',
  about: 'What a buyer or tenant is looking for.',
  writable: true,
  columns: {
    person_id: col(uuid('person_id').notNull(), { references: 'people' }),
    budget_minor: col(bigint('budget_minor', { mode: 'number' }), {
      currency: 'currency',
      write: true,
      words: ['budget'],
    }),
    currency: col(text('currency').notNull(), { hide: 'none', write: true }),
    bedrooms_min: col(integer('bedrooms_min'), { write: true, words: ['bedrooms', 'beds'] }),
    area: col(text('area'), { hide: 'none', write: true, words: ['neighbourhood'] }),
  },
  relations: { person: { kind: 'one', entity: 'people', column: 'person_id' } },
})
