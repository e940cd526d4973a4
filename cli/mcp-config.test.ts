import { describe, expect, test } from 'vitest'
import { clientConfig } from './mcp-config.ts'

const started = {
  command: '/opt/node',
  args: ['/opt/my tact/bin/tact.js', 'mcp'],
  env: { TACT_HOME: "/home/o'neil/.tact" },
}

describe('settings for MCP clients', () => {
  test('Claude Desktop and Cursor take them under mcpServers, VS Code under servers with a type', () => {
    for (const client of ['claude-desktop', 'cursor'])
      expect(JSON.parse(clientConfig(client, started).what)).toEqual({ mcpServers: { tact: started } })
    expect(JSON.parse(clientConfig('vscode', started).what)).toEqual({
      servers: { tact: { type: 'stdio', ...started } },
    })
  })

  test('Claude Code takes one command, quoted for a shell', () => {
    expect(clientConfig('claude-code', started).what).toBe(
      String.raw`claude mcp add tact --env 'TACT_HOME=/home/o'\''neil/.tact' -- /opt/node '/opt/my tact/bin/tact.js' mcp` +
        '\n',
    )
  })

  test('a client that is not known is refused with those that are', () => {
    for (const client of ['emacs', 'toString', '__proto__']) {
      const refused = (): unknown => clientConfig(client, started)
      expect(refused).toThrow(`no client called ${client}`)
    }
  })
})
