import { FIELD_COUNT } from './analyze.ts'
import type { MailIndex } from './index-read.ts'
import type { FieldWeights, Holders } from './postings.ts'

const K1 = 1.2
const B = 0.75

/** Rarity of a word: as in Lucene, never negative. */
export const rarity = (size: number, holding: number): number =>
  Math.log(1 + (Math.max(size, holding) - holding + 0.5) / (holding + 0.5))

/** How much longer than the average each document is, fields by their weights, made ready for `addScores`. */
export const normsOf = (index: MailIndex, weights: FieldWeights): Float32Array => {
  const norms = new Float32Array(index.size)
  const average = index.averages.reduce((sum, length, field) => sum + weights[field]! * length, 0) || 1
  for (const { segment, offset } of index.parts) {
    const { lengths } = segment
    for (let place = 0; place * FIELD_COUNT < lengths.length; place += 1) {
      let length = 0
      for (let field = 0; field < FIELD_COUNT; field += 1)
        length += weights[field]! * lengths[place * FIELD_COUNT + field]!
      norms[offset + place] = K1 * (1 - B + (B * length) / average)
    }
  }
  return norms
}

/** Adds what one word is worth to each document that holds it: Okapi BM25 over weighted fields (Robertson and Zaragoza 2009). */
export const addScores = (
  scores: Float32Array,
  { numbers, frequencies }: Holders,
  { norms, idf }: { readonly norms: Float32Array; readonly idf: number },
): void => {
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at]!
    const frequency = frequencies[at]!
    scores[number]! += (idf * frequency * (K1 + 1)) / (frequency + norms[number]!)
  }
}
