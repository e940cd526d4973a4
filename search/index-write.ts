import { newId } from '../domain/ids.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { analyze, ANALYZER_VERSION } from './analyze.ts'
import { messageText, textColumns } from './index-read.ts'
import type { TextRow } from './index-read.ts'
import { buildSegment } from './segment.ts'
import type { BuiltSegment } from './segment.ts'

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

/** Writes a segment with its blocks. */
export const writeSegment = async (
  tx: TenantTx,
  segment: BuiltSegment,
  generation: number,
): Promise<void> => {
  const { id, messageIds, languages, lengths, firstTerms, blocks } = segment
  await rows(
    tx,
    sql`insert into intel.mail_segments (id, tenant_id, generation, documents, message_ids, languages, lengths, first_terms)
      values (${id}, core.current_tenant(), ${generation}, ${messageIds.length}, ${sql.param([...messageIds])}::uuid[],
        ${sql.param([...languages])}::text[], decode(${hex(new Uint8Array(lengths.buffer))}, 'hex'), ${sql.param([...firstTerms])}::text[])`,
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

const FIRST = '00000000-0000-0000-0000-000000000000'

/**
 * Puts what waits into segments, one segment a transaction; a kill loses none, since what waits is taken off the list
 * with the segment that holds it. The next batch is read when the one before is worked off.
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
    const documents: { id: string; analyzed: ReturnType<typeof analyze> }[] = []
    let after = FIRST
    while (documents.length < segmentSize) {
      const read = await asTenant(
        database,
        actor,
        (tx) => readBatch(tx, after, Math.min(batch, segmentSize - documents.length)),
        { readOnly: true },
      )
      for (const row of read) {
        documents.push({ id: row.id, analyzed: analyze(messageText(row)) })
        taken.push({ ...row, body_text: '', quoted_text: null })
      }
      const last = read.at(-1)
      if (!last || signal?.aborted) break
      after = last.id
    }
    if (documents.length === 0) break
    const segment = buildSegment(newId(), documents)
    await asTenant(database, actor, async (tx) => {
      await lockIndex(tx)
      await writeSegment(tx, segment, await generationOf(tx))
      await takeFromQueue(tx, taken)
    })
    indexed += documents.length
    segments += 1
  }
  await asTenant(database, actor, forgetGone)
  return { indexed, segments }
}
