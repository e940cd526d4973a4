import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FetchFunction } from '@slack/web-api'
import { WebSocketServer, type WebSocket } from 'ws'
import { machineClock, type Clock } from '../clock.ts'
import { HttpSender, SocketSender } from './deliver.ts'
import { ALL_SCOPES } from './scopes.ts'
import { checkBlocks } from './validate.ts'
import { APP, BOT_USER, textOf, type FakeMessage, type Fields, World } from './world.ts'
import { WebApi, type FakeRequest, type Outcome, type Violation } from './web-api.ts'

export interface FakeSlackOptions {
  readonly clock?: Clock
  /** Count requests by Slack's tiers and answer 429. Off unless asked for. */
  readonly tiers?: boolean
  readonly streamTtlMs?: number
  readonly triggerTtlMs?: number
  /** How long Slack waits for an acknowledgement. */
  readonly ackTimeoutMs?: number
  readonly scopes?: readonly string[]
}

const RESPONSE_URL_USES = 5
const RESPONSE_URL_MS = 30 * 60_000

/**
 * A strict Slack on this machine. Every request is checked against schemas made from Slack's own SDK and against the
 * limits of Block Kit; a wrong one is refused as Slack would and kept in `violations`, which a test expects to be empty.
 *
 *     const slack = await new FakeSlack().listen()       or, without sockets: new WebClient(slack.botToken, slack.clientOptions())
 *     new App({ token: slack.botToken, signingSecret: slack.signingSecret, clientOptions: slack.clientOptions() })
 *     slack.world.addUser({ id: 'U_ANA', profile: { email: 'ana@acme.example' } })
 *     slack.world.addChannel({ id: 'C_DEALS', members: ['U_ANA'] })
 *     const asked = slack.world.say('C_DEALS', 'U_ANA', '<@U_TACT> how many deals are open?')
 *     await slack.http(url).event(mentionOf(asked))      or slack.socket.event(…): payloads.ts makes the bodies
 *     await slack.http(url).interaction(clickOn(slack.world, slack.actionsAt, { user, message, actionId: 'approve' }))
 *     slack.inChannel('C_DEALS')                          what stands there now, in order
 *     slack.faults.plan('chat.postMessage', { kind: 'accept-then-reset' })
 *     slack.sent('CANARY')                                requests whose bytes hold a text
 */
export class FakeSlack {
  readonly botToken = 'xoxb-fake'
  readonly appToken = 'xapp-fake'
  readonly signingSecret = 'a-signing-secret'
  readonly botUser = BOT_USER
  readonly world: World
  readonly api: WebApi
  readonly socket: SocketSender
  scopes: readonly string[]
  readonly #options: FakeSlackOptions
  readonly #sockets = new Set<WebSocket>()
  #server: Server | undefined
  #socketServer: WebSocketServer | undefined
  #origin = 'http://slack.invalid'

  constructor(options: FakeSlackOptions = {}) {
    const clock = options.clock ?? machineClock
    this.#options = options
    this.scopes = options.scopes ?? ALL_SCOPES
    this.world = new World(clock)
    this.api = new WebApi({
      world: this.world,
      clock,
      botToken: this.botToken,
      appToken: this.appToken,
      scopes: () => this.scopes,
      tiers: options.tiers ?? false,
      times: { streamTtlMs: options.streamTtlMs ?? 5 * 60_000, triggerTtlMs: options.triggerTtlMs ?? 3000 },
      uploadsAt: () => `${this.#origin}/upload/`,
      socketUrl: () => `${this.#origin.replace('http', 'ws')}/link?app_id=${APP}`,
    })
    this.socket = new SocketSender(this.world, () => [...this.#sockets][0], options.ackTimeoutMs ?? 3000)
  }

  get requests(): readonly FakeRequest[] {
    return this.api.requests
  }
  get violations(): readonly Violation[] {
    return this.api.violations
  }
  get faults(): WebApi['faults'] {
    return this.api.faults
  }
  get apiUrl(): string {
    return `${this.#origin}/api/`
  }
  get actionsAt(): string {
    return `${this.#origin}/actions/`
  }
  get connectedSockets(): number {
    return this.#sockets.size
  }

  /** Options for a WebClient or for Bolt's clientOptions: over HTTP when listening, else without sockets. */
  clientOptions(): { slackApiUrl: string; fetch?: FetchFunction } {
    return this.#server ? { slackApiUrl: this.apiUrl } : { slackApiUrl: this.apiUrl, fetch: this.fetch }
  }

  /** Requests, in order, to one method. */
  calls(method: string): readonly FakeRequest[] {
    return this.requests.filter((request) => request.method === method)
  }

  /** Requests whose bytes hold the text, as it is or within JSON or a form. */
  sent(words: string): readonly FakeRequest[] {
    const within = [words, JSON.stringify(words).slice(1, -1)]
    return this.requests.filter(({ raw, fields }) =>
      within.some((form) => raw.includes(form) || JSON.stringify(fields).includes(form)),
    )
  }

  /** Messages that stand in a channel, in order; of one thread when `threadTs` is given. */
  inChannel(channel: string, options: { readonly threadTs?: string } = {}): readonly FakeMessage[] {
    const { threadTs } = options
    return this.world.messages.filter(
      (message) =>
        message.channel === channel &&
        !message.deleted &&
        (!threadTs || message.thread_ts === threadTs || message.ts === threadTs),
    )
  }

  http(url: string): HttpSender {
    return new HttpSender(url, this.world, this.signingSecret, this.#options.ackTimeoutMs ?? 3000)
  }

  /** Slack closes connections now and then, first saying so; `cut` closes without a word. */
  disconnectSockets(reason: 'refresh_requested' | 'warning' | 'cut' = 'refresh_requested'): void {
    for (const socket of this.#sockets) {
      if (reason === 'cut') socket.terminate()
      else socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: {} }))
    }
  }

