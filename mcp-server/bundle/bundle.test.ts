import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpApp } from '../http.ts'
import { instructionsFor } from '../instructions.ts'
import { buildServer } from '../register.ts'
import { identity, memoryToolbox } from '../testing/memory-toolbox.ts'

const root = join(import.meta.dirname, '..', '..')
const ATTACHED = join(import.meta.dirname, '..', 'testing', 'attached-server.ts')
const TOKEN = 'tact_bundle'

let place: string
let program: string
const closers: (() => Promise<unknown> | void)[] = []

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'tact-bundle-'))
  execFileSync(process.execPath, [join(root, 'scripts', 'bundle.ts'), place])
  execFileSync(join(root, 'node_modules', '.bin', 'mcpb'), [
    'unpack',
    join(place, 'tact.mcpb'),
    join(place, 'in'),
  ])
  program = join(place, 'in', 'server', 'index.mjs')
})
afterAll(async () => {
  for (const close of closers.toReversed()) await close()
  rmSync(place, { recursive: true, force: true })
})

/** The extension, started as Claude Desktop starts it: settings that nobody filled in come as their placeholder. */
const started = async (settings: Record<string, string>): Promise<Client> => {
  const { server } = JSON.parse(readFileSync(join(place, 'in', 'manifest.json'), 'utf8')) as {
    readonly server: { readonly mcp_config: { readonly env: Record<string, string> } }
  }
  const client = new Client({ name: 'desktop', version: '1' })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [program],
      env: { PATH: process.env['PATH'] ?? '', ...server.mcp_config.env, ...settings },
      stderr: 'inherit',
    }),
  )
  closers.push(() => client.close())
  return client
}

const founders = async (client: Client): Promise<unknown> => {
  const { structuredContent } = await client.callTool({
    name: 'search_people',
    arguments: { query: 'founder' },
  })
  return structuredContent
}
const FOUND = { data: [{ handle: 'PERSON_00017' }, { handle: 'PERSON_00022' }] }

describe('the extension for Claude Desktop, unpacked', () => {
  test('is one file of plain JavaScript without native modules, and names every setting it hands on', () => {
    const manifest = readFileSync(join(place, 'in', 'manifest.json'), 'utf8')
    for (const [, name] of manifest.matchAll(/\$\{user_config\.(\w+)\}/g))
      expect(Object.keys((JSON.parse(manifest) as { user_config: object }).user_config)).toContain(name)
    expect(readFileSync(program, 'utf8')).not.toMatch(/\.node["'`]\)/)
  })

  test('serves through the Tact at an address', async () => {
    const toolbox = memoryToolbox()
    const caller = identity('bundle')
    const http = createHttpApp({
      host: '127.0.0.1',
      port: 0,
      authenticate: async (token) => (token === TOKEN ? caller : undefined),
      riskOf: (tool) => toolbox.tools.get(tool)?.risk,
      build: () =>
        buildServer({
          toolbox,
          caller: () => caller,
          instructions: instructionsFor({ inboxUrl: null }),
          name: 'tact',
          version: '0.1.0',
        }),
    })
    const address = await http.listen()
    closers.push(() => http.close())
    const client = await started({ TACT_HOME: place, TACT_URL: address, TACT_TOKEN: TOKEN })
    expect(client.getServerVersion()?.name).toBe('tact')
    expect(await founders(client)).toMatchObject(FOUND)
    expect(toolbox.calls.map(({ name }) => name)).toEqual(['search_people'])
  })

  test('attaches to the process that owns the data', async () => {
    const home = mkdtempSync(join(place, 'home-'))
    const owner = spawn(process.execPath, [ATTACHED, 'up', home], { stdio: ['ignore', 'ignore', 'pipe'] })
    closers.push(() => void owner.kill())
    await once(owner.stderr, 'data')
    const client = await started({ TACT_HOME: home, TACT_COMMAND: join(place, 'nowhere') })
    expect(client.getServerVersion()?.name).toBe(`pid ${owner.pid}`)
    expect(await founders(client)).toMatchObject(FOUND)
  })

  test('starts an owner where none runs, and another when that one is killed', async () => {
    const home = mkdtempSync(join(place, 'home-'))
    const command = join(place, 'tact.sh')
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${ATTACHED}" mcp "$TACT_HOME"\n`, {
      mode: 0o755,
    })
    const client = await started({ TACT_HOME: home, TACT_COMMAND: command })
    const name = client.getServerVersion()?.name ?? ''
    expect(name).toMatch(/^pid \d+$/)
    expect(await founders(client)).toMatchObject(FOUND)
    process.kill(Number(name.slice(4)), 'SIGKILL')
    await expect.poll(() => founders(client).catch(() => undefined), { timeout: 20_000 }).toMatchObject(FOUND)
  })
})
