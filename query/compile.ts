import { entityOf } from '../db/catalog/all.ts'
import type { BoundMeasure, BoundQuery, Column, Group, Groups, Records } from './bound.ts'
import { mainDateOf } from './defaults.ts'
import { displayOf, shapeOf } from './fields.ts'
import { intervalSql, manyRows, whereSql } from './compile-where.ts'
import type { Compiling } from './compile-where.ts'
import type { BoundField } from './paths.ts'
import type { Clock } from './periods.ts'
import { comparedNames } from './resolve-groups.ts'
import { fieldSql, moneyScaleSql, newScope, newWriter, sqlOf, titleSql } from './sql-writer.ts'
import type { Scope } from './sql-writer.ts'

/** Records listed of one to-many relation in a cell; one more is read, to know that there are more. */
export const LISTED = 10

/** Where the values of one column of the answer stand in a row. */
export interface Slot {
  readonly value: number
  readonly id?: number
  readonly currency?: number
}

export interface Statement {
  readonly text: string
  readonly parameters: readonly string[]
}

/** One parameterised SELECT, and where its values go. */
export interface Compiled extends Statement {
  /** By name of the answer's column. */
  readonly slots: ReadonlyMap<string, Slot>
  /** Records: where each row's own id, name and main date stand. */
  readonly source: { readonly id: number; readonly title: number; readonly date: number | null } | null
}

/** Collects the select list; the same expression stands in it once. */
const newSelect = () => {
  const expressions: string[] = []
  return {
    add(sql: string): number {
      const known = expressions.indexOf(sql)
      if (known >= 0) return known
      return expressions.push(sql) - 1
    },
    list: (): string => expressions.map((sql, index) => `\n  ${sql} as c${index}`).join(','),
  }
}
type Select = ReturnType<typeof newSelect>

const fieldSlot = (select: Select, scope: Scope, of: BoundField): Slot => {
  const alias = scope.at(of.steps)
  const { field } = of
  if (field.type === 'record')
    return { value: select.add(titleSql(scope, of)), id: select.add(fieldSql(scope, of)) }
  const value = select.add(fieldSql(scope, of))
  if (field.currencySql !== undefined) return { value, currency: select.add(sqlOf(field.currencySql, alias)) }
  return field.self === undefined ? { value } : { value, id: select.add(`${alias}.id`) }
}

const listSql = (scope: Scope, column: Extract<Column, { kind: 'list' }>, compiling: Compiling): string => {
  const { inner, from, where } = manyRows(scope, column.of, compiling.writer)
  const title = sqlOf(displayOf(entityOf(inner.entity)).sql, inner.base)
  const primary = shapeOf(inner.entity).fields.has('is_primary') ? `${inner.base}.is_primary desc, ` : ''
  return `(select json_agg(json_build_array(l.id, l.title)) from (select ${inner.base}.id, ${title} as title from ${from()} where ${where} order by ${primary}lower(${title}), ${inner.base}.id limit ${LISTED + 1}) l)`
}

const sortSql = (scope: Scope, of: BoundField): string => {
  const { type } = of.field
  if (type === 'record') {
    const ranked = shapeOf(of.entity).fields.has('position')
    return ranked ? `${scope.at(of.steps)}.position` : `lower(${titleSql(scope, of)})`
  }
  const sql = fieldSql(scope, of)
  if (type === 'money') return `${sql} / ${moneyScaleSql(scope.at(of.steps), of.field)}`
  return type === 'text' ? `lower(${sql})` : sql
}

const direction = (descending: boolean): string => (descending ? 'desc nulls last' : 'asc nulls last')

const compileRecords = (bound: BoundQuery, shows: Records, compiling: Compiling): Compiled => {
  const { writer } = compiling
  const scope = newScope(writer, bound.entity, 't')
  const entity = entityOf(bound.entity)
  const select = newSelect()
  const slots = new Map<string, Slot>()
  for (const column of shows.columns) {
    slots.set(
      column.name,
      column.kind === 'list'
        ? { value: select.add(listSql(scope, column, compiling)) }
        : fieldSlot(select, scope, column.of),
    )
  }
  const date = mainDateOf(bound.entity)
  const source = {
    id: select.add(`(${scope.base}.id)`),
    title: select.add(sqlOf(displayOf(entity).sql, scope.base)),
    date: date === undefined ? null : select.add(sqlOf(`{t}.${date}`, scope.base)),
  }
  const order = shows.order.map(({ by, descending }) => `${sortSql(scope, by)} ${direction(descending)}`)
  const where = whereSql(scope, bound.where, compiling)
  const text = `select${select.list()}
from ${entity.sqlName} ${scope.base}${scope.joins()}
where ${where}
order by ${[...order, `${scope.base}.id`].join(', ')}
limit ${bound.limit + 1} offset ${bound.offset}`
  return { text, parameters: writer.parameters, slots, source }
}

