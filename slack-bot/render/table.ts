import type { RawTextElement, TableBlock } from '@slack/types'
import { clean, clip, codeLine } from './text.ts'

const MOST_ROWS = 100
const MOST_COLUMNS = 20
const LONGEST_CELL = 200
/** Slack takes some 10,000 characters in a table. */
const LONGEST_TABLE = 9000
const LONGEST_TEXT = 3500
const MOST_BARS = 20
const BAR = 16

export interface TableContent {
  readonly headings: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
/** A table as Slack's own block, the same as text for where the block is refused, and how many rows did not fit. */
export interface DrawnTable {
  readonly block: TableBlock
  readonly text: string
  readonly leftOut: number
}

/** `$1,250,000`, `12`, `40 %`: what a bar can show; undefined for anything else. */
const figureOf = (cell: string): number | undefined =>
  /^[^\d\s-]{0,3}\s?\d[\d,.']*\s?%?$/u.test(cell) ? Number(cell.replaceAll(/[^\d.]/gu, '')) : undefined

/** A grouping (names, then figures alone) is a chart: one more column with a bar for the last figure. */
export const withBars = ({ headings, rows }: TableContent): TableContent => {
  const plain = { headings, rows }
  if (rows.length < 2 || rows.length > MOST_BARS || headings.length < 2 || headings.length > 4) return plain
  const figures = rows.map((row) => row.slice(1).map(figureOf))
  if (
    figures.some(
      (row) => row.length === 0 || row.some((figure) => figure === undefined || Number.isNaN(figure)),
    )
  )
    return plain
  const last = figures.map((row) => row.at(-1)!)
  const most = Math.max(...last)
  if (most <= 0) return plain
  const bar = (figure: number): string =>
    '█'.repeat(Math.max(figure > 0 ? 1 : 0, Math.round((figure / most) * BAR)))
  return { headings: [...headings, ' '], rows: rows.map((row, at) => [...row, bar(last[at]!)]) }
}

const asText = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, column) =>
    Math.min(40, Math.max(...rows.map((row) => row[column]!.length))),
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) => codeLine(clip(cell, 40)).padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  let left = LONGEST_TEXT
  const shown = lines.filter((line) => (left -= line.length + 1) > 0)
  return `\`\`\`\n${shown.join('\n').replaceAll('```', 'ˋˋˋ')}\n\`\`\`\n`
}

/** Draws a table within every limit of Slack's; cells are plain, nothing in them formats, links or calls. */
export const drawTable = (content: TableContent): DrawnTable => {
  const { headings, rows } = withBars(content)
  const columns = Math.max(1, Math.min(MOST_COLUMNS, headings.length))
  const all = [headings, ...rows].map((row) =>
    Array.from({ length: columns }, (_, at) =>
      clip(
        clean(row[at] ?? '')
          .replaceAll(/\s+/g, ' ')
          .trim() || ' ',
        LONGEST_CELL,
      ),
    ),
  )
  let left = LONGEST_TABLE
  const fitting = all.slice(0, MOST_ROWS).filter((row) => (left -= row.join('').length) > 0)
  const shown = fitting.length > 0 ? fitting : [all[0]!.map((cell) => clip(cell, 20))]
  const cells = shown.map((row) => row.map((text): RawTextElement => ({ type: 'raw_text', text })))
  const isFigure = (at: number): boolean =>
    shown.length > 1 && shown.slice(1).every((row) => figureOf(row[at]!) !== undefined)
  return {
    block: {
      type: 'table',
      rows: cells,
      column_settings: shown[0]!.map((_, at) => ({
        is_wrapped: true,
        ...(isFigure(at) ? { align: 'right' as const } : {}),
      })),
    },
    text: asText(shown),
    leftOut: all.length - shown.length,
  }
}
