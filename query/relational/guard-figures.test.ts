import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { companies } from '../../db/catalog/companies.ts'
import { deals, stages } from '../../db/catalog/deals.ts'
import { asTenant } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import { asTactError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import { Secret } from '../../domain/pii.ts'
import type { Policy } from '../../domain/policy.ts'
import { readSql } from '../parse-sql/read.ts'
import { runRelational } from './execute.ts'
import type { RelationalQuestion } from './execute.ts'

/** What nobody may come to know: the one amount of its kind. */
const WHALE = 7_777
/** Whatever holds it, alone or within a sum over everybody and one. */
const tells = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(tells)
    : !(value instanceof Secret) && Number(value) > WHALE - 1_000 && Number(value) < WHALE + 60

const shown = (found: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] =>
  found.map((row) => row.map((cell) => (cell instanceof Secret ? cell.reveal() : cell)))

describe.each(testEngines)('amounts of small groups in SQL on %s', (engine) => {
  let opened: TestDatabase
  let tenant: TestTenant

  const ask = (question: RelationalQuestion, policy: Policy = 'strict') =>
    asTenant(
      opened.database,
      tenant.actor(),
      (tx) =>
        runRelational(tx, question, {
          workspace: { ...tenant.workspace, policy },
          actor: tenant.actor(),
          now: new Date(),
        }),
      { readOnly: true },
    )
  const rows = async (sql: string, policy?: Policy): Promise<readonly (readonly unknown[])[]> =>
    (await ask({ sql }, policy)).rows
  const outcome = (question: RelationalQuestion): Promise<string> =>
    ask(question).then(
      ({ rows: found }) => (found.flat().some(tells) ? `told: ${JSON.stringify(found)}` : 'kept'),
      (error: unknown) => asTactError(error).code,
    )

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    tenant = await opened.addTenant()
    await asTenant(opened.database, tenant.actor(), async (tx) => {
      const tenant_id = tenant.workspace.id
      const [talking, closed, lost, company] = [newId(), newId(), newId(), newId()]
      await tx.insert(stages.table).values([
        { id: talking, tenant_id, name: 'Talking', position: 1 },
        { id: closed, tenant_id, name: 'Closed', position: 2, kind: 'won' },
        { id: lost, tenant_id, name: 'Lost', position: 3, kind: 'lost' },
      ])
      await tx.insert(companies.table).values({ id: company, tenant_id, name: 'Acme', city: 'Bonn' })
      const deal = (name: string, whole: number, stage_id: string) => ({
        tenant_id,
        name,
        stage_id,
        company_id: company,
        amount_minor: whole * 100,
        currency: 'USD',
      })
      await tx
        .insert(deals.table)
        .values([
          deal('A', 10, talking),
          deal('B', 20, talking),
          deal('C', 30, talking),
          deal('Whale', WHALE, closed),
          deal('D', 1, lost),
          deal('E', 2, lost),
          deal('F', 3, lost),
        ])
    })
  })
  afterAll(() => opened.close())

  test('totals over three records and more are the same as under any policy', async () => {
    for (const sql of [
      "select sum(amount) as s, avg(amount) as a, max(amount) as m from deals where stage = 'Talking'",
      'select company_id, sum(amount) as s, count(*) as n from deals group by company_id',
      "select sum(amount) filter (where stage = 'Talking') as s, count(*) as n from deals where stage = 'Talking'",
      "with t as (select amount from deals where stage = 'Talking') select sum(amount) as s from t",
      'select c.city, sum(d.amount) as s from deals d join companies c on c.id = d.company_id group by c.city',
      "select sum(d.amount * d.probability / 100) as s from deals d where d.stage = 'Talking'",
      'select company_id from deals group by company_id having sum(amount) > 100 order by sum(amount)',
    ]) {
      expect([sql, shown(await rows(sql))]).toEqual([sql, shown(await rows(sql, 'standard'))])
    }
  })

  test('a group of fewer than three records has a count and no amount', async () => {
    const sql = 'select stage, count(*) as n, sum(amount) as s from deals group by stage order by stage'
    expect(await rows(sql)).toEqual([
      ['Closed', 1, null],
      ['Lost', 3, 6],
      ['Talking', 3, 60],
    ])
    expect(await rows(sql, 'standard')).toEqual([
      ['Closed', 1, WHALE],
      ['Lost', 3, 6],
      ['Talking', 3, 60],
    ])
  })

  const MINE = "name = 'Whale'"
  test.each([
    `select sum(amount) from deals where ${MINE}`,
    `select sum(amount) as harmless, min(amount), max(amount), avg(amount) from deals where ${MINE}`,
    `select percentile_cont(0.5) within group (order by amount) from deals where ${MINE}`,
    `select percentile_disc(1) within group (order by amount), mode() within group (order by amount) from deals where ${MINE}`,
    `select sum(amount) filter (where ${MINE}) from deals`,
    `select sum(case when ${MINE} then amount end) from deals`,
    `select sum(case when ${MINE} then amount else 0 end) from deals`,
    `select sum(coalesce(case when ${MINE} then amount end, 0)) from deals`,
    `select sum(amount * 1.0) from deals where ${MINE}`,
    `select sum(amount) from (select amount, name from deals) t where ${MINE}`,
    `with t as (select name, amount as x from deals) select sum(x) from t where ${MINE}`,
    `with t as (select name, sum(amount) as x from deals group by name) select sum(x) from t where ${MINE}`,
    `with t as (select name, sum(amount) as x from deals group by name) select max(x) over () from t where ${MINE}`,
    // Rows that a join repeats are no more records.
    `select sum(d.amount) / 5 from deals d cross join generate_series(1, 5) g where d.${MINE}`,
    `select sum(amount) / 4 from (select d.amount from deals d cross join deals e where d.${MINE}) t`,
    // Sorting, choosing and comparing by what is not shown.
    `select name from deals group by name having sum(amount) > 5000`,
    `select name, (select sum(e.amount) from deals e where e.id = d.id) from deals d`,
    // What is left out is told by the rest.
    `select sum(amount) - sum(amount) filter (where not (${MINE})) from deals`,
    `select sum(amount) - sum(case when ${MINE} then 0 else amount end) from deals`,
    `select (select sum(amount) from deals) - (select sum(amount) from deals where not (${MINE}))`,
    // Single values, under any name.
    `select amount as harmless from deals where ${MINE}`,
    `select amount, amount from deals`,
    `select amount + 0 as x, amount::text as y, coalesce(amount, 0) as z from deals`,
    `select string_agg(amount::text, ',') as x, array_agg(amount) as y from deals`,
    `select x from (select amount as x from deals union all select 1) t`,
    `select distinct on (name) amount as x from deals order by name`,
    `select (select amount from deals where ${MINE}) as x`,
    `select greatest(amount, 1) as x, nullif(amount, 1) as y from deals`,
    `select amount as x from deals group by amount`,
  ])('%s shows no single amount', async (sql) => {
    const found = await ask({ sql })
    expect(found.rows.flat().filter(tells)).toEqual([])
    expect(await outcome({ ast: readSql(sql) })).toBe('kept')
  })

  test.each([
    // Forms in which one amount can be weighed against the others.
    `select sum(amount * (${MINE})::int) from deals`,
    `select sum(case when ${MINE} then amount else 1 end) from deals`,
    `select sum(power(amount, 1)) from deals where ${MINE}`,
    `select sum(x) from (select amount * n as x from deals cross join generate_series(1, 5) g(n) where ${MINE}) t`,
    `select sum((select amount from deals where ${MINE})) from deals`,
    `select lag(amount) over (order by name), first_value(amount) over (order by amount desc) from deals`,
    `select sum(amount) over (order by name) from deals`,
    `select stage, sum(amount) from deals group by rollup (stage)`,
  ])('%s is refused', async (sql) => {
    expect(await outcome({ sql })).toBe('small_group')
    expect(await outcome({ ast: readSql(sql) })).toBe('small_group')
  })

  test('a model is given handles of amounts, whatever their column is called; other columns stay as they are', async () => {
    const { rows: found, columns } = await ask({
      sql: `select amount as x, currency, probability from deals where ${MINE}`,
    })
    const [[x, currency] = []] = found
    expect(x).toBeInstanceOf(Secret)
    expect((x as Secret).hide).toBe('AMOUNT')
    expect(Number((x as Secret).reveal())).toBe(WHALE)
    expect([columns[0]!.hide, currency]).toEqual(['AMOUNT', 'USD'])
  })

  test('without a strict policy nothing is left out, and one text compiles to each', async () => {
    const sql = `select sum(amount) from deals where ${MINE}`
    expect(await rows(sql, 'standard')).toEqual([[WHALE]])
    expect(await rows(sql)).toEqual([[null]])
    expect((await ask({ sql })).notes.join()).toContain('fewer than 3 records')
    expect((await ask({ sql: 'select count(*) from deals' })).notes).toEqual([])
    expect(await rows(sql, 'standard')).toEqual([[WHALE]])
  })
})
