import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { analyze, FIELD_COUNT } from './analyze.ts'
import type { MessageText } from './analyze.ts'
import { Cache } from './cache.ts'
import { knownLanguages } from './language.ts'
import type { Language } from './language.ts'
import { buildSegment, MAX_DOCUMENTS } from './segment.ts'
import type { BuiltSegment, Document, Segment } from './segment.ts'

/** A segment and where its documents begin in the numbering of the whole index. */
export interface Part {
  readonly segment: Segment
  readonly offset: number
  /** The blocks themselves, of a segment that is in memory alone. */
  readonly blocks: readonly Uint8Array[] | undefined
}

/** What one search sees: the tenant's segments, and in memory the messages that wait to be put into one. */
export interface MailIndex {
  readonly parts: readonly Part[]
  readonly size: number
  readonly languages: readonly Language[]
  /** Words of a message on average, by field. */
  readonly averages: readonly number[]
  /** Documents that a newer version stands for. */
  readonly stale: ReadonlySet<number>
  /** Messages that wait and are not searched. */
  readonly left: number
}

/** Waiting messages that are searched from memory; beyond it the search says how many it leaves out. */
export const MAX_IN_MEMORY = 20_000

const MEGABYTE = 1 << 20
const segments = new Cache<Segment>(256 * MEGABYTE)
const waiting = new Cache<Document>(64 * MEGABYTE)
const memory = new Cache<BuiltSegment>(64 * MEGABYTE)

interface SegmentRow {
  readonly id: string
  readonly message_ids: string[]
  readonly languages: string[]
  readonly lengths: Buffer
  readonly first_terms: string[]
}

const BYTES_OF_ID = 120

const sixteenBits = (bytes: Buffer): Uint16Array =>
  new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))

const readSegments = async (tx: TenantTx): Promise<readonly Segment[]> => {
  const listed = await rows<{ id: string }>(
    tx,
    sql`select s.id from intel.mail_segments s join intel.mail_indexes i on i.generation = s.generation order by s.created_at, s.id`,
  )
  const known = new Map(listed.flatMap(({ id }) => [[id, segments.get(id)] as const]))
  const missing = listed.flatMap(({ id }) => (known.get(id) ? [] : [id]))
  const found =
    missing.length === 0
      ? []
      : await rows<SegmentRow>(
          tx,
          sql`select id, message_ids, languages, lengths, first_terms from intel.mail_segments
            where id = any(${sql.param(missing)}::uuid[])`,
        )
  for (const row of found) {
    const segment = {
      id: row.id,
      messageIds: row.message_ids,
      languages: row.languages,
      lengths: sixteenBits(row.lengths),
      firstTerms: row.first_terms,
    }
    known.set(row.id, segment)
    segments.set(row.id, segment, segment.messageIds.length * BYTES_OF_ID + segment.firstTerms.length * 40)
  }
  return listed.flatMap(({ id }) => known.get(id) ?? [])
}

export interface TextRow extends IndexCircle {
  readonly id: string
  readonly subject: string
  readonly sender: string
  readonly body_text: string
  readonly quoted_text: string | null
}

/** Who sees a message; a segment holds those of one circle, so that what others may not see adds to no figure of theirs. */
export interface IndexCircle {
  readonly only_for: readonly string[] | null
  readonly not_for: readonly string[] | null
}

/** What the index is made of, for the messages of `m`. */
export const textColumns = sql`m.id, m.only_for, m.not_for, left(m.subject, 2000) as subject,
  left(coalesce(m.from_name, '') || ' ' || coalesce(m.from_address, ''), 2000) as sender,
  left(m.body_text, 100000) as body_text, left(m.quoted_text, 100000) as quoted_text`

export const messageText = (row: TextRow): MessageText => ({
  subject: row.subject,
  sender: row.sender,
  body: row.body_text,
  quoted: row.quoted_text ?? '',
})

interface PendingRow {
  readonly message_id: string
  readonly stamp: string
}

