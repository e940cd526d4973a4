import { Secret, freeText } from '../../domain/pii.ts'
import { localIso } from '../../domain/zone.ts'
import { entityOf } from '../../db/catalog/all.ts'
import { runText } from '../../db/tenant.ts'
import type { TenantTx, TextResult } from '../../db/tenant.ts'
import { recordCell } from '../cells.ts'
import type { Cell } from '../cells.ts'
import { displayOf } from '../fields.ts'
import { sqlOf } from '../sql-writer.ts'
import type { CompiledQuery } from './compile.ts'
import type { Lineage } from './lineage.ts'
import type { BoundColumn } from './scope.ts'

/** Titles of the records a page names, by entity and id. */
type Titles = ReadonlyMap<string, unknown>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const idsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (one): one is string => typeof one === 'string' && UUID.test(one),
  )

/** The names of the records that ids in `columns` stand for: from the rows, or read where these hold none. */
export const readTitles = async (
  tx: TenantTx,
  { columns, titleAt }: Pick<CompiledQuery, 'columns' | 'titleAt'>,
  rows: TextResult['rows'],
): Promise<Titles> => {
  const titles = new Map<string, unknown>()
  const wanted = new Map<string, Set<string>>()
  for (const [index, { lineage }] of columns.entries()) {
    if (lineage.record === undefined) continue
    const at = titleAt.get(index)
    if (at !== undefined) {
      for (const row of rows) titles.set(`${lineage.record}:${String(row[index])}`, row[at])
      continue
    }
    const ids = wanted.get(lineage.record) ?? new Set()
    for (const row of rows) for (const id of idsIn(row[index])) ids.add(id)
    wanted.set(lineage.record, ids)
  }
  for (const [name, ids] of wanted) {
    if (ids.size === 0) continue
    const entity = entityOf(name)
    const text = `select t.id, ${sqlOf(displayOf(entity).sql, 't')} from ${entity.viewName} t where t.id = any($1::uuid[]) and t.deleted_at is null`
    const found = await runText(tx, text, [`{${[...ids].join(',')}}`])
    for (const [id, title] of found.rows) titles.set(`${name}:${String(id)}`, title)
  }
  return titles
}

const isInstant = (type: string): boolean => type === 'timestamptz'

/** PostgreSQL's numbers have up to 131,072 digits; nobody reads them, and whoever looks through an answer would for minutes. */
const MOST_DIGITS = 1_000

const shortNumber = (text: string): string => {
  if (text.length <= MOST_DIGITS) return text
  const [, sign = '', digits = '', rest = ''] = /^(-?)(\d+)(.*)$/s.exec(text) ?? []
  return digits.length <= MOST_DIGITS
    ? `${sign}${digits}${rest.slice(0, MOST_DIGITS)}`
    : `${sign}${digits[0]}.${digits.slice(1, 16)}e+${digits.length - 1}`
}

const plainCell = (value: unknown, type: string, timezone: string): Cell => {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return value
  // JSON has neither infinity nor NaN.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (Array.isArray(value)) return value.map(String)
  if (typeof value !== 'string') return JSON.stringify(value)
  // Whole numbers that are too large for a number stay texts; fractions are as exact as numbers are.
  if (type === 'numeric' && value.includes('.') && Number.isFinite(Number(value))) return Number(value)
  if (type === 'numeric') return shortNumber(value)
  return isInstant(type) ? localIso(Date.parse(value), timezone) : value
}

const hiddenText = ({ hide, whole }: Lineage, text: string): string | Secret => {
  if (hide === 'none') return text
  if (hide === 'literal') return freeText(text)
  // A part of a free text may cut a name in two, which nothing would then find in it.
  if (hide === 'text') return whole ? freeText(text) : new Secret('SECRET', text)
  return new Secret(hide, text)
}

const cellOf = (
  value: unknown,
  column: BoundColumn,
  type: string,
  titles: Titles,
  timezone: string,
): Cell => {
  const { lineage } = column
  if (value === null || value === undefined) return null
  const { record } = lineage
  if (record !== undefined) {
    // A link to a record that is archived leads nowhere, as in the semantic form.
    const one = (id: unknown): string | Secret | null => {
      const key = `${record}:${String(id)}`
      return titles.has(key) ? recordCell(record, id, titles.get(key)) : null
    }
    if (!Array.isArray(value)) return one(value)
    return (value as readonly unknown[]).map(one).filter((cell) => cell !== null)
  }
  if (lineage.hide === 'none') return plainCell(value, type, timezone)
  if (Array.isArray(value))
    return (value as readonly unknown[]).map((one) => hiddenText(lineage, String(one)))
  if (lineage.hide === 'literal' && typeof value !== 'string') return plainCell(value, type, timezone)
  return hiddenText(lineage, typeof value === 'string' ? value : JSON.stringify(value))
}

/** Raw rows as cells: whatever may name somebody is a Secret. */
export const cellsOf = (
  columns: readonly BoundColumn[],
  found: TextResult,
  titles: Titles,
  timezone: string,
): readonly (readonly Cell[])[] =>
  found.rows.map((row) =>
    columns.map((column, index) => cellOf(row[index], column, found.columns[index]!.type, titles, timezone)),
  )

/** How many leading rows fit in `bytes`. */
export const rowsWithin = (rows: TextResult['rows'], bytes: number): number => {
  let sum = 0
  for (const [index, row] of rows.entries()) {
    sum += JSON.stringify(row).length
    if (sum > bytes) return index
  }
  return rows.length
}
