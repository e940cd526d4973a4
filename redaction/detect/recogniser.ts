import type { CountryCode } from 'libphonenumber-js'
import type { HandleLabel } from '../../domain/handle.ts'
import type { Span } from '../types.ts'
import type { WordList } from '../words.ts'

/** Which characters of a text belong to a value already. */
export interface Taken {
  has(start: number, end: number): boolean
  add(start: number, end: number): void
}

/** A stretch of the text that a recogniser is to read, with room around it for what patterns look at. */
export interface Window {
  readonly start: number
  readonly end: number
}

/** A window of numbers, and the most that its digits can be. */
export interface NumberWindow extends Window {
  /** Digits of the longest run whose digits stand side by side or nearly so, as in an account number. */
  readonly close: number
  /** Likewise where they may stand as far apart as in a phone number. */
  readonly near: number
  /** Letters and digits of the longest run of them. */
  readonly together: number
  /** How many digits follow a dot that follows a digit. */
  readonly dotted: number
  /** Whether two letters stand right before two digits. */
  readonly lettered: boolean
}

export interface DetectContext {
  /** Countries whose phone numbers are taken without a country code. */
  readonly countries: readonly CountryCode[]
  /** Characters of recognisers that ran before. */
  readonly taken: Taken
  /** Where numbers stand; other recognisers read the whole text. */
  readonly windows: readonly NumberWindow[]
  /** The words of the text. */
  readonly words: WordList
}

/** Finds values of one kind by their shape and checksum. */
export type Recogniser = (text: string, context: DetectContext) => Span[]

export const detected = (label: HandleLabel, start: number, end: number, value?: string): Span => ({
  start,
  end,
  label,
  records: [],
  form: 'full',
  by: 'detector',
  ...(value === undefined ? {} : { value }),
})

export const createTaken = (length: number): Taken => {
  let cells: Uint8Array | undefined
  return {
    has(start, end) {
      if (cells === undefined) return false
      for (let at = start; at < end; at += 1) if (cells[at] === 1) return true
      return false
    },
    add(start, end) {
      cells ??= new Uint8Array(length)
      cells.fill(1, start, end)
    },
  }
}

/** One match of a pattern, at its place in the whole text. */
export interface Hit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** All matches of a global pattern inside the windows; each window is read as if nothing stood around it. */
export const hitsIn = (text: string, windows: readonly Window[], pattern: RegExp): Hit[] => {
  const hits: Hit[] = []
  for (const { start, end } of windows) {
    const part = start === 0 && end === text.length ? text : text.slice(start, end)
    pattern.lastIndex = 0
    for (let match = pattern.exec(part); match !== null; match = pattern.exec(part)) {
      if (match[0] === '') {
        pattern.lastIndex += 1
        continue
      }
      hits.push({ start: start + match.index, end: start + match.index + match[0].length, text: match[0] })
    }
  }
  return hits
}
