import { createMCPClient } from '@ai-sdk/mcp'
import { Experimental_StdioMCPTransport as AiSdkStdio } from '@ai-sdk/mcp/mcp-stdio'
import { Client, type ClientOptions } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tryNext, tryOwn } from '../db/embedded/owner.ts'
import { attachAddress } from './address.ts'

const ENTRY = join(import.meta.dirname, 'testing', 'attached-server.ts')
const NEWER = { mode: { pin: '2026-07-28' } } as const
const OLDER = { mode: 'legacy' } as const

let home: string
const clients: Client[] = []
const processes: ChildProcess[] = []

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tact-attach-'))
})
afterEach(async () => {
  await Promise.allSettled(clients.splice(0).map((client) => client.close()))
  for (const child of processes.splice(0)) child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

const stdioClient = async (versionNegotiation: NonNullable<ClientOptions['versionNegotiation']>) => {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [ENTRY, 'mcp', home],
    stderr: 'ignore',
  })
  await client.connect(transport)
  clients.push(client)
  return client
}

/** A `tact up`: resolves when it listens. */
const startOwner = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [ENTRY, 'up', home], { stdio: ['ignore', 'ignore', 'pipe'] })
  processes.push(child)
  await once(child.stderr, 'data')
  return child
}

const search = (client: Client) =>
  client.callTool({ name: 'search_people', arguments: { query: 'investor' } })

const worksOn = async (client: Client): Promise<void> => {
  const result = await search(client)
  expect(result.structuredContent).toMatchObject({ completeness: { total: 2 } })
}

