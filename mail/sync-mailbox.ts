import type { Actor } from '../domain/actor.ts'
import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import type { ImportResult } from './import.ts'
import { lastPlace, resumeImport } from './import-run.ts'
import { ingest } from './ingest.ts'
import type { Progress } from './ingest.ts'
import { openMailbox } from './mailbox.ts'
import type { Scope } from './mailbox.ts'
import { readGmail } from './read/gmail.ts'
import type { GmailAccount } from './read/gmail-api.ts'
import { readImap } from './read/imap.ts'
import type { ImapAccount } from './read/imap.ts'
import type { RawMessage, ReadOptions } from './read/message.ts'

interface Sync {
  readonly database: Database
  readonly actor: Actor
  /** Of a mailbox that is new: who sees it (its owner alone unless said); of any: what stays out. */
  readonly scope?: Pick<Scope, 'visibility' | 'excluded'> | undefined
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  readonly now?: Date
}

/** A mailbox elsewhere, read by increments. */
interface Remote {
  readonly kind: 'imap' | 'gmail'
  readonly source: string
  readonly address: string
  readonly folders: readonly string[] | undefined
  /** `folders`: the scope that its member agreed to. */
  read(folders: readonly string[] | undefined, options: ReadOptions): AsyncIterable<RawMessage>
}

const syncFrom = async (options: Sync, remote: Remote): Promise<ImportResult> => {
  const { database, actor, signal, onProgress, now } = options
  const { kind, source, address, folders } = remote
  const mailbox = await asTenant(database, actor, (tx) =>
    openMailbox(tx, actor, { kind, source, address, folders, ...options.scope }),
  )
  const run = await resumeImport(database, actor, source)
  const after = run?.after ?? (await lastPlace(database, actor, source))
  const counts = await ingest({
    database,
    actor,
    source,
    origin: kind,
    mailbox,
    signal,
    onProgress,
    importId: run?.importId,
    messages: remote.read(mailbox.folders ?? undefined, { after, signal }),
    ...(now === undefined ? {} : { now }),
  })
  return { counts, resumed: run !== undefined, mailbox }
}

export interface SyncOptions extends Sync {
  /** Its folders, where they are given, become the scope that the member agrees to. */
  readonly account: ImapAccount
}

/**
 * Brings in what came into a mailbox since the last time; the first time, all of it. A message that moved to another
 * folder counts as a duplicate. What was deleted on the server stays in the workspace.
 */
export const syncMailbox = ({ account, ...options }: SyncOptions): Promise<ImportResult> =>
  syncFrom(options, {
    kind: 'imap',
    source: `imap:${account.user}@${account.host}:${account.port}`,
    address: account.user,
    folders: account.folders,
    read: (folders, reading) => readImap({ ...account, folders }, reading),
  })

export interface SyncGmailOptions extends Sync {
  /** Its labels, where they are given, become the scope that the member agrees to. */
  readonly account: GmailAccount
}

/** As `syncMailbox`, by the Gmail API. */
export const syncGmail = ({ account, ...options }: SyncGmailOptions): Promise<ImportResult> =>
  syncFrom(options, {
    kind: 'gmail',
    source: `gmail:${account.user}`,
    address: account.user,
    folders: account.labels,
    read: (labels, reading) => readGmail({ ...account, labels }, reading),
  })
