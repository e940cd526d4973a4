import type { Actor } from '../../domain/actor.ts'
import { asTactError } from '../../domain/errors.ts'
import type { Database } from '../../db/connect.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { nowOf, readSurroundings, SURROUNDINGS } from '../../db/workspace.ts'
import { log } from '../../log.ts'
import { filterSql, isFiltered } from '../filters.ts'
import type { MailFilters } from '../filters.ts'
import { openIndex } from '../index-read.ts'
import { trainedVector } from '../meaning.ts'
import type { Qdrant } from '../qdrant/client.ts'
import { nearest } from '../qdrant/nearest.ts'
import type { StoredModel } from '../qdrant/points.ts'
import { visibleBy } from '../visible.ts'
import { parseWords } from '../words.ts'
import type { Embedder, EmbedderKeys } from './embedder.ts'
import { openEmbedder } from './open.ts'
import { embedQuery } from './query.ts'
import type { MeantText } from './query.ts'

/** What is looked for by its meaning, and among which messages. */
export interface MeantQuestion {
  readonly text: string
  readonly filters?: MailFilters | undefined
}

/** Dates of a question are read by the workspace's clock. */
export interface WorkspaceClock {
  readonly now: Date
  readonly timezone: string
}

/**
 * A question as the model sees it that serves the caller's workspace, with what lies near it where a vector store holds
 * the vectors; undefined where neither is set up, or it is silent.
 */
export type EmbedText = (
  actor: Actor,
  read: (clock: WorkspaceClock) => MeantQuestion | undefined,
  signal: AbortSignal,
) => Promise<MeantText | undefined>

/** A search waits no longer for a model, nor for a store; it goes on without. */
const PATIENCE_MS = 3_000
/** Filters that let more through are not sent to the store, which is asked for more instead. */
const MOST_LISTED = 2_000

export interface EmbedTextParts {
  /** Written like TACT_EMBEDDER. */
  readonly setting: string
  readonly keys: EmbedderKeys
  readonly qdrant?: Qdrant | undefined
}

/** The embedder whose vectors are stored under this id: the one that is set, or the one before it, which still serves. */
const embedderOf = async (
  kind: string,
  { setting, keys }: { readonly setting: string; readonly keys: EmbedderKeys },
): Promise<Embedder | undefined> => {
  const own = await openEmbedder(setting, keys)
  if (own?.id === kind) return own
  const before = await openEmbedder(kind.startsWith('local:') ? kind.replace(/#[^#]*$/, '') : kind, keys)
  return before?.id === kind ? before : undefined
}

interface Prepared {
  readonly model: StoredModel
  readonly text: string
  readonly isStored: boolean
  readonly isFiltered: boolean
  /** Messages that the filters let through, where they are few. */
  readonly within: readonly string[] | undefined
  /** The text as a model trained on the mail sees it. */
  readonly vector: Float32Array | undefined
}

/** All that is asked of the database, before anybody else is. Phrases and left-out words are found without meaning. */
const prepare = async (
  tx: TenantTx,
  { text, filters = {} }: MeantQuestion,
  hasStore: boolean,
): Promise<Prepared | undefined> => {
  const { words, phrases, excluded } = parseWords(text)
  if (words.length === 0 || phrases.length > 0 || excluded.length > 0) return undefined
  const [model] = await rows<StoredModel & { readonly stored: boolean }>(
    tx,
    sql`select id, kind, dimensions, coalesce((figures->>'stored')::boolean, false) as stored
      from intel.mail_models where is_serving`,
  )
  if (!model) return undefined
  const isStored = hasStore && model.stored
  if (model.kind === 'lsa' && !isStored) return undefined
  const few =
    isStored && isFiltered(filters) ? await visibleBy(tx, filterSql(filters), MOST_LISTED) : undefined
  const { languages } = isStored && model.kind === 'lsa' ? await openIndex(tx) : { languages: [] }
  return {
    model,
    text,
    isStored,
    isFiltered: isFiltered(filters),
    within: few?.map(({ id }) => id),
    vector:
      model.kind === 'lsa'
        ? await trainedVector(tx, model.id, { text: words.join(' '), languages })
        : undefined,
  }
}

/** Asks the model, and the store where there is one, outside of any transaction. With neither set nobody is ever asked. */
export const createEmbedText =
  (database: Database, { setting, keys, qdrant }: EmbedTextParts): EmbedText =>
  async (actor, read, signal) => {
    if (setting === 'none' && !qdrant) return undefined
    const prepared = await asTenant(
      database,
      actor,
      async (tx, first) => {
        const { workspace } = readSurroundings(first, actor)
        const question = read({ now: nowOf(workspace), timezone: workspace.timezone })
        return question ? prepare(tx, question, qdrant !== undefined) : undefined
      },
      { readOnly: true, first: SURROUNDINGS, signal },
    )
    if (!prepared) return undefined
    const { model, text, vector } = prepared
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
    let meant: MeantText | undefined
    try {
      const embedder = vector ? undefined : await embedderOf(model.kind, { setting, keys })
      meant = vector ? { kind: model.kind, vector } : embedder && (await embedQuery(embedder, text, patience))
      if (!meant || !qdrant || !prepared.isStored) return meant
      const found = await nearest(qdrant, actor, {
        ...prepared,
        model,
        vector: meant.vector,
        signal: patience,
      })
      return { ...meant, nearest: { modelId: model.id, found } }
    } catch (error) {
      log.warn('embedder_failed', { error: asTactError(error).code })
      return meant
    }
  }
