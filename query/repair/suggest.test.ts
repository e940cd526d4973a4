import { beforeAll, describe, expect, test } from 'vitest'
import { asTactError, userError } from '../../domain/errors.ts'
import type { TactError } from '../../domain/errors.ts'
import { loadGrammar, readSql } from '../parse-sql/read.ts'
import { bind } from '../relational/bind.ts'
import { compileSql } from '../relational/compile.ts'
import { crmSchema } from '../relational/crm-schema.ts'
import { publicError, withRewrite, writtenOutOf } from './suggest.ts'

const refusalOf = (sql: string): TactError | undefined => {
  try {
    compileSql(sql, crmSchema())
    return undefined
  } catch (error) {
    return asTactError(error)
  }
}

const offered = (sql: string): string | undefined => {
  const rewrite = refusalOf(sql)?.details.rewrite
  return rewrite && writtenOutOf(rewrite, sql)?.toLowerCase().replaceAll(/\s+/g, ' ')
}

beforeAll(loadGrammar)

describe('what is refused comes with the nearest text that compiles', () => {
  test.each([
    // Names.
    ['select nmae from deals', 'select name from deals'],
    ['select dealName from deals', 'select name from deals'],
    ['select d.title from deals d', 'select d.name from deals d'],
    ['select name from Deal', 'select name from deals'],
    ['select x.name from deals d', 'select d.name from deals d'],
    ['select name from crm.public.deals', 'select name from deals'],
    ['select count(d) from deals d', 'select count(*) from deals d'],
    [
      'select d.name from deals d join companies c on c.id = d.company_id where name is null',
      'select d.name from deals d join companies c on c.id = d.company_id where d.name is null',
    ],
    [
      'select d.name, companies.city from deals d',
      'select d.name, companies.city from deals d join companies on d.company_id = companies.id',
    ],
    ['select deals.name', 'select deals.name from deals'],
    // Clauses.
    ['select city, count(*) from companies', 'select city, count(*) from companies group by city'],
    [
      'select city, count(*) n from companies group by city having n > 2',
      'select city, count(*) n from companies group by city having count(*) > 2',
    ],
    [
      'select city from companies where count(*) > 1 and city is not null group by city',
      'select city from companies where city is not null group by city having count(*) > 1',
    ],
    [
      'select name, city from companies qualify row_number() over (partition by city order by name) = 1',
      'select name, city from (select name, city, row_number() over (partition by city order by name) as window_1 from companies ) as windowed where window_1 = 1',
    ],
    ['select name from deals limit 5 order by name', 'select name from deals order by name limit 5'],
    [
      'select d.name from deals d join companies c where c.city is null',
      'select d.name from deals d join companies c on d.company_id = c.id where c.city is null',
    ],
    // Other dialects.
    ['select top 5 `name` from deals', 'select name from deals limit 5'],
    [
      'select name from deals where close_date > date_sub(curdate(), interval 30 day)',
      "select name from deals where close_date > ( current_date - ( 30 * interval '1 day'))",
    ],
    ["select strftime('%Y-%m', close_date) from deals", "select to_char( close_date, 'yyyy-mm') from deals"],
    [
      'select datediff(day, close_date, getdate()) from deals',
      'select ( now()::date - close_date::date) from deals',
    ],
    [
      "select iif(amount > 5, 'a', 'b') from deals",
      "select case when (amount > 5 ) then 'a' else 'b' end from deals",
    ],
    ['select countif(amount > 5) from deals', 'select count(*) filter (where (amount > 5 )) from deals'],
    [
      "select name from deals where name ilike any ('a%', 'b%')",
      "select name from deals where ( name ilike 'a%' or name ilike 'b%' )",
    ],
    ["select name as 'label' from deals", 'select name as label from deals'],
    ['```sql\nselect name from deals;\n```', 'select name from deals'],
    // Values.
    ['select name from deals where name = "Won it"', "select name from deals where name = 'won it'"],
    ["select name + ' ' + side from deals", "select name || ' ' || side from deals"],
    ['select round(amount::float8, 2) from deals', 'select round( (amount::float8 )::numeric, 2) from deals'],
    // Several mistakes at once.
    ['selct nmae from dealz limt 5', 'select name from deals limit 5'],
  ])('%s', (sql, rewrite) => {
    expect(offered(sql)).toBe(rewrite)
  })

  test.each([
    'select amount from deals where amount between 1 and 2',
    'select 1; drop table deals',
    'delete from deals',
    'select pg_sleep(10)',
    'select zzzzqqq from deals',
  ])('%s: nothing is offered that is a guess, or that would run something else', (sql) => {
    const rewrite = offered(sql)
    expect(rewrite && refusalOf(rewrite)).toBeUndefined()
    expect(rewrite ?? '').not.toMatch(/drop|delete|pg_sleep|zzzzqqq/)
  })

  test('no word of the asker is in it: their pieces are numbers, and come from the text that was sent', () => {
    const restored = `select nmae from people p where p.name = 'Dana Whitfield' and p."Other Name" = 'x' limt 5`
    const { rewrite } = refusalOf(restored.replace('p."Other Name"', 'p.titel'))!.details
    expect(JSON.stringify(rewrite)).not.toMatch(/Dana|Whitfield/)
    const aliased = `select name from deals d join companies "Dana Whitfield" on "Dana Whitfield".id = d.company_id where "Dana Whitfield".nmae is null`
    const quoted = refusalOf(aliased)!.details.rewrite
    expect(quoted).toBeDefined()
    expect(JSON.stringify(quoted)).not.toMatch(/Dana|Whitfield/)
    for (const select of ['"Dana Whitfield".nmae', 'x.name', 'zzz', '"Torvald"', 'name'])
      expect(
        JSON.stringify(refusalOf(aliased.replace('select name', `select ${select}`))!.toPublic()),
      ).not.toMatch(/Dana|Whitfield|Torvald/)
    const sent = `select nmae from people p where p.name = 'PERSON_12340' and p.titel = 'x' limt 5`
    expect(writtenOutOf(rewrite!, sent)).toContain(`p.name = 'PERSON_12340'`)
    expect(publicError(refusalOf(sent)!, sent).rewrite).toContain('select name')
    expect(publicError(refusalOf(sent)!, undefined)).not.toHaveProperty('rewrite')
    const odd = `select nmae from people where name like 'SECRET_KEY 1%' and name <> 'http://x.example' and name <> 'Won it'`
    expect(publicError(refusalOf(odd)!, odd).rewrite).toBe(
      `select name from people where name like '…' and name <> '…' and name <> 'Won it'`,
    )
  })

  test('rewrites that repeat their arguments do not grow without bound', () => {
    const nested = Array.from({ length: 40 }).reduce<string>(
      (inner) => `datediff(month, ${inner}, now())`,
      'close_date',
    )
    expect(refusalOf(`select ${nested} from deals`)).toMatchObject({ code: 'function' })
    const any = Array.from({ length: 20 }).reduce<string>(
      (inner) => `(${inner}) like any ('a', 'b', 'c')`,
      'name',
    )
    expect(refusalOf(`select * from deals where ${any}`)).toMatchObject({ code: 'syntax' })
    expect(refusalOf(`select date_format(close_date, '${'y'.repeat(1_500)}!') from deals`)).toBeDefined()
  })

  test('what grows too large once a name is right is tried no more', () => {
    const sql = 'select nme, amout, citi, stat from deals'
    const triesUntilTooLarge = (most: number): number => {
      let tries = 0
      withRewrite(refusalOf(sql), sql, crmSchema(), (text, places) => {
        tries += 1
        if (tries > most) throw userError('too_large_expansion', 'Too large.')
        bind(readSql(text, { places }), crmSchema())
      })
      return tries
    }
    expect(triesUntilTooLarge(Infinity)).toBeGreaterThan(3)
    expect(triesUntilTooLarge(2)).toBe(3)
  })

  test('a long text is not searched for longer than it is worth', () => {
    const long = `select nmae from deals where ${Array.from({ length: 400 }, (_, n) => `amount <> ${n}`).join(' and ')}`
    expect(refusalOf(long)).toMatchObject({ code: 'unknown_column' })
    expect(offered(long)).toBeUndefined()
  })
})
