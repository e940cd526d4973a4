import { KNOWN } from './document.ts'
import type { Document } from './document.ts'
import { englishOf, familyOf, givenOf, isCompanyWord, isPlace } from './lexicon.ts'
import { GAP } from './read-tokens.ts'
import type { Token } from './read-tokens.ts'
import { SHAPE } from './word-facts.ts'

/** Weights are found by hashing: this many. */
export const FEATURE_SPACE = 1 << 17

const MASK = FEATURE_SPACE - 1

/** Where a word's features are collected; one is used for all words. */
export interface FeatureList {
  readonly ids: Uint32Array
  count: number
}

export const createFeatureList = (): FeatureList => ({ ids: new Uint32Array(128), count: 0 })

const add = (list: FeatureList, template: number, one: number, two = 0, three = 0): void => {
  let hash = Math.imul(template + 1, 0x9e3779b1) ^ Math.imul(one + 1, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ Math.imul(two + 1, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39) ^ Math.imul(three + 1, 0x27d4eb2f)
  hash ^= hash >>> 16
  list.ids[list.count] = (hash >>> 0) & MASK
  list.count += 1
}

/** How the lists see a word, in few values. */
const coarse = (kind: number): number =>
  englishOf(kind) |
  (givenOf(kind) << 2) |
  ((familyOf(kind) === 0 ? 0 : familyOf(kind) === 1 ? 1 : 2) << 4) |
  (isPlace(kind) ? 64 : 0) |
  (isCompanyWord(kind) ? 128 : 0)

const EDGE: Token = { start: 0, end: 0, folded: '', shape: 15, kind: 0, cue: 0, gap: GAP.edge, line: -1 }

const suffix = (folded: string, length: number): number => {
  let hash = length
  for (let at = Math.max(0, folded.length - length); at < folded.length; at += 1) {
    hash = Math.imul(hash, 31) + folded.charCodeAt(at)
  }
  return hash & 0xffffff
}

const wordHash = (folded: string): number => suffix(folded, folded.length)

const bucket = (count: number): number => (count > 8 ? 5 : count > 4 ? 4 : count > 3 ? 3 : count)

/** The features of one word by itself and its surroundings, without what was decided about others. */
export const collectFeatures = (document: Document, at: number, list: FeatureList): void => {
  list.count = 0
  const { tokens } = document
  const here = tokens[at]!
  const before = tokens[at - 1] ?? EDGE
  const before2 = tokens[at - 2] ?? EDGE
  const after = tokens[at + 1] ?? EDGE
  const after2 = tokens[at + 2] ?? EDGE
  const kind = coarse(here.kind)
  const kindBefore = coarse(before.kind)
  const kindAfter = coarse(after.kind)
  const { shape, gap } = here
  const gapAfter = after.gap
  const line = document.lines[document.lineOf[at]!]!
  const place = at - line.from
  const word = document.wordOf[at]!
  const inSmall = document.small[word] === 1 && shape !== SHAPE.small ? 1 : 0
  const local = document.inAddresses(here.folded)
  const english = englishOf(here.kind)

  add(list, 0, shape, english)
  add(list, 1, kind, shape)
  add(list, 2, givenOf(here.kind), familyOf(here.kind), english)
  if (here.cue > 0) add(list, 3, here.cue, shape)
  if (english === 0) {
    add(list, 4, suffix(here.folded, 2), shape === SHAPE.capitals ? 1 : 0)
    add(list, 5, suffix(here.folded, 3))
    add(list, 6, Math.min(here.folded.length, 10), shape, givenOf(here.kind))
  }
  add(list, 7, before.shape, gap, shape)
  add(list, 8, after.shape, gapAfter, shape)
  add(list, 9, kindBefore, gap, shape)
  add(list, 10, kindAfter, gapAfter, shape)
  add(list, 11, kind, kindBefore, gap * 16 + before.shape)
  add(list, 12, kind, kindAfter, gapAfter * 16 + after.shape)
  if (before.cue > 0) {
    add(list, 13, before.cue, gap)
    add(list, 14, before.cue, english, shape)
  }
  if (after.cue > 0) {
    add(list, 15, after.cue, gapAfter)
    add(list, 16, after.cue, english, shape)
  }
  if (before2.cue > 0) add(list, 17, before2.cue, before.shape, before.gap)
  if (after2.cue > 0) add(list, 18, after2.cue, after.shape, after2.gap)
  add(list, 19, before2.shape, before.shape, shape * 64 + gap)
  add(list, 20, after2.shape, after.shape, shape * 64 + gapAfter)
  add(list, 21, gap, gapAfter, shape)
  add(list, 22, gap * 64 + gapAfter, kind)
  add(list, 23, line.kind, Math.min(place, 3), bucket(line.count))
  add(list, 24, line.kind, kind, shape)
  add(list, 25, line.afterClosing ? 1 : 0, bucket(line.count), place === 0 ? 1 : 0)
  add(list, 26, line.kind, gap, gapAfter)
  add(list, 27, inSmall, kind)
  add(list, 28, local, english, shape)
  add(list, 29, Math.min(document.capital[word]!, 3), english, givenOf(here.kind))
  add(list, 30, document.language, kind, shape)
  add(list, 31, coarse(before2.kind), before.gap * 16 + before.shape, shape)
  add(list, 32, coarse(after2.kind), after2.gap * 16 + after.shape, shape)
  add(list, 33, document.inAddresses(before.folded), document.inAddresses(after.folded), local)
  add(list, 34, document.language, shape, gap)
  add(list, 36, wordHash(here.folded), shape === SHAPE.small ? 0 : 1)
  if (english === 0) {
    add(list, 37, suffix(here.folded, 4))
    add(list, 38, wordHash(here.folded.slice(0, 3)))
  }
  add(list, 39, before.cue, after.cue, gap * 64 + gapAfter)
  if (document.inDomains(here.folded)) add(list, 35, english, local, shape)
  addKnown(document, at, list)
}

/** What the workspace knows of the word and those around it. */
const addKnown = (document: Document, at: number, list: FeatureList): void => {
  const { tokens, known } = document
  const here = tokens[at]!
  const own = known[at]!
  const before = known[at - 1] ?? KNOWN.nothing
  const after = known[at + 1] ?? KNOWN.nothing
  if (own !== KNOWN.nothing) {
    add(list, 40, own, here.kind & 63, here.shape)
    add(list, 41, own, here.kind)
    add(list, 42, own, before * 4 + after)
    add(list, 43, own, here.gap, tokens[at + 1]?.gap ?? GAP.edge)
  }
  if (before !== KNOWN.nothing) {
    add(list, 44, before, here.gap, here.shape)
    add(list, 45, before, here.gap, here.kind & 63)
  }
  if (after !== KNOWN.nothing) {
    const gapAfter = tokens[at + 1]!.gap
    add(list, 46, after, gapAfter, here.shape)
    add(list, 47, after, gapAfter, here.kind & 63)
  }
  const before2 = known[at - 2] ?? KNOWN.nothing
  const after2 = known[at + 2] ?? KNOWN.nothing
  if (before2 !== KNOWN.nothing) add(list, 48, before2, here.gap, tokens[at - 1]!.gap * 16 + here.shape)
  if (after2 !== KNOWN.nothing)
    add(list, 49, after2, tokens[at + 1]!.gap, tokens[at + 2]!.gap * 16 + here.shape)
}

/** What the first reading decided, as whole hundredths of certainty by token; 0 for words that are no candidates. */
export interface FirstReading {
  readonly certainty: Uint8Array
  /** By word, the most certain reading of it anywhere in the text. */
  readonly best: Uint8Array
  /** By word, their mean over the text. */
  readonly mean: Float64Array
}

const step = (certainty: number): number =>
  certainty < 3 ? 0 : certainty < 12 ? 1 : certainty < 35 ? 2 : certainty < 65 ? 3 : certainty < 90 ? 4 : 5

/** Adds what was decided about a word and its neighbours: with the first reading's features, those of the second. */
export const addDecisions = (
  document: Document,
  at: number,
  reading: FirstReading,
  list: FeatureList,
): void => {
  const { tokens } = document
  const here = tokens[at]!
  const own = step(reading.certainty[at]!)
  const before = at > 0 ? step(reading.certainty[at - 1]!) : 7
  const after = at + 1 < tokens.length ? step(reading.certainty[at + 1]!) : 7
  const gapAfter = tokens[at + 1]?.gap ?? GAP.edge
  const best = step(reading.best[document.wordOf[at]!]!)
  const mean = step(reading.mean[document.wordOf[at]!]!)
  const english = englishOf(here.kind)
  add(list, 50, own)
  add(list, 51, own, before, here.gap)
  add(list, 52, own, after, gapAfter)
  add(list, 53, best, own, english)
  add(list, 54, mean, best, english)
  add(list, 55, before * 8 + after, here.gap, gapAfter)
  add(list, 56, before * 8 + after, here.shape, english)
  add(list, 57, best, here.shape, givenOf(here.kind))
}
