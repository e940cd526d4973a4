import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/**
 * A stand-in for Anthropic's Messages API (streaming), strict in what it takes: headers, body and the order of tool
 * calls and results are checked as the API documents them, and anything else is answered with its own 400. What the
 * model would say comes from `answer`.
 */
const Text = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1),
  cache_control: z.unknown().optional(),
})
const ToolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  input: z.record(z.string(), z.unknown()),
  cache_control: z.unknown().optional(),
})
const ToolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(Text)]).optional(),
  is_error: z.boolean().optional(),
  cache_control: z.unknown().optional(),
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
  cache_control: z.unknown().optional(),
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
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }

/** A failure to answer with in place of a message. */
export interface AnthropicFailure {
  readonly status: number
  readonly error: string
}

export interface FakeAnthropic {
  /** For ANTHROPIC_URL: with /v1. */
  readonly url: string
  /** Every request body, byte for byte as it came. */
  readonly bodies: readonly string[]
  close(): Promise<void>
}

const blocksOf = (
  content: AnthropicRequest['messages'][number]['content'],
): readonly z.infer<typeof Block>[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content

/** Every tool_use is answered by a tool_result in the very next message, and every result answers one. */
const wrongOrder = ({ messages }: AnthropicRequest): string | undefined => {
  let open = new Set<string>()
  for (const { role, content } of messages) {
    const blocks = blocksOf(content)
    const results = blocks.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []))
    const uses = blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
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

const fail = (response: ServerResponse, status: number, type: string, message: string): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_fake' })
  response.end(JSON.stringify({ type: 'error', error: { type, message } }))
}

const stream = (response: ServerResponse, model: string, content: readonly AnthropicBlock[]): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_fake' })
  const event = (type: string, data: Record<string, unknown>): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
  }
  const usage = {
    input_tokens: 10,
    output_tokens: 1,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  }
  const message = {
    id: 'msg_fake',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  }
  event('message_start', { message })
  for (const [index, block] of content.entries()) {
    event('content_block_start', {
      index,
      content_block: block.type === 'text' ? { type: 'text', text: '' } : { ...block, input: {} },
    })
    const delta =
      block.type === 'text'
        ? { type: 'text_delta', text: block.text }
        : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }
    event('content_block_delta', { index, delta })
    event('content_block_stop', { index })
  }
  const stopReason = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn'
  event('message_delta', {
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: { output_tokens: 5 },
  })
  event('message_stop', {})
  response.end()
}

export const startFakeAnthropic = async (
  answer: (request: AnthropicRequest) => Promise<readonly AnthropicBlock[] | AnthropicFailure>,
): Promise<FakeAnthropic> => {
  const bodies: string[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    bodies.push(`${request.url} ${JSON.stringify(request.headers)}\n${text}`)
    const badHeaders = wrongHeaders(request)
    if (badHeaders) return fail(response, 400, 'invalid_request_error', badHeaders)
    const parsed = Body.safeParse(JSON.parse(text))
    if (!parsed.success) return fail(response, 400, 'invalid_request_error', z.prettifyError(parsed.error))
    const disorder = wrongOrder(parsed.data)
    if (disorder) return fail(response, 400, 'invalid_request_error', disorder)
    const content = await answer(parsed.data)
    if ('status' in content) return fail(response, content.status, content.error, content.error)
    stream(response, parsed.data.model, content)
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => fail(response, 500, 'api_error', String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
