import type { Request, RequestHandler } from 'express'
import type { Database } from '../../db/connect.ts'
import { openConversation } from '../../db/conversations.ts'
import { asTenant } from '../../db/tenant.ts'
import type { Actor } from '../../domain/actor.ts'
import type { TokenScope } from '../../domain/permissions.ts'
import type { ClientPolicy } from '../../domain/policy.ts'
import { isOwnForm, readSession } from '../session.ts'
import type { Session } from '../session.ts'
import { HttpProblem } from './problem.ts'

/** A program with a token: it reads handles, and what it asks for waits for a person. */
export interface Agent {
  readonly kind: 'agent'
  readonly actor: Actor
  /** In which its handles mean something. */
  readonly conversationId: string
  /** What an owner set to be hidden from this client; else it is as the workspace has it. */
  readonly policy?: ClientPolicy
}

/** Somebody who is signed in: reads names, and writes with their own authority. */
export interface Person {
  readonly kind: 'person'
  readonly actor: Actor
  readonly conversationId: string
  readonly session: Session
}

export type ApiCaller = Agent | Person

/** Whom a bearer token speaks for, in which conversation; undefined for none of ours. Throws `denied` for nobody of ours. */
export type AuthenticateAgent = (
  token: string,
) => Promise<(Omit<Agent, 'kind'> & { readonly scopes: readonly TokenScope[] }) | undefined>

const BEARER = /^bearer +([A-Za-z0-9._~+/-]{1,8192}=*)$/i
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

const unknownCaller = (): HttpProblem =>
  new HttpProblem(
    401,
    {
      code: 'not_signed_in',
      message: 'This needs a token of a program, or the session of somebody who is signed in.',
      fix: 'Send `Authorization: Bearer …` with a token from `tact tokens create <name>`, or sign in to the inbox.',
    },
    { 'WWW-Authenticate': 'Bearer realm="tact"' },
  )

const narrowToken = (): HttpProblem =>
  new HttpProblem(403, {
    code: 'insufficient_scope',
    message: 'This token may not read.',
    fix: 'Make one with the scope crm.read.',
  })

const foreignForm = (): HttpProblem =>
  new HttpProblem(403, {
    code: 'not_your_page',
    message: 'A change by a session comes from our own pages, with the token of that session.',
    fix: 'Send Origin, and as X-CSRF-Token what GET /api/session answers.',
  })

/** The exact origin that this request was sent to, port included. */
const isOwnOrigin = ({ headers: { host, origin } }: Request): boolean =>
  host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)

const personIn = async (database: Database, request: Request): Promise<Person | undefined> => {
  const session = await readSession(database, request)
  if (!session) return undefined
  if (
    !SAFE.has(request.method) &&
    !(isOwnOrigin(request) && isOwnForm(session, request.headers['x-csrf-token']))
  )
    throw foreignForm()
  const { actor } = session
  const { id } = await asTenant(database, actor, (tx) =>
    openConversation(tx, {
      channel: 'inbox',
      externalKey: `api:${actor.memberId}`,
      memberId: actor.memberId,
    }),
  )
  return { kind: 'person', actor, conversationId: id, session }
}

const callers = new WeakMap<Request, ApiCaller>()

/** Who sends this request. Throws 401 for nobody. */
export const callerOf = (request: Request): ApiCaller => {
  const caller = callers.get(request)
  if (!caller) throw unknownCaller()
  return caller
}

/**
 * Finds out who calls before a byte of the body is read. Who sends a token is a program, whatever cookies come along;
 * a session's change must come from our own pages.
 */
export const identify =
  (database: Database, authenticate: AuthenticateAgent): RequestHandler =>
  async (request, _response, next) => {
    const { authorization } = request.headers
    if (authorization !== undefined) {
      const token = BEARER.exec(authorization)?.[1]
      const found = token === undefined ? undefined : await authenticate(token)
      if (!found) throw unknownCaller()
      const { scopes, actor, conversationId, policy } = found
      if (!scopes.includes('crm.read')) throw narrowToken()
      callers.set(request, {
        kind: 'agent',
        actor,
        conversationId,
        ...(policy === undefined ? {} : { policy }),
      })
    } else {
      const person = await personIn(database, request)
      if (!person) throw unknownCaller()
      callers.set(request, person)
    }
    next()
  }
