import { beforeAll, describe, expect, test } from 'vitest'
import { loadGrammar, readSql } from '../parse-sql/read.ts'
import { compileQuestion } from './execute.ts'
import { parametersFor } from './generate.ts'
import { sameQuery } from './same.ts'

describe('compiling', () => {
  beforeAll(() => loadGrammar())

  const text = (n: number): string => `select name from companies where employees > ${n} and city = 'Bonn'`

  test('a text compiles to the same whether it was kept, forgotten or never seen', () => {
    const first = compileQuestion({ sql: text(0) })
    expect(compileQuestion({ sql: text(0) })).toBe(first)
    for (let n = 1; n <= 300; n += 1) compileQuestion({ sql: text(n) })
    const again = compileQuestion({ sql: text(0) })
    expect(again).not.toBe(first)
    expect([again.text, again.parameters]).toEqual([first.text, first.parameters])
  })

  test('one number more is another text', () => {
    expect(compileQuestion({ sql: text(7) }).text).not.toBe(compileQuestion({ sql: text(8) }).text)
  })

  test.each([
    ["select 1 as a from deals where name = '5'", 'select 1 as a from deals where name = 5'],
    ["select name from deals where status = 'won'", "select name from deals where status = 'lost'"],
    ['select name from deals limit 5', 'select name from deals limit 6'],
    ['select name from deals', 'select distinct name from deals'],
    ['select name from deals order by name', 'select name from deals order by name desc'],
    ['select name from deals where amount in (1, 2)', 'select name from deals where amount in (1, 2, 3)'],
    ['select name from deals where amount > 1.5', 'select name from deals where amount > 1.51'],
    ['select name from deals where name is null', 'select name from deals where name is not null'],
    ['select name, status from deals', 'select status, name from deals'],
  ])('%s is not %s', (one, other) => {
    expect(sameQuery(readSql(one), readSql(one))).toBe(true)
    expect(sameQuery(readSql(one), readSql(other))).toBe(false)
    expect(sameQuery(readSql(other), readSql(one))).toBe(false)
  })

  test('only different windows count, and there may be 16 of them', () => {
    const windows = (count: number, from: (at: number) => number) =>
      `select ${Array.from({ length: count }, (_, at) => `count(*) over (order by name rows between ${from(at)} preceding and current row)`).join(', ')} from deals`
    expect(compileQuestion({ sql: windows(16, (at) => at) }).columns).toHaveLength(16)
    expect(compileQuestion({ sql: windows(40, () => 3) }).columns).toHaveLength(40)
    expect(() => compileQuestion({ sql: windows(17, (at) => at) })).toThrow('16 different windows')
  })

  test('rows are capped, groups outside of their plan, and one row not at all', () => {
    const of = (sql: string) => compileQuestion({ sql }).text
    expect(of('select name from deals')).toMatch(/ LIMIT 501$/)
    expect(of('select name from deals limit 20')).toMatch(/ LIMIT 21$/)
    expect(of('select name from deals limit 9000')).toMatch(/ LIMIT 501$/)
    expect(of('select status, count(*) from deals group by status')).toMatch(
      /^with grouped as materialized \(SELECT .*\) select \* from grouped limit 501$/,
    )
    expect(of('select status, count(*) from deals group by status limit 3')).toMatch(/ LIMIT 4$/)
    expect(of('select count(*), max(amount) from deals')).not.toMatch(/limit/i)
    expect(of('select count(*) over () from deals')).toMatch(/ LIMIT 501$/)
    expect(of('select distinct status from deals')).toMatch(/ LIMIT 501$/)
    expect(of('select count(*) from deals union select count(*) from people')).toMatch(/ LIMIT 501$/)
  })

  test('the tenant is named where tables are joined, once for all of them', () => {
    const joined = compileQuestion({
      sql: "select d.name from deals d join companies c on c.id = d.company_id where c.city = 'Bonn'",
    })
    expect(joined.text.match(/tenant_id = \$1\b/g)).toHaveLength(2)
    expect(joined.tenantAt).toBe(0)
    expect(parametersFor(joined, 'me')).toEqual(['me', 'Bonn'])
    const alone = compileQuestion({ sql: "select name from companies where city = 'Bonn'" })
    expect(alone.tenantAt).toBeUndefined()
    expect(parametersFor(alone, 'me')).toEqual(['Bonn'])
  })

  test('a number is the same in both of its forms, and no text', () => {
    const of = (lit: number | string | { readonly num: string }) => ({
      body: { select: [{ e: { lit }, as: 'a' }] },
    })
    expect(sameQuery(of(5), of({ num: '5.0' }))).toBe(true)
    expect(sameQuery(of(5), of('5'))).toBe(false)
    expect(sameQuery(of('5'), of({ num: '5' }))).toBe(false)
  })
})
