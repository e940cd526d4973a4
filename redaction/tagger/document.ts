import { englishOf, givenOf, LANGUAGE } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'
import { GAP, readTokens } from './read-tokens.ts'
import type { Token } from './read-tokens.ts'
import { SHAPE } from './word-facts.ts'
import type { FoldedWord, WordFacts } from './word-facts.ts'

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
  readonly tokens: readonly Token[]
  readonly lines: readonly Line[]
  readonly lineOf: Uint32Array
  /** By token, what is known of its word by itself. */
  readonly facts: readonly WordFacts[]
  /** By token, one of KNOWN. */
  readonly known: Uint8Array
  /** By token, the number of its word: the same for the same word in any case, from 0 without gaps. */
  readonly wordOf: Uint32Array
  /** By word, 1 where it stands in small letters somewhere. */
  readonly small: Uint8Array
  /** By word, how often it stands with a capital. */
  readonly capital: Uint32Array
  /** Words that the addresses in the text are made of: 2 as a part between dots, 1 as the end of one. */
  readonly inAddresses: (folded: string) => number
  /** Whether an address in the text is at a domain of this label. */
  readonly inDomains: (folded: string) => boolean
  /** 0 English or unclear, 1 German, 2 Portuguese or Spanish. */
  readonly language: number
}

const PEOPLE =
  /^(?:from|to|cc|bcc|attendees|participants|organizer|required|optional|attn|by|von|an|de|para)$/u
const SUBJECT = /^(?:subject|re|fw|fwd|betreff|assunto|asunto|location|file|filename|folder|origin)$/u
const DATES =
  /^(?:date|sent|received|datum|gesendet|data|enviado|time|when|phone|fax|message|mime|content|x)$/u
const CLOSING =
  /^(?:thanks|thank|regards|best|sincerely|cheers|love|yours|later|thx|kind|warm|many|respectfully|cordially|gruss|grusse|viele|mit|obrigado|obrigada|abraco|abracos|atenciosamente|saludos|talk|see|take|hope|bye)$/u

const GERMAN = new Set(
  'der die das und ist nicht ein eine mit von den dem des auch sich auf fur im zu wird als bei sind wir sie ich'.split(
    ' ',
  ),
)
const ROMANCE = new Set(
  'de que o os do da em um uma para com nao por mais dos das como foi el los las una del y sua seu pelo'.split(
    ' ',
  ),
)

/** Words of greetings and header lines that stand right before names. */
const NEVER: ReadonlySet<string> = new Set(
  'hi hello hey dear thanks thank regards the and or to from cc bcc subject re fw fwd sent von betreff liebe lieber guten hallo sehr geehrte geehrter assunto prezado prezada caro cara caros'.split(
    ' ',
  ),
)

/** What is noted of a word by itself, in bits. */
const NOTE = { german: 1, romance: 2, closing: 4, never: 8 } as const

const notesOf = (word: FoldedWord): number => {
  if (word.flags < 0) {
    const { folded } = word
    word.flags =
      (GERMAN.has(folded) ? NOTE.german : ROMANCE.has(folded) ? NOTE.romance : 0) |
      (CLOSING.test(folded) ? NOTE.closing : 0) |
      (NEVER.has(folded) ? NOTE.never : 0)
  }
  return word.flags
}

const languageOf = (facts: readonly WordFacts[]): number => {
  let german = 0
  let romance = 0
  for (let at = 0; at < facts.length; at += 1) {
    const notes = notesOf(facts[at]!.word)
    german += notes & NOTE.german
    romance += notes & NOTE.romance
  }
  if (german > facts.length / 10) return LANGUAGE.german
  return romance / 2 > facts.length / 8 ? LANGUAGE.romance : LANGUAGE.english
}

const lineKind = (tokens: readonly Token[], from: number, count: number): number => {
  const first = tokens[from]!
  const next = tokens[from + 1]
  const colon = next !== undefined && (next.gap === GAP.colon || next.gap === GAP.colon + GAP.lineAfter)
  if (colon && PEOPLE.test(first.folded)) return LINE.people
  // X-From:, and the way some archives write it: X -From:
  const third = tokens[from + 2]
  if (first.folded === 'x' && next && PEOPLE.test(next.folded) && third?.gap === GAP.colon) return LINE.people
  if (colon && SUBJECT.test(first.folded)) return LINE.subject
  if (colon && DATES.test(first.folded)) return LINE.date
  if (count === 1) return LINE.oneWord
  if (count <= 2) return LINE.twoWords
  return count <= 4 ? LINE.short : LINE.other
}

const readLines = (tokens: readonly Token[], facts: readonly WordFacts[], lineOf: Uint32Array): Line[] => {
  const lines: Line[] = []
  for (let from = 0; from < tokens.length;) {
    let to = from
    while (to < tokens.length && tokens[to]!.line === tokens[from]!.line) to += 1
    const count = to - from
    const before = lines.at(-1)
    let kind = lineKind(tokens, from, count)
    const gap = tokens[from]!.gap
    const goesOn =
      gap === GAP.comma + GAP.lineAfter ||
      gap === GAP.semicolon + GAP.lineAfter ||
      gap === GAP.close + GAP.lineAfter
    if (before?.kind === LINE.people && goesOn && kind !== LINE.subject && kind !== LINE.date)
      kind = LINE.people
    const closing =
      before !== undefined && before.count <= 4 && (notesOf(facts[before.from]!.word) & NOTE.closing) !== 0
    lineOf.fill(lines.length, from, to)
    lines.push({ from, count, kind, afterClosing: closing })
    from = to
  }
  return lines
}

