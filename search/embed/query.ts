import type { Embedder } from './embedder.ts'

/** A text of a search as a sentence model sees it. */
export interface MeantText {
  /** Id of the embedder. */
  readonly kind: string
  readonly vector: Float32Array
  /** What a vector store found nearest to it, where one was asked. */
  readonly nearest?: Nearest | undefined
}

/** Messages that one member may see, best first, by a kept model's vectors. */
export interface Nearest {
  readonly modelId: string
  readonly found: readonly { readonly id: string; readonly score: number }[]
}

/** Of a text that is embedded; models see fewer. */
export const MAX_CHARACTERS = 2_000

/** The text as the embedder sees it, asked outside of any transaction. */
export const embedQuery = async (
  embedder: Embedder,
  text: string,
  signal?: AbortSignal,
): Promise<MeantText> => {
  const [vector] = await embedder.embed([text.slice(0, MAX_CHARACTERS)], signal)
  return { kind: embedder.id, vector: vector! }
}
