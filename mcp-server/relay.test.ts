import { type Duplex, duplexPair, PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { bug, unavailable, userError } from '../domain/errors.ts'
import { relay } from './relay.ts'

interface Line {
  readonly id?: string | number | null
  readonly method?: string
  readonly params?: { readonly protocolVersion?: string }
  readonly result?: { readonly n?: number; readonly protocolVersion?: string }
  readonly error?: { readonly code: number; readonly data?: { readonly retry?: boolean } }
}

const linesOf = (stream: Duplex | PassThrough): Line[] => {
  const lines: Line[] = []
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts.map((part) => JSON.parse(part) as Line))
  })
  return lines
}

/** A client's two streams, a relay between, and servers that the test plays itself. */
const setUp = (options: { connect?: () => Promise<Duplex>; drainMs?: number } = {}) => {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const servers: { readonly stream: Duplex; readonly got: Line[] }[] = []
  const connect = async (): Promise<Duplex> => {
    const [near, far] = duplexPair()
    servers.push({ stream: far, got: linesOf(far) })
    return near
  }
  const done = relay({ input, output, connect: options.connect ?? connect, drainMs: options.drainMs ?? 500 })
  const heard = linesOf(output)
  const say = (message: object): void =>
    void input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const answer = (server: number, message: object): void =>
    void servers[server]?.stream.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const methods = (server: number) => servers[server]?.got.map(({ method }) => method)
  return { input, output, done, heard, say, answer, servers, methods }
}

const initialize = {
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {} },
}

/** A client of the older era that has shaken hands with server 0, which agreed on an older version. */
const introduced = async () => {
  const rig = setUp()
  rig.say(initialize)
  await expect.poll(() => rig.methods(0)).toEqual(['initialize'])
  rig.answer(0, { id: 0, result: { protocolVersion: '2025-06-18' } })
  await expect.poll(() => rig.heard.length).toBe(1)
  rig.say({ method: 'notifications/initialized' })
  await expect.poll(() => rig.methods(0)).toEqual(['initialize', 'notifications/initialized'])
  return rig
}

describe('when the server is lost', () => {
  test('a client of the older era is introduced to the next server and hears nothing of it', async () => {
    const { answer, heard, methods, say, servers } = await introduced()
    servers[0]?.stream.destroy()
    await pause(50)
    say({ id: 1, method: 'tools/call', params: { name: 'search_people' } })
    await expect.poll(() => methods(1)).toEqual(['initialize'])
    expect(servers[1]?.got[0]?.params?.protocolVersion).toBe('2025-06-18')
    answer(1, { id: servers[1]?.got[0]?.id, result: { protocolVersion: '2025-06-18' } })
    await expect.poll(() => methods(1)).toEqual(['initialize', 'notifications/initialized', 'tools/call'])
    answer(1, { id: 1, result: { n: 1 } })
    await expect.poll(() => heard.at(-1)?.result?.n).toBe(1)
    expect(heard.map(({ id }) => id)).toEqual([0, 1])
  })

  test('a call in flight is answered with an error to try again, a list is asked again', async () => {
    const { answer, heard, methods, say, servers } = setUp()
    say({ id: 'a', method: 'tools/call', params: {} })
    say({ id: 'b', method: 'tools/list' })
    await expect.poll(() => methods(0)).toEqual(['tools/call', 'tools/list'])
    servers[0]?.stream.destroy()
    await expect
      .poll(() => heard)
      .toMatchObject([{ id: 'a', error: { code: -32_000, data: { retry: true } } }])
    await expect.poll(() => methods(1)).toEqual(['tools/list'])
    answer(1, { id: 'b', result: { n: 2 } })
    await expect.poll(() => heard.at(-1)?.result?.n).toBe(2)
  })

  test('a request that kills servers is not handed to each in turn', async () => {
    const { heard, methods, say, servers } = setUp()
    say({ id: 1, method: 'tools/list' })
    for (const round of [0, 1]) {
      await expect.poll(() => methods(round), { timeout: 3000 }).toEqual(['tools/list'])
      servers[round]?.stream.destroy()
    }
    await expect.poll(() => heard).toMatchObject([{ id: 1, error: { data: { retry: true } } }])
  })

  test('a cancelled call gets no error afterwards', async () => {
    const { heard, methods, say, servers } = setUp()
    say({ id: 1, method: 'tools/call' })
    say({ method: 'notifications/cancelled', params: { requestId: 1 } })
    await expect.poll(() => methods(0)?.length).toBe(2)
    servers[0]?.stream.destroy()
    await expect.poll(() => servers.length, { timeout: 3000 }).toBe(2)
    expect(heard).toEqual([])
  })

  test("the client's answer to a question of the lost server does not reach the next", async () => {
    const { answer, heard, methods, say, servers } = setUp()
    await expect.poll(() => servers.length).toBe(1)
    answer(0, { id: 0, method: 'roots/list' })
    await expect.poll(() => heard.length).toBe(1)
    servers[0]?.stream.destroy()
    await expect.poll(() => servers.length, { timeout: 3000 }).toBe(2)
    say({ id: 0, result: { roots: [] } })
    say({ id: 1, method: 'ping' })
    await expect.poll(() => methods(1)).toEqual(['ping'])
  })

  test('a next server that speaks another version ends the session rather than confuse it', async () => {
    const { answer, done, methods, servers } = await introduced()
    servers[0]?.stream.destroy()
    await expect.poll(() => methods(1), { timeout: 3000 }).toEqual(['initialize'])
    answer(1, { id: servers[1]?.got[0]?.id, result: { protocolVersion: '2024-11-05' } })
    await done
  })
})

