import { KNOWN } from './document.ts'
import type { Document } from './document.ts'
import { englishOf, familyOf, givenOf, isCompanyWord, isPlace } from './lexicon.ts'
import { GAP } from './read-tokens.ts'
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

/** How the lists see a word, in few values: the lowest two bits are how English it is, the next two how given. */
const COARSE = Uint8Array.from(
  { length: 256 },
  (_, kind) =>
    englishOf(kind) |
    (givenOf(kind) << 2) |
    ((familyOf(kind) === 0 ? 0 : familyOf(kind) === 1 ? 1 : 2) << 4) |
    (isPlace(kind) ? 64 : 0) |
    (isCompanyWord(kind) ? 128 : 0),
)

/** What stands before the first word and after the last. */
const EDGE_SHAPE = 15

const suffix = (folded: string, length: number): number => {
  let hash = length
  for (let at = Math.max(0, folded.length - length); at < folded.length; at += 1) {
    hash = Math.imul(hash, 31) + folded.charCodeAt(at)
  }
  return hash & 0xffffff
}

const wordHash = (folded: string): number => suffix(folded, folded.length)

const bucket = (count: number): number => (count > 8 ? 5 : count > 4 ? 4 : count > 3 ? 3 : count)

/** A word and its surroundings in numbers, as the features ask for them; one is used for all words. */
const place = {
  shape: 0,
  rawKind: 0,
  kind: 0,
  gap: 0,
  shapeBefore: 0,
  kindBefore: 0,
  cueBefore: 0,
  gapBefore: 0,
  shapeBefore2: 0,
  kindBefore2: 0,
  cueBefore2: 0,
  gapAfter: 0,
  shapeAfter: 0,
  kindAfter: 0,
  cueAfter: 0,
  gapAfter2: 0,
  shapeAfter2: 0,
  kindAfter2: 0,
  cueAfter2: 0,
  lineKind: 0,
  turn: 0,
  lineLength: 0,
  afterClosing: 0,
  inSmall: 0,
  capitals: 0,
  inAddress: 0,
  addressBefore: 0,
  addressAfter: 0,
  inDomain: 0,
  language: 0,
}

/** Sets `place`; what follows speaks of that word. */
export const lookAround = (document: Document, at: number): void => {
  const { count, shape, kind, gap, cue } = document.tokens
  place.shape = shape[at]!
  place.rawKind = kind[at]!
  place.kind = COARSE[kind[at]!]!
  place.gap = gap[at]!
  const before = at > 0
  place.shapeBefore = before ? shape[at - 1]! : EDGE_SHAPE
  place.kindBefore = before ? COARSE[kind[at - 1]!]! : 0
  place.cueBefore = before ? cue[at - 1]! : 0
  place.gapBefore = before ? gap[at - 1]! : GAP.edge
  const before2 = at > 1
  place.shapeBefore2 = before2 ? shape[at - 2]! : EDGE_SHAPE
  place.kindBefore2 = before2 ? COARSE[kind[at - 2]!]! : 0
  place.cueBefore2 = before2 ? cue[at - 2]! : 0
  const after = at + 1 < count
  place.shapeAfter = after ? shape[at + 1]! : EDGE_SHAPE
  place.kindAfter = after ? COARSE[kind[at + 1]!]! : 0
  place.cueAfter = after ? cue[at + 1]! : 0
  place.gapAfter = after ? gap[at + 1]! : GAP.edge
  const after2 = at + 2 < count
  place.shapeAfter2 = after2 ? shape[at + 2]! : EDGE_SHAPE
  place.kindAfter2 = after2 ? COARSE[kind[at + 2]!]! : 0
  place.cueAfter2 = after2 ? cue[at + 2]! : 0
  place.gapAfter2 = after2 ? gap[at + 2]! : GAP.edge
  const line = document.lines[document.lineOf[at]!]!
  place.lineKind = line.kind
  place.turn = Math.min(at - line.from, 3)
  place.lineLength = bucket(line.count)
  place.afterClosing = line.afterClosing ? 1 : 0
  const word = document.wordOf[at]!
  place.inSmall = document.small[word] === 1 && place.shape !== SHAPE.small ? 1 : 0
  place.capitals = Math.min(document.capital[word]!, 3)
  place.inAddress = document.inAddresses(at)
  place.addressBefore = before ? document.inAddresses(at - 1) : 0
  place.addressAfter = after ? document.inAddresses(at + 1) : 0
  place.inDomain = document.inDomains(at) ? 1 : 0
  place.language = document.language
}

/** What lists say of a word as it is written, and its shape. */
export const keyOwn = (): number => place.rawKind | (place.shape << 8)

