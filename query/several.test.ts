import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { QueryResult } from './run.ts'
import { asker, fill, ids, objects, shown } from './testing/small-workspace.ts'

describe.each(testEngines)('values over several records on %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  let ask: (input: unknown) => Promise<QueryResult>
  const names = async (input: Record<string, unknown>): Promise<readonly unknown[]> =>
    objects(await ask({ fields: ['name'], order: ['name'], ...input })).map((row) => row['name'])
  const codeOf = (input: unknown): Promise<string> =>
    ask(input).then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    )

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant({ timezone: 'Europe/London', fiscalYearMonth: 4 })
    await fill(base.database, tenant)
    ask = asker(base.database, tenant)
  })
  afterAll(() => base.close())

  test('stand as columns, each record once, archived ones left out', async () => {
    const result = await ask({
      find: 'companies',
      fields: [
        'name',
        'count(deals)',
        'sum(deals.amount)',
        'count(interactions)',
        'max(interactions.occurred_at)',
      ],
      order: ['name'],
    })
    expect(objects(result)).toEqual([
      {
        name: 'Nimbus Robotics',
        'count(deals)': 2,
        'sum(deals.amount)': 50_123.45,
        'sum(deals.amount).currency': 'USD',
        'count(interactions)': 3,
        'max(interactions.occurred_at)': '2026-11-12T10:00:00Z',
      },
      {
        name: 'Tidewater Bio',
        'count(deals)': 1,
        'sum(deals.amount)': 0,
        'sum(deals.amount).currency': 'USD',
        'count(interactions)': 1,
        'max(interactions.occurred_at)': '2026-10-01T00:30:00+01:00',
      },
    ])
  })

  test('stand in conditions, with conditions of their own in brackets or beside them', async () => {
    expect(await names({ find: 'people', where: [{ field: 'count(deals)', op: '>=', value: 2 }] })).toEqual([
      'Dana Whitfield',
    ])
    expect(await names({ find: 'people', where: [{ field: 'count(deals)', op: '=', value: 0 }] })).toEqual([
      'Sam Ellery',
    ])
    const open = [{ field: 'status', value: 'open' }]
    const bracketed = { field: 'sum(deals[status=open].amount)', op: '>', value: 1000 }
    expect(await codeOf({ find: 'people', where: [bracketed] })).toBe('bad_query')
    for (const field of ['sum(deals.amount[status=open])', 'sum( deals.amount [status = open] )']) {
      expect(await names({ find: 'people', where: [{ field, op: '>', value: 1000 }] })).toEqual([
        'Dana Whitfield',
        'Omar Haddad',
      ])
    }
    const beside = { field: 'count(deals)', op: '>=', value: 1, where: open }
    const result = await ask({ find: 'people', where: [beside], fields: ['name'], order: ['name'] })
    expect(objects(result).map(({ name }) => name)).toEqual(['Dana Whitfield', 'Omar Haddad'])
    expect(shown(result.completeness.filters_in_words)).toBe(
      'number of deals whose status is open is at least 1',
    )
  })

  test('handles stand inside them as records', async () => {
    const of = { find: 'people', fields: ['name'] }
    const deal = [{ field: 'id', value: `deals:${ids.turbines}` }]
    expect(
      await names({ ...of, where: [{ field: 'count(deals)', op: '=', value: 1, where: deal }] }),
    ).toEqual(['Dana Whitfield'])
  })

  test('are sorted by, largest first or smallest', async () => {
    const sorted = { find: 'people', fields: ['name'], order: ['-count(interactions)', 'name'] }
    expect(objects(await ask(sorted)).map(({ name }) => name)).toEqual([
      'Dana Whitfield',
      'Omar Haddad',
      'Sam Ellery',
    ])
  })

  test('the latest of several is the newest by its own date', async () => {
    const result = await ask({
      find: 'people',
      fields: ['name', 'latest(interactions.kind)'],
      order: ['name'],
    })
    expect(objects(result)).toEqual([
      { name: 'Dana Whitfield', 'latest(interactions.kind)': 'call' },
      { name: 'Omar Haddad', 'latest(interactions.kind)': 'meeting' },
      { name: 'Sam Ellery', 'latest(interactions.kind)': null },
    ])
  })

  test('what cannot be read, measured or added once is refused with its reason', async () => {
    const column = (field: string) => codeOf({ find: 'people', fields: [field] })
    expect(await column('count(title)')).toBe('not_to_many')
    expect(await column('sum(deals.name)')).toBe('wrong_measure')
    expect(await column('sum(interactions.deal.amount)')).toBe('fan_out')
    expect(await column('count(deals')).toBe('bad_query')
    expect(await column('pg_sleep(9)')).toBe('bad_query')
    expect(await column('sum(deals)')).toBe('bad_query')
    expect(await column('count(nothings)')).toBe('unknown_field')
  })

  test('every asks that all meet the conditions, and says what it makes of none', async () => {
    const every = { every: 'deals', where: [{ field: 'status', value: 'open' }] }
    const result = await ask({ find: 'people', where: [every], fields: ['name'], order: ['name'] })
    expect(objects(result).map(({ name }) => name)).toEqual(['Omar Haddad', 'Sam Ellery'])
    expect(result.notes.join()).toContain('without any deals too')
    expect(shown(result.completeness.filters_in_words)).toBe('every one of deals: status is open')
    expect(await names({ find: 'people', where: [every, { some: 'deals' }] })).toEqual(['Omar Haddad'])
  })

  test('having keeps the groups whose measure holds, and counts them', async () => {
    const question = { find: 'interactions', group_by: ['company'], measures: [{ fn: 'count' }] }
    const kept = await ask({ ...question, having: [{ field: 'count', op: '>=', value: 2 }] })
    expect(objects(kept)).toEqual([{ company: 'Nimbus Robotics', count: 3 }])
    expect(kept.completeness.total).toBe(1)
    expect(shown(kept.completeness.filters_in_words)).toContain('groups with count >= 2')
    expect(await codeOf({ ...question, having: [{ field: 'size', op: '>', value: 2 }] })).toBe(
      'unknown_field',
    )
    const whole = { find: 'deals', measures: [{ fn: 'count' }] }
    expect((await ask({ ...whole, having: [{ field: 'count', op: '>', value: 100 }] })).rows).toEqual([])
    const amounts = { find: 'deals', group_by: ['company'], measures: [{ fn: 'sum', field: 'amount' }] }
    const large = await ask({ ...amounts, having: [{ field: 'sum_amount', op: '>', value: 60_000 }] })
    expect(objects(large).map((row) => row['currency'])).toEqual(['JPY'])
  })

  test('a segment is a named condition, said in words, and refused where there is none of its name', async () => {
    const quiet = { field: 'in_segment', value: 'going_quiet(40)' }
    const result = await ask({ find: 'people', where: [quiet], fields: ['name'] })
    expect(objects(result)).toEqual([{ name: 'Omar Haddad' }])
    expect(shown(result.completeness.filters_in_words)).toContain('none in the last 40 days')
    const never = { field: 'in_segment', op: '!=', value: 'not_contacted(30)' }
    expect(await names({ find: 'people', where: [never] })).toEqual(['Dana Whitfield'])
    const inside = { some: 'people', where: [quiet] }
    expect(await names({ find: 'companies', where: [inside] })).toEqual(['Tidewater Bio'])
    expect(await codeOf({ find: 'people', where: [{ field: 'in_segment', value: 'rich' }] })).toBe(
      'unknown_segment',
    )
    expect(await codeOf({ find: 'companies', where: [{ field: 'in_segment', value: 'customer(4)' }] })).toBe(
      'bad_query',
    )
  })

  test('churned companies are counted with or without days, and the revenue that went is added up', async () => {
    const lost = sql`update crm.companies set status = 'churned', churned_on = '2026-10-22', mrr_minor = 120000, revenue_currency = 'USD' where id = ${ids.tidewater}`
    await asTenant(base.database, tenant.actor(), (tx) => rows(tx, lost))
    const churned = (value: string) => ({ find: 'companies', where: [{ field: 'in_segment', value }] })
    expect(await names(churned('churned'))).toEqual(['Tidewater Bio'])
    expect(await names(churned('churned(60)'))).toEqual(['Tidewater Bio'])
    expect(await names(churned('churned(20)'))).toEqual([])
    const measures = [{ fn: 'count' }, { fn: 'sum', field: 'mrr' }]
    const result = await ask({ ...churned('churned(60)'), measures })
    expect(objects(result)).toMatchObject([{ count: 1, sum_mrr: 1200 }])
    expect(shown(result.completeness.filters_in_words)).toContain(
      'churned (has the status churned and was lost in the last 60 days)',
    )
    const month = { field: 'churned_on', value: '2026-10' }
    expect(await names({ find: 'companies', where: [month] })).toEqual(['Tidewater Bio'])
  })

  test('fiscal periods follow the month that the workspace sets, and are said as dates', async () => {
    const within = async (value: string) => {
      const result = await ask({
        find: 'interactions',
        where: [{ field: 'occurred_at', value }],
        fields: ['kind'],
      })
      return shown(result.completeness.filters_in_words)
    }
    expect(await within('this_fiscal_year')).toContain('from 1 Apr 2026 to 31 Mar 2027')
    expect(await within('last_fiscal_quarter')).toContain('from 1 Jul 2026 to 30 Sep 2026')
    expect(await within('FY2026')).toContain('from 1 Apr 2025 to 31 Mar 2026')
    expect(await within('FY2027-Q3')).toContain('from 1 Oct 2026 to 31 Dec 2026')
  })

  test('a question may name its own time zone, which decides days and is said', async () => {
    const september = {
      find: 'interactions',
      where: [{ field: 'occurred_at', value: '2026-09' }],
      fields: ['kind'],
    }
    expect((await ask(september)).completeness.total).toBe(0)
    const far = await ask({ ...september, timezone: 'America/New_York' })
    expect(far.completeness.total).toBe(1)
    expect(far.completeness.timezone).toBe('America/New_York')
    expect(await codeOf({ ...september, timezone: 'Mars/Olympus' })).toBe('bad_timezone')
  })

  test('under the strict policy small groups show counts but no amounts, and the answer says so', async () => {
    const strict = { ...tenant, workspace: { ...tenant.workspace, policy: 'strict' as const } }
    const question = {
      find: 'interactions',
      group_by: ['company'],
      measures: [{ fn: 'count' }, { fn: 'sum', field: 'duration_minutes' }],
      order: ['company'],
    }
    const result = await asker(base.database, strict)(question)
    expect(objects(result)).toEqual([
      { company: 'Nimbus Robotics', count: 3, sum_duration_minutes: 90 },
      { company: 'Tidewater Bio', count: 1, sum_duration_minutes: null },
    ])
    expect(result.notes.join()).toContain('1 group has fewer than 3 records')
    const telling = { ...question, having: [{ field: 'sum_duration_minutes', op: '=', value: 30 }] }
    expect(objects(await asker(base.database, strict)(telling))).toEqual([])
    expect(objects(await ask(telling))).toHaveLength(1)
    const inOrder = async (order: string): Promise<unknown[]> =>
      objects(await asker(base.database, strict)({ ...question, order: [order] })).map(
        ({ company }) => company,
      )
    expect(await inOrder('sum_duration_minutes')).toEqual(await inOrder('-sum_duration_minutes'))
    expect(objects(await ask(question))[1]).toEqual({
      company: 'Tidewater Bio',
      count: 1,
      sum_duration_minutes: 30,
    })
  })
})
