import type { Expr, Query, Sort, Window } from './ast.ts'

/** Where the children of a node stand: an expression, several, pairs, a query, sort keys, a window. */
type Place = 'x' | 'xs' | 'pairs' | 'q' | 'sorts' | 'over' | 'quant'

/** Kinds of nodes in the order in which a key decides: `not` last, because others carry it as a mark. */
const PLACES = {
  col: {},
  lit: {},
  op: { l: 'x', r: 'x' },
  fn: { args: 'xs', filter: 'x', order: 'sorts', over: 'over' },
  cast: { cast: 'x' },
  case: { case: 'pairs', on: 'x', else: 'x' },
  and: { and: 'xs' },
  or: { or: 'xs' },
  coalesce: { coalesce: 'xs' },
  nullif: { nullif: 'xs' },
  greatest: { greatest: 'xs' },
  least: { least: 'xs' },
  isnull: { isnull: 'x' },
  istrue: { istrue: 'x' },
  in: { in: 'x', list: 'xs', sub: 'q' },
  between: { between: 'xs' },
  like: { like: 'xs' },
  distinctFrom: { distinctFrom: 'xs' },
  exists: { exists: 'q' },
  quant: { quant: 'quant', sub: 'q' },
  sub: { sub: 'q' },
  row: { row: 'xs' },
  array: { array: 'xs' },
  now: {},
  grouping: { grouping: 'xs' },
  not: { not: 'x' },
} satisfies Record<string, Record<string, Place>>

export type Kind = keyof typeof PLACES
export const KINDS = Object.keys(PLACES) as readonly Kind[]

const RANKS: ReadonlyMap<string, number> = new Map(KINDS.map((kind, rank) => [kind, rank]))

/** The kind of an expression by its keys, or undefined. */
export const kindOf = (value: object): Kind | undefined => {
  let first = KINDS.length
  for (const key of Object.keys(value)) first = Math.min(first, RANKS.get(key) ?? first)
  return KINDS[first]
}

interface Mapping {
  expr(child: Expr): Expr
  query(child: Query): Query
}

type Sorted = Sort['by']

const mapSort = (sort: Sort, map: Mapping): Sort => ({
  ...sort,
  by: 'ord' in sort.by ? sort.by : map.expr(sort.by),
})

export const mapWindow = (over: Window, map: Mapping): Window => ({
  ...over,
  ...(over.partition && { partition: over.partition.map((one) => map.expr(one)) }),
  ...(over.order && { order: over.order.map((one) => mapSort(one, map)) }),
})

const mapPlace = (place: Place, value: unknown, map: Mapping): unknown => {
  switch (place) {
    case 'x':
      return map.expr(value as Expr)
    case 'xs':
      return (value as readonly Expr[]).map((one) => map.expr(one))
    case 'pairs':
      return (value as readonly (readonly Expr[])[]).map((pair) => pair.map((one) => map.expr(one)))
    case 'q':
      return map.query(value as Query)
    case 'sorts':
      return (value as readonly Sort[]).map((one) => mapSort(one, map))
    case 'over':
      return mapWindow(value as Window, map)
    case 'quant': {
      const [first, ...rest] = value as readonly [Expr, string, string]
      return [map.expr(first), ...rest]
    }
  }
}

/** The same node with every child replaced. */
export const mapChildren = (node: Expr, map: Mapping): Expr => {
  const places: Record<string, Place> = PLACES[kindOf(node)!]
  const made: Record<string, unknown> = {}
  for (const key of Object.keys(node)) {
    const place = places[key]
    const value = (node as unknown as Record<string, unknown>)[key]
    made[key] = place === undefined || value === undefined ? value : mapPlace(place, value, map)
  }
  return made as unknown as Expr
}

interface Visit {
  expr(child: Expr): void
  query(child: Query): void
}

const visitAll = (list: readonly Expr[], visit: Visit): void => {
  for (const one of list) visit.expr(one)
}

const visitSorts = (sorts: readonly Sort[], visit: Visit): void => {
  for (const { by } of sorts) if (!('ord' in by)) visit.expr(by)
}

const visitPlace = (place: Place, value: unknown, visit: Visit): void => {
  switch (place) {
    case 'x':
      return visit.expr(value as Expr)
    case 'xs':
      return visitAll(value as readonly Expr[], visit)
    case 'pairs':
      for (const pair of value as readonly (readonly Expr[])[]) visitAll(pair, visit)
      return
    case 'q':
      return visit.query(value as Query)
    case 'sorts':
      return visitSorts(value as readonly Sort[], visit)
    case 'over': {
      const { partition = [], order = [] } = value as Window
      visitAll(partition, visit)
      return visitSorts(order, visit)
    }
    case 'quant':
      return visit.expr((value as readonly Expr[])[0]!)
  }
}

/** Calls back for every child of a node. */
export const eachChild = (node: Expr, visit: Visit): void => {
  const places: Record<string, Place> = PLACES[kindOf(node)!]
  for (const key of Object.keys(node)) {
    const place = places[key]
    const value = (node as unknown as Record<string, unknown>)[key]
    if (place !== undefined && value !== undefined) visitPlace(place, value, visit)
  }
}

export const isPlace = (by: Sorted | object): by is { readonly ord: number } => Object.hasOwn(by, 'ord')
