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

export interface Token {
  readonly start: number
  readonly end: number
  /** Without case and accents. */
  readonly folded: string
  readonly shape: number
  readonly kind: number
  readonly cue: number
  /** Between this token and the one before. */
  readonly gap: number
  /** Counted from 0. */
  readonly line: number
}

const WORD = /\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]+)*|\p{N}+/gu
const LINK = /(?:https?:\/\/|www\.|\/o=)\S+/giu

const gapOf = (text: string, start: number, end: number): number => {
  if (start === end) return GAP.none
  let lines = 0
  let blanks = 0
  let mark = -1
  let first = ''
  for (let at = start; at < end; at += 1) {
    const character = text[at]!
    if (character === '\n') lines += 1
    else if (character === ' ' || character === '\t' || character === '\r' || character === '\u00a0')
      blanks += 1
    else if (character === '>' && lines > 0) continue
    else if (mark < 0) {
      mark = GAP_OF_CHARACTER[character] ?? GAP.other
      first = character
    } else if (mark === GAP.apostrophe || mark === GAP.quote) mark = GAP_OF_CHARACTER[character] ?? mark
  }
  if (mark < 0) {
    if (lines > 1) return GAP.paragraph
    if (lines === 1) return GAP.line
    return blanks > 2 || text.charCodeAt(end - 1) === 9 ? GAP.wide : GAP.blank
  }
  if (lines > 0) return mark + GAP.lineAfter
  if (first === '.' && blanks === 0) return GAP.dot
  if (first === '-' && blanks > 0) return GAP.dash
  return mark
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

/** A possessive is no part of the name. */
const trimmed = (word: string): string => (/['’]s$/iu.test(word) ? word.slice(0, -2) : word)

/** Letters, digits and what else an address holds, as far as they reach from `at` in one direction. */
const reach = (text: string, from: number, by: 1 | -1): number => {
  let at = from
  while (at >= 0 && at < text.length) {
    const code = text.charCodeAt(at)
    const isWord = (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)
    if (!isWord && code < 128 && !"_.'+-".includes(text.charAt(at))) break
    if (code >= 128 && !/[\p{L}\p{N}]/u.test(text.charAt(at))) break
    at += by
  }
  return at
}

/** 1 where a character belongs to an address or a link; undefined where there is none. */
const takenIn = (text: string): Uint8Array | undefined => {
  let taken: Uint8Array | undefined
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const start = reach(text, at - 1, -1) + 1
    const end = reach(text, at + 1, 1)
    const dot = text.indexOf('.', at + 2)
    if (start === at || dot < 0 || dot >= end - 1) continue
    taken ??= new Uint8Array(text.length)
    taken.fill(1, start, end)
  }
  if (text.includes('://') || text.includes('/o=') || /www\./iu.test(text)) {
    for (const match of text.matchAll(LINK)) {
      taken ??= new Uint8Array(text.length)
      taken.fill(1, match.index, match.index + match[0].length)
    }
  }
  return taken
}

/** Quoted-printable blanks and tabs read as such, at the same length. */
const withoutQuoting = (text: string): string =>
  /=(?:09|20|A0)/u.test(text) ? text.replace(/=(?:20|A0)/gu, '   ').replaceAll('=09', '  \t') : text

/** The words and numbers of a text, in order. */
export const readTokens = (original: string, lexicon: Lexicon): Token[] => {
  const text = withoutQuoting(original)
  const tokens: Token[] = []
  const taken = takenIn(text)
  let before = 0
  let line = 0
  WORD.lastIndex = 0
  for (let match = WORD.exec(text); match; match = WORD.exec(text)) {
    const start = match.index
    const word = trimmed(match[0])
    const end = start + word.length
    for (let at = before; at < start; at += 1) if (text.charCodeAt(at) === 10) line += 1
    const folded = foldForLexicon(word)
    let shape: number = taken?.[start] === 1 ? SHAPE.taken : shapeOf(word)
    if ((shape === SHAPE.mixed || shape === SHAPE.smallMixed) && isCompound(word, lexicon))
      shape = SHAPE.compound
    const gap = tokens.length === 0 ? GAP.edge : gapOf(text, before, start)
    // An initial and a family name in one word is no English word, whatever the family is called.
    const known = shape === SHAPE.initialled ? lexicon.kindOf(folded.slice(1)) & ~3 : lexicon.kindOf(folded)
    tokens.push({ start, end, folded, shape, kind: known, cue: lexicon.cueOf(folded), gap, line })
    before = end
  }
  return tokens
}
