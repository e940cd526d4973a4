import type { Request, RequestHandler, Response } from 'express'
import type { Database } from '../db/connect.ts'
import { sendMessage } from './reply.ts'
import { isOwnForm, readSession } from './session.ts'
import type { Session } from './session.ts'

export type SignedInHandler = (request: Request, response: Response, session: Session) => Promise<void>
export type SignedIn = (handle: SignedInHandler) => RequestHandler

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A field of the form that was sent, or an empty text. */
export const fieldOf = (request: Request, name: string): string =>
  typeof request.body === 'object' && request.body !== null
    ? textOf((request.body as Record<string, unknown>)[name])
    : ''

/** Every value that a field of the form was sent with. */
export const fieldsOf = (request: Request, name: string): readonly string[] => {
  const body: unknown = request.body
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return []
  const value = (body as Record<string, unknown>)[name]
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')
}

/** Lets a request in with a session, and a form only with the token of that session. */
export const signedInWith =
  (database: Database): SignedIn =>
  (handle) =>
  async (request, response) => {
    const session = await readSession(database, request)
    if (!session) {
      const how = 'Open the sign-in link that `tact up` printed, or ask for a new one.'
      sendMessage(response, 401, 'Please sign in', how)
      return
    }
    if (request.method === 'POST' && !isOwnForm(session, fieldOf(request, 'csrf'))) {
      const how = 'This form is not from your session. Go back, reload the page, and try again.'
      sendMessage(response, 403, 'Form refused', how)
      return
    }
    await handle(request, response, session)
  }
