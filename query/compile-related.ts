import type { Related } from './aggregate.ts'
import type { BoundField } from './paths.ts'
import { fieldSql, moneyScaleSql, sqlOf } from './sql-writer.ts'
import type { Scope } from './sql-writer.ts'

/** FROM and WHERE of the records that a relation leads to, given by compile-where. */
export interface RelatedRows {
  readonly inner: Scope
  from(): string
  readonly where: string
}

interface Parts {
  readonly rows: RelatedRows
  readonly conditions: readonly string[]
}

const whereOf = ({ rows, conditions }: Parts): string => [rows.where, ...conditions].join(' and ')

/** Each related record once: a person in To and in Cc has had one message. */
const once = (parts: Parts, list: string): string =>
  `(select distinct ${parts.rows.inner.base}.id as id, ${list} from ${parts.rows.from()} where ${whereOf(parts)}) r`

const amounts = (parts: Parts, of: BoundField): string => {
  const { inner } = parts.rows
  const alias = inner.at(of.steps)
  const scale = moneyScaleSql(alias, of.field)
  const currency = sqlOf(of.field.currencySql!, alias)
  return once(parts, `${fieldSql(inner, of)} as v, ${currency} as c, ${scale} as s`)
}

const newest = (parts: Parts, of: BoundField, by: BoundField): string => {
  const { inner } = parts.rows
  const [value, date] = [fieldSql(inner, of), fieldSql(inner, by)]
  return `(select ${value} from ${parts.rows.from()} where ${whereOf(parts)} order by ${date} desc nulls last, ${inner.base}.id desc limit 1)`
}

/** The currency of an amount over several records: null where there are several. */
export const relatedCurrencySql = (related: Related, parts: Parts): string => {
  if (related.fn === 'latest')
    return newest(
      parts,
      { ...related.of!, field: { ...related.of!.field, sql: related.of!.field.currencySql! } },
      related.by!,
    )
  const known = '(where r.v is not null)'
  return `(select case when count(distinct r.c) filter ${known} = 1 then min(r.c) filter ${known} when count(r.v) = 0 and count(distinct r.c) = 1 then min(r.c) end from ${amounts(parts, related.of!)})`
}

/** The value, in minor units for money; null for money in several currencies. */
export const relatedSql = ({ fn, distinct, of, by }: Related, parts: Parts): string => {
  const { inner } = parts.rows
  if (fn === 'latest') return newest(parts, of!, by!)
  if (fn === 'count') {
    if (of === undefined) return `(select count(*) from ${once(parts, 'true as v')})`
    const value = fieldSql(inner, of)
    const counted = of.field.type === 'text' ? `lower(${value})` : value
    return `(select count(${distinct ? 'distinct ' : ''}r.v) from ${once(parts, `${counted} as v`)})`
  }
  if (of!.field.type === 'money') {
    const empty = fn === 'sum' ? 'when count(r.v) = 0 then 0 ' : ''
    return `(select case ${empty}when count(distinct r.c) filter (where r.v is not null) = 1 then ${fn}(r.v) end from ${amounts(parts, of!)})`
  }
  const value = `${fn}(r.v)`
  return `(select ${fn === 'sum' ? `coalesce(${value}, 0)` : value} from ${once(parts, `${fieldSql(inner, of!)} as v`)})`
}

/** Minor units in a whole unit of a related amount. */
export const relatedScaleSql = (related: Related, parts: Parts): string =>
  related.fn === 'latest'
    ? newest(
        parts,
        {
          ...related.of!,
          field: { ...related.of!.field, sql: moneyScaleSql('{t}', related.of!.field) },
        },
        related.by!,
      )
    : `coalesce((select max(r.s) filter (where r.v is not null) from ${amounts(parts, related.of!)}), 1)`

export type RelatedParts = Parts
