import { stringify } from 'csv-stringify/sync'

type Value = string | number | boolean | null | undefined | readonly unknown[]

const textOf = (value: Value): string | number =>
  typeof value === 'number' ? value : Array.isArray(value) ? value.join('; ') : String(value ?? '')

/** Rows as CSV (RFC 4180, with a byte order mark for spreadsheets); a text that a spreadsheet would run is quoted. */
export const csvOf = (columns: readonly string[], rows: readonly (readonly Value[])[]): string =>
  stringify([[...columns], ...rows.map((row) => row.map(textOf))], {
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  })
