import type { Duplex, Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { asTactError, type TactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import { Conversation } from './conversation.ts'
import { LineSplitter } from './lines.ts'
import { cutOff, messagesIn, notServed, unreadable } from './messages.ts'
import { MAX_MESSAGE_BYTES } from './stdio.ts'

export interface RelayOptions {
  readonly input: Readable
  readonly output: Writable
  /** A stream on which some server answers. Asked again whenever the last one was lost. */
  readonly connect: () => Promise<Duplex>
  /** How long answers still due are waited for after the client's last word. */
  readonly drainMs?: number
}

const DRAIN_MS = 10_000
/** A server that is lost sooner than this after it was found is looked for again only after a pause. */
const UNSTABLE_MS = 1_000
const NEWLINE = Buffer.from('\n')

/** Refusals that another attempt cannot cure: an unknown workspace or member, a directory of somebody else. */
const isFinal = ({ kind }: TactError): boolean => kind === 'user' || kind === 'not-found' || kind === 'denied'

/** Writes a line; while `target` has no room, `source` is not read. */
const send = (target: Writable, source: Readable | undefined, line: Buffer): void => {
  if (target.destroyed || target.writableEnded) return
  const hasRoom = target.write(Buffer.concat([line, NEWLINE]))
  if (hasRoom || source === undefined) return
  source.pause()
  target.once('drain', () => source.resume())
}

const onLines = (stream: Readable, onLine: (line: Buffer) => void, onTooLong: () => void): void => {
  const splitter = new LineSplitter(MAX_MESSAGE_BYTES)
  stream.on('data', (chunk: Buffer) => {
    let lines: Buffer[]
    try {
      lines = splitter.push(chunk)
    } catch {
      onTooLong()
      return
    }
    for (const line of lines) onLine(line)
  })
}

class Relay {
  readonly #options: RelayOptions
  readonly #conversation = new Conversation()
  readonly #gone = Promise.withResolvers<void>()
  #server: Duplex | undefined
  #isConnecting = false
  #foundAtMs = -Infinity
  #inputEnded = false
  #isOver = false

  constructor(options: RelayOptions) {
    this.#options = options
  }

  run(): Promise<void> {
    const { input, output } = this.#options
    onLines(
      input,
      (line) => this.#fromClient(line),
      () => {
        this.#tellClient(unreadable())
        this.#finish()
      },
    )
    for (const event of ['end', 'close', 'error'] as const) input.once(event, () => this.#clientSilent())
    for (const event of ['close', 'error'] as const) output.on(event, () => this.#finish())
    void this.#find()
    return this.#gone.promise
  }

  #fromClient(line: Buffer): void {
    if (line.length === 0) return
    const messages = messagesIn(line)
    if (messages === undefined) {
      this.#tellClient(unreadable())
      return
    }
    this.#conversation.fromClient(line, messages)
    this.#pump()
    if (this.#server === undefined) void this.#find()
  }

  #fromServer(line: Buffer): void {
    const { forward, mismatch } = this.#conversation.fromServer(line)
    if (mismatch) {
      log.error('mcp_relay_other_version')
      this.#finish()
      return
    }
    if (forward) this.#tellClient(line)
    this.#pump()
    this.#finishIfDrained()
  }

  #tellClient(line: Buffer): void {
    send(this.#options.output, this.#server, line)
  }

  #pump(): void {
    const server = this.#server
    if (server === undefined) return
    for (let line = this.#conversation.next(); line; line = this.#conversation.next()) {
      send(server, this.#options.input, line)
    }
  }

  async #find(): Promise<void> {
    if (this.#isConnecting || this.#server || this.#isOver) return
    this.#isConnecting = true
    try {
      if (performance.now() - this.#foundAtMs < UNSTABLE_MS) await sleep(UNSTABLE_MS / 4)
      const server = await this.#options.connect()
      this.#foundAtMs = performance.now()
      this.#isConnecting = false
      if (this.#isOver) server.destroy()
      else this.#use(server)
    } catch (thrown) {
      this.#isConnecting = false
      this.#notFound(asTactError(thrown))
    }
  }

  #use(server: Duplex): void {
    this.#server = server
    onLines(
      server,
      (line) => this.#fromServer(line),
      () => this.#lost(server),
    )
    for (const event of ['end', 'close', 'error'] as const) server.on(event, () => this.#lost(server))
    this.#conversation.serverFound()
    this.#pump()
  }

  #lost(server: Duplex): void {
    if (this.#server !== server) return
    this.#server = undefined
    server.destroy()
    this.#options.input.resume()
    for (const id of this.#conversation.serverLost()) this.#tellClient(cutOff(id))
    this.#finishIfDrained()
    void this.#find()
  }

  #notFound(error: TactError): void {
    log.warn('mcp_relay_no_server', { error: error.code })
    if (isFinal(error) || !this.#conversation.begun) {
      this.#finish(error)
      return
    }
    for (const id of this.#conversation.abandon()) this.#tellClient(notServed(id, error.toPublic()))
    this.#finishIfDrained()
  }

  #clientSilent(): void {
    if (this.#inputEnded) return
    this.#inputEnded = true
    this.#finishIfDrained()
    setTimeout(() => this.#finish(), this.#options.drainMs ?? DRAIN_MS).unref()
  }

  #finishIfDrained(): void {
    if (this.#inputEnded && !this.#conversation.owesAnswers()) this.#finish()
  }

  #finish(error?: TactError): void {
    if (this.#isOver) return
    this.#isOver = true
    const server = this.#server
    this.#server = undefined
    server?.destroy()
    this.#options.input.pause()
    if (error) this.#gone.reject(error)
    else this.#options.output.write('', () => this.#gone.resolve())
  }
}

/**
 * Keeps one client's MCP session alive over servers that come and go. Lines pass through byte for byte. When a server
 * is lost, calls in flight are answered with an error that says to try again, requests that only read protocol state
 * are asked again, and a client of the older era is introduced to the next server by its own `initialize`, whose reply
 * it does not see twice.
 *
 * Resolves when the client is gone; rejects with a TactError when there is no server to be had for it.
 */
export const relay = (options: RelayOptions): Promise<void> => new Relay(options).run()
