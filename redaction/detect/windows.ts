import { readUnits } from '../units.ts'
import type { WordIndex, WordList } from '../words.ts'
import type { NumberWindow, Window } from './recogniser.ts'

/** Digits this far apart may belong to one number. */
const GAP = 12
/** What patterns look at before and after a number. */
const MARGIN = 48
/** Fewer digits than this are no number anybody is known by. */
const FEWEST_DIGITS = 5

/** Units between two digits of one number: of those with check digits, and of phones. */
const CLOSE = 3
const NEAR = 6

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

/**
 * The stretches of a text where numbers stand close enough together, and long enough, to be a phone, a card, an
 * account: recognisers of numbers read these and nothing else. Windows do not overlap.
 */
export const numberWindows = (text: string, words: WordList): NumberWindow[] => {
  const windows: Window[] = []
  const units = readUnits(text)
  let digits = 0
  let from = 0
  let to = 0
  const close = (): void => {
    if (digits < FEWEST_DIGITS) return
    const start = Math.max(0, from - MARGIN)
    const end = Math.min(text.length, to + MARGIN)
    const last = windows.at(-1)
    if (last && last.end >= start) windows[windows.length - 1] = { start: last.start, end }
    else windows.push({ start, end })
  }
  for (let at = 0; at < words.count; at += 1) {
    const start = words.start[at]!
    if (!isDigit(units[start]!)) continue
    const end = words.end[at]!
    if (digits === 0 || start - to > GAP) {
      close()
      digits = 0
      from = start
    }
    digits += end - start
    to = end
  }
  close()
  return windows.map((window) => describe(units, window))
}

const OTHER = 0
/** What patterns of numbers allow between two digits beside letters. */
const JOINER = 1
const LETTER = 2
const DIGIT = 3
const SORTS = new Uint8Array(65_536).fill(LETTER, 128)
for (const character of ' \t.-/+()') SORTS[character.charCodeAt(0)] = JOINER
for (let unit = 0; unit < 128; unit += 1) {
  if (isDigit(unit)) SORTS[unit] = DIGIT
  else if ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a) SORTS[unit] = LETTER
}

/** One look at the digits of a window, so that patterns which need more than there are need not be tried. */
const describe = (units: Uint16Array, { start, end }: Window): NumberWindow => {
  let close = 0
  let near = 0
  let mostClose = 0
  let mostNear = 0
  let together = 0
  let mostTogether = 0
  let dotted = 0
  let lettered = false
  let last = -9
  for (let at = start; at < end; at += 1) {
    const sort = SORTS[units[at]!]!
    together = sort >= LETTER ? together + 1 : 0
    if (together > mostTogether) mostTogether = together
    if (sort !== DIGIT) {
      if (sort === OTHER) last = -9
      continue
    }
    const gap = at - last - 1
    close = gap <= CLOSE ? close + 1 : 1
    near = gap <= NEAR ? near + 1 : 1
    if (close > mostClose) mostClose = close
    if (near > mostNear) mostNear = near
    if (gap === 1 && units[at - 1] === 0x2e) dotted += 1
    if (gap === 0 && at - start > 2 && SORTS[units[at - 2]!] === LETTER && SORTS[units[at - 3]!] === LETTER)
      lettered = true
    last = at
  }
  return { start, end, close: mostClose, near: mostNear, together: mostTogether, dotted, lettered }
}

/** Windows around the words of an index, e.g. `password` or `street`. */
export const cueWindows = (
  text: string,
  words: WordList,
  index: WordIndex,
  { before, after }: { readonly before: number; readonly after: number },
): Window[] => {
  const windows: Window[] = []
  for (let at = 0; at < words.count; at += 1) {
    if (!index.has(words.first[at]!, words.second[at]!)) continue
    const start = Math.max(0, words.start[at]! - before)
    const end = Math.min(text.length, words.end[at]! + after)
    const last = windows.at(-1)
    if (last && last.end >= start) windows[windows.length - 1] = { start: last.start, end }
    else windows.push({ start, end })
  }
  return windows
}
