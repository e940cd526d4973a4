import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parseArgs } from 'node:util'
import { openHouse } from '../cli/compose.ts'
import { loadConfig } from '../config.ts'
import { createAccessToken } from '../db/access-tokens.ts'
import { createMember } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'

/**
 * Hostile clients against `tact up` in a process of its own: what each gets, and the memory of that process before,
 * between and after. Prints two Markdown tables; exits 1 where something was let in. `--rounds n` of a thousand sessions.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } })
const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts')
const SESSIONS = 1_000
const SLOW_SOCKETS = 200

const home = mkdtempSync(join(tmpdir(), 'tact-abuse-'))
const environment = { TACT_HOME: home, TACT_PORT: '0', TACT_MCP_PER_MINUTE: '1000000' }

const makeToken = async (): Promise<string> => {
  const house = await openHouse(loadConfig(environment))
  const { id: tenantId } = await createWorkspace(house.database, { slug: 'abuse', name: 'Abuse' })
  const { token } = await asTenant(
    house.database,
    { tenantId, memberId: null, via: 'system' },
    async (tx) => {
      const { id: memberId } = await createMember(tx, {
        email: 'owner@abuse.example',
        givenName: 'Olive',
        familyName: 'Owner',
        role: 'owner',
      })
      return await createAccessToken(tx, { memberId, name: 'abuse', scopes: ['crm.read'], expiresAt: null })
    },
  )
  await house.close()
  return token
}

const token = await makeToken()
const server = spawn(process.execPath, [MAIN, 'up', '--json'], {
  env: { ...process.env, ...environment },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const base: string = await new Promise((resolve, reject) => {
  let said = ''
  server.on('exit', () => reject(new Error('tact up ended')))
  server.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    const url = /"url":\s*"([^"]+)"/.exec(said)?.[1]
    if (url) resolve(url)
  })
})
const port = Number(new URL(base).port)

const memoryMb = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

const send = (headers: Readonly<Record<string, string>>, body: string | Buffer): Promise<number> =>
  new Promise((resolve) => {
    const request = httpRequest(`${base}/mcp`, { method: 'POST', headers, agent: false }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    // A server that refuses before it has read everything may hang up meanwhile: 0.
    request.on('error', () => resolve(0))
    request.end(body)
  })

const good = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  authorization: `Bearer ${token}`,
}
const opening = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'abuse', version: '1' } },
})
const { authorization: _token, ...anonymous } = good

interface Attempt {
  readonly what: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly refusedWith: readonly number[]
}
const ATTEMPTS: readonly Attempt[] = [
  {
    what: 'another name that resolves here (DNS rebinding)',
    headers: { ...good, host: 'evil.example' },
    refusedWith: [403],
  },
  { what: 'the same with our port', headers: { ...good, host: `evil.example:${port}` }, refusedWith: [403] },
  {
    what: 'page of a foreign origin',
    headers: { ...good, origin: 'https://evil.example' },
    refusedWith: [403],
  },
  { what: '`Origin: null`', headers: { ...good, origin: 'null' }, refusedWith: [403] },
  {
    what: 'page on another port of this machine',
    headers: { ...good, origin: `http://localhost:${port + 1}` },
    refusedWith: [403],
  },
  {
    what: 'page of this machine over https',
    headers: { ...good, origin: `https://localhost:${port}` },
    refusedWith: [403],
  },
  { what: 'no token', headers: anonymous, refusedWith: [401] },
  {
    what: 'unknown token',
    headers: { ...good, authorization: `Bearer tact_${'A'.repeat(43)}` },
    refusedWith: [401],
  },
  {
    what: 'JWT of nobody we know, no signature',
    headers: {
      ...good,
      authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"owner"}').toString('base64url')}.`,
    },
    refusedWith: [401],
  },
  {
    what: 'token for reading, asked to propose',
    headers: good,
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'propose_writeback', arguments: {} },
    }),
    refusedWith: [403],
  },
  {
    what: 'body of 50 MB',
    headers: good,
    body: JSON.stringify({ pad: 'x'.repeat(50_000_000) }),
    refusedWith: [413, 0],
  },
  {
    what: '50 MB that are 50 kB on the wire',
    headers: { ...good, 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify({ pad: 'x'.repeat(50_000_000) })),
    refusedWith: [413],
  },
  { what: 'arrays 400,000 deep', headers: good, body: '['.repeat(400_000), refusedWith: [400] },
  { what: 'form of a foreign page', headers: { ...good, 'content-type': 'text/plain' }, refusedWith: [415] },
]

const print = (line: string): void => void process.stdout.write(`${line}\n`)
let letIn = 0

print('| hostile request | answer | refused |\n|---|---|---|')
for (const { what, headers, body = opening, refusedWith } of ATTEMPTS) {
  const status = await send(headers, body)
  const refused = refusedWith.includes(status)
  if (!refused) letIn += 1
  print(`| ${what} | ${status === 0 ? 'hung up' : status} | ${refused ? 'yes' : '**no**'} |`)
}
const welcome = await send(good, opening)
print(`| (a good one, between them) | ${welcome} | ${welcome === 200 ? 'no' : '**yes**'} |`)
if (welcome !== 200) letIn += 1

/** How many of these sockets the server has hung up on, when all have ended or `patienceMs` is over. */
const slowLoris = async (
  text: string,
  drip: string,
  patienceMs: number,
): Promise<{ ended: number; servedMs: number }> => {
  const state = { ended: 0 }
  const sockets: Socket[] = []
  for (let count = 0; count < SLOW_SOCKETS; count += 1) {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('error', () => undefined)
    socket.on('close', () => (state.ended += 1))
    socket.resume()
    sockets.push(socket)
  }
  const dripping = setInterval(
    () => sockets.forEach((socket) => socket.writable && socket.write(drip)),
    1_000,
  )
  const startedMs = performance.now()
  await send(good, opening)
  const servedMs = performance.now() - startedMs
  for (let waitedMs = 0; state.ended < SLOW_SOCKETS && waitedMs < patienceMs; waitedMs += 500)
    await new Promise((resolve) => setTimeout(resolve, 500))
  clearInterval(dripping)
  sockets.forEach((socket) => socket.destroy())
  return { ended: state.ended, servedMs }
}
const line = 'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n'
const slow = [
  ['headers without end', line, 'X: y\r\n', 30_000],
  [
    'bodies without end',
    `${line}Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`,
    ' ',
    60_000,
  ],
] as const
for (const [what, text, drip, patienceMs] of slow) {
  const { ended, servedMs } = await slowLoris(text, drip, patienceMs)
  if (ended < SLOW_SOCKETS) letIn += 1
  print(
    `| ${SLOW_SOCKETS} sockets with ${what} | a good request beside them in ${servedMs.toFixed(0)} ms | ${ended} of ${SLOW_SOCKETS} hung up on |`,
  )
}

print(
  `\n| sessions opened and abandoned | memory of the process, MB |\n|---|---|\n| 0 | ${memoryMb().toFixed(0)} |`,
)
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (let count = 0; count < SESSIONS; count += 1) await send(good, opening)
  print(`| ${round * SESSIONS} | ${memoryMb().toFixed(0)} |`)
}
const still = await send(good, opening)
if (still !== 200) letIn += 1
print(`\nA session after that: ${still}. Let in or broken: ${letIn}.`)

server.kill('SIGTERM')
await new Promise((resolve) => server.once('exit', resolve))
rmSync(home, { recursive: true, force: true })
process.exitCode = letIn === 0 ? 0 : 1
