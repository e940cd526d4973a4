import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'
import type { Schemas } from '@qdrant/js-client-rest'
import { letsThrough, product, toUnit } from './points.ts'
import type { KeptPoint } from './points.ts'

interface Collection {
  readonly sizes: Readonly<Record<string, number>>
  readonly indexed: Set<string>
  readonly points: Map<string, KeptPoint>
}

export interface FakeQdrant {
  readonly url: string
  readonly collections: ReadonlyMap<string, { readonly points: ReadonlyMap<string, KeptPoint> }>
  /** Requests that Qdrant would refuse, with the reason. */
  readonly refused: readonly string[]
  /** Bodies it took, by what was asked. */
  readonly asked: readonly { readonly what: string; readonly body: unknown }[]
  /** While set every request is answered with this status. */
  fail(status: number | undefined): void
  close(): Promise<void>
}

const { definitions } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'schemas', 'schemas.json'), 'utf8'),
) as { readonly definitions: Readonly<Record<string, object>> }

const ajv = new Ajv({ strict: false, allowUnionTypes: true })
ajv.addSchema({ $id: 'qdrant', definitions })
const compiled = new Map<string, ValidateFunction>()

/** Throws when a body is not as Qdrant's OpenAPI document has it. */
const assertBody = (name: string, body: unknown): void => {
  const check = compiled.get(name) ?? ajv.compile({ $ref: `qdrant#/definitions/${name}` })
  compiled.set(name, check)
  if (!check(body)) throw new Refusal(400, `${name}: ${ajv.errorsText(check.errors)}`)
}

class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const COMPLETED: Schemas['UpdateResult'] = { operation_id: 1, status: 'completed' }

const fieldsOf =
  ({ indexed }: Collection) =>
  (key: string): void => {
    if (!indexed.has(key)) throw new Refusal(400, `no index on ${key}`)
  }

const keep = (collection: Collection, body: Schemas['PointInsertOperations']): void => {
  if (!('points' in body)) throw new Refusal(400, 'the fake takes lists of points')
  for (const { id, vector, payload } of body.points) {
    if (typeof id !== 'string' || !UUID.test(id)) throw new Refusal(400, 'an id is a UUID')
    const given = Object.entries(vector as Record<string, number[]>)
    for (const [name, values] of given)
      if (values.length !== collection.sizes[name])
        throw new Refusal(400, `vector ${name} has the wrong size`)
    const vectors = Object.fromEntries(given.map(([name, values]) => [name, toUnit(values)]))
    collection.points.set(id, { id, payload: payload ?? {}, vectors })
  }
}

const facet = (
  collection: Collection,
  { key, filter, limit }: Schemas['FacetRequest'],
): Schemas['FacetResponse'] => {
  const isIndexed = fieldsOf(collection)
  isIndexed(key)
  const counts = new Map<string, number>()
  for (const point of collection.points.values())
    if (letsThrough(point, filter ?? {}, isIndexed)) {
      const value = String(point.payload[key])
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
  const hits = [...counts].map(([value, count]) => ({ value, count }))
  return { hits: hits.sort((a, b) => b.count - a.count).slice(0, limit ?? 10) }
}

const query = (
  collection: Collection,
  { query: asked, using, filter, limit, score_threshold: least }: Schemas['QueryRequest'],
): Schemas['QueryResponse'] => {
  const name = using ?? ''
  if (!Array.isArray(asked) || asked.length !== collection.sizes[name])
    throw new Refusal(400, `the query has the wrong size for vector ${name}`)
  const direction = toUnit(asked as number[])
  const isIndexed = fieldsOf(collection)
  const points = [...collection.points.values()]
    .filter((point) => point.vectors[name] && letsThrough(point, filter ?? {}, isIndexed))
    .map((point) => ({ id: point.id, version: 1, score: product(direction, point.vectors[name]!) }))
    .filter(({ score }) => score >= (least ?? -1))
    .sort((a, b) => b.score - a.score)
  return { points: points.slice(0, limit ?? 10) }
}

/**
 * A stand-in for a Qdrant server, held to Qdrant's OpenAPI document on both sides: what it is sent and what it answers.
 * Searches compare every point; fields of a filter must have an index.
 */
export const startFakeQdrant = async ({ apiKey }: { readonly apiKey?: string } = {}): Promise<FakeQdrant> => {
  const collections = new Map<string, Collection>()
  const refused: string[] = []
  const asked: { what: string; body: unknown }[] = []
  let failing: number | undefined
  const existing = (name: string): Collection => {
    const found = collections.get(name)
    if (!found) throw new Refusal(404, `no collection ${name}`)
    return found
  }
  const respond = (what: string, name: string, body: unknown): readonly [schema: string, result: unknown] => {
    switch (what) {
      case 'GET collections':
        return ['CollectionsResponse', { collections: [...collections.keys()].map((one) => ({ name: one })) }]
      case 'PUT collection': {
        assertBody('CreateCollection', body)
        if (collections.has(name)) throw new Refusal(409, 'the collection is there')
        const { vectors } = body as { vectors: Record<string, Schemas['VectorParams']> }
        const sizes = Object.fromEntries(Object.entries(vectors).map(([key, { size }]) => [key, size]))
        collections.set(name, { sizes, indexed: new Set(), points: new Map() })
        return ['', true]
      }
      case 'DELETE collection':
        return ['', collections.delete(name)]
      case 'PUT index':
        assertBody('CreateFieldIndex', body)
        existing(name).indexed.add((body as Schemas['CreateFieldIndex']).field_name)
        return ['UpdateResult', COMPLETED]
      case 'PUT points':
        assertBody('PointInsertOperations', body)
        keep(existing(name), body as Schemas['PointInsertOperations'])
        return ['UpdateResult', COMPLETED]
      case 'POST points/delete': {
        assertBody('PointsSelector', body)
        const { filter } = body as Schemas['FilterSelector']
        const collection = existing(name)
        for (const point of collection.points.values())
          if (letsThrough(point, filter, fieldsOf(collection))) collection.points.delete(point.id)
        return ['UpdateResult', COMPLETED]
      }
      case 'POST facet':
        assertBody('FacetRequest', body)
        return ['FacetResponse', facet(existing(name), body as Schemas['FacetRequest'])]
      case 'POST points/query':
        assertBody('QueryRequest', body)
        return ['QueryResponse', query(existing(name), body as Schemas['QueryRequest'])]
      default:
        throw new Refusal(404, `no such route: ${what}`)
    }
  }
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    let text = ''
    request.setEncoding('utf8').on('data', (piece: string) => void (text += piece))
    request.on('end', () => {
      if (failing !== undefined) return answer(failing, { status: { error: 'busy' }, time: 0 })
      const [, , name = '', ...rest] = new URL(request.url ?? '/', 'http://fake').pathname.split('/')
      const what = `${request.method} ${rest.join('/') || (name === '' ? 'collections' : 'collection')}`
      try {
        if (apiKey !== undefined && request.headers['api-key'] !== apiKey) throw new Refusal(401, 'no key')
        const body: unknown = text === '' ? undefined : JSON.parse(text)
        const [schema, result] = respond(what, decodeURIComponent(name), body)
        if (schema !== '') assertBody(schema, result)
        asked.push({ what, body })
        return answer(200, { result, status: 'ok', time: 0.001 })
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        refused.push(`${what}: ${message}`)
        const refusal: Schemas['ErrorResponse'] = { status: { error: message }, time: 0 }
        return answer(error instanceof Refusal ? error.status : 500, refusal)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    collections,
    refused,
    asked,
    fail: (status) => void (failing = status),
    close: async () => {
      server.closeAllConnections()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
