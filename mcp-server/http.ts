import { once } from 'node:events'
import { createServer, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import { unavailable } from '../domain/errors.ts'
import { bracketed, guardBearer, guardHost, guardOrigin, hostNamesOf, ownOriginsOf } from './guard.ts'
import { MCP_PATH, mountMcp, type MountedMcp, type MountOptions } from './mount.ts'

export interface HttpOptions extends MountOptions {
  /** Address to listen on. */
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Further names this server is reached by, e.g. behind a proxy. */
  readonly allowedHosts?: readonly string[]
  /** Further origins whose pages are ours, e.g. `https://crm.example.com`. */
  readonly allowedOrigins?: readonly string[]
  /** Where, besides `/mcp`, another surface takes bearer tokens, and below it, e.g. `/api`. */
  readonly bearerPaths?: readonly string[]
  /** How long a client may take over its headers, and over the whole request. */
  readonly slowClient?: { readonly headersMs: number; readonly requestMs: number }
}

export interface HttpApp {
  /** Other surfaces mount their routes here, behind the same guards, before `listen`. */
  readonly app: Express
  readonly mcp: MountedMcp
  /** Resolves to the base URL, e.g. `http://127.0.0.1:4321`. */
  listen(): Promise<string>
  close(): Promise<void>
}

const HEALTH_PATH = '/healthz'
/** Has a token of its own. */
const METRICS_PATH = '/metrics'

/** A client that sends slowly holds a socket only so long, and all clients together only so many. */
const SLOW_CLIENT = { headersMs: 10_000, requestMs: 30_000 }
const slowClientLimits = ({ headersMs, requestMs }: typeof SLOW_CLIENT): ServerOptions => ({
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: headersMs / 2,
})
const MAX_CONNECTIONS = 512

const baseUrl = (host: string, port: number): string => {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${bracketed(reached)}:${port}`
}

const started = async (server: Server, { host, port }: HttpOptions): Promise<number> => {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw unavailable('port_taken', `Tact cannot listen on ${host}:${port}.`, {
      fix: 'Stop the program that uses this port, or set TACT_PORT to another (0 takes any free one).',
      cause: error,
    })
  }
  return (server.address() as AddressInfo).port
}

/**
 * The HTTP application of Tact: Host and Origin pinned, `/healthz`, MCP at `/mcp`. Built from the SDK's guards rather
 * than by its `createMcpExpressApp`, which parses bodies before anyone is authenticated and lets any local port in.
 */
export const createHttpApp = (options: HttpOptions): HttpApp => {
  const { host, allowedHosts = [], allowedOrigins = [], bearerPaths = [] } = options
  const origins = new Set(allowedOrigins)
  const app = express()
  app.disable('x-powered-by')
  app.use((_request, response, next) => {
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' })
    next()
  })
  app.use(guardHost([...hostNamesOf(host), ...allowedHosts]))
  app.use(guardOrigin(() => origins))
  app.use(guardBearer([MCP_PATH, HEALTH_PATH, METRICS_PATH], bearerPaths))
  app.get(HEALTH_PATH, (_request, response) => void response.json({ ok: true }))
  const mcp = mountMcp(app, options)
  const server = createServer(slowClientLimits(options.slowClient ?? SLOW_CLIENT), app)
  server.maxConnections = MAX_CONNECTIONS
  return {
    app,
    mcp,
    listen: async () => {
      const port = await started(server, options)
      for (const origin of ownOriginsOf(host, port)) origins.add(origin)
      return baseUrl(host, port)
    },
    close: async () => {
      await mcp.close()
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
