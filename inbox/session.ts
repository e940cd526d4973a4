import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import { createAccessToken, findAccessToken, revokeAccessToken } from '../db/access-tokens.ts'
import type { Bearer } from '../db/access-tokens.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { denied } from '../domain/errors.ts'

/** Scopes of rows of core.access_tokens; MCP and the API ask for others, so neither works in the other's place. */
const LINK_SCOPE = 'inbox:link'
const SESSION_SCOPE = 'inbox:session'
const LINK_MS = 10 * 60_000
const SESSION_MS = 12 * 3_600_000
const COOKIE = 'tact_inbox'

/** A signed-in person. `csrf` goes into every form. */
export interface Session {
  readonly actor: Actor
  readonly tokenId: string
  readonly csrf: string
}

const actorOf = ({ tenantId, memberId, role }: Bearer): Actor => ({ tenantId, memberId, role, via: 'inbox' })

const issue = (database: Database, actor: Actor, scope: string, lifetimeMs: number): Promise<string> =>
  asTenant(database, actor, async (tx) => {
    if (actor.memberId === null) {
      throw denied('no_member', 'Only a member of a workspace can sign in.', {
        fix: 'Say who, with --as <email>.',
      })
    }
    const made = await createAccessToken(tx, {
      memberId: actor.memberId,
      name: scope === LINK_SCOPE ? 'sign-in link' : 'inbox session',
      scopes: [scope],
      expiresAt: new Date(Date.now() + lifetimeMs),
    })
    return made.token
  })

/**
 * An address that signs this member in to the inbox once, within ten minutes. `baseUrl` is that of the server, e.g.
 * `http://127.0.0.1:4321`. Show it to that person alone; it never belongs in a tool's answer.
 */
export const signInLink = async (database: Database, baseUrl: string, actor: Actor): Promise<string> =>
  `${baseUrl}/inbox/sign-in?token=${await issue(database, actor, LINK_SCOPE, LINK_MS)}`

/** Whom an unused link would sign in. */
export const linkOwner = async (database: Database, token: string): Promise<Actor | undefined> => {
  const bearer = await findAccessToken(database, token)
  return bearer?.scopes.includes(LINK_SCOPE) ? actorOf(bearer) : undefined
}

/** The token of a new session, for somebody who has just proved who they are. */
export const startSession = (database: Database, actor: Actor): Promise<string> =>
  issue(database, actor, SESSION_SCOPE, SESSION_MS)

/** Uses a link up and answers the token of a new session; undefined when it was used, is too old, or none of ours. */
export const redeemLink = async (database: Database, token: string): Promise<string | undefined> => {
  const bearer = await findAccessToken(database, token)
  if (!bearer?.scopes.includes(LINK_SCOPE)) return undefined
  const actor = actorOf(bearer)
  const used = await asTenant(database, actor, (tx) =>
    rows(
      tx,
      sql`update core.access_tokens set revoked_at = now() where id = ${bearer.tokenId} and revoked_at is null returning id`,
    ),
  )
  return used.length === 1 ? await startSession(database, actor) : undefined
}

export const endSession = (database: Database, { actor, tokenId }: Session): Promise<void> =>
  asTenant(database, actor, (tx) => revokeAccessToken(tx, tokenId))

const cookieOf = (request: Request): string | undefined => {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${COOKIE}=`))
  // Two cookies of one name: somebody planted one. Neither is believed.
  return found.length === 1 ? found[0]!.slice(COOKIE.length + 1) : undefined
}

const csrfOf = (token: string): string =>
  createHmac('sha256', token).update('tact inbox form').digest('base64url')

/** The session of a request's cookie, or undefined. Role and membership are read anew each time. */
export const readSession = async (database: Database, request: Request): Promise<Session | undefined> => {
  const token = cookieOf(request)
  if (token === undefined) return undefined
  const bearer = await findAccessToken(database, token)
  if (!bearer?.scopes.includes(SESSION_SCOPE)) return undefined
  return { actor: actorOf(bearer), tokenId: bearer.tokenId, csrf: csrfOf(token) }
}

export const isOwnForm = ({ csrf }: Session, given: unknown): boolean => {
  if (typeof given !== 'string') return false
  const [one, other] = [Buffer.from(given), Buffer.from(csrf)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Where a session is good; no other route ever sees its cookie. */
const COOKIE_PATHS = ['/inbox', '/api']

/** `Secure` wherever the browser came by https; loopback is plain http. */
export const setCookie = (request: Request, response: Response, token: string | null): void => {
  for (const path of COOKIE_PATHS) {
    response.cookie(COOKIE, token ?? '', {
      httpOnly: true,
      sameSite: 'strict',
      secure: request.headers.origin?.startsWith('https:') ?? false,
      path,
      maxAge: token === null ? 0 : SESSION_MS,
    })
  }
}
