import type { Clock } from '../clock.ts'
import { Faults, type Fault } from './faults.ts'
import { agentMethods } from './methods/agents.ts'
import { chatMethods } from './methods/chat.ts'
import { fileMethods } from './methods/files.ts'
import { lookupMethods } from './methods/lookups.ts'
import { refuse, type Method, type Reply, type Times } from './methods/method.ts'
import { reactionMethods } from './methods/reactions.ts'
import { streamMethods } from './methods/streams.ts'
import { viewMethods } from './methods/views.ts'
import { SCOPES_OF_METHOD } from './scopes.ts'
import { Tiers } from './tiers.ts'
import { checkArguments, checkBlocks, checkChunks, isKnownMethod, isText } from './validate.ts'
import { textOf, type Fields, type World } from './world.ts'

export interface WebApiOptions {
  readonly world: World
  readonly clock: Clock
  readonly botToken: string
  readonly appToken: string
  readonly scopes: () => readonly string[]
  /** Count requests by Slack's tiers and answer 429. */
  readonly tiers: boolean
  readonly times: Times
  readonly uploadsAt: () => string
  readonly socketUrl: () => string
}
/** One request as it came, with what was answered. `raw` holds its body byte for byte. */
export interface FakeRequest {
  readonly method: string
  readonly fields: Fields
  readonly raw: string
  readonly atMs: number
  fault?: Fault
  reply?: Reply
  limited?: boolean
}
/** A request that Slack would call wrong: a fault of the program that sent it. */
export interface Violation {
  readonly method: string
  readonly error: string
  readonly details: readonly string[]
}
/** What goes back: an answer, or nothing but a cut connection. */
export type Outcome =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body: string
      readonly headers: Record<string, string>
    }
  | { readonly kind: 'cut' }

/** Answers that a correct program may meet; every other refusal is recorded as a violation. */
const EXPECTED = new Set([
  'channel_not_found',
  'exchanged_trigger_id',
  'expired_trigger_id',
  'hash_conflict',
  'is_archived',
  'message_not_found',
  'message_not_in_streaming_state',
  'not_found',
  'not_in_channel',
  'ratelimited',
  'stopped_by_user',
  'streaming_state_conflict',
  'token_expired',
  'token_revoked',
  'user_disabled',
  'user_not_found',
  'user_not_in_channel',
  'users_not_found',
  'already_reacted',
  'no_reaction',
])

/** Slack's Web API: checks a request as strictly as its published types and limits allow, then carries it out in the world. */
export class WebApi {
  readonly requests: FakeRequest[] = []
  readonly violations: Violation[] = []
  readonly faults = new Faults()
  readonly #options: WebApiOptions
  readonly #tiers: Tiers
  readonly #methods: Readonly<Record<string, Method>>

  constructor(options: WebApiOptions) {
    this.#options = options
    this.#tiers = new Tiers(options.clock)
    this.#methods = {
      ...agentMethods,
      ...chatMethods,
      ...lookupMethods,
      ...reactionMethods,
      ...streamMethods,
      ...viewMethods,
      ...fileMethods(options.uploadsAt),
      'apps.connections.open': () => ({ ok: true, url: options.socketUrl() }),
    }
  }

  /** Takes the request of a method: `raw` is its body, form or JSON, `token` that of the Authorization header. */
  async take(method: string, raw: string, contentType: string, token: string): Promise<Outcome> {
    const { clock } = this.#options
    const fields = contentType.includes('json')
      ? (JSON.parse(raw || '{}') as Fields)
      : formFields(method, raw)
    const request: FakeRequest = { method, fields, raw, atMs: clock.now() }
    this.requests.push(request)
    const fault = this.faults.take(method, fields)
    if (fault) request.fault = fault
    if (fault?.kind === 'reset') return { kind: 'cut' }
    if (fault?.kind === 'delay') await clock.sleep(fault.ms)
    if (fault?.kind === 'status')
      return { kind: 'answer', status: fault.status, body: 'upstream error', headers: {} }
    if (fault?.kind === 'rate-limit') return this.#answer(request, refuse('ratelimited'), fault.seconds)
    if (fault?.kind === 'error') return this.#answer(request, refuse(fault.error))
    const wait = this.#options.tiers ? this.#tiers.take(method, fields.channel) : 0
    if (wait > 0) {
      request.limited = true
      return this.#answer(request, refuse('ratelimited'), wait)
    }
    const { token: inBody, ...rest } = fields
    const reply = this.#carryOut(method, rest, token || textOf(inBody))
    if (!reply.ok && !EXPECTED.has(reply.error ?? ''))
      this.violations.push({
        method,
        error: reply.error ?? 'unknown',
        details: (reply.errors as string[] | undefined) ?? [],
      })
    return fault?.kind === 'accept-then-reset' ? { kind: 'cut' } : this.#answer(request, reply)
  }

  #carryOut(method: string, fields: Fields, token: string): Reply {
    const { world, times, botToken, appToken, scopes } = this.#options
    if (token !== (method === 'apps.connections.open' ? appToken : botToken)) return refuse('invalid_auth')
    const carryOut = this.#methods[method]
    if (!carryOut || !isKnownMethod(method)) return refuse('unknown_method')
    const needed = SCOPES_OF_METHOD[method]
    if (needed && !needed.some((scope) => scopes().includes(scope)))
      return refuse('missing_scope', { needed: needed.join(','), provided: scopes().join(',') })
    const blocks = fields.blocks === undefined ? [] : checkBlocks(fields.blocks)
    const chunks = fields.chunks === undefined ? [] : checkChunks(fields.chunks)
    if (blocks.length + chunks.length > 0)
      return refuse(blocks.length > 0 ? 'invalid_blocks' : 'invalid_chunks', worded([...blocks, ...chunks]))
    const wrong = checkArguments(method, fields)
    if (wrong.length > 0) return refuse('invalid_arguments', worded(wrong))
    return carryOut({ world, fields, times })
  }

  #answer(request: FakeRequest, reply: Reply, retryAfterSeconds?: number): Outcome {
    request.reply = reply
    return {
      kind: 'answer',
      status: retryAfterSeconds === undefined ? 200 : 429,
      body: JSON.stringify(reply),
      headers: {
        'content-type': 'application/json',
        'x-oauth-scopes': this.#options.scopes().join(','),
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      },
    }
  }
}

const worded = (errors: readonly string[]): Fields => ({
  errors,
  response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) },
})

/** Fields of a form; what is not a text by the method's type is JSON in it. */
const formFields = (method: string, raw: string): Fields => {
  const fields: Fields = {}
  for (const [name, value] of new URLSearchParams(raw)) {
    if (isText(method, name)) fields[name] = value
    else {
      try {
        fields[name] = JSON.parse(value) as unknown
      } catch {
        fields[name] = value
      }
    }
  }
  return fields
}
