import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { Secret } from '../domain/pii.ts'
import { runRelational } from './relational/execute.ts'
import type { QueryResult } from './run.ts'
import { matching, reach, relatedBy, text, valueOf } from './testing/in-memory.ts'
import { fillAtRandom, remember, seeded } from './testing/random-workspace.ts'
import type { Memory, RawRow } from './testing/random-workspace.ts'
import { asker, NOW } from './testing/small-workspace.ts'

const plain = (cell: unknown): unknown => {
  if (cell instanceof Secret) return cell.record?.id ?? cell.reveal()
  return cell
}

const rowsOf = ({ rows }: Pick<QueryResult, 'rows'>): readonly (readonly unknown[])[] =>
  rows.map((row) => row.map(plain))

const amountOf = (memory: Memory, row: RawRow): unknown =>
  valueOf(memory, reach(memory, 'deals', row, 'amount'))

const sumOf = (rows: readonly RawRow[], field: string): number =>
  rows.reduce((total, row) => total + Number(row[field] ?? 0), 0)

const lower = (value: unknown): string => text(value).toLowerCase()

/** The traps that queries fall into, each against a plain reading of the same rows as arrays. */
describe.each(testEngines)('a question does not fall into the trap of %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  let memory: Memory
  let ask: (input: unknown) => Promise<QueryResult>
  const deals = (where: readonly unknown[] = []): readonly RawRow[] =>
    matching(memory, { find: 'deals', where: where as [] })
  const several = (entity: string, row: RawRow, path: string): readonly RawRow[] =>
    relatedBy(memory, entity, row, path)!.rows
  const sql = (question: string) =>
    asTenant(
      base.database,
      tenant.actor(),
      (tx) =>
        runRelational(
          tx,
          { sql: question },
          { workspace: tenant.workspace, actor: tenant.actor(), now: NOW },
        ),
      { readOnly: true },
    )
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    )

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant({ timezone: 'America/New_York' })
    await fillAtRandom(base.database, tenant, seeded(23))
    const other = await base.addTenant()
    await fillAtRandom(base.database, other, seeded(29))
    memory = await remember(base.database, tenant)
    ask = asker(base.database, tenant)
  })
  afterAll(() => base.close())

  test('fan-out: amounts over people of deals are added once, and SQL that repeats them is refused', async () => {
    const result = await ask({
      find: 'companies',
      fields: ['id', 'sum(deals.bedrooms)', 'count(people)'],
      limit: 500,
    })
    const expected = matching(memory, { find: 'companies' }).map((row) => [
      row['id'],
      sumOf(several('companies', row, 'deals'), 'bedrooms'),
      several('companies', row, 'people').length,
    ])
    const byId = (a: readonly unknown[], b: readonly unknown[]): number => (text(a[0]) < text(b[0]) ? -1 : 1)
    expect(rowsOf(result).toSorted(byId)).toEqual(expected.toSorted(byId))
    const repeated = 'select sum(d.bedrooms) from deals d join interactions i on i.deal_id = d.id'
    expect(await codeOf(sql(repeated))).toBe('fan_out')
  })

  test('NULL in NOT IN: a record without a value is not in the list', async () => {
    const where = [{ field: 'city', op: 'not_in', value: ['berlin'] }]
    const expected = matching(memory, { find: 'people' }).filter(
      (row) => row['city'] === null || lower(row['city']) !== 'berlin',
    )
    const result = await ask({ find: 'people', where, fields: ['id'], limit: 500 })
    expect(expected.some((row) => row['city'] === null)).toBe(true)
    expect(result.completeness.total).toBe(expected.length)
    const none = { find: 'companies', where: [{ none: 'deals', where: [] }], fields: ['id'] }
    const lonely = matching(memory, { find: 'companies' }).filter(
      (row) => several('companies', row, 'deals').length === 0,
    )
    expect((await ask(none)).completeness.total).toBe(lonely.length)
  })

  test('time zones: a day is the day that clocks of the workspace show', async () => {
    const local = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York', dateStyle: 'short' })
    const expected = new Map<string, number>()
    for (const row of matching(memory, { find: 'interactions' })) {
      const day = local.format(new Date(text(row['occurred_at'])))
      expected.set(day, (expected.get(day) ?? 0) + 1)
    }
    const result = await ask({
      find: 'interactions',
      group_by: ['occurred_at:day'],
      measures: [{ fn: 'count' }],
      limit: 500,
    })
    expect(new Map(rowsOf(result).map(([day, count]) => [day, count]))).toEqual(expected)
  })

  test('half-open periods: months neither share a record nor lose one', async () => {
    const count = async (value: unknown, op = '='): Promise<number> =>
      (await ask({ find: 'interactions', where: [{ field: 'occurred_at', op, value }], fields: ['id'] }))
        .completeness.total
    const months = ['2026-08', '2026-09', '2026-10', '2026-11']
    const each = await Promise.all(months.map((month) => count(month)))
    expect(each.reduce((total, one) => total + one, 0)).toBe(await count(['2026-08', '2026-11'], 'between'))
    expect((await count('2026-09', '<')) + (await count('2026-09', '>='))).toBe(
      await count(['2020', '2030'], 'between'),
    )
  })

  test('distinct counts: of texts without case, of records once, of nothing zero', async () => {
    const people = matching(memory, { find: 'people' })
    const cities = new Set(people.flatMap(({ city }) => (city === null ? [] : [lower(city)])))
    const companies = new Set(people.flatMap(({ company_id }) => (company_id === null ? [] : [company_id])))
    const live = new Set(memory['companies']!.map((row) => row['id']))
    const result = await ask({
      find: 'people',
      measures: [
        { fn: 'count_distinct', field: 'city' },
        { fn: 'count_distinct', field: 'company' },
      ],
    })
    expect(rowsOf(result)).toEqual([[cities.size, [...companies].filter((id) => live.has(id)).length]])
    const stages = await ask({ find: 'companies', fields: ['id', 'count(distinct deals.stage)'], limit: 500 })
    for (const [id, found] of rowsOf(stages)) {
      const company = memory['companies']!.find((row) => row['id'] === id)!
      expect(found).toBe(new Set(several('companies', company, 'deals').map((row) => row['stage_id'])).size)
    }
  })

  test('currency mixing: no sum, average, comparison or order adds two of them', async () => {
    const result = await ask({ find: 'companies', fields: ['id', 'sum(deals.amount)'], limit: 500 })
    const at = (name: string): number => result.columns.findIndex((column) => column.name === name)
    let mixed = 0
    for (const row of rowsOf(result)) {
      const company = memory['companies']!.find((one) => one['id'] === row[0])!
      const own = several('companies', company, 'deals').filter((deal) => amountOf(memory, deal) !== null)
      const currencies = new Set(own.map(({ currency }) => currency))
      if (currencies.size > 1) mixed += 1
      const sum = own.reduce((total, one) => total + Number(amountOf(memory, one)), 0)
      const expected = currencies.size > 1 ? null : Number(sum.toFixed(2))
      expect(row[at('sum(deals.amount)')]).toBe(expected)
    }
    expect(mixed).toBeGreaterThan(0)
    const total = await ask({ find: 'deals', measures: [{ fn: 'sum', field: 'amount' }] })
    expect(new Set(rowsOf(total).map(([, currency]) => currency))).toEqual(
      new Set(deals().map(({ currency }) => currency)),
    )
  })

  test('ties at the limit: pages cut ties in one order, and say that there is more', async () => {
    const question = { find: 'deals', fields: ['id', 'bedrooms'], order: ['bedrooms'], limit: 3 }
    const seen: unknown[] = []
    let cursor: string | null = null
    do {
      const page: QueryResult = await ask({ ...question, ...(cursor === null ? {} : { cursor }) })
      seen.push(...rowsOf(page).map(([id]) => id))
      cursor = page.completeness.next_cursor
      expect(page.completeness.complete).toBe(cursor === null && seen.length === page.rows.length)
    } while (cursor !== null)
    expect(new Set(seen).size).toBe(deals().length)
    expect(seen.length).toBe(deals().length)
  })

  test('percent of null: what has no value is in the whole, and a share of nothing is empty, not an error', async () => {
    const all = deals()
    const known = all.filter(({ bedrooms }) => bedrooms !== null)
    const { rows } = await sql('select count(bedrooms) * 100.0 / nullif(count(*), 0) from deals')
    expect(Number(rows[0]![0])).toBeCloseTo((known.length * 100) / all.length, 6)
    const none = await sql(
      "select count(bedrooms) * 100.0 / nullif(count(*), 0) from deals where name = 'nothing'",
    )
    expect(none.rows).toEqual([[null]])
    expect(
      await codeOf(sql("select count(*) / (select count(*) from deals where name = 'nothing') from deals")),
    ).toBe('division')
  })

  test('averages of averages: over records, not over groups, and empty values leave the average alone', async () => {
    const known = deals().filter(({ bedrooms }) => bedrooms !== null)
    const result = await ask({ find: 'deals', measures: [{ fn: 'avg', field: 'bedrooms' }] })
    expect(Number(rowsOf(result)[0]![0])).toBeCloseTo(sumOf(known, 'bedrooms') / known.length, 3)
    const over = await ask({ find: 'interactions', measures: [{ fn: 'avg', field: 'deal.bedrooms' }] })
    const reached = new Set(matching(memory, { find: 'interactions' }).map(({ deal_id }) => deal_id))
    const once = known.filter(({ id }) => reached.has(id))
    expect(Number(rowsOf(over)[0]![0])).toBeCloseTo(sumOf(once, 'bedrooms') / once.length, 3)
  })

  test('archived records: none is found, reached, counted or added, from either side', async () => {
    const live = new Set(memory['people']!.map((row) => row['id']))
    const result = await ask({
      find: 'deals',
      fields: ['id', 'count(people)', 'count(interactions)'],
      limit: 500,
    })
    for (const [id, people, meetings] of rowsOf(result)) {
      const deal = memory['deals']!.find((row) => row['id'] === id)!
      const expected = several('deals', deal, 'people').filter((row) => live.has(row['id']))
      expect([people, meetings]).toEqual([expected.length, several('deals', deal, 'interactions').length])
    }
    expect(result.completeness.total).toBe(memory['deals']!.length)
  })

  test('empty groups: a whole without rows is one row of zeroes, a group without rows is none', async () => {
    const nothing = [{ field: 'name', value: 'nothing of this name' }]
    const measures = [{ fn: 'count' }, { fn: 'sum', field: 'bedrooms' }, { fn: 'avg', field: 'bedrooms' }]
    expect(rowsOf(await ask({ find: 'deals', where: nothing, measures }))).toEqual([[0, 0, null]])
    expect((await ask({ find: 'deals', where: nothing, measures, group_by: ['status'] })).rows).toEqual([])
    const counted = await ask({
      find: 'companies',
      where: [{ field: 'count(deals)', op: '=', value: 0 }],
      fields: ['id'],
    })
    const lonely = matching(memory, { find: 'companies' }).filter(
      (row) => several('companies', row, 'deals').length === 0,
    )
    expect(counted.completeness.total).toBe(lonely.length)
  })

  test('two roles of one relation: owner and member are told apart', async () => {
    const owner = memory['members']![0]!
    const own = [{ field: 'owner', value: `members:${text(owner['id'])}` }]
    const expected = deals().filter((row) => row['owner_id'] === owner['id'])
    expect((await ask({ find: 'deals', where: own, fields: ['id'] })).completeness.total).toBe(
      expected.length,
    )
  })

  test('dangling links: a record whose company is archived stays, with an empty company', async () => {
    const live = new Set(memory['companies']!.map((row) => row['id']))
    const without = matching(memory, { find: 'people' }).filter((row) => !live.has(row['company_id']))
    const result = await ask({
      find: 'people',
      where: [{ field: 'company', op: 'empty' }],
      fields: ['id'],
      limit: 500,
    })
    expect(result.completeness.total).toBe(without.length)
    const grouped = await ask({
      find: 'people',
      group_by: ['company'],
      measures: [{ fn: 'count' }],
      limit: 500,
    })
    const total = rowsOf(grouped).reduce((sum, [, count]) => sum + Number(count), 0)
    expect(total).toBe(memory['people']!.length)
  })
})
