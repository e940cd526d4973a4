import { realpath } from 'node:fs/promises'
import { assertStanding } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import { batches, parseAll, withinScope } from './batches.ts'
import { addCounts, NO_COUNTS } from './counts.ts'
import type { Counts } from './counts.ts'
import type { Fault } from './faults.ts'
import { SOURCES } from './import.ts'
import type { ImportMailOptions } from './import.ts'
import { addressesOf, linkMessage, lookUp } from './link.ts'
import { folded } from './mailbox.ts'
import type { ParsedMessage } from './parse.ts'
import { unreadable } from './read/unreadable.ts'
import { withoutDuplicates } from './store.ts'

export interface MailPreview {
  /** What an import would count now. */
  readonly counts: Counts
  /** How many new messages would be kept with each fault. */
  readonly faults: Readonly<Partial<Record<Fault, number>>>
  /** ISO 8601, UTC, of the oldest and newest new message; null where none is new. */
  readonly oldestAt: string | null
  readonly newestAt: string | null
}

const keyOf = ({ messageId, contentHash }: ParsedMessage): string => `${messageId} ${contentHash}`

/**
 * What an import of this source would bring, by the same reading and the same rules; nothing is written. Takes the
 * exclusions given alone, since a mailbox may not be there yet. Throws as `importMail` does.
 */
export const previewMail = async (options: ImportMailOptions): Promise<MailPreview> => {
  const { database, actor, kind, signal, onProgress, scope, now = new Date() } = options
  const path = await realpath(options.path).catch(unreadable)
  await asTenant(database, actor, (tx) => assertStanding(tx, actor, 'propose'), { readOnly: true })
  const system = { ...actor, via: 'system' } as const
  const total = await SOURCES[kind].count(path)
  const excluded = scope?.excluded?.map(folded) ?? null
  let counts = NO_COUNTS
  const met = new Set<string>()
  const faults: Partial<Record<Fault, number>> = {}
  let [oldestMs, newestMs] = [Infinity, -Infinity]
  const look = async (parsed: readonly ParsedMessage[]): Promise<Counts> => {
    const wanted = withinScope(parsed, { excluded })
    const first = wanted.filter((message) => !met.has(keyOf(message)))
    const { fresh, taken, directory } = await asTenant(
      database,
      system,
      async (tx) => {
        const sorted = await withoutDuplicates(tx, first, undefined)
        return { ...sorted, directory: await lookUp(tx, sorted.fresh.flatMap(addressesOf)) }
      },
      { readOnly: true },
    )
    let faulty = 0
    for (const message of fresh) {
      const isTaken = taken.has(keyOf(message)) || met.has(message.messageId)
      const named: readonly Fault[] = isTaken ? [...message.faults, 'same_message_id'] : message.faults
      for (const fault of named) faults[fault] = (faults[fault] ?? 0) + 1
      if (named.length > 0) faulty += 1
      oldestMs = Math.min(oldestMs, message.sentAt.getTime())
      newestMs = Math.max(newestMs, message.sentAt.getTime())
    }
    for (const message of fresh) met.add(keyOf(message)).add(message.messageId)
    const left = parsed.length - wanted.length
    return {
      seen: parsed.length,
      imported: fresh.length,
      duplicates: wanted.length - fresh.length,
      faulty,
      linked: fresh.filter((message) => linkMessage(message, directory).personIds.length > 0).length,
      ...(left === 0 ? {} : { excluded: left }),
    }
  }
  for await (const messages of batches(SOURCES[kind].read(path, { signal }))) {
    signal?.throwIfAborted()
    counts = addCounts(counts, await look(await parseAll(messages, now)))
    onProgress?.({ counts, total })
  }
  const written = (atMs: number): string | null =>
    Number.isFinite(atMs) ? new Date(atMs).toISOString() : null
  return { counts, faults, oldestAt: written(oldestMs), newestAt: written(newestMs) }
}
