import type { Expr, Group, Item, Query, Select, Sort, With } from './ast.ts'
import { bindExpr, bindSort, bindWindow } from './bind-expression.ts'
import type { BindQuery, BoundQuery } from './bind-expression.ts'
import { bindFrom, renameColumns, withinTables } from './bind-from.ts'
import { functionalGroups } from './group-keys.ts'
import { checkGrouping } from './grouping.ts'
import { labelOf } from './labels.ts'
import { mix } from './lineage.ts'
import { withinExpansion } from './measure.ts'
import { isPlace } from './nodes.ts'
import { isPlain, refuse } from './refuse.ts'
import type { Schema } from './schema.ts'
import { findBare, newScope } from './scope.ts'
import type { BoundColumn, Relation, Scope, Source } from './scope.ts'
import { checkCondition } from './type-of.ts'
import { checkComparable } from './value-types.ts'
import type { Typed } from './value-types.ts'

type Ctes = ReadonlyMap<string, Relation>

interface StarColumn {
  readonly item: Item
  readonly column: BoundColumn
}

const starColumns = (star: true | string, scope: Scope): readonly StarColumn[] => {
  const sources: readonly Source[] =
    star === true ? scope.sources : scope.sources.filter(({ alias }) => alias === star)
  if (sources.length === 0)
    throw refuse('unknown_alias', 'A star stands for no table of this FROM.', {
      validOptions: scope.sources.map(({ alias }) => alias).filter((alias) => isPlain(alias)),
    })
  const seen = new Set<string>()
  const merged = star === true ? [...scope.merged] : []
  const all = sources.flatMap(({ alias, columns }) =>
    columns.flatMap((column): readonly StarColumn[] => {
      const { name } = column
      if (!merged.includes(name)) return [{ item: { e: { col: [alias, name] as const } }, column }]
      if (seen.has(name)) return []
      seen.add(name)
      return [{ item: { e: { col: [name] as const } }, column }]
    }),
  )
  // USING puts its columns first.
  const isMerged = ({ column }: StarColumn) => merged.includes(column.name)
  return [...all.filter(isMerged), ...all.filter((one) => !isMerged(one))]
}

interface Work {
  weight: number
}

const bindItems = (select: Select, scope: Scope, bindQuery: BindQuery, work: Work) => {
  const items: Item[] = []
  const columns: BoundColumn[] = []
  for (const item of select.select) {
    if ('star' in item) {
      for (const one of starColumns(item.star, scope)) {
        items.push(one.item)
        columns.push(one.column)
      }
      continue
    }
    const bound = bindExpr(item.e, scope, bindQuery)
    work.weight += bound.weight
    const name = item.as ?? labelOf(item.e)
    items.push(item.as === undefined ? { e: bound.e } : { e: bound.e, as: item.as })
    const { bytes, weight, lineage, type } = bound
    columns.push({ name, bytes, weight, lineage, type: type === 'literal' ? 'text' : type })
  }
  return { items, columns }
}

const boundWith = (e: Expr, scope: Scope, bindQuery: BindQuery, work: Work): Expr => {
  const bound = bindExpr(e, scope, bindQuery)
  work.weight = withinExpansion(work.weight + bound.weight)
  return bound.e
}

const checkPlace = (place: number, outputs: readonly string[]): void => {
  if (place >= 1 && place <= outputs.length) return
  throw refuse('ordinal', `Position ${place} is outside the SELECT list.`, {
    fix: `Use 1 to ${outputs.length}.`,
  })
}

/** In GROUP BY a name means a column of the tables first, in DISTINCT ON a column of the result. */
const bindGroup = (
  group: Group,
  scope: Scope,
  outputs: readonly string[],
  outputFirst: boolean,
  bindQuery: BindQuery,
  work: Work,
): Group => {
  if (isPlace(group)) {
    checkPlace(group.ord, outputs)
    return group
  }
  if ('rollup' in group) return { rollup: group.rollup.map((one) => boundWith(one, scope, bindQuery, work)) }
  if ('cube' in group) return { cube: group.cube.map((one) => boundWith(one, scope, bindQuery, work)) }
  if ('col' in group && group.col.length === 1 && outputs.includes(group.col[0])) {
    if (outputFirst || !findBare(scope, group.col[0])) return group
  }
  return boundWith(group, scope, bindQuery, work)
}

const bindOrder = (
  order: readonly Sort[] | undefined,
  scope: Scope,
  outputs: readonly string[],
  bindQuery: BindQuery,
  work: Work,
): readonly Sort[] | undefined =>
  order?.map((one) => {
    if (isPlace(one.by)) checkPlace(one.by.ord, outputs)
    const { sort, weight } = bindSort(one, scope, outputs, bindQuery)
    work.weight = withinExpansion(work.weight + weight)
    return sort
  })

