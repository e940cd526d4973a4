import type { Hide } from '../domain/pii.ts'
import { entityOf } from '../db/catalog/all.ts'
import type { BoundMeasure, BoundQuery, Groups, Records } from './bound.ts'
import { fieldCell, listedCell, wholeUnits } from './cells.ts'
import type { Cell } from './cells.ts'
import { LISTED } from './compile.ts'
import type { Compiled } from './compile-select.ts'
import type { Field } from './fields.ts'
import type { BoundField } from './paths.ts'
import { comparedNames } from './resolve-groups.ts'
import { SIZE_COLUMN, suppressedNote, tells } from './small-groups.ts'

export interface AnswerColumn {
  readonly name: string
  /** `records` is a list of them; money is in whole units of the currency column beside it. */
  readonly type: Field['type'] | 'records'
  readonly hide: Hide
}

interface Made extends AnswerColumn {
  read(row: readonly unknown[]): Cell
}

export interface Answer {
  readonly columns: readonly AnswerColumn[]
  readonly rows: readonly (readonly Cell[])[]
  readonly notes: readonly string[]
}

const hideOf = (of: BoundField): Hide => {
  const { handle, titleHide } = entityOf(of.entity)
  return of.field.type === 'record' ? (handle ?? titleHide ?? 'RECORD') : of.field.hide
}

const fieldColumn = (name: string, of: BoundField, compiled: Compiled, timezone: string): Made => {
  const slot = compiled.slots.get(name)!
  return {
    name,
    type: of.field.type,
    hide: hideOf(of),
    read: (row) =>
      fieldCell(
        of.entity,
        of.field,
        {
          value: row[slot.value],
          id: slot.id === undefined ? undefined : row[slot.id],
          currency: slot.currency === undefined ? undefined : row[slot.currency],
        },
        timezone,
      ),
  }
}

const currencyName = (of: BoundField): string =>
  of.related ? `${of.label}.currency` : [...of.steps.map((step) => step.name), 'currency'].join('.')

const recordColumns = (shows: Records, compiled: Compiled, timezone: string): readonly Made[] => {
  const names = new Set(shows.columns.map((column) => column.name))
  return shows.columns.flatMap((column): readonly Made[] => {
    const slot = compiled.slots.get(column.name)!
    if (column.kind === 'list') {
      const { entity } = column.of.relation
      const { handle, titleHide } = entityOf(entity)
      const read = (row: readonly unknown[]): Cell =>
        ((row[slot.value] ?? []) as (readonly [unknown, unknown])[])
          .slice(0, LISTED)
          .map(([id, title]) => listedCell(entity, id, title))
          .filter((cell) => cell !== null)
      return [{ name: column.name, type: 'records', hide: handle ?? titleHide ?? 'RECORD', read }]
    }
    const made = fieldColumn(column.name, column.of, compiled, timezone)
    const beside = currencyName(column.of)
    if (slot.currency === undefined || names.has(beside)) return [made]
    names.add(beside)
    const read = (row: readonly unknown[]): Cell => (row[slot.currency!] as string | null) ?? null
    return [made, { name: beside, type: 'text', hide: 'none', read }]
  })
}

const MEASURED_TYPE: Readonly<Record<BoundMeasure['fn'], 'number' | null>> = {
  count: 'number',
  count_distinct: 'number',
  sum: null,
  avg: null,
  min: null,
  max: null,
}

const measureCell = (measure: BoundMeasure, raw: unknown, currency: unknown, timezone: string): Cell => {
  const { fn, of } = measure
  if (raw === null || raw === undefined) return null
  if (fn === 'count' || fn === 'count_distinct' || of === undefined) return Number(raw)
  if (of.field.type === 'money') return wholeUnits(raw, currency)
  if (of.field.type === 'number') return Number(Number(raw).toFixed(4))
  return fieldCell(of.entity, of.field, { value: raw }, timezone)
}

