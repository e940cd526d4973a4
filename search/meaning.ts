import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { termsOf, wordsIn } from './analyze.ts'
import { Cache } from './cache.ts'
import { messageAt } from './index-read.ts'
import type { MailIndex } from './index-read.ts'
import type { MeantText, Nearest } from './embed/query.ts'
import { languageOf } from './language.ts'
import { project } from './lsa.ts'
import type { LsaModel } from './lsa.ts'
import { best } from './match.ts'
import { unpackModel, unpackVectors } from './model-pack.ts'
import type { Vectors } from './model-pack.ts'

/** A message by its id, with the closeness of its meaning. */
export type Close = readonly [id: string, score: number]

export interface Meaning {
  /** Best first, before anybody asked who may see them. */
  readonly close: readonly Close[]
  /** Its share in the fusion, as tuned on the workspace's own mail. */
  readonly weight: number
  readonly kind: MeaningKind
}

export type MeaningKind = 'trained on this mail' | 'a sentence model'

const models = new Cache<LsaModel>(128 << 20)
const vectors = new Cache<Vectors>(256 << 20)

const modelOf = async (tx: TenantTx, id: string): Promise<LsaModel | undefined> => {
  const known = models.get(id)
  if (known) return known
  const [row] = await rows<{ packed: Buffer }>(tx, sql`select packed from intel.mail_models where id = ${id}`)
  if (!row) return undefined
  const model = unpackModel(row.packed)
  models.set(id, model, model.projection.byteLength + model.rarities.length * 80)
  return model
}

const vectorsOf = async (
  tx: TenantTx,
  modelId: string,
  segmentIds: readonly string[],
): Promise<ReadonlyMap<string, Vectors>> => {
  const keyOf = (segment: string): string => `${modelId} ${segment}`
  const found = new Map<string, Vectors>()
  const missing: string[] = []
  for (const id of segmentIds) {
    const known = vectors.get(keyOf(id))
    if (known) found.set(id, known)
    else missing.push(id)
  }
  if (missing.length === 0) return found
  const read = await rows<{ segment_id: string; packed: Buffer }>(
    tx,
    sql`select segment_id, packed from intel.mail_vectors
      where model_id = ${modelId} and segment_id = any(${sql.param(missing)}::uuid[])`,
  )
  for (const { segment_id: id, packed } of read) {
    const own = unpackVectors(packed)
    found.set(id, own)
    vectors.set(keyOf(id), own, packed.length)
  }
  return found
}

/** Occurrences of the stems of a text in the languages given. */
export const queryCounts = (text: string, languages: MailIndex['languages']): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  const words = wordsIn(text)
  const asked = languageOf(words)
  for (const word of words)
    for (const term of termsOf(word, languages, asked)) counts.set(term, (counts.get(term) ?? 0) + 1)
  return counts
}

interface ModelRow {
  readonly id: string
  readonly kind: string
  readonly weight: number
}

const LSA = 'lsa'

/** The question as the model sees it; undefined when the model is not at hand. */
const queryVector = async (
  tx: TenantTx,
  { id, kind }: ModelRow,
  {
    text,
    meant,
    languages,
  }: {
    readonly text: string
    readonly meant: MeantText | undefined
    readonly languages: MailIndex['languages']
  },
): Promise<Float32Array | undefined> => {
  if (kind !== LSA) return meant?.kind === kind ? meant.vector : undefined
  return trainedVector(tx, id, { text, languages })
}

/** Below this the nearest message has nothing to do with the question. */
const MIN_CLOSENESS = 0.05

/** The question as a model trained on the mail sees it; undefined when that model is gone. */
export const trainedVector = async (
  tx: TenantTx,
  modelId: string,
  { text, languages }: { readonly text: string; readonly languages: MailIndex['languages'] },
): Promise<Float32Array | undefined> => {
  const model = await modelOf(tx, modelId)
  return model && project(model, queryCounts(text, languages))
}

/** What a vector store found, but for messages whose text changed since: they wait for the index. */
const foundElsewhere = (index: MailIndex, { found }: Nearest): readonly Close[] => {
  const waiting = new Set(index.parts.flatMap(({ segment, blocks }) => (blocks ? segment.messageIds : [])))
  return found.flatMap(({ id, score }): readonly Close[] =>
    score < MIN_CLOSENESS || waiting.has(id) ? [] : [[id, score]],
  )
}

/**
 * What is nearest in meaning, by cosine over the tenant's own vectors, all of them compared, or by what a vector store
 * found (`meant.nearest`). Undefined while no model serves, or the one that serves was not asked (`meant`). Messages that
 * wait for the index have no vector yet.
 */
export const meaningOf = async (
  tx: TenantTx,
  index: MailIndex,
  {
    text,
    depth,
    modelId,
    meant,
    within,
  }: {
    readonly text: string
    readonly depth: number
    readonly modelId?: string | undefined
    /** Only these messages, where the filters let few through. */
    readonly within?: Pick<ReadonlySet<string>, 'has'> | undefined
    /** The text as a sentence model sees it, where one may serve. */
    readonly meant?: MeantText | undefined
  },
): Promise<Meaning | undefined> => {
  const [model] = await rows<ModelRow>(
    tx,
    sql`select id, kind, weight from intel.mail_models where ${modelId === undefined ? sql`is_serving` : sql`id = ${modelId}`}`,
  )
  if (!model) return undefined
  const shared = {
    weight: model.weight,
    kind: model.kind === LSA ? ('trained on this mail' as const) : ('a sentence model' as const),
  }
  if (meant?.nearest?.modelId === model.id) return { close: foundElsewhere(index, meant.nearest), ...shared }
  const query = await queryVector(tx, model, { text, meant, languages: index.languages })
  if (!query) return undefined
  const stored = index.parts.filter(({ blocks }) => blocks === undefined)
  const byId = await vectorsOf(
    tx,
    model.id,
    stored.map(({ segment }) => segment.id),
  )
  const dimensions = query.length
  const scores = new Float32Array(index.size)
  const numbers: number[] = []
  for (const { segment, offset } of stored) {
    const own = byId.get(segment.id)
    if (!own) continue
    const { bytes, scales } = own
    for (let place = 0; place < segment.messageIds.length; place += 1) {
      if (within && !within.has(segment.messageIds[place]!)) continue
      const base = place * dimensions
      let product = 0
      for (let axis = 0; axis < dimensions; axis += 1) product += query[axis]! * bytes[base + axis]!
      const score = product * scales[place]!
      if (score < MIN_CLOSENESS || index.stale.has(offset + place)) continue
      scores[offset + place] = score
      numbers.push(offset + place)
    }
  }
  const found = best(Int32Array.from(numbers), scores, depth)
  return { close: found.map(({ number, score }) => [messageAt(index, number), score]), ...shared }
}
