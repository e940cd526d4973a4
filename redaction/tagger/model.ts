import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCandidate } from './document.ts'
import type { Document } from './document.ts'
import { addDecisions, collectFeatures, createFeatureList, FEATURE_SPACE } from './features.ts'
import type { FirstReading } from './features.ts'

/** Two readings' weights, one a feature. */
export interface Weights {
  readonly first: Float32Array
  readonly second: Float32Array
}

/** Weights as they are shipped: whole numbers from -127 to 127 in base64, and what one is worth. */
export interface PackedWeights {
  readonly about: string
  readonly step: number
  readonly first: string
  readonly second: string
}

export const packWeights = ({ first, second }: Weights, about: string): PackedWeights => {
  const most = [...first, ...second].reduce((max, weight) => Math.max(max, Math.abs(weight)), 0)
  const step = most / 127
  const pack = (weights: Float32Array): string =>
    Buffer.from(Int8Array.from(weights, (weight) => Math.round(weight / step)).buffer).toString('base64')
  return { about, step, first: pack(first), second: pack(second) }
}

export const unpackWeights = ({ step, first, second }: PackedWeights): Weights => {
  const unpack = (packed: string): Float32Array => {
    const bytes = Buffer.from(packed, 'base64')
    return Float32Array.from({ length: FEATURE_SPACE }, (_, at) => bytes.readInt8(at) * step)
  }
  return { first: unpack(first), second: unpack(second) }
}

/** In hundredths: below this a first reading counts as none. */
const SETTLED = 3

const list = createFeatureList()

const sumOf = (weights: Float32Array): number => {
  const { ids, count } = list
  let sum = 0
  for (let at = 0; at < count; at += 1) sum += weights[ids[at]!]!
  return sum
}

const pairs = new WeakMap<Weights, Float32Array>()

/** Both readings' weights of a feature side by side. */
const pairsOf = (weights: Weights): Float32Array => {
  const known = pairs.get(weights)
  if (known) return known
  const made = new Float32Array(FEATURE_SPACE * 2)
  for (let id = 0; id < FEATURE_SPACE; id += 1) {
    made[id * 2] = weights.first[id]!
    made[id * 2 + 1] = weights.second[id]!
  }
  pairs.set(weights, made)
  return made
}

const certaintyOf = (sum: number): number => 1 / (1 + Math.exp(-sum))

interface Sums {
  readonly reading: FirstReading
  readonly candidates: readonly number[]
  /** By candidate: what the second reading's weights make of the features that both readings share. */
  readonly shared: readonly number[]
}

/** Reads every word that may be part of a name; `weights` as `pairsOf` makes them. */
const readOnce = (document: Document, weights: Float32Array): Sums => {
  const { wordOf } = document
  const { ids } = list
  const certainty = new Uint8Array(document.tokens.length)
  const best = new Uint8Array(document.small.length)
  const mean = new Float64Array(best.length)
  const times = new Uint32Array(best.length)
  const candidates: number[] = []
  const shared: number[] = []
  for (let at = 0; at < certainty.length; at += 1) {
    if (!isCandidate(document, at)) continue
    collectFeatures(document, at, list)
    const { count } = list
    let first = 0
    let second = 0
    for (let feature = 0; feature < count; feature += 1) {
      const id = ids[feature]! * 2
      first += weights[id]!
      second += weights[id + 1]!
    }
    const sure = Math.round(certaintyOf(first) * 100)
    certainty[at] = sure
    candidates.push(at)
    shared.push(second)
    const word = wordOf[at]!
    if (sure > best[word]!) best[word] = sure
    mean[word]! += sure
    times[word]! += 1
  }
  for (let word = 0; word < mean.length; word += 1) if (times[word]! > 1) mean[word]! /= times[word]!
  return { reading: { certainty, best, mean }, candidates, shared }
}

/** How sure the first reading is of each word. */
export const readFirst = (document: Document, weights: Float32Array): FirstReading =>
  readOnce(document, pairsOf(firstAlone(weights))).reading

const alone = new WeakMap<Float32Array, Weights>()

const firstAlone = (first: Float32Array): Weights => {
  const known = alone.get(first) ?? { first, second: first }
  alone.set(first, known)
  return known
}

/** Whether the first reading leaves nothing to ask: no name here, beside it, or by the same word elsewhere. */
const isSettled = ({ wordOf }: Document, at: number, { certainty, best }: FirstReading): boolean =>
  certainty[at] === 0 &&
  (certainty[at - 1] ?? 0) < SETTLED &&
  (certainty[at + 1] ?? 0) < SETTLED &&
  best[wordOf[at]!]! < SETTLED

/** How sure the tagger is that each token belongs to a person's name, from 0 to 1; 0 for what cannot. */
export const readCertainty = (document: Document, weights: Weights): Float32Array => {
  const { reading, candidates, shared } = readOnce(document, pairsOf(weights))
  const certainty = new Float32Array(document.tokens.length)
  for (let index = 0; index < candidates.length; index += 1) {
    const at = candidates[index]!
    if (isSettled(document, at, reading)) continue
    list.count = 0
    addDecisions(document, at, reading, list)
    certainty[at] = certaintyOf(shared[index]! + sumOf(weights.second))
  }
  return certainty
}

/** The weights shipped with the product; made by scripts/tagger/train.ts. */
export const readWeights = (): Weights =>
  unpackWeights(JSON.parse(readFileSync(join(import.meta.dirname, 'weights.json'), 'utf8')) as PackedWeights)