/** Only what this member may see is read: row security holds for the join. */
const readWaiting = async (
  tx: TenantTx,
): Promise<{ readonly segment: BuiltSegment | undefined; readonly left: number }> => {
  const pending = await rows<PendingRow>(
    tx,
    sql`select p.message_id, p.stamp from intel.mail_pending p join intel.mail_messages m on m.id = p.message_id
      where m.deleted_at is null order by m.sent_at desc, p.message_id limit ${MAX_IN_MEMORY}`,
  )
  if (pending.length === 0) return { segment: undefined, left: 0 }
  const key = pending.map(({ stamp }) => stamp).join()
  const left =
    pending.length < MAX_IN_MEMORY
      ? 0
      : (
          await rows<{ waiting: number }>(tx, sql`select count(*)::int as waiting from intel.mail_pending`)
        )[0]!.waiting - pending.length
  const built = memory.get(key)
  if (built) return { segment: built, left }
  const missing = pending.filter(({ stamp }) => waiting.get(stamp) === undefined)
  const stampOf = new Map(missing.map(({ message_id, stamp }) => [message_id, stamp]))
  const fresh = new Map<string, Document>()
  if (missing.length > 0) {
    const texts = await rows<TextRow>(
      tx,
      sql`select ${textColumns} from intel.mail_messages m where m.id = any(${sql.param([...stampOf.keys()])}::uuid[])`,
    )
    for (const row of texts) {
      const document = { id: row.id, analyzed: analyze(messageText(row)) }
      fresh.set(stampOf.get(row.id)!, document)
      waiting.set(stampOf.get(row.id)!, document, 200 + document.analyzed.terms.size * 100)
    }
  }
  const documents = pending.flatMap(({ stamp }) => fresh.get(stamp) ?? waiting.get(stamp) ?? [])
  const segment = buildSegment(`memory ${key.slice(0, 36)}`, documents.slice(0, MAX_DOCUMENTS))
  memory.set(key, segment, key.length * 2 + segment.blocks.reduce((sum, { length }) => sum + length, 0) * 2)
  return { segment, left: left + Math.max(0, documents.length - MAX_DOCUMENTS) }
}

const doubles = new Cache<ReadonlySet<number>>(16 * MEGABYTE)

/** Numbers of stored documents that a later segment holds again. Worked out once for each list of segments. */
const doublesOf = (parts: readonly Part[]): ReadonlySet<number> => {
  if (parts.length < 2) return new Set()
  const key = parts.map(({ segment }) => segment.id).join()
  const known = doubles.get(key)
  if (known) return known
  const stale = new Set<number>()
  const newest = new Map<string, number>()
  for (const { segment, offset } of parts)
    segment.messageIds.forEach((id, place) => {
      const older = newest.get(id)
      if (older !== undefined) stale.add(older)
      newest.set(id, offset + place)
    })
  doubles.set(key, stale, key.length + stale.size * 40)
  return stale
}

const staleOf = (parts: readonly Part[], newer: readonly string[]): ReadonlySet<number> => {
  const stored = parts.filter(({ blocks }) => blocks === undefined)
  const doubled = doublesOf(stored)
  if (newer.length === 0) return doubled
  const stale = new Set(doubled)
  const ids = new Set(newer)
  for (const { segment, offset } of stored)
    segment.messageIds.forEach((id, place) => void (ids.has(id) && stale.add(offset + place)))
  return stale
}

/**
 * The index as this transaction sees it: the segments of the circles that the member is in. They are kept in memory by
 * their ids; nothing of another tenant is read.
 */
export const openIndex = async (tx: TenantTx): Promise<MailIndex> => {
  const stored = await readSegments(tx)
  const { segment: inMemory, left } = await readWaiting(tx)
  const parts: Part[] = []
  let size = 0
  for (const segment of inMemory ? [...stored, inMemory] : stored) {
    parts.push({ segment, offset: size, blocks: segment === inMemory ? inMemory.blocks : undefined })
    size += segment.messageIds.length
  }
  const sums = Array.from({ length: FIELD_COUNT }, () => 0)
  for (const { segment } of parts)
    for (let at = 0; at < segment.lengths.length; at += 1) sums[at % FIELD_COUNT]! += segment.lengths[at]!
  return {
    parts,
    size,
    languages: knownLanguages(parts.flatMap(({ segment }) => segment.languages)),
    averages: sums.map((sum) => sum / Math.max(1, size)),
    stale: staleOf(parts, inMemory?.messageIds ?? []),
    left,
  }
}

/** The message that a number of the index stands for. */
export const messageAt = ({ parts }: MailIndex, number: number): string => {
  let [low, high] = [0, parts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (parts[middle]!.offset <= number) low = middle
    else high = middle - 1
  }
  const part = parts[low]!
  return part.segment.messageIds[number - part.offset]!
}
