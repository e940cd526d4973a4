import { readDates } from './dates.ts'
import type { DateFigure } from './dates.ts'
import { readNumberWords } from './number-words.ts'

/** A figure as written: every number it may stand for, and how far the true one may be from it (rounding). */
export interface NumberFigure {
  readonly kind: 'number' | 'percent'
  readonly start: number
  readonly end: number
  readonly text: string
  readonly values: readonly number[]
  /** Half a unit of the last digit written; 0 for whole numbers written out. */
  readonly tolerance: number
}

export type Figure = NumberFigure | DateFigure

const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  tsd: 1e3,
  thousand: 1e3,
  m: 1e6,
  mm: 1e6,
  mn: 1e6,
  mio: 1e6,
  million: 1e6,
  b: 1e9,
  bn: 1e9,
  billion: 1e9,
}
const DIGITS = String.raw`\d{1,3}(?:[,.'’\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?`
const NUMBER = new RegExp(
  String.raw`(?<![\p{L}\p{N}_]|\d[.,])(${DIGITS})(?![.,]?\d)(?:[\s\u00a0]?(k|tsd|thousand|m|mm|mn|mio|million|b|bn|billion)(?![\p{L}\p{N}])|[\s\u00a0]?(%|percent(?:age points?)?\b|per cent\b|pp\b))?`,
  'giu',
)
const RANGE = /^[\s\u00a0]?(?:[-–—]|to|and)[\s\u00a0]?[€$£]?$/u

/** What digits with separators may stand for: `1,234` is whole, `3,1` and `3.1` are not, `1.234` may be either. */
const valuesOf = (digits: string): { readonly values: number[]; readonly decimals: number } => {
  const plain = digits.replace(/['’\u00a0\u202f]/gu, '')
  const last = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','))
  if (last < 0) return { values: [Number(plain)], decimals: 0 }
  const mark = plain[last]!
  const decimals = plain.length - last - 1
  const whole = Number(plain.replace(/[.,]/g, ''))
  const broken = Number(`${plain.slice(0, last).replace(/[.,]/g, '')}.${plain.slice(last + 1)}`)
  const separators = plain.replace(/\d/g, '')
  if (decimals !== 3) return { values: [broken], decimals }
  if (separators.length > 1) return { values: [new Set(separators).size > 1 ? broken : whole], decimals: 0 }
  return mark === ',' ? { values: [whole], decimals: 0 } : { values: [broken, whole], decimals }
}

const readDigits = (text: string): NumberFigure[] => {
  const found = [...text.matchAll(NUMBER)].map((match) => {
    const { values, decimals } = valuesOf(match[1]!)
    const scale = SCALES[match[2]?.toLowerCase() ?? '']
    const unit = 10 ** -decimals * (scale ?? 1)
    return {
      kind: match[3] ? ('percent' as const) : ('number' as const),
      start: match.index,
      end: match.index + match[0].length,
      text: match[0],
      values: values.map((value) => value * (scale ?? 1)),
      tolerance: decimals > 0 || scale ? unit / 2 : 0,
      scale,
    }
  })
  return found.map(({ scale, ...figure }, at) => {
    const next = found[at + 1]
    if (!next || scale || !RANGE.test(text.slice(figure.end, next.start))) return figure
    const shared = next.scale
    if (!shared) return { ...figure, kind: next.kind }
    return {
      ...figure,
      values: [...figure.values, ...figure.values.map((value) => value * shared)],
      tolerance: 0,
    }
  })
}

const masked = (text: string, spans: readonly { readonly start: number; readonly end: number }[]): string => {
  let left = text
  for (const { start, end } of spans) left = left.slice(0, start) + ' '.repeat(end - start) + left.slice(end)
  return left
}

/** Every number, percentage and date of a text, in its order; handles must be masked before. */
export const readFigures = (text: string): Figure[] => {
  const dates = readDates(text)
  const rest = masked(text, dates)
  const digits = readDigits(rest)
  const words = readNumberWords(masked(rest, digits))
  return [...dates, ...digits, ...words].toSorted((a, b) => a.start - b.start)
}
