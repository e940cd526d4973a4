import { englishOf, givenOf, LANGUAGE } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'
import { NOTE } from './notes.ts'
import { createTokenList, GAP, readTokens } from './read-tokens.ts'
import type { TokenList } from './read-tokens.ts'
import { SHAPE, wordBookOf } from './word-facts.ts'

/** What a line is for. */
export const LINE = { other: 0, people: 1, subject: 2, date: 3, oneWord: 4, twoWords: 5, short: 6 } as const

export interface Line {
  /** Index of its first token, and how many it has. */
  readonly from: number
  readonly count: number
  readonly kind: number
  /** Whether the line of words before it is a closing such as `Thanks,`. */
  readonly afterClosing: boolean
}

/** What others have said about a word before the tagger reads it. */
export const KNOWN = {
  nothing: 0,
  /** One word that the workspace has as part of someone's name. */
  word: 1,
  /** Part of a name that the workspace has in full. */
  name: 2,
  /** Part of a value, a place or a company. */
  other: 3,
} as const

/** A stretch that is explained already, in UTF-16 offsets. */
export interface Explained {
  readonly start: number
  readonly end: number
  /** One of KNOWN; `other` when absent. */
  readonly known?: number
}

/** A text read once, with what the whole of it says about its words. */
export interface Document {
  readonly tokens: TokenList
  /** The words of the book without case and accents, by their numbers there. */
  readonly words: readonly string[]
  /** A token's word without case and accents. */
  readonly folded: (at: number) => string
  readonly lines: readonly Line[]
  readonly lineOf: Uint32Array
  /** By token, one of KNOWN. */
  readonly known: Uint8Array
  /** By token, the number of its word: the same for the same word in any case, from 0 without gaps. */
  readonly wordOf: Uint32Array
  /** By word, 1 where it stands in small letters somewhere. */
  readonly small: Uint8Array
  /** By word, how often it stands with a capital. */
  readonly capital: Uint32Array
  /** Whether addresses in the text are made of a token's word: 2 as a part between dots, 1 as the end of one. */
  readonly inAddresses: (at: number) => number
  /** Whether an address in the text is at a domain of this label. */
  readonly inDomains: (at: number) => boolean
  /** 0 English or unclear, 1 German, 2 Portuguese or Spanish. */
  readonly language: number
}

const PEOPLE =
  /^(?:from|to|cc|bcc|attendees|participants|organizer|required|optional|attn|by|von|an|de|para)$/u
const SUBJECT = /^(?:subject|re|fw|fwd|betreff|assunto|asunto|location|file|filename|folder|origin)$/u
const DATES =
  /^(?:date|sent|received|datum|gesendet|data|enviado|time|when|phone|fax|message|mime|content|x)$/u
const languageOf = ({ count, notes }: TokenList): number => {
  let german = 0
  let romance = 0
  for (let at = 0; at < count; at += 1) {
    german += notes[at]! & NOTE.german
    romance += notes[at]! & NOTE.romance
  }
  if (german > count / 10) return LANGUAGE.german
  return romance / 2 > count / 8 ? LANGUAGE.romance : LANGUAGE.english
}

type Folded = (at: number) => string

const lineKind = ({ gap, count: last }: TokenList, folded: Folded, from: number, count: number): number => {
  const isAfterColon =
    from + 1 < last && (gap[from + 1] === GAP.colon || gap[from + 1] === GAP.colon + GAP.lineAfter)
  if (isAfterColon || (from + 2 < last && gap[from + 2] === GAP.colon)) {
    const first = folded(from)
    if (isAfterColon && PEOPLE.test(first)) return LINE.people
    // X-From:, and the way some archives write it: X -From:
    if (first === 'x' && gap[from + 2] === GAP.colon && from + 2 < last && PEOPLE.test(folded(from + 1)))
      return LINE.people
    if (isAfterColon && SUBJECT.test(first)) return LINE.subject
    if (isAfterColon && DATES.test(first)) return LINE.date
  }
  if (count === 1) return LINE.oneWord
  if (count <= 2) return LINE.twoWords
  return count <= 4 ? LINE.short : LINE.other
}