describe('when there is no server', () => {
  test('at the start, the relay says why and ends', async () => {
    const { done } = setUp({
      connect: () => Promise.reject(userError('unknown_workspace', 'There is no such workspace.')),
    })
    await expect(done).rejects.toThrow('There is no such workspace.')
  })

  test.each([
    unavailable('owner_silent', 'Nobody answers.'),
    bug('owner_silent', 'The owner broke while it went away.'),
  ])('later, calls are answered with the reason, and the next call tries again ($kind)', async (reason) => {
    let attempt = 0
    const servers: Duplex[] = []
    const rig = setUp({
      connect: async () => {
        attempt += 1
        if (attempt === 2) throw reason
        const [near, far] = duplexPair()
        servers.push(far)
        far.on('data', (chunk: Buffer) => {
          const { id } = JSON.parse(chunk.toString('utf8')) as Line
          far.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: { n: servers.length } })}\n`)
        })
        return near
      },
    })
    rig.say({ id: 1, method: 'tools/call' })
    await expect.poll(() => rig.heard).toMatchObject([{ id: 1, result: { n: 1 } }])
    servers[0]?.destroy()
    await pause(50)
    rig.say({ id: 2, method: 'tools/call' })
    await expect
      .poll(() => rig.heard[1], { timeout: 3000 })
      .toMatchObject({
        id: 2,
        error: { data: { code: 'owner_silent', retry: true } },
      })
    rig.say({ id: 3, method: 'tools/call' })
    await expect.poll(() => rig.heard[2], { timeout: 3000 }).toMatchObject({ id: 3, result: { n: 2 } })
  })
})

describe('the line', () => {
  test('passes bytes on unchanged, however they are cut', async () => {
    const { heard, input, methods, output, servers } = setUp()
    const line = Buffer.from(
      '{"jsonrpc":"2.0",  "id":1.0,"method":"tools/call","params":{"x":"Łódź \\u00e9 🏛"}}\n',
    )
    for (const byte of line) input.write(Buffer.of(byte))
    await expect.poll(() => methods(0)).toEqual(['tools/call'])
    const raw: string[] = []
    output.on('data', (chunk: string) => raw.push(chunk))
    const reply = '{"id":1,   "jsonrpc":"2.0","result":{"n":7,"x":"Łódź 🏛"}}\n'
    for (const byte of Buffer.from(reply)) servers[0]?.stream.write(Buffer.of(byte))
    await expect.poll(() => heard.length).toBe(1)
    expect(raw.join('')).toBe(reply)
  })

  test('that never ends is cut off', async () => {
    const { done, heard, input } = setUp()
    input.write('{"pad":"')
    for (let megabyte = 0; megabyte < 5; megabyte += 1) input.write('x'.repeat(1024 * 1024))
    await done
    expect(heard.at(-1)?.error?.code).toBe(-32_700)
  })

  test('a client that reads slowly slows the server down instead of filling memory', async () => {
    const { input, output, servers, say } = setUp()
    await expect.poll(() => servers.length).toBe(1)
    output.pause()
    say({ id: 1, method: 'tools/call' })
    const chunk = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { x: 'x'.repeat(10_000) } })}\n`
    const hasRoom = (): boolean => servers[0]?.stream.write(chunk) ?? false
    let written = 0
    while (written < 2000 && hasRoom()) {
      written += 1
      await pause(0)
    }
    expect(written).toBeLessThan(100)
    expect(output.readableLength + output.writableLength).toBeLessThan(1_000_000)
    input.destroy()
  })
})

test('the client goes: what is due is answered first, but not for ever', async () => {
  const { answer, done, heard, input, methods, say } = setUp({ drainMs: 150 })
  say({ id: 1, method: 'tools/call' })
  say({ id: 2, method: 'subscriptions/listen' })
  await expect.poll(() => methods(0)?.length).toBe(2)
  input.end()
  await pause(50)
  answer(0, { id: 1, result: { n: 1 } })
  await done
  expect(heard).toMatchObject([{ id: 1 }])

  const stuck = setUp({ drainMs: 100 })
  stuck.say({ id: 1, method: 'tools/call' })
  stuck.input.end()
  await stuck.done
})
