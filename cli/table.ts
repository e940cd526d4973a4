import pc from 'picocolors'
import type { Io } from './io.ts'

const MIN_WIDTH = 6
const GAP = 2

const segmenter = new Intl.Segmenter()
const WIDE =
  /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Emoji_Presentation}/u

const widthOf = (text: string): number =>
  [...segmenter.segment(text)].reduce((width, { segment }) => width + (WIDE.test(segment) ? 2 : 1), 0)

const fit = (text: string, width: number): string => {
  const flat = text.replaceAll(/\s+/g, ' ').trim()
  if (widthOf(flat) <= width) return flat + ' '.repeat(width - widthOf(flat))
  let kept = ''
  for (const { segment } of segmenter.segment(flat)) {
    if (widthOf(kept + segment) > width - 1) break
    kept += segment
  }
  return `${kept}…${' '.repeat(Math.max(0, width - 1 - widthOf(kept)))}`
}

export type Cell = string | number | boolean | null | undefined

/** Draws rows as a table that fits the terminal: the widest columns give way first. */
export const drawTable = (io: Io, headings: readonly string[], rows: readonly (readonly Cell[])[]): void => {
  const cells = rows.map((row) =>
    row.map((cell) => (cell === null || cell === undefined ? '' : String(cell))),
  )
  const widths = headings.map((heading, column) =>
    Math.max(widthOf(heading), ...cells.map((row) => widthOf(row[column] ?? ''))),
  )
  const room = Math.max(io.columns, 40) - GAP * (headings.length - 1)
  while (widths.reduce((sum, width) => sum + width, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widths[widest]! <= MIN_WIDTH) break
    widths[widest]! -= 1
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => fit(cell, widths[column]!))
      .join(' '.repeat(GAP))
      .trimEnd()
  const { bold } = pc.createColors(io.fancy)
  io.out(`${bold(line(headings))}\n`)
  for (const row of cells) io.out(`${line(row)}\n`)
}
