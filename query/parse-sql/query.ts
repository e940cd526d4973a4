import type { Expr, From, Group, Item, Query, Select, SetOperation, Window, With } from '../relational/ast.ts'
import { refuse } from '../relational/refuse.ts'
import { expressionOf, placeOf, sortOf, windowOf } from './expression.ts'
import type { Reader } from './expression.ts'
import { deeper, fields, listOf, textOf, unsupported, unwrap, wordOf } from './node.ts'
import type { Budget, Node } from './node.ts'

const SELECT_KEYS = [
  'distinctClause',
  'targetList',
  'fromClause',
  'whereClause',
  'groupClause',
  'havingClause',
  'windowClause',
  'sortClause',
  'limitOffset',
  'limitCount',
  'limitOption',
  'withClause',
  'op',
  'all',
  'larg',
  'rarg',
]

const nameOf = (node: Node): string => listOf(node['funcname']).map(textOf).join('.')
const isSeries = (node: Node): boolean => /^(pg_catalog\.)?generate_series$/.test(nameOf(node))

const seriesOf = (call: Node, reader: Reader): readonly Expr[] =>
  listOf(fields(call, 'generate_series', ['funcname', 'args', 'funcformat']).args).map((one) =>
    expressionOf(one, reader),
  )

const aliasOf = (node: unknown): { readonly as?: string; readonly cols?: readonly string[] } => {
  if (node === undefined) return {}
  const { aliasname, colnames } = fields(node, 'An alias', ['aliasname', 'colnames'])
  return { as: wordOf(aliasname), ...(colnames !== undefined && { cols: listOf(colnames).map(textOf) }) }
}

const tableOf = (node: Node): From => {
  const { schemaname, relname, inh, alias } = fields(node, 'A table', [
    'schemaname',
    'relname',
    'inh',
    'relpersistence',
    'alias',
  ])
  if (inh !== true) throw unsupported('ONLY')
  const { as, cols } = aliasOf(alias)
  if (cols) throw unsupported('A list of columns after a table', 'Name columns in the SELECT list.')
  return {
    entity: wordOf(relname),
    ...(schemaname !== undefined && { ns: wordOf(schemaname) }),
    ...(as !== undefined && { as }),
  }
}

const functionOf = (node: Node, reader: Reader): From => {
  const { functions, alias } = fields(node, 'A function in FROM', ['functions', 'alias', 'lateral'])
  const [only, ...others] = listOf(functions)
  const [kind, list] = unwrap(only)
  const [first, columns] = listOf(list['items'])
  const [inner, call] = unwrap(first)
  const hasColumns = !isEmptyNode(columns ?? {})
  if (others.length > 0 || kind !== 'List' || inner !== 'FuncCall' || hasColumns)
    throw unsupported('This function in FROM')
  if (!isSeries(call))
    throw refuse('function', 'Of functions only generate_series may stand in FROM.', {
      fix: 'Select from a table.',
    })
  const { as, cols } = aliasOf(alias)
  return { series: seriesOf(call, reader), as: as ?? 'generate_series', ...(cols && { cols }) }
}

const JOINS: ReadonlyMap<string, 'inner' | 'left' | 'right' | 'full'> = new Map([
  ['JOIN_INNER', 'inner'],
  ['JOIN_LEFT', 'left'],
  ['JOIN_RIGHT', 'right'],
  ['JOIN_FULL', 'full'],
])

const joinOf = (node: Node, reader: Reader): From => {
  const { jointype, isNatural, larg, rarg, usingClause, quals } = fields(node, 'A join', [
    'jointype',
    'isNatural',
    'larg',
    'rarg',
    'usingClause',
    'quals',
  ])
  if (isNatural === true) throw unsupported('NATURAL JOIN', 'Write JOIN … ON a.x = b.y.')
  const join = JOINS.get(wordOf(jointype))
  if (join === undefined) throw unsupported('This join')
  const sides = { l: fromOf(larg, reader), r: fromOf(rarg, reader) }
  if (usingClause !== undefined) return { join, ...sides, using: listOf(usingClause).map(textOf) }
  if (quals !== undefined) return { join, ...sides, on: expressionOf(quals, reader) }
  return { join: 'cross', ...sides }
}

const subselectOf = (node: Node, reader: Reader): From => {
  const { lateral, subquery, alias } = fields(node, 'A subquery', ['lateral', 'subquery', 'alias'])
  const [kind, select] = unwrap(subquery)
  if (kind !== 'SelectStmt') throw unsupported('A subquery that is not a SELECT')
  const { as, cols } = aliasOf(alias)
  return {
    from: reader.query(select),
    as: as ?? 'subquery',
    ...(cols && { cols }),
    ...(lateral === true && { lateral: true as const }),
  }
}

