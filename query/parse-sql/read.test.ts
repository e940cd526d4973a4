import { beforeAll, describe, expect, test } from 'vitest'
import { asTactError } from '../../domain/errors.ts'
import { generateForReading } from '../relational/generate.ts'
import { loadGrammar, readSql } from './read.ts'

beforeAll(() => loadGrammar())

const refusal = (sql: string) => {
  try {
    readSql(sql)
    return { code: 'read' }
  } catch (thrown) {
    return asTactError(thrown).toPublic()
  }
}

describe('SQL in PostgreSQL’s own grammar', () => {
  test.each([
    `select a.x, count(*) filter (where b > 2) from t a left join u b on a.id = b.id group by 1 having sum(y) > 1.50 order by 2 desc nulls last limit 3 offset 1`,
    `with q as materialized (select 1 as n) select n from q union all (select 2 order by 1 limit 1) order by 1`,
    `select distinct on (a) a, case b when 1 then 'x' else null end from t where not (a in (1, 2) and b like 'x%') or c is not distinct from d`,
    `select sum(a) over (w rows between 1 preceding and unbounded following) from t window w as (partition by b order by c)`,
    `select percentile_cont(0.5) within group (order by a), (select max(b) from u where u.id = t.id) from t`,
    `select extract(year from a), a at time zone 'UTC', trim(a), position('x' in a), interval '70' day, a::numeric(10,2), -a, - 2 from t`,
    `select * from t cross join lateral (select 1) x join generate_series(1, 3) s(v) using (id)`,
    `select (a, b) in ((1, 2)), array[1], a > all (select 1), a = any (array[1]), exists (select 1), '\\' from t`,
  ])('reads %s, and what is written from it, as the same query', (sql) => {
    const written = generateForReading(readSql(sql))
    expect(generateForReading(readSql(written))).toBe(written)
  })

  test('takes a backslash for what PostgreSQL takes it: a character', () => {
    expect(refusal(String.raw`select '\' union select token from api_keys --'`)).toEqual({ code: 'read' })
    expect(JSON.stringify(readSql(String.raw`select '\' union select token from api_keys --'`))).toContain(
      'api_keys',
    )
  })

  test.each([
    ['select 1; select 2', 'one_statement'],
    ['', 'syntax'],
    ['update t set a = 1', 'not_select'],
    ['with x as (delete from t returning 1) select 1', 'not_select'],
    ['select 1 into x', 'not_select'],
    ['select * from t for share', 'not_select'],
    ['values (1)', 'not_select'],
    ['select * from t tablesample system (1)', 'unsupported'],
    ['select a.* as b from t a', 'unsupported'],
    ['select * from t natural join u', 'unsupported'],
    ['select * from only t', 'unsupported'],
    ['select 1 operator(pg_catalog.+) 1', 'unsupported'],
    ['select a collate "C" from t', 'unsupported'],
    ['select $1', 'unsupported'],
    ['select (t).a from t', 'unsupported'],
    [`select 'x'::regclass`, 'type'],
    [`select 'x'::text[]`, 'unsupported'],
    ['select pg_sleep(1)', 'function'],
    ['select "pg_sleep"(1)', 'function'],
    ['select public.lower(a) from t', 'function'],
    ['select * from pg_ls_dir(1)', 'function'],
    ['select\u200b 1', 'bad_character'],
    [`${'('.repeat(65)}1${')'.repeat(65)}`, 'query_too_large'],
    [`select ${'/*'.repeat(51)}`, 'query_too_large'],
    [`select '${'x'.repeat(16_384)}'`, 'query_too_large'],
    [`select 1${'+1'.repeat(400)}`, 'query_too_large'],
  ])('refuses %j as %s', (sql, code) => {
    expect(refusal(sql).code).toBe(code)
  })

  test.each([
    [`select ifnull(a, 0) from t`, 'coalesce'],
    ['select year(a) from t', 'extract(year FROM x)'],
    ['select group_concat(a) from t', 'string_agg'],
    ['select datediff(a, b) from t', 'a::date - b::date'],
    ['select `a` from t', 'backticks'],
    ['select top 5 a from t', 'LIMIT'],
    ['select a from t limit 5, 10', 'OFFSET'],
    ['select lowr(a) from t', 'lower'],
  ])('says how %s is written here', (sql, hint) => {
    expect(JSON.stringify(refusal(sql))).toContain(hint)
  })

  test('says where a text stops being SQL', () => {
    expect(refusal('select a\nfrom t wher x')).toMatchObject({ code: 'syntax', at: 'sql:21' })
  })
})
