import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { QueryResult } from './run.ts'
import { asker, fill, objects, shown } from './testing/small-workspace.ts'

describe.each(testEngines)('measures and groups on %s', (engine) => {
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

  test('only who takes part in it is counted where a question would count rows twice', async () => {
    const refusals = [
      { find: 'companies', measures: [{ fn: 'sum', field: 'deals.amount' }] },
      { find: 'companies', measures: [{ fn: 'count_distinct', field: 'people' }] },
      { find: 'people', group_by: ['tags', 'deals'], measures: [{ fn: 'count' }] },
      { find: 'people', order: ['deals'] },
    ]
    const codes = await Promise.all(
      refusals.map((input) =>
        ask(input).then(
          () => 'accepted',
          (error: { code: string }) => error.code,
        ),
      ),
    )
    expect(codes).toEqual(['to_many', 'fan_out', 'fan_out', 'fan_out'])
    const rewritten = await ask({
      find: 'interaction_people',
      group_by: ['person'],
      where: [{ field: 'interaction.kind', value: 'meeting' }],
    })
    expect(objects(rewritten)).toEqual([
      { person: 'Dana Whitfield', count: 2 },
      { person: 'Omar Haddad', count: 1 },
    ])
  })

  test('amounts are whole units of their own currency', async () => {
    expect(await names({ find: 'deals', where: [{ field: 'amount', op: '>=', value: '50k' }] })).toEqual([
      'Lanterns',
      'Robots',
    ])
    expect(await names({ find: 'deals', where: [{ field: 'price', op: '=', value: 123.45 }] })).toEqual([
      'Turbines',
    ])
    expect(await names({ find: 'deals', where: [{ field: 'amount', op: '<', value: 1000 }] })).toEqual([
      'Turbines',
    ])
    const ranked = await ask({ find: 'deals', fields: ['name', 'price'], order: ['-amount'] })
    expect(objects(ranked).map((row) => [row['name'], row['amount'], row['currency']])).toEqual([
      ['Lanterns', 70_000, 'JPY'],
      ['Robots', 50_000, 'USD'],
      ['Turbines', 123.45, 'USD'],
      ['Tides', null, 'USD'],
    ])
    expect(ranked.notes.join(' ')).toContain('`price` was read as `amount`')
    expect(ranked.notes.join(' ')).toContain('several currencies')
    const none = await ask({
      find: 'deals',
      where: [{ field: 'bedrooms', value: 9 }],
      measures: [
        { fn: 'sum', field: 'amount' },
        { fn: 'avg', field: 'amount' },
      ],
    })
    expect(objects(none)).toEqual([{ sum_amount: 0, avg_amount: null, currency: 'USD' }])
  })

  test('dates are grouped and compared without groups too, zero where nothing was', async () => {
    const won = await ask({
      find: 'deals',
      where: [{ field: 'status', value: 'won' }],
      measures: [{ fn: 'sum', field: 'amount' }],
      compare: { field: 'close_date', a: '2026-11', b: '2026-10' },
    })
    expect(objects(won)).toEqual([
      { sum_amount_a: 123.45, sum_amount_b: 0, sum_amount_change: 123.45, currency: 'USD' },
    ])
    const none = await ask({
      find: 'deals',
      measures: [{ fn: 'sum', field: 'amount' }, { fn: 'count' }],
      compare: { field: 'closed_at', a: '2020', b: '2021' },
    })
    expect(objects(none)).toEqual([
      {
        sum_amount_a: 0,
        sum_amount_b: 0,
        sum_amount_change: 0,
        count_a: 0,
        count_b: 0,
        count_change: 0,
        currency: 'USD',
      },
    ])
  })

  test('stages keep their order in a pipeline', async () => {
    const pipeline = await ask({ find: 'deals', group_by: ['stage'], measures: [{ fn: 'count' }] })
    expect(objects(pipeline)).toEqual([
      { stage: 'Lead', count: 2 },
      { stage: 'Won', count: 1 },
      { stage: 'Lost', count: 1 },
    ])
  })

  test('groups over several records count each row once in each group, and say that they overlap', async () => {
    const result = await ask({
      find: 'interactions',
      where: [{ field: 'kind', value: 'meeting' }],
      group_by: ['people'],
      measures: [
        { fn: 'count' },
        { fn: 'sum', field: 'duration_minutes' },
        { fn: 'sum', field: 'deal.amount' },
      ],
    })
    expect(objects(result)).toEqual([
      {
        people: 'Dana Whitfield',
        count: 2,
        sum_duration_minutes: 60,
        sum_deal_amount: 50_000,
        'deal.currency': 'USD',
      },
      {
        people: 'Omar Haddad',
        count: 1,
        sum_duration_minutes: 30,
        sum_deal_amount: 50_000,
        'deal.currency': 'USD',
      },
    ])
    expect(result.notes.join()).toContain('overlap')
    const paged = await ask({ find: 'people', group_by: ['tags'], limit: 1 })
    expect(objects(paged)).toEqual([{ tags: 'buyer', count: 1 }])
    expect(paged.completeness.total).toBe(2)
    const byCompany = await ask({ find: 'companies', group_by: ['people'], measures: [{ fn: 'count' }] })
    expect(new Set(objects(byCompany).map((row) => row['people']))).toEqual(
      new Set(['Dana Whitfield', 'Omar Haddad']),
    )
  })
})
