import { entityOf } from '../db/catalog/all.ts'
import type { BoundQuery, Column, Records } from './bound.ts'
import { compileGroups, compileGroupTotal } from './compile-groups.ts'
import { direction, fieldSlot, newSelect } from './compile-select.ts'
import type { Compiled, Slot, Statement } from './compile-select.ts'
import { manyRows, scaleSqlOf, valueSql, whereSql } from './compile-where.ts'
import type { Compiling } from './compile-where.ts'
import { mainDateOf } from './defaults.ts'
import { displayOf, shapeOf } from './fields.ts'
import type { BoundField } from './paths.ts'
import type { Clock } from './periods.ts'
import { newScope, newWriter, sqlOf, titleSql } from './sql-writer.ts'
import type { Scope } from './sql-writer.ts'

/** Records listed of one to-many relation in a cell; one more is read, to know that there are more. */
export const LISTED = 10

const listSql = (scope: Scope, column: Extract<Column, { kind: 'list' }>, compiling: Compiling): string => {
  const { inner, from, where } = manyRows(scope, column.of, compiling.writer)
  const title = sqlOf(displayOf(entityOf(inner.entity)).sql, inner.base)
  const primary = shapeOf(inner.entity).fields.has('is_primary') ? `${inner.base}.is_primary desc, ` : ''
  return `(select json_agg(json_build_array(l.id, l.title)) from (select ${inner.base}.id, ${title} as title from ${from()} where ${where} order by ${primary}lower(${title}), ${inner.base}.id limit ${LISTED + 1}) l)`
}

const sortSql = (scope: Scope, of: BoundField, compiling: Compiling): string => {
  const { type } = of.field
  if (type === 'record') {
    const ranked = shapeOf(of.entity).fields.has('position')
    return ranked ? `${scope.at(of.steps)}.position` : `lower(${titleSql(scope, of)})`
  }
  const sql = valueSql(scope, of, compiling)
  if (type === 'money') return `${sql} / ${scaleSqlOf(scope, of, compiling)}`
  return type === 'text' ? `lower(${sql})` : sql
}

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
        : fieldSlot(select, scope, column.of, compiling),
    )
  }
  const date = mainDateOf(bound.entity)
  const source = {
    id: select.add(`(${scope.base}.id)`),
    title: select.add(sqlOf(displayOf(entity).sql, scope.base)),
    date: date === undefined ? null : select.add(sqlOf(`{t}.${date}`, scope.base)),
  }
  const order = shows.order.map(
    ({ by, descending }) => `${sortSql(scope, by, compiling)} ${direction(descending)}`,
  )
  const where = whereSql(scope, bound.where, compiling)
  const text = `select${select.list()}
from ${entity.viewName} ${scope.base}${scope.joins()}
where ${where}
order by ${[...order, `${scope.base}.id`].join(', ')}
limit ${bound.limit + 1} offset ${bound.offset}`
  return { text, parameters: writer.parameters, slots, source }
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
  if (bound.shows.kind === 'groups') return compileGroupTotal(bound, bound.shows, compiling)
  const scope = newScope(compiling.writer, bound.entity, 't')
  const where = whereSql(scope, bound.where, compiling)
  return {
    text: `select count(*) from ${entityOf(bound.entity).viewName} ${scope.base}${scope.joins()}\nwhere ${where}`,
    parameters: compiling.writer.parameters,
  }
}
