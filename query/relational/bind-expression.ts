import { parseRecordUri } from '../../domain/records.ts'
import type { Expr, Query, Sort, Window } from './ast.ts'
import { UNIT_FIRST } from './functions.ts'
import { HARMLESS, lineageOf } from './lineage.ts'
import type { Lineage } from './lineage.ts'
import { bytesOf, withinExpansion } from './measure.ts'
import { isPlace, mapChildren, mapWindow } from './nodes.ts'
import { findColumn } from './scope.ts'
import type { Relation, Scope } from './scope.ts'
import { typeOfExpr } from './type-of.ts'
import type { ValueType } from './value-types.ts'

export interface BoundExpr {
  readonly e: Expr
  readonly weight: number
  readonly bytes: number
  readonly lineage: Lineage
  readonly type: ValueType | undefined
}

export interface BoundQuery extends Relation {
  readonly query: Query
}

export type BindQuery = (query: Query, parent: Scope | undefined) => BoundQuery

const recordOf = (e: Expr): string | undefined =>
  'lit' in e && typeof e.lit === 'string' ? parseRecordUri(e.lit)?.id : undefined

/** A record compared with a column of texts means the record itself: its id is compared. */
const keyInstead = (side: Expr, scope: Scope): Expr => {
  if (!('col' in side)) return side
  const { source } = findColumn(scope, side)
  const key = source?.table?.key
  const column = source?.table?.columns.find((one) => one.name === side.col.at(-1))
  return source && key !== undefined && column?.type === 'text' ? { col: [source.alias, key] } : side
}

const withRecords = (e: Expr, scope: Scope): Expr => {
  if ('op' in e && e.l && (e.op === '=' || e.op === '<>')) {
    if (recordOf(e.r) !== undefined) return { ...e, l: keyInstead(e.l, scope) }
    if (recordOf(e.l) !== undefined) return { ...e, r: keyInstead(e.r, scope) }
  }
  if ('in' in e && e.list?.every((one) => recordOf(one) !== undefined))
    return { ...e, in: keyInstead(e.in, scope) }
  return e
}

/** The forms in which PostgreSQL's own grammar would read the node again. */
const normal = (e: Expr): Expr => {
  if ('op' in e && e.op === '-' && !e.l && 'lit' in e.r) {
    const { lit } = e.r
    if (typeof lit === 'number') return { lit: -lit }
    if (typeof lit === 'object' && lit !== null)
      return { lit: { num: lit.num.startsWith('-') ? lit.num.slice(1) : `-${lit.num}` } }
  }
  if ('fn' in e && UNIT_FIRST.has(e.fn)) {
    const [unit, ...rest] = e.args
    if (unit !== undefined && 'lit' in unit && typeof unit.lit === 'string')
      return { ...e, args: [{ lit: unit.lit.toLowerCase() }, ...rest] }
  }
  if ('in' in e && e.sub !== undefined && e.not) return { not: { in: e.in, sub: e.sub } }
  if ('and' in e && 'and' in e.and[0]!) return normal({ and: [...e.and[0].and, ...e.and.slice(1)] })
  if ('or' in e && 'or' in e.or[0]!) return normal({ or: [...e.or[0].or, ...e.or.slice(1)] })
  return e
}

/** Resolves the names of an expression and measures what it can grow to. */
export const bindExpr = (asked: Expr, scope: Scope, bindQuery: BindQuery): BoundExpr => {
  const e = withRecords(normal(asked), scope)
  if ('col' in e) {
    const { col, column } = findColumn(scope, e)
    return { e: col, weight: column.weight, bytes: column.bytes, lineage: column.lineage, type: column.type }
  }
  const id = recordOf(e)
  if (id !== undefined) return { e: { lit: id }, weight: 1, bytes: 64, lineage: HARMLESS, type: undefined }
  const children = new Map<Expr, BoundExpr>()
  let weight = 1
  let inner: BoundQuery | undefined
  const made = mapChildren(e, {
    expr: (child) => {
      const bound = bindExpr(child, scope, bindQuery)
      children.set(child, bound)
      weight = withinExpansion(weight + bound.weight)
      return bound.e
    },
    query: (query) => {
      inner = bindQuery(query, scope)
      weight = withinExpansion(weight + inner.weight)
      return inner.query
    },
  })
  const [first] = inner?.columns ?? []
  return {
    e: made,
    weight,
    bytes: bytesOf(e, (child) => children.get(child)!.bytes, first?.bytes),
    lineage: lineageOf(e, (child) => children.get(child)!.lineage, first?.lineage),
    type: typeOfExpr(e, (child) => children.get(child)!.type, first?.type),
  }
}

/** A window clause with its names resolved. */
export const bindWindow = (over: Window, scope: Scope, bindQuery: BindQuery): Window =>
  mapWindow(over, {
    expr: (child) => bindExpr(child, scope, bindQuery).e,
    query: (query) => bindQuery(query, scope).query,
  })

/** A sort key: a position, the name of a column of the result, or an expression. */
export const bindSort = (
  sort: Sort,
  scope: Scope,
  outputs: readonly string[],
  bindQuery: BindQuery,
): { readonly sort: Sort; readonly weight: number } => {
  const { by } = sort
  if (isPlace(by)) return { sort, weight: 1 }
  if ('col' in by && by.col.length === 1 && outputs.includes(by.col[0])) return { sort, weight: 1 }
  const bound = bindExpr(by, scope, bindQuery)
  return { sort: { ...sort, by: bound.e }, weight: bound.weight }
}
