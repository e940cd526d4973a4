import { fitsDate } from './dates.ts'
import { readFigures } from './figures.ts'
import type { Figure, NumberFigure } from './figures.ts'
import { handlesIn, LEFT, SHOWN, withoutHandles } from './ground.ts'
import type { Cell, Ground } from './ground.ts'

/** What stands in a quote is checked as a quote. */
const withoutQuotes = (text: string): string =>
  text.replace(/[“„«"][^“”„«»"\n]*\s[^“”„«»"\n]*[”“»"]/gu, (quote) => ' '.repeat(quote.length))

const ABOUT =
  /(?:\b(?:about|around|roughly|approximately|approx\.?|circa|some|nearly|almost)|~|≈)\s*[€$£]?\s*$/iu
const AT_LEAST = /\b(?:over|more than|at least|above|upwards of)\s+[€$£]?\s*$/iu
const AT_MOST = /\b(?:under|less than|fewer than|below|at most|up to)\s+[€$£]?\s*$/iu

const EPSILON = 1e-9

/** Whether a true value may be written so: rounded as far as the digits say, or as "about" and "over" let it. */
const fitsNumber = (figure: NumberFigure, value: number, before: string): boolean => {
  const truth = Math.abs(value)
  return figure.values.some((written) => {
    const slack = figure.tolerance || (Number.isInteger(truth) ? 0 : 0.5)
    if (Math.abs(truth - written) <= slack + EPSILON * written) return true
    if (ABOUT.test(before)) return Math.abs(truth - written) <= 0.05 * truth
    if (AT_LEAST.test(before)) return truth >= written && truth <= 1.1 * written
    return AT_MOST.test(before) && truth <= written && truth >= 0.9 * written
  })
}

const SPEAKS: Readonly<Record<string, RegExp>> = {
  [SHOWN]: /\b(?:shown?|shows|lists?|listed|returned|here|below|above|these|first|top|largest|latest)\b/u,
  [LEFT]: /\b(?:more|rest|others?|remaining|left|further|missing)\b/u,
}
const speaksOf = (about: string, lower: string): boolean =>
  SPEAKS[about]?.test(lower) ?? lower.includes(about.toLowerCase())

/** A figure that says how many there are in all. */
const COUNT_BEFORE = /\b(?:there (?:are|were|is)|found|of|in all|in total|altogether)\s+$/iu
const COUNT_AFTER = /^\s+(?:in all|in total|altogether|(?:that |which )?match(?:es)?)\b/iu
const isCount = (figure: NumberFigure, text: string): boolean =>
  figure.kind === 'number' &&
  !/[€$£]\s*$/u.test(text.slice(0, figure.start)) &&
  figure.tolerance === 0 &&
  (COUNT_BEFORE.test(text.slice(0, figure.start)) || COUNT_AFTER.test(text.slice(figure.end)))

/** A cell supports a sentence unless the sentence is about other rows of the same result. */
const isAbout = (cell: Cell, named: ReadonlySet<string>, lower: string, ground: Ground): boolean => {
  if (cell.about !== undefined && !speaksOf(cell.about, lower)) return false
  if (named.size === 0 || cell.handles.size === 0) return true
  for (const handle of named) if (cell.handles.has(handle)) return true
  const rows = ground.rowHandles[cell.outcome]
  for (const handle of named) if (rows?.has(handle)) return false
  return true
}

const CHANGE = /\b(?:up|down|more|less|grew|growth|rose|fell|increased?|decreased?|changed?|higher|lower)\b/iu

/** A sum, difference, share or change that the sentence states with its parts. */
const isWorkedOut = (figure: NumberFigure, parts: readonly number[], text: string): boolean => {
  const before = text.slice(0, figure.start)
  const fits = (value: number): boolean => fitsNumber(figure, value, before)
  if (figure.kind === 'number' && parts.length > 1 && fits(parts.reduce((sum, part) => sum + part, 0)))
    return true
  return parts.some((a, i) =>
    parts.some((b, j) => {
      if (i === j) return false
      if (figure.kind === 'number') return fits(a + b) || fits(a - b)
      if (b === 0) return false
      const written = { ...figure, tolerance: figure.tolerance || 0.5 }
      const isChange = CHANGE.test(text)
      return (
        fitsNumber(written, (a / b) * 100, before) ||
        (isChange && fitsNumber(written, ((a - b) / b) * 100, before))
      )
    }),
  )
}

const dateHolds = (
  figure: Extract<Figure, { kind: 'date' }>,
  cells: readonly Cell[],
  ground: Ground,
): boolean => cells.some(({ value }) => fitsDate(figure, String(value), ground.today))

const numberHolds = (
  figure: NumberFigure,
  numbers: readonly Cell[],
  dates: readonly Cell[],
  before: string,
): boolean => {
  const isShare = figure.kind === 'percent'
  if (
    numbers.some(
      ({ value, isShare: isOne }) =>
        ((!isShare || isOne) && fitsNumber(figure, Number(value), before)) ||
        (isShare && Math.abs(Number(value)) <= 1 && fitsNumber(figure, Number(value) * 100, before)),
    )
  )
    return true
  const [year] = figure.values
  return (
    !isShare &&
    /^(?:19|20)\d\d$/.test(figure.text) &&
    dates.some(({ value }) => String(value).startsWith(`${year}-`))
  )
}

/** Figures of a sentence that nothing of the turn holds. */
export const unfoundedFigures = (sentence: string, ground: Ground): Figure[] => {
  if (/^\s*>/u.test(sentence)) return []
  const text = withoutHandles(withoutQuotes(sentence)).replace(/^(\s*)\d+[.)](?=\s)/u, (ordinal) =>
    ' '.repeat(ordinal.length),
  )
  const figures = readFigures(text)
  if (figures.length === 0) return []
  const lower = sentence.toLowerCase()
  const named = new Set(handlesIn(sentence))
  for (const keys of ground.rowHandles)
    for (const key of keys) if (!/_\d/.test(key) && lower.includes(key.toLowerCase())) named.add(key)
  const numbers = ground.numbers.filter((cell) => isAbout(cell, named, lower, ground))
  const dates = ground.dates.filter((cell) => isAbout(cell, named, lower, ground))
  const open: Figure[] = []
  const parts: number[] = []
  for (const figure of figures) {
    const before = text.slice(0, figure.start)
    if (figure.kind === 'date') {
      const count = figure.offset?.count
      // A day of the week, as a text that was read says it: "Open house on Sunday".
      const isQuoted =
        figure.readings.every(({ day, month, year }) => (day ?? month ?? year) === undefined) &&
        figure.readings.length > 0 &&
        ground.texts.some((known) => known.includes(figure.text.toLowerCase()))
      const isSpan = count !== undefined && numbers.some(({ value }) => value === count)
      if (!dateHolds(figure, dates, ground) && !isSpan && !isQuoted) open.push(figure)
    } else if (
      numberHolds(
        figure,
        isCount(figure, text) ? numbers.filter((cell) => cell.isCount) : numbers,
        dates,
        before,
      )
    ) {
      for (const value of figure.values) parts.push(value)
    } else open.push(figure)
  }
  return open.filter((figure) => figure.kind === 'date' || !isWorkedOut(figure, [...new Set(parts)], text))
}
