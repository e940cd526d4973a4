import { ImapFlow } from 'imapflow'
import type { ListResponse } from 'imapflow'
import { TactError, unavailable, userError } from '../../domain/errors.ts'
import type { RawMessage, ReadOptions } from './message.ts'

export interface ImapAccount {
  readonly host: string
  readonly port: number
  /** TLS from the first byte; otherwise STARTTLS, which only a server on this machine may do without. */
  readonly secure: boolean
  readonly user: string
  readonly password?: string | undefined
  /** OAuth2, in place of a password. */
  readonly accessToken?: string | undefined
  /** Folders to read; all but junk, trash, drafts and collections of other folders when left out. */
  readonly folders?: readonly string[] | undefined
}

/** UIDVALIDITY and the last UID read, for each folder. */
type Places = Readonly<Record<string, readonly [validity: string, uid: number]>>

const SKIPPED = new Set(['\\Junk', '\\Trash', '\\Drafts', '\\All', '\\Flagged'])
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

const unreachable = (cause: unknown): never => {
  if (cause instanceof TactError || (cause instanceof Error && cause.name === 'AbortError')) throw cause
  if (cause instanceof Error && 'authenticationFailed' in cause && cause.authenticationFailed === true) {
    throw userError('mailbox_refused', 'The mail server refused the sign-in.', {
      fix: 'Check the user and the password or token.',
      cause,
    })
  }
  throw unavailable('mailbox_unreachable', 'The mail server cannot be reached, or broke off.', {
    fix: 'Check host and port, then run it again: it goes on where it stood.',
    cause,
  })
}

const clientOf = ({ host, port, secure, user, password, accessToken }: ImapAccount): ImapFlow =>
  new ImapFlow({
    host,
    port,
    secure,
    ...(secure || LOOPBACK.has(host) ? {} : { doSTARTTLS: true }),
    auth: accessToken === undefined ? { user, pass: password ?? '' } : { user, accessToken },
    logger: false,
  })

const readPlaces = (after: string | undefined): Record<string, readonly [string, number]> => {
  if (after === undefined) return {}
  const given: unknown = JSON.parse(after)
  return Object.fromEntries(
    Object.entries(given ?? {}).filter(
      (entry): entry is [string, [string, number]] =>
        Array.isArray(entry[1]) && typeof entry[1][0] === 'string' && Number.isSafeInteger(entry[1][1]),
    ),
  )
}

const isRead = ({ path, flags, specialUse }: ListResponse, folders: readonly string[] | undefined): boolean =>
  !flags.has('\\Noselect') &&
  !flags.has('\\NonExistent') &&
  (folders === undefined ? !SKIPPED.has(specialUse ?? '') : folders.includes(path))

/**
 * Messages of a mailbox that came since `after`, folder by folder. `place` holds UIDVALIDITY and last UID of every folder
 * read so far, so it serves the next increment too; a folder that was made anew is read again. Nothing is changed on the
 * server. Throws `mailbox_refused` and `mailbox_unreachable`.
 */
export async function* readImap(
  account: ImapAccount,
  { after, signal }: ReadOptions = {},
): AsyncGenerator<RawMessage> {
  const places = readPlaces(after)
  const client = clientOf(account)
  // What goes wrong outside a command arrives here; the next command says so too.
  client.on('error', () => {})
  try {
    await client.connect()
    const folders = (await client.list()).filter((folder) => isRead(folder, account.folders))
    for (const { path } of folders.sort((a, b) => (a.path < b.path ? -1 : 1))) {
      signal?.throwIfAborted()
      const lock = await client.getMailboxLock(path, { readOnly: true })
      try {
        yield* readFolder(client, path, places, signal)
      } finally {
        lock.release()
      }
    }
  } catch (error) {
    unreachable(error)
  } finally {
    client.close()
  }
}

async function* readFolder(
  client: ImapFlow,
  path: string,
  places: Record<string, readonly [string, number]>,
  signal: AbortSignal | undefined,
): AsyncGenerator<RawMessage> {
  const { mailbox } = client
  if (mailbox === false) return
  const validity = String(mailbox.uidValidity)
  const known = places[path]
  const from = known?.[0] === validity ? known[1] + 1 : 1
  if (mailbox.exists === 0 || mailbox.uidNext <= from) return
  for await (const { uid, source } of client.fetch(`${from}:*`, { uid: true, source: true }, { uid: true })) {
    signal?.throwIfAborted()
    // `*` is the last message, also where it lies before `from`.
    if (uid < from || source === undefined) continue
    places[path] = [validity, uid]
    yield { raw: source, place: JSON.stringify(places satisfies Places) }
  }
}

/** Waits until the folder holds something new (IDLE), or `atMostMs` have passed. Throws as `readImap` does. */
export const waitForNews = async (
  account: ImapAccount,
  {
    folder = 'INBOX',
    atMostMs,
    signal,
  }: { readonly folder?: string; readonly atMostMs: number; readonly signal: AbortSignal },
): Promise<void> => {
  const client = clientOf(account)
  client.on('error', () => {})
  try {
    await client.connect()
    await client.mailboxOpen(folder, { readOnly: true })
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, atMostMs)
    const end = (): void => resolve()
    client.on('exists', end)
    client.on('close', end)
    signal.addEventListener('abort', end, { once: true })
    void client.idle().catch(end)
    await promise
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  } catch (error) {
    unreachable(error)
  } finally {
    client.close()
  }
}