interface AddressWords {
  readonly inAddresses: (folded: string) => number
  readonly inDomains: (folded: string) => boolean
}

const NO_ADDRESSES: AddressWords = { inAddresses: () => 0, inDomains: () => false }

const addressWords = (text: string): AddressWords => {
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
  return {
    inAddresses: (folded) => (parts.has(folded) ? 2 : folded.length > 3 && ends.has(folded) ? 1 : 0),
    inDomains: (folded) => labels.has(folded),
  }
}

/** German abstract nouns, which no list has all compounds of. */
const GERMAN_NOUN = /.{2}(?:ung|ungen|heit|keit|schaft|tion|tionen|ismus|abteilung|leitung|vertrag|projekt)$/u
/** How common an English word that is as common as these. */
const AS_ENGLISH = 2

/** A common word of the text's language is read as a common English word would be in an English text. */
const inLanguage = (token: Token, language: number, lexicon: Lexicon): Token => {
  if (token.shape >= SHAPE.number || englishOf(token.kind) > 0) return token
  const isWord =
    lexicon.isWordOf(language, token.folded) ||
    (language === LANGUAGE.german && GERMAN_NOUN.test(token.folded) && givenOf(token.kind) === 0)
  return isWord ? { ...token, kind: token.kind | AS_ENGLISH } : token
}

const knownOf = (tokens: readonly Token[], explained: readonly Explained[]): Uint8Array => {
  const known = new Uint8Array(tokens.length)
  if (explained.length === 0) return known
  const sorted = explained.toSorted((a, b) => a.start - b.start)
  let next = 0
  for (let at = 0; at < tokens.length && next < sorted.length; at += 1) {
    const { start, end } = tokens[at]!
    while (next < sorted.length && sorted[next]!.end <= start) next += 1
    const span = sorted[next]
    if (span && span.start < end) known[at] = span.known ?? KNOWN.other
  }
  return known
}

let documents = 0

/** Numbers the words of a document as they come. */
const numberWords = (
  facts: readonly WordFacts[],
): { readonly wordOf: Uint32Array; readonly count: number } => {
  documents += 1
  const wordOf = new Uint32Array(facts.length)
  let count = 0
  for (let at = 0; at < facts.length; at += 1) {
    const { word } = facts[at]!
    if (word.document !== documents) {
      word.document = documents
      word.number = count
      count += 1
    }
    wordOf[at] = word.number
  }
  return { wordOf, count }
}

/** Reads a text for the tagger; `explained` without overlaps. */
export const readDocument = (
  text: string,
  lexicon: Lexicon,
  explained: readonly Explained[] = [],
): Document => {
  const { tokens: read, facts } = readTokens(text, lexicon)
  const language = languageOf(facts)
  const tokens =
    language === LANGUAGE.english ? read : read.map((token) => inLanguage(token, language, lexicon))
  const lineOf = new Uint32Array(tokens.length)
  const lines = readLines(tokens, facts, lineOf)
  const { wordOf, count } = numberWords(facts)
  const small = new Uint8Array(count)
  const capital = new Uint32Array(count)
  for (let at = 0; at < tokens.length; at += 1) {
    const { shape } = tokens[at]!
    if (shape === SHAPE.small) small[wordOf[at]!] = 1
    else if (shape < SHAPE.number) capital[wordOf[at]!]! += 1
  }
  return {
    tokens,
    lines,
    lineOf,
    facts,
    wordOf,
    known: knownOf(tokens, explained),
    small,
    capital,
    ...addressWords(text),
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
const isListed = ({ tokens }: Document, at: number): boolean => {
  let from = at
  while (from > 0 && at - from < 3 && !separates(tokens[from]!.gap)) from -= 1
  let to = at + 1
  while (to < tokens.length && to - from < 4 && !separates(tokens[to]!.gap)) to += 1
  if (to - from > 3 || to - from < 2) return false
  return givenOf(tokens[from]!.kind) > 0 && englishOf(tokens[from]!.kind) !== 1
}

/** Whether a token may be part of a name at all. */
export const isCandidate = (document: Document, at: number): boolean => {
  const { shape, kind, folded } = document.tokens[at]!
  if (shape >= SHAPE.number || (notesOf(document.facts[at]!.word) & NOTE.never) !== 0) return false
  if (shape !== SHAPE.small) return true
  if (folded.length < 2) return false
  const english = englishOf(kind)
  if (english === 0 && givenOf(kind) > 0) return true
  const line = document.lines[document.lineOf[at]!]!
  if (line.kind === LINE.people) return folded.length > 2 && english !== 1
  if (english !== 1 && isListed(document, at)) return true
  if (line.count === 1) return english === 0 || givenOf(kind) > 0
  return line.count <= 3 && (english === 0 || (english === 3 && givenOf(kind) > 0))
}
