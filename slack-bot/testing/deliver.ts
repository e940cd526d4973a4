import { createHmac, randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import { eventEnvelope } from './payloads.ts'
import type { Fields, World } from './world.ts'

/** What became of a delivery: how often it was tried, the status of the last try (200: acknowledged; 0: none came), the answer. */
export interface Delivery {
  readonly acknowledged: boolean
  readonly attempts: number
  readonly status: number
  readonly ms: number
  readonly answer: string
  readonly eventId?: string
}
export interface DeliverOptions {
  /** Fields of the envelope to bend, `event_id` for one. */
  readonly envelope?: Fields
  /** Waits before each further try when none was acknowledged in time; [] for a single try. */
  readonly retryDelaysMs?: readonly number[]
}
/** A way for Slack to reach the app. */
export interface Sender {
  event(event: Fields, options?: DeliverOptions): Promise<Delivery>
  interaction(payload: Fields): Promise<Delivery>
  command(payload: Fields): Promise<Delivery>
}

const RETRY_DELAYS_MS = [0, 200, 1000]
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** The headers that prove a body to come from Slack. `atSeconds` may lie. */
export const signature = (
  secret: string,
  body: string,
  atSeconds = Math.floor(Date.now() / 1000),
): Record<string, string> => ({
  'x-slack-request-timestamp': String(atSeconds),
  'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${atSeconds}:${body}`).digest('hex')}`,
})

/** Posts to the app's address, signed, with Slack's retries. `post` sends one request as it is. */
export class HttpSender implements Sender {
  readonly #url: string
  readonly #world: World
  readonly #secret: string
  readonly #ackTimeoutMs: number

  constructor(url: string, world: World, secret: string, ackTimeoutMs: number) {
    this.#url = url
    this.#world = world
    this.#secret = secret
    this.#ackTimeoutMs = ackTimeoutMs
  }

  async post(body: string, headers: Record<string, string>): Promise<Delivery> {
    const started = performance.now()
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        body,
        headers,
        signal: AbortSignal.timeout(this.#ackTimeoutMs),
      })
      const answer = await response.text()
      return {
        acknowledged: response.status === 200,
        attempts: 1,
        status: response.status,
        ms: performance.now() - started,
        answer,
      }
    } catch {
      return { acknowledged: false, attempts: 1, status: 0, ms: performance.now() - started, answer: '' }
    }
  }

  async event(
    event: Fields,
    { envelope, retryDelaysMs = RETRY_DELAYS_MS }: DeliverOptions = {},
  ): Promise<Delivery> {
    const whole = eventEnvelope(this.#world, event, envelope)
    const body = JSON.stringify(whole)
    for (let attempt = 0; ; attempt++) {
      const retry =
        attempt === 0 ? {} : { 'x-slack-retry-num': String(attempt), 'x-slack-retry-reason': 'http_timeout' }
      const delivery = await this.post(body, {
        'content-type': 'application/json',
        ...signature(this.#secret, body),
        ...retry,
      })
      const result = { ...delivery, attempts: attempt + 1, eventId: String(whole.event_id) }
      if (delivery.acknowledged || attempt >= retryDelaysMs.length) return result
      await pause(retryDelaysMs[attempt]!)
    }
  }

  interaction(payload: Fields): Promise<Delivery> {
    return this.#form(`payload=${encodeURIComponent(JSON.stringify(payload))}`)
  }

  command(payload: Fields): Promise<Delivery> {
    return this.#form(new URLSearchParams(payload as Record<string, string>).toString())
  }

  #form(body: string): Promise<Delivery> {
    return this.post(body, {
      'content-type': 'application/x-www-form-urlencoded',
      ...signature(this.#secret, body),
    })
  }
}

/** Sends through whichever Socket Mode connection is open; waits a little for one. */
export class SocketSender implements Sender {
  readonly #world: World
  readonly #open: () => WebSocket | undefined
  readonly #ackTimeoutMs: number
  readonly #waiting = new Map<string, (payload: unknown) => void>()

  constructor(world: World, open: () => WebSocket | undefined, ackTimeoutMs: number) {
    this.#world = world
    this.#open = open
    this.#ackTimeoutMs = ackTimeoutMs
  }

  /** A message of the app's: the acknowledgement of an envelope. */
  take(text: string): void {
    const { envelope_id: id, payload } = JSON.parse(text) as { envelope_id?: string; payload?: unknown }
    if (!id) return
    this.#waiting.get(id)?.(payload)
    this.#waiting.delete(id)
  }

  async event(
    event: Fields,
    { envelope, retryDelaysMs = RETRY_DELAYS_MS }: DeliverOptions = {},
  ): Promise<Delivery> {
    const payload = eventEnvelope(this.#world, event, envelope)
    for (let attempt = 0; ; attempt++) {
      const retry = attempt === 0 ? {} : { retry_attempt: attempt, retry_reason: 'timeout' }
      const delivery = await this.#send({
        type: 'events_api',
        payload,
        accepts_response_payload: false,
        ...retry,
      })
      const result = { ...delivery, attempts: attempt + 1, eventId: String(payload.event_id) }
      if (delivery.acknowledged || attempt >= retryDelaysMs.length) return result
      await pause(retryDelaysMs[attempt]!)
    }
  }

  interaction(payload: Fields): Promise<Delivery> {
    return this.#send({ type: 'interactive', payload, accepts_response_payload: true })
  }

  command(payload: Fields): Promise<Delivery> {
    return this.#send({ type: 'slash_commands', payload, accepts_response_payload: true })
  }

  async #send(envelope: Fields): Promise<Delivery> {
    const started = performance.now()
    const socket = await this.#socket()
    const id = randomUUID()
    const lost = Symbol('lost')
    const answer = await new Promise<unknown>((done) => {
      this.#waiting.set(id, done)
      setTimeout(() => this.#waiting.delete(id) && done(lost), this.#ackTimeoutMs).unref()
      if (socket) socket.send(JSON.stringify({ envelope_id: id, ...envelope }))
    })
    const acknowledged = answer !== lost
    return {
      acknowledged,
      attempts: 1,
      status: acknowledged ? 200 : 0,
      ms: performance.now() - started,
      answer: acknowledged && answer !== undefined ? JSON.stringify(answer) : '',
    }
  }

  async #socket(): Promise<WebSocket | undefined> {
    for (let waitedMs = 0; waitedMs < this.#ackTimeoutMs; waitedMs += 10) {
      const socket = this.#open()
      if (socket) return socket
      await pause(10)
    }
    return undefined
  }
}
