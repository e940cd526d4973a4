import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { SegmentsOptions } from '../embed-segments.ts'
import { unpackVectors } from '../model-pack.ts'
import type { Vectors } from '../model-pack.ts'
import type { Point, Qdrant } from './client.ts'
import { collectionOf, isShared, ofSegment, ofTenant, ownPrefix, VECTOR } from './points.ts'
import type { PointPayload, StoredModel } from './points.ts'

/** What was written and taken away. */
export interface KeepReport {
  readonly written: number
  /** Parts of the index that the store held otherwise than the database. */
  readonly mended: number
}

const POINTS_AT_ONCE = 256

/** Each message in the newest part of the index that holds it, unless it is deleted. */
const newest = sql`(select distinct on (held.id) s.id as segment_id, held.id as message_id
  from intel.mail_segments s join intel.mail_indexes i on i.generation = s.generation,
    unnest(s.message_ids) as held(id) join intel.mail_messages m on m.id = held.id and m.deleted_at is null
  order by held.id, s.created_at desc, s.id desc)`

interface Held {
  readonly id: string
  readonly messages: number
}

const servingModel = ({ database, actor }: SegmentsOptions) =>
  asTenant(
    database,
    actor,
    async (tx) => {
      const [model] = await rows<StoredModel>(
        tx,
        sql`select id, kind, dimensions from intel.mail_models where is_serving`,
      )
      if (!model) return undefined
      const held = await rows<Held>(
        tx,
        sql`select n.segment_id as id, count(*)::int as messages from ${newest} as n
          join intel.mail_vectors v on v.segment_id = n.segment_id and v.model_id = ${model.id} group by 1`,
      )
      return { model, held }
    },
    { readOnly: true },
  )

interface SegmentRow {
  readonly message_ids: string[]
  readonly only_for: string[] | null
  readonly not_for: string[] | null
  readonly packed: Buffer
  readonly live: string[]
}

/** An empty list names nobody; a filter would take it for everybody. */
const NOBODY = ['nobody']
const namesOf = (list: readonly string[]): readonly string[] => (list.length === 0 ? NOBODY : list)

const vectorAt = ({ bytes, scales }: Vectors, place: number, width: number): number[] =>
  Array.from({ length: width }, (_one, axis) => bytes[place * width + axis]! * scales[place]!)

/** A message without words has no direction; it is kept, and near nothing. */
const pointsOf = function* (
  tenantId: string,
  { segment, row, width }: { readonly segment: string; readonly row: SegmentRow; readonly width: number },
): Generator<Point> {
  const vectors = unpackVectors(row.packed)
  const live = new Set(row.live)
  const payload: PointPayload = {
    tenant: tenantId,
    segment,
    ...(row.only_for === null ? {} : { only_for: namesOf(row.only_for) }),
    ...(row.not_for === null ? {} : { not_for: row.not_for }),
  }
  for (const [place, id] of row.message_ids.entries()) {
    if (!live.has(id)) continue
    const vector = vectorAt(vectors, place, width)
    const isEmpty = vector.every((value) => value === 0)
    yield { id, payload: { ...payload }, vector: isEmpty ? {} : { [VECTOR]: vector } }
  }
}

const readSegment = (
  { database, actor }: SegmentsOptions,
  model: StoredModel,
  id: string,
): Promise<SegmentRow[]> =>
  asTenant(
    database,
    actor,
    (tx) =>
      rows<SegmentRow>(
        tx,
        sql`select s.message_ids, s.only_for, s.not_for, v.packed,
            (select coalesce(array_agg(n.message_id), '{}') from ${newest} as n where n.segment_id = s.id) as live
          from intel.mail_segments s join intel.mail_vectors v on v.segment_id = s.id and v.model_id = ${model.id} where s.id = ${id}`,
      ),
    { readOnly: true },
  )