const fromOf = (node: unknown, reader: Reader): From =>
  deeper(reader.budget, () => {
    const [kind, inner] = unwrap(node)
    if (kind === 'RangeVar') return tableOf(inner)
    if (kind === 'RangeSubselect') return subselectOf(inner, reader)
    if (kind === 'RangeFunction') return functionOf(inner, reader)
    if (kind === 'JoinExpr') return joinOf(inner, reader)
    throw unsupported('This item of FROM')
  })

const groupOf = (node: unknown, reader: Reader): Group => {
  const [kind, inner] = unwrap(node)
  if (kind !== 'GroupingSet') return placeOf(node) ?? expressionOf(node, reader)
  const { kind: how, content } = fields(inner, 'GROUP BY', ['kind', 'content'])
  const parts = listOf(content).map((one) => expressionOf(one, reader))
  if (how === 'GROUPING_SET_ROLLUP') return { rollup: parts }
  if (how === 'GROUPING_SET_CUBE') return { cube: parts }
  throw unsupported('GROUPING SETS', 'Use ROLLUP or CUBE.')
}

const itemOf = (node: unknown, reader: Reader): Item => {
  const [kind, inner] = unwrap(node)
  if (kind !== 'ResTarget') throw unsupported('This item of SELECT')
  const { name, val } = fields(inner, 'An item of SELECT', ['name', 'val'])
  const [valueKind, value] = unwrap(val)
  if (valueKind === 'ColumnRef') {
    const parts = listOf(value['fields'])
    const last = parts.at(-1)
    if (last !== undefined && unwrap(last)[0] === 'A_Star') {
      if (name !== undefined) throw unsupported('A star with a name of its own')
      if (parts.length > 2) throw unsupported('A star after a schema')
      return { star: parts.length === 2 ? textOf(parts[0]) : true }
    }
  }
  return { e: expressionOf(val, reader), ...(typeof name === 'string' && { as: name }) }
}

const SERIES_COLUMN: Expr = { col: ['series', 'value'] }
const BOUNDS = ['first', 'last', 'step']

const seriesRefusal = (): Error =>
  refuse('function', 'generate_series stands alone in the SELECT list, or in FROM.', {
    fix: 'Write FROM generate_series(a, b, step) AS s(v).',
  })

/**
 * `SELECT f(generate_series(a, b)) FROM t` is the same as selecting from the series of each row: its bounds are computed
 * in a subquery beside which the series stands.
 */
const seriesSelect = (target: unknown, plain: Select, reader: Reader): Select => {
  let bounds: readonly Expr[] | undefined
  const series = (call: Node): Expr => {
    if (bounds) throw seriesRefusal()
    bounds = seriesOf(call, reader)
    return SERIES_COLUMN
  }
  const item = itemOf(target, { ...reader, series })
  if (!bounds || !('e' in item) || plain.group || plain.distinct || plain.windows) throw seriesRefusal()
  const { e } = item
  const isBare = 'col' in e || ('cast' in e && 'col' in e.cast)
  const as = item.as ?? (isBare ? 'generate_series' : undefined)
  const select = [{ e, ...(as !== undefined && { as }) }]
  const values = { as: 'series', cols: ['value'] }
  if (!plain.from && !plain.where && !plain.having) return { select, from: [{ series: bounds, ...values }] }
  const inner: Select = {
    ...plain,
    select: bounds.map((bound, index) => ({ e: bound, as: BOUNDS[index] ?? 'more' })),
  }
  const ends = inner.select.map((_, index): Expr => ({ col: ['bounds', BOUNDS[index] ?? 'more'] }))
  return {
    select,
    from: [
      { from: { body: inner }, as: 'bounds' },
      { series: ends, ...values },
    ],
  }
}

/** Walks PostgreSQL's own tree, which may be thousands deep, with a stack of its own. */
const holdsSeries = (node: unknown): boolean => {
  const open: unknown[] = [node]
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue
    for (const [key, inner] of Object.entries(next)) {
      if (key === 'SubLink') continue
      if (key === 'FuncCall' && isSeries(inner as Node)) return true
      open.push(inner)
    }
  }
  return false
}

const isEmptyNode = (node: unknown): boolean =>
  typeof node === 'object' && node !== null && Object.keys(node).length === 0

const windowsOf = (clause: unknown, reader: Reader): Readonly<Record<string, Window>> =>
  Object.fromEntries(
    listOf(clause).map((one) => {
      const [kind, inner] = unwrap(one)
      if (kind !== 'WindowDef') throw unsupported('This WINDOW')
      const { name = '', over } = windowOf(inner, reader)
      return [name, over]
    }),
  )

