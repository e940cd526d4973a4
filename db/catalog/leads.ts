import { text } from 'drizzle-orm/pg-core'
import { instant, pointer } from './columns.ts'
import { col, entity } from './define.ts'

const STATUSES = ['new', 'contacted', 'qualified', 'unqualified', 'converted'] as const
const URGENCIES = ['low', 'medium', 'high'] as const

export const leads = entity({
  name: 'leads',
  one: 'lead',
  schema: 'crm',
  words: ['enquiry', 'inquiry', 'prospect'],
  about: 'First signs of interest, before there is a deal.',
  writable: true,
  minor: true,
  columns: {
    person_id: pointer('person_id', 'people', { write: true }),
    company_id: pointer('company_id', 'companies', { write: true }),
    owner_id: pointer('owner_id', 'members', { write: true }),
    deal_id: pointer('deal_id', 'deals', { write: true }),
    source: col(text('source'), { hide: 'none', write: true, indexed: true, words: ['channel'] }),
    status: col(text('status', { enum: STATUSES }).notNull().default('new'), {
      hide: 'none',
      values: STATUSES,
      write: true,
      indexed: true,
    }),
    budget_band: col(text('budget_band'), { hide: 'none', write: true, words: ['budget'] }),
    urgency: col(text('urgency', { enum: URGENCIES }), { hide: 'none', values: URGENCIES, write: true }),
    contacted_at: instant('contacted_at', { write: true }),
    notes: col(text('notes'), { write: true }),
  },
  relations: {
    person: { kind: 'one', entity: 'people', column: 'person_id' },
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    owner: { kind: 'one', entity: 'members', column: 'owner_id' },
    deal: { kind: 'one', entity: 'deals', column: 'deal_id', words: ['converted to'] },
    scores: { kind: 'many', entity: 'lead_scores', column: 'lead_id' },
  },
})
