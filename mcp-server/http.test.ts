import { createMCPClient } from '@ai-sdk/mcp'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createHash, randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpApp, type HttpApp } from './http.ts'
import { buildServer } from './register.ts'
import { identity, memoryToolbox } from './testing/memory-toolbox.ts'

const newToken = (): string => `tact_${randomBytes(32).toString('base64url')}`
const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
const tokens = { a: newToken(), b: newToken() }
const identities = new Map([
  [hashToken(tokens.a), identity('token-a')],
  [hashToken(tokens.b), identity('token-b')],
])
const toolbox = memoryToolbox()
let lookups = 0
let http: HttpApp
let url: string

const started = async (limits?: { maxSessions?: number; maxPerCredential?: number; idleMs?: number }) => {
  const app = createHttpApp({
    host: '127.0.0.1',
    port: 0,
    ...(limits === undefined ? {} : { limits }),
    riskOf: (tool) => toolbox.tools.get(tool)?.risk,
    messagesPerMinute: 100_000,
    authenticate: async (token) => {
      lookups += 1
      return identities.get(hashToken(token))
    },
    build: (caller) =>
      buildServer({ toolbox, caller, instructions: 'Handles.', name: 'tact', version: '0.1.0' }),
  })
  return { app, base: await app.listen() }
}

beforeAll(async () => {
  const { app, base } = await started()
  http = app
  url = base
})
afterAll(() => http.close())

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

/** `fetch` may not set Host, so this speaks HTTP itself. */
const send = (
  path: string,
  headers: Record<string, string>,
  body?: string,
  method = body === undefined ? 'GET' : 'POST',
  base = url,
): Promise<Answer> => {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const request = httpRequest(`${base}${path}`, { method, headers }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }),
    )
  })
  request.on('error', reject)
  request.end(body)
  return promise
}

const initialize = (protocolVersion = '2025-06-18') =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion, capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
  })
const listTools = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' })
const json = (token: string = tokens.a) => ({
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  authorization: `Bearer ${token}`,
})

/** The JSON-RPC message in a body, which may be an event stream. */
const message = ({ body }: Answer) =>
  JSON.parse(body.startsWith('{') ? body : (/^data: (\{.*)$/m.exec(body)?.[1] ?? 'null'))

const openSession = async (token = tokens.a, base = url): Promise<string> => {
  const answer = await send('/mcp', json(token), initialize(), 'POST', base)
  return String(answer.headers['mcp-session-id'])
}

describe('the official client over HTTP', () => {
  test.each([
    ['2026-07-28', { mode: { pin: '2026-07-28' } }],
    ['the initialize era', { mode: 'legacy' }],
    ['whatever both speak', { mode: 'auto' }],
  ] as const)('lists and calls all tools in %s', async (_name, versionNegotiation) => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation })
    await client.connect(
      new StreamableHTTPClientTransport(new URL('/mcp', url), {
        requestInit: { headers: { authorization: `Bearer ${tokens.a}` } },
      }),
    )
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([...toolbox.tools.keys()])
    const samples: Record<string, Record<string, unknown>> = {
      search_people: { query: 'investor' },
      search_email: { text: 'term sheet' },
      wait: { ms: 1 },
      log_interaction: { note: 'called' },
    }
    for (const { name } of tools.filter(({ name: known }) => known !== 'break')) {
      const result = await client.callTool({ name, arguments: samples[name] ?? {} })
      expect([name, result.isError ?? false]).toEqual([name, false])
    }
    expect(toolbox.calls.at(-1)?.caller.actor).toEqual(identities.get(hashToken(tokens.a))?.actor)
    await client.close()
  })
})

test.each([{ pin: '2026-07-28' }, 'legacy'] as const)(
  'a call that the client gives up is aborted here (%j)',
  async (mode) => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
    await client.connect(
      new StreamableHTTPClientTransport(new URL('/mcp', url), {
        requestInit: { headers: { authorization: `Bearer ${tokens.a}` } },
      }),
    )
    const call = client.callTool({ name: 'wait', arguments: { ms: 60_000 } }, { timeout: 100 })
    await expect(call).rejects.toThrow('timed out')
    await expect.poll(() => toolbox.calls.at(-1)?.caller.signal.aborted).toBe(true)
    await client.close()
  },
)

