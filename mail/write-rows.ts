import type { TenantId } from '../domain/ids.ts'
import { newId } from '../domain/ids.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Circle } from './circle.ts'
import type { SplitBody } from './clean.ts'
import type { Links } from './link.ts'
import type { ParsedMessage } from './parse.ts'

export interface NewMessage {
  readonly id: string
  readonly parsed: ParsedMessage
  readonly body: SplitBody
  readonly links: Links
  readonly threadId: string
  readonly fault: string | null
  readonly circle: Circle
  /** Of a row that shows the subject alone: the whole message. */
  readonly copyOf: string | null
  /** Who sees the contact in people's history, by id; null: everybody. */
  readonly contactOnlyFor: readonly string[] | null
}

/** All ancestors, the one answered among them: the index of ancestors is the one place to look for replies. */
const ancestorsOf = ({ references, inReplyTo }: ParsedMessage): readonly string[] | null => {
  const all = [...new Set([...references, ...(inReplyTo === null ? [] : [inReplyTo])])]
  return all.length === 0 ? null : all
}

const list = (records: readonly object[]): string => JSON.stringify(records)

const writeMessages = (tx: TenantTx, tenantId: TenantId, messages: readonly NewMessage[], source: string) =>
  rows(
    tx,
    sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, in_reply_to, reference_ids, content_hash, sent_at,
        direction, from_address, from_name, from_person_id, from_member_id, company_id, subject, body_text, quoted_text,
        signature_text, is_bulk, has_attachment, size_bytes, source, fault, copy_of,
        only_for, not_for)
      select id, ${tenantId}::uuid, thread_id, message_id, in_reply_to, reference_ids, content_hash, sent_at, direction,
        from_address, from_name, from_person_id, from_member_id, company_id, subject, body_text, quoted_text, signature_text,
        is_bulk, has_attachment, size_bytes, ${source}, fault, copy_of, only_for, not_for
      from jsonb_to_recordset(${list(
        messages.map(({ id, parsed, body, links, threadId, fault, circle, copyOf }) => ({
          id,
          thread_id: threadId,
          message_id: parsed.messageId,
          in_reply_to: parsed.inReplyTo,
          reference_ids: ancestorsOf(parsed),
          content_hash: parsed.contentHash,
          sent_at: parsed.sentAt.toISOString(),
          direction: links.direction,
          from_address: parsed.from?.address ?? null,
          from_name: parsed.from?.name ?? null,
          from_person_id: links.fromPersonId,
          from_member_id: links.fromMemberId,
          company_id: links.companyId,
          subject: parsed.subject,
          body_text: body.text,
          quoted_text: body.quoted,
          signature_text: body.signature,
          is_bulk: parsed.isBulk,
          has_attachment: parsed.hasAttachment,
          size_bytes: parsed.sizeBytes,
          fault,
          copy_of: copyOf,
          only_for: circle.onlyFor,
          not_for: circle.notFor,
        })),
      )}::jsonb) as r(id uuid, thread_id uuid, message_id text, in_reply_to text, reference_ids text[], content_hash text,
        sent_at timestamptz, direction text, from_address text, from_name text, from_person_id uuid, from_member_id uuid,
        company_id uuid, subject text, body_text text, quoted_text text, signature_text text, is_bulk boolean,
        has_attachment boolean, size_bytes int, fault text, copy_of uuid, only_for text[], not_for text[])`,
  )

const writeRecipients = async (
  tx: TenantTx,
  tenantId: TenantId,
  messages: readonly NewMessage[],
): Promise<void> => {
  const records = messages.flatMap(({ id, links, circle }) =>
    links.recipients.map(({ kind, address, name, personId, memberId }) => ({
      id: newId(),
      email_id: id,
      kind,
      address,
      name,
      person_id: personId,
      member_id: memberId,
      only_for: circle.onlyFor,
      not_for: circle.notFor,
    })),
  )
  if (records.length === 0) return
  await rows(
    tx,
    sql`insert into intel.mail_recipients (id, tenant_id, email_id, kind, address, name, person_id, member_id, only_for, not_for)
      select id, ${tenantId}::uuid, email_id, kind, address, name, person_id, member_id, only_for, not_for
      from jsonb_to_recordset(${list(records)}::jsonb)
        as r(id uuid, email_id uuid, kind text, address text, name text, person_id uuid, member_id uuid,
          only_for text[], not_for text[])`,
  )
}

const writeAttachments = async (
  tx: TenantTx,
  tenantId: TenantId,
  messages: readonly NewMessage[],
): Promise<void> => {
  const records = messages.flatMap(({ id, parsed, circle }) =>
    parsed.attachments.map(({ filename, mimeType, sizeBytes, sha256 }) => ({
      id: newId(),
      email_id: id,
      filename,
      mime_type: mimeType,
      size_bytes: sizeBytes,
      sha256,
      only_for: circle.onlyFor,
    })),
  )
  if (records.length === 0) return
  await rows(
    tx,
    sql`insert into intel.mail_attachments (id, tenant_id, email_id, filename, mime_type, size_bytes, sha256, only_for)
      select id, ${tenantId}::uuid, email_id, filename, mime_type, size_bytes, sha256, only_for
      from jsonb_to_recordset(${list(records)}::jsonb)
        as r(id uuid, email_id uuid, filename text, mime_type text, size_bytes int, sha256 text, only_for text[])`,
  )
}

/** An interaction for each message from or to a person; a second message under the same Message-ID adds none. */
const writeInteractions = async (
  tx: TenantTx,
  tenantId: TenantId,
  messages: readonly NewMessage[],
): Promise<void> => {
  const linked = messages.filter(({ links, copyOf }) => copyOf === null && links.personIds.length > 0)
  if (linked.length === 0) return
  const records = linked.map(({ id, parsed, links, contactOnlyFor }) => ({
    id: newId(),
    email_id: id,
    direction: links.direction,
    occurred_at: parsed.sentAt.toISOString(),
    summary: parsed.subject,
    company_id: links.companyId,
    member_id: links.memberId,
    external_id: parsed.messageId,
    only_for: contactOnlyFor,
  }))
  const written = await rows<{ id: string; email_id: string }>(
    tx,
    sql`insert into intel.interactions (id, tenant_id, kind, direction, occurred_at, summary, company_id, member_id, email_id,
        source, external_id, only_for)
      select id, ${tenantId}::uuid, 'email', direction, occurred_at, summary, company_id, member_id, email_id, 'mail', external_id, only_for
      from jsonb_to_recordset(${list(records)}::jsonb) as r(id uuid, direction text, occurred_at timestamptz, summary text,
        company_id uuid, member_id uuid, email_id uuid, external_id text, only_for text[])
      on conflict do nothing returning id, email_id`,
  )
  const interactionOf = new Map(written.map(({ id, email_id }) => [email_id, id]))
  const participants = linked.flatMap(({ id, links, contactOnlyFor }) => {
    const interactionId = interactionOf.get(id)
    if (interactionId === undefined) return []
    return links.personIds.map((personId) => ({
      id: newId(),
      interaction_id: interactionId,
      person_id: personId,
      only_for: contactOnlyFor,
    }))
  })
  if (participants.length === 0) return
  await rows(
    tx,
    sql`insert into intel.interaction_people (id, tenant_id, interaction_id, person_id, only_for)
      select id, ${tenantId}::uuid, interaction_id, person_id, only_for
      from jsonb_to_recordset(${list(participants)}::jsonb) as r(id uuid, interaction_id uuid, person_id uuid, only_for text[])`,
  )
}

/** Writes messages with recipients, attachments and interactions; a statement for each table. */
export const insertMessages = async (
  tx: TenantTx,
  tenantId: TenantId,
  messages: readonly NewMessage[],
  source: string,
): Promise<void> => {
  await writeMessages(tx, tenantId, messages, source)
  await writeRecipients(tx, tenantId, messages)
  await writeAttachments(tx, tenantId, messages)
  await writeInteractions(tx, tenantId, messages)
}
