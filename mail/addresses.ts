import type { Address, Email } from 'postal-mime'

export interface MailAddress {
  /** Lower-cased. */
  readonly address: string
  readonly name: string | null
}

export type RecipientKind = 'to' | 'cc' | 'bcc' | 'reply_to'
export interface Recipient extends MailAddress {
  readonly kind: RecipientKind
}

const MAX_ADDRESS = 320
const MAX_RECIPIENTS = 500

const plain = (text: string): string =>
  text.replaceAll('\u0000', '').toWellFormed().replace(/\s+/g, ' ').trim()

const mailbox = (name: string, address: string): MailAddress | undefined => {
  const cleaned = plain(address)
    .toLowerCase()
    .replace(/^[<'"]+|[>'"]+$/g, '')
  if (!/^[^\s@]+@[^\s@]+$/.test(cleaned) || cleaned.length > MAX_ADDRESS) return undefined
  const label = plain(name).replace(/^["']+|["']+$/g, '')
  return {
    address: cleaned,
    name: label === '' || label.toLowerCase() === cleaned ? null : label.slice(0, 200),
  }
}

const flatten = (entries: readonly Address[]): readonly MailAddress[] =>
  entries.flatMap((entry) => {
    const boxes = entry.group ?? [entry]
    return boxes.flatMap((box) => mailbox(box.name, box.address) ?? mailbox('', box.name) ?? [])
  })

/** Who wrote it: From, else Sender, Reply-To or Return-Path, whichever first holds an address. */
export const senderOf = (email: Email): MailAddress | undefined => {
  const written = [email.from, email.sender, ...(email.replyTo ?? [])].flatMap((entry) => entry ?? [])
  return flatten(written)[0] ?? mailbox('', email.returnPath ?? '')
}

/** Whom it went to, each address once for each header. */
export const recipientsOf = (email: Email): readonly Recipient[] => {
  const found = new Map<string, Recipient>()
  const lists: readonly (readonly [RecipientKind, readonly Address[] | undefined])[] = [
    ['to', email.to],
    ['cc', email.cc],
    ['bcc', email.bcc],
    ['reply_to', email.replyTo],
  ]
  for (const [kind, entries] of lists) {
    for (const box of flatten(entries ?? [])) {
      const key = `${kind} ${box.address}`
      if (!found.has(key) && found.size < MAX_RECIPIENTS) found.set(key, { ...box, kind })
    }
  }
  return [...found.values()]
}

const MACHINE =
  /^(?:no[-._]?reply|do[-._]?not[-._]?reply|mailer-daemon|postmaster|bounces?|notifications?|newsletter|news|automated|auto-?confirm)(?:[-+._=].*)?@/

/** Mailing list, newsletter or machine, by its headers and sender. */
export const isBulk = (
  header: (name: string) => string | undefined,
  sender: MailAddress | undefined,
): boolean => {
  if (
    ['list-id', 'list-unsubscribe', 'list-post', 'x-mailing-list'].some((name) => header(name) !== undefined)
  ) {
    return true
  }
  if (/^\s*(?:bulk|list|junk)\b/i.test(header('precedence') ?? '')) return true
  const auto = header('auto-submitted')
  if (auto !== undefined && !/^\s*no\b/i.test(auto)) return true
  return header('x-autoreply') !== undefined || MACHINE.test(sender?.address ?? '')
}