  /** The transport of clients in this process: the same checks, no sockets. */
  readonly fetch: FetchFunction = async (url, init) => {
    const { pathname } = new URL(String(url))
    const headers = init?.headers ?? {}
    const body = init?.body
    if (pathname.startsWith('/upload/')) {
      const file =
        body instanceof FormData
          ? await new Response(body).bytes()
          : Buffer.from(typeof body === 'string' ? body : '')
      return new Response('OK', {
        status: this.#upload(pathname.slice('/upload/'.length), Buffer.from(file)),
      })
    }
    const outcome = await this.api.take(
      pathname.replace('/api/', ''),
      typeof body === 'string' ? body : '',
      headers['Content-Type'] ?? '',
      bearer(headers.Authorization),
    )
    if (outcome.kind === 'cut') throw new TypeError('fetch failed')
    return new Response(outcome.body, { status: outcome.status, headers: outcome.headers })
  }

  /** Listens on 127.0.0.1 for the Web API and Socket Mode. */
  async listen(): Promise<this> {
    const server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy())
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    this.#server = server
    this.#origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    this.#socketServer = new WebSocketServer({ server, path: '/link' })
    this.#socketServer.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('message', (data: Buffer) => this.socket.take(data.toString()))
      socket.send(
        JSON.stringify({
          type: 'hello',
          num_connections: this.#sockets.size,
          connection_info: { app_id: APP },
          debug_info: { host: 'fake', approximate_connection_time: 18_060 },
        }),
      )
    })
    return this
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate()
    this.#socketServer?.close()
    this.#server?.closeAllConnections()
    await new Promise<void>((done) => (this.#server ? this.#server.close(() => done()) : done()))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const { pathname } = new URL(request.url ?? '/', this.#origin)
    if (pathname.startsWith('/upload/')) {
      response.writeHead(this.#upload(pathname.slice('/upload/'.length), body)).end('OK')
    } else if (pathname.startsWith('/actions/')) {
      const { status, reply } = this.#respond(pathname.slice('/actions/'.length), body.toString())
      response.writeHead(status, { 'content-type': 'application/json' }).end(reply)
    } else {
      const outcome: Outcome = await this.api.take(
        pathname.replace('/api/', ''),
        body.toString(),
        request.headers['content-type'] ?? '',
        bearer(request.headers.authorization),
      )
      if (outcome.kind === 'cut') request.socket.destroy()
      else response.writeHead(outcome.status, outcome.headers).end(outcome.body)
    }
  }

  #upload(id: string, bytes: Buffer): number {
    const file = this.world.files.get(id)
    if (!file) return 404
    file.bytes = bytes
    return 200
  }

  /** A response_url serves five times within half an hour. */
  #respond(id: string, raw: string): { status: number; reply: string } {
    const url = this.world.responseUrls.get(id)
    const fields = JSON.parse(raw) as Fields
    this.api.requests.push({ method: 'response_url', fields, raw, atMs: this.world.clock.now() })
    if (!url || url.uses >= RESPONSE_URL_USES || this.world.clock.now() - url.atMs > RESPONSE_URL_MS)
      return { status: 404, reply: 'used_url' }
    url.uses++
    const wrong = fields.blocks === undefined ? [] : checkBlocks(fields.blocks)
    if (wrong.length > 0) {
      this.api.violations.push({ method: 'response_url', error: 'invalid_blocks', details: wrong })
      return { status: 400, reply: 'invalid_blocks' }
    }
    const replaced = url.ts ? this.world.message(url.channel, url.ts) : undefined
    if (fields.delete_original && replaced) replaced.deleted = true
    else if (fields.replace_original && replaced) {
      replaced.text = textOf(fields.text)
      replaced.blocks = (fields.blocks as Fields[] | undefined) ?? []
      replaced.edits++
    } else {
      this.world.put({
        channel: url.channel,
        ts: this.world.ts(),
        user: BOT_USER,
        text: textOf(fields.text),
        markdown: '',
        blocks: (fields.blocks as Fields[] | undefined) ?? [],
        edits: 0,
        ...(fields.response_type === 'in_channel' ? {} : { ephemeralFor: 'asker' }),
      })
    }
    return { status: 200, reply: 'ok' }
  }
}

const bearer = (header: string | undefined): string => (header ?? '').replace(/^Bearer /, '')
