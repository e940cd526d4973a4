import type { Actor } from '../domain/actor.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'

/** A message that was kept although something was wrong with it. */
export interface FaultyMessage {
  readonly id: string
  readonly messageId: string
  /** ISO 8601, UTC; the time of the import where the message has no date of its own. */
  readonly sentAt: string
  readonly source: string
  /** Names of faults, see faults.ts. */
  readonly faults: readonly string[]
}

/** Every message kept with a fault, oldest import first, read in pages so that any number fits. */
export async function* faultyMessages(database: Database, actor: Actor): AsyncGenerator<FaultyMessage> {
  const PAGE = 1_000
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const page = await asTenant(
      database,
      actor,
      (tx) =>
        rows<{ id: string; message_id: string; sent_at: string; source: string; fault: string }>(
          tx,
          sql`select id, message_id, sent_at, source, fault from intel.mail_messages
            where fault is not null and deleted_at is null and id > ${after}::uuid order by id limit ${PAGE}`,
        ),
      { readOnly: true },
    )
    for (const row of page) {
      yield {
        id: row.id,
        messageId: row.message_id,
        sentAt: new Date(row.sent_at).toISOString(),
        source: row.source,
        faults: row.fault.split(', '),
      }
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.id
  }
}