const bindSelect = (select: Select, order: Query['order'], scope: Scope, bindQuery: BindQuery) => {
  const work: Work = { weight: 1 }
  let tables = 0
  const from = select.from?.map((one) => {
    const bound = bindFrom(one, scope, bindQuery)
    work.weight = withinExpansion(work.weight + bound.weight)
    tables = withinTables(tables + bound.tables)
    return bound.from
  })
  const { items, columns } = bindItems(select, scope, bindQuery, work)
  withinExpansion(work.weight)
  const outputs = columns.map(({ name }) => name)
  const condition = (e: Expr, place: string): Expr => {
    const bound = bindExpr(e, scope, bindQuery)
    work.weight = withinExpansion(work.weight + bound.weight)
    checkCondition({ e, type: bound.type }, place)
    return bound.e
  }
  for (const item of select.select)
    if ('e' in item && item.as !== undefined) scope.labels.set(item.as, item.e)
  const where = select.where && condition(select.where, 'WHERE')
  const having = select.having && condition(select.having, 'HAVING')
  scope.labels.clear()
  const group = select.group?.map((each) => bindGroup(each, scope, outputs, false, bindQuery, work))
  const distinct =
    select.distinct === undefined || select.distinct === true
      ? select.distinct
      : select.distinct.map((each) => bindGroup(each, scope, outputs, true, bindQuery, work))
  const windows =
    select.windows &&
    Object.fromEntries(
      Object.entries(select.windows).map(([name, over]) => [name, bindWindow(over, scope, bindQuery)]),
    )
  const sorted = bindOrder(order, scope, outputs, bindQuery, work)
  const grouped = group && [...group, ...functionalGroups(group, scope.sources, [items, having, sorted])]
  const body: Select = {
    select: items,
    ...(distinct && { distinct }),
    ...(from && { from }),
    ...(where && { where }),
    ...(grouped && { group: grouped }),
    ...(having && { having }),
    ...(windows && { windows }),
  }
  checkGrouping(body, sorted, new Set(scope.sources.map(({ alias }) => alias)))
  return { body, sorted, columns, weight: work.weight, tables }
}

const typedColumn = ({ name, type }: BoundColumn): Typed => ({ e: { col: [name] }, type })

const bindWith = (
  items: readonly With[] | undefined,
  schema: Schema,
  outer: Ctes,
  bindQuery: (q: Query, ctes: Ctes) => BoundQuery,
) => {
  const ctes = new Map(outer)
  const made = items?.map((item): With => {
    if (schema.find(item.name, undefined))
      throw refuse('shadow', 'A WITH item has the name of a table.', { fix: 'Give it another name.' })
    const bound = bindQuery(item.q, ctes)
    ctes.set(item.name, { ...bound, columns: renameColumns(bound.columns, item.cols) })
    return { ...item, q: bound.query }
  })
  return { made, ctes }
}

const bindAny = (query: Query, schema: Schema, parent: Scope | undefined, outer: Ctes): BoundQuery => {
  const { made, ctes } = bindWith(query.with, schema, outer, (q, known) => bindAny(q, schema, parent, known))
  const scope = newScope(schema, parent, ctes)
  const inner: BindQuery = (q, above) => bindAny(q, schema, above, ctes)
  const rest = {
    ...(made && { with: made }),
    ...(query.limit && { limit: query.limit }),
    ...(query.offset && { offset: query.offset }),
  }
  const { body } = query
  if (!('set' in body)) {
    const { body: select, sorted, columns, weight, tables } = bindSelect(body, query.order, scope, inner)
    return { query: { ...rest, body: select, ...(sorted && { order: sorted }) }, columns, weight, tables }
  }
  const l = bindAny(body.l, schema, parent, ctes)
  const r = bindAny(body.r, schema, parent, ctes)
  if (l.columns.length !== r.columns.length)
    throw refuse('set_columns', 'Both sides of a set operation need the same number of columns.', {
      fix: `The left has ${l.columns.length}, the right ${r.columns.length}.`,
    })
  const columns = l.columns.map((left, index) => {
    const right = r.columns[index]!
    checkComparable(typedColumn(left), typedColumn(right))
    return {
      name: left.name,
      bytes: Math.max(left.bytes, right.bytes),
      weight: Math.max(left.weight, right.weight),
      type: left.type === right.type ? left.type : undefined,
      lineage: mix([left.lineage, right.lineage], true),
    }
  })
  const work = { weight: withinExpansion(l.weight + r.weight) }
  const outputs = columns.map(({ name }) => name)
  const order = bindOrder(query.order, scope, outputs, inner, work)
  return {
    query: { ...rest, body: { ...body, l: l.query, r: r.query }, ...(order && { order }) },
    columns,
    weight: work.weight,
    tables: withinTables(l.tables + r.tables),
  }
}

/**
 * Resolves every name of a checked query against the schema, writes stars out, and measures it. Throws user errors:
 * `unknown_column` (with where it is instead), `unknown_alias`, `unknown_entity`, `ambiguous_column`,
 * `too_large_expansion` …
 */
export const bind = (query: Query, schema: Schema): BoundQuery => bindAny(query, schema, undefined, new Map())
