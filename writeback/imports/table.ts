import { parse } from 'csv-parse/sync'
import { userError } from '../../domain/errors.ts'
import { decodeText } from './decode.ts'
import { findHeader, noRecord } from './header.ts'

/** A file as rows of texts: blanks trimmed, every row as long as the header. */
export interface Table {
  readonly headers: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** How the bytes were read, for the person who looks at the mapping: `utf-8`, `;`. */
  readonly encoding: string
  readonly delimiter: string
  /** Rows that are no records, by their place in `rows`, and why: the header once more, a row of totals. */
  readonly noRecords: ReadonlyMap<number, string>
}

const DELIMITERS = [',', ';', '\t', '|'] as const
const SNIFFED_CHARACTERS = 64_000
const MAX_COLUMNS = 400
const MAX_CELL = 20_000

const parseRows = (text: string, delimiter: string, to?: number): readonly (readonly string[])[] =>
  parse(text, {
    delimiter,
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    ...(to === undefined ? {} : { to }),
  })

/** The commonest of some numbers; of a tie the largest. */
const commonest = (numbers: readonly number[]): number => {
  const counts = new Map<number, number>()
  for (const one of numbers) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0
}

/** The delimiter by which most rows split alike into the most columns; a line above the table may split otherwise. */
const sniffDelimiter = (text: string): string => {
  const sample = text.slice(0, SNIFFED_CHARACTERS)
  let best: { readonly delimiter: string; readonly score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    let widths: readonly number[] = []
    try {
      widths = parseRows(sample, delimiter, 50).map((row) => row.length)
    } catch {
      continue
    }
    const width = commonest(widths)
    if (width < 2) continue
    const score = (widths.filter((one) => one === width).length / widths.length) * Math.log2(width + 1)
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

const clean = (cell: string): string => cell.replaceAll('\u0000', '').toWellFormed().trim().slice(0, MAX_CELL)

/** Headers that are missing or stand twice get a name of their own. */
const uniqueHeaders = (headers: readonly string[]): readonly string[] => {
  const seen = new Map<string, number>()
  return headers.map((header, at) => {
    const name = header.replaceAll(/\s+/g, ' ').trim() || `column ${at + 1}`
    const times = (seen.get(name.toLowerCase()) ?? 0) + 1
    seen.set(name.toLowerCase(), times)
    return times === 1 ? name : `${name} (${times})`
  })
}

/** Fits rows to their header and leaves out those without a word. Throws a user error when there is nothing to read. */
export const tableOf = (
  cells: readonly (readonly string[])[],
  { encoding, delimiter }: Pick<Table, 'encoding' | 'delimiter'>,
): Table => {
  const { headers: names, from } = findHeader(cells)
  if (names.every((cell) => cell.trim() === '') || names.length > MAX_COLUMNS) {
    throw userError('not_a_table', 'That file does not begin with a row of column names.', {
      fix: 'Export it as CSV with a header row.',
    })
  }
  const headers = uniqueHeaders(names)
  const rows = cells
    .slice(from)
    .map((row) => headers.map((_header, at) => clean(row[at] ?? '')))
    .filter((row) => row.some((cell) => cell !== ''))
  const written = cells[from - 1] ?? []
  const noRecords = new Map(
    rows.flatMap((row, at) => {
      const why = noRecord(row, written)
      return why === undefined ? [] : [[at, why] as const]
    }),
  )
  return { headers, rows, encoding, delimiter, noRecords }
}

/** Reads CSV bytes; delimiter and encoding are found out. Throws a user error with the line that does not hold. */
export const readCsv = (bytes: Uint8Array): Table => {
  const decoded = decodeText(bytes)
  const { encoding } = decoded
  // Excel says the separator in a line of its own.
  const said = /^sep=([,;\t|])\r?\n/i.exec(decoded.text)
  const text = said ? decoded.text.slice(said[0].length) : decoded.text
  const delimiter = said?.[1] ?? sniffDelimiter(text)
  try {
    return tableOf(parseRows(text, delimiter), { encoding, delimiter })
  } catch (cause) {
    const line = (cause as { readonly lines?: unknown }).lines
    if (typeof line !== 'number') throw cause
    throw userError('bad_csv', 'That file cannot be read as CSV: a quoted cell does not end.', {
      at: `line ${line}`,
      fix: 'Look at the quotes there, or export the file again.',
      cause,
    })
  }
}
