import type { Actor } from '../../domain/actor.ts'
import { asTactError } from '../../domain/errors.ts'
import type { Database } from '../../db/connect.ts'
import { asTenant } from '../../db/tenant.ts'
import { log } from '../../log.ts'
import { servingKind } from '../sentence-model.ts'
import type { Embedder, EmbedderKeys } from './embedder.ts'
import { openEmbedder } from './open.ts'
import { embedQuery } from './query.ts'
import type { MeantText } from './query.ts'

/** A text as the sentence model sees it that serves the caller's workspace; undefined where none does, or it is silent. */
export type EmbedText = (actor: Actor, text: string, signal: AbortSignal) => Promise<MeantText | undefined>

/** A search waits no longer for a model; it goes on by words. */
const PATIENCE_MS = 3_000

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

/** Asks the sentence model about a text, outside of any transaction. With the setting `none` no model is ever asked. */
export const createEmbedText =
  (database: Database, setting: string, keys: EmbedderKeys): EmbedText =>
  async (actor, text, signal) => {
    if (setting === 'none' || text.trim() === '') return undefined
    const kind = await asTenant(database, actor, servingKind, { readOnly: true })
    if (kind === undefined || kind === 'lsa') return undefined
    try {
      const embedder = await embedderOf(kind, { setting, keys })
      const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
      return embedder && (await embedQuery(embedder, text, patience))
    } catch (error) {
      log.warn('embedder_failed', { error: asTactError(error).code })
      return undefined
    }
  }
