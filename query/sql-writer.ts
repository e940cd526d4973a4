import { bug } from '../domain/errors.ts'
import { entityOf } from '../db/catalog/all.ts'
import { displayOf } from './fields.ts'
import type { Field, ToOne } from './fields.ts'
import type { BoundField } from './paths.ts'

/** Parameters and aliases of one statement. Every text from outside goes through `text`; nothing else may carry one. */
export interface Writer {
  /** `$n` for a text, the same `$n` for the same text. */
  text(value: string): string
  alias(prefix: string): string
  readonly parameters: readonly string[]
}

export const newWriter = (): Writer => {
  const parameters: string[] = []
  const places = new Map<string, number>()
  let aliases = 0
  return {
    text(value) {
      const known = places.get(value)
      if (known !== undefined) return `$${known}`
      parameters.push(value)
      places.set(value, parameters.length)
      return `$${parameters.length}`
    },
    alias(prefix) {
      aliases += 1
      return `${prefix}${aliases}`
    },
    parameters,
  }
}

/** One table of a FROM clause and the to-one joins that hang on it, each made when first needed. */
export interface Scope {
  readonly entity: string
  readonly base: string
  /** Alias of the table that `steps` lead to. */
  at(steps: readonly ToOne[]): string
  /** Joins made so far; read after everything else is written. */
  joins(): string
}

export const newScope = (writer: Writer, entity: string, prefix: string): Scope => {
  const base = writer.alias(prefix)
  const made = new Map<string, string>()
  const lines: string[] = []
  return {
    entity,
    base,
    at(steps) {
      let alias = base
      let key = ''
      for (const step of steps) {
        key = `${key}.${step.name}`
        let next = made.get(key)
        if (next === undefined) {
          next = writer.alias(prefix)
          made.set(key, next)
          lines.push(
            `left join ${entityOf(step.entity).viewName} ${next} on ${next}.tenant_id = ${alias}.tenant_id and ${next}.id = ${alias}.${step.column} and ${next}.deleted_at is null`,
          )
        }
        alias = next
      }
      return alias
    },
    joins: () => lines.map((line) => `\n  ${line}`).join(''),
  }
}

/** The live rows of the scope's own table. */
export const liveRows = (scope: Scope): string => `${scope.base}.deleted_at is null`

export const sqlOf = (sql: string, alias: string): string => `(${sql.replaceAll('{t}', alias)})`

export const fieldSql = (scope: Scope, of: BoundField): string => sqlOf(of.field.sql, scope.at(of.steps))

/** Name of the record that a record field stands for. */
export const titleSql = (scope: Scope, of: BoundField): string =>
  sqlOf(displayOf(entityOf(of.entity)).sql, scope.at(of.steps))

/** A number as SQL, checked because it is not a parameter. */
export const numberSql = (value: number): string => {
  const text = Number.isInteger(value) ? value.toFixed(0) : value.toFixed(6)
  if (!/^-?\d{1,15}(\.\d{1,6})?$/.test(text))
    throw bug('bad_number', 'A number of a question is out of range.')
  return `(${text})::numeric`
}

const currenciesBy = (digits: number): string =>
  Intl.supportedValuesOf('currency')
    .filter(
      (currency) =>
        new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
          .maximumFractionDigits === digits,
    )
    .map((currency) => `'${currency}'`)
    .join(', ')

/** Looked up before anything is made upper-case: ten texts or more are found by hash, so that a row costs next to nothing. */
const USUAL = ['USD', 'EUR', 'GBP', 'CHF', 'CAD', 'AUD', 'CNY', 'INR', 'BRL', 'MXN', 'SEK', 'PLN']

/** One SQL value for each number of digits that currencies have. */
const byDigits = (write: (digits: number) => string): string => {
  const cases = [0, 3, 4]
    .map((digits) => ({ digits, list: currenciesBy(digits) }))
    .filter(({ list }) => list !== '')
    .map(({ digits, list }) => `when upper({c}) in (${list}) then ${write(digits)}`)
    .join(' ')
  const usual = USUAL.map((one) => `'${one}'`).join(', ')
  return `(case when {c} in (${usual}) then ${write(2)} ${cases} else ${write(2)} end)`
}

let scaleCases: string | undefined
let unitCases: string | undefined

/** Minor units in one whole unit of a currency, as SQL: 100, but 1 for yen and 1000 for dinars. */
export const scaleSql = (currencySql: string): string =>
  (scaleCases ??= byDigits((digits) => String(10 ** digits))).replaceAll('{c}', currencySql)

/** Whole units in one minor unit, as an exact number: to multiply costs PostgreSQL a fraction of dividing. */
export const unitSql = (currencySql: string): string =>
  (unitCases ??= byDigits((digits) => (10 ** -digits).toFixed(Math.max(1, digits)))).replaceAll(
    '{c}',
    currencySql,
  )

export const moneyScaleSql = (alias: string, field: Field): string =>
  field.currencySql === undefined ? '100' : scaleSql(sqlOf(field.currencySql, alias))
