import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { DigestChannel, Handed, OutgoingDigest } from './channel.ts'
import { renderHtml, renderText } from './render.ts'

export interface MailServer {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly url: string
  /** Address that digests come from. */
  readonly from: string
}

const TIMEOUT_MS = 20_000

interface SmtpFailure {
  readonly responseCode?: number
  readonly code?: string
}

const messageIdOf = ({ runId }: OutgoingDigest, from: string): string =>
  `<digest.${runId}@${from.split('@')[1]!}>`

const composed = (digest: OutgoingDigest, { from }: MailServer): Promise<Buffer> => {
  const { title, subtitle } = digest.layout
  const mail = new MailComposer({
    from: { name: 'Tact', address: from },
    to: digest.address!,
    subject: `${title} (${subtitle})`,
    text: renderText(digest.layout),
    html: renderHtml(digest.layout),
    messageId: messageIdOf(digest, from),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return mail.compile().build()
}

const connectionTo = (url: string): { connection: SMTPConnection; user: string; pass: string } => {
  const { protocol, hostname, port, username, password } = new URL(url)
  const isTls = protocol === 'smtps:'
  const isHere = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]'
  const connection = new SMTPConnection({
    host: hostname,
    port: port === '' ? (isTls ? 465 : 587) : Number(port),
    secure: isTls,
    // A password goes over no line that others can read.
    requireTLS: !isTls && username !== '' && !isHere,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  })
  return { connection, user: decodeURIComponent(username), pass: decodeURIComponent(password) }
}

const failureOf = (error: SmtpFailure): string =>
  error.responseCode === undefined
    ? `smtp_${(error.code ?? 'failed').toLowerCase()}`
    : `smtp_${error.responseCode}`

/** Of a failure: a 5xx is final, a 4xx and whatever broke before the handover is for later, a break after it is unknown. */
const judge = (error: SmtpFailure, isHandedOver: boolean): Handed => {
  const failure = failureOf(error)
  const { responseCode: code } = error
  if (code !== undefined && code >= 500 && code < 600) return { outcome: 'refused', failure }
  if (code !== undefined && code >= 400) return { outcome: 'later', failure }
  return isHandedOver ? { outcome: 'unknown', failure } : { outcome: 'later', failure }
}

const deliver = async (
  { url, from }: MailServer,
  digest: OutgoingDigest,
  content: Readable,
): Promise<void> => {
  const { connection, user, pass } = connectionTo(url)
  const broken = Promise.withResolvers<never>()
  connection.on('error', (error) => broken.reject(error))
  connection.on('end', () => broken.reject(Object.assign(new Error('closed'), { code: 'ECONNECTION' })))
  const step = (run: (done: (error?: Error | null) => void) => void): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    run((error) => (error ? reject(error) : resolve()))
    return Promise.race([promise, broken.promise])
  }
  broken.promise.catch(() => {})
  try {
    await step((done) => connection.connect((error) => done(error)))
    if (user !== '') await step((done) => connection.login({ user, pass }, (error) => done(error)))
    await step((done) => connection.send({ from, to: [digest.address!] }, content, (error) => done(error)))
  } finally {
    content.destroy()
    connection.close()
  }
}

/**
 * Digests by SMTP. A mail server cannot be asked what it took: an attempt that broke off after the handover began is never
 * made again, so that nobody gets a digest twice. The handover begins when all is sent but the line that ends a mail: a
 * server keeps nothing of a mail without it.
 */
export const mailChannel = (server: MailServer): DigestChannel => ({
  send: async (digest, beforeHandover) => {
    const bytes = await composed(digest, server)
    let isHandedOver = false
    let refusal: unknown
    let handing: Promise<void> = Promise.resolve()
    const broken = new AbortController()
    const content = Readable.from(
      (async function* () {
        yield bytes
        handing = beforeHandover()
        try {
          await handing
        } catch (error) {
          refusal = error
          throw error
        }
        // Where the line broke meanwhile, nothing ends the mail any more.
        isHandedOver = !broken.signal.aborted
      })(),
    )
    try {
      await deliver(server, digest, content)
      return { outcome: 'done', ref: messageIdOf(digest, server.from) }
    } catch (error) {
      broken.abort()
      await handing.catch(() => {})
      if (refusal !== undefined) throw refusal
      return judge(error as SmtpFailure, isHandedOver)
    }
  },
  find: async () => ({ found: 'unknown' }),
})
