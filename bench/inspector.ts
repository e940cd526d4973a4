import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { serve } from '../cli/serve.ts'
import { createAccessToken } from '../db/access-tokens.ts'
import { actorFor } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { findWorkspace } from '../db/workspace.ts'
import { openWithDemo } from './peers/demo-house.ts'
import { installPeer } from './peers/install.ts'

/**
 * The command line of the official Inspector against the product over a demo: its lint of the tools list (`--strict`) and
 * its load test (`--load`), over stdio and HTTP, in both protocol eras. Prints a Markdown table; exits 1 where one fails.
 */
const VERSION = '2.12.0'
const WORKSPACE = 'cobalt'
const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts')
const LOAD = ['--load', '--load-requests', '300', '--load-concurrency', '10']
const CALL = [
  '--method',
  'tools/call',
  '--tool-name',
  'search_people',
  '--tool-args-json',
  '{"query":"smith"}',
]
const print = (line: string): void => void process.stdout.write(`${line}\n`)

const program = installPeer('@modelcontextprotocol/inspector', VERSION, 'mcp-inspector')
if (program === undefined) {
  print(`Left out: @modelcontextprotocol/inspector ${VERSION} could not be fetched.`)
  process.exit(0)
}
const dataHome = mkdtempSync(join(tmpdir(), 'tact-inspected-'))
const environment = { TACT_HOME: dataHome, TACT_PORT: '0', TACT_MCP_PER_MINUTE: '1000000' }
const house = await openWithDemo(environment)
const service = await serve(house, { config: house.config, run: async () => 1 })
const workspace = await findWorkspace(house.database, WORKSPACE)
const actor = await actorFor(house.database, workspace!, undefined, 'cli')
const { token } = await asTenant(house.database, actor, (tx) =>
  createAccessToken(tx, {
    memberId: actor.memberId!,
    name: 'inspector',
    scopes: ['crm.read'],
    expiresAt: null,
  }),
)
// It writes into its home.
const home = mkdtempSync(join(tmpdir(), 'tact-inspector-'))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly errors: string
}
const inspect = (argv: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [program, '--cli', '--format', 'json', '-q', '--connect-timeout', '60000', ...argv],
      {
        env: { ...process.env, ...environment, HOME: home },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let [out, errors] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.on('exit', (code) => resolve({ code, out, errors }))
  })

const http = (era: string): readonly string[] => [
  '--server-url',
  `${service.url}/mcp`,
  '--transport',
  'http',
  '--protocol-era',
  era,
  '--header',
  `Authorization: Bearer ${token}`,
]
/** It hands its own environment on to no server. */
const stdio = ['--', 'env', `TACT_HOME=${dataHome}`, process.execPath, MAIN, 'mcp', '--workspace', WORKSPACE]
const ways: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['stdio', [], stdio],
  ['HTTP, initialize era', http('legacy'), []],
  ['HTTP, 2026-07-28', http('modern'), []],
]

let failed = 0
print('| way | what | exit | says |\n|---|---|---|---|')
for (const [way, before, after] of ways) {
  const strict = await inspect([...before, '--strict', '--method', 'tools/list', ...after])
  const load = await inspect([...before, ...LOAD, ...CALL, ...after])
  for (const [what, { code, out, errors }] of [
    ['--strict tools/list', strict],
    ['--load 300 calls by 10', load],
  ] as const) {
    if (code !== 0) failed += 1
    const words = what.startsWith('--load') || code !== 0 ? `${out} ${errors}` : errors
    print(`| ${way} | ${what} | ${code} | ${words.trim().replaceAll(/\s+/g, ' ').slice(0, 300)} |`)
  }
  if (way === 'stdio' && strict.code === 0) {
    const { result } = JSON.parse(strict.out) as { readonly result: { readonly tools: readonly object[] } }
    const { tools } = result
    print(
      `| ${way} | tools/list | | ${tools.length} tools, ${encode(JSON.stringify({ tools })).length} tokens (o200k) |`,
    )
  }
}

await service.close()
await house.close()
for (const folder of [home, dataHome]) rmSync(folder, { recursive: true, force: true })
process.exitCode = failed === 0 ? 0 : 1
