import type { Actor } from '../domain/actor.ts'
import type { Database } from '../db/connect.ts'
import type { ImportResult } from './import.ts'
import { lastPlace, resumeImport } from './import-run.ts'
import { ingest } from './ingest.ts'
import type { Progress } from './ingest.ts'
import { readImap } from './read/imap.ts'
import type { ImapAccount } from './read/imap.ts'

export interface SyncOptions {
  readonly database: Database
  readonly actor: Actor
  readonly account: ImapAccount
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  readonly now?: Date
}

/**
 * Brings in what came into a mailbox since the last time; the first time, all of it. A message that moved to another
 * folder counts as a duplicate. What was deleted on the server stays in the workspace.
 */
export const syncMailbox = async (options: SyncOptions): Promise<ImportResult> => {
  const { database, actor, account, signal, onProgress, now } = options
  const source = `imap:${account.user}@${account.host}:${account.port}`
  const run = await resumeImport(database, actor, source)
  const after = run?.after ?? (await lastPlace(database, actor, source))
  const counts = await ingest({
    database,
    actor,
    source,
    origin: 'imap',
    signal,
    onProgress,
    importId: run?.importId,
    messages: readImap(account, { after, signal }),
    ...(now === undefined ? {} : { now }),
  })
  return { counts, resumed: run !== undefined }
}