const BUCKETS = {
  day: 'YYYY-MM-DD',
  week: 'IYYY-"W"IW',
  month: 'YYYY-MM',
  quarter: 'YYYY-"Q"Q',
  year: 'YYYY',
} as const

const groupSlot = (select: Select, scope: Scope, group: Group, { writer, clock }: Compiling): Slot => {
  if (group.bucket === undefined) return fieldSlot(select, scope, group.of)
  const sql = fieldSql(scope, group.of)
  const local =
    group.of.field.type === 'date' ? sql : `timezone(${writer.text(clock.timezone)}::text, ${sql})`
  return { value: select.add(`to_char(${local}, '${BUCKETS[group.bucket]}')`) }
}

/**
 * A measure over the rows of a group. Over a to-one path the same record stands in several rows, so sums and averages
 * take each record once: a deal with three meetings is not three deals.
 */
const measureSql = (scope: Scope, measure: BoundMeasure, condition: string | null): string => {
  const only = condition === null ? '' : ` filter (where ${condition})`
  const { fn, of } = measure
  if (of === undefined) return `count(*)${only}`
  const sql = fieldSql(scope, of)
  switch (fn) {
    case 'count':
      return `count(${sql})${only}`
    case 'count_distinct':
      return `count(distinct ${of.field.type === 'text' ? `lower(${sql})` : sql})${only}`
    case 'min':
    case 'max':
      return `${fn}(${sql})${only}`
    case 'sum':
    case 'avg': {
      const value =
        of.steps.length === 0 ? `${fn}(${sql})${only}` : onceEach(fn, `${scope.at(of.steps)}.id`, sql, only)
      return fn === 'sum' ? `coalesce(${value}, 0)` : value
    }
  }
}

const onceEach = (fn: 'sum' | 'avg', key: string, sql: string, only: string): string =>
  `(select ${fn}(once.v) from (select distinct k, v from unnest(array_agg(${key})${only}, array_agg(${sql})${only}) as every(k, v)) once)`

const measureColumns = (
  scope: Scope,
  shows: Groups,
  compiling: Compiling,
): readonly (readonly [string, string])[] => {
  const { compare } = shows
  if (!compare) return shows.measures.map((measure) => [measure.name, measureSql(scope, measure, null)])
  const at = fieldSql(scope, compare.of)
  const inA = intervalSql(at, compare.of.field.type, compare.a, compiling)
  const inB = intervalSql(at, compare.of.field.type, compare.b, compiling)
  return shows.measures.flatMap((measure) => {
    const [a, b, change] = comparedNames(measure.name)
    const [valueA, valueB] = [measureSql(scope, measure, inA), measureSql(scope, measure, inB)]
    return [[a, valueA] as const, [b, valueB] as const, [change, `(${valueA}) - (${valueB})`] as const]
  })
}

const groupWhere = (bound: BoundQuery, shows: Groups, scope: Scope, compiling: Compiling): string => {
  const where = whereSql(scope, bound.where, compiling)
  if (!shows.compare) return where
  const { of, a, b } = shows.compare
  const sides = [a, b].map((side) => intervalSql(fieldSql(scope, of), of.field.type, side, compiling))
  return `${where}\n  and (${sides.join(' or ')})`
}

const rankSql = (scope: Scope, group: Group): string | undefined =>
  group.of.field.type === 'record' && shapeOf(group.of.entity).fields.has('position')
    ? `(${scope.at(group.of.steps)}.position)`
    : undefined

