import pc from 'picocolors'
import type { Io } from './io.ts'
import { drawTable } from './table.ts'

/** Writes an answer as it streams in: tables are drawn to fit, groupings with bars. */
export interface AnswerWriter {
  push(text: string): void
  end(): void
}

const ROW = /^\s*\|.*\|\s*$/u
const RULE = /^\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*$/u
const BAR_WIDTH = 24
const MOST_BARS = 20

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/u)
    .map((cell) => cell.trim().replaceAll('\\|', '|').replaceAll('**', ''))

/** `$1,250,000`, `12`, `40 %`: what a bar can show; undefined for anything else. */
const figureOf = (cell: string): number | undefined =>
  /^[^\d\s-]{0,3}\s?\d[\d,.']*\s?%?$/u.test(cell) ? Number(cell.replaceAll(/[^\d.]/gu, '')) : undefined

/** Bars for a grouping: one name, then figures alone, in more than one row. */
const withBars = (
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): { readonly headings: readonly string[]; readonly rows: readonly (readonly string[])[] } => {
  const plain = { headings, rows }
  if (rows.length < 2 || rows.length > MOST_BARS || headings.length < 2 || headings.length > 4) return plain
  const figures = rows.map((row) => row.slice(1).map(figureOf))
  if (figures.some((row) => row.some((figure) => figure === undefined))) return plain
  const last = figures.map((row) => row.at(-1)!)
  const most = Math.max(...last)
  if (most <= 0) return plain
  const bar = (figure: number): string =>
    '█'.repeat(Math.max(figure > 0 ? 1 : 0, Math.round((figure / most) * BAR_WIDTH)))
  return { headings: [...headings, ''], rows: rows.map((row, at) => [...row, bar(last[at]!)]) }
}

/** On a terminal; elsewhere (a pipe, a file) the answer passes as it is. */
export const createAnswerWriter = (io: Io): AnswerWriter => {
  if (!io.fancy) return { push: (text) => io.out(text), end: () => {} }
  let line = ''
  let table: string[] = []
  const { bold } = pc.createColors(io.fancy)
  const drawIt = (): void => {
    const [head, rule, ...body] = table
    table = []
    if (head === undefined) return
    if (rule === undefined || !RULE.test(rule)) return io.out([head, rule, ...body].filter(Boolean).join(''))
    const shown = withBars(cellsOf(head), body.map(cellsOf))
    drawTable(io, shown.headings, shown.rows)
  }
  const take = (whole: string): void => {
    if (ROW.test(whole)) return void table.push(whole)
    drawIt()
    io.out(whole.replaceAll(/\*\*([^*\n]+)\*\*/gu, (_all, text: string) => bold(text)))
  }
  return {
    push(text) {
      line += text
      // Words of a line that is no table need not wait for its end.
      const lines = line.split(/(?<=\n)/u)
      line = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '')
      for (const whole of lines) take(whole)
      if (line !== '' && table.length === 0 && !/^\s*(?:\||$)/u.test(line) && !line.includes('*')) {
        io.out(line)
        line = ''
      }
    },
    end() {
      if (line !== '') take(line)
      line = ''
      drawIt()
    },
  }
}
