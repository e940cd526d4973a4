import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { openHouse } from '../cli/compose.ts'
import { authenticate, mcpServerOf } from '../cli/mcp-door.ts'
import { loadConfig } from '../config.ts'
import { createAccessToken } from '../db/access-tokens.ts'
import { createMember } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { serveFixture, serveForSuites, type Served } from '../mcp-server/conformance/serve.ts'
import { createHttpApp } from '../mcp-server/http.ts'

/**
 * `npm run conformance`: the official suites against the production application, offline, on 127.0.0.1.
 *
 * The fixture is our application over a server that has all the tools, prompts and resources the suites call by name:
 * nothing may fail there, warnings included where the suite can be strict (0.1.16 cannot for anybody: its own
 * `server-sse-polling` warns). The product is our application over its own tools: scenarios of the fixture's names fail
 * there and are listed in mcp-server/conformance/*.yaml; one that passes although it is listed fails the run too.
 * How many checks passed is counted, since a scenario without a check counts as passed.
 */
const { values } = parseArgs({ options: { verbose: { type: 'boolean', default: false } } })
const require = createRequire(import.meta.url)
const FOLDER = join(import.meta.dirname, '..', 'mcp-server', 'conformance')

interface Run {
  readonly server: 'fixture' | 'product'
  readonly suite: string
  readonly package: '@modelcontextprotocol/conformance' | 'conformance-next'
  readonly argv: readonly string[]
  /** Scenarios that may fail, and must; without it any failure fails. */
  readonly baseline?: string
  /** Checks that pass. */
  readonly passed: number
}

const OLD = '@modelcontextprotocol/conformance'
const NEW = 'conformance-next'
const RUNS: readonly Run[] = [
  { server: 'fixture', suite: '0.1.16 all', package: OLD, argv: ['--suite', 'all'], passed: 44 },
  ...(
    [
      ['2025-11-25', 84],
      ['2026-07-28', 164],
    ] as const
  ).map(([revision, passed]) => ({
    server: 'fixture' as const,
    suite: `0.2.0-alpha.12 ${revision}`,
    package: NEW as typeof NEW,
    argv: ['--requirements', revision],
    baseline: 'nothing-fails.yaml',
    passed,
  })),
  {
    server: 'product',
    suite: '0.1.16 all',
    package: OLD,
    argv: ['--suite', 'all'],
    baseline: 'product-0.1.16.yaml',
    passed: 11,
  },
  ...(
    [
      ['2025-11-25', 47],
      ['2026-07-28', 115],
    ] as const
  ).map(([revision, passed]) => ({
    server: 'product' as const,
    suite: `0.2.0-alpha.12 ${revision}`,
    package: NEW as typeof NEW,
    argv: ['--requirements', revision],
    baseline: `product-${revision}.yaml`,
    passed,
  })),
]

/** The program of a suite: its package gives no way to ask for it but its manifest. */
const programOf = (name: Run['package']): string => {
  const manifest = require.resolve(`${name}/package.json`)
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly bin: Record<string, string> }
  return join(dirname(manifest), Object.values(bin)[0]!)
}

/** The product as it ships, over a workspace of its own in a directory that goes when it is closed. */
const serveProduct = async (): Promise<Served> => {
  const home = mkdtempSync(join(tmpdir(), 'tact-conformance-'))
  const house = await openHouse(loadConfig({ TACT_HOME: home }))
  const { id: tenantId } = await createWorkspace(house.database, {
    slug: 'conformance',
    name: 'Conformance',
    vertical: 'sales',
    timezone: 'UTC',
    currency: 'USD',
    country: 'US',
  })
  const system: Actor = { tenantId, memberId: null, role: 'owner', via: 'system' }
  const { token } = await asTenant(house.database, system, async (tx) => {
    const member = await createMember(tx, {
      email: 'owner@conformance.example',
      givenName: 'Olive',
      familyName: 'Owner',
      role: 'owner',
    })
    return createAccessToken(tx, { memberId: member.id, name: 'suite', scopes: ['crm'], expiresAt: null })
  })
  const served = await serveForSuites(token, (allowedOrigins) =>
    createHttpApp({
      host: '127.0.0.1',
      port: 0,
      allowedOrigins,
      authenticate: authenticate(house, undefined),
      riskOf: (tool) => house.toolbox.tools.get(tool)?.risk,
      messagesPerMinute: 100_000,
      build: mcpServerOf(house, null),
    }),
  )
  return {
    url: served.url,
    close: async () => {
      await served.close()
      await house.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

const TOTAL = /^Total: (\d+) passed, (\d+) failed/m
const TIMEOUT_MS = 120_000

const runSuite = async (
  url: string,
  { package: name, argv, baseline }: Run,
): Promise<{ readonly code: number | null; readonly output: string }> => {
  const expected = baseline === undefined ? [] : ['--expected-failures', join(FOLDER, baseline)]
  const child = spawn(process.execPath, [programOf(name), 'server', '--url', url, ...argv, ...expected], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

process.stdout.write('| server | suite | checks passed | seconds | |\n|---|---|---|---|---|\n')
let failures = 0
for (const server of ['fixture', 'product'] as const) {
  const served = await (server === 'fixture' ? serveFixture() : serveProduct())
  try {
    for (const run of RUNS.filter((one) => one.server === server)) {
      const startedMs = performance.now()
      const { code, output } = await runSuite(served.url, run)
      const passed = Number(TOTAL.exec(output)?.[1] ?? 0)
      const good = code === 0 && passed === run.passed
      const verdict = good
        ? 'ok'
        : code === 0
          ? `${run.passed} checks were to pass`
          : `ended with ${code ?? 'no code: it took too long'}`
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
      process.stdout.write(`| ${server} | ${run.suite} | ${passed} | ${seconds} | ${verdict} |\n`)
      if (!good) failures += 1
      if (!good || values.verbose) process.stderr.write(`${output}\n`)
    }
  } finally {
    await served.close()
  }
}
process.exitCode = failures === 0 ? 0 : 1
