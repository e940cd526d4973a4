import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

/** Still Friday evening in New York. */
const NOW = new Date('2026-11-21T02:00:00Z')
const TODAY = '2026-11-20'

describe.each(testEngines)('the days a company came and left on %s', (engine) => {
  let opened: TestDatabase
  let actor: Actor

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    actor = (await opened.addTenant({ timezone: 'America/New_York', clockAt: NOW })).actor()
  })

  const all = <T extends object>(statement: ReturnType<typeof sql>): Promise<T[]> =>
    asTenant(opened.database, actor, (tx) => rows<T>(tx, statement))
  const company = async (columns = sql``, values = sql``): Promise<string> => {
    const id = newId()
    await all(sql`insert into crm.companies (id, tenant_id, name ${columns})
      values (${id}, core.current_tenant(), 'Acme' ${values})`)
    return id
  }
  const daysOf = async (id: string) =>
    (await all(sql`select customer_since, churned_on from crm.companies where id = ${id}`))[0]
  const set = (id: string, what: ReturnType<typeof sql>) =>
    all(sql`update crm.companies set ${what} where id = ${id}`)

  test('are the workspace’s own day when the status becomes so, and the last one goes when it comes back', async () => {
    const id = await company()
    await set(id, sql`status = 'Customer'`)
    expect(await daysOf(id)).toEqual({ customer_since: TODAY, churned_on: null })
    await set(id, sql`status = 'churned'`)
    expect(await daysOf(id)).toEqual({ customer_since: TODAY, churned_on: TODAY })
    await set(id, sql`churned_on = '2026-10-02'`)
    await set(id, sql`city = 'Oslo', status = 'churned'`)
    expect(await daysOf(id)).toEqual({ customer_since: TODAY, churned_on: '2026-10-02' })
    await set(id, sql`status = 'customer'`)
    expect(await daysOf(id)).toEqual({ customer_since: TODAY, churned_on: null })
  })

  test('are not made up for what comes in with its status, and one that is given stands', async () => {
    const id = await company(sql`, status`, sql`, 'churned'`)
    expect(await daysOf(id)).toEqual({ customer_since: null, churned_on: null })
    const other = await company()
    await set(other, sql`status = 'churned', churned_on = '2025-01-31'`)
    expect(await daysOf(other)).toMatchObject({ churned_on: '2025-01-31' })
  })

  test('add up to customers at the start, new and lost ones, and the revenue that went, in each currency', async () => {
    const columns = sql`, status, customer_since, churned_on, mrr_minor, revenue_currency`
    await company(columns, sql`, 'customer', '2025-01-01', null, 10000, 'USD'`)
    await company(columns, sql`, 'churned', '2025-01-01', '2026-11-03', 20000, 'USD'`)
    await company(columns, sql`, 'churned', '2026-10-10', '2026-11-04', 500, 'USD'`)
    await company(columns, sql`, 'churned', '2024-01-01', '2026-09-30', 99999, 'USD'`)
    await company(columns, sql`, 'customer', null, null, 7000, 'EUR'`)
    await company(columns, sql`, 'customer', '2026-11-02', null, null, null`)
    await company(columns, sql`, 'prospect', null, null, 1, 'USD'`)
    expect(await all(sql`select * from crm.customer_churn('2026-10-01', '2026-12-01')`)).toEqual([
      { currency: 'EUR', at_start: 1, added: 0, churned: 0, churn_rate: 0, lost_mrr_minor: 0 },
      { currency: 'USD', at_start: 2, added: 1, churned: 2, churn_rate: 0.5, lost_mrr_minor: 20_500 },
      { currency: null, at_start: 0, added: 1, churned: 0, churn_rate: null, lost_mrr_minor: 0 },
    ])
  })
})
