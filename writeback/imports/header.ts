import { readDay, readEmails, readMoney } from './read-values.ts'

type Row = readonly string[]

/** How many rows from the top are looked at for the one with the names of columns. */
const MAX_PREAMBLE = 15
const SAMPLE_ROWS = 60
const MAX_NAME = 80

const filled = (row: Row): readonly string[] => row.filter((cell) => cell.trim() !== '')

const isData = (cell: string): boolean =>
  readEmails(cell).length > 0 ||
  readMoney(cell, 'USD') !== undefined ||
  readDay(cell, 'day-first') !== undefined

/** A row that can name columns: words, none of them an address, an amount or a date. */
const namesColumns = (row: Row): boolean =>
  filled(row).every((cell) => cell.length <= MAX_NAME && !isData(cell.trim()))

const spread = (row: Row, width: number): readonly string[] => {
  let last = ''
  return Array.from({ length: width }, (_, at) => {
    const cell = row[at]?.trim() ?? ''
    if (cell !== '') last = cell
    return last
  })
}

/**
 * The names of columns and where the rows below them begin. Above the names a file may have a title, a date, blank lines,
 * and captions over several columns, which then stand before each name: `Contact` over `Name` gives `Contact Name`.
 */
export const findHeader = (rows: readonly Row[]): { readonly headers: Row; readonly from: number } => {
  const widest = Math.max(0, ...rows.slice(0, SAMPLE_ROWS).map((row) => filled(row).length))
  const found = rows
    .slice(0, MAX_PREAMBLE)
    .findIndex((row) => filled(row).length * 2 > widest && namesColumns(row))
  const at = Math.max(0, found)
  const names = rows[at] ?? []
  const caption = rows.slice(0, at).findLast((row) => filled(row).length > 1 && namesColumns(row))
  if (!caption) return { headers: names, from: at + 1 }
  const captions = spread(caption, names.length)
  return {
    headers: names.map((name, column) =>
      [captions[column], name.trim()]
        .filter((part, place, all) => part && all.indexOf(part) === place)
        .join(' '),
    ),
    from: at + 1,
  }
}

const TOTALS =
  /^(?:(?:sub|grand)[\s-]*)?(?:totals?|sum)$|^(?:summe|gesamt(?:summe)?|zwischensumme|insgesamt|sous[\s-]total|totale?|subtotale?|suma)$/i

/** Why a row below the header is no record: the header once more, or a row of totals. Undefined for a record. */
export const noRecord = (row: Row, names: Row): string | undefined => {
  const cells = filled(row).map((cell) => cell.trim())
  const repeated = row.filter((cell, at) => cell.trim() !== '' && cell.trim() === names[at]?.trim()).length
  if (cells.length > 1 && repeated * 10 >= cells.length * 8) return 'the names of the columns once more'
  const [first = '', ...rest] = cells
  if (!TOTALS.test(first.replace(/[:\s]+$/, '')) || rest.length === 0) return undefined
  return rest.every((cell) => /^[^\p{L}]*\d/u.test(cell)) ? 'a row of totals' : undefined
}
