import { importPKCS8, SignJWT } from 'jose'
import { z } from 'zod'
import { unavailable, userError } from '../../domain/errors.ts'

const SCOPE = 'https://www.googleapis.com/auth/gmail.readonly'
const TOKEN_URI = 'https://oauth2.googleapis.com/token'
const ASSERTION_SECONDS = 600
/** A token is not used for its last minute. */
const SPARE_MS = 60_000
const TIMEOUT_MS = 30_000

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])
const tokenUri = z
  .url()
  .default(TOKEN_URI)
  .refine((text) => {
    const { protocol, hostname } = new URL(text)
    return protocol === 'https:' || LOOPBACK.has(hostname)
  })

/** Key files as Google writes them: of a service account, and of a user who signed in. */
const Key = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('service_account'),
    client_email: z.string(),
    private_key: z.string(),
    private_key_id: z.string().optional(),
    token_uri: tokenUri,
  }),
  z.object({
    type: z.literal('authorized_user'),
    client_id: z.string(),
    client_secret: z.string(),
    refresh_token: z.string(),
    token_uri: tokenUri,
  }),
])
export type GoogleKey = z.infer<typeof Key>

const badKey = (cause?: unknown) =>
  userError('bad_google_key', 'This is not a key file of Google.', {
    fix: 'Give the JSON file of a service account, or of a signed-in user (type "authorized_user").',
    cause,
  })

/** Reads a key file. Throws `bad_google_key`. */
export const readGoogleKey = (text: string): GoogleKey => {
  try {
    return Key.parse(JSON.parse(text))
  } catch (cause) {
    throw badKey(cause)
  }
}

/** What is sent for a token: a service account speaks for `user` by delegation, a user's own key for itself. */
const requestOf = async (key: GoogleKey, user: string, now: Date): Promise<URLSearchParams> => {
  if (key.type === 'authorized_user') {
    return new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: key.client_id,
      client_secret: key.client_secret,
      refresh_token: key.refresh_token,
    })
  }
  const signer = await importPKCS8(key.private_key, 'RS256').catch((cause: unknown) => {
    throw badKey(cause)
  })
  const at = Math.floor(now.getTime() / 1000)
  const header = { alg: 'RS256', typ: 'JWT', ...(key.private_key_id ? { kid: key.private_key_id } : {}) }
  const assertion = await new SignJWT({ scope: SCOPE })
    .setProtectedHeader(header)
    .setIssuer(key.client_email)
    .setSubject(user)
    .setAudience(key.token_uri)
    .setIssuedAt(at)
    .setExpirationTime(at + ASSERTION_SECONDS)
    .sign(signer)
  return new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
}

const Answer = z.object({ access_token: z.string(), expires_in: z.number().default(3600) })

/** Answers an access token; `renew` asks for another although the last one should still be good. */
export type GoogleTokens = (options?: { readonly renew?: boolean }) => Promise<string>

/** Access tokens to read the mail of `user`, kept until they expire. Throws `mailbox_refused` and `mailbox_unreachable`. */
export const googleTokens = (
  key: GoogleKey,
  user: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): GoogleTokens => {
  let known: { readonly token: string; readonly untilMs: number } | undefined
  return async ({ renew = false } = {}) => {
    if (known && !renew && known.untilMs > Date.now()) return known.token
    const body = await requestOf(key, user, new Date())
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(key.token_uri, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    }).catch((cause: unknown) => {
      if (signal?.aborted) throw cause
      throw unavailable('mailbox_unreachable', 'Google cannot be reached for a token.', {
        fix: 'Check the network, then run it again.',
        cause,
      })
    })
    const answer = Answer.safeParse(await response.json().catch(() => null))
    if (response.ok && answer.success) {
      const { access_token: token, expires_in: seconds } = answer.data
      known = { token, untilMs: Date.now() + seconds * 1000 - SPARE_MS }
      return token
    }
    if (response.status >= 500)
      throw unavailable('mailbox_unreachable', 'Google gives no token just now.', { fix: 'Try again later.' })
    throw userError('mailbox_refused', 'Google refused the key for this mailbox.', {
      fix: 'Sign in again; a service account needs domain-wide delegation for the scope gmail.readonly.',
    })
  }
}
