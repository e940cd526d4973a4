/** Turns texts into vectors that lie near each other when the texts mean the same. */
export interface Embedder {
  /** Which model, to the byte where it is a file: vectors of another one cannot be compared with its own. */
  readonly id: string
  readonly dimensions: number
  /** Vectors of length 1, one a text, in order. Throws `unavailable` when the model does not answer. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]>
}

export interface EmbedderKeys {
  /** Bearer token of an openai-compatible server. */
  readonly key?: string | undefined
}

/** The vector made as long as 1; all zero stays so. */
export const toUnit = (vector: Float32Array): Float32Array => {
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
}
