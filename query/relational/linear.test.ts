import { beforeAll, describe, expect, test } from 'vitest'
import { loadGrammar } from '../parse-sql/read.ts'
import { compileQuestion } from './execute.ts'
import { isLinear } from './linear.ts'

const linear = (sql: string): boolean => isLinear(compileQuestion({ sql }).query)

describe('what runs without an estimate', () => {
  beforeAll(() => loadGrammar())

  test.each([
    'select count(*) from companies',
    'select 1',
    "select city, count(*) from companies where name ilike '%a%' group by city order by 2 desc limit 5",
    'select p.id, max(e.sent_at) from people p join emails e on e.from_person_id = p.id group by p.id',
    'select d.name, c.name from deals d left join companies c on c.id = d.company_id left join stages s on s.id = d.stage_id',
    'select d.name from deals d, companies c where d.company_id = c.id',
    'select count(*) from people p where not exists (select 1 from emails e where e.from_person_id = p.id and e.size_bytes > 5)',
    'with w as (select company_id, count(*) as n from emails group by company_id) select c.city, sum(w.n) as n from w join companies c on c.id = w.company_id group by c.city',
    'select t.id from (select id, rank() over (partition by city order by name) as n from companies) t where t.n = 1',
    'select t.n from (select city, count(*) as n from people group by city) t where t.n > 1',
  ])('%s', (sql) => {
    expect(linear(sql)).toBe(true)
  })

  test.each([
    'select count(*) from companies a, companies b',
    'select count(*) from companies a cross join people b',
    'select count(*) from companies a join people b on a.city = b.city',
    'select count(*) from companies a left join people b on a.id <> b.company_id',
    'select count(*) from deals d join emails e on e.company_id = d.company_id',
    'select a.id from companies c join deals a on a.company_id = c.id join people b on b.company_id = c.id',
    'select count(*) from companies a full join people b on b.company_id = a.id',
    'select count(*) from deals d join companies c on c.id = d.company_id or d.amount > 5',
    'select (select count(*) from emails) from companies',
    'select id from companies order by (select count(*) from emails)',
    'select max(id::text) from companies group by (select count(*) from emails)',
    'select id from companies where id in (select company_id from deals)',
    'select count(*) from people p where exists (select 1 from emails e where e.size_bytes > length(p.title))',
    'select count(*) from people p where exists (select 1 from emails e) or p.city is null',
    'select count(*) from people p where exists (select 1 from emails e, deals d where e.from_person_id = p.id)',
    'select count(*) from people p where exists (select 1 from emails e where e.from_person_id = p.id and e.size_bytes > (select count(*) from deals))',
    'select d.id, c.id from deals d join companies c on c.id = d.company_id and exists (select 1 from emails e, people p)',
    'with w as (select id from companies) select count(*) from w a, w b where a.id = b.id',
    'with w as (select a.id from companies a, companies b) select count(*) from w',
    'select id from companies union select id from people',
    'select sum(amount) over (order by close_date) from deals',
    'select rank() over (order by name), sum(employees) over (order by name) from companies',
    'select rank() over (order by name rows between 5 preceding and current row) from companies',
    'select string_agg(name, $$,$$) from companies',
    'select city, industry, count(*) from companies group by cube (city, industry)',
    'select count(*) from generate_series(1, 100) s',
    'select count(*) from companies c join lateral (select id from people p where p.company_id = c.id) x on x.id = c.id',
  ])('%s is left to the planner', (sql) => {
    expect(linear(sql)).toBe(false)
  })
})
