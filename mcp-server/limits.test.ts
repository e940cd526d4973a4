import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpApp, type HttpApp, type HttpOptions } from './http.ts'
import { buildServer } from './register.ts'
import { identity, memoryToolbox } from './testing/memory-toolbox.ts'

const toolbox = memoryToolbox()
const identities = new Map([
  ['all', identity('all')],
  ['other', identity('other')],
  ['reader', { ...identity('reader'), scopes: ['crm.read' as const] }],
  ['nothing', { ...identity('nothing'), scopes: [] }],
])
const started = async (options: Partial<HttpOptions> = {}): Promise<{ app: HttpApp; base: string }> => {
  const app = createHttpApp({
    host: '127.0.0.1',
    port: 0,
    authenticate: async (token) => identities.get(token),
    riskOf: (tool) => toolbox.tools.get(tool)?.risk,
    build: (caller) => buildServer({ toolbox, caller, instructions: '', name: 'tact', version: '0.1.0' }),
    ...options,
  })
  return { app, base: await app.listen() }
}

const rpc = (method: string, params: object = {}, id = 1) => ({ jsonrpc: '2.0', id, method, params })
const call = (name: string, args: object = {}) => rpc('tools/call', { name, arguments: args })
const OPENING = rpc('initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'raw', version: '1' },
})

const post = (
  base: string,
  token: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(`${base}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
      ...headers,
    },
    body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
  })
const session = async (base: string, token: string): Promise<Record<string, string>> => {
  const opened = await post(base, token, OPENING)
  await opened.text()
  return { 'mcp-session-id': String(opened.headers.get('mcp-session-id')) }
}
/** A call as the newer era has it: each request says who asks. */
const newer = (name: string, args: object): readonly [object, Record<string, string>] => [
  rpc('tools/call', {
    name,
    arguments: args,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  }),
  { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': name },
]

describe('scopes', () => {
  let app: HttpApp
  let base: string
  const oauth = { issuers: ['https://idp.example'], resource: 'https://crm.example.com/mcp' }
  beforeAll(async () => {
    ;({ app, base } = await started({ oauth }))
  })
  afterAll(() => app.close())

  const METADATA = 'https://crm.example.com/.well-known/oauth-protected-resource/mcp'

  test.each(['older', 'newer'])(
    'a token for reading reads, and is sent for more before it proposes (%s era)',
    async (era) => {
      const opened = era === 'older' ? await session(base, 'reader') : {}
      const asked = (name: string, args: object): Promise<Response> =>
        era === 'older'
          ? post(base, 'reader', call(name, args), opened)
          : post(base, 'reader', ...newer(name, args))
      const reading = await asked('search_people', { query: 'founder' })
      expect([reading.status, await reading.text()]).toEqual([200, expect.stringContaining('PERSON_00017')])
      const before = toolbox.proposals.length
      const proposing = await asked('log_interaction', { note: 'x' })
      expect(proposing.status).toBe(403)
      expect(proposing.headers.get('www-authenticate')).toBe(
        `Bearer realm="tact", error="insufficient_scope", scope="crm.read crm.propose", resource_metadata="${METADATA}"`,
      )
      expect(toolbox.proposals.length).toBe(before)
    },
  )

  test('a proposal hidden in a batch is refused with it', async () => {
    const opened = await session(base, 'reader')
    const batch = [call('search_people', { query: 'founder' }), call('log_interaction', { note: 'x' })]
    const before = toolbox.calls.length
    expect((await post(base, 'reader', batch, opened)).status).toBe(403)
    expect(toolbox.calls.length).toBe(before)
  })

  test('a token without any opens nothing, and is told what to come back with', async () => {
    const answer = await post(base, 'nothing', OPENING)
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="crm.read"')
  })

  test('whoever comes without a token is told where to get one', async () => {
    const answer = await post(base, '', OPENING)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer realm="tact", scope="crm.read", resource_metadata="${METADATA}"`,
    )
    for (const path of ['', '/mcp']) {
      const document = await fetch(`${base}/.well-known/oauth-protected-resource${path}`)
      expect(await document.json()).toEqual({
        resource: oauth.resource,
        authorization_servers: oauth.issuers,
        scopes_supported: ['crm.read', 'crm.propose'],
        bearer_methods_supported: ['header'],
        resource_name: 'Tact',
      })
    }
  })

  test('where no authorization server is set, none is named', async () => {
    const { app: plain, base: at } = await started()
    expect((await post(at, '', OPENING)).headers.get('www-authenticate')).toBe(
      'Bearer realm="tact", scope="crm.read"',
    )
    expect((await fetch(`${at}/.well-known/oauth-protected-resource`)).status).toBe(404)
    await plain.close()
  })
})

describe('limits', () => {
  test('one credential gets so many messages a minute, batches counted; another has its own', async () => {
    const { app, base } = await started({ messagesPerMinute: 10 })
    const opened = await session(base, 'all')
    const list = rpc('tools/list')
    const statuses = []
    for (let count = 0; count < 4; count += 1) statuses.push((await post(base, 'all', list, opened)).status)
    expect(statuses).toEqual([200, 200, 200, 200])
    const batch = Array.from({ length: 7 }, (_, id) => ({ ...list, id }))
    expect((await post(base, 'all', batch, opened)).status).toBe(429)
    const refused = await post(base, 'all', list, opened)
    expect(refused.status).toBe(429)
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(seconds).toBeLessThanOrEqual(60)
    expect((await post(base, 'other', OPENING)).status).toBe(200)
    await app.close()
  })

  test('a body that is small on the wire and large here is refused', async () => {
    const { app, base } = await started()
    const bomb = gzipSync(JSON.stringify({ pad: 'x'.repeat(20_000_000) }))
    expect(bomb.length).toBeLessThan(50_000)
    expect((await post(base, 'all', bomb, { 'content-encoding': 'gzip' })).status).toBe(413)
    await app.close()
  })

  test.each([
    ['its headers', 'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n'],
    [
      'its body',
      'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer all\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    ],
  ])('a client that never ends %s is hung up on, and others are served meanwhile', async (_what, text) => {
    const { app, base } = await started({ slowClient: { headersMs: 200, requestMs: 400 } })
    const socket = connect(Number(new URL(base).port), '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk) => (heard += String(chunk)))
    // What is written to a socket that was hung up on is a reset, which may take the answer with it
    // and would reject `once` of node:events.
    socket.on('error', () => {})
    const hungUp = new Promise((closed) => socket.once('close', closed))
    await once(socket, 'connect')
    socket.write(text)
    const drip = setInterval(() => socket.writable && socket.write(text.endsWith('{') ? ' ' : 'X: y\r\n'), 50)
    expect((await post(base, 'all', OPENING)).status).toBe(200)
    await hungUp
    clearInterval(drip)
    expect(heard).toMatch(/^(HTTP\/1\.1 408|$)/)
    await app.close()
  })
})
