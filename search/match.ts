import type { TenantTx } from '../db/tenant.ts'
import { addScores, normsOf, rarity } from './bm25.ts'
import type { MailIndex } from './index-read.ts'
import { readHolders } from './postings.ts'
import type { FieldWeights, Holders, Slot } from './postings.ts'
import type { Term } from './terms.ts'

/** Documents by number, best first. */
export interface Scored {
  readonly number: number
  readonly score: number
}

/** What the words of a query find, before anybody asked who may see it. */
export interface Matches {
  /** Numbers of all documents that match, in no order. */
  readonly numbers: Int32Array
  /** BM25 by number; 0 where nothing matches. */
  readonly scores: Float32Array
  /** The terms that each document holds, by place in the query (the first 31). */
  readonly held: Int32Array
  readonly norms: Float32Array
}

/** Subject, sender, new text, quoted text. */
export const FIELD_WEIGHTS: FieldWeights = [2, 1, 1, 0.05]

export interface Wanted {
  /** One is enough. */
  readonly words: readonly Term[]
  /** Each must occur. */
  readonly required: readonly Term[]
  readonly excluded: readonly Term[]
}

/** Documents in all of the lists, which ascend. */
const inAll = (lists: readonly Holders[], size: number): Uint8Array => {
  const counts = new Uint8Array(size)
  for (const { numbers } of lists) for (const number of numbers) counts[number]! += 1
  return counts
}

const onlyHolding = (holders: Holders, counts: Uint8Array, all: number): Holders => {
  const keep: number[] = []
  holders.numbers.forEach((number, at) => void (counts[number] === all && keep.push(at)))
  return {
    numbers: Int32Array.from(keep, (at) => holders.numbers[at]!),
    frequencies: Float32Array.from(keep, (at) => holders.frequencies[at]!),
  }
}

/** Which documents hold the terms, and their BM25. */
export const findMatches = async (
  tx: TenantTx,
  index: MailIndex,
  { words, required, excluded }: Wanted,
): Promise<Matches> => {
  const terms = [...words, ...required, ...excluded]
  const slots: readonly Slot[] = terms.flatMap((term) => term.slots)
  const holders = await readHolders(tx, index, { slots, weights: FIELD_WEIGHTS })
  const norms = normsOf(index, FIELD_WEIGHTS)
  const scores = new Float32Array(index.size)
  const held = new Int32Array(index.size)
  const requiredHeld = new Uint8Array(index.size)
  const isOut = new Uint8Array(index.size)
  let at = 0
  terms.forEach((term, place) => {
    const own = holders.slice(at, at + term.slots.length)
    at += term.slots.length
    const counts = own.length > 1 ? inAll(own, index.size) : undefined
    const full = counts ? own.map((one) => onlyHolding(one, counts, own.length)) : own
    const [first] = full
    if (!first) return
    if (place >= words.length + required.length) {
      for (const number of first.numbers) isOut[number] = 1
      return
    }
    if (place >= words.length) for (const number of first.numbers) requiredHeld[number]! += 1
    for (const number of first.numbers) held[number]! |= 1 << Math.min(place, 30)
    full.forEach((one, slot) =>
      addScores(scores, one, {
        norms,
        idf: term.count * rarity(index.size, own[slot]!.numbers.length),
      }),
    )
  })
  const isWanted = (number: number): boolean =>
    isOut[number] === 0 &&
    (required.length > 0 ? requiredHeld[number] === required.length : held[number] !== 0)
  const numbers: number[] = []
  if (words.length + required.length > 0)
    for (let number = 0; number < index.size; number += 1) if (isWanted(number)) numbers.push(number)
  return { numbers: Int32Array.from(numbers), scores, held, norms }
}

/** Documents that hold any of the terms. */
export const numbersHolding = async (
  tx: TenantTx,
  index: MailIndex,
  terms: readonly Term[],
): Promise<ReadonlySet<number>> => {
  const holders = await readHolders(tx, index, {
    slots: terms.flatMap(({ slots }) => slots),
    weights: FIELD_WEIGHTS,
  })
  const found = new Set<number>()
  let at = 0
  for (const { slots } of terms) {
    const own = holders.slice(at, at + slots.length)
    at += slots.length
    const counts = inAll(own, index.size)
    for (const number of own[0]?.numbers ?? []) if (counts[number] === slots.length) found.add(number)
  }
  return found
}

/** The best `count` of the numbers by score, best first; equals by number. */
export const best = (numbers: Int32Array, scores: Float32Array, count: number): readonly Scored[] => {
  const isBefore = (a: number, b: number): boolean =>
    scores[a]! > scores[b]! || (!(scores[a]! < scores[b]!) && a < b)
  let kept = numbers
  if (numbers.length > count * 4) {
    // Only what reaches the score of a sampled rank is sorted; when too few do, all are.
    const sample = Float32Array.from(
      { length: 2_000 },
      (_one, at) => scores[numbers[Math.floor((at * numbers.length) / 2_000)]!]!,
    )
    sample.sort()
    const floor = sample[Math.max(0, Math.floor(2_000 - (2_000 * count * 2) / numbers.length) - 20)]!
    const reaching = numbers.filter((number) => scores[number]! >= floor)
    if (reaching.length >= count) kept = reaching
  }
  return [...kept]
    .sort((a, b) => (isBefore(a, b) ? -1 : 1))
    .slice(0, count)
    .map((number) => ({ number, score: scores[number]! }))
}
