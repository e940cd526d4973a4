import { newId } from '../domain/ids.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { analyze, ANALYZER_VERSION } from './analyze.ts'
import { messageText, textColumns } from './index-read.ts'
import type { IndexCircle, TextRow } from './index-read.ts'
import { lockIndex, writeSegment } from './index-write.ts'
import type { IndexCounts, IndexOptions } from './index-write.ts'
import { buildSegment } from './segment.ts'

const SEGMENT_SIZE = 8_192

const circlesOf = (
  database: IndexOptions['database'],
  actor: IndexOptions['actor'],
): Promise<IndexCircle[]> =>
  asTenant(
    database,
    actor,
    (tx) =>
      rows<IndexCircle>(
        tx,
        sql`select distinct only_for, not_for from intel.mail_messages where deleted_at is null`,
      ),
    { readOnly: true },
  )

const listOf = (members: readonly string[] | null) => (members === null ? null : sql.param([...members]))

const readPage = (tx: TenantTx, circle: IndexCircle, after: string, limit: number): Promise<TextRow[]> =>
  rows<TextRow>(
    tx,
    sql`select ${textColumns} from intel.mail_messages m where m.id > ${after}::uuid and m.deleted_at is null
        and m.only_for is not distinct from ${listOf(circle.only_for)}::text[]
        and m.not_for is not distinct from ${listOf(circle.not_for)}::text[]
      order by m.id limit ${limit}`,
  )

/**
 * Makes the whole index anew beside the one that serves, and puts it in its place in one transaction. What came or
 * changed meanwhile waits for the index again, and is searched from memory until then. Searching never stops.
 */
export const rebuildIndex = async ({
  database,
  actor,
  segmentSize = SEGMENT_SIZE,
  signal,
}: IndexOptions): Promise<IndexCounts> => {
  const [start] = await asTenant(database, actor, (tx) =>
    rows<{ generation: number; at: string }>(
      tx,
      sql`insert into intel.mail_indexes (tenant_id, analyzer) values (core.current_tenant(), ${ANALYZER_VERSION})
        on conflict (tenant_id) do update set updated_at = now() returning generation + 1 as generation, clock_timestamp() as at`,
    ),
  )
  const { generation, at } = start!
  // What an interrupted run left behind.
  await asTenant(database, actor, (tx) =>
    rows(tx, sql`delete from intel.mail_segments where generation = ${generation}`),
  )
  let [indexed, segments] = [0, 0]
  for (const circle of await circlesOf(database, actor)) {
    let after = '00000000-0000-0000-0000-000000000000'
    for (;;) {
      signal?.throwIfAborted()
      const read = await asTenant(database, actor, (tx) => readPage(tx, circle, after, segmentSize), {
        readOnly: true,
      })
      const last = read.at(-1)
      if (!last) break
      after = last.id
      const documents = read.map((row) => ({ id: row.id, analyzed: analyze(messageText(row)) }))
      await asTenant(database, actor, (tx) =>
        writeSegment(tx, buildSegment(newId(), documents), { generation, circle }),
      )
      indexed += read.length
      segments += 1
    }
  }
  await asTenant(database, actor, async (tx) => {
    await lockIndex(tx)
    await rows(
      tx,
      sql`insert into intel.mail_pending (tenant_id, message_id)
        select core.current_tenant(), id from (
          select id from intel.mail_messages where deleted_at is null and (updated_at >= ${at}::timestamptz or created_at >= ${at}::timestamptz)
          union
          (select id from intel.mail_messages where deleted_at is null
            except select unnest(message_ids) from intel.mail_segments where generation = ${generation})) as missed
        on conflict do nothing`,
    )
    await rows(
      tx,
      sql`update intel.mail_indexes set generation = ${generation}, analyzer = ${ANALYZER_VERSION}, updated_at = now()`,
    )
    await rows(tx, sql`delete from intel.mail_segments where generation < ${generation}`)
  })
  return { indexed, segments }
}
