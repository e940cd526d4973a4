import { createHash } from 'node:crypto'
import { headerEnd } from './mime.ts'

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Headers that the writer made. The rest is added on the way and by mailboxes, and differs between two copies. */
const WRITTEN = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'content-type',
  'content-transfer-encoding',
])

/**
 * SHA-256 of what was written: the writer's headers and the body, with line ends, `>From ` quoting and trailing empty
 * lines made alike. Two deliveries of one message have the same fingerprint, whichever way they came.
 */
export const fingerprint = (raw: Buffer): string => {
  const end = headerEnd(raw)
  const hash = createHash('sha256')
  const header = raw.toString('latin1', 0, end).replace(/\r?\n[ \t]+/g, ' ')
  let written = 0
  for (const line of header.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const key = line.slice(0, Math.max(0, colon)).trim().toLowerCase()
    if (!WRITTEN.has(key)) continue
    written += 1
    hash.update(
      `${key}:${line
        .slice(colon + 1)
        .trim()
        .replace(/\s+/g, ' ')}\n`,
      'latin1',
    )
  }
  // What has no header of a writer is no mail that two deliveries could be told from: it counts as it is.
  if (written === 0) hash.update(raw)
  const body = raw
    .toString('latin1', end)
    .replaceAll('\r\n', '\n')
    .replace(/^>+From /gm, 'From ')
  hash.update(`\n${body.trim()}`, 'latin1')
  return hash.digest('hex')
}

/** A postmark line that came along, empty lines and a byte-order mark before the header. */
export const withoutLead = (source: Uint8Array): Buffer => {
  const raw = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  const lead = /^(?:\u00ef\u00bb\u00bf)?[\r\n]*(?:>?From [^\n]*\d{2}:\d{2}[^\n]*\n)?(?:>From [^\n]*\n)?/.exec(
    raw.toString('latin1', 0, 2048),
  )
  return raw.subarray(lead?.[0].length ?? 0)
}

/** Message-ID and fingerprint of a message that is not parsed; undefined where its header names no plain Message-ID. */
export const identify = (
  source: Uint8Array,
): { readonly messageId: string; readonly contentHash: string } | undefined => {
  const raw = withoutLead(source)
  const header = raw.toString('latin1', 0, headerEnd(raw))
  const messageId = /^message-id:\s*<([^<>\s]+)>\s*$/im.exec(header)?.[1]
  return messageId === undefined ? undefined : { messageId, contentHash: fingerprint(raw) }
}
