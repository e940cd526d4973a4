import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signatureOf } from './webhook.ts'

/** What a receiver does with one request; `accepted` ones carry the change out first. */
export const FAULTS = [
  'none',
  'accepted, then silence',
  'accepted, then reset',
  'accepted, then 500',
  'silence',
  'reset',
  '500',
  '503',
  '409',
] as const
export type Fault = (typeof FAULTS)[number] | '400' | 'redirect'

export interface Receiver {
  readonly url: string
  /** Keys by how often each was carried out; a key that is here is not carried out again. */
  readonly done: ReadonlyMap<string, number>
  /** Every POST that arrived, by key. */
  readonly posts: readonly string[]
  readonly badSignatures: number
  /** The next POSTs and GETs; `none` when they are used up. */
  plan(posts: readonly Fault[], gets?: readonly Fault[]): void
  /** Whether one of the next answers is none. */
  isSilent(): boolean
  close(): Promise<void>
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

/** A receiver of webhooks on 127.0.0.1 that checks signatures and fails as it is told to. */
export const startReceiver = async (secretOf: () => string): Promise<Receiver> => {
  const done = new Map<string, number>()
  const posts: string[] = []
  let badSignatures = 0
  let nextPosts: Fault[] = []
  let nextGets: Fault[] = []
  const answer = (fault: Fault, request: IncomingMessage, response: ServerResponse): void => {
    const kind = fault.replace('accepted, then ', '')
    if (kind === 'silence') return
    if (kind === 'reset') {
      request.socket.resetAndDestroy()
      return
    }
    if (kind === 'redirect') {
      response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end()
      return
    }
    response.writeHead(kind === 'none' ? 200 : Number(kind)).end('{}')
  }
  const server = createServer((request, response) => {
    void (async () => {
      const body = await textOf(request)
      const asked = new URL(request.url ?? '/', 'http://here').searchParams.get('key')
      const seconds = Number(/^t=(\d+),/.exec(String(request.headers['tact-signature']))?.[1])
      const signed = signatureOf(secretOf(), asked ?? body, seconds)
      if (request.headers['tact-signature'] !== signed) badSignatures += 1
      if (request.method === 'GET') {
        const fault = nextGets.shift() ?? 'none'
        if (fault !== 'none') return answer(fault, request, response)
        if (!done.has(asked ?? '')) return void response.writeHead(404).end()
        return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"state":"done"}')
      }
      const key = String(request.headers['idempotency-key'])
      posts.push(key)
      const fault = nextPosts.shift() ?? 'none'
      if (fault === 'none' || fault.startsWith('accepted')) done.set(key, (done.get(key) ?? 0) + 1)
      answer(fault, request, response)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    done,
    posts,
    get badSignatures() {
      return badSignatures
    },
    plan: (wanted, gets = []) => {
      nextPosts = [...wanted]
      nextGets = [...gets]
    },
    isSilent: () => [...nextPosts, ...nextGets].some((fault) => fault.endsWith('silence')),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