/** Of a word by itself. */
export const addOwn = (list: FeatureList, cue: number, folded: string): void => {
  const { shape, rawKind } = place
  const english = englishOf(rawKind)
  add(list, 0, shape, english)
  add(list, 1, place.kind, shape)
  add(list, 2, givenOf(rawKind), familyOf(rawKind), english)
  if (cue > 0) add(list, 3, cue, shape)
  if (english === 0) {
    add(list, 4, suffix(folded, 2), shape === SHAPE.capitals ? 1 : 0)
    add(list, 5, suffix(folded, 3))
    add(list, 6, Math.min(folded.length, 10), shape, givenOf(rawKind))
    add(list, 37, suffix(folded, 4))
    add(list, 38, wordHash(folded.slice(0, 3)))
  }
  add(list, 36, wordHash(folded), shape === SHAPE.small ? 0 : 1)
}

/*
 * Features that ask for the same few numbers stand together. The key of a group says which numbers these are, as a whole
 * number of 32 bits, so that what they weigh together need be summed but once.
 */

export const keyBefore = (): number =>
  place.kind | (place.shape << 8) | (place.kindBefore << 12) | (place.shapeBefore << 20) | (place.gap << 24)

export const addBefore = (list: FeatureList): void => {
  const { shape, kind, gap, shapeBefore, kindBefore } = place
  add(list, 7, shapeBefore, gap, shape)
  add(list, 9, kindBefore, gap, shape)
  add(list, 11, kind, kindBefore, gap * 16 + shapeBefore)
}

export const keyAfter = (): number =>
  place.kind |
  (place.shape << 8) |
  (place.kindAfter << 12) |
  (place.shapeAfter << 20) |
  (place.gapAfter << 24)

export const addAfter = (list: FeatureList): void => {
  const { shape, kind, gapAfter, shapeAfter, kindAfter } = place
  add(list, 8, shapeAfter, gapAfter, shape)
  add(list, 10, kindAfter, gapAfter, shape)
  add(list, 12, kind, kindAfter, gapAfter * 16 + shapeAfter)
}

export const keyFarBefore = (): number =>
  place.kindBefore2 |
  (place.shapeBefore2 << 8) |
  (place.gapBefore << 12) |
  (place.shapeBefore << 18) |
  (place.shape << 22) |
  (place.gap << 26)

export const addFarBefore = (list: FeatureList): void => {
  const { shape, gap, shapeBefore, gapBefore, shapeBefore2, kindBefore2 } = place
  add(list, 19, shapeBefore2, shapeBefore, shape * 64 + gap)
  add(list, 31, kindBefore2, gapBefore * 16 + shapeBefore, shape)
}

export const keyFarAfter = (): number =>
  place.kindAfter2 |
  (place.shapeAfter2 << 8) |
  (place.gapAfter2 << 12) |
  (place.shapeAfter << 18) |
  (place.shape << 22) |
  (place.gapAfter << 26)

export const addFarAfter = (list: FeatureList): void => {
  const { shape, gapAfter, shapeAfter, gapAfter2, shapeAfter2, kindAfter2 } = place
  add(list, 20, shapeAfter2, shapeAfter, shape * 64 + gapAfter)
  add(list, 32, kindAfter2, gapAfter2 * 16 + shapeAfter, shape)
}

export const keyCueBefore = (): number =>
  place.cueBefore | (place.gap << 16) | ((place.kind & 3) << 22) | (place.shape << 24)

export const addCueBefore = (list: FeatureList): void => {
  if (place.cueBefore === 0) return
  add(list, 13, place.cueBefore, place.gap)
  add(list, 14, place.cueBefore, place.kind & 3, place.shape)
}

export const keyCueAfter = (): number =>
  place.cueAfter | (place.gapAfter << 16) | ((place.kind & 3) << 22) | (place.shape << 24)

export const addCueAfter = (list: FeatureList): void => {
  if (place.cueAfter === 0) return
  add(list, 15, place.cueAfter, place.gapAfter)
  add(list, 16, place.cueAfter, place.kind & 3, place.shape)
}

export const keyBetween = (): number =>
  place.kind |
  (place.shape << 8) |
  (place.gap << 12) |
  (place.gapAfter << 18) |
  (place.lineKind << 24) |
  (place.language << 27)

export const addBetween = (list: FeatureList): void => {
  const { shape, kind, gap, gapAfter, lineKind, language } = place
  add(list, 21, gap, gapAfter, shape)
  add(list, 22, gap * 64 + gapAfter, kind)
  add(list, 24, lineKind, kind, shape)
  add(list, 26, lineKind, gap, gapAfter)
  add(list, 30, language, kind, shape)
  add(list, 34, language, shape, gap)
}

