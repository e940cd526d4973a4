import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCandidate } from './document.ts'
import type { Document } from './document.ts'
import { FEATURE_SPACE } from './features.ts'
import type { FirstReading } from './features.ts'
import { summerOf } from './sums.ts'
import type { Summer, Weights } from './sums.ts'

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

const certaintyOf = (sum: number): number => 1 / (1 + Math.exp(-sum))

interface Sums {
  readonly reading: FirstReading
  readonly candidates: readonly number[]
  /** By candidate: what the second reading's weights make of the features that both readings share. */
  readonly shared: readonly number[]
}

/** Reads every word that may be part of a name. */
const readOnce = (document: Document, summer: Summer): Sums => {
  const { wordOf } = document
  const certainty = new Uint8Array(document.tokens.count)
  const best = new Uint8Array(document.small.length)
  const mean = new Float64Array(best.length)
  const times = new Uint32Array(best.length)
  const candidates: number[] = []
  const shared: number[] = []
  for (let at = 0; at < certainty.length; at += 1) {
    if (!isCandidate(document, at)) continue
    summer.sum(document, at)
    const sure = Math.round(certaintyOf(summer.first) * 100)
    certainty[at] = sure
    candidates.push(at)
    shared.push(summer.second)
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
  readOnce(document, summerOf(firstAlone(weights))).reading

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
  const summer = summerOf(weights)
  const { reading, candidates, shared } = readOnce(document, summer)
  const certainty = new Float32Array(document.tokens.count)
  for (let index = 0; index < candidates.length; index += 1) {
    const at = candidates[index]!
    if (isSettled(document, at, reading)) continue
    certainty[at] = certaintyOf(shared[index]! + summer.decided(document, at, reading))
  }
  return certainty
}

/** The weights shipped with the product; made by scripts/tagger/train.ts. */
export const readWeights = (): Weights =>
  unpackWeights(JSON.parse(readFileSync(join(import.meta.dirname, 'weights.json'), 'utf8')) as PackedWeights)
