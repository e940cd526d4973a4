import { entityOf } from '../db/catalog/all.ts'
import type { BoundMeasure, BoundQuery, Group, Groups } from './bound.ts'
import { direction, fieldSlot, newSelect } from './compile-select.ts'
import type { Compiled, Select, Slot, Statement } from './compile-select.ts'
import { intervalSql, manyRows, whereSql } from './compile-where.ts'
import type { Compiling } from './compile-where.ts'
import { shapeOf } from './fields.ts'
import { comparedNames } from './resolve-groups.ts'
import { needsSizes, SIZE_COLUMN, tells } from './small-groups.ts'
import { fieldSql, moneyScaleSql, newScope, numberSql } from './sql-writer.ts'
import type { Scope } from './sql-writer.ts'

/** The rows that are grouped. */
interface GroupSource {
  readonly scope: Scope
  /** A row may stand in several groups, and within one more than once (a person in To and in Cc). */
  readonly overlaps: boolean
  scopeOf(group: Group): Scope
  /** FROM and WHERE; read after everything else is written. */
  rows(): string
}

const sourceOf = (bound: BoundQuery, shows: Groups, compiling: Compiling): GroupSource => {
  const { writer } = compiling
  const scope = newScope(writer, bound.entity, 't')
  const over = shows.groups.find((group) => group.over !== undefined)?.over
  const many = over && manyRows(scope, over, writer)
  const where = groupWhere(bound, shows, scope, compiling)
  return {
    scope,
    overlaps: many !== undefined,
    scopeOf: (group) => (group.over && many ? many.inner : scope),
    rows: () => {
      const inner = many?.from() ?? ''
      const joined = / join /.test(inner) ? `(${inner})` : inner
      const table = `from ${entityOf(bound.entity).viewName} ${scope.base}${scope.joins()}`
      return `${table}${many ? `\n  join ${joined} on ${many.where}` : ''}\nwhere ${where}`
    },
  }
}

const groupWhere = (bound: BoundQuery, shows: Groups, scope: Scope, compiling: Compiling): string => {
  const where = whereSql(scope, bound.where, compiling)
  if (!shows.compare) return where
  const { of, a, b } = shows.compare
  const sides = [a, b].map((side) => intervalSql(fieldSql(scope, of), of.field.type, side, compiling))
  return `${where}\n  and (${sides.join(' or ')})`
}

const BUCKETS = {
  day: 'YYYY-MM-DD',
  week: 'IYYY-"W"IW',
  month: 'YYYY-MM',
  quarter: 'YYYY-"Q"Q',
  year: 'YYYY',
} as const

const groupSlot = (select: Select, source: GroupSource, group: Group, compiling: Compiling): Slot => {
  const { writer, clock } = compiling
  const scope = source.scopeOf(group)
  if (group.bucket === undefined) return fieldSlot(select, scope, group.of, compiling)
  const sql = fieldSql(scope, group.of)
  const local =
    group.of.field.type === 'date' ? sql : `timezone(${writer.text(clock.timezone)}::text, ${sql})`
  return { value: select.add(`to_char(${local}, '${BUCKETS[group.bucket]}')`) }
}

/**
 * A measure over the rows of a group. Over a to-one path the same record stands in several rows, so sums and averages
 * take each record once: a deal with three meetings is not three deals.
 */
const measureSql = (
  { scope, overlaps }: GroupSource,
  measure: BoundMeasure,
  condition: string | null,
): string => {
  const only = condition === null ? '' : ` filter (where ${condition})`
  const { fn, of } = measure
  const rows = overlaps ? `distinct ${scope.base}.id` : '*'
  if (of === undefined) return `count(${rows})${only}`
  const sql = fieldSql(scope, of)
  switch (fn) {
    case 'count': {
      const present = [`${sql} is not null`, ...(condition === null ? [] : [condition])].join(' and ')
      return `count(${rows}) filter (where ${present})`
    }
    case 'count_distinct':
      return `count(distinct ${of.field.type === 'text' ? `lower(${sql})` : sql})${only}`
    case 'min':
    case 'max':
      return `${fn}(${sql})${only}`
    case 'sum':
    case 'avg': {
      const repeats = overlaps || of.steps.length > 0
      const value = repeats ? onceEach(fn, `${scope.at(of.steps)}.id`, sql, only) : `${fn}(${sql})${only}`
      return fn === 'sum' ? `coalesce(${value}, 0)` : value
    }
  }
}

const onceEach = (fn: 'sum' | 'avg', key: string, sql: string, only: string): string =>
  `(select ${fn}(once.v) from (select distinct k, v from unnest(array_agg(${key})${only}, array_agg(${sql})${only}) as every(k, v)) once)`

const measureColumns = (
  source: GroupSource,
  shows: Groups,
  compiling: Compiling,
): readonly (readonly [string, string])[] => {
  const { compare } = shows
  if (!compare) return shows.measures.map((measure) => [measure.name, measureSql(source, measure, null)])
  const at = fieldSql(source.scope, compare.of)
  const inA = intervalSql(at, compare.of.field.type, compare.a, compiling)
  const inB = intervalSql(at, compare.of.field.type, compare.b, compiling)
  return shows.measures.flatMap((measure) => {
    const [a, b, change] = comparedNames(measure.name)
    const [valueA, valueB] = [measureSql(source, measure, inA), measureSql(source, measure, inB)]
    return [[a, valueA] as const, [b, valueB] as const, [change, `(${valueA}) - (${valueB})`] as const]
  })
}

