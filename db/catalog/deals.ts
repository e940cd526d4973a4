import { bigint, date, integer, numeric, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { col, entity } from './define.ts'

const STAGE_KINDS = ['open', 'won', 'lost'] as const
const SIDES = ['buy', 'sell'] as const
const stageColumn = (column: string) =>
  `(select s.${column} from crm.stages s where s.tenant_id = {t}.tenant_id and s.id = {t}.stage_id)`

export const stages = entity({
  name: 'stages',
  one: 'stage',
  schema: 'crm',
  title: '{t}.name',
  titleHide: 'none',
  about: 'Stages of the pipeline in order; rows, because every team renames them.',
  columns: {
    name: col(text('name').notNull(), { hide: 'none' }),
    position: col(integer('position').notNull()),
    kind: col(text('kind', { enum: STAGE_KINDS }).notNull().default('open'), {
      hide: 'none',
      values: STAGE_KINDS,
    }),
    /** Chance of winning from here, 0 to 1. */
    probability: col(numeric('probability', { precision: 4, scale: 3, mode: 'number' }).notNull().default(0)),
  },
  unique: [['name']],
})

export const deals = entity({
  name: 'deals',
  one: 'deal',
  schema: 'crm',
  handle: 'DEAL',
  title: '{t}.name',
  words: ['opportunity', 'listing', 'investment', 'pipeline'],
  about: 'Opportunities, investments under consideration, listings.',
  writable: true,
  columns: {
    name: col(text('name').notNull(), { hide: 'DEAL', write: true }),
    company_id: col(uuid('company_id'), { references: 'companies', write: true }),
    stage_id: col(uuid('stage_id').notNull(), { references: 'stages', write: true }),
    owner_id: col(uuid('owner_id'), { references: 'members', write: true }),
    amount_minor: col(bigint('amount_minor', { mode: 'number' }), {
      currency: 'currency',
      write: true,
      words: ['amount', 'value', 'size', 'price', 'revenue'],
    }),
    currency: col(text('currency').notNull(), { hide: 'none', write: true }),
    close_date: col(date('close_date'), { write: true, indexed: true, words: ['expected close', 'closing'] }),
    closed_at: col(timestamp('closed_at', { withTimezone: true }), {
      derived: true,
      words: ['won', 'lost', 'closed on'],
    }),
    stage_since: col(timestamp('stage_since', { withTimezone: true }), {
      derived: true,
      words: ['in stage since'],
    }),
    side: col(text('side', { enum: SIDES }), {
      hide: 'none',
      values: SIDES,
      write: true,
      about: 'Brokerage: we act for the buyer or the seller.',
    }),
    bedrooms: col(integer('bedrooms'), { write: true }),
    next_step: col(text('next_step'), { write: true }),
    notes: col(text('notes'), { write: true }),
    source: col(text('source'), { hide: 'none' }),
    last_interaction_at: col(timestamp('last_interaction_at', { withTimezone: true }), {
      derived: true,
      indexed: true,
      words: ['last touched', 'last contact'],
    }),
  },
  computed: {
    status: {
      type: 'text',
      sql: stageColumn('kind'),
      hide: 'none',
      values: STAGE_KINDS,
      about: 'open, won or lost, by its stage.',
    },
    weighted_amount: {
      type: 'money',
      sql: `({t}.amount_minor * ${stageColumn('probability')})`,
      words: ['weighted'],
      about: 'Amount times the chance of its stage.',
    },
  },
  relations: {
    company: { kind: 'one', entity: 'companies', column: 'company_id', words: ['account'] },
    stage: { kind: 'one', entity: 'stages', column: 'stage_id', words: ['step'] },
    owner: { kind: 'one', entity: 'members', column: 'owner_id', words: ['rep', 'agent'] },
    people: { kind: 'through', entity: 'people', join: 'deal_people', from: 'deal_id', to: 'person_id' },
    interactions: { kind: 'many', entity: 'interactions', column: 'deal_id' },
    stage_events: { kind: 'many', entity: 'deal_stage_events', column: 'deal_id' },
    tasks: { kind: 'many', entity: 'tasks', column: 'deal_id' },
    tags: { kind: 'through', entity: 'tags', join: 'deal_tags', from: 'deal_id', to: 'tag_id' },
  },
})

export const dealPeople = entity({
  name: 'deal_people',
  one: 'deal person',
  schema: 'crm',
  about: 'Who takes part in a deal, and as what.',
  columns: {
    deal_id: col(uuid('deal_id').notNull(), { references: 'deals' }),
    person_id: col(uuid('person_id').notNull(), { references: 'people' }),
    role: col(text('role'), { hide: 'none' }),
  },
  relations: {
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
  },
  unique: [['deal_id', 'person_id']],
})

export const dealStageEvents = entity({
  name: 'deal_stage_events',
  one: 'stage event',
  schema: 'crm',
  about: 'History of stages, written by a trigger.',
  columns: {
    deal_id: col(uuid('deal_id').notNull(), { references: 'deals' }),
    from_stage_id: col(uuid('from_stage_id'), { references: 'stages' }),
    to_stage_id: col(uuid('to_stage_id').notNull(), { references: 'stages' }),
    at: col(timestamp('at', { withTimezone: true }).notNull().defaultNow(), { indexed: true }),
  },
  relations: {
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
    from_stage: { kind: 'one', entity: 'stages', column: 'from_stage_id' },
    to_stage: { kind: 'one', entity: 'stages', column: 'to_stage_id' },
  },
})
