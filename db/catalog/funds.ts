import { bigint, date, integer, text } from 'drizzle-orm/pg-core'
import { amount, parent, pointer } from './columns.ts'
import { col, entity } from './define.ts'

const FUND_STATUSES = ['raising', 'investing', 'harvesting', 'closed'] as const
export const COMMITMENT_STATUSES = ['prospect', 'soft', 'committed', 'signed', 'funded', 'declined'] as const

export const funds = entity({
  name: 'funds',
  one: 'fund',
  schema: 'fund',
  handle: 'RECORD',
  title: '{t}.name',
  words: ['vehicle'],
  about: 'Funds being raised or invested.',
  writable: true,
  minor: true,
  known: { as: 'title', first: 'name' },
  columns: {
    name: col(text('name').notNull(), { hide: 'RECORD', write: true }),
    status: col(text('status', { enum: FUND_STATUSES }), {
      hide: 'none',
      values: FUND_STATUSES,
      write: true,
    }),
    vintage: col(integer('vintage'), { write: true, words: ['year'] }),
    target_minor: amount('target_minor', { words: ['target'] }),
    currency: col(text('currency').notNull(), { hide: 'none', write: true }),
    final_close_on: col(date('final_close_on'), { write: true, words: ['final close'] }),
  },
  computed: {
    committed: {
      type: 'money',
      sql: `(select coalesce(sum(c.amount_minor), 0)::bigint from fund.commitments c
        where c.tenant_id = {t}.tenant_id and c.fund_id = {t}.id and c.deleted_at is null and c.currency = {t}.currency
        and c.status in ('committed', 'signed', 'funded') and not exists (select 1 from crm.list_memberships m
          join crm.lists l on l.tenant_id = m.tenant_id and l.id = m.list_id and l.deleted_at is null and l.kind = 'graveyard'
          where m.tenant_id = c.tenant_id and m.deleted_at is null and (m.company_id = c.investor_company_id or m.person_id = c.investor_person_id)))`,
      about: 'Committed, signed and funded; investors in a graveyard list left out.',
    },
  },
  relations: { commitments: { kind: 'many', entity: 'commitments', column: 'fund_id' } },
  unique: [['name']],
})

export const commitments = entity({
  name: 'commitments',
  one: 'commitment',
  schema: 'fund',
  words: ['investor commitment', 'pledge'],
  about: 'What investors commit to a fund. A prospect has one deal, which follows the amount.',
  writable: true,
  minor: true,
  columns: {
    fund_id: parent('fund_id', 'funds'),
    investor_company_id: pointer('investor_company_id', 'companies', { write: true }),
    investor_person_id: pointer('investor_person_id', 'people', { write: true }),
    owner_id: pointer('owner_id', 'members', { write: true }),
    status: col(text('status', { enum: COMMITMENT_STATUSES }).notNull().default('prospect'), {
      hide: 'none',
      values: COMMITMENT_STATUSES,
      write: true,
      indexed: true,
    }),
    amount_minor: amount('amount_minor', { words: ['amount', 'ticket'] }),
    currency: col(text('currency').notNull(), { hide: 'none', write: true }),
    committed_on: col(date('committed_on'), { write: true, indexed: true }),
    funded_on: col(date('funded_on'), { write: true }),
    called_minor: col(bigint('called_minor', { mode: 'number' }), { currency: 'currency', write: true }),
    deal_id: pointer('deal_id', 'deals', { derived: true }),
  },
  relations: {
    fund: { kind: 'one', entity: 'funds', column: 'fund_id' },
    investor_company: {
      kind: 'one',
      entity: 'companies',
      column: 'investor_company_id',
      words: ['investor'],
    },
    investor_person: { kind: 'one', entity: 'people', column: 'investor_person_id' },
    owner: { kind: 'one', entity: 'members', column: 'owner_id' },
    deal: { kind: 'one', entity: 'deals', column: 'deal_id' },
  },
})
