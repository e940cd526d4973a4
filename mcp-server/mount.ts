import { randomUUID } from 'node:crypto'
import { toNodeHandler } from '@modelcontextprotocol/node'
import {
  classifyInboundRequest,
  createMcpHandler,
  isInitializeRequest,
  type McpServer,
  type ServerNotifier,
} from '@modelcontextprotocol/server'
import express, { type ErrorRequestHandler, type IRouter, type Request, type Response } from 'express'
import { log } from '../log.ts'
import { EventLog } from './event-log.ts'
import { type Authenticate, identityIn, identityOf, requireToken } from './bearer.ts'
import type { McpCaller } from './caller.ts'
import { holdBack, TellingTransport } from './held-back.ts'
import { metadataUrlOf, mountMetadata } from './oauth-metadata.ts'
import type { OauthSettings } from './oauth.ts'
import { rateLimit } from './rate-limit.ts'
import { refuse } from './refuse.ts'
import { requireScopes, type RiskOf } from './scopes.ts'
import { SESSION_LIMITS, type Session, type SessionLimits, Sessions } from './sessions.ts'

export interface MountOptions {
  readonly authenticate: Authenticate
  /** A fresh server for one request, or for one session of the older protocol era. */
  readonly build: (caller: () => McpCaller) => McpServer
  /** What a tool asks of a token's scopes. */
  readonly riskOf: RiskOf
  /** Authorization servers that clients are sent to; without, tokens of ours are the only ones. */
  readonly oauth?: OauthSettings
  /** Of one credential; 600 unless given. */
  readonly messagesPerMinute?: number
  readonly limits?: Partial<SessionLimits>
}

export interface MountedMcp {
  /** Sessions of the older protocol era that are held now. */
  sessionCount(): number
  /** Tells subscribed clients of the newer era that a list changed. */
  readonly notify: ServerNotifier
  close(): Promise<void>
}

export const MCP_PATH = '/mcp'
const MAX_BODY = '1mb'
const MESSAGES_PER_MINUTE = 600
const MAX_BATCH = 20
const MAX_SUBSCRIPTIONS = 64
const SWEEP_MS = 60_000
/** How long a client waits before it fetches the rest of a broken event stream. */
const RETRY_MS = 500
const header = (request: Request, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

const speaksOlderEra = (request: Request): boolean => {
  const protocolVersionHeader = header(request, 'mcp-protocol-version')
  const mcpMethodHeader = header(request, 'mcp-method')
  const mcpNameHeader = header(request, 'mcp-name')
  return (
    classifyInboundRequest({
      httpMethod: request.method,
      body: request.body as unknown,
      ...(protocolVersionHeader === undefined ? {} : { protocolVersionHeader }),
      ...(mcpMethodHeader === undefined ? {} : { mcpMethodHeader }),
      ...(mcpNameHeader === undefined ? {} : { mcpNameHeader }),
    }).kind === 'legacy'
  )
}

const onBodyError: ErrorRequestHandler = (error: { readonly type?: string }, _request, response, next) => {
  if (response.headersSent) next(error)
  else if (error.type === 'entity.too.large') refuse(response, 413, `A request may hold ${MAX_BODY}.`)
  else if (error.type === 'entity.parse.failed') refuse(response, 400, 'The body is not JSON.', -32_700)
  else if (error.type?.startsWith('encoding') || error.type?.startsWith('charset'))
    refuse(response, 415, 'The body must be JSON in UTF-8.')
  else refuse(response, 400, 'The request could not be read.')
}

/**
 * Serves MCP at `/mcp` of an application: 2026-07-28 requests each by a server of their own, older clients in
 * sessions bound to the token that opened them. The token is checked before a byte of the body is read.
 */
export const mountMcp = (router: IRouter, options: MountOptions): MountedMcp => {
  const { authenticate, build, limits, oauth } = options
  const report = (error: Error): void => log.warn('mcp_http', { error: error.name })
  const modern = createMcpHandler(({ authInfo }) => build(() => identityIn(authInfo)), {
    legacy: 'reject',
    maxSubscriptions: MAX_SUBSCRIPTIONS,
    onerror: report,
  })
  const serveModern = toNodeHandler(modern, { onerror: report })
  const sessions = new Sessions({ ...SESSION_LIMITS, ...limits })
  const sweep = setInterval(() => sessions.dropIdle(), SWEEP_MS).unref()

  const serveIn = async (session: Session, request: Request, response: Response): Promise<void> => {
    session.open += 1
    holdBack(request, response, session.transport)
    response.once('close', () => {
      session.open -= 1
    })
    await session.transport.handleRequest(request, response, request.body)
  }

  const openSession = async (request: Request, response: Response): Promise<void> => {
    const id = randomUUID()
    const transport = new TellingTransport({
      sessionIdGenerator: () => id,
      eventStore: new EventLog(),
      retryInterval: RETRY_MS,
    })
    const session = sessions.add(id, transport, identityOf(request))
    const server = build(() => session.identity)
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK knows no other way
    server.server.onclose = () => sessions.remove(id)
    await server.connect(transport)
    await serveIn(session, request, response)
    if (response.statusCode >= 400) await transport.close()
  }

  const serveOlder = async (request: Request, response: Response): Promise<void> => {
    if (Array.isArray(request.body) && request.body.length > MAX_BATCH) {
      refuse(response, 400, `A batch may hold ${MAX_BATCH} messages.`)
      return
    }
    const id = header(request, 'mcp-session-id')
    if (id !== undefined) {
      const session = sessions.find(id, identityOf(request))
      if (session) await serveIn(session, request, response)
      else refuse(response, 404, 'Session not found. Initialize again.', -32_001)
      return
    }
    if (request.method === 'POST' && isInitializeRequest(request.body)) await openSession(request, response)
    else refuse(response, 400, 'Initialize first, then send the Mcp-Session-Id that came back.')
  }

  const serve = async (request: Request, response: Response): Promise<void> => {
    if (request.method === 'POST' && !request.is('application/json')) {
      refuse(response, 415, 'Content-Type must be application/json.')
    } else if (speaksOlderEra(request)) {
      await serveOlder(request, response)
    } else {
      await serveModern(request, response, request.body)
    }
  }

  const metadataUrl = oauth && metadataUrlOf(oauth)
  const limit = rateLimit(options.messagesPerMinute ?? MESSAGES_PER_MINUTE)
  if (oauth) mountMetadata(router, oauth)
  router.all(
    MCP_PATH,
    requireToken(authenticate, metadataUrl),
    limit.first,
    express.json({ limit: MAX_BODY }),
    limit.rest,
    requireScopes(options.riskOf, metadataUrl),
    serve,
  )
  router.use(MCP_PATH, onBodyError)
  return {
    sessionCount: () => sessions.size,
    notify: modern.notify,
    close: async () => {
      clearInterval(sweep)
      await Promise.allSettled([sessions.closeAll(), modern.close()])
    },
  }
}
