import type { Actor } from '../../domain/actor.ts'
import type { Near, Qdrant } from './client.ts'
import { collectionOf, seenBy, VECTOR } from './points.ts'
import type { StoredModel } from './points.ts'

const DEPTH = 200
/** Where filters are held by the database alone, they take some of the best away. */
const FILTERED_DEPTH = 1_000
/** Below this the nearest message has nothing to do with the question. */
const MIN_CLOSENESS = 0.05
/** How far the graph is walked: beyond what is asked for, so that it finds what a full scan would. */
const WALKED = 512

export interface NearestOptions {
  readonly model: StoredModel
  readonly vector: Float32Array
  /** Only these messages. */
  readonly within: readonly string[] | undefined
  readonly isFiltered: boolean
  readonly signal: AbortSignal
}

/** The messages nearest to a vector that the actor may see, best first. Throws `qdrant_silent`. */
export const nearest = (
  qdrant: Qdrant,
  actor: Actor,
  { model, vector, within, isFiltered, signal }: NearestOptions,
): Promise<readonly Near[]> => {
  const limit = isFiltered && !within ? FILTERED_DEPTH : DEPTH
  return qdrant.query(
    collectionOf(actor.tenantId, model),
    {
      query: [...vector],
      using: VECTOR,
      filter: seenBy(actor, within),
      limit,
      score_threshold: MIN_CLOSENESS,
      params: { hnsw_ef: Math.max(WALKED, limit) },
      with_payload: false,
    },
    signal,
  )
}
