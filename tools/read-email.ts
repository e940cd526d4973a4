import { z } from 'zod'
import { DIRECTIONS } from '../db/catalog/interactions.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { notFound, userError } from '../domain/errors.ts'
import { freeText, freeTextOrNull, named } from '../domain/pii.ts'
import { parseRecordUri } from '../domain/records.ts'
import { localIso } from '../domain/zone.ts'
import { defineTool } from './define.ts'
import { loadNames, loadRecipients, OUTSIDE_TEXT, subjectName } from './support/mail-parties.ts'
import type { PartyRow } from './support/mail-parties.ts'

const Attachment = z.object({
  filename: z.string().nullable(),
  mime_type: z.string(),
  size_bytes: z.int(),
})

const Listed = z.object({
  id: z.string().describe('Handle of the message.'),
  sent_at: z.string(),
  direction: z.enum(DIRECTIONS),
  from: z.string().nullable(),
})

const Message = Listed.extend({
  to: z.array(z.string()),
  cc: z.array(z.string()),
  company: z.string().nullable(),
  subject: z.string(),
  body: z.string().describe('What the writer wrote now, without quotes and signature.'),
  quoted: z.string().nullable().describe('Quoted or forwarded text and signature, when asked for.'),
  attachments: z.array(Attachment),
  is_bulk: z.boolean(),
})

const MAX_BODY = 20_000
const MAX_BODIES = 10
const MAX_LISTED = 100

interface MessageRow extends PartyRow {
  readonly id: string
  readonly thread_id: string
  readonly sent_at: string
  readonly direction: (typeof DIRECTIONS)[number]
  readonly company_id: string | null
  readonly subject: string
  readonly body_text: string
  readonly quoted_text: string | null
  readonly signature_text: string | null
  readonly is_bulk: boolean
  readonly is_cut: boolean
  /** The member is shown no more than the subject. */
  readonly is_withheld: boolean
}

/** The thread asked for, and the message when a message was asked for. */
const locate = async (tx: TenantTx, text: string) => {
  const ref = parseRecordUri(text.trim())
  if (!ref || (ref.entity !== 'emails' && ref.entity !== 'threads')) {
    throw userError('not_a_message', 'This is not the handle of a message or thread.', {
      fix: 'Take `id` or `thread` of a result of search_email.',
      at: 'id',
    })
  }
  if (ref.entity === 'threads') return { threadId: ref.id, emailId: null }
  const [found] = await rows<{ thread_id: string }>(
    tx,
    sql`select thread_id from intel.mail_messages where id = ${ref.id} and deleted_at is null`,
  )
  if (!found) throw notFound('no_such_message', 'There is no such message.', { at: 'id' })
  return { threadId: found.thread_id, emailId: ref.id }
}

const readThread = (
  tx: TenantTx,
  threadId: string,
  withText: boolean,
  emailId: string | null,
): Promise<MessageRow[]> =>
  rows<MessageRow>(
    tx,
    sql`select m.id, m.thread_id, m.sent_at, m.direction, m.company_id, m.subject, left(m.body_text, ${MAX_BODY}) as body_text,
        case when ${withText} then left(m.quoted_text, ${MAX_BODY}) end as quoted_text,
        case when ${withText} then left(m.signature_text, ${MAX_BODY}) end as signature_text,
        length(m.body_text) > ${MAX_BODY} as is_cut, m.copy_of is not null as is_withheld, m.is_bulk,
        m.from_address as address, m.from_person_id as person_id, m.from_member_id as member_id
      from intel.mail_messages m where m.thread_id = ${threadId} and m.deleted_at is null
      order by (m.id = ${emailId}::uuid) desc nulls last, m.sent_at desc, m.id desc limit ${MAX_LISTED}`,
  )

interface AttachmentRow {
  readonly email_id: string
  readonly filename: string | null
  readonly mime_type: string
  readonly size_bytes: number
}

const readAttachments = (tx: TenantTx, ids: readonly string[]): Promise<AttachmentRow[]> =>
  rows<AttachmentRow>(
    tx,
    sql`select email_id, filename, mime_type, size_bytes from intel.mail_attachments
      where email_id = any(${sql.param(ids)}::uuid[]) and deleted_at is null order by id`,
  )

