import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { piecesOf, type Said, type Script, type ScriptedServer } from './script.ts'

/**
 * A stand-in for Anthropic's Messages API (streaming), strict in what it takes: headers, body and the order of tool
 * calls and results are checked as the API documents them, and anything else is answered with its own 400. What the
 * model would say comes from `answer`.
 */
const Kept = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).optional()
const Text = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1),
  cache_control: Kept,
})
const ToolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  input: z.record(z.string(), z.unknown()),
  cache_control: Kept,
})
const ToolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(Text)]).optional(),
  is_error: z.boolean().optional(),
  cache_control: Kept,
})
const Block = z.union([Text, ToolUse, ToolResult])
const Message = z.strictObject({
  role: z.enum(['user', 'assistant']),
  content: z.union([z.string().min(1), z.array(Block).min(1)]),
})
const Tool = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  eager_input_streaming: z.boolean().optional(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  cache_control: Kept,
})
const Body = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  system: z.union([z.string(), z.array(Text)]).optional(),
  messages: z.array(Message).min(1),
  tools: z.array(Tool).optional(),
  tool_choice: z
    .strictObject({
      type: z.enum(['auto', 'any', 'none']),
      disable_parallel_tool_use: z.boolean().optional(),
    })
    .optional(),
  temperature: z.number().optional(),
  stop_sequences: z.array(z.string()).optional(),
  stream: z.literal(true),
})

export type AnthropicRequest = z.infer<typeof Body>
export type AnthropicBlock =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool_use'
      readonly id: string
      readonly name: string
      readonly input: unknown
      /** Arguments as the model wrote them, where they are no JSON. */
      readonly raw?: string | undefined
    }

/** A failure to answer with in place of a message. */
export interface AnthropicFailure {
  readonly status: number
  readonly error: string
  readonly retryAfterSeconds?: number | undefined
}

/** A message that does not end as messages do. */
export interface AnthropicOddMessage {
  readonly content: readonly AnthropicBlock[]
  readonly stopReason?: 'refusal' | 'max_tokens' | undefined
  readonly fault?: Said['fault']
}
export type AnthropicReply = readonly AnthropicBlock[] | AnthropicFailure | AnthropicOddMessage

export interface FakeAnthropic {
  /** For ANTHROPIC_URL: with /v1. */
  readonly url: string
  /** Every request body, byte for byte as it came. */
  readonly bodies: readonly string[]
  /** Why requests were refused as malformed. */
  readonly refused: readonly string[]
  close(): Promise<void>
}

const blocksOf = (
  content: AnthropicRequest['messages'][number]['content'],
): readonly z.infer<typeof Block>[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content

/** At most four places are marked for the cache, tools have different names, and the person speaks first. */
const wrongWhole = ({ messages, tools = [], system }: AnthropicRequest): string | undefined => {
  const marks = JSON.stringify([messages, tools, system]).match(/"cache_control":\{/g)?.length ?? 0
  if (marks > 4) return `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`
  if (new Set(tools.map(({ name }) => name)).size < tools.length) return 'tools: Tool names must be unique.'
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role'
  const last = messages.at(-1)
  const text = last?.role === 'assistant' ? blocksOf(last.content).at(-1) : undefined
  if (text?.type === 'text' && /\s$/.test(text.text))
    return 'messages: final assistant content cannot end with trailing whitespace'
  return undefined
}

/** Every tool_use is answered by a tool_result in the very next message, and every result answers one. */
const wrongOrder = ({ messages }: AnthropicRequest): string | undefined => {
  let open = new Set<string>()
  for (const { role, content } of messages) {
    const blocks = blocksOf(content)
    const results = blocks.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []))
    const uses = blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
    if (blocks.findLastIndex(({ type }) => type === 'tool_result') >= results.length)
      return 'tool_result blocks must come first in the content of a message'
    if (results.length > 0 && role !== 'user') return 'tool_result blocks belong to user messages'
    if (uses.length > 0 && role !== 'assistant') return 'tool_use blocks belong to assistant messages'
    for (const id of results) if (!open.delete(id)) return `unexpected tool_use_id: ${id}`
    if (open.size > 0) return `tool_use ids without tool_result: ${[...open].join(', ')}`
    open = new Set(uses)
  }
  return open.size > 0 ? 'the last message has tool_use without tool_result' : undefined
}

