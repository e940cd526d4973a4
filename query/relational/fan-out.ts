import { catalog } from '../../db/catalog/all.ts'
import type { Expr, From, Query, Select } from './ast.ts'
import { eachChild } from './nodes.ts'
import { refuse } from './refuse.ts'

/** In a FROM, each row of `many` has one of `one`. */
interface Edge {
  readonly many: string
  readonly one: string
}

const conditionsOf = (e: Expr | undefined): readonly Expr[] =>
  e === undefined ? [] : 'and' in e ? e.and.flatMap(conditionsOf) : [e]

const readFrom = (from: From, tables: Map<string, string>, conditions: Expr[]): void => {
  if ('entity' in from) tables.set(from.as ?? from.entity, from.entity)
  else if ('join' in from) {
    readFrom(from.l, tables, conditions)
    readFrom(from.r, tables, conditions)
    conditions.push(...conditionsOf(from.on))
  }
}

const edgeOf = (e: Expr, tables: ReadonlyMap<string, string>): Edge | undefined => {
  if (!('op' in e) || e.op !== '=' || !e.l || !('col' in e.l) || !('col' in e.r)) return undefined
  const sides = [
    [e.l.col, e.r.col],
    [e.r.col, e.l.col],
  ] as const
  for (const [link, key] of sides) {
    const [many, column] = link
    const [one, id] = key
    const entity = catalog.get(tables.get(many) ?? '')
    if (id !== 'id' || column === undefined || column === 'id' || !entity) continue
    if (entity.columns[column]?.marks.references === tables.get(one)) return { many, one }
  }
  return undefined
}

/** Aliases of which a row of `alias` has one. */
const reachable = (alias: string, edges: readonly Edge[]): ReadonlySet<string> => {
  const found = new Set([alias])
  for (let grown = true; grown;) {
    grown = false
    for (const { many, one } of edges) {
      if (!found.has(many) || found.has(one)) continue
      found.add(one)
      grown = true
    }
  }
  return found
}

const ADDING = new Set(['sum', 'avg', 'count'])

/** Tables whose values are added up; what a CASE tests is not. */
const addedFrom = (e: Expr | undefined): readonly string[] => {
  if (e === undefined) return []
  if ('col' in e) return e.col.length === 2 ? [e.col[0]] : []
  if ('case' in e) return [...e.case.flatMap(([, then]) => addedFrom(then)), ...addedFrom(e.else)]
  const aliases: string[] = []
  eachChild(e, { expr: (child) => void aliases.push(...addedFrom(child)), query: () => {} })
  return aliases
}

const checkTotals = (e: Expr, isMultiplied: (alias: string) => boolean): void => {
  if ('fn' in e && ADDING.has(e.fn) && !e.distinct && !e.over) {
    const aliases = addedFrom(e.args[0])
    if (aliases.length > 0 && aliases.every(isMultiplied)) {
      throw refuse('fan_out', `This join repeats rows, so ${e.fn} would count some of them several times.`, {
        fix: 'Aggregate in a subquery or WITH item before joining, or test the other table with EXISTS.',
        didYouMean: ['EXISTS (SELECT 1 FROM … WHERE …)'],
      })
    }
  }
  eachChild(e, { expr: (child) => checkTotals(child, isMultiplied), query: () => {} })
}

const checkSelect = (select: Select): void => {
  const tables = new Map<string, string>()
  const conditions: Expr[] = [...conditionsOf(select.where)]
  for (const from of select.from ?? []) readFrom(from, tables, conditions)
  const edges = conditions.flatMap((one) => edgeOf(one, tables) ?? [])
  if (edges.length === 0) return
  const isMultiplied = (alias: string): boolean => {
    const own = reachable(alias, edges)
    return edges.some(({ many, one }) => own.has(one) && !own.has(many))
  }
  for (const item of select.select) if ('e' in item) checkTotals(item.e, isMultiplied)
  if (select.having) checkTotals(select.having, isMultiplied)
}

const isSelect = (node: object): node is Select => 'select' in node && Array.isArray(node.select)

/** Refuses totals that a join over a to-many relation of the catalog would multiply: `fan_out`. */
export const checkFanOut = (query: Query): void => {
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if (isSelect(node)) checkSelect(node)
    for (const key of Object.keys(node)) walk((node as Readonly<Record<string, unknown>>)[key])
  }
  walk(query)
}