export const keyLine = (): number =>
  place.lineKind | (place.turn << 3) | (place.lineLength << 5) | (place.afterClosing << 8)

export const addLine = (list: FeatureList): void => {
  const { lineKind, turn, lineLength, afterClosing } = place
  add(list, 23, lineKind, turn, lineLength)
  add(list, 25, afterClosing, lineLength, turn === 0 ? 1 : 0)
}

export const keyText = (): number =>
  place.kind |
  (place.shape << 8) |
  (place.inSmall << 12) |
  (place.capitals << 13) |
  (place.inAddress << 15) |
  (place.addressBefore << 17) |
  (place.addressAfter << 19) |
  (place.inDomain << 21)

export const addText = (list: FeatureList): void => {
  const { shape, kind, inSmall, capitals, inAddress } = place
  const english = kind & 3
  add(list, 27, inSmall, kind)
  add(list, 28, inAddress, english, shape)
  add(list, 29, capitals, english, (kind >> 2) & 3)
  add(list, 33, place.addressBefore, place.addressAfter, inAddress)
  if (place.inDomain === 1) add(list, 35, english, inAddress, shape)
}

/** What asks for too much at once to be kept. */
export const addRare = (document: Document, at: number, list: FeatureList): void => {
  if (place.cueBefore2 > 0) add(list, 17, place.cueBefore2, place.shapeBefore, place.gapBefore)
  if (place.cueAfter2 > 0) add(list, 18, place.cueAfter2, place.shapeAfter, place.gapAfter2)
  add(list, 39, place.cueBefore, place.cueAfter, place.gap * 64 + place.gapAfter)
  addKnown(document, at, list)
}

/** What the workspace knows of the word and those around it. */
const addKnown = ({ known, tokens }: Document, at: number, list: FeatureList): void => {
  const own = known[at]!
  const before = known[at - 1] ?? KNOWN.nothing
  const after = known[at + 1] ?? KNOWN.nothing
  const before2 = known[at - 2] ?? KNOWN.nothing
  const after2 = known[at + 2] ?? KNOWN.nothing
  if ((own | before | after | before2 | after2) === KNOWN.nothing) return
  const { shape, gap, gapAfter, rawKind } = place
  if (own !== KNOWN.nothing) {
    add(list, 40, own, rawKind & 63, shape)
    add(list, 41, own, rawKind)
    add(list, 42, own, before * 4 + after)
    add(list, 43, own, gap, gapAfter)
  }
  if (before !== KNOWN.nothing) {
    add(list, 44, before, gap, shape)
    add(list, 45, before, gap, rawKind & 63)
  }
  if (after !== KNOWN.nothing) {
    add(list, 46, after, gapAfter, shape)
    add(list, 47, after, gapAfter, rawKind & 63)
  }
  if (before2 !== KNOWN.nothing) add(list, 48, before2, gap, tokens.gap[at - 1]! * 16 + shape)
  if (after2 !== KNOWN.nothing) add(list, 49, after2, gapAfter, tokens.gap[at + 2]! * 16 + shape)
}

/** The features of one word by itself and its surroundings, without what was decided about others. */
export const collectFeatures = (document: Document, at: number, list: FeatureList): void => {
  list.count = 0
  lookAround(document, at)
  addOwn(list, document.tokens.cue[at]!, document.folded(at))
  addBefore(list)
  addAfter(list)
  addFarBefore(list)
  addFarAfter(list)
  addCueBefore(list)
  addCueAfter(list)
  addBetween(list)
  addLine(list)
  addText(list)
  addRare(document, at, list)
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
  const { count, shape, kind, gap } = document.tokens
  const own = step(reading.certainty[at]!)
  const before = at > 0 ? step(reading.certainty[at - 1]!) : 7
  const after = at + 1 < count ? step(reading.certainty[at + 1]!) : 7
  const gapAfter = at + 1 < count ? gap[at + 1]! : GAP.edge
  const best = step(reading.best[document.wordOf[at]!]!)
  const mean = step(reading.mean[document.wordOf[at]!]!)
  const english = englishOf(kind[at]!)
  add(list, 50, own)
  add(list, 51, own, before, gap[at])
  add(list, 52, own, after, gapAfter)
  add(list, 53, best, own, english)
  add(list, 54, mean, best, english)
  add(list, 55, before * 8 + after, gap[at], gapAfter)
  add(list, 56, before * 8 + after, shape[at], english)
  add(list, 57, best, shape[at], givenOf(kind[at]!))
}
