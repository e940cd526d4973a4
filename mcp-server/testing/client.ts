import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

export interface TestClient {
  /** The text of the result, and whether it was an error. */
  call(
    name: string,
    args: Record<string, unknown>,
  ): Promise<{ readonly failed: boolean; readonly text: string }>
  close(): Promise<void>
}

const around = (client: Client): TestClient => ({
  call: async (name, args) => {
    const result = await client.callTool({ name, arguments: args })
    const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
    return { failed: result.isError ?? false, text }
  },
  close: () => client.close(),
})

/** The official client over HTTP. */
export const connectHttp = async (url: string, token: string): Promise<TestClient> => {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', url), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  )
  return around(client)
}

/** The official client over stdio, with the server in a process of its own. */
export const connectStdio = async (options: {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}): Promise<TestClient> => {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(
    new StdioClientTransport({
      ...options,
      args: [...options.args],
      env: { ...options.env },
      stderr: 'ignore',
    }),
  )
  return around(client)
}
