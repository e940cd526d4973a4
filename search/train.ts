import { Worker } from 'node:worker_threads'
import type { IndexActor } from './index-write.ts'
import { unavailable } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { analyze } from './analyze.ts'
import { messageText } from './index-read.ts'
import type { TextRow } from './index-read.ts'
import { project } from './lsa.ts'
import type { LsaModel, WordCounts } from './lsa.ts'
import { unpackModel } from './model-pack.ts'
import { batchesOf, embedSegments, readTexts } from './embed-segments.ts'
import type { SegmentModel } from './embed-segments.ts'
import type { Embedder } from './embed/embedder.ts'
import { keepSentenceModel } from './sentence-model.ts'
import type { SentenceReport } from './sentence-model.ts'
import { tuneMeaning } from './tune.ts'
import type { Tuning } from './tune.ts'

export interface MeaningOptions {
  readonly database: Database
  /** Tact itself, who sees all mail of the workspace. */
  readonly actor: IndexActor
  readonly dimensions?: number
  readonly signal?: AbortSignal | undefined
  /**
   * A sentence model to try, and to serve when it finds more than the one trained on the mail; `silent`: one is set and does
   * not answer, so one that serves stays.
   */
  readonly embedder?: Embedder | 'silent' | undefined
}

/** Fewer messages teach nothing. */
export const MIN_TO_TRAIN = 200
/** More are drawn at random: the space of words settles long before. */
const MAX_TO_TRAIN = 12_000
const DIMENSIONS = 200
/** A model is trained anew when the mail has grown to so many times what it learnt from. */
const GROWN = 2

const countsOf = (row: TextRow): ReadonlyMap<string, number> => {
  const { terms } = analyze({ ...messageText(row), sender: '', quoted: '' })
  return new Map([...terms].map(([term, counts]) => [term, counts[0]! + counts[2]!]))
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

const segmentModel = (id: string, model: LsaModel): SegmentModel => ({
  id,
  dimensions: model.dimensions,
  vectorsOf: (texts) => Promise.resolve(texts.map((row) => project(model, countsOf(row)))),
})

interface Standing {
  readonly id: string | null
  readonly kind: string | null
  readonly learnt_from: number
  readonly messages: number
}

const standingOf = async ({ database, actor }: MeaningOptions): Promise<Standing> =>
  (
    await asTenant(database, actor, (tx) =>
      rows<Standing>(
        tx,
        sql`select m.id, m.kind, coalesce(m.documents, 0) as learnt_from, n.messages from
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
  readonly sentences: SentenceReport | null
}

const NOTHING = { trained: false, embedded: 0, tuning: null } as const

/** Trains a model on the mail that everybody sees and lets it serve in the place of what served. */
const trainAnew = async (
  options: MeaningOptions,
  messages: number,
): Promise<Omit<MeaningReport, 'sentences'>> => {
  const { database, actor, dimensions = DIMENSIONS } = options
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
        values (${modelId}, core.current_tenant(), 'lsa', ${messages}, ${trained.dimensions},
          decode(${Buffer.from(trained.packed).toString('hex')}, 'hex'), '{}', 0, false)`,
    ),
  )
  const embedded = await embedSegments(options, segmentModel(modelId, unpackModel(trained.packed)))
  const tuning = await tuneMeaning(database, actor, { id: modelId })
  await asTenant(database, actor, async (tx) => {
    await rows(tx, sql`delete from intel.mail_models where id <> ${modelId} and (is_serving or kind = 'lsa')`)
    await rows(
      tx,
      sql`update intel.mail_models set is_serving = true, weight = ${tuning.weight}, figures = ${JSON.stringify(tuning)}::jsonb where id = ${modelId}`,
    )
  })
  return { trained: true, embedded, tuning }
}

const keepTrained = async (
  options: MeaningOptions,
  standing: Standing,
): Promise<Omit<MeaningReport, 'sentences'>> => {
  const isFresh = standing.kind === 'lsa' && standing.messages < standing.learnt_from * GROWN
  if (!isFresh) return trainAnew(options, standing.messages)
  const [row] = await asTenant(options.database, options.actor, (tx) =>
    rows<{ packed: Buffer }>(tx, sql`select packed from intel.mail_models where id = ${standing.id}`),
  )
  const embedded = row ? await embedSegments(options, segmentModel(standing.id!, unpackModel(row.packed))) : 0
  return { trained: false, embedded, tuning: null }
}

/**
 * Keeps the meaning arm of a workspace up to date: trains a model on the mail that everybody sees when there is none or
 * that mail has doubled, gives every indexed message a vector, tries the model on the workspace's own replies, and lets it
 * serve with the share that helped there (0 when none did). The old model serves until then. An `embedder` is tried beside
 * it, and serves in its place where it finds more; without that embedder a trained model takes its place again.
 */
export const keepMeaning = async (options: MeaningOptions): Promise<MeaningReport> => {
  const { embedder } = options
  const standing = await standingOf(options)
  if (standing.messages < MIN_TO_TRAIN) return { trained: false, embedded: 0, tuning: null, sentences: null }
  const isTrained = standing.kind === null || standing.kind === 'lsa'
  if (embedder === undefined || embedder === 'silent') {
    const stays = embedder === 'silent' && !isTrained
    return { ...(stays ? NOTHING : await keepTrained(options, standing)), sentences: null }
  }
  const keepSentences = (): Promise<SentenceReport> =>
    keepSentenceModel({ ...options, embedder, messages: standing.messages })
  if (isTrained) {
    const kept = await keepTrained(options, standing)
    return { ...kept, sentences: await keepSentences() }
  }
  const sentences = await keepSentences()
  const kept = sentences.state === 'refused' ? await keepTrained(options, standing) : NOTHING
  return { ...kept, sentences }
}
