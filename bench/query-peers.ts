import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** MCP servers that hand SQL to Postgres; installed into a temporary folder, never dependencies. */
const PEERS = [
  {
    name: 'dbhub 1.4.0',
    package: '@bytebase/dbhub@1.4.0',
    main: '@bytebase/dbhub/dist/index.js',
    arguments: (url: string) => ['--transport', 'stdio', '--dsn', `${url}?sslmode=disable`],
    tool: 'execute_sql',
  },
  {
    name: 'server-postgres 0.6.2',
    package: '@modelcontextprotocol/server-postgres@0.6.2',
    main: '@modelcontextprotocol/server-postgres/dist/index.js',
    arguments: (url: string) => [url],
    tool: 'query',
  },
] as const

export interface Peer {
  readonly name: string
  /** Runs SQL through the peer's tool; throws when the peer refuses or fails. */
  ask(sql: string): Promise<void>
  close(): void
}

interface Reply {
  readonly id?: number
  readonly error?: { readonly message: string }
  readonly result?: { readonly isError?: boolean; readonly content?: readonly { readonly text?: string }[] }
}

const start = async (folder: string, peer: (typeof PEERS)[number], url: string): Promise<Peer> => {
  const child = spawn(process.execPath, [join(folder, 'node_modules', peer.main), ...peer.arguments(url)], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const waiting = new Map<number, (reply: Reply) => void>()
  child.on('exit', () => {
    for (const answer of waiting.values()) answer({ error: { message: 'the server ended' } })
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith('{')) return
    const reply = JSON.parse(line) as Reply
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply)
  })
  let next = 0
  const call = async (method: string, params: unknown): Promise<Reply> => {
    next += 1
    const id = next
    const reply = await new Promise<Reply>((resolve) => {
      waiting.set(id, resolve)
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    })
    waiting.delete(id)
    if (reply.error) throw new Error(reply.error.message)
    return reply
  }
  const clientInfo = { name: 'bench', version: '1' }
  await call('initialize', { protocolVersion: '2024-11-05', capabilities: {}, clientInfo })
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`)
  return {
    name: peer.name,
    ask: async (sql) => {
      const { result } = await call('tools/call', { name: peer.tool, arguments: { sql } })
      if (result?.isError) throw new Error(result.content?.[0]?.text?.slice(0, 200) ?? 'refused')
    },
    close: () => void child.kill(),
  }
}

export interface Peers {
  readonly peers: readonly Peer[]
  /** Names of those left out, and why. */
  readonly leftOut: readonly string[]
  close(): void
}

/** Installs and starts the peers on that database; whatever cannot be had is left out by name. */
export const startPeers = async (url: string): Promise<Peers> => {
  const folder = mkdtempSync(join(tmpdir(), 'tact-peers-'))
  const peers: Peer[] = []
  const leftOut: string[] = []
  for (const peer of PEERS) {
    try {
      await run(
        'npm',
        ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', peer.package],
        {
          timeout: 240_000,
        },
      )
      const started = await start(folder, peer, url)
      await started.ask('select 1')
      peers.push(started)
    } catch (error) {
      leftOut.push(`${peer.name}: ${error instanceof Error ? error.message.split('\n')[0] : 'failed'}`)
    }
  }
  return {
    peers,
    leftOut,
    close: () => {
      for (const peer of peers) peer.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
