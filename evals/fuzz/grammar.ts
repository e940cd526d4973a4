import type { Random } from './random.ts'

const TABLES = [
  'people',
  'companies',
  'deals',
  'emails',
  'tasks',
  'stages',
  'access_tokens',
  'pg_class',
  '"deals"',
  'DEALS',
]
const COLUMNS = [
  'id',
  'name',
  'city',
  'amount',
  'currency',
  'created_at',
  'title',
  'status',
  '"name"',
  'tenant_id',
  'NAME',
  'token_hash',
  'ctid',
]
const ALIASES = ['a', 'b', 'c', '"a"', 'A', '"a b"']
const TEXTS = [
  "'x'",
  "'it''s'",
  "'\\'",
  "''",
  "E'\\n'",
  "U&'\\0041'",
  '$$x$$',
  "$a$'$a$",
  "'--'",
  "'/*'",
  "'a' 'b'",
  "N'x'",
]
const NUMBERS = ['0', '1', '-1', '2.5', '1e3', '9999999999', '0x1F', '1_000', '.5', '5.', '- 3']
const BINARY = [
  '=',
  '<>',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '->',
  '->>',
  '^',
  '~',
  'OPERATOR(pg_catalog.+)',
  '@>',
  'IS DISTINCT FROM',
  'IS NOT DISTINCT FROM',
  'LIKE',
  'NOT ILIKE',
  'AND',
  'OR',
  'SIMILAR TO',
]
const CALLS = [
  'lower',
  'count',
  'sum',
  'pg_catalog.lower',
  'pg_sleep',
  'coalesce',
  'nullif',
  'greatest',
  'concat',
  'set_config',
  'round',
  '"lower"',
  'LOWER',
  'max',
  'row_number',
  'date_trunc',
  'public.evil',
]
const TYPES = [
  'int',
  'text',
  'numeric(10,2)',
  'date',
  'timestamptz',
  'varchar(5)',
  'regclass',
  'interval',
  'text[]',
  '"char"',
  'double precision',
  'time',
  'bool',
]
const JOINS = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'CROSS JOIN', 'NATURAL JOIN', 'INNER JOIN']
const NOISE = [
  '(',
  ')',
  ',',
  ';',
  '--',
  '/*',
  '*/',
  "'",
  '"',
  'SELECT',
  'FROM',
  'WHERE',
  'UNION',
  'ALL',
  'DISTINCT',
  'NOT',
  'NULL',
  'IN',
  'LATERAL',
  'ONLY',
  'FOR UPDATE',
  '\\',
  '::',
  '.',
  '*',
  'OVER',
  'FILTER',
  'ESCAPE',
  'COLLATE "C"',
  'INTO x',
  '/**/',
  '\n',
  'RECURSIVE',
  'AS',
  'WITH TIES',
  '$1',
]

const list = (random: Random, most: number, make: () => string): string =>
  Array.from({ length: 1 + random.below(most) }, make).join(', ')

const column = (random: Random): string =>
  random.chance(0.4) ? `${random.pick(ALIASES)}.${random.pick(COLUMNS)}` : random.pick(COLUMNS)

const over = (random: Random): string => {
  const partition = random.chance(0.5) ? `PARTITION BY ${column(random)}` : ''
  const order = random.chance(0.7)
    ? ` ORDER BY ${column(random)}${random.chance(0.3) ? ' DESC NULLS LAST' : ''}`
    : ''
  const edges = ['UNBOUNDED PRECEDING', '1 PRECEDING', 'CURRENT ROW', '2 FOLLOWING', 'UNBOUNDED FOLLOWING']
  const frame = random.chance(0.3)
    ? ` ${random.pick(['ROWS', 'RANGE', 'GROUPS'])} BETWEEN ${random.pick(edges)} AND ${random.pick(edges)}${random.chance(0.1) ? ' EXCLUDE TIES' : ''}`
    : ''
  return random.chance(0.1) ? ' OVER w' : ` OVER (${partition}${order}${frame})`
}

const call = (random: Random, depth: number): string => {
  const args = random.chance(0.1)
    ? '*'
    : `${random.chance(0.1) ? 'DISTINCT ' : ''}${list(random, 3, () => expression(random, depth - 1))}`
  const filter = random.chance(0.1) ? ` FILTER (WHERE ${expression(random, depth - 1)})` : ''
  return `${random.pick(CALLS)}(${args})${filter}${random.chance(0.15) ? over(random) : ''}`
}

