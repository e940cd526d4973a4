import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordUri } from '../domain/records.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { QueryResult } from './run.ts'
import { asker, fill, ids, objects, shown } from './testing/small-workspace.ts'

describe.each(testEngines)('questions on %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  let ask: (input: unknown) => Promise<QueryResult>
  const names = async (input: Record<string, unknown>): Promise<readonly unknown[]> =>
    objects(await ask({ fields: ['name'], order: ['name'], ...input })).map((row) => row['name'])

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant({ timezone: 'Europe/London' })
    await fill(base.database, tenant)
    ask = asker(base.database, tenant)
  })
  afterAll(() => base.close())

  test('records come with their telling columns, names as secrets, and how much there is', async () => {
    const result = await ask({
      find: 'deals',
      where: [{ field: 'status', value: 'open' }],
      order: ['-amount'],
    })
    expect(objects(result)).toEqual([
      expect.objectContaining({
        name: 'Robots',
        company: 'Nimbus Robotics',
        stage: 'Lead',
        amount: 50_000,
        currency: 'USD',
        close_date: '2026-12-31',
      }),
      expect.objectContaining({ name: 'Tides', amount: null }),
    ])
    expect(result.rows[0]![0]).toMatchObject({ hide: 'DEAL', record: { entity: 'deals', id: ids.robots } })
    expect(result.completeness).toMatchObject({
      total: 2,
      returned: 2,
      complete: true,
      next_cursor: null,
      as_of: '2026-11-20T09:00:00Z',
    })
    expect(result.completeness.filters_in_words).toBe('status is open')
    expect(result.sources[0]).toMatchObject({ what: 'deal, 2026-11-10' })
  })

  test('a handle works on a relation, on the name, on the id and on several records', async () => {
    const dana = recordUri({ entity: 'people', id: ids.dana })
    const nimbus = recordUri({ entity: 'companies', id: ids.nimbus })
    expect(await names({ find: 'deals', where: [{ field: 'company', value: nimbus }] })).toEqual([
      'Robots',
      'Turbines',
    ])
    expect(await names({ find: 'people', where: [{ field: 'name', value: dana }] })).toEqual([
      'Dana Whitfield',
    ])
    expect(await names({ find: 'people', where: [{ field: 'id', op: 'in', value: [dana] }] })).toEqual([
      'Dana Whitfield',
    ])
    expect(await names({ find: 'deals', where: [{ field: 'people', value: dana }] })).toEqual([
      'Robots',
      'Turbines',
    ])
    expect(await names({ find: 'deals', where: [{ field: 'people', op: '!=', value: dana }] })).toEqual([
      'Lanterns',
      'Tides',
    ])
    expect(
      await names({ find: 'people', where: [{ field: 'company.name', op: '!=', value: nimbus }] }),
    ).toEqual(['Omar Haddad', 'Sam Ellery'])
  })

  test('a sum over a path takes each record once, however many rows lead to it', async () => {
    const result = await ask({
      find: 'interactions',
      group_by: ['company'],
      measures: [{ fn: 'count' }, { fn: 'sum', field: 'deal.amount' }],
    })
    expect(objects(result)).toEqual([
      { company: 'Nimbus Robotics', count: 3, sum_deal_amount: 50_123.45, 'deal.currency': 'USD' },
      { company: 'Tidewater Bio', count: 1, sum_deal_amount: 0, 'deal.currency': 'USD' },
    ])
    expect(shown(result.completeness.filters_in_words)).toBe('all interactions')
  })

  test('amounts in two currencies are never added', async () => {
    const result = await ask({ find: 'deals', measures: [{ fn: 'sum', field: 'amount' }] })
    expect(objects(result)).toEqual([
      { sum_amount: 70_000, currency: 'JPY' },
      { sum_amount: 50_123.45, currency: 'USD' },
    ])
    expect(result.notes.join()).toContain('several currencies')
  })

  test('two periods are compared group by group', async () => {
    const result = await ask({
      find: 'interactions',
      group_by: ['kind'],
      measures: [{ fn: 'count' }],
      compare: { field: 'occurred_at', a: '2026-11', b: '2026-10' },
      order: ['kind'],
    })
    expect(objects(result)).toEqual([
      { kind: 'call', count_a: 1, count_b: 0, count_change: 1 },
      { kind: 'email', count_a: 0, count_b: 1, count_change: -1 },
      { kind: 'meeting', count_a: 1, count_b: 1, count_change: 0 },
    ])
  })
})
