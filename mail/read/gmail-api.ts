import { z } from 'zod'
import { unavailable, userError } from '../../domain/errors.ts'
import type { GoogleTokens } from './google-key.ts'

const TIMEOUT_MS = 60_000
const TRIES = 6
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 60_000

export interface GmailAccount {
  /** Address of the mailbox. */
  readonly user: string
  readonly tokens: GoogleTokens
  /** Labels to read, by name or id; all but spam, trash, drafts and chats when left out. */
  readonly labels?: readonly string[] | undefined
  /** Where the API is. */
  readonly apiUrl?: string | undefined
  /** Milliseconds before the second try of a request that Google put off; each further try waits twice as long. */
  readonly firstWaitMs?: number | undefined
}

const Refusal = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string() })).default([]) }),
})
/** A 403 that says "later" and not "no". */
const LATER = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'backendError'])

const isPutOff = async (response: Response): Promise<boolean> => {
  if (response.status === 429 || response.status >= 500) return true
  if (response.status !== 403) return false
  const refusal = Refusal.safeParse(await response.json().catch(() => null))
  return refusal.success && refusal.data.error.errors.some(({ reason }) => LATER.has(reason))
}

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })

const waitMs = (response: Response | undefined, tried: number, firstWaitMs: number): number => {
  const asked = Number(response?.headers.get('retry-after') ?? Number.NaN) * 1000
  return Math.min(LONGEST_WAIT_MS, Number.isFinite(asked) ? asked : firstWaitMs * 2 ** tried)
}

export interface GmailRequest<T> {
  /** Below `/gmail/v1/users/me/`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly shape: z.ZodType<T>
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads from the Gmail API; undefined for what is not there (404), and for a page or history that Google no longer knows
 * (400). What is put off is tried again, a token that expired renewed once. Throws `mailbox_refused` and `mailbox_unreachable`.
 */
export const askGmail = async <T>(
  { tokens, apiUrl = 'https://gmail.googleapis.com', firstWaitMs = FIRST_WAIT_MS }: GmailAccount,
  { path, query = {}, shape, signal }: GmailRequest<T>,
): Promise<T | undefined> => {
  const url = new URL(`/gmail/v1/users/me/${path}`, apiUrl)
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value)
  let renew = false
  for (let tried = 0; tried < TRIES; tried += 1) {
    signal?.throwIfAborted()
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${await tokens({ renew })}` },
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    }).catch((cause: unknown) => {
      if (signal?.aborted) throw cause
      return undefined
    })
    if (response?.ok) {
      const answer = shape.safeParse(await response.json().catch(() => null))
      if (answer.success) return answer.data
    } else if (response?.status === 404 || response?.status === 400) {
      await response.body?.cancel()
      return undefined
    } else if (response?.status === 401 && !renew) {
      await response.body?.cancel()
      renew = true
      continue
    } else if (response !== undefined && !(await isPutOff(response))) {
      throw userError('mailbox_refused', 'Gmail refused to show this mailbox.', {
        fix: 'Turn the Gmail API on for the project of the key, and allow the scope gmail.readonly.',
      })
    }
    renew = false
    if (tried + 1 < TRIES) await pause(waitMs(response, tried, firstWaitMs), signal)
  }
  throw unavailable('mailbox_unreachable', 'Gmail cannot be reached, or puts everything off.', {
    fix: 'Run it again later: it goes on where it stood.',
  })
}
