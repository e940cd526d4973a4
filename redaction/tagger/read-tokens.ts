import { readUnits } from '../units.ts'
import type { Lexicon } from './lexicon.ts'
import { takenIn } from './taken.ts'
import { SHAPE, wordBookOf } from './word-facts.ts'

/** What stands between two words. */
export const GAP = {
  none: 0,
  blank: 1,
  line: 2,
  paragraph: 3,
  comma: 4,
  stop: 5,
  mark: 6,
  colon: 7,
  semicolon: 8,
  at: 9,
  slash: 10,
  hyphen: 11,
  open: 12,
  close: 13,
  angle: 14,
  quote: 15,
  dot: 16,
  and: 17,
  apostrophe: 18,
  other: 19,
  dash: 20,
  wide: 21,
  /** Added to the mark where a line ends as well. */
  lineAfter: 24,
  edge: 63,
} as const

const GAP_OF_CHARACTER: Readonly<Record<string, number>> = {
  ',': GAP.comma,
  '.': GAP.stop,
  '!': GAP.mark,
  '?': GAP.mark,
  ':': GAP.colon,
  ';': GAP.semicolon,
  '@': GAP.at,
  '/': GAP.slash,
  '\\': GAP.slash,
  '-': GAP.hyphen,
  '–': GAP.dash,
  '—': GAP.dash,
  '(': GAP.open,
  '[': GAP.open,
  ')': GAP.close,
  ']': GAP.close,
  '<': GAP.angle,
  '>': GAP.angle,
  '"': GAP.quote,
  '“': GAP.quote,
  '”': GAP.quote,
  '«': GAP.quote,
  '»': GAP.quote,
  '&': GAP.and,
  "'": GAP.apostrophe,
  '’': GAP.apostrophe,
}

/** The words and numbers of one text in parallel arrays, and what is known of each by itself. */
export interface TokenList {
  count: number
  start: Uint32Array
  end: Uint32Array
  shape: Uint8Array
  kind: Uint8Array
  cue: Uint16Array
  /** Between this token and the one before. */
  gap: Uint8Array
  /** Counted from 0. */
  line: Uint32Array
  /** Its number in the book of words, as it is written. */
  written: Uint32Array
  /** Likewise, without case and accents. */
  word: Uint32Array
  /** What is noted of that word, in bits of NOTE, and how many units it has, 255 at most. */
  notes: Uint8Array
  length: Uint8Array
}

export const createTokenList = (capacity = 1_024): TokenList => ({
  count: 0,
  start: new Uint32Array(capacity),
  end: new Uint32Array(capacity),
  shape: new Uint8Array(capacity),
  kind: new Uint8Array(capacity),
  cue: new Uint16Array(capacity),
  gap: new Uint8Array(capacity),
  line: new Uint32Array(capacity),
  written: new Uint32Array(capacity),
  word: new Uint32Array(capacity),
  notes: new Uint8Array(capacity),
  length: new Uint8Array(capacity),
})

const grow = (list: TokenList): void => {
  const next = createTokenList(list.start.length * 2)
  next.start.set(list.start)
  next.end.set(list.end)
  next.shape.set(list.shape)
  next.kind.set(list.kind)
  next.cue.set(list.cue)
  next.gap.set(list.gap)
  next.line.set(list.line)
  next.written.set(list.written)
  next.word.set(list.word)
  next.notes.set(list.notes)
  next.length.set(list.length)
  Object.assign(list, { ...next, count: list.count })
}

const GAPS = new Uint8Array(65_536).fill(GAP.other)
for (const [character, gap] of Object.entries(GAP_OF_CHARACTER)) GAPS[character.charCodeAt(0)] = gap

const BLANK = 0x20
const TAB = 9
const LINE_END = 10
const STOP = 0x2e
const HYPHEN = 0x2d
const ANGLE = 0x3e

const isBlank = (unit: number): boolean => unit === BLANK || unit === TAB || unit === 13 || unit === 0xa0

/** What stands between two words, and above its lowest eight bits how many line ends. */
const readGap = (units: Uint16Array, start: number, end: number): number => {
  if (start === end) return GAP.none
  if (end - start === 1 && units[start] === BLANK) return GAP.blank
  let lines = 0
  let blanks = 0
  let mark = -1
  let first = 0
  for (let at = start; at < end; at += 1) {
    const unit = units[at]!
    if (unit === LINE_END) lines += 1
    else if (isBlank(unit)) blanks += 1
    else if (unit === ANGLE && lines > 0) continue
    else if (mark < 0) {
      mark = GAPS[unit]!
      first = unit
    } else if (mark === GAP.apostrophe || mark === GAP.quote)
      mark = GAPS[unit] === GAP.other ? mark : GAPS[unit]!
  }
  const above = lines << 8
  if (mark < 0) {
    if (lines > 1) return above | GAP.paragraph
    if (lines === 1) return above | GAP.line
    return blanks > 2 || units[end - 1] === TAB ? GAP.wide : GAP.blank
  }
  if (lines > 0) return above | (mark + GAP.lineAfter)
  if (first === STOP && blanks === 0) return GAP.dot
  if (first === HYPHEN && blanks > 0) return GAP.dash
  return mark
}

