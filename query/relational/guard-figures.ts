import { SMALLEST_GROUP } from '../small-groups.ts'
import type { Call, Expr, From, Group, Item, Query, Select } from './ast.ts'
import { inputsOf, isTelling, LISTING, scopeOf, sourceOf, traceOf, withCtes } from './figures.ts'
import type { FigureScope } from './figures.ts'
import { labelOf } from './labels.ts'
import { isPlace, mapChildren } from './nodes.ts'
import { refuse } from './refuse.ts'
import type { Schema } from './schema.ts'

const untold = (): Error =>
  refuse(
    'small_group',
    'The policy of this workspace shows amounts of groups alone, and here it cannot be told how many records stand behind one.',
    {
      fix: 'Aggregate the column itself, e.g. sum(amount), with GROUP BY; choose rows by WHERE or FILTER (WHERE …).',
      didYouMean: ['sum(amount) FILTER (WHERE …)'],
    },
  )

/** As PostgreSQL's grammar would read it again: a chain is one node where it begins with a chain. */
const allOf = (first: Expr, ...rest: readonly Expr[]): Expr =>
  rest.length === 0 ? first : { and: 'and' in first ? [...first.and, ...rest] : [first, ...rest] }
const oneOf = (first: Expr, second: Expr): Expr => ({
  or: 'or' in first ? [...first.or, second] : [first, second],
})

const isPresent = (e: Expr): Expr => ({ isnull: e, not: true })
const isZero = (e: Expr): boolean => 'lit' in e && (e.lit === 0 || e.lit === null)
const isFactor = (e: Expr, scope: FigureScope): boolean => {
  if ('lit' in e) return typeof e.lit !== 'string' && !isZero(e)
  if (!('col' in e)) return false
  const column = sourceOf(scope, e.col)?.table?.columns.find(({ name }) => name === e.col.at(-1))
  return column?.type === 'number'
}

/**
 * Whether a row's amount goes into an argument, as a condition. Only forms in which every amount counts as itself are
 * known: the column, in a CASE with nothing but 0 beside it, times a number. Anything else could single one record out.
 */
const goesIn = (e: Expr, scope: FigureScope): Expr => {
  if ('col' in e) return isPresent(e)
  if ('cast' in e) return goesIn(e.cast, scope)
  if ('coalesce' in e && e.coalesce.length === 2 && isZero(e.coalesce[1]!))
    return goesIn(e.coalesce[0]!, scope)
  if ('fn' in e && e.fn === 'round' && e.over === undefined) return goesIn(e.args[0]!, scope)
  if ('case' in e) {
    const arm = (then: Expr): Expr => (isZero(then) ? { lit: false } : goesIn(then, scope))
    const arms = e.case.map(([when, then]) => [when, arm(then)] as const)
    return { ...e, case: arms, else: e.else ? arm(e.else) : { lit: false } }
  }
  if ('op' in e && e.l !== undefined && e.q === undefined) {
    if (e.op === '+' || e.op === '-') return oneOf(goesIn(e.l, scope), goesIn(e.r, scope))
    if (e.op === '*' || e.op === '/') {
      const [amount, factor] = isFactor(e.r, scope) ? [e.l, e.r] : e.op === '*' ? [e.r, e.l] : []
      if (amount !== undefined && factor !== undefined && isFactor(factor, scope))
        return allOf(goesIn(amount, scope), isPresent({ nullif: [factor, { lit: 0 }] }))
    }
  }
  throw untold()
}

const columnsIn = (
  e: Expr,
  scope: FigureScope,
): readonly (readonly [string] | readonly [string, string])[] => {
  const found = new Map<string, readonly [string] | readonly [string, string]>()
  const look = (one: Expr): Expr => {
    if ('col' in one && traceOf(one, scope) !== undefined) found.set(one.col.join('.'), one.col)
    return mapChildren(one, { expr: look, query: (query) => query })
  }
  look(e)
  return [...found.values()]
}

/** What stands for the record that an amount is of: its key, or where that is out of sight the amount itself. */
const keysOf = (inputs: readonly Expr[], scope: FigureScope): readonly Expr[] => {
  const keys = new Map<string, Expr>()
  for (const col of inputs.flatMap((one) => columnsIn(one, scope))) {
    const source = sourceOf(scope, col)!
    const key = source.table?.key
    if (key === undefined && source.traces.get(col.at(-1)!) !== 'one') throw untold()
    const e: Expr = { col: key === undefined ? col : [source.alias, key] }
    keys.set(JSON.stringify(e), e)
  }
  if (keys.size === 0) throw untold()
  return [...keys.values()]
}

const sizeOf = (keys: readonly Expr[], filter: Expr): Expr => {
  const counts = keys.map((key): Expr => ({ fn: 'count', args: [key], distinct: true, filter }))
  return counts.length === 1 ? counts[0]! : { least: counts }
}

const FEW: readonly [Expr, Expr] = [{ lit: 1 }, { lit: SMALLEST_GROUP - 1 }]

