import { englishOf, foldForLexicon, givenOf } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'

/** How a word is written. */
export const SHAPE = {
  small: 0,
  capital: 1,
  capitals: 2,
  letter: 3,
  mixed: 4,
  prefixed: 5,
  smallMixed: 6,
  /** An initial and a family name in one word: DWhitfield. */
  initialled: 7,
  number: 8,
  longNumber: 9,
  /** Inside an address or link, which other detectors hide. */
  taken: 10,
  /** English words run together, as the names of systems are: HourAhead. */
  compound: 11,
} as const

/** A word without case and accents, however it is written; one object a word, so that readers may number and note it. */
export interface FoldedWord {
  readonly folded: string
  /** What a reader notes of the word itself; -1 until it has. */
  flags: number
  /** Which document gave the word its number last. */
  document: number
  /** Its number there. */
  number: number
}

/** All that can be said of a word as it is written, whatever stands around it. */
export interface WordFacts {
  readonly written: string
  readonly word: FoldedWord
  readonly shape: number
  /** What lists say of it as it is written. */
  readonly kind: number
  /** What lists say of it where its shape does not count. */
  readonly plainKind: number
  readonly cue: number
}

/** The facts of words, by their units. */
export interface FactBook {
  /** To be called before a document is read: facts found since belong together. */
  begin(): void
  /** Those of the word that stands in `units` from `start` to `end`. */
  find(units: Uint16Array, start: number, end: number): WordFacts
}

const shapeOf = (word: string): number => {
  const first = word.charCodeAt(0)
  let small = 0
  let large = 0
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at)
    if (code >= 97 && code <= 122) small += 1
    else if (code >= 65 && code <= 90) large += 1
  }
  if (small === word.length && small > 1) return SHAPE.small
  if (large === 1 && small === word.length - 1 && small > 0 && first <= 90) return SHAPE.capital
  if (large === word.length && large > 1) return SHAPE.capitals
  if (first >= 48 && first <= 57) return word.length > 4 ? SHAPE.longNumber : SHAPE.number
  if (word.length === 1) return /\p{Ll}/u.test(word) ? SHAPE.small : SHAPE.letter
  if (/^\p{Lu}+$/u.test(word)) return SHAPE.capitals
  if (/^(?:Mc|Mac|[ODLdl]['’]|De|Di|Du|La|Le|Van|Von|Fitz|St)\p{Lu}\p{Ll}+$/u.test(word))
    return SHAPE.prefixed
  if (/^[A-Z]{2}[a-z]{2,}$/u.test(word)) return SHAPE.initialled
  if (/^\p{Lu}['’\p{Ll}\p{M}]+$/u.test(word)) return SHAPE.capital
  if (/^\p{Lu}[\p{Lu}'’]+$/u.test(word)) return SHAPE.capitals
  if (/^[\p{Lu}\p{Lt}]/u.test(word)) return SHAPE.mixed
  if (/^\p{N}/u.test(word)) return SHAPE.number
  if (/^\p{Lo}/u.test(word)) return SHAPE.capital
  return /\p{Lu}/u.test(word) ? SHAPE.smallMixed : SHAPE.small
}

/** Whether a word is several run together, at least one of them English and none a given name. */
const isCompound = (word: string, lexicon: Lexicon): boolean => {
  const parts = word.match(/\p{Lu}\p{Ll}+|\p{Lu}+(?!\p{Ll})|^\p{Ll}+/gu) ?? []
  if (parts.length < 2 || parts.length > 12) return parts.length > 12
  const kinds = parts.map((part) => lexicon.kindOf(foldForLexicon(part)))
  const english = kinds.filter((kind, at) => englishOf(kind) > 0 && parts[at]!.length > 2).length
  return english > 0 && (english > 1 || parts.length > 2) && kinds.every((kind) => givenOf(kind) < 2)
}

/** So many words are kept from one document to the next, none that is longer, and this many within one. */
const MOST_WORDS = 1 << 15
const LONGEST_WORD = 32
const MOST_AT_ALL = MOST_WORDS * 1.5

const isAt = (word: string, units: Uint16Array, start: number): boolean => {
  for (let at = 0; at < word.length; at += 1) if (word.charCodeAt(at) !== units[start + at]) return false
  return true
}

const createFactBook = (lexicon: Lexicon): FactBook => {
  const slots = new Uint32Array(MOST_WORDS * 4)
  const mask = slots.length - 1
  /** From 1; 0 is an empty slot. */
  let facts: WordFacts[] = []
  const words = new Map<string, FoldedWord>()

  const wordOf = (folded: string): FoldedWord => {
    const known = words.get(folded)
    if (known) return known
    const word = { folded, flags: -1, document: 0, number: 0 }
    words.set(folded, word)
    return word
  }

  const read = (written: string): WordFacts => {
    const folded = foldForLexicon(written)
    const basic = shapeOf(written)
    const shape =
      (basic === SHAPE.mixed || basic === SHAPE.smallMixed) && isCompound(written, lexicon)
        ? SHAPE.compound
        : basic
    const plainKind = lexicon.kindOf(folded)
    return {
      written,
      word: wordOf(folded),
      shape,
      // An initial and a family name in one word is no English word, whatever the family is called.
      kind: shape === SHAPE.initialled ? lexicon.kindOf(folded.slice(1)) & ~3 : plainKind,
      plainKind,
      cue: lexicon.cueOf(folded),
    }
  }

  return {
    begin() {
      if (facts.length < MOST_WORDS && words.size < MOST_WORDS) return
      slots.fill(0)
      facts = []
      words.clear()
    },
    find(units, start, end) {
      const length = end - start
      let hash = length
      for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ units[at]!, 0x01000193)
      let slot = (hash ^ (hash >>> 15)) & mask
      for (let index = slots[slot]!; index !== 0; index = slots[slot]!) {
        const known = facts[index - 1]!
        if (known.written.length === length && isAt(known.written, units, start)) return known
        slot = (slot + 1) & mask
      }
      const found = read(String.fromCharCode(...units.subarray(start, end)))
      if (length > LONGEST_WORD || facts.length >= MOST_AT_ALL) return found
      facts.push(found)
      slots[slot] = facts.length
      return found
    },
  }
}

const books = new WeakMap<Lexicon, FactBook>()

/** The book of a lexicon: words that texts had before cost nothing again. */
export const factBookOf = (lexicon: Lexicon): FactBook => {
  const known = books.get(lexicon) ?? createFactBook(lexicon)
  books.set(lexicon, known)
  return known
}
