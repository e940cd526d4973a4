import { beforeAll, describe, expect, test } from 'vitest'
import { asTactError } from '../../domain/errors.ts'
import { loadGrammar, readSql } from './read.ts'

const fixOf = (sql: string): string | undefined => {
  try {
    readSql(sql)
    return undefined
  } catch (error) {
    return asTactError(error).details.fix
  }
}

describe('what is said of clauses that do not follow one another', () => {
  beforeAll(() => loadGrammar())

  test.each([
    ['select name from from deals', 'FROM once'],
    ['select name from deals group by by city', 'BY once'],
    ['select name from deals where a = 1 and and b = 2', 'AND once'],
    ['select city, count(*) from deals group by city where a = 1', 'WHERE before GROUP BY'],
    ['select city, count(*) from deals having count(*) > 1 group by city', 'GROUP BY before HAVING'],
    ['select name from deals limit 5 order by name', 'ORDER BY before LIMIT'],
    ['select name from (select name from deals limit 5 order by name) t', 'ORDER BY before LIMIT'],
    ['select name from deals where a = 1 where b = 2', 'AND in place of the second WHERE'],
    ['select d.name from deals d join companies c where c.id = 1', 'ON and a condition'],
    ['select name from deals and a = 1', 'WHERE before the first condition'],
    ['select name where a = 1 (', 'FROM with a table'],
    ['selct name from deals where a = 1', 'SELECT'],
    ['select unique name from deals', 'DISTINCT'],
    ['select name from deals where a => 1', '>='],
    ['select name from deals order by name descending', 'DESC'],
    ['select name from deals fetch 5 rows', 'LIMIT'],
    ["select name from deals where name in ['a']", 'IN (a, b)'],
  ])('%s: %s', (sql, hint) => {
    expect(fixOf(sql)).toContain(hint)
  })

  test.each([
    'select d.name from deals d cross join companies c where c.city is not null',
    "select name, 'from from', 'where where' from deals where name <> 'group by by'",
    'select a.name from deals a join companies b join people c on c.company_id = b.id on b.id = a.company_id',
    'select count(*) from deals union select count(*) from people where city is null order by 1 limit 3',
  ])('%s is read', (sql) => {
    expect(fixOf(sql)).toBeUndefined()
  })

  test('texts of the asker are not repeated', () => {
    expect(fixOf("select 'Secret Name' from from deals where x = 'Other Secret'")).not.toMatch(/secret/i)
  })
})
