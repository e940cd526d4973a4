import { parse } from 'csv-parse/sync'
import { userError } from '../../domain/errors.ts'

/** A file as rows of texts: blanks trimmed, every row as long as the header. */
export interface Table {
  readonly headers: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** How the bytes were read, for the person who looks at the mapping: `utf-8`, `;`. */
  readonly encoding: string
  readonly delimiter: string
}

const DELIMITERS = [',', ';', '\t', '|'] as const
const SNIFFED_CHARACTERS = 64_000
const MAX_COLUMNS = 400
const MAX_CELL = 20_000

const decodes = (bytes: Uint8Array, encoding: string): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Share of zero bytes at even and at odd places: text in UTF-16 has many on one side. */
const zeroShares = (bytes: Uint8Array): readonly [even: number, odd: number] => {
  const sample = bytes.subarray(0, 4096)
  const count = [0, 0]
  for (const [at, byte] of sample.entries()) if (byte === 0) count[at % 2]! += 1
  const half = Math.max(1, sample.length / 2)
  return [count[0]! / half, count[1]! / half]
}

/** The text of a file: a byte order mark decides, then zero bytes, then whether it is UTF-8; else Windows-1252. */
export const decodeText = (bytes: Uint8Array): { readonly text: string; readonly encoding: string } => {
  const [evenZeros, oddZeros] = zeroShares(bytes)
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : oddZeros > 0.3
          ? 'utf-16le'
          : evenZeros > 0.3
            ? 'utf-16be'
            : undefined
  for (const encoding of marked ? [marked] : ['utf-8']) {
    const text = decodes(bytes, encoding)
    if (text !== undefined) return { text: text.replace(/^\uFEFF/, ''), encoding }
  }
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' }
}

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

/** The delimiter by which the first rows split alike into the most columns. */
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
    const width = widths[0] ?? 0
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
  const [first = [], ...rest] = cells
  if (first.every((cell) => cell.trim() === '') || first.length > MAX_COLUMNS) {
    throw userError('not_a_table', 'That file does not begin with a row of column names.', {
      fix: 'Export it as CSV with a header row.',
    })
  }
  const headers = uniqueHeaders(first)
  const rows = rest
    .map((row) => headers.map((_header, at) => clean(row[at] ?? '')))
    .filter((row) => row.some((cell) => cell !== ''))
  return { headers, rows, encoding, delimiter }
}

/** Reads CSV bytes; delimiter and encoding are found out. Throws a user error with the line that does not hold. */
export const readCsv = (bytes: Uint8Array): Table => {
  const { text, encoding } = decodeText(bytes)
  const delimiter = sniffDelimiter(text)
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