/** Amounts are sorted by their whole units; the column itself stays in minor ones. */
const scaledSortKey = (scope: Scope, shows: Groups, name: string, sql: string): string | undefined => {
  const measure = shows.measures.find((one) => one.name === name || comparedNames(one.name).includes(name))
  if (measure?.of?.field.type !== 'money' || measure.fn === 'count') return undefined
  return `(${sql}) / ${moneyScaleSql(scope.at(measure.of.steps), measure.of.field)}`
}

const compileGroups = (bound: BoundQuery, shows: Groups, compiling: Compiling): Compiled => {
  const { writer } = compiling
  const scope = newScope(writer, bound.entity, 't')
  const select = newSelect()
  const slots = new Map<string, Slot>()
  const sortKeys = new Map<string, string>()
  const keys = new Set<number>()
  for (const group of shows.groups) {
    const slot = groupSlot(select, scope, group, compiling)
    slots.set(group.name, slot)
    const rank = rankSql(scope, group)
    const sortKey = rank === undefined ? slot.value : select.add(rank)
    sortKeys.set(group.name, String(sortKey + 1))
    for (const index of [slot.value, slot.id ?? slot.value, sortKey]) keys.add(index)
  }
  const columns = measureColumns(scope, shows, compiling)
  for (const [name, sql] of columns) {
    const value = select.add(sql)
    slots.set(name, { value })
    sortKeys.set(name, scaledSortKey(scope, shows, name, sql) ?? String(value + 1))
  }
  const order = groupOrder(shows, columns[0]![0]).map(
    ({ column, descending }) => `${sortKeys.get(column)!} ${direction(descending)}`,
  )
  const ties = [...keys].map((index) => `${index + 1} ${direction(false)}`)
  const where = groupWhere(bound, shows, scope, compiling)
  const text = `select${select.list()}
from ${entityOf(bound.entity).sqlName} ${scope.base}${scope.joins()}
where ${where}${keys.size === 0 ? '' : `\ngroup by ${[...keys].map((index) => index + 1).join(', ')}`}
${keys.size === 0 ? '' : `order by ${[...order, ...ties].join(', ')}\n`}limit ${bound.limit + 1} offset ${bound.offset}`
  return { text, parameters: writer.parameters, slots, source: null }
}

/** As asked; else time runs forward, stages keep their order, and the largest comes first. */
const groupOrder = (shows: Groups, firstMeasure: string) => {
  if (shows.order.length > 0) return shows.order
  const natural = shows.groups.find(
    ({ bucket, of }) =>
      bucket !== undefined || (of.field.type === 'record' && shapeOf(of.entity).fields.has('position')),
  )
  return natural
    ? [{ column: natural.name, descending: false }]
    : [{ column: firstMeasure, descending: true }]
}

/** The SELECT of a bound question. Texts are parameters; numbers are checked; names come from the catalog alone. */
export const compile = (bound: BoundQuery, clock: Clock): Compiled => {
  const compiling = { writer: newWriter(), clock }
  return bound.shows.kind === 'records'
    ? compileRecords(bound, bound.shows, compiling)
    : compileGroups(bound, bound.shows, compiling)
}

/** Counts all records, or all groups, of a bound question. */
export const compileTotal = (bound: BoundQuery, clock: Clock): Statement => {
  const compiling = { writer: newWriter(), clock }
  const { writer } = compiling
  const scope = newScope(writer, bound.entity, 't')
  const table = entityOf(bound.entity).sqlName
  if (bound.shows.kind === 'records') {
    const where = whereSql(scope, bound.where, compiling)
    return {
      text: `select count(*) from ${table} ${scope.base}${scope.joins()}\nwhere ${where}`,
      parameters: writer.parameters,
    }
  }
  const select = newSelect()
  const keys = new Set(
    bound.shows.groups.flatMap((group) => {
      const slot = groupSlot(select, scope, group, compiling)
      return [slot.value, slot.id ?? slot.value]
    }),
  )
  const where = groupWhere(bound, bound.shows, scope, compiling)
  const grouped = `select${select.list()}\nfrom ${table} ${scope.base}${scope.joins()}\nwhere ${where}\ngroup by ${[...keys].map((index) => index + 1).join(', ')}`
  return {
    text: keys.size === 0 ? 'select 1' : `select count(*) from (${grouped}) grouped`,
    parameters: keys.size === 0 ? [] : writer.parameters,
  }
}
