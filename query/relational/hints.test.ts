import { beforeAll, describe, expect, test } from 'vitest'
import { asTactError } from '../../domain/errors.ts'
import { loadGrammar } from '../parse-sql/read.ts'
import { compileSql } from './compile.ts'
import { crmSchema } from './crm-schema.ts'

/** What a question in SQL is answered with where it cannot run: its code, and all that the asker is told to do. */
const told = (sql: string): { readonly code: string; readonly hint: string } => {
  try {
    compileSql(sql, crmSchema())
    return { code: 'accepted', hint: '' }
  } catch (error) {
    const { code, message, details } = asTactError(error)
    return { code, hint: [message, details.fix ?? '', ...(details.didYouMean ?? [])].join(' ') }
  }
}

beforeAll(loadGrammar)

describe('a mistake in SQL is told with its remedy, before the database sees it', () => {
  test.each([
    ['select nmae from deals', 'unknown_column', 'deals.name'],
    ['select name from dealz', 'unknown_entity', 'deals'],
    ['select deals.name from deals d', 'unknown_alias', 'Write d.'],
    ['select id from deals d join companies c on c.id = d.company_id', 'ambiguous_column', 'c.id'],
    ['select status, count(*) n from deals group by status having n > 2', 'unseen_label', 'count(*)'],
    ['select sum(bedrooms) b from deals where b > 2', 'unseen_label', 'sum(bedrooms)'],
    ['select status, side, count(*) from deals group by status', 'group_by', 'deals.side'],
    ['select status, count(*) from deals', 'group_by', 'deals.status'],
    ['select status from deals where count(*) > 1 group by status', 'aggregate_place', 'HAVING'],
    ['select sum(count(*)) from deals', 'nested_aggregate', 'WITH'],
    ['select name from deals where row_number() over (order by name) = 1', 'window', 'WITH'],
    ['select distinct status from deals order by amount', 'order_by', 'deals.amount'],
    ["select name from deals where bedrooms = 'many'", 'type_mismatch', 'without quotes'],
    ['select name from deals where name = 5', 'type_mismatch', 'name::'],
    ['select sum(status) from deals', 'type_mismatch', 'status::numeric'],
    ['select lower(bedrooms) from deals', 'type_mismatch', 'bedrooms::text'],
    ["select name from deals where close_date ilike '2026%'", 'type_mismatch', 'close_date::text'],
    ['select extract(day from current_date - close_date) from deals', 'type_mismatch', 'number of days'],
    ['select round(amount::float8, 2) from deals', 'type_mismatch', '::numeric'],
    ['select name from deals where status', 'type_mismatch', 'comparison'],
    ["select coalesce(bedrooms, 'none') from deals", 'type_mismatch', 'without quotes'],
    ['select count(name, 1) from deals', 'arity', 'count(x)'],
    ["select strftime('%Y', close_date) from deals", 'function', 'to_char'],
    ['select ifnull(bedrooms, 0) from deals', 'function', 'coalesce'],
    ['select year(close_date) from deals', 'function', 'extract(year'],
    ['select datediff(close_date, current_date) from deals', 'function', 'a::date - b::date'],
    ['select group_concat(name) from deals', 'function', 'string_agg'],
    ['select average(bedrooms) from deals', 'function', 'avg'],
    ['select getdate()', 'function', 'now()'],
    ['select date_add(close_date, 3) from deals', 'function', 'interval'],
    ['select top 5 name from deals', 'syntax', 'LIMIT'],
    ['select `name` from deals', 'syntax', 'backticks'],
    ['select [name] from deals', 'syntax', 'square brackets'],
    ['select name from deals limit 5, 10', 'syntax', 'OFFSET'],
    ["select name from deals where status == 'won'", 'operator', '= for equality'],
    ['select name from deals where status = "Won deals"', 'unknown_column', 'single quotes'],
    ['select name, from deals', 'syntax', 'comma'],
    ['select name from deals where close_date > now() - interval 30 days', 'syntax', 'in quotes'],
    ['select name from deals orderby name', 'syntax', 'ORDER BY'],
    ['selct name from deals', 'syntax', 'SELECT'],
    ["select name from deals where status = 'won", 'syntax', 'closing quote'],
    ['select count((name) from deals', 'syntax', 'bracket'],
  ])('%s', (sql, code, remedy) => {
    const { code: found, hint } = told(sql)
    expect({ found, hint }).toEqual({ found: code, hint: expect.stringContaining(remedy) })
  })

  test.each([
    "select name from deals where close_date > '2026-01-01' and amount > 5",
    "select coalesce(side, 'none'), count(*) from deals group by coalesce(side, 'none')",
    "select date_trunc('month', close_date) m, count(*) from deals group by m order by m",
    'select d.id, d.name, count(*) from deals d join interactions i on i.deal_id = d.id group by d.id',
    'select close_date - current_date, close_date + 7, now() - created_at from deals',
    "select case when bedrooms > 2 then 'large' else null end from deals where bedrooms = '3'",
    'select status, rank() over (order by count(*) desc) from deals group by status',
    'select name from deals where (select count(*) from interactions i where i.deal_id = deals.id) > 2',
    'select distinct on (status) status, name from deals order by status, amount desc',
    'select avg(bedrooms)::int, round(avg(amount), 2) from deals having count(*) > 1',
  ])('and what is right stays right: %s', (sql) => {
    expect(told(sql)).toEqual({ code: 'accepted', hint: '' })
  })
})
