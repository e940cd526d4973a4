import type { RecordRef } from '../domain/records.ts'
import { entityOf } from '../db/catalog/all.ts'
import type { Related } from './aggregate.ts'
import type { Interval, Match, Predicate, Test } from './bound.ts'
import { relatedCurrencySql, relatedScaleSql, relatedSql } from './compile-related.ts'
import type { RelatedParts } from './compile-related.ts'
import { displayOf } from './fields.ts'
import type { Field } from './fields.ts'
import type { BoundField, BoundMany } from './paths.ts'
import { instantText } from './periods.ts'
import type { Clock } from './periods.ts'
import { fieldSql, liveRows, moneyScaleSql, newScope, numberSql, sqlOf, titleSql } from './sql-writer.ts'
import type { Scope, Writer } from './sql-writer.ts'
import { dateText } from '../domain/zone.ts'

export interface Compiling {
  readonly writer: Writer
  readonly clock: Clock
}

const all = (parts: readonly string[]): string => (parts.length === 0 ? 'true' : parts.join(' and '))
const either = (parts: readonly string[]): string =>
  parts.length === 1 ? parts[0]! : `(${parts.join(' or ')})`

const textMatch = (expression: string, match: Match, values: readonly string[], writer: Writer): string => {
  const texts = values.map((value) => `lower(${writer.text(value)}::text)`)
  switch (match) {
    case 'equal':
      return `lower(${expression}) in (${texts.join(', ')})`
    case 'contains':
      return either(texts.map((text) => `position(${text} in lower(${expression})) > 0`))
    case 'starts':
      return either(texts.map((text) => `starts_with(lower(${expression}), ${text})`))
  }
}

/** A field within an interval; empty values are not. */
export const intervalSql = (
  expression: string,
  type: Field['type'],
  interval: Interval,
  { writer, clock }: Compiling,
): string => {
  const bound = (wall: number): string =>
    type === 'date'
      ? `${writer.text(dateText(wall))}::date`
      : `${writer.text(instantText(wall, clock))}::timestamptz`
  const parts: string[] = []
  if (interval.from)
    parts.push(`${expression} ${interval.from.inclusive ? '>=' : '>'} ${bound(interval.from.wall)}`)
  if (interval.to)
    parts.push(`${expression} ${interval.to.inclusive ? '<=' : '<'} ${bound(interval.to.wall)}`)
  return `(${all(parts)})`
}

const rangeSql = (
  expression: string,
  test: Extract<Test, { is: 'between' }>,
  scaled: (n: number) => string,
): string => {
  const parts: string[] = []
  if (test.from) parts.push(`${expression} ${test.from.inclusive ? '>=' : '>'} ${scaled(test.from.value)}`)
  if (test.to) parts.push(`${expression} ${test.to.inclusive ? '<=' : '<'} ${scaled(test.to.value)}`)
  return `(${all(parts)})`
}

/** A text holds a record's name, which the database looks up: it stands in no parameter. */
const mentionSql = (expression: string, { entity, id }: RecordRef, writer: Writer): string => {
  const alias = writer.alias('n')
  const { viewName } = entityOf(entity)
  const name = sqlOf(displayOf(entityOf(entity)).sql, alias)
  return `position((select lower(nullif(btrim(${name}), '')) from ${viewName} ${alias} where ${alias}.id = ${writer.text(id)}::uuid and ${alias}.deleted_at is null) in lower(${expression})) > 0`
}

const partsOf = (scope: Scope, { over, where }: Related, compiling: Compiling): RelatedParts => {
  const rows = manyRows(scope, over, compiling.writer)
  return { rows, conditions: where.map((one) => predicateSql(rows.inner, one, compiling)) }
}

/** A value of a row: a field of its own or of one record, or something made of several. */
export const valueSql = (scope: Scope, of: BoundField, compiling: Compiling): string =>
  of.related ? relatedSql(of.related, partsOf(scope, of.related, compiling)) : fieldSql(scope, of)

/** The currency that goes with an amount. */
export const currencySqlOf = (scope: Scope, of: BoundField, compiling: Compiling): string =>
  of.related
    ? relatedCurrencySql(of.related, partsOf(scope, of.related, compiling))
    : sqlOf(of.field.currencySql!, scope.at(of.steps))

/** Minor units in a whole unit of an amount. */
export const scaleSqlOf = (scope: Scope, of: BoundField, compiling: Compiling): string =>
  of.related
    ? relatedScaleSql(of.related, partsOf(scope, of.related, compiling))
    : moneyScaleSql(scope.at(of.steps), of.field)

