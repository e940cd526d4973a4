import { newId } from '../domain/ids.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { Embedder } from './embed/embedder.ts'
import { MAX_CHARACTERS } from './embed/query.ts'
import { embedSegments } from './embed-segments.ts'
import type { SegmentsOptions } from './embed-segments.ts'
import { messageText } from './index-read.ts'
import type { TextRow } from './index-read.ts'
import { tuneMeaning } from './tune.ts'
import type { Tuning } from './tune.ts'

/** Texts that are handed to a model at once. */
const TEXTS = 32

const textOf = (row: TextRow): string => {
  const { subject, body } = messageText(row)
  return `${subject}\n${body}`.slice(0, MAX_CHARACTERS).trim() || ' '
}

const vectorsOf =
  (embedder: Embedder, signal: AbortSignal | undefined) =>
  async (texts: readonly TextRow[]): Promise<readonly Float32Array[]> => {
    const vectors: Float32Array[] = []
    for (let at = 0; at < texts.length; at += TEXTS)
      vectors.push(...(await embedder.embed(texts.slice(at, at + TEXTS).map(textOf), signal)))
    return vectors
  }

interface Candidate {
  readonly id: string
  readonly is_serving: boolean
  /** Messages there were when it was tried; 0 before. */
  readonly documents: number
}

export interface SentenceReport {
  readonly state: 'serving' | 'refused' | 'interrupted'
  readonly embedded: number
  /** How it did when it was tried just now. */
  readonly tuning: Tuning | null
}

const candidateOf = async (
  { database, actor }: SegmentsOptions,
  { id: kind, dimensions }: Embedder,
): Promise<Candidate> => {
  const id = newId()
  return asTenant(database, actor, async (tx) => {
    const [known] = await rows<Candidate>(
      tx,
      sql`select id, is_serving, documents from intel.mail_models where kind = ${kind}`,
    )
    if (known) return known
    await rows(
      tx,
      sql`insert into intel.mail_models (id, tenant_id, kind, documents, dimensions, packed, figures, weight, is_serving)
        values (${id}, core.current_tenant(), ${kind}, 0, ${dimensions}, '', '{}', 0, false)`,
    )
    return { id, is_serving: false, documents: 0 }
  })
}

/** A refused model is tried again when the mail has grown to so many times what it was. */
const GROWN = 2

/** What the model trained on the mail finds on the workspace's replies; 0 when another serves, which is to go. */
const trainedGain = async ({ database, actor }: SegmentsOptions): Promise<number> => {
  const [trained] = await asTenant(database, actor, (tx) =>
    rows<{ id: string }>(tx, sql`select id from intel.mail_models where is_serving and kind = 'lsa'`),
  )
  return trained ? (await tuneMeaning(database, actor, { id: trained.id })).gain : 0
}

/**
 * Gives every indexed message a vector by the embedder, tries it on the workspace's own replies, and lets it serve when it
 * finds more there than words alone and than the model trained on the mail. What serves now goes on until then. Interrupted, it goes on
 * where it was. A refused model leaves its figures and no vectors.
 */
export const keepSentenceModel = async (
  options: SegmentsOptions & { readonly embedder: Embedder; readonly messages: number },
): Promise<SentenceReport> => {
  const { database, actor, embedder, messages, signal } = options
  const candidate = await candidateOf(options, embedder)
  const isRefused = !candidate.is_serving && candidate.documents > 0
  if (isRefused && messages < candidate.documents * GROWN)
    return { state: 'refused', embedded: 0, tuning: null }
  const embedded = await embedSegments(options, {
    id: candidate.id,
    dimensions: embedder.dimensions,
    vectorsOf: vectorsOf(embedder, signal),
  })
  if (signal?.aborted) return { state: 'interrupted', embedded, tuning: null }
  if (candidate.is_serving) return { state: 'serving', embedded, tuning: null }
  const tuning = await tuneMeaning(database, actor, { id: candidate.id, embedder, signal })
  const isBetter =
    tuning.isProven && tuning.gain > tuning.without && tuning.gain > (await trainedGain(options))
  await asTenant(database, actor, async (tx) => {
    const written = sql`documents = ${messages}, figures = ${JSON.stringify(tuning)}::jsonb`
    if (isBetter) {
      await rows(tx, sql`delete from intel.mail_models where id <> ${candidate.id}`)
      await rows(
        tx,
        sql`update intel.mail_models set ${written}, weight = ${tuning.weight}, is_serving = true where id = ${candidate.id}`,
      )
    } else {
      await rows(tx, sql`update intel.mail_models set ${written} where id = ${candidate.id}`)
      await rows(tx, sql`delete from intel.mail_vectors where model_id = ${candidate.id}`)
    }
  })
  return { state: isBetter ? 'serving' : 'refused', embedded, tuning }
}