const kill9 = async (child: ChildProcess): Promise<void> => {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

describe.each([
  ['2026-07-28', NEWER],
  ['the initialize era', OLDER],
] as const)('a client over stdio in %s', (_name, era) => {
  test('lists and calls tools of a process that owns the data itself', async () => {
    const client = await stdioClient(era)
    expect((await client.listTools()).tools.length).toBeGreaterThan(4)
    await worksOn(client)
  })

  test('is served by the process that owns the data', async () => {
    const owner = await startOwner()
    const client = await stdioClient(era)
    expect(client.getServerVersion()?.name).toBe(`pid ${owner.pid}`)
    await worksOn(client)
  })
})

test('the client of the AI SDK works through the owner too', async () => {
  await startOwner()
  const client = await createMCPClient({
    transport: new AiSdkStdio({ command: process.execPath, args: [ENTRY, 'mcp', home] }),
  })
  expect(Object.keys(await client.tools())).toContain('search_people')
  await client.close()
})

describe('when the owner is killed (-9)', () => {
  test('calls in flight are answered with an error that says to try again, and trying again works', async () => {
    const owner = await startOwner()
    const [newer, older] = [await stdioClient(NEWER), await stdioClient(OLDER)]
    const running = [newer, older].map((client) =>
      client.callTool({ name: 'wait', arguments: { ms: 30_000 } }).then(
        () => 'answered',
        (error: { readonly message: string; readonly data?: unknown }) => error,
      ),
    )
    // In order on each connection: the calls above are with the owner now.
    await Promise.all([worksOn(newer), worksOn(older)])
    await kill9(owner)
    for (const outcome of await Promise.all(running)) {
      expect(outcome).toMatchObject({
        message: expect.stringContaining('Try again'),
        data: { code: 'owner_gone', retry: true },
      })
    }
    await Promise.all([worksOn(newer), worksOn(older)])
  })

  test('every call of two clients is answered or cleanly retried, over five owners', async () => {
    const pair = [await stdioClient(NEWER), await stdioClient(OLDER)]
    const tally = { answered: 0, retried: 0, lost: 0 }
    const stop = new AbortController()
    const busy = pair.map(async (client) => {
      while (!stop.signal.aborted) {
        try {
          await worksOn(client)
          tally.answered += 1
        } catch (error) {
          const isRetry = (error as { readonly data?: { readonly retry?: boolean } }).data?.retry === true
          if (isRetry) tally.retried += 1
          else tally.lost += 1
        }
        await pause(1)
      }
    })
    for (let round = 0; round < 5; round += 1) {
      const owner = await startOwner()
      await pause(150)
      await kill9(owner)
    }
    const before = tally.answered
    await expect.poll(() => tally.answered, { timeout: 10_000 }).toBeGreaterThan(before + 20)
    stop.abort()
    await Promise.all(busy)
    expect(tally.lost).toBe(0)
  }, 60_000)
})

/** The process that serves a client now; its name changes with its owner. */
const servedBy = async (): Promise<string> => {
  const client = await stdioClient(NEWER)
  const name = client.getServerVersion()?.name ?? ''
  await client.close()
  return name
}

test('when the service and the process that takes over die together, the next one serves those that are left', async () => {
  const owner = await startOwner()
  const four = await Promise.all([NEWER, OLDER, NEWER, OLDER].map((era) => stdioClient(era)))
  await kill9(owner)
  const taker = Number((await servedBy()).slice('pid '.length))
  process.kill(taker, 'SIGKILL')
  const outcomes = await Promise.allSettled(four.map((client) => worksOn(client)))
  // The client whose own process took over has lost it; the others were asked to try again at most.
  for (const outcome of outcomes.filter(({ status }) => status === 'rejected'))
    expect(outcome).toMatchObject({ reason: expect.objectContaining({ code: expect.anything() as unknown }) })
  const left = await Promise.allSettled(four.map((client) => worksOn(client)))
  expect(left.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
})

describe('`tact up`', () => {
  test('goes before the stdio servers that wait when an owner dies, and needs to take it from nobody', async () => {
    const owner = await startOwner()
    const waiting = await Promise.all([stdioClient(NEWER), stdioClient(OLDER)])
    // The place of the next is taken, as by a service that is about to start.
    const place = tryNext(home)
    expect(place).toBeDefined()
    await kill9(owner)
    const asked = Promise.all(waiting.map((client) => worksOn(client)))
    await pause(400)
    const seat = tryOwn(home)
    expect(seat).toBeDefined()
    seat?.release()
    place?.release()
    await asked
  })

  test('takes the ownership over from a stdio server that came first, which then works through it', async () => {
    const client = await stdioClient(OLDER)
    const owner = await startOwner()
    await expect
      .poll(
        () =>
          worksOn(client).then(
            () => 'works',
            () => 'not yet',
          ),
        { timeout: 5_000 },
      )
      .toBe('works')
    const { contents } = await client.readResource({ uri: 'crm://schema' })
    expect(contents).toHaveLength(1)
    const next = await stdioClient(NEWER)
    expect(next.getServerVersion()?.name).toBe(`pid ${owner.pid}`)
  })

  test('does not take it from another', async () => {
    await startOwner()
    const second = spawn(process.execPath, [ENTRY, 'up', home], { stdio: ['ignore', 'ignore', 'pipe'] })
    const chunks: Buffer[] = []
    second.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    const [code] = (await once(second, 'exit')) as [number]
    expect(code).not.toBe(0)
    expect(Buffer.concat(chunks).toString('utf8')).toContain('already_up')
  })
})

test('what is piped in is answered before the process ends', async () => {
  const child = spawn(process.execPath, [ENTRY, 'mcp', home], { stdio: ['pipe', 'pipe', 'ignore'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const request = (id: number, method: string, params: object) =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`
  child.stdin.end(
    request(1, 'initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'pipe', version: '1' },
    }) + request(2, 'tools/call', { name: 'wait', arguments: { ms: 300 } }),
  )
  const [code] = (await once(child, 'exit')) as [number]
  const answers = Buffer.concat(chunks)
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(answers.map(({ id }) => id)).toEqual([1, 2])
  expect(code).toBe(0)
})

test('nothing but protocol is written to stdout, and a line that is no JSON is answered', async () => {
  const child = spawn(process.execPath, [ENTRY, 'mcp', home], { stdio: ['pipe', 'pipe', 'ignore'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stdin.end('hello\n\n{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
  await once(child, 'exit')
  const lines = Buffer.concat(chunks).toString('utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).error?.code ?? 0)).toEqual([-32_700, 0])
})

test('a workspace that does not exist is said at once, with what is possible', async () => {
  await startOwner()
  const child = spawn(process.execPath, [ENTRY, 'mcp', home, 'nowhere'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const chunks: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(1)
  expect(Buffer.concat(chunks).toString('utf8')).toContain('failed There is no workspace of that name.')
})

test('the socket can be reached by this user alone', async () => {
  await startOwner()
  const address = attachAddress(home)
  expect(statSync(address).mode & 0o777).toBe(0o600)
  expect(statSync(join(address, '..')).mode & 0o777).toBe(0o700)
})

test('a home too deep for a socket path gets a private directory elsewhere, the same for owner and client', async () => {
  const deep = join(home, 'x'.repeat(60), 'y'.repeat(60))
  expect(attachAddress(deep)).toMatch(/^\/tmp\/tact-\d+-[0-9a-f]{16}\/mcp\.sock$/)
  expect(attachAddress(deep)).toBe(attachAddress(`${deep}/`))
  expect(attachAddress(deep)).not.toBe(attachAddress(`${deep}z`))
})

test('a socket file that a dead owner left is no obstacle', async () => {
  const owner = await startOwner()
  await kill9(owner)
  expect(statSync(attachAddress(home)).isSocket()).toBe(true)
  const client = await stdioClient(NEWER)
  await worksOn(client)
})