const joined = (...texts: readonly (string | null)[]): string | null =>
  texts.filter((text) => text !== null).join('\n\n') || null

export const readEmail = defineTool({
  name: 'read_email',
  title: 'Read email',
  description:
    'The text of one message with the list of its thread, or the latest ten messages of a thread, newest first. Quoted text and signatures only where asked for; attachments are listed, not read.',
  risk: 'read',
  labels: { running: 'Reading mail', done: 'Read mail' },
  input: z.strictObject({
    id: z.string().max(200).describe('Handle of a message or a thread.'),
    include_quoted: z.boolean().default(false),
  }),
  data: z.object({
    thread: z.string().describe('Handle of the thread.'),
    messages: z.array(Message),
    others: z.array(Listed).describe('The rest of the thread, newest first.'),
  }),
  run: async (input, { tx, workspace, now }) => {
    const { threadId, emailId } = await locate(tx, input.id)
    const [thread] = await rows<{ subject: string; messages: number }>(
      tx,
      sql`select subject, message_count as messages from intel.mail_threads where id = ${threadId} and deleted_at is null`,
    )
    if (!thread) throw notFound('no_such_thread', 'There is no such thread.', { at: 'id' })
    const found = await readThread(tx, threadId, input.include_quoted, emailId)
    const shown = found.slice(0, emailId === null ? MAX_BODIES : 1)
    const shownIds = shown.map(({ id }) => id)
    const recipients = await loadRecipients(tx, shownIds)
    const attachments = await readAttachments(tx, shownIds)
    const names = await loadNames(
      tx,
      [...found, ...recipients],
      shown.map(({ company_id }) => company_id),
    )
    const listed = (row: MessageRow) => ({
      id: named('MESSAGE', { entity: 'emails', id: row.id }, subjectName(row.subject)),
      sent_at: localIso(Date.parse(row.sent_at), workspace.timezone),
      direction: row.direction,
      from: names.party(row),
    })
    const readers = (row: MessageRow, isOf: (kind: string) => boolean) =>
      recipients
        .filter(({ email_id, kind }) => email_id === row.id && isOf(kind))
        .flatMap((recipient) => names.party(recipient) ?? [])
    const total = emailId === null ? thread.messages : 1
    const isCut = shown.some(({ is_cut }) => is_cut)
    return {
      data: {
        thread: named('THREAD', { entity: 'threads', id: threadId }, subjectName(thread.subject)),
        messages: shown.map((row) => ({
          ...listed(row),
          to: readers(row, (kind) => kind === 'to'),
          cc: readers(row, (kind) => kind !== 'to'),
          company: names.company(row.company_id),
          subject: freeText(row.subject),
          body: freeText(row.body_text),
          quoted: freeTextOrNull(joined(row.quoted_text, row.signature_text)),
          attachments: attachments
            .filter(({ email_id }) => email_id === row.id)
            .map(({ filename, mime_type, size_bytes }) => ({
              filename: freeTextOrNull(filename),
              mime_type,
              size_bytes,
            })),
          is_bulk: row.is_bulk,
        })),
        others: found.slice(shown.length).map(listed),
      },
      completeness: {
        total,
        returned: shown.length,
        complete: shown.length >= total && !isCut,
        next_cursor: null,
        as_of: localIso(now.getTime(), workspace.timezone),
        timezone: workspace.timezone,
        filters_in_words: emailId === null ? 'messages of that thread, newest first' : 'that message',
      },
      sources: shown.map((row) => ({
        id: named('MESSAGE', { entity: 'emails', id: row.id }, subjectName(row.subject)),
        what: `email, ${localIso(Date.parse(row.sent_at), workspace.timezone).slice(0, 10)}`,
      })),
      notes: [
        OUTSIDE_TEXT,
        ...(shown.some(({ is_withheld }) => is_withheld)
          ? ['The subject alone is shared; the text is seen by the owner of the mailbox.']
          : []),
        ...(isCut ? ['A text is longer than 20,000 characters; its beginning is shown.'] : []),
        ...(input.include_quoted
          ? []
          : ['Quoted text and signatures are left out; include_quoted gives them.']),
      ],
    }
  },
})
