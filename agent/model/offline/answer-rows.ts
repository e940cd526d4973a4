export type Row = Readonly<Record<string, unknown>>
export interface Column {
  readonly name: string
  readonly type?: string
}

const MAX_ROWS = 25
const MAX_COLUMNS = 6
const plain = (name: string): string =>
  name.replace(/_/g, ' ').replace(/^(\w)/, (letter) => letter.toUpperCase())

/** Instants by their day; the hour is a call away. */
const dateText = (text: string): string =>
  /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?$/.test(text) ? text.slice(0, 10) : text

const money = (value: number, currency: unknown): string => {
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return value.toLocaleString('en-US')
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: Number.isInteger(value) ? 0 : 2,
  }).format(value)
}

/** One cell as text: dates short, money with its currency, lists joined. */
export const cellText = (column: Column, row: Row): string => {
  const value = row[column.name]
  if (value === null || value === undefined || value === '') return '–'
  if (Array.isArray(value)) return value.map(String).join(', ') || '–'
  if (typeof value === 'number')
    return column.type === 'money' ? money(value, row['currency']) : value.toLocaleString('en-US')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return dateText(typeof value === 'string' ? value : JSON.stringify(value))
    .replace(/\|/g, '/')
    .replace(/\s*\n\s*/g, ' ')
    .slice(0, 200)
}

const NONE: ReadonlySet<string> = new Set()

/** The first columns, and those that were asked about in place of the last ones. */
const fitted = (columns: readonly Column[], wanted: ReadonlySet<string>): readonly Column[] => {
  if (columns.length <= MAX_COLUMNS) return columns
  const late = columns.slice(MAX_COLUMNS).filter(({ name }) => wanted.has(name))
  const early = columns.slice(0, MAX_COLUMNS)
  const kept = early.filter(
    ({ name }, index) => wanted.has(name) || index < MAX_COLUMNS - Math.min(late.length, MAX_COLUMNS - 1),
  )
  return [...kept, ...late].slice(0, MAX_COLUMNS)
}

/** Columns worth showing: no second column with the same handle or the record's own title, no currency beside money, none that is empty. */
const shownColumns = (
  columns: readonly Column[],
  rows: readonly Row[],
  wanted: ReadonlySet<string>,
): readonly Column[] => {
  const kept: Column[] = []
  for (const column of columns) {
    const isTitle = ['summary', 'subject'].includes(column.name) && columns.some(({ name }) => name === 'id')
    if (isTitle) continue
    if (column.name === 'currency' && columns.some(({ type }) => type === 'money')) continue
    if (rows.every((row) => cellText(column, row) === '–')) continue
    const isRepeat =
      kept.some((known) => rows.every((row) => row[known.name] === row[column.name])) &&
      rows.length > 0 &&
      typeof rows[0]![column.name] === 'string' &&
      /^[A-Z]+_\d+$/.test(String(rows[0]![column.name]))
    if (!isRepeat) kept.push(column)
  }
  return rows.length === 1 ? kept : fitted(kept, wanted)
}

/**
 * Rows as a list (one or two columns) or a Markdown table; at most 25, and it says how many it leaves out. Columns that
 * the question was about (`wanted`) stay when there are too many.
 */
export const rowsText = (
  columns: readonly Column[],
  rows: readonly Row[],
  { wanted = NONE }: { readonly wanted?: ReadonlySet<string> } = {},
): string => {
  const shown = shownColumns(columns, rows, wanted)
  if (rows.length === 0 || shown.length === 0) return ''
  const visible = rows.slice(0, MAX_ROWS)
  const rest = rows.length - visible.length
  const more = rest > 0 ? '\nThe rest is left out here; ask for fewer.' : ''
  if (rows.length === 1) {
    return shown.map((column) => `- ${plain(column.name)}: ${cellText(column, rows[0]!)}`).join('\n')
  }
  if (shown.length <= 2) {
    return `${visible.map((row, at) => `${at + 1}. ${shown.map((column) => cellText(column, row)).join(': ')}`).join('\n')}${more}`
  }
  const head = `| ${shown.map(({ name }) => plain(name)).join(' | ')} |\n|${shown.map(() => '---').join('|')}|`
  return `${head}\n${visible.map((row) => `| ${shown.map((column) => cellText(column, row)).join(' | ')} |`).join('\n')}${more}`
}

/** Handles of the rows in an answer of ours, in their order: what "the second one" is about. */
export const shownHandles = (answer: string): readonly string[] => {
  const rows = answer.split('\n').filter((line) => /^(?:\d+\. |\| (?!---))/.test(line))
  return rows.flatMap((line) => /[A-Z]+_\d{5,7}/.exec(line)?.slice(0, 1) ?? [])
}
