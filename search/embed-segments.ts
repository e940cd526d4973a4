import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { textColumns } from './index-read.ts'
import type { TextRow } from './index-read.ts'
import type { IndexActor } from './index-write.ts'
import { packVectors } from './model-pack.ts'

export interface SegmentsOptions {
  readonly database: Database
  /** Tact itself, who sees all mail of the workspace. */
  readonly actor: IndexActor
  readonly signal?: AbortSignal | undefined
}

/** A kept model, and how it turns messages into vectors. */
export interface SegmentModel {
  readonly id: string
  readonly dimensions: number
  readonly vectorsOf: (texts: readonly TextRow[]) => Promise<readonly Float32Array[]>
}

const BATCH = 1_000

export const batchesOf = function* <T>(list: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += BATCH) yield list.slice(at, at + BATCH)
}

export const readTexts = ({ database, actor }: SegmentsOptions, ids: readonly string[]): Promise<TextRow[]> =>
  asTenant(
    database,
    actor,
    (tx) =>
      rows<TextRow>(
        tx,
        sql`select ${textColumns} from intel.mail_messages m where m.id = any(${sql.param([...ids])}::uuid[])`,
      ),
    { readOnly: true },
  )

/**
 * Writes the vectors of all segments that have none of this model yet, a segment a transaction: interrupted, it goes on
 * with the next. Returns how many documents were given one.
 */
export const embedSegments = async (options: SegmentsOptions, model: SegmentModel): Promise<number> => {
  const { database, actor, signal } = options
  let embedded = 0
  const missing = await asTenant(database, actor, (tx) =>
    rows<{ id: string; message_ids: string[] }>(
      tx,
      sql`select s.id, s.message_ids from intel.mail_segments s where not exists
        (select from intel.mail_vectors v where v.segment_id = s.id and v.model_id = ${model.id}) order by s.created_at, s.id`,
    ),
  )
  for (const { id, message_ids: messageIds } of missing) {
    const byId = new Map<string, Float32Array>()
    for (const ids of batchesOf(messageIds)) {
      if (signal?.aborted) return embedded
      const texts = await readTexts(options, ids)
      let vectors: readonly Float32Array[]
      try {
        vectors = await model.vectorsOf(texts)
      } catch (error) {
        if (signal?.aborted) return embedded
        throw error
      }
      texts.forEach((row, at) => byId.set(row.id, vectors[at]!))
    }
    const nothing = new Float32Array(model.dimensions)
    const packed = packVectors(
      messageIds.map((messageId) => byId.get(messageId) ?? nothing),
      model.dimensions,
    )
    await asTenant(database, actor, (tx) =>
      rows(
        tx,
        sql`insert into intel.mail_vectors (tenant_id, model_id, segment_id, packed)
          values (core.current_tenant(), ${model.id}, ${id}, decode(${Buffer.from(packed).toString('hex')}, 'hex')) on conflict do nothing`,
      ),
    )
    embedded += messageIds.length
  }
  return embedded
}