const measureColumns = (shows: Groups, compiled: Compiled, timezone: string): readonly Made[] =>
  shows.measures.flatMap((measure) => {
    const names = shows.compare ? comparedNames(measure.name) : [measure.name]
    const currency = measure.of === undefined ? undefined : compiled.slots.get(currencyName(measure.of))
    return names.map((name): Made => {
      const { value } = compiled.slots.get(name)!
      return {
        name,
        type: MEASURED_TYPE[measure.fn] ?? measure.of?.field.type ?? 'number',
        hide: 'none',
        read: (row) =>
          measureCell(
            measure,
            row[value],
            currency === undefined ? undefined : row[currency.value],
            timezone,
          ),
      }
    })
  })

const groupColumns = (shows: Groups, compiled: Compiled, timezone: string): readonly Made[] => {
  const made = shows.groups.map((group) => {
    if (group.bucket === undefined) return fieldColumn(group.name, group.of, compiled, timezone)
    const { value } = compiled.slots.get(group.name)!
    const read = (row: readonly unknown[]): Cell => (row[value] as string | null) ?? null
    return { name: group.name, type: 'text' as const, hide: 'none' as const, read }
  })
  const asked = made.filter((_, index) => !shows.groups[index]!.automatic)
  const added = made.filter((_, index) => shows.groups[index]!.automatic)
  return [...asked, ...measureColumns(shows, compiled, timezone), ...added]
}

/** A question without groups has one row even where nothing matched: counts and sums are 0. */
const rowOfNothing = (shows: Groups, columns: readonly Made[], currency: string): readonly Cell[] =>
  columns.map(({ name }) => {
    if (shows.groups.some((group) => group.name === name)) return currency
    const measure = shows.measures.find(
      (one) => one.name === name || (shows.compare && comparedNames(one.name).includes(name)),
    )
    return measure && ['count', 'count_distinct', 'sum'].includes(measure.fn) ? 0 : null
  })

const SEVERAL = {
  groups: 'Amounts are in several currencies: each currency has rows of its own, and nothing was converted.',
  records: 'Amounts are in several currencies and were compared as plain numbers; nothing was converted.',
}

const hasSeveralCurrencies = (columns: readonly Made[], rows: readonly (readonly Cell[])[]): boolean =>
  columns.some(
    ({ name }, index) => /(^|\.)currency$/.test(name) && new Set(rows.map((row) => row[index])).size > 1,
  )

const namesOf = ({ name }: BoundMeasure): readonly string[] => [name, ...comparedNames(name)]

/** Is a row a group too small to show its amounts? */
const smallRows = (shows: Groups | Records, compiled: Compiled): ((row: readonly unknown[]) => boolean) => {
  const slot = compiled.slots.get(SIZE_COLUMN)
  if (shows.kind !== 'groups' || slot === undefined) return () => false
  return (row) => Number(row[slot.value]) > 0 && Number(row[slot.value]) < shows.smallest
}

/** Raw rows as cells, each hidden by its mark. */
export const makeAnswer = (
  bound: BoundQuery,
  compiled: Compiled,
  raw: readonly (readonly unknown[])[],
  options: { readonly timezone: string; readonly currency: string },
): Answer => {
  const { shows } = bound
  const { timezone, currency } = options
  const made =
    shows.kind === 'records'
      ? recordColumns(shows, compiled, timezone)
      : groupColumns(shows, compiled, timezone)
  const isSmall = smallRows(shows, compiled)
  const hidden = shows.kind === 'groups' ? new Set(shows.measures.filter(tells).flatMap(namesOf)) : new Set()
  const rows = raw.map((row) =>
    made.map((column) => (hidden.has(column.name) && isSmall(row) ? null : column.read(row))),
  )
  const suppressed = raw.filter(isSmall).length
  const isEmptyTotal =
    shows.kind === 'groups' &&
    rows.length === 0 &&
    bound.offset === 0 &&
    shows.having.length === 0 &&
    shows.groups.every((group) => group.automatic)
  const columns = made.map(({ name, type, hide }) => ({ name, type, hide }))
  return {
    columns,
    rows: isEmptyTotal ? [rowOfNothing(shows, made, currency)] : rows,
    notes: [
      ...(hasSeveralCurrencies(made, rows) ? [SEVERAL[shows.kind]] : []),
      ...(suppressed > 0 ? [suppressedNote(suppressed)] : []),
    ],
  }
}