const NONE = 0
const LETTER = 1
const MARK = 2
const NUMBER = 3
/** Half of a character outside the first plane: the pattern below decides. */
const HALF = 4

const SORTS = new Uint8Array(65_536)
for (let unit = 0; unit < 65_536; unit += 1) {
  if (unit >= 0xd800 && unit < 0xe000) {
    SORTS[unit] = HALF
    continue
  }
  const character = String.fromCharCode(unit)
  if (/\p{L}/u.test(character)) SORTS[unit] = LETTER
  else if (/\p{M}/u.test(character)) SORTS[unit] = MARK
  else if (/\p{N}/u.test(character)) SORTS[unit] = NUMBER
}
const WORD_HERE = /\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]+)*|\p{N}+/uy

const isApostrophe = (unit: number): boolean => unit === 0x27 || unit === 0x2019

/**
 * Where the word that begins here ends; -1 where a half character stands in it or right after it. A word is letters and
 * marks, with an apostrophe where two more follow, or numbers.
 */
const plainEnd = (units: Uint16Array, start: number): number => {
  let end = start + 1
  if (SORTS[units[start]!] === NUMBER) {
    while (SORTS[units[end]!] === NUMBER) end += 1
    return SORTS[units[end]!] === HALF ? -1 : end
  }
  for (;;) {
    let sort = SORTS[units[end]!]!
    while (sort === LETTER || sort === MARK) {
      end += 1
      sort = SORTS[units[end]!]!
    }
    if (sort === HALF) return -1
    if (!isApostrophe(units[end]!)) return end
    const next = SORTS[units[end + 1]!]!
    const second = SORTS[units[end + 2]!]!
    if (next === HALF || second === HALF) return -1
    if (next !== LETTER || (second !== LETTER && second !== MARK)) return end
    end += 3
  }
}

const patternEnd = (text: string, start: number): number => {
  WORD_HERE.lastIndex = start
  return WORD_HERE.test(text) ? WORD_HERE.lastIndex : -1
}

/** Quoted-printable blanks and tabs read as such, at the same length. */
const withoutQuoting = (text: string): string =>
  text.includes('=') && /=(?:09|20|A0)/u.test(text)
    ? text.replace(/=(?:20|A0)/gu, '   ').replaceAll('=09', '  \t')
    : text

/** Fills `list` with the words and numbers of a text, in order. */
export const readTokens = (original: string, lexicon: Lexicon, list = createTokenList()): TokenList => {
  const text = withoutQuoting(original)
  const { length } = text
  const taken = takenIn(text)
  const units = readUnits(text)
  const book = wordBookOf(lexicon)
  book.begin()
  list.count = 0
  let before = 0
  let line = 0
  let at = 0
  while (at < length) {
    const sort = SORTS[units[at]!]!
    if (sort === NONE || sort === MARK) {
      at += 1
      continue
    }
    let end = sort === HALF ? -1 : plainEnd(units, at)
    if (end < 0) {
      end = patternEnd(text, at)
      if (end < 0) {
        at += text.codePointAt(at)! > 0xffff ? 2 : 1
        continue
      }
    }
    const { count } = list
    if (count === list.start.length) grow(list)
    const written = book.find(text, units, at, end)
    const isTaken = taken !== undefined && taken[at] === 1
    const gap = readGap(units, before, at)
    line += gap >>> 8
    list.start[count] = at
    list.end[count] = end
    list.shape[count] = isTaken ? SHAPE.taken : book.shapeOf(written)
    list.kind[count] = isTaken ? book.plainKindOf(written) : book.kindOf(written)
    list.cue[count] = book.cueOf(written)
    list.gap[count] = count === 0 ? GAP.edge : gap & 255
    list.line[count] = line
    list.written[count] = written
    const word = book.wordOf(written)
    list.word[count] = word
    list.notes[count] = book.notesOf(word)
    list.length[count] = book.lengthOf(word)
    list.count = count + 1
    before = end
    at = end
  }
  return list
}