const readLines = (tokens: TokenList, folded: Folded, lineOf: Uint32Array): Line[] => {
  const lines: Line[] = []
  const { line, gap: gaps, notes } = tokens
  let before: Line | undefined
  for (let from = 0; from < tokens.count;) {
    let to = from
    while (to < tokens.count && line[to] === line[from]) to += 1
    const count = to - from
    let kind = lineKind(tokens, folded, from, count)
    const gap = gaps[from]!
    const goesOn =
      gap === GAP.comma + GAP.lineAfter ||
      gap === GAP.semicolon + GAP.lineAfter ||
      gap === GAP.close + GAP.lineAfter
    if (before?.kind === LINE.people && goesOn && kind !== LINE.subject && kind !== LINE.date)
      kind = LINE.people
    const afterClosing =
      before !== undefined && before.count <= 4 && (notes[before.from]! & NOTE.closing) !== 0
    lineOf.fill(lines.length, from, to)
    before = { from, count, kind, afterClosing }
    lines.push(before)
    from = to
  }
  return lines
}

type AddressWords = Pick<Document, 'inAddresses' | 'inDomains'>

const ASKED = 128
const NO_ADDRESSES: AddressWords = { inAddresses: () => 0, inDomains: () => false }

const addressWords = (text: string, folded: Folded, wordOf: Uint32Array, words: number): AddressWords => {
  if (!text.includes('@')) return NO_ADDRESSES
  const labels = new Set<string>()
  const parts = new Set<string>()
  const ends = new Set<string>()
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const local = /[\p{L}\p{N}_.'+-]{2,64}$/u.exec(text.slice(Math.max(0, at - 48), at))?.[0]
    const domain = /^[\p{L}\p{N}_-]{2,32}(?:\.[\p{L}\p{N}_-]+)*/u.exec(text.slice(at + 1, at + 49))?.[0]
    for (const label of domain?.toLowerCase().split('.') ?? []) labels.add(label)
    for (const part of local?.toLowerCase().split(/[^\p{L}]+/u) ?? []) {
      if (part.length < 3) continue
      parts.add(part)
      if (part.length >= 5) {
        ends.add(part.slice(1))
        ends.add(part.slice(0, -1))
      }
    }
  }
  /** By word, ASKED once it has been asked for. */
  const marks = new Uint8Array(words)
  const marksOf = (at: number): number => {
    const number = wordOf[at]!
    if (marks[number] === 0) {
      const word = folded(at)
      const inParts = parts.has(word) ? 2 : word.length > 3 && ends.has(word) ? 1 : 0
      marks[number] = ASKED | inParts | (labels.has(word) ? 4 : 0)
    }
    return marks[number]!
  }
  return {
    inAddresses: (at) => marksOf(at) & 3,
    inDomains: (at) => (marksOf(at) & 4) !== 0,
  }
}

/** German abstract nouns, which no list has all compounds of. */
const GERMAN_NOUN = /.{2}(?:ung|ungen|heit|keit|schaft|tion|tionen|ismus|abteilung|leitung|vertrag|projekt)$/u
/** How common an English word that is as common as these. */
const AS_ENGLISH = 2

/** Common words of the text's language are read as common English words would be in an English text. */
const readInLanguage = (
  { count, shape, kind }: TokenList,
  folded: Folded,
  language: number,
  lexicon: Lexicon,
): void => {
  for (let at = 0; at < count; at += 1) {
    if (shape[at]! >= SHAPE.number || englishOf(kind[at]!) > 0) continue
    const word = folded(at)
    const isWord =
      lexicon.isWordOf(language, word) ||
      (language === LANGUAGE.german && GERMAN_NOUN.test(word) && givenOf(kind[at]!) === 0)
    if (isWord) kind[at]! |= AS_ENGLISH
  }
}

const knownOf = ({ count, start, end }: TokenList, explained: readonly Explained[]): Uint8Array => {
  const known = new Uint8Array(count)
  if (explained.length === 0) return known
  const sorted = explained.toSorted((a, b) => a.start - b.start)
  let next = 0
  for (let at = 0; at < count && next < sorted.length; at += 1) {
    while (next < sorted.length && sorted[next]!.end <= start[at]!) next += 1
    const span = sorted[next]
    if (span && span.start < end[at]!) known[at] = span.known ?? KNOWN.other
  }
  return known
}

