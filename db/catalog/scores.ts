import { jsonb, numeric, text } from 'drizzle-orm/pg-core'
import { happened, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

const score = (column: string) => numeric(column, { precision: 6, scale: 2, mode: 'number' })

export const scores = entity({
  name: 'scores',
  one: 'score',
  schema: 'intel',
  about: 'Scores over time, each with what it was made of.',
  minor: true,
  columns: {
    kind: col(text('kind').notNull(), {
      hide: 'none',
      indexed: true,
      about: 'engagement (companies), deal_intelligence, win_probability in percent (open deals) …',
    }),
    person_id: pointer('person_id', 'people'),
    company_id: pointer('company_id', 'companies'),
    deal_id: pointer('deal_id', 'deals'),
    value: col(score('value').notNull()),
    at: happened('at'),
    /** The parts of the sum, and under `records` the interactions they come from. */
    evidence: col(jsonb('evidence').$type<unknown>()),
  },
  computed: {
    parts: {
      type: 'text',
      hide: 'none',
      sql: `(select string_agg(replace(e.key, '_', ' ') || ' ' || e.value, ', ' order by e.key) from jsonb_each(case when jsonb_typeof({t}.evidence) = 'object' then {t}.evidence end) e where jsonb_typeof(e.value) = 'number')`,
      words: ['evidence', 'breakdown', 'made of'],
      about: 'What it was made of: each part with its number.',
    },
  },
  relations: {
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
  },
})

export const leadScores = entity({
  name: 'lead_scores',
  one: 'lead score',
  schema: 'intel',
  about: 'How promising a lead is: fit 40, intent 40, engagement 20.',
  minor: true,
  columns: {
    lead_id: parent('lead_id', 'leads'),
    overall: col(score('overall').notNull()),
    fit: col(score('fit')),
    intent: col(score('intent')),
    engagement: col(score('engagement')),
    breakdown: col(jsonb('breakdown').$type<unknown>()),
    intent_signals: col(text('intent_signals')),
    risks: col(text('risks')),
    next_actions: col(text('next_actions')),
    at: happened('at'),
  },
  relations: { lead: { kind: 'one', entity: 'leads', column: 'lead_id' } },
})

const ENRICHMENT_KINDS = ['news', 'funding', 'hiring', 'summary', 'market'] as const

export const enrichments = entity({
  name: 'enrichments',
  one: 'enrichment',
  schema: 'intel',
  about: 'What was found out from outside, with its source and when it was fetched.',
  minor: true,
  columns: {
    company_id: pointer('company_id', 'companies'),
    person_id: pointer('person_id', 'people'),
    kind: col(text('kind', { enum: ENRICHMENT_KINDS }).notNull(), {
      hide: 'none',
      values: ENRICHMENT_KINDS,
      indexed: true,
    }),
    title: col(text('title')),
    body: col(text('body')),
    market_score: col(score('market_score')),
    source: col(text('source').notNull(), { hide: 'none' }),
    url: col(text('url'), { hide: 'URL' }),
    fetched_at: happened('fetched_at'),
  },
  relations: {
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    person: { kind: 'one', entity: 'people', column: 'person_id' },
  },
})
