import type { Call, Expr, From, Query, Select } from './ast.ts'
import { AGGREGATES } from './functions.ts'
import { labelOf } from './labels.ts'
import { eachChild } from './nodes.ts'
import type { Schema, SchemaTable } from './schema.ts'

/**
 * What a value tells of single records' amounts: `one` is such an amount as it stands, `made` is made of some, and
 * undefined tells of none, or of groups that are large enough.
 */
export type Trace = 'one' | 'made' | undefined

export interface FigureSource {
  readonly alias: string
  readonly traces: ReadonlyMap<string, Trace>
  readonly table?: SchemaTable
}

export interface FigureScope {
  readonly sources: FigureSource[]
  readonly parent: FigureScope | undefined
  readonly ctes: ReadonlyMap<string, ReadonlyMap<string, Trace>>
  readonly schema: Schema
}

/** Aggregates that give back what single rows hold, however many there are. */
export const LISTING = new Set(['string_agg', 'array_agg'])
/** Aggregates that tell nothing of amounts. */
const COUNTING = new Set(['count', 'bool_and', 'bool_or'])

/** An aggregate over rows: it tells of few records where there are few. */
export const isTelling = (e: Call): boolean =>
  AGGREGATES.has(e.fn) && e.over === undefined && !COUNTING.has(e.fn) && !LISTING.has(e.fn)

/** What an aggregate computes from: its arguments, or what it sorts by. */
export const inputsOf = (e: Call): readonly Expr[] => [
  ...e.args,
  ...(e.within ? (e.order ?? []).flatMap(({ by }) => ('ord' in by ? [] : [by])) : []),
]

export const sourceOf = (scope: FigureScope, col: readonly string[]): FigureSource | undefined => {
  const name = col.at(-1)!
  for (let here: FigureScope | undefined = scope; here; here = here.parent) {
    const found = here.sources.find(({ alias, traces }) =>
      col.length === 2 ? alias === col[0] : traces.has(name),
    )
    if (found) return found
  }
  return undefined
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '||'])

const anyOf = (parts: readonly Expr[], scope: FigureScope): Trace =>
  parts.some((one) => traceOf(one, scope) !== undefined) ? 'made' : undefined

/** What an expression of a bound query tells of amounts. Comparisons tell nothing: they may choose rows, not show them. */
export const traceOf = (e: Expr, scope: FigureScope): Trace => {
  if ('col' in e) return sourceOf(scope, e.col)?.traces.get(e.col.at(-1)!)
  if ('fn' in e) {
    if (isTelling(e) || COUNTING.has(e.fn)) return undefined
    return anyOf(e.args, scope)
  }
  if ('op' in e) return ARITHMETIC.has(e.op) ? anyOf([...(e.l ? [e.l] : []), e.r], scope) : undefined
  if ('case' in e) return anyOf([...e.case.map(([, then]) => then), ...(e.else ? [e.else] : [])], scope)
  if ('sub' in e && !('quant' in e) && !('in' in e)) return outputsOf(e.sub, scope)[0]?.trace
  if (
    'cast' in e ||
    'coalesce' in e ||
    'nullif' in e ||
    'greatest' in e ||
    'least' in e ||
    'array' in e ||
    'row' in e
  ) {
    const parts: Expr[] = []
    eachChild(e, { expr: (child) => void parts.push(child), query: () => {} })
    return anyOf(parts, scope)
  }
  return undefined
}

export interface Output {
  readonly name: string
  readonly trace: Trace
}

/** By name; of two columns with one name the more telling. */
const byName = (
  outputs: readonly Output[],
  names: readonly string[] | undefined,
): ReadonlyMap<string, Trace> => {
  const traces = new Map<string, Trace>()
  for (const [at, { name: own, trace }] of outputs.entries()) {
    const name = names?.[at] ?? own
    traces.set(name, traces.has(name) ? (traces.get(name) ?? trace) : trace)
  }
  return traces
}

const tableTraces = (table: SchemaTable): ReadonlyMap<string, Trace> =>
  new Map(table.columns.map(({ name, figure }) => [name, figure ? 'one' : undefined]))

const addFrom = (from: From, scope: FigureScope): void => {
  if ('join' in from) {
    addFrom(from.l, scope)
    addFrom(from.r, scope)
    return
  }
  if ('entity' in from) {
    const alias = from.as ?? from.entity
    const cte = from.ns === undefined ? scope.ctes.get(from.entity) : undefined
    const table = cte ? undefined : scope.schema.find(from.entity, from.ns)
    scope.sources.push({
      alias,
      traces: cte ?? (table ? tableTraces(table) : new Map()),
      ...(table && { table }),
    })
    return
  }
  if ('series' in from) return
  scope.sources.push({ alias: from.as, traces: byName(outputsOf(from.from, scope), from.cols) })
}

/** The tables of a SELECT, seen from inside it. */
export const scopeOf = (select: Select, outer: FigureScope): FigureScope => {
  const scope: FigureScope = { sources: [], parent: outer, ctes: outer.ctes, schema: outer.schema }
  for (const from of select.from ?? []) addFrom(from, scope)
  return scope
}

/** `scope` with the WITH items of a query. */
export const withCtes = (query: Query, scope: FigureScope): FigureScope => {
  if (query.with === undefined) return scope
  const ctes = new Map(scope.ctes)
  for (const { name, q, cols } of query.with) ctes.set(name, byName(outputsOf(q, { ...scope, ctes }), cols))
  return { ...scope, ctes }
}

/** What each column of a bound query tells of amounts, in their order. */
export const outputsOf = (query: Query, outer: FigureScope): readonly Output[] => {
  const scope = withCtes(query, outer)
  const { body } = query
  if ('set' in body) {
    const right = outputsOf(body.r, scope)
    return outputsOf(body.l, scope).map(({ name, trace }, at) => ({ name, trace: trace ?? right[at]?.trace }))
  }
  const inner = scopeOf(body, scope)
  return body.select.flatMap((item) =>
    'e' in item ? [{ name: item.as ?? labelOf(item.e), trace: traceOf(item.e, inner) }] : [],
  )
}
