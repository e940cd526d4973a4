import type { Actor } from '../domain/actor.ts'
import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import type { ImportResult } from './import.ts'
import { lastPlace, resumeImport } from './import-run.ts'
import { ingest } from './ingest.ts'
import type { Progress } from './ingest.ts'
import { openMailbox } from './mailbox.ts'
import type { Scope } from './mailbox.ts'
import { readImap } from './read/imap.ts'
import type { ImapAccount } from './read/imap.ts'

export interface SyncOptions {
  readonly database: Database
  readonly actor: Actor
  /** Its folders, where they are given, become the scope that the member agrees to. */
  readonly account: ImapAccount
  /** Of a mailbox that is new: who sees it (its owner alone unless said); of any: what stays out. */
  readonly scope?: Pick<Scope, 'visibility' | 'excluded'> | undefined
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
  const mailbox = await asTenant(database, actor, (tx) =>
    openMailbox(tx, actor, {
      kind: 'imap',
      source,
      address: account.user,
      folders: account.folders,
      ...options.scope,
    }),
  )
  const run = await resumeImport(database, actor, source)
  const after = run?.after ?? (await lastPlace(database, actor, source))
  const counts = await ingest({
    database,
    actor,
    source,
    origin: 'imap',
    mailbox,
    signal,
    onProgress,
    importId: run?.importId,
    messages: readImap({ ...account, folders: mailbox.folders ?? undefined }, { after, signal }),
    ...(now === undefined ? {} : { now }),
  })
  return { counts, resumed: run !== undefined, mailbox }
}
