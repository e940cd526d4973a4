import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { unavailable, userError } from '../domain/errors.ts'
import { travelsSafely } from './safe-url.ts'

export interface OauthSettings {
  /** Authorization servers whose tokens are taken, each as it names itself in `iss`. */
  readonly issuers: readonly string[]
  /** The address that tokens must be meant for (RFC 8707), e.g. `https://crm.example.com/mcp`. */
  readonly resource: string
}

/** What a good token says. */
export interface Grant {
  readonly issuer: string
  readonly subject: string
  /** Lower case; null unless the server says that it verified it. */
  readonly verifiedEmail: string | null
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

/** Undefined for what is no good token of these servers for this resource. Throws `unavailable` when keys cannot be had. */
export type ReadToken = (token: string) => Promise<Grant | undefined>

const FETCH_MS = 5_000
/** How long a server that did not answer is left alone. */
const RETRY_MS = 10_000
const KEYS_MS = 10 * 60_000
const CLOCK_SECONDS = 30
/** Signatures that anybody can check and only the server can make. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const TYPES: ReadonlySet<string> = new Set(['jwt', 'at+jwt', 'application/at+jwt'])

const Metadata = z.object({ issuer: z.string(), jwks_uri: z.url() })

/** Where a server describes itself: RFC 8414, then OpenID. */
const metadataUrls = (issuer: string): readonly string[] => {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
}

const unreachable = (cause?: unknown) =>
  unavailable('issuer_unreachable', 'The authorization server cannot be asked for its keys just now.', {
    fix: 'Try again; an administrator finds its address in TACT_OAUTH_ISSUERS.',
    cause,
  })

const findKeys = async (issuer: string): Promise<JWTVerifyGetKey> => {
  for (const url of metadataUrls(issuer)) {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_MS) })
    if (!response.ok) {
      await response.body?.cancel()
      continue
    }
    const found = Metadata.safeParse(await response.json())
    const keys = found.data && new URL(found.data.jwks_uri)
    if (found.data?.issuer !== issuer || !keys || !travelsSafely(keys)) continue
    return createRemoteJWKSet(keys, { timeoutDuration: FETCH_MS, cacheMaxAge: KEYS_MS })
  }
  throw unreachable()
}

/** Keys of a server, asked for once; jose reads them anew with time and when a token names one that is not there. */
const keysOf = (issuer: string): (() => Promise<JWTVerifyGetKey>) => {
  let keys: Promise<JWTVerifyGetKey> | undefined
  let failedAtMs = -Infinity
  return () => {
    if (keys === undefined || performance.now() - failedAtMs > RETRY_MS) {
      failedAtMs = Infinity
      keys = findKeys(issuer)
      keys.catch(() => {
        failedAtMs = performance.now()
      })
    }
    return keys
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** `scope` of RFC 9068, `scp` of others. */
const scopesOf = ({ scope, scp }: JWTPayload): readonly string[] =>
  [scope, scp].flatMap((value) =>
    typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value.map(String) : [],
  )

const grantOf = (issuer: string, payload: JWTPayload): Grant | undefined => {
  const { sub, exp, cnf } = payload
  // A token that is bound to a key of its client is worth nothing to whoever cannot check that key.
  if (sub === undefined || sub === '' || exp === undefined || cnf !== undefined) return undefined
  const email = payload['email_verified'] === true ? text(payload['email']) : undefined
  return {
    issuer,
    subject: sub,
    verifiedEmail: email?.trim().toLowerCase() ?? null,
    clientId: text(payload['client_id']) ?? text(payload['azp']) ?? '',
    scopes: scopesOf(payload),
    expiresAt: exp,
  }
}

const issuerIn = (token: string): string | undefined => {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/** What jose says of a token, as opposed to the server that did not answer. */
const isAboutToken = (error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  !(
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === 'ERR_JOSE_GENERIC'
  )

/**
 * Reads access tokens that are signed JWTs: by whom, for whom, until when. Throws a user error for an issuer that is no
 * https address. Not read: opaque tokens, which only their server knows.
 */
export const createTokenReader = ({ issuers, resource }: OauthSettings): ReadToken => {
  const audience = [resource, `${resource}/`]
  const keys = new Map(
    issuers.map((issuer) => {
      const url = URL.parse(issuer)
      if (!url || !travelsSafely(url))
        throw userError('bad_issuer', 'An authorization server is named by an https:// address.', {
          fix: 'Correct TACT_OAUTH_ISSUERS: each exactly as the server names itself, separated by commas.',
        })
      return [issuer, keysOf(issuer)] as const
    }),
  )
  return async (token) => {
    const issuer = issuerIn(token)
    const keysOfIssuer = issuer === undefined ? undefined : keys.get(issuer)
    if (issuer === undefined || !keysOfIssuer) return undefined
    try {
      const { payload, protectedHeader } = await jwtVerify(token, await keysOfIssuer(), {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_SECONDS,
        requiredClaims: ['exp', 'sub'],
      })
      if (!TYPES.has((protectedHeader.typ ?? 'jwt').toLowerCase())) return undefined
      return grantOf(issuer, payload)
    } catch (error) {
      if (isAboutToken(error)) return undefined
      throw unreachable(error)
    }
  }
}
