import { answeredId, encode, type Message, type MessageId, messagesIn, requestId } from './messages.ts'

interface Sent {
  readonly id: MessageId
  readonly method: string
  readonly line: Buffer
  /** Already asked of an earlier server: a request that kills servers must not be handed to each in turn. */
  readonly again: boolean
}

interface Waiting {
  readonly line: Buffer
  readonly messages: readonly Message[]
  readonly again: boolean
}

/** Requests that only read, and never records: asked again of the next server without a word to the client. */
const REPEATABLE = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'prompts/list',
])
/** Answered only when the client lets go of it. */
const ENDLESS = new Set(['subscriptions/listen'])

const keyOf = (id: MessageId): string => `${typeof id}:${id}`

/** What a relay must remember of one client's session so that another server can take it over. */
export class Conversation {
  /** Lines the client sent that no server has yet. */
  #waiting: Waiting[] = []
  /** Requests a server has and has not answered, in order. */
  readonly #sent = new Map<string, Sent>()
  /** Requests of the present server to the client. */
  readonly #asked = new Set<string>()
  #initialize: { readonly params: Record<string, unknown>; readonly id: MessageId } | undefined
  #initialized: Buffer | undefined
  /** Protocol version agreed with the client, once it knows it. */
  #version: unknown
  #introductions = 0
  /** Id of our own `initialize` at the present server, until it is answered. */
  #introducing: string | undefined
  #outbox: Buffer[] = []
  #serverThere = false
  #begun = false

  /** Some server has answered this client once. */
  get begun(): boolean {
    return this.#begun
  }

  /** Something the client asked is still to be answered. */
  owesAnswers(): boolean {
    const asked = this.#waiting.some(({ messages }) => messages.some((one) => requestId(one) !== undefined))
    return asked || [...this.#sent.values()].some(({ method }) => !ENDLESS.has(method))
  }

  fromClient(line: Buffer, messages: readonly Message[]): void {
    this.#waiting.push({ line, messages, again: false })
  }

  /** The next line to send to the server, or undefined when it must wait or there is none. */
  next(): Buffer | undefined {
    if (!this.#serverThere) return undefined
    const ours = this.#outbox.shift()
    if (ours) return ours
    if (this.#introducing !== undefined) return undefined
    for (let item = this.#waiting.shift(); item; item = this.#waiting.shift()) {
      if (this.#noteSent(item)) return item.line
    }
    return undefined
  }

  serverFound(): void {
    this.#serverThere = true
    if (this.#initialize === undefined || this.#version === undefined) return
    this.#introductions += 1
    this.#introducing = `tact-introduces-${this.#introductions}`
    const params = { ...this.#initialize.params, protocolVersion: this.#version }
    this.#outbox = [encode({ jsonrpc: '2.0', id: this.#introducing, method: 'initialize', params })]
  }

  /** Answers the ids of the requests that the client has to be told are lost. */
  serverLost(): MessageId[] {
    this.#serverThere = false
    this.#asked.clear()
    this.#outbox = []
    this.#introducing = undefined
    const lost = [...this.#sent.values()]
    this.#sent.clear()
    const repeatable = lost.filter(({ method, again }) => REPEATABLE.has(method) && !again)
    const lines = new Set(repeatable.map(({ line }) => line))
    this.#waiting.unshift(
      ...[...lines].map((line) => ({ line, messages: messagesIn(line) ?? [], again: true })),
    )
    return lost.filter((one) => !repeatable.includes(one)).map(({ id }) => id)
  }

  /** Gives up what waits for a server. Answers the ids of the requests among it. */
  abandon(): MessageId[] {
    const ids = this.#waiting.flatMap(({ messages }) =>
      messages.map(requestId).filter((id) => id !== undefined),
    )
    this.#waiting = []
    return ids
  }

  /** Whether a line of the server goes to the client; `mismatch` when a new server cannot carry the session on. */
  fromServer(line: Buffer): { readonly forward: boolean; readonly mismatch: boolean } {
    const messages = messagesIn(line)
    if (messages === undefined) return { forward: false, mismatch: false }
    for (const message of messages) {
      const asks = requestId(message)
      if (asks !== undefined) this.#asked.add(keyOf(asks))
      const answers = answeredId(message)
      if (answers === undefined) continue
      if (answers === this.#introducing) return { forward: false, mismatch: !this.#introduced(message) }
      this.#begun = true
      this.#sent.delete(keyOf(answers))
      if (answers === this.#initialize?.id && this.#version === undefined) {
        this.#version = message.result?.['protocolVersion']
      }
    }
    return { forward: true, mismatch: false }
  }

  #introduced({ result }: Message): boolean {
    this.#introducing = undefined
    if (result?.['protocolVersion'] !== this.#version) return false
    if (this.#initialized) this.#outbox.push(this.#initialized)
    return true
  }

  /** False for a line that the present server must not get. */
  #noteSent({ line, messages, again }: Waiting): boolean {
    for (const message of messages) {
      const id = requestId(message)
      if (id !== undefined) this.#sent.set(keyOf(id), { id, method: message.method ?? '', line, again })
      if (message.method === 'initialize' && id !== undefined) {
        this.#initialize = { id, params: message.params ?? {} }
        this.#version = undefined
      }
      if (message.method === 'notifications/initialized') this.#initialized = line
      if (message.method === 'notifications/cancelled') this.#forget(message.params?.['requestId'])
      const answers = answeredId(message)
      if (answers !== undefined && !this.#asked.delete(keyOf(answers))) return false
    }
    return true
  }

  #forget(id: unknown): void {
    if (typeof id === 'string' || typeof id === 'number') this.#sent.delete(keyOf(id))
  }
}
