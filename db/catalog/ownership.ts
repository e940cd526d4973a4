import { bigint, date, numeric, text } from 'drizzle-orm/pg-core'
import { parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

const KINDS = ['common', 'preferred', 'option', 'safe', 'note', 'warrant', 'other'] as const

export const ownershipStakes = entity({
  name: 'ownership_stakes',
  one: 'ownership stake',
  schema: 'crm',
  words: ['cap table', 'shareholding', 'stake'],
  about: 'The cap table: who holds what of a company, as of a day.',
  writable: true,
  minor: true,
  columns: {
    company_id: parent('company_id', 'companies'),
    holder_person_id: pointer('holder_person_id', 'people', { write: true }),
    holder_company_id: pointer('holder_company_id', 'companies', { write: true }),
    kind: col(text('kind', { enum: KINDS }).notNull().default('common'), {
      hide: 'none',
      values: KINDS,
      write: true,
      words: ['class'],
    }),
    percent: col(numeric('percent', { precision: 8, scale: 5, mode: 'number' }), {
      write: true,
      range: [0, 100],
      about: '0 to 100.',
    }),
    shares: col(bigint('shares', { mode: 'number' }), { write: true }),
    as_of: col(date('as_of'), { write: true, indexed: true }),
  },
  relations: {
    company: { kind: 'one', entity: 'companies', column: 'company_id' },
    holder_person: { kind: 'one', entity: 'people', column: 'holder_person_id', words: ['holder'] },
    holder_company: { kind: 'one', entity: 'companies', column: 'holder_company_id' },
  },
})
