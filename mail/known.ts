import type { Actor } from '../domain/actor.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { identify } from './fingerprint.ts'
import type { RawMessage } from './read/message.ts'

/**
 * Those of the messages that are not in the mailbox yet, told by Message-ID and fingerprint before anything is parsed.
 * What cannot be told this way counts as new: storing it looks again. Ask as Tact itself (`via: 'system'`).
 */
export const notYetIn = async (
  database: Database,
  system: Actor,
  mailboxId: string,
  messages: readonly RawMessage[],
): Promise<readonly RawMessage[]> => {
  const asked = messages.map(({ raw }) => identify(raw))
  const ids = [...new Set(asked.flatMap((one) => one?.messageId ?? []))]
  if (ids.length === 0) return messages
  const stored = await asTenant(
    database,
    system,
    (tx) =>
      rows<{ message_id: string; content_hash: string }>(
        tx,
        sql`select m.message_id, m.content_hash from intel.mail_messages m
          join intel.mailbox_messages p on p.tenant_id = m.tenant_id and p.email_id = m.id
            and p.mailbox_id = ${mailboxId}::uuid and p.deleted_at is null
          where m.message_id = any(${sql.param(ids)}::text[]) and m.copy_of is null and m.deleted_at is null`,
      ),
    { readOnly: true },
  )
  const known = new Set(stored.map((row) => `${row.message_id} ${row.content_hash}`))
  return messages.filter((_message, at) => {
    const one = asked[at]
    return one === undefined || !known.has(`${one.messageId} ${one.contentHash}`)
  })
}
