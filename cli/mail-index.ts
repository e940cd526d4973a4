import type { Config } from '../config.ts'
import { listWorkspaces } from '../db/workspace.ts'
import { asTactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import type { Embedder } from '../search/embed/embedder.ts'
import { openEmbedder } from '../search/embed/open.ts'
import { indexMail } from '../search/index-write.ts'
import { keepQdrant } from '../search/qdrant/keep.ts'
import { keepMeaning } from '../search/train.ts'
import type { House } from './compose.ts'
import { repeat, type Repeated } from './repeat.ts'

/** New mail is searched from memory until it is put into the index. */
const LOOK_MS = 60_000

/** The sentence model that is set; `silent`, and a line in the log, when it cannot be opened. */
const embedderOf = async ({
  TACT_EMBEDDER: setting,
  OPENAI_COMPATIBLE_KEY: key,
}: Config): Promise<Embedder | 'silent' | undefined> => {
  try {
    return await openEmbedder(setting, { key })
  } catch (error) {
    log.warn('no_embedder', { error: asTactError(error).code })
    return 'silent'
  }
}

/** Puts each workspace's new mail into the index and keeps its meaning model up to date. */
export const indexWorkspaces = async (
  house: Pick<House, 'database' | 'config' | 'qdrant'>,
  signal?: AbortSignal,
): Promise<number> => {
  const { database, config, qdrant } = house
  const embedder = await embedderOf(config)
  let indexed = 0
  for (const { id: tenantId } of await listWorkspaces(database)) {
    if (signal?.aborted) break
    const actor = { tenantId, memberId: null, via: 'system' } as const
    try {
      const counts = await indexMail({ database, actor, signal })
      indexed += counts.indexed
      await keepMeaning({ database, actor, signal, embedder })
      if (qdrant) await keepQdrant(qdrant, { database, actor, signal })
    } catch (error) {
      log.warn('mail_index_failed', { error: asTactError(error).code })
    }
  }
  return indexed
}

/** Indexes new mail at once, and every minute while `up` runs. */
export const startIndexing = (house: Pick<House, 'database' | 'config' | 'qdrant'>): Repeated => {
  const stop = new AbortController()
  const run = (): Promise<void> =>
    indexWorkspaces(house, stop.signal).then(
      (indexed) => void (indexed > 0 && log.info('mail_indexed', { messages: indexed })),
      (error: unknown) => log.warn('mail_index_failed', { error: asTactError(error).code }),
    )
  const repeated = repeat(LOOK_MS, run, run())
  return {
    close: () => {
      stop.abort()
      return repeated.close()
    },
  }
}
