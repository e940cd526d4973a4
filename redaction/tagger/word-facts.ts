import { randomInt } from 'node:crypto'
import { englishOf, foldForLexicon, givenOf } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'
import { notesOf } from './notes.ts'

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

/**
 * What can be said of words as they are written, whatever stands around them: words that texts had before cost next to
 * nothing again. By the number that `find` answers.
 */
export interface WordBook {
  /** To be called before a document is read: numbers hold until the next call. */
  begin(): void
  /** The number of the word that stands in `text` from `start` to `end`; `units` are those of the text. */
  find(text: string, units: Uint16Array, start: number, end: number): number
  shapeOf(written: number): number
  /** What lists say of it as it is written. */
  kindOf(written: number): number
  /** What lists say of it where its shape does not count. */
  plainKindOf(written: number): number
  cueOf(written: number): number
  /** The number of the word without case and accents. */
  wordOf(written: number): number
  /** Words without case and accents, by that number; another list once the book has begun anew. */
  readonly folded: readonly string[]
  /** Its units, 255 at most. */
  lengthOf(word: number): number
  /** What is noted of it, in bits of NOTE. */
  notesOf(word: number): number
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

/** So many words are kept from one document to the next. */
const MOST_WORDS = 1 << 15
/** Another in each process, so that no mail can bring a word that is taken for another one. */
const SEEDS = [randomInt(2 ** 32 - 1), randomInt(2 ** 32 - 1)] as const

/** The word in memory of its own, which does not hold the text that it was cut from. */
const copyOf = (word: string): string => Buffer.from(word, 'utf16le').toString('utf16le')

/** Cells of a slot: two hashes of the word as it is written, its number from 1, and one to spare. */
const CELLS = 4

const createWordBook = (lexicon: Lexicon): WordBook => {
  let slots = new Uint32Array(0)
  let count = 0
  /** Shape, kind and plain kind, from the lowest bits. */
  let looks = new Uint32Array(0)
  let cues = new Uint32Array(0)
  let wordNumbers = new Uint32Array(0)
  /** By word: notes and, above their eight bits, length. */
  let notes = new Uint32Array(0)
  let folded: string[] = []
  const words = new Map<string, number>()

  const clear = (): void => {
    slots = new Uint32Array(MOST_WORDS * 2 * CELLS)
    looks = new Uint32Array(MOST_WORDS)
    cues = new Uint32Array(MOST_WORDS)
    wordNumbers = new Uint32Array(MOST_WORDS)
    notes = new Uint32Array(MOST_WORDS)
    count = 0
    folded = []
    words.clear()
  }

  /** The cell of a word, or of the empty slot where it belongs. */
  const place = (one: number, two: number): number => {
    let at = (one & (slots.length / CELLS - 1)) * CELLS
    while (slots[at + 2] !== 0 && (slots[at] !== one || slots[at + 1] !== two))
      at = at + CELLS === slots.length ? 0 : at + CELLS
    return at
  }

  const longer = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
    const next = new Uint32Array(old.length * 2)
    next.set(old)
    return next
  }

  const grow = (): void => {
    const old = slots
    slots = new Uint32Array(old.length * 2)
    for (let from = 0; from < old.length; from += CELLS) {
      if (old[from + 2] !== 0) slots.set(old.subarray(from, from + CELLS), place(old[from]!, old[from + 1]!))
    }
    looks = longer(looks)
    cues = longer(cues)
    wordNumbers = longer(wordNumbers)
    notes = longer(notes)
  }

  const wordOf = (text: string): number => {
    const known = words.get(text)
    if (known !== undefined) return known
    words.set(text, folded.length)
    notes[folded.length] = notesOf(text) | (Math.min(text.length, 255) << 8)
    folded.push(text)
    return folded.length - 1
  }

  const note = (written: string): void => {
    const text = foldForLexicon(written)
    const basic = shapeOf(written)
    const shape =
      (basic === SHAPE.mixed || basic === SHAPE.smallMixed) && isCompound(written, lexicon)
        ? SHAPE.compound
        : basic
    const plainKind = lexicon.kindOf(text)
    // An initial and a family name in one word is no English word, whatever the family is called.
    const kind = shape === SHAPE.initialled ? lexicon.kindOf(text.slice(1)) & ~3 : plainKind
    looks[count] = shape | (kind << 4) | (plainKind << 12)
    cues[count] = lexicon.cueOf(text)
    wordNumbers[count] = wordOf(text)
    count += 1
  }

  clear()
  return {
    begin() {
      if (count >= MOST_WORDS) clear()
    },
    find(text, units, start, end) {
      let one = SEEDS[0] ^ (end - start)
      let two = SEEDS[1]
      for (let at = start; at < end; at += 1) {
        const unit = units[at]!
        one = Math.imul(one ^ unit, 0x01000193)
        two = Math.imul(two + unit, 0x5bd1e995) ^ (two >>> 13)
      }
      one = (one ^ (one >>> 15)) >>> 0
      two >>>= 0
      const known = slots[place(one, two) + 2]!
      if (known !== 0) return known - 1
      if (count === looks.length) grow()
      const at = place(one, two)
      note(copyOf(text.slice(start, end)))
      slots[at] = one
      slots[at + 1] = two
      slots[at + 2] = count
      return count - 1
    },
    shapeOf: (written) => looks[written]! & 15,
    kindOf: (written) => (looks[written]! >>> 4) & 255,
    plainKindOf: (written) => (looks[written]! >>> 12) & 255,
    cueOf: (written) => cues[written]!,
    wordOf: (written) => wordNumbers[written]!,
    get folded() {
      return folded
    },
    lengthOf: (word) => notes[word]! >>> 8,
    notesOf: (word) => notes[word]! & 255,
  }
}

const books = new WeakMap<Lexicon, WordBook>()

/** The book of a lexicon. */
export const wordBookOf = (lexicon: Lexicon): WordBook => {
  const known = books.get(lexicon) ?? createWordBook(lexicon)
  books.set(lexicon, known)
  return known
}
