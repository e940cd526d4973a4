import { readByLanguage } from './by-language.ts'
import { readByLayout } from './by-layout.ts'
import { directoryPaths } from './directory.ts'
import type { Stretch } from './directory.ts'
import { KNOWN, readDocument } from './document.ts'
import { readNames } from './runs.ts'
import type { TaggedName } from './runs.ts'
import type { Document, Explained } from './document.ts'
import { chooseWords } from './extend.ts'
import { englishOf, familyOf, givenOf, isPlace, readLexicon } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'
import { readCertainty, readWeights } from './model.ts'
import type { Weights } from './sums.ts'
import { createTokenList } from './read-tokens.ts'
import { SHAPE } from './word-facts.ts'

/** The lists and weights a tagger works with. */
export interface TaggerModel {
  readonly lexicon: Lexicon
  readonly weights: Weights
  /** How sure it must be in a text, from 0 to 1, where that is measured; ours when absent. */
  readonly least?: number
  /** Likewise what it must be to doubt a single known word. */
  readonly doubt?: number
}

let loaded: TaggerModel | undefined

const load = (): TaggerModel => {
  loaded ??= { lexicon: readLexicon(), weights: readWeights() }
  return loaded
}

export interface TagOptions {
  /** Stretches that are already explained; their words are read as surroundings alone. */
  readonly explained: readonly Explained[]
  /** How sure the tagger must be, from 0 to 1. */
  readonly least: number
  /** Below this, a single known word is doubted; none is when absent. */
  readonly doubt?: number
  /** The directory paths of the text, where the caller has them already. */
  readonly paths?: readonly Stretch[]
  /** Those shipped with the product when absent. */
  readonly model?: TaggerModel | undefined
}

/** Whether lists or addresses say that places, companies or things are called so, and no list that people are. */
const isElsewise = (document: Document, at: number): boolean => {
  const kind = document.tokens.kind[at]!
  if (document.inDomains(at)) return givenOf(kind) < 2
  if (givenOf(kind) > 0 || familyOf(kind) > 2) return false
  if (isPlace(kind)) return true
  return familyOf(kind) < 2 && (englishOf(kind) > 0 || document.tokens.shape[at] === SHAPE.capitals)
}

const doubtedWords = (document: Document, certainty: Float32Array, doubt: number): readonly Stretch[] => {
  const doubted: Stretch[] = []
  const { count, start, end } = document.tokens
  for (let at = 0; at < count; at += 1) {
    if (document.known[at] === KNOWN.word && certainty[at]! < doubt && isElsewise(document, at))
      doubted.push({ start: start[at]!, end: end[at]! })
  }
  return doubted
}

export interface Tagging {
  readonly names: TaggedName[]
  /** Explained words of KNOWN.word that the tagger takes for no name, by their place. */
  readonly doubted: readonly Stretch[]
}

/** Reading is never interrupted, so that all texts can share this list. */
const tokenList = createTokenList(4_096)

/**
 * Names of people in a text, known or not: one entry a name, by start. The lists and weights
 * are read from disk at the first text (about 0.2 s) and kept.
 */
export const tagNames = (
  text: string,
  { explained, least, doubt = 0, model, paths }: TagOptions,
): Tagging => {
  const { lexicon, weights } = model ?? load()
  const document = readDocument(text, lexicon, explained, tokenList)
  const certainty = readCertainty(document, weights)
  readByLanguage(document, certainty)
  readByLayout(document, certainty, text)
  const chosen = chooseWords(document, certainty, least)
  const doubted = doubt === 0 ? [] : doubtedWords(document, certainty, doubt)
  if (!chosen.includes(1)) return { names: [], doubted }
  const taken = [...explained, ...(paths ?? directoryPaths(text))].toSorted((a, b) => a.start - b.start)
  return { names: readNames(document, chosen, certainty, { text, least, taken }), doubted }
}
