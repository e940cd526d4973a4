import { createServer, request as forward } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { McpServer } from '@modelcontextprotocol/server'
import type { Actor } from '../../domain/actor.ts'
import { TOKEN_SCOPES } from '../../domain/permissions.ts'
import type { McpIdentity } from '../caller.ts'
import { createHttpApp, type HttpApp, type HttpOptions } from '../http.ts'
import { registerLists } from './fixture-lists.ts'
import { registerRounds, roundState } from './fixture-rounds.ts'
import { registerTools } from './fixture-tools.ts'

export interface Served {
  /** Where the suites go: every request gets the token there that they cannot carry. */
  readonly url: string
  close(): Promise<void>
}

const listening = async (server: ReturnType<typeof createServer>): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/**
 * Puts a door in front of the production application that adds the bearer token: the conformance suites have no flag for
 * one, and the application has no way to be served without one.
 */
const withToken = async (token: string, target: () => string): Promise<Served> => {
  const proxy = createServer((incoming, outgoing) => {
    const { hostname, port } = new URL(target())
    const passed = forward(
      {
        hostname,
        port,
        path: incoming.url,
        method: incoming.method,
        agent: false,
        headers: { ...incoming.headers, authorization: `Bearer ${token}` },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    passed.on('error', () => outgoing.destroy())
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  })
  const port = await listening(proxy)
  return {
    url: `http://localhost:${port}`,
    close: async () => {
      proxy.close()
      proxy.closeAllConnections()
    },
  }
}

/** Serves an application made from `options` behind a door that knows the token. */
export const serveForSuites = async (
  token: string,
  make: (origins: readonly string[]) => HttpApp,
): Promise<Served> => {
  let target = ''
  const door = await withToken(token, () => target)
  const app = make([door.url, door.url.replace('localhost', '127.0.0.1')])
  target = await app.listen()
  return {
    url: `${door.url}/mcp`,
    close: async () => {
      await door.close()
      await app.close()
    },
  }
}

const FIXTURE_TOKEN = 'conformance-fixture'
const NOBODY: McpIdentity = {
  actor: { tenantId: 'none', memberId: null, role: 'viewer', via: 'mcp' } as unknown as Actor,
  conversationId: 'none',
  credentialId: 'fixture',
  scopes: TOKEN_SCOPES,
}

/** The production application over a server that has everything the suites ask for. */
export const serveFixture = (): Promise<Served> =>
  serveForSuites(FIXTURE_TOKEN, (allowedOrigins) => {
    const options: HttpOptions = {
      host: '127.0.0.1',
      port: 0,
      allowedOrigins,
      riskOf: () => undefined,
      messagesPerMinute: 100_000,
      authenticate: async (token) => (token === FIXTURE_TOKEN ? NOBODY : undefined),
      build: () => {
        const server = new McpServer(
          { name: 'tact-conformance-fixture', version: '1.0.0' },
          {
            capabilities: { logging: {}, tools: { listChanged: true }, prompts: { listChanged: true } },
            requestState: { verify: (state, context) => roundState.verify(state, context) },
          },
        )
        registerTools(server)
        registerRounds(server)
        registerLists(server, () => app.mcp.notify)
        return server
      },
    }
    const app: HttpApp = createHttpApp(options)
    return app
  })
