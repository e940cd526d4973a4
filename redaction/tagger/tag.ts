import { directoryPaths } from './directory.ts'
import { readDocument } from './document.ts'
import type { Document } from './document.ts'
import { chooseWords, TITLE } from './extend.ts'
import { readLexicon } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'
import { readCertainty, readWeights } from './model.ts'
import type { Weights } from './model.ts'
import { GAP } from './read-tokens.ts'

/** The lists and weights a tagger works with. */
export interface TaggerModel {
  readonly lexicon: Lexicon
  readonly weights: Weights
}

let loaded: TaggerModel | undefined

const load = (): TaggerModel => {
  loaded ??= { lexicon: readLexicon(), weights: readWeights() }
  return loaded
}

/** Words that are one name: nothing but a blank, hyphen, apostrophe or the stop of an initial between them. */
const joins = ({ tokens }: Document, at: number): boolean => {
  const { gap } = tokens[at]!
  if (gap === GAP.blank || gap === GAP.hyphen || gap === GAP.apostrophe || gap === GAP.none) return true
  const before = tokens[at - 1]!
  return (
    (gap === GAP.stop || gap === GAP.dot) &&
    (before.end - before.start === 1 || /^(?:mr|mrs|ms|dr|prof|st)$/u.test(before.folded))
  )
}

interface Reach {
  readonly start: number
  readonly end: number
}

const overlaps = (one: Reach, two: Reach): boolean => one.start < two.end && two.start < one.end

export interface TagOptions {
  /** Stretches that are already explained; their words are read as surroundings alone. */
  readonly explained: readonly Reach[]
  /** How sure the tagger must be, from 0 to 1. */
  readonly least: number
  /** Those shipped with the product when absent. */
  readonly model?: TaggerModel | undefined
}

/** A name, in UTF-16 offsets. */
export interface TaggedName {
  readonly start: number
  readonly end: number
  /** How sure the tagger is of its surest word, from 0 to 1. */
  readonly sure: number
  readonly words: number
}

/**
 * Names of people in a text, known or not: one entry a name, by start. The lists and weights
 * are read from disk at the first text (about 0.2 s) and kept.
 */
export const tagNames = (text: string, { explained, least, model }: TagOptions): TaggedName[] => {
  const { lexicon, weights } = model ?? load()
  const document = readDocument(text, lexicon)
  const certainty = readCertainty(document, weights)
  const chosen = chooseWords(document, certainty, least)
  if (!chosen.includes(1)) return []
  const taken = [...explained, ...directoryPaths(text)].toSorted((a, b) => a.start - b.start)
  const spans: TaggedName[] = []
  let next = 0
  let last = -2
  for (const [at, token] of document.tokens.entries()) {
    while (next < taken.length && taken[next]!.end <= token.start) next += 1
    if (chosen[at] === 0 || (next < taken.length && overlaps(taken[next]!, token))) continue
    const before = spans.at(-1)
    const sure = certainty[at]!
    if (before && last === at - 1 && joins(document, at)) {
      const words = before.words + 1
      spans[spans.length - 1] = {
        start: before.start,
        end: token.end,
        sure: Math.max(before.sure, sure),
        words,
      }
    } else spans.push({ start: token.start, end: token.end, sure, words: 1 })
    last = at
  }
  // A title or particle whose name others explained is no name.
  return spans.filter(
    ({ start, end, sure, words }) =>
      sure >= least && (words > 1 || !TITLE.test(text.slice(start, end).toLowerCase())),
  )
}
