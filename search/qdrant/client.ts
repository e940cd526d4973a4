import { z } from 'zod'
import { unavailable } from '../../domain/errors.ts'
import type { Schemas } from '@qdrant/js-client-rest'

export type Filter = Schemas['Filter']
export type Point = Schemas['PointStruct']

export interface QdrantAddress {
  /** Base URL; a path in it stands before Qdrant's own. */
  readonly url: string
  readonly apiKey?: string | undefined
}

/** A point that lies near. */
export interface Near {
  readonly id: string
  /** Cosine. */
  readonly score: number
}

const WRITE_MS = 60_000
const NAMES = z.object({ collections: z.array(z.object({ name: z.string() })) })
const COUNTS = z.object({ hits: z.array(z.object({ value: z.string(), count: z.int() })) })
const NEAR = z.object({ points: z.array(z.object({ id: z.string(), score: z.number() })) })
const MOST_VALUES = 100_000

const silent = (cause: unknown) =>
  unavailable('qdrant_silent', 'Qdrant did not answer as it should.', {
    fix: 'Start the server that QDRANT_URL names and look at its log, or unset QDRANT_URL: Tact then searches its own vectors.',
    cause,
  })

/** What Tact asks of Qdrant, body by body as its OpenAPI document has them. Everything throws `qdrant_silent`. */
export interface Qdrant {
  collections(signal?: AbortSignal): Promise<readonly string[]>
  create(name: string, collection: Schemas['CreateCollection']): Promise<void>
  /** Makes a field of the points searchable by its value. */
  indexField(name: string, field: Schemas['CreateFieldIndex']): Promise<void>
  drop(name: string): Promise<void>
  /** Back when the points can be found. */
  put(name: string, points: readonly Point[], signal?: AbortSignal): Promise<void>
  remove(name: string, filter: Filter, signal?: AbortSignal): Promise<void>
  /** How many of the points have each value of the field. */
  count(name: string, field: string, filter: Filter): Promise<ReadonlyMap<string, number>>
  /** The nearest points, best first. */
  query(name: string, query: Schemas['QueryRequest'], signal: AbortSignal): Promise<readonly Near[]>
}

/** Speaks to the Qdrant at an address. Nothing is sent before the first question. */
export const connectQdrant = ({ url, apiKey }: QdrantAddress): Qdrant => {
  const base = url.replace(/\/+$/, '')
  const ask = async <T>(
    [method, path]: readonly [method: string, path: string],
    body: object | undefined,
    { answer, signal }: { readonly answer: z.ZodType<T>; readonly signal?: AbortSignal | undefined },
  ): Promise<T> => {
    const limit = AbortSignal.timeout(WRITE_MS)
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...(apiKey ? { 'api-key': apiKey } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      if (!response.ok) throw new Error(`status ${response.status}`)
      return z.object({ result: answer }).parse(await response.json()).result
    } catch (cause) {
      throw silent(cause)
    }
  }
  const at = (name: string, rest = ''): string => `/collections/${encodeURIComponent(name)}${rest}`
  const tell = async (
    where: readonly [method: string, path: string],
    body: object | undefined,
    signal?: AbortSignal,
  ): Promise<void> => void (await ask(where, body, { answer: z.unknown(), signal }))
  return {
    collections: async (signal) => {
      const { collections } = await ask(['GET', '/collections'], undefined, { answer: NAMES, signal })
      return collections.map(({ name }) => name)
    },
    create: (name, collection) => tell(['PUT', at(name)], collection),
    indexField: (name, field) => tell(['PUT', at(name, '/index?wait=true')], field),
    drop: (name) => tell(['DELETE', at(name)], undefined),
    put: (name, points, signal) => tell(['PUT', at(name, '/points?wait=true')], { points }, signal),
    remove: (name, filter, signal) =>
      tell(['POST', at(name, '/points/delete?wait=true')], { filter }, signal),
    count: async (name, field, filter) => {
      const body: Schemas['FacetRequest'] = { key: field, filter, limit: MOST_VALUES, exact: true }
      const { hits } = await ask(['POST', at(name, '/facet')], body, { answer: COUNTS })
      return new Map(hits.map(({ value, count }) => [value, count]))
    },
    query: async (name, query, signal) =>
      (await ask(['POST', at(name, '/points/query')], query, { answer: NEAR, signal })).points,
  }
}