const selectOf = (node: Node, reader: Reader): Select => {
  const targets = listOf(node['targetList'])
  if (targets.length === 0) throw unsupported('A SELECT without columns')
  const distinct = listOf(node['distinctClause'])
  const each = <T>(key: string, read: (one: unknown) => T): readonly T[] | undefined =>
    node[key] === undefined ? undefined : listOf(node[key]).map(read)
  const from = each('fromClause', (one) => fromOf(one, reader))
  const group = each('groupClause', (one) => groupOf(one, reader))
  const isSeriesOf = targets.length === 1 && holdsSeries(targets)
  const made: Select = {
    select: isSeriesOf ? [] : targets.map((one) => itemOf(one, reader)),
    ...(distinct.length > 0 && {
      distinct: distinct.every(isEmptyNode)
        ? (true as const)
        : distinct.map((one) => placeOf(one) ?? expressionOf(one, reader)),
    }),
    ...(from && { from }),
    ...(node['whereClause'] !== undefined && { where: expressionOf(node['whereClause'], reader) }),
    ...(group && { group }),
    ...(node['havingClause'] !== undefined && { having: expressionOf(node['havingClause'], reader) }),
    ...(node['windowClause'] !== undefined && { windows: windowsOf(node['windowClause'], reader) }),
  }
  return isSeriesOf ? seriesSelect(targets[0], made, reader) : made
}

const withOf = (clause: unknown, reader: Reader): readonly With[] => {
  const { ctes, recursive } = fields(clause, 'WITH', ['ctes', 'recursive'])
  if (recursive === true) throw unsupported('WITH RECURSIVE', 'Use generate_series, or ask step by step.')
  return listOf(ctes).map((one): With => {
    const [kind, inner] = unwrap(one)
    if (kind !== 'CommonTableExpr') throw unsupported('This WITH')
    const { ctename, aliascolnames, ctematerialized, ctequery } = fields(inner, 'WITH', [
      'ctename',
      'aliascolnames',
      'ctematerialized',
      'ctequery',
    ])
    const [select, body] = unwrap(ctequery)
    if (select !== 'SelectStmt')
      throw refuse('not_select', 'A WITH item must be a SELECT.', { fix: 'Reading is all that queries do.' })
    return {
      name: wordOf(ctename),
      q: reader.query(body),
      ...(aliascolnames !== undefined && { cols: listOf(aliascolnames).map(textOf) }),
      ...(ctematerialized === 'CTEMaterializeAlways' && { mat: 'yes' as const }),
      ...(ctematerialized === 'CTEMaterializeNever' && { mat: 'no' as const }),
    }
  })
}

const limitOf = (node: unknown, what: string, reader: Reader): { readonly lit: number } | undefined => {
  if (node === undefined) return undefined
  const e = expressionOf(node, reader)
  if ('lit' in e && e.lit === null) return undefined
  if ('lit' in e && typeof e.lit === 'number') return { lit: e.lit }
  throw refuse('limit', `${what} is a whole number.`, { fix: `Write ${what} 50.` })
}

const SETS: ReadonlyMap<string, SetOperation['set']> = new Map([
  ['SETOP_UNION', 'union'],
  ['SETOP_INTERSECT', 'intersect'],
  ['SETOP_EXCEPT', 'except'],
])

const readQuery = (raw: unknown, reader: Reader): Query => {
  const node = fields(raw, 'SELECT', SELECT_KEYS)
  if (node['limitOption'] === 'LIMIT_OPTION_WITH_TIES') throw unsupported('WITH TIES')
  const items = node['withClause'] === undefined ? undefined : withOf(node['withClause'], reader)
  const set = SETS.get(wordOf(node['op']))
  const body: Query['body'] =
    set === undefined
      ? selectOf(node, reader)
      : {
          set,
          ...(node['all'] === true && { all: true as const }),
          l: reader.query(node['larg']),
          r: reader.query(node['rarg']),
        }
  const limit = limitOf(node['limitCount'], 'LIMIT', reader)
  const offset = limitOf(node['limitOffset'], 'OFFSET', reader)
  return {
    ...(items && { with: items }),
    body,
    ...(node['sortClause'] !== undefined && {
      order: listOf(node['sortClause']).map((one) => sortOf(one, reader)),
    }),
    ...(limit && { limit }),
    ...(offset && { offset }),
  }
}

/** A SelectStmt of PostgreSQL's parse tree as a relational query; what is not on the list is refused. */
export const queryOf = (select: unknown, budget: Budget, places?: Map<Expr, number>): Query => {
  const reader: Reader = {
    budget,
    places,
    query: (inner) => deeper(budget, () => readQuery(inner, reader)),
  }
  return reader.query(select)
}
