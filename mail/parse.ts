import type { Email } from 'postal-mime'
import { isBulk, recipientsOf, senderOf } from './addresses.ts'
import type { MailAddress, Recipient } from './addresses.ts'
import { htmlToText, storable } from './body.ts'
import { parseMailDate, parseReceivedDate } from './date.ts'
import type { Fault } from './faults.ts'
import { fingerprint, sha256, withoutLead } from './fingerprint.ts'
import { headerEnd, parseMime } from './mime.ts'

export interface ParsedAttachment {
  readonly filename: string | null
  readonly mimeType: string
  readonly sizeBytes: number
  readonly sha256: string
}

export interface ParsedMessage {
  /** Without brackets; made from the content where the message has none. */
  readonly messageId: string
  readonly inReplyTo: string | null
  /** Ancestors, oldest first, without brackets. */
  readonly references: readonly string[]
  readonly contentHash: string
  readonly sentAt: Date
  readonly from: MailAddress | null
  readonly recipients: readonly Recipient[]
  readonly subject: string
  readonly text: string
  readonly attachments: readonly ParsedAttachment[]
  /** Inline images and signatures do not count. */
  readonly hasAttachment: boolean
  readonly isBulk: boolean
  readonly sizeBytes: number
  readonly faults: readonly Fault[]
}

const MAX_SUBJECT = 1000
const MAX_MESSAGE_ID = 500
const MAX_REFERENCES = 100

const messageIds = (value: string | undefined): readonly string[] => {
  if (value === undefined) return []
  const bracketed = [...value.matchAll(/<([^<>]+)>/g)].map((match) => match[1]!.replace(/\s+/g, ''))
  const found = bracketed.length > 0 ? bracketed : /^\S+@\S+$/.test(value.trim()) ? [value.trim()] : []
  return found.map((id) => storable(id).text).filter((id) => id !== '' && id.length <= MAX_MESSAGE_ID)
}

const lastOf = <T>(list: readonly T[], count: number): readonly T[] =>
  list.length <= count ? list : [...list.slice(0, 1), ...list.slice(1 - count)]

const NOT_A_FILE =
  /^(?:application\/(?:pgp-signature|(?:x-)?pkcs7-signature)|message\/(?:delivery-status|disposition-notification))$/

const attachmentsOf = (email: Email) =>
  email.attachments.map((part) => {
    const content =
      typeof part.content === 'string' ? Buffer.from(part.content) : new Uint8Array(part.content)
    return {
      filename: part.filename === null ? null : storable(part.filename, 500).text,
      mimeType: storable(part.mimeType, 200).text || 'application/octet-stream',
      sizeBytes: content.byteLength,
      sha256: sha256(content),
      isFile:
        part.related !== true &&
        !NOT_A_FILE.test(part.mimeType) &&
        (part.disposition !== 'inline' || part.filename !== null),
    }
  })

const textOf = (email: Email): string => {
  const plain = email.text ?? ''
  if (plain.trim() !== '' || email.html === undefined) return plain
  return htmlToText(email.html)
}

const unparsed = (raw: Buffer): Email => {
  const header = raw.toString('latin1', 0, headerEnd(raw)).replace(/\r?\n[ \t]+/g, ' ')
  const subject = /^subject:[ \t]*(.*)$/im.exec(header)?.[1]
  const messageId = /^message-id:[ \t]*(.*)$/im.exec(header)?.[1]
  return {
    headers: [],
    headerLines: [],
    attachments: [],
    text: raw.toString('latin1'),
    ...(subject === undefined ? {} : { subject }),
    ...(messageId === undefined ? {} : { messageId }),
  }
}

/**
 * Reads one raw message. Never throws: what is missing, broken or cannot be believed is replaced, and named in
 * `faults`. `now` bounds the dates that are believed and stands in where there is none.
 */
export const parseMessage = async (source: Uint8Array, now: Date): Promise<ParsedMessage> => {
  const faults = new Set<Fault>()
  const raw = withoutLead(source)
  const contentHash = fingerprint(raw)

  let email: Email
  try {
    const mime = await parseMime(raw)
    email = mime.email
    if (mime.charsetRepaired) faults.add('charset_repaired')
  } catch {
    faults.add('unparsable')
    email = unparsed(raw)
  }
  const header = (name: string): string | undefined => email.headers.find(({ key }) => key === name)?.value

  const sender = senderOf(email)
  if (!sender) faults.add('no_sender')

  const ownId = messageIds(email.messageId)[0] ?? storable(email.messageId ?? '').text.replace(/[<>\s]/g, '')
  if (!ownId) faults.add('no_message_id')
  else if (ownId.length > MAX_MESSAGE_ID) faults.add('bad_message_id')
  const messageId = ownId && ownId.length <= MAX_MESSAGE_ID ? ownId : `${contentHash}@content.invalid`

  const received = email.headers.filter(({ key }) => key === 'received')
  const arrival = received
    .map(({ value }) => parseReceivedDate(value, now))
    .find((date) => date !== undefined)
  const dated = parseMailDate(header('date'), now)
  if (!dated) faults.add(header('date') === undefined && !arrival ? 'no_date' : 'bad_date')

  const parents = messageIds(email.inReplyTo).filter((id) => id !== messageId)
  const references = [...new Set(messageIds(email.references))].filter((id) => id !== messageId)
  const inReplyTo = parents[0] ?? references.at(-1) ?? null

  const subject = storable((email.subject ?? '').replace(/\s+/g, ' ').trim(), MAX_SUBJECT)
  const body = storable(textOf(email))
  if (body.hadControls || subject.hadControls) faults.add('control_characters')
  if (body.wasCut) faults.add('text_cut')
  if (body.text.includes('\ufffd') || subject.text.includes('\ufffd')) faults.add('unreadable_characters')

  const attachments = attachmentsOf(email)
  return {
    messageId,
    inReplyTo,
    references: lastOf(references, MAX_REFERENCES),
    contentHash,
    sentAt: dated ?? arrival ?? now,
    from: sender ?? null,
    recipients: recipientsOf(email),
    subject: subject.text,
    text: body.text,
    attachments: attachments.map(({ isFile: _isFile, ...attachment }) => attachment),
    hasAttachment: attachments.some(({ isFile }) => isFile),
    isBulk: isBulk(header, sender),
    sizeBytes: source.byteLength,
    faults: [...faults],
  }
}
