import { newId } from '../domain/ids.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { analyze, ANALYZER_VERSION } from './analyze.ts'
import { messageText, textColumns } from './index-read.ts'
import type { IndexCircle, TextRow } from './index-read.ts'
import { buildSegment } from './segment.ts'
import type { BuiltSegment, Document } from './segment.ts'

/** Tact itself, at work in one workspace. */
export type IndexActor = Parameters<typeof asTenant>[1]

export interface IndexOptions {
  readonly database: Database
  /** Somebody who sees all mail of the workspace: Tact itself. */
  readonly actor: IndexActor
  /** Messages read at a time: the text of no more is held in memory. */
  readonly batch?: number
  /** Messages of one segment. */
  readonly segmentSize?: number
  readonly signal?: AbortSignal | undefined
}

export interface IndexCounts {
  readonly indexed: number
  readonly segments: number
}

const BATCH = 1_000
const SEGMENT_SIZE = 8_192

interface WaitingRow extends TextRow {
  readonly stamp: string
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const generationOf = async (tx: TenantTx): Promise<number> => {
  const [row] = await rows<{ generation: number }>(
    tx,
    sql`insert into intel.mail_indexes (tenant_id, analyzer) values (core.current_tenant(), ${ANALYZER_VERSION})
      on conflict (tenant_id) do update set updated_at = now() returning generation`,
  )
  return row!.generation
}

const listOf = (members: readonly string[] | null) => (members === null ? null : sql.param([...members]))

/** Writes a segment with its blocks, for those of one circle. */
export const writeSegment = async (
  tx: TenantTx,
  segment: BuiltSegment,
  { generation, circle }: { readonly generation: number; readonly circle: IndexCircle },
): Promise<void> => {
  const { id, messageIds, languages, lengths, firstTerms, blocks } = segment
  await rows(
    tx,
    sql`insert into intel.mail_segments (id, tenant_id, generation, documents, message_ids, languages, lengths, first_terms, only_for, not_for)
      values (${id}, core.current_tenant(), ${generation}, ${messageIds.length}, ${sql.param([...messageIds])}::uuid[],
        ${sql.param([...languages])}::text[], decode(${hex(new Uint8Array(lengths.buffer))}, 'hex'), ${sql.param([...firstTerms])}::text[],
        ${listOf(circle.only_for)}::text[], ${listOf(circle.not_for)}::text[])`,
  )
  await rows(
    tx,
    sql`insert into intel.mail_blocks (tenant_id, segment_id, number, packed)
      select core.current_tenant(), ${id}::uuid, at - 1, decode(block, 'hex')
      from unnest(${sql.param(blocks.map(hex))}::text[]) with ordinality as b(block, at)`,
  )
}

/** Only what was read is taken off: what changed since has another stamp. */
const takeFromQueue = (tx: TenantTx, taken: readonly WaitingRow[]): Promise<object[]> =>
  rows(
    tx,
    sql`delete from intel.mail_pending p
      using unnest(${sql.param(taken.map(({ id }) => id))}::uuid[], ${sql.param(taken.map(({ stamp }) => stamp))}::uuid[]) as t(id, stamp)
      where p.message_id = t.id and p.stamp = t.stamp`,
  )

export const lockIndex = (tx: TenantTx): Promise<object[]> =>
  rows(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended('mail index ' || core.current_tenant(), 0)) is null as locked`,
  )

const readBatch = (tx: TenantTx, after: string, batch: number): Promise<WaitingRow[]> =>
  rows<WaitingRow>(
    tx,
    sql`select ${textColumns}, p.stamp from intel.mail_pending p join intel.mail_messages m on m.id = p.message_id
      where m.deleted_at is null and m.id > ${after}::uuid order by p.message_id limit ${batch}`,
  )

/** Deleted messages need no place. */
const forgetGone = (tx: TenantTx): Promise<object[]> =>
  rows(
    tx,
    sql`delete from intel.mail_pending p where not exists
      (select from intel.mail_messages m where m.id = p.message_id and m.deleted_at is null)`,
  )

interface Waiting {
  readonly circle: IndexCircle
  readonly documents: Document[]
}

/** Documents by who may see them. */
class Circles {
  readonly #waiting = new Map<string, Waiting>()

  add({ only_for, not_for }: IndexCircle, document: Document): void {
    const key = JSON.stringify([only_for, not_for])
    const known = this.#waiting.get(key)
    if (known) known.documents.push(document)
    else this.#waiting.set(key, { circle: { only_for, not_for }, documents: [document] })
  }

  segments(): readonly { readonly circle: IndexCircle; readonly segment: BuiltSegment }[] {
    return [...this.#waiting.values()].map(({ circle, documents }) => ({
      circle,
      segment: buildSegment(newId(), documents),
    }))
  }
}

const FIRST = '00000000-0000-0000-0000-000000000000'

/**
 * Puts what waits into segments, those of one batch a transaction, one for each circle of readers; a kill loses none, since what waits is taken off the list
 * with the segments that hold it. The next batch is read when the one before is worked off.
 */
export const indexMail = async ({
  database,
  actor,
  batch = BATCH,
  segmentSize = SEGMENT_SIZE,
  signal,
}: IndexOptions): Promise<IndexCounts> => {
  let [indexed, segments] = [0, 0]
  for (;;) {
    if (signal?.aborted) return { indexed, segments }
    const taken: WaitingRow[] = []
    const circles = new Circles()
    let after = FIRST
    while (taken.length < segmentSize) {
      const read = await asTenant(
        database,
        actor,
        (tx) => readBatch(tx, after, Math.min(batch, segmentSize - taken.length)),
        { readOnly: true },
      )
      for (const row of read) {
        circles.add(row, { id: row.id, analyzed: analyze(messageText(row)) })
        taken.push({ ...row, body_text: '', quoted_text: null })
      }
      const last = read.at(-1)
      if (!last || signal?.aborted) break
      after = last.id
    }
    if (taken.length === 0) break
    const built = circles.segments()
    await asTenant(database, actor, async (tx) => {
      await lockIndex(tx)
      const generation = await generationOf(tx)
      for (const { segment, circle } of built) await writeSegment(tx, segment, { generation, circle })
      await takeFromQueue(tx, taken)
    })
    indexed += taken.length
    segments += built.length
  }
  await asTenant(database, actor, forgetGone)
  return { indexed, segments }
}
