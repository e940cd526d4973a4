import type { Stretch } from './directory.ts'
import { KNOWN } from './document.ts'
import type { Document } from './document.ts'
import { TITLE } from './extend.ts'
import { englishOf, familyOf, givenOf, isPlace, LANGUAGE } from './lexicon.ts'
import { GAP } from './read-tokens.ts'
import type { TokenList } from './read-tokens.ts'

/** A name, in UTF-16 offsets. */
export interface TaggedName extends Stretch {
  /** How sure the tagger is of its surest new word, from 0 to 1. */
  readonly sure: number
  /** How many, with those of a known name right beside it. */
  readonly words: number
}

/** Words that are one name: nothing but a blank, hyphen, apostrophe or the stop of an initial between them. */
const joins = ({ tokens, folded, language }: Document, at: number): boolean => {
  const gap = tokens.gap[at]!
  if (gap === GAP.blank || gap === GAP.hyphen || gap === GAP.apostrophe || gap === GAP.none) return true
  if (gap !== GAP.stop && gap !== GAP.dot) return false
  const units = tokens.end[at - 1]! - tokens.start[at - 1]!
  return (
    units === 1 ||
    /^(?:mr|mrs|ms|dr|prof|st)$/u.test(folded(at - 1)) ||
    (language === LANGUAGE.romance && /^(?:sr|sra|dra)$/u.test(folded(at - 1)))
  )
}

/** A family name on the next line belongs to the given name at the end of a line of several words. */
const goesOn = ({ tokens, lines, lineOf }: Document, at: number): boolean =>
  tokens.gap[at] === GAP.line && lines[lineOf[at - 1]!]!.count > 2

const overlaps = (one: Stretch, two: Stretch): boolean => one.start < two.end && two.start < one.end

/** The parts of a stretch that others leave, from letter to letter; a title beside a known name may stay. */
const without = (text: string, stretch: Stretch, others: readonly Stretch[]): Stretch[] => {
  const parts: Stretch[] = []
  let from = stretch.start
  for (const other of others) {
    if (!overlaps(other, stretch)) continue
    if (other.start > from) parts.push({ start: from, end: other.start })
    from = Math.max(from, other.end)
  }
  if (from < stretch.end) parts.push({ start: from, end: stretch.end })
  return parts.flatMap(({ start, end }) => {
    const [word] = /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?/su.exec(text.slice(start, end)) ?? []
    if (word === undefined || TITLE.test(word.toLowerCase())) return []
    const first = text.indexOf(word, start)
    return [{ start: first, end: first + word.length }]
  })
}

const placeOf = ({ start, end }: TokenList, at: number): Stretch => ({ start: start[at]!, end: end[at]! })

/** Whether a known word is longer than what is known of it: O'Neil, where Neil is known. */
const isPartly = (token: Stretch, taken: readonly Stretch[]): boolean => {
  const first = taken.find((one) => overlaps(one, token))
  return first !== undefined && first.start > token.start
}

/**
 * How sure the tagger must be of a name of these new words, as a multiple of what it must be in general: what lists know
 * as English or as a place and not as a name needs more, what they know as a given name less.
 */
const demand = (document: Document, fresh: readonly number[]): number => {
  const kinds = fresh.map((at) => document.tokens.kind[at]!)
  if (kinds.some((kind) => givenOf(kind) === 2)) return DEMAND.given
  if (kinds.every((kind) => englishOf(kind) > 0 && familyOf(kind) < 2)) return DEMAND.english
  if (kinds.every((kind) => isPlace(kind) && givenOf(kind) === 0)) return DEMAND.place
  if (kinds.some((kind) => familyOf(kind) > 1)) return DEMAND.family
  return DEMAND.unlisted
}

const isPlainEnglish = ({ tokens }: Document, at: number): boolean => {
  const kind = tokens.kind[at]!
  return englishOf(kind) > 0 && familyOf(kind) < 2 && givenOf(kind) === 0
}

const DEMAND = { given: 1, english: 10, place: 5, family: 1, unlisted: 2 }

export interface RunOptions {
  readonly text: string
  readonly least: number
  /** Stretches that are explained already or name no one, by start. */
  readonly taken: readonly Stretch[]
}

/**
 * The names that the chosen words make, without what is taken: one entry a name, or more where a known part stands in its
 * middle. Known words beside chosen ones count as words of the same name.
 */
export const readNames = (
  document: Document,
  chosen: Uint8Array,
  certainty: Float32Array,
  { text, least, taken }: RunOptions,
): TaggedName[] => {
  const { tokens, folded, known } = document
  const isNew = (at: number): boolean => chosen[at] === 1 && known[at] === KNOWN.nothing
  const belongs = (at: number): boolean =>
    isNew(at) || known[at] === KNOWN.name || (known[at] === KNOWN.word && certainty[at]! >= least)
  const names: TaggedName[] = []
  for (let from = 0; from < tokens.count;) {
    if (!belongs(from)) {
      from += 1
      continue
    }
    let to = from
    let sure = 0
    const fresh: number[] = []
    while (
      to < tokens.count &&
      belongs(to) &&
      (to === from || joins(document, to) || (to === from + 1 && goesOn(document, to)))
    ) {
      sure = Math.max(sure, known[to] === KNOWN.name ? 1 : certainty[to]!)
      if (known[to] === KNOWN.nothing || isPartly(placeOf(tokens, to), taken)) fresh.push(to)
      to += 1
    }
    const words = to - from
    // A title or particle whose name others explained is no name.
    const isTitle = words === 1 && TITLE.test(folded(from))
    // A known name beside it proves nothing of a plain English word: "Call Dana Whitfield".
    const own = Math.max(0, ...fresh.map((at) => certainty[at]!))
    const proof = fresh.every((at) => isPlainEnglish(document, at)) ? own : sure
    if (fresh.length > 0 && proof >= least * demand(document, fresh) && !isTitle) {
      const whole = { start: tokens.start[from]!, end: tokens.end[to - 1]! }
      for (const part of without(text, whole, taken)) names.push({ ...part, sure: own, words })
    }
    from = Math.max(to, from + 1)
  }
  return names
}
