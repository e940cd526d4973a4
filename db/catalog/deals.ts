import { bigint, date, integer, numeric, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { happened, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

const STAGE_KINDS = ['open', 'won', 'lost'] as const
const INFLUENCES = ['high', 'medium', 'low'] as const
const SIDES = ['buy', 'sell'] as const
const stageColumn = (column: string) =>
  `(select s.${column} from crm.stages s where s.tenant_id = {t}.tenant_id and s.id = {t}.stage_id)`

export const pipelines = entity({
  name: 'pipelines',
  one: 'pipeline',
  schema: 'crm',
  title: '{t}.name',
  titleHide: 'none',
  about: 'Pipelines; a stage that names none belongs to the first.',
  minor: true,
  columns: {
    name: col(text('name').notNull(), { hide: 'none' }),
    position: col(integer('position').notNull().default(0), { indexed: true }),
  },
  relations: { stages: { kind: 'many', entity: 'stages', column: 'pipeline_id' } },
  unique: [['name']],
})

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
    pipeline_id: pointer('pipeline_id', 'pipelines'),
  },
  relations: { pipeline: { kind: 'one', entity: 'pipelines', column: 'pipeline_id' } },
  unique: [['pipeline_id', 'name']],
})

export const deals = entity({
  name: 'deals',
  one: 'deal',
  schema: 'crm',
  handle: 'DEAL',
  title: '{t}.name',
  words: ['opportunity', 'listing', 'investment', 'pipeline'],
  about: 'Opportunities, investments under consideration, listings.',
  known: { as: 'title', first: 'name' },
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
    contact_id: pointer('contact_id', 'people', { write: true, minor: true }),
    probability: col(numeric('probability', { precision: 4, scale: 3, mode: 'number' }), {
      write: true,
      range: [0, 1],
      minor: true,
      about: 'Our own estimate, 0 to 1; the stage has one too.',
    }),
    risk_factors: col(text('risk_factors'), { write: true, minor: true, words: ['risks'] }),
    competitors: col(text('competitors'), { write: true, minor: true }),
    lost_reason: col(text('lost_reason'), { write: true, minor: true, words: ['reason lost'] }),
    last_interaction_at: col(timestamp('last_interaction_at', { withTimezone: true }), {
      derived: true,
      shared: true,
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
    contact: { kind: 'one', entity: 'people', column: 'contact_id', words: ['main contact'] },
    stakeholders: { kind: 'many', entity: 'deal_people', column: 'deal_id' },
    value_events: { kind: 'many', entity: 'deal_value_events', column: 'deal_id' },
    meetings: { kind: 'many', entity: 'meetings', column: 'deal_id' },
    reminders: { kind: 'many', entity: 'reminders', column: 'deal_id' },
    scores: { kind: 'many', entity: 'scores', column: 'deal_id' },
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
    role: col(text('role'), {
      hide: 'none',
      write: true,
      about: 'decision maker, influencer, champion, gatekeeper, or the part they play for us.',
    }),
    influence: col(text('influence', { enum: INFLUENCES }), {
      hide: 'none',
      values: INFLUENCES,
      write: true,
    }),
    strength: col(integer('strength'), {
      hide: 'none',
      write: true,
      range: [0, 100],
      words: ['relationship strength'],
      about: '0 to 100.',
    }),
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
  history: true,
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

export const dealValueEvents = entity({
  name: 'deal_value_events',
  one: 'value event',
  schema: 'crm',
  about: 'History of amounts, written by a trigger.',
  history: true,
  minor: true,
  columns: {
    deal_id: parent('deal_id', 'deals'),
    from_minor: col(bigint('from_minor', { mode: 'number' }), { currency: 'currency' }),
    to_minor: col(bigint('to_minor', { mode: 'number' }), { currency: 'currency' }),
    currency: col(text('currency').notNull(), { hide: 'none' }),
    at: happened('at'),
  },
  relations: { deal: { kind: 'one', entity: 'deals', column: 'deal_id' } },
})
