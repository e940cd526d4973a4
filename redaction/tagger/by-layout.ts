import { KNOWN } from './document.ts'
import type { Document } from './document.ts'
import { englishOf, familyOf, givenOf } from './lexicon.ts'
import { isSure, markOf, raise } from './page.ts'
import type { Page } from './page.ts'
import { GAP } from './read-tokens.ts'
import { readSignOffs } from './sign-offs.ts'
import { SHAPE } from './word-facts.ts'

/** How sure the tagger must be of a given name for what stands beside it to be the family name. */
const LIKELY = 0.4

const MOST_WORDS = 4
/** This many items with semicolons between them are a list, and this share of them must hold a sure name. */
const LEAST_ITEMS = 5
const LEAST_NAMED = 0.6

const isWithin = (gap: number): boolean =>
  gap === GAP.blank || gap === GAP.line || gap === GAP.hyphen || gap === GAP.apostrophe

/** The items' first tokens, and the token after the last. */
const readList = (page: Page, starts: readonly number[]): void => {
  let short = 0
  let named = 0
  const items = starts.length - 1
  for (let item = 0; item < items; item += 1) {
    const [from, to] = [starts[item]!, starts[item + 1]!]
    if (to - from > MOST_WORDS) continue
    short += 1
    for (let at = from; at < to; at += 1) {
      if (!isSure(page, at)) continue
      named += 1
      break
    }
  }
  if (short < LEAST_ITEMS || named < LEAST_NAMED * items) return
  for (let item = 0; item < items; item += 1) {
    const [from, to] = [starts[item]!, starts[item + 1]!]
    if (to - from <= MOST_WORDS) for (let at = from; at < to; at += 1) raise(page, at)
  }
}

/** Lists of people with semicolons between them: all words of an item are a name, whatever each is by itself. */
const readLists = (page: Page): void => {
  const { count, gap } = page.tokens
  let starts: number[] = [0]
  for (let at = 1; at <= count; at += 1) {
    const here = at < count ? gap[at]! : GAP.edge
    if (isWithin(here)) continue
    if (starts.length > 1 || markOf(here) === GAP.semicolon) starts.push(at)
    if (markOf(here) === GAP.semicolon) continue
    if (starts.length > LEAST_ITEMS) readList(page, starts)
    starts = [at]
  }
}

/** `Mike Day`: after a given name, a capitalised word that lists have as a common family name. */
const isFamilyName = (page: Page, at: number): boolean => {
  const { known, certainty } = page
  const { gap, kind, shape } = page.tokens
  if (gap[at] !== GAP.blank && gap[at] !== GAP.line) return false
  if (known[at] !== KNOWN.nothing || familyOf(kind[at]!) < 3 || givenOf(kind[at - 1]!) < 2) return false
  if (shape[at] !== SHAPE.capital || shape[at - 1] !== SHAPE.capital) return false
  return certainty[at - 1]! >= LIKELY && !isSure(page, at - 2)
}

/** `WHITE, JESSICA` at the beginning of a line. */
const readReversed = (page: Page): void => {
  const { gap, kind, shape } = page.tokens
  for (const { from, count } of page.lines) {
    if (count < 2 || gap[from + 1] !== GAP.comma || shape[from] !== SHAPE.capitals) continue
    if (shape[from + 1] !== SHAPE.capitals || familyOf(kind[from]!) === 0) continue
    if (givenOf(kind[from + 1]!) === 2 && page.certainty[from + 1]! >= LIKELY) raise(page, from)
  }
}

const UNDERSCORE = '_'
/** What old mail systems made of letters with accents, where small letters go on after it. */
const BROKEN_ACCENTS = '"?=~^`¨'

/** How sure one of two parts must be for the other to be of the same name. */
const LEAST_BROKEN = { small: 0.2, other: 0.6 } as const

/** `rinde_powell`, `W"ste`: parts of one name that an underscore joins, or a lost accent has cut. */
const readBroken = (page: Page, at: number): void => {
  const { tokens, text, certainty } = page
  const { start, end, shape, kind } = tokens
  if (start[at] !== end[at - 1]! + 1) return
  const mark = text.charAt(end[at - 1]!)
  const isSmall = shape[at] === SHAPE.small
  if (mark !== UNDERSCORE && !(isSmall && BROKEN_ACCENTS.includes(mark))) return
  for (const [sure, part] of [
    [at - 1, at],
    [at, at - 1],
  ] as const) {
    const least = shape[part] === SHAPE.small ? LEAST_BROKEN.small : LEAST_BROKEN.other
    if (certainty[sure]! <= least || englishOf(kind[part]!) !== 0) continue
    raise(page, sure)
    raise(page, part)
  }
}

const EXTENSION = /^[ \t]*\n?[ \t]*\(?[ \t]*(?:x|ext\.?)[ \t]?\d{3,5}(?!\p{L})/iu
const MAY_BEGIN_EXTENSION = /^[ \t\n(]{1,3}[xe]/iu

/** `Mercy x35082`: in front of an extension stands who has it. */
const hasExtension = ({ tokens, text }: Page, at: number): boolean => {
  const kind = tokens.kind[at]!
  if (givenOf(kind) === 0 && familyOf(kind) < 3) return false
  const end = tokens.end[at]!
  const unit = text.charCodeAt(end)
  if (unit !== 0x20 && unit !== 0x0a && unit !== 0x09) return false
  const after = text.slice(end, end + 16)
  return MAY_BEGIN_EXTENSION.test(after) && EXTENSION.test(after)
}

/** `aren't`, `[mailto:`: words that name nobody wherever they stand so. */
const namesNobody = ({ tokens, folded, known }: Page, at: number): boolean => {
  const { count, gap, length } = tokens
  if (at + 1 >= count || known[at] === KNOWN.name) return false
  if (gap[at + 1] === GAP.apostrophe) return length[at + 1] === 1 && folded(at + 1) === 't'
  return gap[at + 1] === GAP.colon && length[at] === 6 && folded(at) === 'mailto'
}

/**
 * What the layout of a mail says surer than weights: lists of people, a family name after a given one, names in capitals
 * with the family name first, names broken by an underscore or a lost accent, extensions, and how people sign. Changes
 * `certainty`.
 */
export const readByLayout = (document: Document, certainty: Float32Array, text: string): void => {
  const page: Page = { ...document, certainty, text }
  const { count, shape } = page.tokens
  for (let at = 0; at < count; at += 1) if (namesNobody(page, at)) certainty[at] = 0
  readLists(page)
  for (let at = 1; at < count; at += 1) if (isFamilyName(page, at)) raise(page, at)
  readReversed(page)
  for (let at = 1; at < count; at += 1) readBroken(page, at)
  for (let at = 0; at < count; at += 1)
    if (shape[at]! < SHAPE.number && hasExtension(page, at)) raise(page, at)
  readSignOffs(page)
}
