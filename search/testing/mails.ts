import { newId } from '../../domain/ids.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'

export interface TestMail {
  readonly id?: string
  readonly subject?: string
  readonly body: string
  readonly quoted?: string
  /** Message of the test that it answers. */
  readonly answers?: string
  readonly sentAt?: string
}

/** Writes messages in one statement, each in a thread of its own unless it answers another. Returns their ids in order. */
export const addMails = async (
  harness: TestDatabase,
  tenant: TestTenant,
  mails: readonly TestMail[],
): Promise<readonly string[]> => {
  const records = mails.map((mail) => {
    const id = mail.id ?? newId()
    return {
      id,
      thread_id: mail.answers ?? id,
      in_reply_to: mail.answers ?? null,
      subject: mail.subject ?? 'Note',
      body_text: mail.body,
      quoted_text: mail.quoted ?? null,
      sent_at: mail.sentAt ?? '2026-10-01T10:00:00Z',
    }
  })
  const given = JSON.stringify(records)
  await asTenant(harness.database, tenant.actor(), async (tx) => {
    await rows(
      tx,
      sql`insert into intel.mail_threads (id, tenant_id, subject)
        select distinct thread_id, ${tenant.workspace.id}::uuid, 'Thread' from jsonb_to_recordset(${given}::jsonb) as r(thread_id uuid)
        on conflict do nothing`,
    )
    await rows(
      tx,
      sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, in_reply_to, content_hash, sent_at, direction,
          from_address, from_name, subject, body_text, quoted_text, size_bytes, source)
        select id, ${tenant.workspace.id}::uuid, thread_id, id::text, in_reply_to, id::text, sent_at, 'inbound', 'x@other.example', 'Xavier',
          subject, body_text, quoted_text, 100, 'test'
        from jsonb_to_recordset(${given}::jsonb) as r(id uuid, thread_id uuid, in_reply_to text, sent_at timestamptz, subject text,
          body_text text, quoted_text text)`,
    )
  })
  return records.map(({ id }) => id)
}