const wrongHeaders = (request: IncomingMessage): string | undefined => {
  if (request.method !== 'POST' || request.url !== '/v1/messages')
    return `no route ${request.method} ${request.url}`
  if (!request.headers['x-api-key']) return 'x-api-key header is required'
  if (request.headers['anthropic-version'] !== '2023-06-01') return 'anthropic-version header is required'
  if (!request.headers['content-type']?.startsWith('application/json'))
    return 'content-type must be application/json'
  return undefined
}

const fail = (
  response: ServerResponse,
  { status, error, retryAfterSeconds }: AnthropicFailure,
  message: string,
): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    'request-id': 'req_fake',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  })
  response.end(JSON.stringify({ type: 'error', error: { type: error, message } }))
}

const USAGE = {
  input_tokens: 10,
  output_tokens: 1,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 100,
}

const deltasOf = (block: AnthropicBlock): readonly unknown[] =>
  block.type === 'text'
    ? piecesOf(block.text).map((text) => ({ type: 'text_delta', text }))
    : piecesOf(block.raw ?? JSON.stringify(block.input)).map((json) => ({
        type: 'input_json_delta',
        partial_json: json,
      }))

const stream = (
  response: ServerResponse,
  model: string,
  { content, stopReason, fault }: AnthropicOddMessage,
): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_fake' })
  const event = (type: string, data: Record<string, unknown>): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
  }
  const message = {
    id: 'msg_fake',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: USAGE,
  }
  event('message_start', { message })
  event('ping', {})
  for (const [index, block] of content.entries()) {
    event('content_block_start', {
      index,
      content_block:
        block.type === 'text'
          ? { type: 'text', text: '' }
          : { type: 'tool_use', id: block.id, name: block.name, input: {} },
    })
    for (const delta of deltasOf(block)) event('content_block_delta', { index, delta })
    if (fault === 'hangs') return
    if (fault === 'torn')
      return void response.write('event: content_block_delta\ndata: {"ty', () => response.destroy())
    if (fault === 'early') return void response.end()
    if (fault === 'error') {
      event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })
      return void response.end()
    }
    event('content_block_stop', { index })
  }
  const usual = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn'
  event('message_delta', {
    delta: { stop_reason: stopReason ?? usual, stop_sequence: null },
    usage: { output_tokens: 5 },
  })
  event('message_stop', {})
  response.end()
}

const isMessage = (reply: AnthropicReply): reply is readonly AnthropicBlock[] => Array.isArray(reply)

export const startFakeAnthropic = async (
  answer: (request: AnthropicRequest) => Promise<AnthropicReply>,
): Promise<FakeAnthropic> => {
  const bodies: string[] = []
  const refused: string[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    bodies.push(`${request.url} ${JSON.stringify(request.headers)}\n${text}`)
    const parsed = Body.safeParse(JSON.parse(text))
    const malformed =
      wrongHeaders(request) ??
      (parsed.success ? (wrongOrder(parsed.data) ?? wrongWhole(parsed.data)) : z.prettifyError(parsed.error))
    if (malformed !== undefined || !parsed.success) {
      refused.push(malformed ?? '')
      return fail(response, { status: 400, error: 'invalid_request_error' }, malformed ?? '')
    }
    const reply = await answer(parsed.data)
    if (isMessage(reply)) return stream(response, parsed.data.model, { content: reply })
    if ('status' in reply) return fail(response, reply, reply.error)
    stream(response, parsed.data.model, reply)
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) =>
      fail(response, { status: 500, error: 'api_error' }, String(error)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    refused,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const ERROR_OF: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

/** A scripted model behind Anthropic's protocol. */
export const scriptedAnthropic = async (script: Script): Promise<ScriptedServer> => {
  let step = 0
  const fake = await startFakeAnthropic(async (request) => {
    const move = script(
      { last: JSON.stringify(request.messages.at(-1)?.content), whole: JSON.stringify(request) },
      step++,
    )
    if ('status' in move) return { ...move, error: ERROR_OF[move.status] ?? 'api_error' }
    const { text, calls = [], stop, fault } = move
    return {
      content: [
        ...(text ? [{ type: 'text' as const, text }] : []),
        ...calls.map((call, at) => ({ type: 'tool_use' as const, id: `toolu_${step}_${at}`, ...call })),
      ],
      stopReason: stop === 'too_long' ? 'max_tokens' : stop,
      fault,
    }
  })
  return {
    settings: {
      TACT_MODEL: 'anthropic:claude-test',
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_URL: fake.url,
    },
    bodies: fake.bodies,
    refused: fake.refused,
    close: () => fake.close(),
  }
}
