import { createHmac } from 'node:crypto'
import { userError } from '../../domain/errors.ts'
import type { Found, Provider, Sent } from './port.ts'

export interface WebhookOptions {
  readonly url: string
  /** Key of the signature. */
  readonly secret: string
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 10_000
const MAX_WAIT_MS = 60_000
/** Before a byte was sent: the other side never heard of it. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])
/** Answers that say: not now. The change was not carried out. */
const NOT_NOW = new Set([425, 429, 503])
/** Answers after which nobody knows. */
const AMBIGUOUS = new Set([408, 409])

/** The address of a webhook. Throws `bad_url` unless it is https, or http to this machine. */
export const webhookUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isHere = url !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && isHere)) && url.username === '')
    return url.href
  throw userError('bad_url', 'A webhook has an address of its own, by https.', {
    fix: 'Give it as https://example.com/tact; http works to this machine alone.',
  })
}

/** `t=<seconds>,v1=<hex>`: HMAC-SHA-256 over `<seconds>.<text>`, so that neither the text nor its time can be changed. */
export const signatureOf = (secret: string, text: string, seconds: number): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${text}`).digest('hex')}`

const codeOf = (error: unknown): string => {
  for (let here = error; here instanceof Error; here = here.cause) {
    const { code } = here as { code?: unknown }
    if (typeof code === 'string') return code
  }
  return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'network'
}

const waitOf = (response: Response): number | undefined => {
  const seconds = Number(response.headers.get('retry-after'))
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, MAX_WAIT_MS) : undefined
}

const judge = (response: Response): Sent => {
  const { status } = response
  const failure = `http_${status}`
  if (status >= 200 && status < 300) return { outcome: 'done' }
  if (NOT_NOW.has(status)) {
    const afterMs = waitOf(response)
    return { outcome: 'later', failure, ...(afterMs === undefined ? {} : { afterMs }) }
  }
  return { outcome: status >= 500 || AMBIGUOUS.has(status) ? 'unknown' : 'refused', failure }
}

interface Call {
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * A generic webhook. POST carries the change with `Idempotency-Key` and `Tact-Signature`; GET with `?key=` asks whether a
 * key was carried out: 200 with `{"state":"done"}`, or 404. Redirects are not followed.
 */
export const webhook = ({ url, secret, timeoutMs = TIMEOUT_MS }: WebhookOptions): Provider => {
  const request = (address: string, signed: string, init: Call): Promise<Response> =>
    fetch(address, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...init.headers,
        'Tact-Signature': signatureOf(secret, signed, Math.floor(Date.now() / 1000)),
      },
    })
  return {
    send: async ({ key, body }): Promise<Sent> => {
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key }
      try {
        const response = await request(url, body, { method: 'POST', headers, body })
        await response.body?.cancel()
        return judge(response)
      } catch (error) {
        const failure = codeOf(error)
        return { outcome: NEVER_SENT.has(failure) ? 'later' : 'unknown', failure }
      }
    },
    find: async (key): Promise<Found> => {
      const address = new URL(url)
      address.searchParams.set('key', key)
      try {
        const response = await request(address.href, key, { method: 'GET' })
        if (response.status === 404) {
          await response.body?.cancel()
          return 'absent'
        }
        const answer = response.status === 200 ? ((await response.json()) as { state?: unknown }) : undefined
        return answer?.state === 'done' ? 'done' : 'unknown'
      } catch {
        return 'unknown'
      }
    },
  }
}
