import type { Actor } from '../domain/actor.ts'
import { asTactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import type { Database } from '../db/connect.ts'
import { assertStanding } from '../db/standing.ts'
import { refreshStatistics } from '../db/statistics.ts'
import { asTenant } from '../db/tenant.ts'
import { batches, parseAll, withinScope } from './batches.ts'
import { addCounts, NO_COUNTS } from './counts.ts'
import type { Counts } from './counts.ts'
import { advanceImport, beginImport, endImport, findImport } from './import-run.ts'
import { notYetIn } from './known.ts'
import { noteSync } from './mailbox.ts'
import type { Mailbox } from './mailbox.ts'
import type { ParsedMessage } from './parse.ts'
import type { RawMessage } from './read/message.ts'
import { storeBatch } from './store.ts'

/** Statistics are gathered after so many new messages, then whenever they have tripled, and at the end. */
const FIRST_STATISTICS = 500
const GROWN = 3
const TOUCHED = [
  'threads',
  'emails',
  'email_recipients',
  'email_attachments',
  'interactions',
  'interaction_people',
]

export interface Progress {
  readonly counts: Counts
  /** As given to `ingest`. */
  readonly total: number | undefined
}

export interface IngestOptions {
  readonly database: Database
  readonly actor: Actor
  readonly messages: AsyncIterable<RawMessage>
  /** What the mail is read from, the same on every run: finds an interrupted import again. */
  readonly source: string
  /** Short name kept with each message: `mbox`, `maildir` … */
  readonly origin?: string
  readonly total?: number | undefined
  /** Aborting it ends after the batch at hand; the import can be resumed. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** An import to go on with (resumeImport); `messages` must begin behind its `after`. */
  readonly importId?: string | undefined
  /** The mailbox that the mail is of: says who may see it and what stays out. Without one it is everybody's. */
  readonly mailbox?: Mailbox | undefined
  /** Stands in for dates that cannot be believed. */
  readonly now?: Date
}

interface Batch {
  /** What has to be looked at. */
  readonly parsed: readonly ParsedMessage[]
  readonly seen: number
  /** Place of its last message. */
  readonly place: string
}

/**
 * Brings messages in. Each batch is one transaction that also moves the import's cursor, so an import that is killed
 * goes on where it stood: none lost, none twice. Messages that are there already are counted and left alone.
 * Throws what the reader throws, and an AbortError; what was stored until then stays.
 */
export const ingest = async (options: IngestOptions): Promise<Counts> => {
  const { database, actor, source, signal, total, mailbox, now = new Date() } = options
  await asTenant(database, actor, (tx) => assertStanding(tx, actor, 'propose'), { readOnly: true })
  // Threads and duplicates go by all mail of the workspace, so Tact itself stores it, in the name of the member.
  const system = { ...actor, via: 'system' } as const
  const run =
    options.importId === undefined
      ? await beginImport(database, actor, source)
      : await findImport(database, actor, options.importId)
  let counts = run.counts
  let statisticsDue = FIRST_STATISTICS
  const store = async ({ parsed, seen, place }: Batch): Promise<void> => {
    const wanted = withinScope(parsed, mailbox)
    await asTenant(database, system, async (tx) => {
      const stored =
        wanted.length === 0
          ? NO_COUNTS
          : await storeBatch(tx, actor, wanted, { origin: options.origin ?? 'mail', mailbox })
      const excluded = parsed.length - wanted.length
      const next = addCounts(counts, {
        ...stored,
        seen,
        duplicates: stored.duplicates + seen - parsed.length,
        ...(excluded === 0 ? {} : { excluded }),
      })
      await advanceImport(tx, run.importId, place, next)
      counts = next
    })
    options.onProgress?.({ counts, total })
    const added = counts.imported - run.counts.imported
    if (added < statisticsDue) return
    statisticsDue = added * GROWN
    await refreshStatistics(database, TOUCHED)
  }
  const note = (...state: [state: 'running' | 'done' | 'failed', failure?: string]): Promise<void> =>
    mailbox === undefined
      ? Promise.resolve()
      : asTenant(database, system, (tx) => noteSync(tx, mailbox.id, ...state))
  await note('running')
  // Of a mailbox that was read before, most is there already, and need not be parsed to know it.
  const unknownOf = (
    messages: readonly RawMessage[],
  ): Promise<readonly RawMessage[]> | readonly RawMessage[] =>
    mailbox === undefined || mailbox.state === 'new' || mailbox.excluded?.length
      ? messages
      : notYetIn(database, system, mailbox.id, messages)
  // While one batch is stored the next one is parsed.
  let storing: Promise<void> = Promise.resolve()
  try {
    for await (const messages of batches(options.messages)) {
      const parsed = await parseAll(await unknownOf(messages), now)
      await storing
      signal?.throwIfAborted()
      storing = store({ parsed, seen: messages.length, place: messages.at(-1)!.place })
      storing.catch(() => {})
    }
    await storing
    signal?.throwIfAborted()
  } catch (error) {
    await storing.catch(() => {})
    if (signal?.aborted !== true) {
      log.error('mail_import_failed', { import: run.importId, error: asTactError(error).code })
      await endImport(database, actor, run.importId, 'failed').catch(() => {})
      await note('failed', asTactError(error).code).catch(() => {})
    }
    throw error
  }
  await endImport(database, actor, run.importId, 'done')
  await note('done')
  if (counts.imported > run.counts.imported) await refreshStatistics(database, TOUCHED)
  return counts
}