const expression = (random: Random, depth: number): string => {
  const X = (): string => expression(random, depth - 1)
  if (depth <= 0)
    return random.pick([
      column(random),
      random.pick(TEXTS),
      random.pick(NUMBERS),
      'NULL',
      'true',
      'current_date',
      'now()',
    ])
  switch (random.below(16)) {
    case 0:
      return call(random, depth)
    case 1:
      return `CASE ${random.chance(0.3) ? X() : ''} WHEN ${X()} THEN ${X()}${random.chance(0.5) ? ` ELSE ${X()}` : ''} END`
    case 2:
      return `${X()}::${random.pick(TYPES)}`
    case 3:
      return `CAST(${X()} AS ${random.pick(TYPES)})`
    case 4:
      return `${X()} ${random.pick(['', 'NOT '])}IN (${random.chance(0.3) ? select(random, depth - 1) : list(random, 3, X)})`
    case 5:
      return `${X()} ${random.pick(['', 'NOT '])}BETWEEN ${X()} AND ${X()}`
    case 6:
      return `(${select(random, depth - 1)})`
    case 7:
      return `${random.pick(['', 'NOT '])}EXISTS (${select(random, depth - 1)})`
    case 8:
      return `${X()} IS ${random.pick(['', 'NOT '])}${random.pick(['NULL', 'TRUE', 'FALSE', 'UNKNOWN'])}`
    case 9:
      return `${random.pick(['NOT ', '- ', '+ ', '~ '])}${X()}`
    case 10:
      return `${X()} ${random.pick(['=', '<', '>='])} ${random.pick(['ANY', 'ALL'])} (${random.chance(0.5) ? select(random, depth - 1) : `ARRAY[${list(random, 2, X)}]`})`
    case 11:
      return random.pick([
        `extract(year from ${X()})`,
        `substring(${X()} from 1 for 2)`,
        `trim(both 'x' from ${X()})`,
        `position('a' in ${X()})`,
        `${X()} at time zone 'UTC'`,
        `overlay(${X()} placing 'x' from 1)`,
        `(${X()}, ${X()})`,
      ])
    default:
      return `(${X()} ${random.pick(BINARY)} ${X()})`
  }
}

const table = (random: Random, depth: number): string => {
  const alias = random.chance(0.6) ? ` ${random.chance(0.5) ? 'AS ' : ''}${random.pick(ALIASES)}` : ''
  if (depth > 0 && random.chance(0.2))
    return `${random.chance(0.2) ? 'LATERAL ' : ''}(${select(random, depth - 1)}) AS ${random.pick(ALIASES)}`
  if (random.chance(0.05)) return `generate_series(1, 5)${random.chance(0.7) ? ' AS s(v)' : ''}`
  if (depth > 0 && random.chance(0.35)) {
    const how = random.pick(JOINS)
    const sides = `${table(random, depth - 1)} ${how} ${random.chance(0.2) ? `(${table(random, depth - 1)})` : table(random, depth - 1)}`
    if (/CROSS|NATURAL/.test(how)) return sides
    return random.chance(0.2) ? `${sides} USING (id)` : `${sides} ON ${expression(random, depth - 1)}`
  }
  return `${random.chance(0.05) ? 'pg_catalog.' : ''}${random.pick(TABLES)}${alias}`
}

const select = (random: Random, depth: number): string => {
  if (depth > 0 && random.chance(0.08)) {
    return (
      `${random.chance(0.5) ? '(' : ''}${select(random, 0)}`.replace(/^\((.*)$/s, '($1)') +
      ` ${random.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT ALL'])} ${select(random, depth - 1)}`
    )
  }
  const items = random.chance(0.08)
    ? random.pick(['*', 'a.*'])
    : list(
        random,
        3,
        () =>
          `${expression(random, depth)}${random.chance(0.3) ? ` AS ${random.pick(['x', '"X y"', 'X'])}` : ''}`,
      )
  const parts = [
    depth > 0 && random.chance(0.08)
      ? `WITH ${random.pick(['q', 'deals'])} AS ${random.pick(['', 'MATERIALIZED ', 'NOT MATERIALIZED '])}(${select(random, depth - 1)})`
      : '',
    `SELECT ${random.chance(0.06) ? 'DISTINCT ' : ''}${random.chance(0.03) ? 'DISTINCT ON (id) ' : ''}${items}`,
    random.chance(0.92) ? `FROM ${list(random, 2, () => table(random, depth))}` : '',
    random.chance(0.4) ? `WHERE ${expression(random, depth)}` : '',
    random.chance(0.2)
      ? `GROUP BY ${random.pick(['1', column(random), `ROLLUP (${column(random)})`, `GROUPING SETS ((${column(random)}), ())`])}`
      : '',
    random.chance(0.08) ? `HAVING ${expression(random, depth - 1)}` : '',
    random.chance(0.05) ? `WINDOW w AS (PARTITION BY ${column(random)})` : '',
    random.chance(0.25)
      ? `ORDER BY ${random.pick(['1', column(random)])}${random.pick(['', ' DESC', ' ASC NULLS FIRST', ' USING <'])}`
      : '',
    random.chance(0.15) ? `LIMIT ${random.pick(['5', 'NULL', 'ALL', '-1'])}` : '',
    random.chance(0.05) ? 'OFFSET 2' : '',
  ]
  return parts.filter((part) => part !== '').join(' ')
}

/** Cuts, doubles or adds a word somewhere. */
const mutate = (random: Random, sql: string): string => {
  const at = random.below(sql.length + 1)
  const until = Math.min(sql.length, at + random.below(6))
  return random.pick([
    sql.slice(0, at) + sql.slice(until),
    `${sql.slice(0, at)} ${random.pick(NOISE)} ${sql.slice(at)}`,
    `${sql.slice(0, at)}${random.pick(NOISE)}${sql.slice(until)}`,
    `${sql.slice(0, until)}${sql.slice(at)}`,
  ])
}

/** A random text that is a SELECT, nearly one, or no longer one. */
export const randomSql = (random: Random): string => {
  let sql = select(random, random.below(4))
  while (random.chance(0.3)) sql = mutate(random, sql)
  return sql
}