/** What a suppressed amount says may neither pick groups nor sort them: there it counts as not known. */
const shownOnly = (source: GroupSource, shows: Groups, sql: string, how: 'and' | 'case'): string => {
  if (!needsSizes(shows)) return sql
  const isShown = `${measureSql(source, { name: SIZE_COLUMN, fn: 'count' }, null)} >= ${shows.smallest}`
  return how === 'and' ? `(${isShown} and ${sql})` : `case when ${isShown} then ${sql} end`
}

/** Amounts are compared in whole units of the group's currency. */
const havingSql = (source: GroupSource, shows: Groups): string => {
  const conditions = shows.having.map(({ measure, op, value }) => {
    const { fn, of } = measure
    const sql = measureSql(source, measure, null)
    const isMoney = of?.field.type === 'money' && fn !== 'count'
    const scale = isMoney ? ` * ${moneyScaleSql(source.scope.at(of.steps), of.field)}` : ''
    const holds = `${sql} ${op === '!=' ? '<>' : op} ${numberSql(value)}${scale}`
    return tells(measure) ? shownOnly(source, shows, holds, 'and') : holds
  })
  return conditions.length === 0 ? '' : `\nhaving ${conditions.join(' and ')}`
}

const isRanked = ({ of }: Group): boolean =>
  of.field.type === 'record' && shapeOf(of.entity).fields.has('position')

/** Amounts are sorted by their whole units; the column itself stays in minor ones. */
const scaledSortKey = (scope: Scope, shows: Groups, name: string, sql: string): string | undefined => {
  const measure = shows.measures.find((one) => one.name === name || comparedNames(one.name).includes(name))
  if (measure?.of?.field.type !== 'money' || measure.fn === 'count') return undefined
  return `(${sql}) / ${moneyScaleSql(scope.at(measure.of.steps), measure.of.field)}`
}

/** As asked; else time runs forward, stages keep their order, and the largest comes first. */
const groupOrder = (shows: Groups, firstMeasure: string) => {
  if (shows.order.length > 0) return shows.order
  const natural = shows.groups.find((group) => group.bucket !== undefined || isRanked(group))
  return natural
    ? [{ column: natural.name, descending: false }]
    : [{ column: firstMeasure, descending: true }]
}

const ordinals = (indexes: Iterable<number>): string => [...indexes].map((index) => index + 1).join(', ')

export const compileGroups = (bound: BoundQuery, shows: Groups, compiling: Compiling): Compiled => {
  const source = sourceOf(bound, shows, compiling)
  const select = newSelect()
  const slots = new Map<string, Slot>()
  const sortKeys = new Map<string, string>()
  const keys = new Set<number>()
  for (const group of shows.groups) {
    const slot = groupSlot(select, source, group, compiling)
    slots.set(group.name, slot)
    const position = `(${source.scopeOf(group).at(group.of.steps)}.position)`
    const sortKey = isRanked(group) ? select.add(position) : slot.value
    sortKeys.set(group.name, String(sortKey + 1))
    for (const index of [slot.value, slot.id ?? slot.value, sortKey]) keys.add(index)
  }
  if (needsSizes(shows))
    slots.set(SIZE_COLUMN, {
      value: select.add(measureSql(source, { name: SIZE_COLUMN, fn: 'count' }, null)),
    })
  const columns = measureColumns(source, shows, compiling)
  for (const [name, sql] of columns) {
    const value = select.add(sql)
    slots.set(name, { value })
    const scaled = scaledSortKey(source.scope, shows, name, sql)
    const measured = shows.measures.find((one) => one.name === name || comparedNames(one.name).includes(name))
    const isHidden = measured !== undefined && tells(measured) && needsSizes(shows)
    sortKeys.set(
      name,
      isHidden ? shownOnly(source, shows, scaled ?? sql, 'case') : (scaled ?? String(value + 1)),
    )
  }
  const order = groupOrder(shows, columns[0]![0]).map(
    ({ column, descending }) => `${sortKeys.get(column)!} ${direction(descending)}`,
  )
  const ties = [...keys].map((index) => `${index + 1} ${direction(false)}`)
  const having = havingSql(source, shows)
  const grouping =
    keys.size === 0 && having === ''
      ? ''
      : `${keys.size === 0 ? '' : `\ngroup by ${ordinals(keys)}`}${having}\norder by ${[...order, ...ties].join(', ')}`
  const text = `select${select.list()}\n${source.rows()}${grouping}\nlimit ${bound.limit + 1} offset ${bound.offset}`
  return { text, parameters: compiling.writer.parameters, slots, source: null }
}

/** Counts the groups. */
export const compileGroupTotal = (bound: BoundQuery, shows: Groups, compiling: Compiling): Statement => {
  const source = sourceOf(bound, shows, compiling)
  const select = newSelect()
  const keys = new Set<number>()
  for (const group of shows.groups) {
    const slot = groupSlot(select, source, group, compiling)
    for (const index of [slot.value, slot.id ?? slot.value]) keys.add(index)
  }
  if (keys.size === 0) return { text: 'select 1', parameters: [] }
  const having = havingSql(source, shows)
  const grouped = `select${select.list()}\n${source.rows()}\ngroup by ${ordinals(keys)}${having}`
  return { text: `select count(*) from (${grouped}) grouped`, parameters: compiling.writer.parameters }
}
