import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { remoteLeg } from './remote-leg.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A server that begins to stream the answer of every POST, and knows of no session when a client comes back for the rest. */
const beginsAnswers = async (begun: (response: ServerResponse) => void): Promise<string> => {
  const made = createServer((request, response) => {
    request.resume()
    if (request.method !== 'POST') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('id: 1\nretry: 1\ndata: \n\n', () => begun(response))
  })
  server = made
  made.listen(0, '127.0.0.1')
  await once(made, 'listening')
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`
}

const call = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'query_crm', arguments: {} } }

test('a server that dies in the middle of an answer ends the leg, so that the call is told to be lost', async () => {
  const leg = await remoteLeg(await beginsAnswers((response) => response.destroy()), 'token')
  const ended = once(leg, 'close')
  leg.write(`${JSON.stringify(call)}\n`)
  await ended
  expect(leg.destroyed).toBe(true)
})

test('an answer that ends as it should leaves the leg, also where the next call has the same id', async () => {
  const answer = { jsonrpc: '2.0', id: 7, result: { content: [] } }
  const leg = await remoteLeg(
    await beginsAnswers((response) => response.end(`data: ${JSON.stringify(answer)}\n\n`)),
    'token',
  )
  const { promise, resolve } = Promise.withResolvers<void>()
  const answers: unknown[] = []
  leg.on('data', (line: Buffer) => {
    answers.push(JSON.parse(line.toString()))
    if (answers.length === 1) leg.write(`${JSON.stringify(call)}\n`)
    else resolve()
  })
  leg.write(`${JSON.stringify(call)}\n`)
  await promise
  expect(answers).toEqual([answer, answer])
  expect(leg.destroyed).toBe(false)
  leg.destroy()
})