const positiveSql = (scope: Scope, of: BoundField, test: Test, compiling: Compiling): string => {
  const { writer } = compiling
  const expression = valueSql(scope, of, compiling)
  const scaled = (value: number): string =>
    of.field.type === 'money' ? `${numberSql(value)} * ${scaleSqlOf(scope, of, compiling)}` : numberSql(value)
  switch (test.is) {
    case 'empty':
      return of.field.type === 'text' ? `nullif(btrim(${expression}), '') is null` : `${expression} is null`
    case 'text':
      return textMatch(expression, test.match, test.values, writer)
    case 'mentions':
      return either(test.records.map((record) => mentionSql(expression, record, writer)))
    case 'number':
      return `${expression} in (${test.values.map(scaled).join(', ')})`
    case 'between':
      return rangeSql(expression, test, scaled)
    case 'boolean':
      return `${expression} is ${test.value ? 'true' : 'false'}`
    case 'times':
      return either(test.intervals.map((one) => intervalSql(expression, of.field.type, one, compiling)))
    case 'record': {
      const ids = test.ids.map((id) => `${writer.text(id)}::uuid`)
      const parts = ids.length === 0 ? [] : [`${expression} in (${ids.join(', ')})`]
      if (test.titles.length > 0) parts.push(textMatch(titleSql(scope, of), test.match, test.titles, writer))
      return either(parts)
    }
  }
}

const testSql = (scope: Scope, of: BoundField, test: Test, compiling: Compiling): string => {
  const positive = positiveSql(scope, of, test, compiling)
  return 'not' in test && test.not ? `((${positive}) is not true)` : `(${positive})`
}

/** FROM and WHERE of the live records that a to-many relation leads to; `inner` is their scope. */
export const manyRows = (outer: Scope, of: BoundMany, writer: Writer) => {
  const { relation } = of
  const alias = outer.at(of.steps)
  const inner = newScope(writer, relation.entity, 'e')
  const target = entityOf(relation.entity).viewName
  const restriction = (at: string): string => (relation.where ? ` and ${sqlOf(relation.where, at)}` : '')
  if (relation.kind === 'many') {
    return {
      inner,
      from: () => `${target} ${inner.base}${inner.joins()}`,
      where: `${inner.base}.tenant_id = ${alias}.tenant_id and ${inner.base}.${relation.column} = ${alias}.id and ${liveRows(inner)}${restriction(inner.base)}`,
    }
  }
  const link = writer.alias('l')
  return {
    inner,
    from: () =>
      `${entityOf(relation.join).viewName} ${link} join ${target} ${inner.base} on ${inner.base}.tenant_id = ${link}.tenant_id and ${inner.base}.id = ${link}.${relation.to} and ${liveRows(inner)}${inner.joins()}`,
    where: `${link}.tenant_id = ${alias}.tenant_id and ${link}.${relation.from} = ${alias}.id and ${link}.deleted_at is null${restriction(link)}`,
  }
}

const existsSql = (
  scope: Scope,
  predicate: Extract<Predicate, { kind: 'exists' }>,
  compiling: Compiling,
): string => {
  const { inner, from, where } = manyRows(scope, predicate.of, compiling.writer)
  const conditions = predicate.where.map((one) => predicateSql(inner, one, compiling))
  return `${predicate.not ? 'not ' : ''}exists (select 1 from ${from()} where ${all([where, ...conditions])})`
}

const predicateSql = (scope: Scope, predicate: Predicate, compiling: Compiling): string => {
  switch (predicate.kind) {
    case 'test':
      return testSql(scope, predicate.of, predicate.test, compiling)
    case 'any':
      return `(${predicate.of.map((one) => predicateSql(scope, one, compiling)).join(' or ')})`
    case 'unless':
      return `((${all(predicate.of.map((one) => predicateSql(scope, one, compiling)))}) is not true)`
    case 'segment': {
      const held = all(predicate.of.map((one) => predicateSql(scope, one, compiling)))
      return predicate.not ? `((${held}) is not true)` : `(${held})`
    }
    case 'exists':
      return existsSql(scope, predicate, compiling)
  }
}

/** The conditions of a question, its own live rows included. */
export const whereSql = (scope: Scope, predicates: readonly Predicate[], compiling: Compiling): string =>
  [liveRows(scope), ...predicates.map((one) => predicateSql(scope, one, compiling))].join('\n  and ')
