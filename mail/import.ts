import { realpath } from 'node:fs/promises'
import type { Actor } from '../domain/actor.ts'
import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import type { Counts } from './counts.ts'
import { resumeImport } from './import-run.ts'
import { ingest } from './ingest.ts'
import type { Progress } from './ingest.ts'
import { openMailbox } from './mailbox.ts'
import type { Mailbox, Scope } from './mailbox.ts'
import { countEml, readEml } from './read/eml.ts'
import { countMaildir, readMaildir } from './read/maildir.ts'
import { countMbox, readMbox } from './read/mbox.ts'
import type { RawMessage, ReadOptions } from './read/message.ts'
import { countTree, readTree } from './read/tree.ts'
import { unreadable } from './read/unreadable.ts'

export const MAIL_KINDS = ['mbox', 'eml', 'maildir', 'mail-tree'] as const
export type MailKind = (typeof MAIL_KINDS)[number]

interface Source {
  read(path: string, options: ReadOptions): AsyncIterable<RawMessage>
  count(path: string): Promise<number>
}

export const SOURCES: Readonly<Record<MailKind, Source>> = {
  mbox: { read: readMbox, count: countMbox },
  eml: { read: readEml, count: countEml },
  maildir: { read: readMaildir, count: countMaildir },
  'mail-tree': { read: readTree, count: countTree },
}

export interface ImportMailOptions {
  readonly database: Database
  readonly actor: Actor
  readonly kind: MailKind
  readonly path: string
  /** Of a mailbox that is new: who sees it (its owner alone unless said); of any: what stays out. */
  readonly scope?: Pick<Scope, 'visibility' | 'excluded'> | undefined
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  readonly now?: Date
}

export interface ImportResult {
  readonly counts: Counts
  /** It went on with an import that had been interrupted. */
  readonly resumed: boolean
  readonly mailbox: Mailbox
}

/** Imports a file or directory of mail into a mailbox of the actor's, which the path names; goes on where an interrupted import of the same path stood. */
export const importMail = async (options: ImportMailOptions): Promise<ImportResult> => {
  const { database, actor, kind, signal, onProgress, now } = options
  const path = await realpath(options.path).catch(unreadable)
  const source = `${kind}:${path}`
  const total = await SOURCES[kind].count(path)
  const mailbox = await asTenant(database, actor, (tx) =>
    openMailbox(tx, actor, { kind, source, ...options.scope }),
  )
  const run = await resumeImport(database, actor, source)
  const counts = await ingest({
    database,
    actor,
    source,
    origin: kind,
    mailbox,
    total,
    signal,
    onProgress,
    importId: run?.importId,
    messages: SOURCES[kind].read(path, { after: run?.after, signal }),
    ...(now === undefined ? {} : { now }),
  })
  return { counts, resumed: run !== undefined, mailbox }
}
