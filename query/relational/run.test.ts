import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { companies } from '../../db/catalog/companies.ts'
import { deals, stages } from '../../db/catalog/deals.ts'
import { people, personEmails } from '../../db/catalog/people.ts'
import { asTenant } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import { asTactError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import { Secret } from '../../domain/pii.ts'
import { runRelational } from './execute.ts'
import type { RelationalQuestion, RelationalResult } from './execute.ts'

const ids = { acme: newId(), beta: newId(), gone: newId(), ann: newId(), won: newId(), open: newId() }

describe.each(testEngines)('SQL over the workspace on %s', (engine) => {
  let opened: TestDatabase
  let here: TestTenant

  const ask = (question: RelationalQuestion | string): Promise<RelationalResult> =>
    asTenant(
      opened.database,
      here.actor(),
      (tx) =>
        runRelational(tx, typeof question === 'string' ? { sql: question } : question, {
          workspace: here.workspace,
          actor: here.actor(),
          now: new Date(),
        }),
      { readOnly: true },
    )
  const shown = async (sql: string): Promise<unknown[][]> =>
    (await ask(sql)).rows.map((row) => row.map((cell) => (cell instanceof Secret ? cell.reveal() : cell)))
  const codeOf = (sql: string): Promise<string> =>
    ask(sql).then(
      () => 'answered',
      (error: unknown) => asTactError(error).code,
    )

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    const there = await opened.addTenant()
    here = await opened.addTenant({ timezone: 'America/New_York' })
    const fill = (tenant: TestTenant, own: boolean) =>
      asTenant(
        opened.database,
        { tenantId: tenant.workspace.id, memberId: null, via: 'system' },
        async (tx) => {
          const tenant_id = tenant.workspace.id
          const id = (mine: string): string => (own ? mine : newId())
          const stage = { won: id(ids.won), open: id(ids.open) }
          await tx.insert(stages.table).values([
            { id: stage.won, tenant_id, name: 'Closed', position: 2, kind: 'won' },
            { id: stage.open, tenant_id, name: 'Talking', position: 1 },
          ])
          const [acme, beta, gone] = [id(ids.acme), id(ids.beta), id(ids.gone)]
          await tx.insert(companies.table).values([
            { id: acme, tenant_id, name: own ? 'Acme' : 'Foreign', city: 'Bonn' },
            { id: beta, tenant_id, name: own ? 'Beta' : 'Foreign two', city: 'Bonn' },
            { id: gone, tenant_id, name: 'Gone', city: 'Bonn', deleted_at: new Date() },
          ])
          const ann = id(ids.ann)
          await tx
            .insert(people.table)
            .values([{ id: ann, tenant_id, given_name: 'Ann', family_name: 'Ox', company_id: acme }])
          await tx
            .insert(personEmails.table)
            .values([
              { id: newId(), tenant_id, person_id: ann, address: 'ann@acme.example', is_primary: true },
            ])
          await tx.insert(deals.table).values([
            {
              id: newId(),
              tenant_id,
              name: 'One',
              company_id: acme,
              stage_id: stage.won,
              amount_minor: 150_000,
              currency: 'USD',
              created_at: new Date('2026-03-01T02:00:00Z'),
            },
            {
              id: newId(),
              tenant_id,
              name: 'Two',
              company_id: acme,
              stage_id: stage.open,
              amount_minor: 5_000,
              currency: 'JPY',
              created_at: new Date('2026-03-05T12:00:00Z'),
            },
          ])
        },
      )
    await fill(there, false)
    await fill(here, true)
  })
  afterAll(() => opened.close())

  test('sees the live rows of its own workspace and no others', async () => {
    expect(await shown('select name from companies order by name')).toEqual([['Acme'], ['Beta']])
    expect(await shown('select count(*) from companies')).toEqual([[2]])
  })

  test('gives amounts in whole units, whatever the currency', async () => {
    expect(await shown('select amount, currency from deals order by currency')).toEqual([
      [5000, 'JPY'],
      [1500, 'USD'],
    ])
  })

  test('hides names, addresses and ids, and shows closed words', async () => {
    const { rows, columns } = await ask(
      `select c.id, c.name, c.city, upper(p.name) as shout, left(p.email, 3) as part from companies c join people p on p.company_id = c.id`,
    )
    expect(columns.map(({ name }) => name)).toEqual(['id', 'name', 'city', 'shout', 'part'])
    const [id, name, city, shout, part] = rows[0]!
    expect([id, name, shout, part].every((cell) => cell instanceof Secret)).toBe(true)
    expect((id as Secret).record).toEqual({ entity: 'companies', id: ids.acme })
    expect((id as Secret).reveal()).toBe('Acme')
    expect([(shout as Secret).hide, (part as Secret).hide, city]).toEqual(['PERSON', 'EMAIL', 'Bonn'])
  })

  test('hides what is cast, joined or carried through a subquery', async () => {
    const { rows } = await ask(
      `with w as (select split_part(email, '@', 2) as host from people) select host, host || '!' from w union select name, city from companies`,
    )
    expect(rows.flat().every((cell) => cell instanceof Secret)).toBe(true)
  })

  test('compares a record with a name by its id', async () => {
    expect(await shown(`select city from companies where name = 'companies:${ids.acme}'`)).toEqual([['Bonn']])
    expect(
      await shown(`select name from deals where company_id in ('companies:${ids.acme}') order by 1`),
    ).toEqual([['One'], ['Two']])
  })

  test('cuts days in the zone of the workspace', async () => {
    expect(
      await shown(`select to_char(created_at, 'YYYY-MM') m, count(*) from deals group by 1 order by 1`),
    ).toEqual([
      ['2026-02', 1],
      ['2026-03', 1],
    ])
  })

  test('says exactly whether there is more', async () => {
    const all = await ask('select v from generate_series(1, 500) s(v)')
    expect([all.rows.length, all.completeness.complete]).toEqual([500, true])
    const more = await ask('select v from generate_series(1, 501) s(v)')
    expect([more.rows.length, more.completeness.complete]).toEqual([500, false])
    const asked = await ask('select v from generate_series(1, 501) s(v) limit 10')
    expect([asked.rows.length, asked.completeness.complete]).toEqual([10, true])
  })

  test('answers the relational form as it does SQL', async () => {
    const { rows } = await ask({
      ast: { body: { select: [{ e: { fn: 'count', args: [], star: true } }], from: [{ entity: 'deals' }] } },
    })
    expect(rows).toEqual([[2]])
  })

  test('refuses totals that a join would multiply', async () => {
    expect(await codeOf('select sum(d.amount) from deals d join companies c on c.id = d.company_id')).toBe(
      'answered',
    )
    expect(await codeOf('select sum(c.name::int) from companies c join deals d on d.company_id = c.id')).toBe(
      'fan_out',
    )
    expect(
      await codeOf(
        'select sum(d.amount) from companies c join deals d on d.company_id = c.id join people p on p.company_id = c.id',
      ),
    ).toBe('fan_out')
  })

  test.each([
    ['select nam from companies', 'unknown_column'],
    ['select name from company', 'unknown_entity'],
    ['select x.name from companies c', 'unknown_alias'],
    ['select name from companies c join deals d on d.company_id = c.id', 'ambiguous_column'],
    ['select name from companies where', 'syntax'],
    [`select strftime('%Y', created_at) from deals`, 'function'],
    ['select city, name from companies group by city', 'group_by'],
    ['select 1 / (amount - amount) from deals', 'division'],
    [`select id from companies where id = 5`, 'type_mismatch'],
    [`select name::date from companies`, 'type_mismatch'],
    ['select tenant_id from companies', 'unknown_column'],
    ['select token_hash from access_tokens', 'unknown_entity'],
    ['select c from companies c', 'whole_row'],
    ['delete from companies', 'not_select'],
    ['select 1; select 2', 'one_statement'],
    [`select set_config('app.tenant_id', 'x', true)`, 'function'],
    ['select * from companies for update', 'not_select'],
    ['with recursive r as (select 1) select * from r', 'unsupported'],
    [
      'with a as (select 1 as n), b as (select n+n+n+n+n+n+n+n as n from a), c as (select n+n+n+n+n+n+n+n as n from b), d as (select n+n+n+n+n+n+n+n as n from c), e as (select n+n+n+n+n+n+n+n as n from d), f as (select n+n+n+n+n+n+n+n as n from e), g as (select n+n+n+n+n+n+n+n as n from f) select n from g',
      'too_large_expansion',
    ],
    [`select string_agg(c.notes || c.notes, '') from companies c`, 'too_large_expansion'],
    [
      'select count(*) from generate_series(1, 5000) a(x), generate_series(1, 5000) b(x), generate_series(1, 5000) c(x)',
      'too_expensive',
    ],
  ])('answers %s with %s', async (sql, code) => {
    const error = asTactError(await ask(sql).catch((thrown: unknown) => thrown))
    expect(error.code).toBe(code)
    expect(JSON.stringify(error.toPublic())).not.toMatch(/Acme|Foreign|pg_|error at or near/)
  })

  test('says where a column is instead', async () => {
    const error = asTactError(
      await ask('select c.amount from companies c').catch((thrown: unknown) => thrown),
    )
    expect(error.toPublic()).toMatchObject({
      code: 'unknown_column',
      message: expect.stringContaining('deals') as string,
    })
  })
})
