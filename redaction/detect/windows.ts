import type { WordIndex, WordList } from '../words.ts'
import type { Window } from './recogniser.ts'

/** Digits this far apart may belong to one number. */
const GAP = 12
/** What patterns look at before and after a number. */
const MARGIN = 48
/** Fewer digits than this are no number anybody is known by. */
const FEWEST_DIGITS = 5

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

/**
 * The stretches of a text where numbers stand close enough together, and long enough, to be a phone, a card, an
 * account: recognisers of numbers read these and nothing else. Windows do not overlap.
 */
export const numberWindows = (text: string, words: WordList): Window[] => {
  const windows: Window[] = []
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
    if (!isDigit(text.charCodeAt(start))) continue
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
  return windows
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
