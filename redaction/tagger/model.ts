import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCandidate } from './document.ts'
import type { Document } from './document.ts'
import { collectFeatures, collectSecondFeatures, createFeatureList, FEATURE_SPACE } from './features.ts'
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

const list = createFeatureList()

const certaintyOf = (weights: Float32Array): number => {
  let sum = 0
  for (let at = 0; at < list.count; at += 1) sum += weights[list.ids[at]!]!
  return 1 / (1 + Math.exp(-sum))
}

/** How sure the first reading is of each word, from 0 to 1. */
export const readFirst = (document: Document, weights: Float32Array): FirstReading => {
  const certainty = new Uint8Array(document.tokens.length)
  const best = new Map<string, number>()
  const sums = new Map<string, [number, number]>()
  for (let at = 0; at < certainty.length; at += 1) {
    if (!isCandidate(document, at)) continue
    collectFeatures(document, at, list)
    const sure = Math.round(certaintyOf(weights) * 100)
    certainty[at] = sure
    const { folded } = document.tokens[at]!
    best.set(folded, Math.max(best.get(folded) ?? 0, sure))
    const sum = sums.get(folded)
    if (sum) {
      sum[0] += sure
      sum[1] += 1
    } else sums.set(folded, [sure, 1])
  }
  return { certainty, best, mean: new Map([...sums].map(([word, [sum, count]]) => [word, sum / count])) }
}

/** How sure the tagger is that each token belongs to a person's name, from 0 to 1; 0 for what cannot. */
export const readCertainty = (document: Document, weights: Weights): Float32Array => {
  const reading = readFirst(document, weights.first)
  const certainty = new Float32Array(document.tokens.length)
  for (let at = 0; at < certainty.length; at += 1) {
    if (!isCandidate(document, at)) continue
    collectSecondFeatures(document, at, reading, list)
    certainty[at] = certaintyOf(weights.second)
  }
  return certainty
}

/** The weights shipped with the product; made by scripts/tagger/train.ts. */
export const readWeights = (): Weights =>
  unpackWeights(JSON.parse(readFileSync(join(import.meta.dirname, 'weights.json'), 'utf8')) as PackedWeights)
