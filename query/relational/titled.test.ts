import { beforeAll, describe, expect, test } from 'vitest'
import { loadGrammar } from '../parse-sql/read.ts'
import { compileQuestion } from './execute.ts'

const titleAt = (sql: string): readonly (readonly [number, number])[] => [...compileQuestion({ sql }).titleAt]

describe('titles beside their ids', () => {
  beforeAll(() => loadGrammar())

  test.each([
    ['select id, name from companies', [[0, 2]]],
    [
      'select p.city, p.id, c.id from people p left join companies c on c.id = p.company_id',
      [
        [1, 3],
        [2, 4],
      ],
    ],
    [
      'select t.id from (select id, rank() over (order by name) as n from companies) t where t.n = 1',
      [[0, 1]],
    ],
    ['select t.who from (select id as who from (select id from people) x) t order by 1 limit 3', [[0, 1]]],
  ])('%s gives them in its rows', (sql, places) => {
    expect(titleAt(sql)).toEqual(places)
  })

  test.each([
    'select name from companies',
    'select company_id from people',
    'select id, count(*) from companies group by id',
    'select distinct id from companies',
    'select distinct on (city) id from companies order by city, id',
    'select max(id::text) from companies',
    'select id from companies union select id from people',
    'with w as (select id, city from people) select id from w',
    'select t.id from (select id, count(*) as n from people group by id) t',
    'select t.id from (select distinct id from people) t',
    'select t.a from (select id, city from people) t (a, b)',
  ])('%s is left as it is', (sql) => {
    expect(titleAt(sql)).toEqual([])
  })

  test('nobody can ask for the column itself', () => {
    expect(() => titleAt('select "title of the record" from companies')).toThrow(/There is no column/)
    expect(() => titleAt('select t."title of the record 1" from (select id from companies) t')).toThrow(
      /There is no column/,
    )
  })
})
