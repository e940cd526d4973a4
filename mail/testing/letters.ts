import type { RawMessage } from '../read/message.ts'

export interface Letter {
  readonly id?: string
  readonly from: string
  readonly to: string
  readonly cc?: string
  readonly at: string
  readonly subject?: string
  readonly replyTo?: string
  readonly body?: string
  readonly head?: string
}

/** A plain message as bytes on the wire. */
export const letter = ({
  id,
  from,
  to,
  cc,
  at,
  subject = 'Price',
  replyTo,
  body = 'Hello.',
  head = '',
}: Letter): string =>
  [
    ...(id === undefined ? [] : [`Message-ID: <${id}>`]),
    `From: ${from}`,
    `To: ${to}`,
    ...(cc === undefined ? [] : [`Cc: ${cc}`]),
    `Date: ${new Date(at).toUTCString()}`,
    `Subject: ${subject}`,
    ...(replyTo === undefined ? [] : [`In-Reply-To: <${replyTo}>`]),
    ...(head === '' ? [] : [head]),
    '',
    body,
    '',
  ].join('\n')

export async function* raws(letters: readonly string[]): AsyncGenerator<RawMessage> {
  for (const [at, text] of letters.entries())
    yield { raw: Buffer.from(text), place: String(at).padStart(5, '0') }
}