let documents = 0
/** By word of any book, which document numbered it last, and how. */
let numbered = new Uint32Array(1 << 12)
let numbers = new Uint32Array(1 << 12)

/** Numbers the words of a document as they come. */
const numberWords = ({
  count,
  word,
}: TokenList): { readonly wordOf: Uint32Array; readonly count: number } => {
  documents += 1
  const wordOf = new Uint32Array(count)
  let different = 0
  for (let at = 0; at < count; at += 1) {
    const number = word[at]!
    if (number >= numbered.length) {
      const size = 2 ** Math.ceil(Math.log2(number + 1))
      const [before, after] = [numbered, numbers]
      numbered = new Uint32Array(size)
      numbers = new Uint32Array(size)
      numbered.set(before)
      numbers.set(after)
    }
    if (numbered[number] !== documents) {
      numbered[number] = documents
      numbers[number] = different
      different += 1
    }
    wordOf[at] = numbers[number]!
  }
  return { wordOf, count: different }
}

/**
 * Reads a text for the tagger; `explained` without overlaps. The document holds until the next text is read into the
 * same list.
 */
export const readDocument = (
  text: string,
  lexicon: Lexicon,
  explained: readonly Explained[] = [],
  list: TokenList = createTokenList(),
): Document => {
  const tokens = readTokens(text, lexicon, list)
  const words = wordBookOf(lexicon).folded
  const folded = (at: number): string => words[tokens.word[at]!]!
  const language = languageOf(tokens)
  if (language !== LANGUAGE.english) readInLanguage(tokens, folded, language, lexicon)
  const lineOf = new Uint32Array(tokens.count)
  const lines = readLines(tokens, folded, lineOf)
  const { wordOf, count } = numberWords(tokens)
  const small = new Uint8Array(count)
  const capital = new Uint32Array(count)
  for (let at = 0; at < tokens.count; at += 1) {
    const shape = tokens.shape[at]!
    if (shape === SHAPE.small) small[wordOf[at]!] = 1
    else if (shape < SHAPE.number) capital[wordOf[at]!]! += 1
  }
  return {
    tokens,
    words,
    folded,
    lines,
    lineOf,
    wordOf,
    known: knownOf(tokens, explained),
    small,
    capital,
    ...addressWords(text, folded, wordOf, count),
    language,
  }
}

const SEPARATES = new Uint8Array(64).fill(1, GAP.lineAfter)
for (const gap of [
  GAP.comma,
  GAP.semicolon,
  GAP.angle,
  GAP.quote,
  GAP.paragraph,
  GAP.open,
  GAP.close,
  GAP.wide,
  GAP.slash,
])
  SEPARATES[gap] = 1

const separates = (gap: number): boolean => SEPARATES[gap] === 1

/** Whether the word stands in an item of two or three words of a list, beside or as a given name. */
const isListed = ({ tokens: { count, gap, kind } }: Document, at: number): boolean => {
  let from = at
  while (from > 0 && at - from < 3 && !separates(gap[from]!)) from -= 1
  let to = at + 1
  while (to < count && to - from < 4 && !separates(gap[to]!)) to += 1
  if (to - from > 3 || to - from < 2) return false
  return givenOf(kind[from]!) > 0 && englishOf(kind[from]!) !== 1
}

/** Whether a token may be part of a name at all. */
export const isCandidate = (document: Document, at: number): boolean => {
  const { tokens } = document
  const shape = tokens.shape[at]!
  if (shape >= SHAPE.number || (tokens.notes[at]! & NOTE.never) !== 0) return false
  if (shape !== SHAPE.small) return true
  const length = tokens.length[at]!
  if (length < 2) return false
  const given = givenOf(tokens.kind[at]!)
  const english = englishOf(tokens.kind[at]!)
  if (english === 0 && given > 0) return true
  const line = document.lines[document.lineOf[at]!]!
  if (line.kind === LINE.people) return length > 2 && english !== 1
  if (english !== 1 && isListed(document, at)) return true
  if (line.count === 1) return english === 0 || given > 0
  return line.count <= 3 && (english === 0 || (english === 3 && given > 0))
}
