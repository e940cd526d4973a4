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

  test('what is deleted is neither shown, counted, summed, joined nor listed', async () => {
    expect(await names({ find: 'deals' })).toEqual(['Lanterns', 'Robots', 'Tides', 'Turbines'])
    const lanterns = await ask({
      find: 'deals',
      where: [{ field: 'name', value: 'lanterns' }],
      fields: ['name', 'company', 'company.city'],
    })
    expect(objects(lanterns)).toEqual([{ name: 'Lanterns', company: null, 'company.city': null }])
    expect(await names({ find: 'deals', where: [{ field: 'company', op: 'empty' }] })).toEqual(['Lanterns'])
    expect(await names({ find: 'deals', where: [{ field: 'company.status', value: 'customer' }] })).toEqual([
      'Robots',
      'Turbines',
    ])
    expect(await names({ find: 'people', where: [{ field: 'tags', value: 'buyer' }] })).toEqual([
      'Dana Whitfield',
    ])
    const nimbus = await ask({
      find: 'companies',
      where: [{ field: 'name', op: 'starts_with', value: 'nimbus' }],
      fields: ['name', 'people', 'deals'],
    })
    expect(objects(nimbus)).toEqual([
      { name: 'Nimbus Robotics', people: ['Dana Whitfield'], deals: ['Robots', 'Turbines'] },
    ])
    const total = await ask({
      find: 'deals',
      where: [{ field: 'currency', value: 'USD' }],
      measures: [{ fn: 'sum', field: 'amount' }, { fn: 'count' }],
    })
    expect(objects(total)).toEqual([{ sum_amount: 50_123.45, count: 3, currency: 'USD' }])
  })

  test("another workspace's rows never show, not by count, handle, title or group", async () => {
    const stranger = await base.addTenant()
    const foreign = asker(base.database, stranger)
    const nimbus = recordUri({ entity: 'companies', id: ids.nimbus })
    for (const find of [
      'deals',
      'people',
      'companies',
      'interactions',
      'stages',
      'tags',
      'deal_people',
      'tasks',
    ]) {
      const counted = await foreign({ find, measures: [{ fn: 'count' }] })
      expect(objects(counted)).toEqual([{ count: 0 }])
    }
    const byHandle = await foreign({ find: 'companies', where: [{ field: 'id', value: nimbus }] })
    expect([byHandle.rows.length, shown(byHandle.completeness.filters_in_words)]).toEqual([
      0,
      'company is a company that is gone',
    ])
    const byName = await foreign({ find: 'deals', where: [{ field: 'stage', value: 'Lead' }] })
    expect(byName.notes).toEqual(['No stage has the name that `stage` is compared with. There are none yet.'])
  })

  test('an instant belongs to the day that the wall of the workspace shows', async () => {
    const september = await ask({
      find: 'interactions',
      where: [{ field: 'occurred_at', value: '2026-10-01' }],
      fields: ['kind', 'occurred_at'],
    })
    expect(objects(september)).toEqual([
      expect.objectContaining({ kind: 'email', occurred_at: '2026-10-01T00:30:00+01:00' }),
    ])
    const months = await ask({ find: 'interactions', group_by: ['occurred_at:month'] })
    expect(objects(months)).toEqual([
      { 'occurred_at:month': '2026-10', count: 2 },
      { 'occurred_at:month': '2026-11', count: 2 },
    ])
    const weeks = await ask({ find: 'interactions', group_by: ['occurred_at:week', 'kind'], limit: 1 })
    expect(objects(weeks)).toEqual([{ 'occurred_at:week': '2026-W40', kind: 'email', count: 1 }])
    expect(weeks.completeness).toMatchObject({ total: 4, returned: 1, complete: false })
  })

  test('records without a date are said to be left out of "not since"', async () => {
    const stale = await ask({
      find: 'people',
      where: [{ field: 'last_interaction_at', op: '<', value: '-30d' }],
    })
    expect(objects(stale).map((row) => row['name'])).toEqual(['Omar Haddad'])
    expect(stale.notes.join()).toContain('1 more')
    expect(stale.completeness.filters_in_words).toBe(
      'last interaction before 21 Oct 2026 09:00 (Europe/London)',
    )
  })

  test('me is the asking member, and nobody when nobody in particular asks', async () => {
    expect(await names({ find: 'deals', where: [{ field: 'owner', value: 'me' }] })).toEqual([
      'Robots',
      'Tides',
    ])
    expect(await names({ find: 'deals', where: [{ field: 'owner.name', op: '!=', value: 'me' }] })).toEqual([
      'Lanterns',
      'Turbines',
    ])
    const nobody = asker(base.database, tenant, { ...tenant.actor(), memberId: null })
    await expect(nobody({ find: 'deals', where: [{ field: 'owner', value: 'me' }] })).rejects.toMatchObject({
      code: 'no_member',
    })
  })

  test('filters are said in words, and what a person may have written stays a secret in them', async () => {
    const nimbus = recordUri({ entity: 'companies', id: ids.nimbus })
    const { completeness } = await ask({
      find: 'deals',
      where: [
        { field: 'company', value: nimbus },
        {
          any: [
            { field: 'amount', op: '>', value: 1000 },
            { field: 'name', op: 'contains', value: 'turb' },
          ],
        },
        { none: 'tasks', where: [{ field: 'done', value: true }] },
        { field: 'close_date', value: 'this_quarter' },
      ],
    })
    expect(completeness.filters_in_words).toMatchObject({ hide: 'text' })
    expect(shown(completeness.filters_in_words)).toBe(
      'company is Nimbus Robotics; (amount is over 1,000 or name contains turb); no tasks whose done is yes; close date from 1 Oct 2026 to 31 Dec 2026; 4 conditions',
    )
  })

  test('a name that no record has is said, with the possible ones where they are harmless', async () => {
    const stage = await ask({ find: 'deals', where: [{ field: 'stage', value: 'Led' }] })
    expect(stage.notes).toEqual([
      'No stage has the name that `stage` is compared with. There are: Lead, Lost, Won.',
    ])
    const company = await ask({ find: 'deals', where: [{ field: 'company', value: 'Nimbos' }] })
    expect(company.notes.join()).toContain('No company has the name')
    expect(company.notes.join()).not.toContain('Nimb')
  })

  test('a cursor belongs to its question', async () => {
    const first = await ask({ find: 'people', order: ['name'], limit: 2 })
    const cursor = first.completeness.next_cursor
    const second = await ask({ find: 'people', order: ['name'], limit: 2, cursor })
    expect(objects(second).map((row) => row['name'])).toEqual(['Sam Ellery'])
    for (const wrong of [
      { find: 'deals', cursor },
      { find: 'people', cursor: 'MjsgZHJvcCB0YWJsZQ' },
      { find: 'people', order: ['name'], cursor: `${cursor}x` },
    ]) {
      await expect(ask(wrong)).rejects.toMatchObject({ code: 'bad_cursor' })
    }
  })

  test('a text contains a record where it contains its name', async () => {
    const deal = recordUri({ entity: 'deals', id: ids.tides })
    const company = recordUri({ entity: 'companies', id: ids.tidewater })
    expect(await names({ find: 'deals', where: [{ field: 'name', op: 'contains', value: deal }] })).toEqual([
      'Tides',
    ])
    await expect(ask({ find: 'tasks', where: [{ field: 'title', value: deal }] })).rejects.toMatchObject({
      code: 'record_on_text',
      details: { validOptions: ['deal'] },
    })
    const result = await ask({ find: 'tasks', where: [{ field: 'title', op: 'contains', value: company }] })
    expect(result.rows).toEqual([])
    expect(shown(result.completeness.filters_in_words)).toBe('title contains Tidewater Bio')
    const dana = recordUri({ entity: 'people', id: ids.dana })
    const words = async (input: unknown) => shown((await ask(input)).completeness.filters_in_words)
    expect(await words({ find: 'people', where: [{ field: 'id', value: dana }] })).toBe(
      'person is Dana Whitfield',
    )
    expect(await words({ find: 'deals', where: [{ field: 'people', op: '!=', value: dana }] })).toBe(
      'people do not include Dana Whitfield',
    )
  })
})
