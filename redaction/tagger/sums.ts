import type { Document } from './document.ts'
import {
  addAfter,
  addBefore,
  addBetween,
  addCueAfter,
  addCueBefore,
  addDecisions,
  addFarAfter,
  addFarBefore,
  addLine,
  addOwn,
  addRare,
  addText,
  collectFeatures,
  createFeatureList,
  FEATURE_SPACE,
  keyAfter,
  keyBefore,
  keyBetween,
  keyCueAfter,
  keyCueBefore,
  keyFarAfter,
  keyFarBefore,
  keyLine,
  keyOwn,
  keyText,
  lookAround,
} from './features.ts'
import type { FeatureList, FirstReading } from './features.ts'

/** Two readings' weights, one a feature. */
export interface Weights {
  readonly first: Float32Array
  readonly second: Float32Array
}

/** What the features of one word weigh together. */
export interface Summer {
  /** Sums by both readings' weights what `collectFeatures` collects. */
  sum(document: Document, at: number): void
  /** The sums of the last call. */
  readonly first: number
  readonly second: number
  /** By the second reading's weights, what `addDecisions` adds. */
  decided(document: Document, at: number, reading: FirstReading): number
}

const MOST = 127

/** Weights as whole multiples of a step, both readings' side by side; undefined where they are none, as before packing. */
const wholeOf = ({
  first,
  second,
}: Weights): { readonly step: number; readonly pairs: Int8Array } | undefined => {
  let most = 0
  for (const weights of [first, second]) for (const weight of weights) most = Math.max(most, Math.abs(weight))
  const step = most / MOST || 1
  const pairs = new Int8Array(FEATURE_SPACE * 2)
  for (let id = 0; id < FEATURE_SPACE; id += 1) {
    for (const [turn, weights] of [first, second].entries()) {
      const whole = Math.round(weights[id]! / step)
      if (Math.abs(weights[id]! / step - whole) > 1e-4) return undefined
      pairs[id * 2 + turn] = whole
    }
  }
  return { step, pairs }
}

/** Adds up weights that are no multiples of anything, feature by feature. */
const createPlainSummer = ({ first, second }: Weights): Summer => {
  const list = createFeatureList()
  const sumOf = (weights: Float32Array): number => {
    let sum = 0
    for (let at = 0; at < list.count; at += 1) sum += weights[list.ids[at]!]!
    return sum
  }
  const summer = {
    first: 0,
    second: 0,
    sum(document: Document, at: number) {
      collectFeatures(document, at, list)
      summer.first = sumOf(first)
      summer.second = sumOf(second)
    },
    decided(document: Document, at: number, reading: FirstReading) {
      list.count = 0
      addDecisions(document, at, reading, list)
      return sumOf(second)
    },
  }
  return summer
}

/** Kept sums a group of features. */
const SLOTS = 1 << 11
const GROUPS = 9

const slotOf = (key: number): number => Math.imul(key ^ (key >>> 15), 0x9e3779b1) >>> 21

/** Two sums of whole steps in one number, the first above. */
const pack = (first: number, second: number): number => (first << 16) | (second & 0xffff)
const firstOf = (packed: number): number => packed >> 16
const secondOf = (packed: number): number => (packed << 16) >> 16

/**
 * Adds up whole steps, which is exact in any order: what a group of features weighs is kept by its key, in tables small
 * enough to stay in the processor's cache.
 */
const createWholeSummer = (step: number, pairs: Int8Array): Summer => {
  const list = createFeatureList()
  /** Of a group, key and packed sums by slot. */
  const kept = new Int32Array(GROUPS * SLOTS * 2)
  // A key that belongs elsewhere marks a slot as empty.
  for (let group = 0; group < GROUPS; group += 1) kept[group * SLOTS * 2] = 1
  /** By word as it is written in the book of `words`: its key from 1, and packed sums. */
  let own = new Int32Array(0)
  let words: readonly string[] | undefined

  const sumList = (): number => {
    let first = 0
    let second = 0
    for (let at = 0; at < list.count; at += 1) {
      const id = list.ids[at]! * 2
      first += pairs[id]!
      second += pairs[id + 1]!
    }
    return pack(first, second)
  }

  const sumGroup = (group: number, key: number, collect: (list: FeatureList) => void): number => {
    const cell = (group * SLOTS + slotOf(key)) * 2
    if (kept[cell] !== key) {
      list.count = 0
      collect(list)
      kept[cell] = key
      kept[cell + 1] = sumList()
    }
    return kept[cell + 1]!
  }

  const sumOwn = (document: Document, at: number): number => {
    if (words !== document.words) {
      own.fill(0)
      words = document.words
    }
    const cell = document.tokens.written[at]! * 2
    if (cell >= own.length) {
      const longer = new Int32Array(2 ** Math.ceil(Math.log2(cell + 4_096)))
      longer.set(own)
      own = longer
    }
    const key = keyOwn() + 1
    if (own[cell] !== key) {
      list.count = 0
      addOwn(list, document.tokens.cue[at]!, document.folded(at))
      own[cell] = key
      own[cell + 1] = sumList()
    }
    return own[cell + 1]!
  }

  const summer = {
    first: 0,
    second: 0,
    sum(document: Document, at: number) {
      lookAround(document, at)
      const itself = sumOwn(document, at)
      const before = sumGroup(0, keyBefore(), addBefore)
      const after = sumGroup(1, keyAfter(), addAfter)
      const farBefore = sumGroup(2, keyFarBefore(), addFarBefore)
      const farAfter = sumGroup(3, keyFarAfter(), addFarAfter)
      const cueBefore = sumGroup(4, keyCueBefore(), addCueBefore)
      const cueAfter = sumGroup(5, keyCueAfter(), addCueAfter)
      const between = sumGroup(6, keyBetween(), addBetween)
      const line = sumGroup(7, keyLine(), addLine)
      const inText = sumGroup(8, keyText(), addText)
      list.count = 0
      addRare(document, at, list)
      const rare = sumList()
      summer.first =
        step *
        (firstOf(itself) +
          firstOf(before) +
          firstOf(after) +
          firstOf(farBefore) +
          firstOf(farAfter) +
          firstOf(cueBefore) +
          firstOf(cueAfter) +
          firstOf(between) +
          firstOf(line) +
          firstOf(inText) +
          firstOf(rare))
      summer.second =
        step *
        (secondOf(itself) +
          secondOf(before) +
          secondOf(after) +
          secondOf(farBefore) +
          secondOf(farAfter) +
          secondOf(cueBefore) +
          secondOf(cueAfter) +
          secondOf(between) +
          secondOf(line) +
          secondOf(inText) +
          secondOf(rare))
    },
    decided(document: Document, at: number, reading: FirstReading) {
      list.count = 0
      addDecisions(document, at, reading, list)
      return step * secondOf(sumList())
    },
  }
  return summer
}

const summers = new WeakMap<Weights, Summer>()

/** The summer of these weights, which must not change any more. */
export const summerOf = (weights: Weights): Summer => {
  const known = summers.get(weights)
  if (known) return known
  const whole = wholeOf(weights)
  const made = whole ? createWholeSummer(whole.step, whole.pairs) : createPlainSummer(weights)
  summers.set(weights, made)
  return made
}
