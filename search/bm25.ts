/** How often one word occurs in one document, by field. */
export interface Occurrences {
  readonly subject: number
  readonly sender: number
  readonly body: number
}

export interface ScoredDocument {
  readonly id: string
  /** Length in words. */
  readonly length: number
  /** Occurrences of each word of the query, by its place in the query. */
  readonly occurrences: ReadonlyMap<number, Occurrences>
}

export interface Corpus {
  /** Documents of the collection. */
  readonly size: number
  /** Documents that hold each word of the query. */
  readonly holding: readonly number[]
}

const K1 = 1.2
const B = 0.75
const SUBJECT_WEIGHT = 2

/** Okapi BM25 (Robertson and Zaragoza 2009; idf as in Lucene, never negative), the subject counted twice. */
export const bm25 = (documents: readonly ScoredDocument[], corpus: Corpus): ReadonlyMap<string, number> => {
  const average = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length) || 1
  const idf = corpus.holding.map((holding) =>
    Math.log(1 + (Math.max(corpus.size, holding) - holding + 0.5) / (holding + 0.5)),
  )
  return new Map(
    documents.map(({ id, length, occurrences }) => {
      const norm = K1 * (1 - B + (B * length) / average)
      let score = 0
      for (const [word, { subject, sender, body }] of occurrences) {
        const frequency = SUBJECT_WEIGHT * subject + sender + body
        if (frequency > 0) score += (idf[word]! * frequency * (K1 + 1)) / (frequency + norm)
      }
      return [id, score]
    }),
  )
}
