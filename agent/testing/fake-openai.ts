import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { piecesOf, type Said, type Script, type ScriptedServer } from './script.ts'

/**
 * A stand-in for a server of OpenAI's Chat Completions form (vLLM, LM Studio, Ollama), streaming and strict in what it
 * takes: body, roles and the order of calls and results are checked as the API documents them.
 */
const Parts = z.array(z.strictObject({ type: z.literal('text'), text: z.string().min(1) })).min(1)
const Call = z.strictObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/), arguments: z.string() }),
})
const Message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string().min(1) }),
  z.strictObject({ role: z.literal('user'), content: z.union([z.string().min(1), Parts]) }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.string().nullish(),
    tool_calls: z.array(Call).min(1).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), content: z.string(), tool_call_id: z.string().min(1) }),
])
const Body = z.strictObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  max_tokens: z.int().min(1).optional(),
  temperature: z.number().optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        function: z.strictObject({
          name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
          description: z.string().optional(),
          parameters: z.looseObject({ type: z.literal('object') }),
          strict: z.boolean().optional(),
        }),
      }),
    )
    .optional(),
  tool_choice: z.enum(['auto', 'none', 'required']).optional(),
  stream: z.literal(true),
  stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
})
type Request = z.infer<typeof Body>

const isJsonObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** Every call is answered by a `tool` message before anybody else speaks; arguments that come back are JSON. */
const wrongOrder = ({ messages, tools = [] }: Request): string | undefined => {
  const open = new Set<string>()
  for (const message of messages) {
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id)) return 'a tool message must answer a preceding tool_calls'
      continue
    }
    if (open.size > 0) return `tool_call_ids did not have response messages: ${[...open].join(', ')}`
    if (message.role !== 'assistant') continue
    if (!message.content && !message.tool_calls) return 'an assistant message needs content or tool_calls'
    for (const call of message.tool_calls ?? []) {
      if (open.has(call.id)) return `the id ${call.id} is given twice`
      if (!isJsonObject(call.function.arguments)) return 'function.arguments is no JSON object'
      open.add(call.id)
    }
  }
  if (open.size > 0) return `tool_call_ids did not have response messages: ${[...open].join(', ')}`
  const names = tools.map((one) => one.function.name)
  return new Set(names).size < names.length ? 'function names must be unique' : undefined
}

const wrongHeaders = (request: IncomingMessage): string | undefined => {
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions')
    return `no route ${request.method} ${request.url}`
  return request.headers['content-type']?.startsWith('application/json')
    ? undefined
    : 'content-type must be application/json'
}

const TYPE_OF: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_exceeded',
}

const fail = (
  response: ServerResponse,
  { status, retryAfterSeconds }: { readonly status: number; readonly retryAfterSeconds?: number | undefined },
  message: string,
): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  })
  const type = TYPE_OF[status] ?? 'server_error'
  response.end(JSON.stringify({ error: { message, type, param: null, code: null } }))
}

const USAGE = {
  prompt_tokens: 110,
  completion_tokens: 5,
  total_tokens: 115,
  prompt_tokens_details: { cached_tokens: 100 },
}

const stream = (response: ServerResponse, request: Request, said: Said, step: number): void => {
  const { text = '', calls = [], stop, fault } = said
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const chunk = (data: Record<string, unknown>): void => {
    const about = { id: 'chatcmpl-fake', object: 'chat.completion.chunk', created: 1, model: request.model }
    response.write(`data: ${JSON.stringify({ ...about, ...data })}\n\n`)
  }
  const delta = (value: Record<string, unknown>, finish_reason: string | null = null): void =>
    chunk({ choices: [{ index: 0, delta: value, logprobs: null, finish_reason }] })
  delta({ role: 'assistant', content: '' })
  for (const content of piecesOf(text)) delta({ content })
  if (fault === 'hangs') return
  if (fault === 'torn')
    return void response.write('data: {"id":"chatc', () => {
      response.destroy()
    })
  if (fault === 'early') return void response.end()
  if (fault === 'error') {
    response.write(`data: ${JSON.stringify({ error: { message: 'Overloaded', type: 'server_error' } })}\n\n`)
    return void response.end()
  }
  for (const [index, { name, input, raw }] of calls.entries()) {
    const id = `call_${step}_${index}`
    delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] })
    for (const piece of piecesOf(raw ?? JSON.stringify(input)))
      delta({ tool_calls: [{ index, function: { arguments: piece } }] })
  }
  const usual = calls.length > 0 ? 'tool_calls' : 'stop'
  delta({}, stop === 'refusal' ? 'content_filter' : stop === 'too_long' ? 'length' : usual)
  if (request.stream_options?.include_usage) chunk({ choices: [], usage: USAGE })
  response.end('data: [DONE]\n\n')
}

/** A scripted model behind OpenAI's protocol. */
export const scriptedOpenai = async (script: Script): Promise<ScriptedServer> => {
  const bodies: string[] = []
  const refused: string[] = []
  let step = 0
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const part of request) chunks.push(part as Buffer)
    const text = Buffer.concat(chunks).toString('utf8')
    bodies.push(text)
    const parsed = Body.safeParse(JSON.parse(text))
    const malformed =
      wrongHeaders(request) ?? (parsed.success ? wrongOrder(parsed.data) : z.prettifyError(parsed.error))
    if (malformed !== undefined || !parsed.success) {
      refused.push(malformed ?? '')
      return fail(response, { status: 400 }, malformed ?? '')
    }
    const seen = { last: JSON.stringify(parsed.data.messages.at(-1)), whole: text }
    const move = script(seen, step++)
    if ('status' in move) return fail(response, move, 'The server is not well.')
    stream(response, parsed.data, move, step)
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => fail(response, { status: 500 }, String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return {
    settings: { TACT_MODEL: `openai-compatible:${url}#test-model` },
    bodies,
    refused,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
