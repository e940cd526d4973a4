import { englishOf, givenOf } from './lexicon.ts'
import { isSure, markOf, raise } from './page.ts'
import type { Page } from './page.ts'
import { GAP } from './read-tokens.ts'
import { SHAPE } from './word-facts.ts'

/** Given and family name as addresses of two parts spell them. */
const ADDRESS = /(?<![\p{L}\p{N}_.'+-])(\p{L}+)[._](?:\p{L}\.?[._])?(\p{L}{2,})@/giu

/** How people of a text may sign it. */
interface Signatures {
  /** Two small letters each. */
  readonly initials: ReadonlySet<string>
  readonly givenNames: ReadonlySet<string>
}

const signaturesOf = (page: Page): Signatures => {
  const { tokens, text, folded } = page
  const initials = new Set<string>()
  const givenNames = new Set<string>()
  for (const [, given, family] of text.includes('@') ? text.matchAll(ADDRESS) : []) {
    initials.add((given!.charAt(0) + family!.charAt(0)).toLowerCase())
    if (given!.length > 3) givenNames.add(given!.toLowerCase())
  }
  for (let at = 1; at < tokens.count; at += 1) {
    if (tokens.gap[at] !== GAP.blank || !isSure(page, at - 1) || !isSure(page, at)) continue
    if (tokens.gap[at - 1] === GAP.blank && isSure(page, at - 2)) continue
    initials.add(folded(at - 1).charAt(0) + folded(at).charAt(0))
    if (givenOf(tokens.kind[at - 1]!) === 2) givenNames.add(folded(at - 1))
  }
  return { initials, givenNames }
}

/** Dots or a dash, as they stand before who writes. */
const DOTTED = /(?:\.{3,}|[-–—])\s*$/u
const LONGEST_LEAD = 6

const isDotted = ({ tokens, text }: Page, at: number): boolean => {
  const start = tokens.start[at]!
  return DOTTED.test(text.slice(Math.max(0, start - LONGEST_LEAD), start))
}

/** Whether a line or paragraph ends after the word, and it stands alone on it or in a sentence of its own. */
const standsApart = ({ tokens, lines }: Page, line: number, at: number): boolean => {
  const { gap, count } = tokens
  if (lines[line]!.count === 1) return true
  const after = at + 1 < count ? gap[at + 1] : GAP.edge
  return markOf(gap[at]!) === GAP.stop && (after === GAP.edge || after === GAP.paragraph)
}

/** `-Step`, `DF`, `....cv`, `tessa` alone: people sign so whom the text or its addresses name in full. */
export const readSignOffs = (page: Page): void => {
  const { tokens, lines, folded } = page
  const { shape, kind, length } = tokens
  let signatures: Signatures | undefined
  const known = (): Signatures => (signatures ??= signaturesOf(page))
  const isShortened = (word: string): boolean =>
    [...known().givenNames].some((given) => given !== word && given.startsWith(word))
  for (const [line, { from, count, afterClosing }] of lines.entries()) {
    const last = from + count - 1
    if (length[last] === 2 && shape[last]! < SHAPE.number) {
      const isMeant =
        isDotted(page, last) || (shape[last] === SHAPE.capitals && standsApart(page, line, last))
      if (isMeant && known().initials.has(folded(last))) raise(page, last)
    } else if (count === 1 && length[last]! > 2 && shape[last] === SHAPE.capital) {
      if ((afterClosing || isDotted(page, last)) && isShortened(folded(last))) raise(page, last)
    }
    if (shape[from] !== SHAPE.small || length[from]! < 4 || englishOf(kind[from]!) !== 0) continue
    if (known().givenNames.has(folded(from))) raise(page, from)
  }
}