const mendSegment = async (
  qdrant: Qdrant,
  options: SegmentsOptions,
  { model, segment }: { readonly model: StoredModel; readonly segment: string },
): Promise<number> => {
  const { tenantId } = options.actor
  const collection = collectionOf(tenantId, model)
  const [row] = await readSegment(options, model, segment)
  if (!row) return 0
  await qdrant.remove(collection, ofSegment(tenantId, segment, row.live), options.signal)
  let waiting: Point[] = []
  let written = 0
  const flush = async (): Promise<void> => {
    if (waiting.length > 0) await qdrant.put(collection, waiting, options.signal)
    written += waiting.length
    waiting = []
  }
  for (const point of pointsOf(tenantId, { segment, row, width: model.dimensions })) {
    waiting.push(point)
    if (waiting.length === POINTS_AT_ONCE) await flush()
  }
  await flush()
  return written
}

const createCollection = async (qdrant: Qdrant, name: string, dimensions: number): Promise<void> => {
  // Of a collection that tenants share, each tenant's points are a graph of their own.
  const graph = isShared(name) ? { hnsw_config: { m: 0, payload_m: 16 } } : {}
  await qdrant.create(name, { vectors: { [VECTOR]: { size: dimensions, distance: 'Cosine' } }, ...graph })
  await qdrant.indexField(name, {
    field_name: 'tenant',
    field_schema: { type: 'keyword', is_tenant: true },
  })
  for (const field of ['segment', 'only_for', 'not_for'])
    await qdrant.indexField(name, { field_name: field, field_schema: 'keyword' })
}

/** Takes away what models have left that serve no longer. */
const forgetOthers = async (
  qdrant: Qdrant,
  { actor: { tenantId }, signal }: SegmentsOptions,
  { names, kept }: { readonly names: readonly string[]; readonly kept: string | undefined },
): Promise<void> => {
  for (const name of names) {
    if (name === kept) continue
    if (name.startsWith(ownPrefix(tenantId))) await qdrant.drop(name)
    else if (isShared(name)) await qdrant.remove(name, ofTenant(tenantId), signal)
  }
}

const markStored = (
  { database, actor }: SegmentsOptions,
  modelId: string,
  isStored: boolean,
): Promise<unknown> =>
  asTenant(database, actor, (tx) =>
    rows(
      tx,
      sql`update intel.mail_models set figures = jsonb_set(figures, '{stored}', ${isStored ? 'true' : 'false'}::jsonb)
        where id = ${modelId} and (figures->'stored') is distinct from ${isStored ? 'true' : 'false'}::jsonb`,
    ),
  )

/**
 * Brings what Qdrant holds of a workspace in line with the database, part of the index by part, whatever either went
 * through: the database's vectors are the truth, Qdrant's a copy. Searches ask Qdrant once all is there, and the
 * database's own vectors until then. Throws `qdrant_silent`; the next run goes on.
 */
export const keepQdrant = async (qdrant: Qdrant, options: SegmentsOptions): Promise<KeepReport> => {
  const { tenantId } = options.actor
  const serving = await servingModel(options)
  const names = await qdrant.collections(options.signal)
  const collection = serving && collectionOf(tenantId, serving.model)
  await forgetOthers(qdrant, options, { names, kept: collection })
  if (!serving || !collection) return { written: 0, mended: 0 }
  const { model, held } = serving
  if (!names.includes(collection)) {
    await markStored(options, model.id, false)
    await createCollection(qdrant, collection, model.dimensions)
  }
  const stored = await qdrant.count(collection, 'segment', ofTenant(tenantId))
  let [written, mended] = [0, 0]
  const wanted = new Set(held.map(({ id }) => id))
  for (const segment of stored.keys())
    if (!wanted.has(segment)) {
      await qdrant.remove(collection, ofSegment(tenantId, segment, []), options.signal)
      mended += 1
    }
  for (const { id, messages } of held) {
    if (options.signal?.aborted) return { written, mended }
    if (stored.get(id) === messages) continue
    written += await mendSegment(qdrant, options, { model, segment: id })
    mended += 1
  }
  await markStored(options, model.id, true)
  return { written, mended }
}