/** The aggregate where enough records stand behind it, and nobody is told apart by what it leaves out; else NULL. */
const guarded = (call: Call, scope: FigureScope, leftOut: Expr | undefined): Expr => {
  const inputs = inputsOf(call).filter((one) => traceOf(one, scope) !== undefined)
  const keys = keysOf(inputs, scope)
  const goes = inputs.map((one) => goesIn(one, scope))
  const going = allOf(goes[0]!, ...goes.slice(1))
  const chosen = call.filter ? allOf(going, call.filter) : going
  const inside = sizeOf(keys, chosen)
  const isLarge: Expr = { op: '>=', l: inside, r: { lit: SMALLEST_GROUP } }
  const conditions: Expr[] = []
  const isChoice = call.filter !== undefined || inputs.some((one) => !('col' in one))
  if (isChoice) {
    const present = keys.length === 1 ? columnsIn(inputs[0]!, scope).map((col) => isPresent({ col })) : []
    const all = sizeOf(keys, present.length === 1 ? present[0]! : { lit: true })
    conditions.push({ between: [{ op: '-', l: all, r: inside }, ...FEW], not: true })
  }
  if (leftOut !== undefined) conditions.push({ between: [leftOut, ...FEW], not: true })
  return { case: [[allOf(isLarge, ...conditions), call]] }
}

/** How many rows a WHERE leaves out: one or two that are left out are told by the total without them. */
const leftOutBy = ({ from = [], where }: Select): Expr | undefined =>
  where === undefined || from.length !== 1
    ? undefined
    : {
        sub: {
          body: {
            select: [{ e: { fn: 'count', args: [], star: true } }],
            from,
            where: { istrue: where, test: 'IS_NOT_TRUE' },
          },
        },
      }

const guardExpr = (e: Expr, scope: FigureScope, leftOut: Expr | undefined): Expr => {
  const made = mapChildren(e, {
    expr: (child) => guardExpr(child, scope, leftOut),
    query: (query) => guardQuery(query, scope),
  })
  if (!('fn' in e) || !('fn' in made)) return made
  if (!inputsOf(e).some((one) => traceOf(one, scope) !== undefined)) return made
  if (e.over !== undefined) throw untold()
  return isTelling(e) && !LISTING.has(e.fn) ? guarded(made, scope, leftOut) : made
}

const guardFrom = (from: From, scope: FigureScope): From => {
  if ('from' in from) return { ...from, from: guardQuery(from.from, scope) }
  if (!('join' in from)) return from
  const on = from.on && guardExpr(from.on, scope, undefined)
  return { ...from, l: guardFrom(from.l, scope), r: guardFrom(from.r, scope), ...(on && { on }) }
}

const guardGroup = (group: Group, scope: FigureScope): Group => {
  if (isPlace(group)) return group
  const list = (all: readonly Expr[]): readonly Expr[] => all.map((one) => guardExpr(one, scope, undefined))
  if ('rollup' in group) return { rollup: list(group.rollup) }
  return 'cube' in group ? { cube: list(group.cube) } : guardExpr(group, scope, undefined)
}

const tellsFigures = (select: Select, scope: FigureScope): boolean => {
  let found = false
  const look = (e: Expr): Expr => {
    if ('fn' in e && isTelling(e)) found ||= inputsOf(e).some((one) => traceOf(one, scope) !== undefined)
    return mapChildren(e, { expr: look, query: (query) => query })
  }
  for (const item of select.select) if ('e' in item) look(item.e)
  if (select.having) look(select.having)
  return found
}

/** Of a total and its parts the one that is left out can be reckoned. */
const hasTotals = ({ group = [] }: Select): boolean => group.some((one) => 'rollup' in one || 'cube' in one)

const guardSelect = (select: Select, order: Query['order'], outer: FigureScope) => {
  const scope = scopeOf(select, outer)
  const where = select.where && guardExpr(select.where, scope, undefined)
  const from = select.from?.map((one) => guardFrom(one, scope))
  const leftOut = leftOutBy({ ...select, ...(from && { from }), ...(where && { where }) })
  const each = (e: Expr): Expr => guardExpr(e, scope, leftOut)
  const items = select.select.map((item): Item => {
    if (!('e' in item)) return item
    const e = each(item.e)
    return item.as === undefined && e !== item.e && 'case' in e ? { e, as: labelOf(item.e) } : { ...item, e }
  })
  const having = select.having && each(select.having)
  const group = select.group?.map((one) => guardGroup(one, scope))
  const body: Select = {
    ...select,
    select: items,
    ...(from && { from }),
    ...(where && { where }),
    ...(having && { having }),
    ...(group && { group }),
  }
  if (hasTotals(select) && tellsFigures(select, scope)) throw untold()
  return { body, order: order?.map((one) => ('ord' in one.by ? one : { ...one, by: each(one.by) })) }
}

const guardQuery = (query: Query, outer: FigureScope): Query => {
  const scope = withCtes(query, outer)
  const items = query.with?.map((item) => ({ ...item, q: guardQuery(item.q, scope) }))
  const { body } = query
  if ('set' in body)
    return {
      ...query,
      ...(items && { with: items }),
      body: { ...body, l: guardQuery(body.l, scope), r: guardQuery(body.r, scope) },
    }
  const made = guardSelect(body, query.order, scope)
  return {
    ...query,
    ...(items && { with: items }),
    body: made.body,
    ...(made.order && { order: made.order }),
  }
}

/**
 * A bound query in which no amount of fewer than three records is shown: each aggregate over amounts is NULL where its
 * group, or what a FILTER, a CASE or a WHERE leaves out of it, is one or two records. Records are counted, not rows, so a
 * join that repeats a row makes no group larger. Throws `small_group` where that cannot be told.
 */
export const guardFigures = (query: Query, schema: Schema): Query =>
  guardQuery(query, { sources: [], parent: undefined, ctes: new Map(), schema })
