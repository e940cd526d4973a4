import { isCommon } from './language.ts'

/** Words of a document by their number, with weights of a vector of length 1. */
export interface SparseVector {
  readonly words: Int32Array
  readonly weights: Float32Array
}

/** A map from words into a space of few dimensions, learnt from which words stand together in one tenant's mail. */
export interface LsaModel {
  readonly dimensions: number
  readonly numberOf: ReadonlyMap<string, number>
  readonly rarities: Float32Array
  /** `dimensions` numbers a word. */
  readonly projection: Float32Array
}

export interface WordCounts {
  readonly counts: ReadonlyMap<string, number>
}

const MAX_WORDS = 30_000
const SPARE = 16
const ROUNDS = 2

/** Weight of each known word: logarithm of how often, times how rare, to length 1. */
export const sparseOf = (
  counts: ReadonlyMap<string, number>,
  { numberOf, rarities }: Pick<LsaModel, 'numberOf' | 'rarities'>,
): SparseVector => {
  const words: number[] = []
  const weights: number[] = []
  let sum = 0
  for (const [term, count] of counts) {
    const number = numberOf.get(term)
    if (number === undefined) continue
    const weight = (1 + Math.log(count)) * rarities[number]!
    words.push(number)
    weights.push(weight)
    sum += weight * weight
  }
  const length = Math.sqrt(sum) || 1
  return { words: Int32Array.from(words), weights: Float32Array.from(weights, (weight) => weight / length) }
}

/** The document in the space, to length 1; all zero when it has no known word. */
export const project = (model: LsaModel, counts: ReadonlyMap<string, number>): Float32Array => {
  const { dimensions, projection } = model
  const { words, weights } = sparseOf(counts, model)
  const vector = new Float32Array(dimensions)
  words.forEach((word, at) => {
    const weight = weights[at]!
    const base = word * dimensions
    for (let axis = 0; axis < dimensions; axis += 1) vector[axis]! += weight * projection[base + axis]!
  })
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
}

/** Numbers that look random and are the same on every run. */
const noise = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2_147_483_648 - 1
  }
}

/** Makes the columns of a tall matrix orthonormal (Cholesky of its Gram matrix, twice for accuracy). */
const orthonormal = (matrix: Float32Array, rowCount: number, width: number): void => {
  for (let pass = 0; pass < 2; pass += 1) {
    const gram = new Float64Array(width * width)
    for (let row = 0; row < rowCount; row += 1) {
      const base = row * width
      for (let a = 0; a < width; a += 1) {
        const value = matrix[base + a]!
        if (value === 0) continue
        for (let b = 0; b <= a; b += 1) gram[a * width + b]! += value * matrix[base + b]!
      }
    }
    for (let a = 0; a < width; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        let sum = gram[a * width + b]!
        for (let c = 0; c < b; c += 1) sum -= gram[a * width + c]! * gram[b * width + c]!
        gram[a * width + b] = a === b ? Math.sqrt(Math.max(sum, 1e-10)) : sum / gram[b * width + b]!
      }
    }
    for (let row = 0; row < rowCount; row += 1) {
      const base = row * width
      for (let a = 0; a < width; a += 1) {
        let value = matrix[base + a]!
        for (let c = 0; c < a; c += 1) value -= gram[a * width + c]! * matrix[base + c]!
        matrix[base + a] = value / gram[a * width + a]!
      }
    }
  }
}

/** documents × words times words × width. */
const times = (documents: readonly SparseVector[], matrix: Float32Array, width: number): Float32Array => {
  const product = new Float32Array(documents.length * width)
  documents.forEach(({ words, weights }, row) => {
    const base = row * width
    for (let at = 0; at < words.length; at += 1) {
      const weight = weights[at]!
      const from = words[at]! * width
      for (let axis = 0; axis < width; axis += 1) product[base + axis]! += weight * matrix[from + axis]!
    }
  })
  return product
}

/** words × documents times documents × width. */
const timesTransposed = (
  documents: readonly SparseVector[],
  matrix: Float32Array,
  { words: wordCount, width }: { readonly words: number; readonly width: number },
): Float32Array => {
  const product = new Float32Array(wordCount * width)
  documents.forEach(({ words, weights }, row) => {
    const base = row * width
    for (let at = 0; at < words.length; at += 1) {
      const weight = weights[at]!
      const to = words[at]! * width
      for (let axis = 0; axis < width; axis += 1) product[to + axis]! += weight * matrix[base + axis]!
    }
  })
  return product
}

const vocabularyOf = (documents: readonly WordCounts[]): Pick<LsaModel, 'numberOf' | 'rarities'> => {
  const holding = new Map<string, number>()
  for (const { counts } of documents)
    for (const term of counts.keys()) holding.set(term, (holding.get(term) ?? 0) + 1)
  const kept = [...holding]
    .filter(([term, count]) => count >= 2 && count <= documents.length / 2 && !isCommon(term, 'english'))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MAX_WORDS)
  return {
    numberOf: new Map(kept.map(([term], number) => [term, number])),
    rarities: Float32Array.from(kept, ([, count]) => Math.log(1 + documents.length / count)),
  }
}

/**
 * Latent semantic analysis (Deerwester 1990): the truncated singular value decomposition of documents by words, by
 * randomised subspace iteration (Halko 2011). The same documents give the same model. Takes about 3 ms a document.
 */
export const trainLsa = (documents: readonly WordCounts[], dimensions: number): LsaModel => {
  const vocabulary = vocabularyOf(documents)
  const words = vocabulary.rarities.length
  const sparse = documents.map(({ counts }) => sparseOf(counts, vocabulary))
  const width = Math.max(1, Math.min(dimensions + SPARE, words, documents.length))
  const random = noise(7)
  let basis = Float32Array.from({ length: words * width }, random)
  for (let round = 0; round < ROUNDS; round += 1) {
    orthonormal(basis, words, width)
    basis = new Float32Array(timesTransposed(sparse, times(sparse, basis, width), { words, width }))
  }
  orthonormal(basis, words, width)
  return { dimensions: width, ...vocabulary, projection: basis }
}
