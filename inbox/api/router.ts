import express from 'express'
import type { ErrorRequestHandler, Request, RequestHandler, Response, Router } from 'express'
import { asTactError } from '../../domain/errors.ts'
import { log } from '../../log.ts'
import { secureHeaders } from '../guard.ts'
import { callerOf, identify } from './caller.ts'
import type { AuthenticateAgent } from './caller.ts'
import { createDoor } from './door.ts'
import type { DoorParts } from './door.ts'
import { isKnown } from './etag.ts'
import { API_LIMITS, limitAddresses, limitChanges } from './limits.ts'
import type { ApiLimits } from './limits.ts'
import { openApiDocument } from './openapi.ts'
import type { ApiAnswer, Kit, Operation } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import { HttpProblem, problemOf, sendProblem } from './problem.ts'
import { noSuchPath, notJson, requestReader, wrongRequest } from './read-request.ts'

export interface ApiOptions extends DoorParts {
  readonly authenticate: AuthenticateAgent
  readonly limits?: Partial<ApiLimits>
}

const MAX_BODY = '1mb'

const personsOnly = (): HttpProblem =>
  new HttpProblem(403, {
    code: 'persons_only',
    message: 'Only a signed-in person decides. A token of a program does not.',
    fix: 'Ask a member to decide in the inbox.',
  })

const send = (request: Request, response: Response, { status, body, etag, location }: ApiAnswer): void => {
  if (location !== undefined) response.set('Location', location)
  if (etag !== undefined) {
    response.set({ ETag: etag, 'Cache-Control': 'private, no-cache' })
    if (isKnown(request.get('If-None-Match'), etag)) {
      response.status(304).end()
      return
    }
  }
  response.status(status).type('json').send(JSON.stringify(body))
}

/** Aborted when the other side has gone before the answer. */
const signalOf = (response: Response): AbortSignal => {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableEnded) gone.abort()
  })
  return gone.signal
}

const serve = (operation: Operation, kit: Kit): RequestHandler => {
  const read = requestReader(operation)
  return async (request, response) => {
    const caller = callerOf(request)
    if (operation.who === 'person' && caller.kind !== 'person') throw personsOnly()
    const answer = await operation.run({ ...read(request), caller, signal: signalOf(response) }, kit)
    send(request, response, answer)
  }
}

/** What the framework could not read: a body that is no JSON or too large, an address that is no UTF-8. */
const unreadable = (thrown: unknown): HttpProblem | undefined => {
  const status = (thrown as { readonly status?: unknown } | null)?.status
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined
  if (status === 413)
    return new HttpProblem(413, {
      code: 'too_large',
      message: `A request may hold ${MAX_BODY}.`,
      fix: 'Send it in parts.',
    })
  return status === 415 ? notJson() : wrongRequest('body', '', 'The request could not be read.')
}

const explain: ErrorRequestHandler = (thrown, _request, response, next) => {
  if (response.headersSent) {
    next(thrown)
    return
  }
  const known = thrown instanceof HttpProblem ? thrown : unreadable(thrown)
  const problem = known ?? problemOf(asTactError(thrown))
  if (problem.status >= 500) log.error('api_failed', { error: problem.error.code })
  sendProblem(response, problem)
}

const wrongMethod =
  (allowed: readonly string[]): RequestHandler =>
  () => {
    const allow = allowed.join(', ')
    throw new HttpProblem(
      405,
      { code: 'wrong_method', message: 'This address does not take that method.', fix: `Use ${allow}.` },
      { Allow: allow },
    )
  }

const methodsAt = (path: string): readonly string[] => {
  const here = OPERATIONS.filter((one) => one.path === path).map(({ method }) => method.toUpperCase())
  return here.includes('GET') ? [...here, 'HEAD'] : here
}

const routeOf = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1')

/**
 * The API for programs, to be mounted at the root of the app: `/api` and below. A token of a program reads by handles and
 * proposes; a signed-in person reads names and writes. Described by `/api/openapi.json`, which needs nobody.
 */
export const createApi = ({ authenticate, limits, ...parts }: ApiOptions): Router => {
  const { database } = parts
  const kit: Kit = { database, door: createDoor(parts) }
  const held = { ...API_LIMITS, ...limits }
  const api = express.Router({ caseSensitive: true, strict: true })
  const described = JSON.stringify(openApiDocument())
  api.use(secureHeaders, limitAddresses(held))
  api.get('/openapi.json', (_request, response) => {
    response.type('json').set('Cache-Control', 'no-cache').send(described)
  })
  api.use(identify(database, authenticate), limitChanges(held))
  api.use(express.json({ limit: MAX_BODY, strict: false }))
  for (const operation of OPERATIONS) api[operation.method](routeOf(operation.path), serve(operation, kit))
  for (const path of new Set(OPERATIONS.map((one) => one.path)))
    api.all(routeOf(path), wrongMethod(methodsAt(path)))
  api.use(() => {
    throw noSuchPath()
  })
  api.use(explain)
  const router = express.Router()
  router.use('/api', api)
  return router
}
