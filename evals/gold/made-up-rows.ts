import { readFileSync } from 'node:fs'
import { randomFrom } from '../fuzz/random.ts'
import { quote } from '../../query/relational/schema.ts'

/** A database of the Spider benchmark, as its `tables.json` has it: schemas without rows. */
interface SpiderDatabase {
  readonly db_id: string
  readonly table_names_original: readonly string[]
  /** Table (its index) and name; the first one stands for all columns. */
  readonly column_names_original: readonly (readonly [table: number, name: string])[]
  readonly column_types: readonly string[]
  /** Columns (their indexes): the one that refers, and the one referred to. */
  readonly foreign_keys: readonly (readonly [number, number])[]
}

const ROWS = 14
const WORDS = ['alpha', 'beta', 'gamma', 'delta', 'Alpha']

const sqlTypeOf = (type: string): string =>
  type === 'number' ? 'integer' : type === 'boolean' ? 'boolean' : 'text'

/** Constants of the queries, so that some rows meet their conditions. */
const constantsIn = (queries: readonly string[]) => {
  const texts = new Set(WORDS)
  const numbers = new Set([0, 1, 2, 3, 5])
  for (const sql of queries) {
    for (const [, one, other] of sql.matchAll(/'([^']*)'|"([^"]*)"/g))
      texts.add((one ?? other ?? '').replaceAll('%', ''))
    for (const [number] of sql.matchAll(/\b\d{1,6}\b/g)) numbers.add(Number(number))
  }
  return { texts: [...texts], numbers: [...numbers] }
}

/** SQL that makes a Spider database and fills it with made-up rows, the same for the same queries. */
export const spiderSql = (file: string, name: string, queries: readonly string[]): string | undefined => {
  const all = JSON.parse(readFileSync(file, 'utf8')) as readonly SpiderDatabase[]
  const found = all.find(({ db_id }) => db_id === name)
  if (!found) return undefined
  const { texts, numbers } = constantsIn(queries)
  const random = randomFrom(7)
  const keys = new Set(found.foreign_keys.flat())
  const valueOf = (column: number, row: number): string => {
    const type = sqlTypeOf(found.column_types[column]!)
    if (keys.has(column))
      return type === 'integer'
        ? String(1 + (random.chance(0.7) ? row : random.below(ROWS)))
        : `'k${random.below(ROWS)}'`
    if (random.chance(0.08)) return 'null'
    if (type === 'boolean') return random.chance(0.5) ? 'true' : 'false'
    if (type === 'integer') return String(random.chance(0.6) ? random.pick(numbers) : random.below(100))
    return `'${random.pick(texts).replaceAll("'", "''")}'`
  }
  const statements = found.table_names_original.map((table, index) => {
    const columns = found.column_names_original.flatMap(([owner, column], at) =>
      owner === index ? [{ at, column: column.toLowerCase() }] : [],
    )
    const list = columns.map(({ at, column }) => `${quote(column)} ${sqlTypeOf(found.column_types[at]!)}`)
    const rows = Array.from(
      { length: ROWS },
      (_, row) => `(${columns.map(({ at }) => valueOf(at, row)).join(', ')})`,
    )
    const target = quote(table.toLowerCase())
    return `create table ${target} (${list.join(', ')}); insert into ${target} values ${rows.join(', ')};`
  })
  return statements.join('\n')
}
