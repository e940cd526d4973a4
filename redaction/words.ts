import { readUnits } from './units.ts'

/**
 * Text as the dictionary sees it: words are runs of letters or runs of digits (letter|digit is a boundary), folded by
 * case and accent one code unit at a time, so that offsets never shift. Comma and @ are words of their own; blanks, line
 * breaks, hyphens, dots, slashes, apostrophes and the like join words; anything else breaks a phrase.
 */
const BREAK = 0
const JOIN = 1
const SKIP = 2

const FOLD = new Uint16Array(65_536)
/** Letters that no Unicode decomposition leads to their base. */
const BASE: Readonly<Record<string, string>> = {
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ð: 'd',
  æ: 'a',
  œ: 'o',
}
const JOINERS = " \t\n\r\f\v-‐‑‒–—.·/'’‘`´_*&+>|()\\~\u00a0\u2002\u2003\u2007\u2009\u202f\u2028\u2029\u3000"
const INVISIBLE = '\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad'

for (let unit = 0; unit < 65_536; unit += 1) {
  if (unit >= 0xd800 && unit < 0xe000) {
    FOLD[unit] = unit
    continue
  }
  const character = String.fromCharCode(unit)
  if (/\p{M}/u.test(character)) FOLD[unit] = SKIP
  else if (/[\p{L}\p{N}]/u.test(character)) {
    const plain = character.normalize('NFKD').charAt(0).toLowerCase().charAt(0)
    FOLD[unit] = (BASE[plain] ?? plain).charCodeAt(0)
  }
}
for (const character of JOINERS) FOLD[character.charCodeAt(0)] = JOIN
for (const character of INVISIBLE) FOLD[character.charCodeAt(0)] = SKIP
FOLD[0x2c] = 0x2c
FOLD[0x40] = 0x40

/** Scripts that write no blanks: every character is a word. */
const isIdeograph = (unit: number): boolean =>
  (unit >= 0x3040 && unit <= 0x30ff) ||
  (unit >= 0x3400 && unit <= 0x9fff) ||
  (unit >= 0xac00 && unit <= 0xd7a3)

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

/** Longest run of joiners inside a name, e.g. a line break with quote marks and indentation. */
const LONGEST_JOIN = 24

/** The words of one text in parallel arrays; reuse one across texts to spare allocation. */
export interface WordList {
  count: number
  /** Two independent 32-bit hashes of the folded word. */
  first: Uint32Array
  second: Uint32Array
  start: Uint32Array
  end: Uint32Array
  /** 1 where the word cannot continue the phrase of the word before it. */
  breaks: Uint8Array
}

export const createWordList = (capacity = 1024): WordList => ({
  count: 0,
  first: new Uint32Array(capacity),
  second: new Uint32Array(capacity),
  start: new Uint32Array(capacity),
  end: new Uint32Array(capacity),
  breaks: new Uint8Array(capacity),
})

const grow = (list: WordList): void => {
  const size = list.first.length * 2
  const copy = (old: Uint32Array): Uint32Array => {
    const next = new Uint32Array(size)
    next.set(old)
    return next
  }
  list.first = copy(list.first)
  list.second = copy(list.second)
  list.start = copy(list.start)
  list.end = copy(list.end)
  const breaks = new Uint8Array(size)
  breaks.set(list.breaks)
  list.breaks = breaks
}

/** Fills `list` with the words of `text`. */
export const readWords = (text: string, list: WordList): WordList => {
  const { length } = text
  const units = readUnits(text)
  let { first, second, start: starts, end: ends, breaks } = list
  let count = 0
  let broken = 1
  let at = 0
  let gapStart = 0
  while (at < length) {
    let unit = FOLD[units[at]!]!
    if (unit <= SKIP) {
      if (unit === BREAK) broken = 1
      at += 1
      continue
    }
    if (at - gapStart > LONGEST_JOIN) broken = 1
    const start = at
    const digits = isDigit(unit)
    let one = Math.imul(0x811c9dc5 ^ unit, 0x01000193)
    let two = Math.imul(0x1234567 + unit, 0x5bd1e995) ^ (0x1234567 >>> 13)
    const alone = unit === 0x2c || unit === 0x40 || isIdeograph(unit)
    at += 1
    let end = at
    const stop = alone ? at : length
    while (at < stop) {
      unit = FOLD[units[at]!]!
      if (unit > SKIP) {
        // One comparison for the letters of most words; the rest is for digits, marks and other scripts.
        if (unit - 0x61 > 25 || unit < 0x61 || digits) {
          if (isDigit(unit) !== digits || unit === 0x2c || unit === 0x40 || isIdeograph(unit)) break
        }
        one = Math.imul(one ^ unit, 0x01000193)
        two = Math.imul(two + unit, 0x5bd1e995) ^ (two >>> 13)
        end = at + 1
      } else if (unit !== SKIP) break
      at += 1
    }
    if (count === first.length) {
      grow(list)
      ;({ first, second, start: starts, end: ends, breaks } = list)
    }
    first[count] = one >>> 0
    second[count] = two >>> 0
    starts[count] = start
    // A trailing combining mark belongs to the word it sits on.
    ends[count] = alone ? end : at
    breaks[count] = broken
    count += 1
    broken = 0
    gapStart = at
  }
  list.count = count
  return list
}

/** A word folded as the dictionary compares it: no case, no accents, no invisible characters. */
export const foldWord = (word: string): string => {
  let folded = ''
  for (let at = 0; at < word.length; at += 1) {
    const unit = FOLD[word.charCodeAt(at)]!
    if (unit > SKIP) folded += String.fromCharCode(unit)
  }
  return folded
}

/** The folded words of a text, joined by single blanks. */
export const foldText = (text: string): string => {
  const list = readWords(text, createWordList(16))
  const words: string[] = []
  for (let at = 0; at < list.count; at += 1) words.push(foldWord(text.slice(list.start[at], list.end[at])))
  return words.join(' ')
}

/** Whether a word is one of a fixed set. */
export interface WordIndex {
  has(one: number, two: number): boolean
}

/** What is marked of a word, in bits; 0 for a word that has none. */
export interface WordMarks {
  of(one: number, two: number): number
}

/** Sets of words that are asked at once: a word of the set at place `n` has bit `n`. */
export const createWordMarks = (sets: readonly Iterable<string>[]): WordMarks => {
  const marks = new Map<number, Map<number, number>>()
  const bits = new Uint32Array(1 << 11)
  const list = createWordList(4)
  for (const [bit, words] of sets.entries()) {
    for (const word of words) {
      readWords(word, list)
      if (list.count !== 1) continue
      const one = list.first[0]!
      const two = list.second[0]!
      const known = marks.get(one) ?? new Map<number, number>()
      marks.set(one, known.set(two, (known.get(two) ?? 0) | (1 << bit)))
      bits[one >>> 21]! |= 1 << ((one >>> 16) & 31)
    }
  }
  return {
    of: (one, two) =>
      (bits[one >>> 21]! & (1 << ((one >>> 16) & 31))) === 0 ? 0 : (marks.get(one)?.get(two) ?? 0),
  }
}

/** A set of words that is asked by the hashes of a `WordList`, so that no string is made for a word that is not in it. */
export const createWordIndex = (words: Iterable<string>): WordIndex => {
  const marks = createWordMarks([words])
  return { has: (one, two) => marks.of(one, two) !== 0 }
}
