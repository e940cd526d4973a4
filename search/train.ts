import { Worker } from 'node:worker_threads'
import type { IndexActor } from './index-write.ts'
import { unavailable } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { analyze } from './analyze.ts'
import { messageText, textColumns } from './index-read.ts'
import type { TextRow } from './index-read.ts'
import { project } from './lsa.ts'
import type { LsaModel, WordCounts } from './lsa.ts'
import { packVectors, unpackModel } from './model-pack.ts'
import { tuneMeaning } from './tune.ts'
import type { Tuning } from './tune.ts'

export interface MeaningOptions {
  readonly database: Database
  /** Tact itself, who sees all mail of the workspace. */
  readonly actor: IndexActor
  readonly dimensions?: number
  readonly signal?: AbortSignal | undefined
}

/** Fewer messages teach nothing. */
export const MIN_TO_TRAIN = 200
/** More are drawn at random: the space of words settles long before. */
const MAX_TO_TRAIN = 12_000
const DIMENSIONS = 200
const BATCH = 1_000
/** A model is trained anew when the mail has grown to so many times what it learnt from. */
const GROWN = 2

const countsOf = (row: TextRow): ReadonlyMap<string, number> => {
  const { terms } = analyze({ ...messageText(row), sender: '', quoted: '' })
  return new Map([...terms].map(([term, counts]) => [term, counts[0]! + counts[2]!]))
}

const readTexts = ({ database, actor }: MeaningOptions, ids: readonly string[]): Promise<TextRow[]> =>
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

const batchesOf = function* <T>(list: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += BATCH) yield list.slice(at, at + BATCH)
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/** Trains in a thread of its own, so that the process goes on answering. */
const trainAside = (
  documents: readonly WordCounts[],
  dimensions: number,
): Promise<{ readonly packed: Uint8Array; readonly dimensions: number }> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`./train-thread.${extension}`, import.meta.url), {
      workerData: { documents, dimensions },
    })
    worker.once('message', resolve)
    worker.once('error', (cause) =>
      reject(
        unavailable('training_failed', 'The meaning model could not be trained.', {
          fix: 'Searching goes on by words; try again, or run `tact doctor`.',
          cause,
        }),
      ),
    )
  })

/** Writes the vectors of all segments that have none of this model yet. Returns how many documents were given one. */
const embedSegments = async (options: MeaningOptions, modelId: string, model: LsaModel): Promise<number> => {
  const { database, actor, signal } = options
  let embedded = 0
  const missing = await asTenant(database, actor, (tx) =>
    rows<{ id: string; message_ids: string[] }>(
      tx,
      sql`select s.id, s.message_ids from intel.mail_segments s where not exists
        (select from intel.mail_vectors v where v.segment_id = s.id and v.model_id = ${modelId})`,
    ),
  )
  for (const { id, message_ids: messageIds } of missing) {
    const byId = new Map<string, Float32Array>()
    for (const ids of batchesOf(messageIds)) {
      if (signal?.aborted) return embedded
      for (const row of await readTexts(options, ids)) byId.set(row.id, project(model, countsOf(row)))
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
          values (core.current_tenant(), ${modelId}, ${id}, decode(${Buffer.from(packed).toString('hex')}, 'hex')) on conflict do nothing`,
      ),
    )
    embedded += messageIds.length
  }
  return embedded
}

interface Standing {
  readonly id: string | null
  readonly learnt_from: number
  readonly messages: number
}

const standingOf = async ({ database, actor }: MeaningOptions): Promise<Standing> =>
  (
    await asTenant(database, actor, (tx) =>
      rows<Standing>(
        tx,
        sql`select m.id, coalesce(m.documents, 0) as learnt_from, n.messages from
          (select coalesce(sum(s.documents), 0)::int as messages from intel.mail_segments s join intel.mail_indexes i on i.generation = s.generation
            where s.only_for is null and s.not_for is null) as n
          left join intel.mail_models m on m.is_serving`,
      ),
    )
  )[0]!

export interface MeaningReport {
  readonly trained: boolean
  /** Documents that were given a vector. */
  readonly embedded: number
  readonly tuning: Tuning | null
}

/**
 * Keeps the meaning arm of a workspace up to date: trains a model on the mail that everybody sees when there is none or
 * that mail has doubled, gives every
 * indexed message a vector, tries the model on the workspace's own replies, and lets it serve with the share that helped
 * there (0 when none did). The old model serves until then.
 */
export const keepMeaning = async (options: MeaningOptions): Promise<MeaningReport> => {
  const { database, actor, dimensions = DIMENSIONS } = options
  const standing = await standingOf(options)
  if (standing.messages < MIN_TO_TRAIN) return { trained: false, embedded: 0, tuning: null }
  if (standing.id !== null && standing.messages < standing.learnt_from * GROWN) {
    const [row] = await asTenant(database, actor, (tx) =>
      rows<{ packed: Buffer }>(tx, sql`select packed from intel.mail_models where id = ${standing.id}`),
    )
    const embedded = row ? await embedSegments(options, standing.id, unpackModel(row.packed)) : 0
    return { trained: false, embedded, tuning: null }
  }
  const drawn = await asTenant(database, actor, (tx) =>
    rows<{ id: string }>(
      tx,
      sql`select id from intel.mail_messages where deleted_at is null and only_for is null and not_for is null order by md5(id::text) limit ${MAX_TO_TRAIN}`,
    ),
  )
  const documents: WordCounts[] = []
  for (const ids of batchesOf(drawn.map(({ id }) => id)))
    for (const row of await readTexts(options, ids)) documents.push({ counts: countsOf(row) })
  const trained = await trainAside(documents, dimensions)
  const modelId = newId()
  await asTenant(database, actor, (tx) =>
    rows(
      tx,
      sql`insert into intel.mail_models (id, tenant_id, kind, documents, dimensions, packed, figures, weight, is_serving)
        values (${modelId}, core.current_tenant(), 'lsa', ${standing.messages}, ${trained.dimensions},
          decode(${Buffer.from(trained.packed).toString('hex')}, 'hex'), '{}', 0, false)`,
    ),
  )
  const embedded = await embedSegments(options, modelId, unpackModel(trained.packed))
  const tuning = await tuneMeaning(database, actor, modelId)
  await asTenant(database, actor, async (tx) => {
    await rows(tx, sql`delete from intel.mail_models where id <> ${modelId}`)
    await rows(
      tx,
      sql`update intel.mail_models set is_serving = true, weight = ${tuning.weight}, figures = ${JSON.stringify(tuning)}::jsonb where id = ${modelId}`,
    )
  })
  return { trained: true, embedded, tuning }
}
