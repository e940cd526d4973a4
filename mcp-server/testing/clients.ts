import Anthropic from '@anthropic-ai/sdk'
import { mcpTools } from '@anthropic-ai/sdk/helpers/beta/mcp'
import { createMCPClient } from '@ai-sdk/mcp'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

/** A result as a client hands it to a model. */
export interface Called {
  readonly failed: boolean
  readonly text: string
}

/** A client that nobody here wrote. */
export interface ForeignClient {
  /** Names of the tools it offers a model, in their order. */
  names(): Promise<readonly string[]>
  call(name: string, argument: Record<string, unknown>): Promise<Called>
  close(): Promise<void>
}

export interface Connection {
  readonly url: URL
  readonly token: string
  /** Every byte that the client was sent, and what its model was. */
  readonly received: string[]
}

const recording =
  (received: string[]): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init)
    if (init?.method === 'POST') received.push(await response.clone().text())
    return response
  }

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const textIn = (content: unknown): string =>
  (content as readonly { readonly text?: string }[]).map(({ text }) => text ?? '').join('')

const official = async ({ url, token, received }: Connection, mode: 'legacy' | 'auto'): Promise<Client> => {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(
    new StreamableHTTPClientTransport(url, { requestInit: bearer(token), fetch: recording(received) }),
  )
  return client
}

const version2 =
  (mode: 'legacy' | 'auto') =>
  async (connection: Connection): Promise<ForeignClient> => {
    const client = await official(connection, mode)
    return {
      names: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name, argument) => {
        const { content, isError } = await client.callTool({ name, arguments: argument })
        return { failed: isError ?? false, text: textIn(content) }
      },
      close: () => client.close(),
    }
  }

const version1 = async ({ url, token, received }: Connection): Promise<ForeignClient> => {
  const client = new OldClient({ name: 'test', version: '1' })
  const transport = new OldTransport(url, { requestInit: bearer(token), fetch: recording(received) })
  await client.connect(transport)
  return {
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, argument) => {
      const { content, isError } = await client.callTool({ name, arguments: argument })
      return { failed: isError === true, text: textIn(content) }
    },
    close: () => client.close(),
  }
}

const aiSdk = async ({ url, token, received }: Connection): Promise<ForeignClient> => {
  const client = await createMCPClient({
    transport: { type: 'http', url: url.href, ...bearer(token), fetch: recording(received) },
  })
  const tools = await client.tools()
  return {
    names: async () => Object.keys(tools),
    call: async (name, argument) => {
      const result = (await tools[name]?.execute?.(argument, {
        toolCallId: 'call',
        messages: [],
        context: {},
      } as never)) as { readonly content: unknown; readonly isError?: boolean }
      return { failed: result.isError ?? false, text: textIn(result.content) }
    },
    close: () => client.close(),
  }
}

/** Tools come with the first request of a thread alone. */
interface MessagesRequest {
  readonly tools?: readonly { readonly name: string; readonly input_schema: { readonly type: string } }[]
  readonly messages: readonly { readonly role: string; readonly content: unknown }[]
}

const messageOf = (content: readonly object[], stop_reason: string): Response =>
  Response.json({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-test',
    content,
    stop_reason,
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  })

/** Anthropic's tool runner over the tools of MCP; its model asks for the one call, and then ends its turn. */
const toolRunner = async (connection: Connection): Promise<ForeignClient> => {
  const client = await official(connection, 'auto')
  const { tools } = await client.listTools()
  const call = async (name: string, input: Record<string, unknown>): Promise<Called> => {
    let called: Called | undefined
    const model: typeof fetch = async (_input, init) => {
      const request = JSON.parse(init?.body as string) as MessagesRequest
      connection.received.push(JSON.stringify(request.messages))
      if (request.tools?.some(({ input_schema }) => input_schema.type !== 'object'))
        return new Response('bad schema', { status: 400 })
      const last = request.messages.at(-1)?.content
      const [result] = Array.isArray(last)
        ? (last as readonly { type: string; content?: unknown; is_error?: boolean }[])
        : []
      if (result?.type !== 'tool_result')
        return messageOf([{ type: 'tool_use', id: 'toolu_1', name, input }], 'tool_use')
      const text = typeof result.content === 'string' ? result.content : textIn(result.content)
      called = { failed: result.is_error ?? false, text }
      return messageOf([{ type: 'text', text: 'Done.' }], 'end_turn')
    }
    await new Anthropic({
      apiKey: 'none',
      baseURL: 'http://127.0.0.1',
      fetch: model,
      maxRetries: 0,
    }).beta.messages
      .toolRunner({
        model: 'claude-test',
        max_tokens: 100,
        max_iterations: 3,
        messages: [{ role: 'user', content: 'Go.' }],
        tools: mcpTools(tools, client as never),
      })
      .runUntilDone()
    if (called === undefined) throw new Error('the tool was not run')
    return called
  }
  return { names: async () => tools.map(({ name }) => name), call, close: () => client.close() }
}

export const CLIENTS: Readonly<Record<string, (connection: Connection) => Promise<ForeignClient>>> = {
  'the official client, initialize era': version2('legacy'),
  'the official client, 2026-07-28': version2('auto'),
  'the official client of version 1': version1,
  '@ai-sdk/mcp': aiSdk,
  "Anthropic's tool runner": toolRunner,
}