describe('the client of the AI SDK over HTTP', () => {
  test.each([true, false])('calls a tool (discovery of the newer era: %s)', async (discovery) => {
    const client = await createMCPClient({
      transport: {
        type: 'http',
        url: `${url}/mcp`,
        headers: { authorization: `Bearer ${tokens.b}` },
      },
      protocolVersionDiscovery: discovery,
    })
    const tools = await client.tools()
    const result = await tools['search_people']?.execute?.(
      { query: 'founder' },
      { toolCallId: '1', messages: [], context: {} },
    )
    expect(JSON.stringify(result)).toContain('PERSON_00017')
    await client.close()
  })
})

test.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
  'a client that asks for %s gets it',
  async (version) => {
    const answer = await send('/mcp', json(), initialize(version))
    expect(message(answer).result.protocolVersion).toBe(version)
  },
)

describe('who gets in', () => {
  test('no token, a malformed one and a wrong one are refused alike, each after one look-up', async () => {
    const { authorization: _token, ...anonymous } = json()
    const attempts = [
      anonymous,
      { ...anonymous, authorization: 'Basic dTpw' },
      { ...anonymous, authorization: `Bearer ${newToken()}` },
      { ...anonymous, authorization: `Bearer ${'x'.repeat(5000)}` },
      { ...anonymous, authorization: `Bearer ${tokens.a} ${tokens.b}` },
    ]
    for (const headers of attempts) {
      lookups = 0
      const answer = await send('/mcp', headers, initialize())
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="tact"/)
      expect(lookups).toBe(1)
    }
  })

  test('a body is not read before the token is checked', async () => {
    const { authorization: _token, ...anonymous } = json()
    expect((await send('/mcp', anonymous, '{ not json')).status).toBe(401)
    expect((await send('/mcp', json(), '{ not json')).status).toBe(400)
  })

  test.each(['https://evil.example', 'null', 'http://localhost:1', 'http://127.0.0.1', 'file://'])(
    'a page of origin %s is refused even with a token',
    async (origin) => {
      for (const path of ['/mcp', '/healthz']) {
        const answer = await send(path, { ...json(), origin }, path === '/mcp' ? listTools : undefined)
        expect(answer.status).toBe(403)
      }
    },
  )

  test('a page of our own origin passes the guard and still needs a token', async () => {
    const { authorization: _token, ...anonymous } = json()
    expect((await send('/mcp', { ...anonymous, origin: url }, initialize())).status).toBe(401)
    expect((await send('/healthz', { origin: url })).status).toBe(200)
  })

  test.each(['evil.example', 'evil.example:4321', '127.0.0.1.evil.example', '169.254.169.254'])(
    'a request to host "%s" is refused (DNS rebinding)',
    async (host) => {
      expect((await send('/mcp', { ...json(), host }, initialize())).status).toBe(403)
    },
  )

  test("the agent's token opens no route but /mcp, whoever mounted it", async () => {
    const { app, base } = await started()
    let reached = 0
    app.app.all('/proposals/:id/approve', (_request, response) => {
      reached += 1
      response.json({})
    })
    const answer = await send('/proposals/1/approve', json(), '{}', 'POST', base)
    expect([answer.status, reached]).toEqual([403, 0])
    await app.close()
  })

  test('when tokens cannot be checked, nobody gets in', async () => {
    const app = createHttpApp({
      host: '127.0.0.1',
      port: 0,
      riskOf: () => undefined,
      authenticate: () => Promise.reject(new Error('database of Ada is down')),
      build: () => Promise.reject(new Error('unreachable')) as never,
    })
    const answer = await send('/mcp', json(), initialize(), 'POST', await app.listen())
    expect(answer.status).toBe(503)
    expect(answer.body).not.toContain('Ada')
    await app.close()
  })
})

