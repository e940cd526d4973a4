import type { Column, Expr, Group, Query, Select, Sort } from './ast.ts'
import { AGGREGATES, WINDOWS } from './functions.ts'
import { labelOf } from './labels.ts'
import { eachChild, isPlace } from './nodes.ts'
import { refuse } from './refuse.ts'
import { sameExpr } from './same.ts'
import { writtenAs } from './value-types.ts'

const isAggregate = (e: Expr): boolean => 'fn' in e && AGGREGATES.has(e.fn) && e.over === undefined
const isWindow = (e: Expr): boolean => 'fn' in e && (WINDOWS.has(e.fn) || e.over !== undefined)

const findIn = (e: Expr, test: (one: Expr) => boolean): Expr | undefined => {
  if (test(e)) return e
  let found: Expr | undefined
  eachChild(e, { expr: (child) => void (found ??= findIn(child, test)), query: () => {} })
  return found
}

/** Refuses aggregates and window functions where there are no groups yet: WHERE, ON, GROUP BY. */
export const refuseIn = (e: Expr, place: 'WHERE' | 'ON' | 'GROUP BY'): void => {
  const aggregate = findIn(e, isAggregate)
  if (aggregate)
    throw refuse('aggregate_place', `An aggregate may not stand in ${place}.`, {
      fix:
        place === 'GROUP BY'
          ? 'Group by the columns, not by the aggregate.'
          : `Put the condition on ${writtenAs(aggregate) ?? 'the aggregate'} into HAVING, after GROUP BY.`,
    })
  if (findIn(e, isWindow))
    throw refuse('window', `A window function may not stand in ${place}.`, {
      fix: 'Compute it in a WITH item or a subquery, and filter outside of it.',
    })
}

/** Does it sum all rows up into one? */
export const isOneRow = ({ select, group, having, distinct }: Select): boolean =>
  !group &&
  !distinct &&
  (having !== undefined || select.some((item) => 'e' in item && findIn(item.e, isAggregate) !== undefined))

const refuseNested = (e: Expr): void => {
  if (isAggregate(e))
    eachChild(e, {
      expr: (child) => {
        if (findIn(child, isAggregate))
          throw refuse('nested_aggregate', 'An aggregate of an aggregate needs a subquery.', {
            fix: 'Compute the inner aggregate in a WITH item, and aggregate that.',
          })
      },
      query: () => {},
    })
  else eachChild(e, { expr: refuseNested, query: () => {} })
}

const keysOf = (groups: readonly Group[], select: Select): readonly Expr[] =>
  groups.flatMap((group): readonly Expr[] => {
    if (isPlace(group)) {
      const item = select.select[group.ord - 1]
      return item && 'e' in item ? [item.e] : []
    }
    if ('rollup' in group) return group.rollup
    if ('cube' in group) return group.cube
    const named = 'col' in group && group.col.length === 1 ? labelled(group.col[0], select) : undefined
    return named ? [group, named] : [group]
  })

const labelled = (name: string, select: Select): Expr | undefined => {
  for (const item of select.select) if ('e' in item && (item.as ?? labelOf(item.e)) === name) return item.e
  return undefined
}

/** Is one a column, and the other the same one with its table left out (merged by USING)? */
const isSameColumn = (a: Expr, b: Expr): boolean =>
  'col' in a && 'col' in b && a.col.at(-1) === b.col.at(-1) && (a.col.length === 1 || b.col.length === 1)

const looseColumn = (e: Expr, keys: readonly Expr[], own: ReadonlySet<string>): Column | undefined => {
  if (keys.some((key) => sameExpr(key, e) || isSameColumn(key, e))) return undefined
  if ('col' in e) return e.col.length === 2 && own.has(e.col[0]) ? e : undefined
  if (isAggregate(e)) return undefined
  let found: Column | undefined
  eachChild(e, { expr: (child) => void (found ??= looseColumn(child, keys, own)), query: () => {} })
  return found
}

const ungrouped = (column: Column): Error => {
  const name = writtenAs(column) ?? 'the column'
  return refuse('group_by', `${name} is neither grouped nor aggregated.`, {
    fix: `Add ${name} to GROUP BY, or put it in an aggregate: max(${name}).`,
    didYouMean: name === 'the column' ? [] : [`GROUP BY …, ${name}`],
    about: column.col,
  })
}

const sortKeys = (order: readonly Sort[] | undefined, select: Select): readonly Expr[] =>
  (order ?? []).flatMap(({ by }) => {
    if (isPlace(by)) return []
    const isLabel = 'col' in by && by.col.length === 1 && labelled(by.col[0], select) !== undefined
    return isLabel ? [] : [by]
  })

const checkDistinct = (select: Select, order: Query['order']): void => {
  const items = select.select.flatMap((item) => ('e' in item ? [item.e] : []))
  for (const by of sortKeys(order, select)) {
    if (items.some((item) => sameExpr(item, by) || isSameColumn(item, by))) continue
    const name = writtenAs(by)
    throw refuse('order_by', 'With DISTINCT, ORDER BY takes only what is selected.', {
      fix: `Add ${name ?? 'it'} to the SELECT list, or leave DISTINCT out and group.`,
    })
  }
}

/**
 * What PostgreSQL would refuse about the groups of a bound SELECT: columns that are neither grouped nor aggregated
 * (`group_by`), aggregates and windows out of place. `own` are the aliases of its FROM.
 */
export const checkGrouping = (select: Select, order: Query['order'], own: ReadonlySet<string>): void => {
  if (select.where) refuseIn(select.where, 'WHERE')
  const groups = select.group ?? []
  const keys = keysOf(groups, select)
  for (const key of keys) refuseIn(key, 'GROUP BY')
  const items = select.select.flatMap((item) => ('e' in item ? [item.e] : []))
  const sorted = sortKeys(order, select)
  const shown = [...items, ...(select.having ? [select.having] : []), ...sorted]
  for (const e of shown) refuseNested(e)
  const isGrouped =
    groups.length > 0 || select.having !== undefined || shown.some((e) => findIn(e, isAggregate))
  if (isGrouped) {
    for (const e of shown) {
      const loose = looseColumn(e, keys, own)
      if (loose) throw ungrouped(loose)
    }
  }
  if (select.having && findIn(select.having, isWindow))
    throw refuse('window', 'A window function may not stand in HAVING.', {
      fix: 'Compute it in a WITH item or a subquery, and filter outside of it.',
    })
  if (select.distinct === true) checkDistinct(select, order)
}
