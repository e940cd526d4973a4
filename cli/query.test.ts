import { tmpdir } from 'node:os'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines, type TestDatabase, type TestTenant } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { furnish, type House } from './compose.ts'
import { runCommandLine } from './program.ts'

describe.each(testEngines)('tact query on %s', (engine) => {
  let db: TestDatabase
  let house: House
  let tenant: TestTenant

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant({ slug: 'first' })
    await asTenant(db.database, tenant.actor(), async (tx) => {
      for (const [family, city] of [
        ['Whitfield', 'Oslo'],
        ['@SUM(A1)', 'Oslo'],
        ['Berg', 'Bergen'],
      ] as const)
        await rows(
          tx,
          sql`insert into crm.people (id, tenant_id, given_name, family_name, city)
            values (${newId()}, ${tenant.workspace.id}, 'Mara', ${family}, ${city})`,
        )
    })
    house = furnish(loadConfig({ TACT_HOME: tmpdir() }), db.database)
  })
  afterAll(() => db.close())

  const query = (...argv: readonly string[]) => tact('query', ...argv)
  const tact = async (...argv: readonly string[]) => {
    let out = ''
    let err = ''
    const io = {
      stdin: new PassThrough(),
      out: (text: string) => (out += text),
      err: (text: string) => (err += text),
      fancy: false,
      interactive: false,
      columns: 100,
      cwd: tmpdir(),
      signal: new AbortController().signal,
    }
    const code = await runCommandLine(argv, { config: house.config, house, io })
    return { code, out, err }
  }

  test('SQL and both forms of JSON give the same rows, with names', async () => {
    const relational = {
      body: { select: [{ e: { col: ['family_name'] } }], from: [{ entity: 'people' }] },
      order: [{ by: { col: ['family_name'] } }],
    }
    for (const argv of [
      ['--sql', 'select family_name from people order by family_name'],
      ['--ast', JSON.stringify(relational)],
      ['--ast', '{"find":"people","group_by":["family_name"],"order":["family_name"]}'],
    ]) {
      const { code, out } = await query(...argv, '--json')
      expect(code).toBe(0)
      const answer = JSON.parse(out)
      expect(answer.rows.map(([name]: readonly string[]) => name)).toEqual(['@SUM(A1)', 'Berg', 'Whitfield'])
      expect(answer.completeness).toMatchObject({ returned: 3, total: 3, complete: true })
      expect(answer.words).toBe(answer.completeness.filters_in_words)
      expect(answer.sql).toMatch(/^select|^with/i)
    }
  })

  test('a person sees a table, and whether that is all', async () => {
    const all = await query(
      '--sql',
      'select city, count(*) as people from people group by city order by city',
    )
    expect(all.out).toMatch(/^city +people\nBergen +1\nOslo +2\n2 in all · /)
    const some = await query('--ast', '{"find":"people","limit":2}')
    expect(some.out).toContain('2 of 3 · ')
  })

  test('CSV holds rows alone, nothing that a spreadsheet would run, and says on stderr what was counted', async () => {
    const { code, out, err } = await query(
      '--sql',
      'select family_name, city from people order by 1',
      '--csv',
    )
    expect(code).toBe(0)
    const lines = out.replace('\ufeff', '').trim().split('\r\n')
    expect(lines).toEqual(['family_name,city', "'@SUM(A1),Oslo", 'Berg,Bergen', 'Whitfield,Oslo'])
    expect(err).toContain('3 in all')
  })

  test('--explain runs nothing, and shows the SQL and what it would count', async () => {
    for (const argv of [
      ['--sql', "select name from people where city = 'Oslo'"],
      ['--ast', '{"find":"people","where":[{"field":"city","value":"Oslo"}]}'],
    ]) {
      const { code, out } = await query(...argv, '--explain', '--json')
      expect(code).toBe(0)
      const plan = JSON.parse(out)
      expect(Object.keys(plan).sort()).toEqual(['sql', 'words'])
      expect(plan.words).toMatch(/people|city is Oslo/)
      expect(plan.sql).not.toContain('Whitfield')
    }
  })

  test('a view is kept, listed, opened by its name, and gone when it is taken away', async () => {
    const ast = '{"find":"people","where":[{"field":"city","value":"Oslo"}],"order":["name"]}'
    expect((await query('view', 'save', 'In Oslo', '--ast', ast, '--shared')).out).toContain('for everybody')
    expect((await query('view', 'list')).out).toMatch(/In Oslo +people +everybody/)
    const opened = JSON.parse((await query('--view', 'In Oslo', '--json')).out)
    expect(opened.completeness).toMatchObject({ total: 2, complete: true })
    const again = JSON.parse((await query('--id', opened.query_id, '--json')).out)
    expect(again).toMatchObject({ same_as_before: true, changes: [], rows: opened.rows })
    expect((await query('--view', 'In Oslo', '--sql', 'select 1')).code).toBe(2)
    expect((await query('view', 'save', 'x', '--ast', '{"find":"people","group_by":["city"]}')).code).toBe(2)
    expect((await query('view', 'remove', 'In Oslo')).code).toBe(0)
    expect((await query('--view', 'In Oslo')).code).toBe(4)
  })

  test('a question is saved, verified, run under its name, and checked against the shape of its answer', async () => {
    const asked = ['--sql', 'select city, count(*) as people from people group by city order by city']
    expect((await query('save', 'By city', ...asked, '--words', 'People by city')).code).toBe(0)
    expect((await query('verify', 'By city')).code).toBe(0)
    expect((await query('list')).out).toMatch(/By city +People by city +yes/)
    const ran = JSON.parse((await query('run', 'By city', '--json')).out)
    const again = JSON.parse((await query('--id', ran.query_id, '--json')).out)
    expect(again).toMatchObject({ same_as_before: true, rows: ran.rows, excluded: [] })
    expect((await query('check')).code).toBe(0)
    await asTenant(db.database, tenant.actor(), (tx) =>
      rows(tx, sql`update workflow.saved_queries set shape = '[{"name":"city","type":"text"}]'::jsonb`),
    )
    const checked = await query('check', '--json')
    expect(checked.code).toBe(1)
    expect(JSON.parse(checked.out)).toEqual({
      queries: [{ name: 'By city', drift: 'shape', detail: 'people' }],
    })
    expect((await query('run', 'Gone')).code).toBe(4)
  })

  test('the month of the fiscal year is set by its name, and a question reads it', async () => {
    expect((await tact('fiscal-year', 'show')).out).toContain('January')
    expect((await tact('fiscal-year', 'set', 'apr')).out).toContain('April')
    expect(JSON.parse((await tact('fiscal-year', 'show', '--json')).out)).toEqual({ fiscal_year_month: 4 })
    const ast = '{"find":"people","where":[{"field":"created_at","value":"fy2026"}]}'
    expect((await query('--ast', ast)).out).toContain('Apr 2025 to 31 Mar 2026')
    expect((await tact('fiscal-year', 'set', 'Brumaire')).code).toBe(2)
  })

  test.each([
    [['--sql', 'delete from people'], 2, 'not_select'],
    [['--sql', 'select nam from people'], 2, 'unknown_column'],
    [['--sql', 'select 1; select 2'], 2, 'one_statement'],
    [['--ast', '{"find":'], 2, 'bad_json'],
    [['--ast', '{"find":"peeple"}'], 2, 'unknown_entity'],
    [['--sql', 'select 1', '--ast', '{}'], 2, 'bad_usage'],
    [[], 2, 'bad_usage'],
    [['--sql', 'select 1', '--csv', '--explain'], 2, 'bad_usage'],
  ])('%j ends with code %i and the error %s, as JSON where that is asked for', async (argv, code, error) => {
    const said = await query(...argv, '--json')
    expect(JSON.parse(said.out).error).toMatchObject({ code: error, fix: expect.stringMatching(/\S/) })
    expect(said.code).toBe(code)
    const words = await query(...argv)
    expect(words.out).toBe('')
    expect(words.err).toMatch(/\w+.*\.\n/)
  })
})