describe('what is refused', () => {
  test('a body over one megabyte', async () => {
    const answer = await send('/mcp', json(), JSON.stringify({ pad: 'x'.repeat(1_100_000) }))
    expect(answer.status).toBe(413)
  })

  test('another content type, as a form of a foreign page would send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      expect((await send('/mcp', { ...json(), 'content-type': type }, initialize())).status).toBe(415)
    }
  })

  test('a batch of thousands', async () => {
    const session = await openSession()
    const batch = JSON.stringify(Array.from({ length: 5000 }, (_, id) => ({ ...JSON.parse(listTools), id })))
    const answer = await send('/mcp', { ...json(), 'mcp-session-id': session }, batch)
    expect(answer.status).toBe(400)
  })

  test('a request of the older era outside a session', async () => {
    expect((await send('/mcp', json(), listTools)).status).toBe(400)
    expect((await send('/mcp', json())).status).toBe(400)
  })
})

describe('sessions of the older era', () => {
  test("another token's session is as unknown as one that never was", async () => {
    const session = await openSession(tokens.a)
    const own = await send('/mcp', { ...json(tokens.a), 'mcp-session-id': session }, listTools)
    expect(own.status).toBe(200)
    const stolen = await send('/mcp', { ...json(tokens.b), 'mcp-session-id': session }, listTools)
    const invented = await send('/mcp', { ...json(tokens.b), 'mcp-session-id': 'nope' }, listTools)
    expect([stolen.status, stolen.body]).toEqual([invented.status, invented.body])
    expect(stolen.status).toBe(404)
    const deletion = await send('/mcp', { ...json(tokens.b), 'mcp-session-id': session }, undefined, 'DELETE')
    expect(deletion.status).toBe(404)
    expect((await send('/mcp', { ...json(tokens.a), 'mcp-session-id': session }, listTools)).status).toBe(200)
  })

  test('end when the client says so', async () => {
    const before = http.mcp.sessionCount()
    const session = await openSession()
    expect(http.mcp.sessionCount()).toBe(before + 1)
    await send('/mcp', { ...json(), 'mcp-session-id': session }, undefined, 'DELETE')
    expect(http.mcp.sessionCount()).toBe(before)
  })

  test('an answer begins when it is there: the official client knows at once of a death before, and waits out one after', async () => {
    const headers = { ...json(), 'mcp-session-id': await openSession() }
    const began = async (params: object): Promise<string> => {
      const { promise, resolve } = Promise.withResolvers<string>()
      const request = httpRequest(`${url}/mcp`, { method: 'POST', headers }, () => resolve('began'))
      request.on('error', () => undefined)
      const call = { name: 'wait', arguments: { ms: 60_000 }, ...params }
      request.end(JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: call }))
      const first = await Promise.race([promise, pause(300, 'nothing yet')])
      request.destroy()
      return first
    }
    expect(await began({})).toBe('nothing yet')
    const whole = JSON.stringify({
      jsonrpc: '2.0',
      id: 8,
      method: 'tools/call',
      params: { name: 'wait', arguments: { ms: 1 } },
    })
    expect(message(await send('/mcp', headers, whole)).result.structuredContent).toEqual({
      data: { waited: 1 },
      sources: [],
      notes: [],
    })
  })

  test('a thousand abandoned ones are evicted, and the newest still works', async () => {
    const { app, base } = await started({ maxSessions: 50, maxPerCredential: 40 })
    const kept = await openSession(tokens.b, base)
    let session = ''
    for (let count = 0; count < 1000; count += 1) session = await openSession(tokens.a, base)
    expect(app.mcp.sessionCount()).toBe(41)
    const use = (token: string, id: string) =>
      send('/mcp', { ...json(token), 'mcp-session-id': id }, listTools, 'POST', base)
    expect((await use(tokens.a, session)).status).toBe(200)
    expect((await use(tokens.b, kept)).status).toBe(200)
    await app.close()
  })

  test('an idle one is dropped with time', async () => {
    const { Sessions } = await import('./sessions.ts')
    let nowMs = 0
    let closed = 0
    const transport = { close: async () => void (closed += 1) } as never
    const sessions = new Sessions({ maxSessions: 9, maxPerCredential: 9, idleMs: 1000 }, () => nowMs)
    sessions.add('idle', transport, identity('a'))
    sessions.add('streaming', transport, identity('a')).open = 1
    nowMs = 1001
    sessions.dropIdle()
    expect([sessions.size, closed]).toEqual([1, 1])
  })
})
