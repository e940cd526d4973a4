import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { createAccessToken } from '../db/access-tokens.ts'
import { actorFor } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { findWorkspace } from '../db/workspace.ts'
import { connectHttp, connectStdio, type TestClient } from '../mcp-server/testing/client.ts'
import { startPostgres } from '../scripts/test-postgres.ts'
import { openWithDemo } from './peers/demo-house.ts'
import { installPeer } from './peers/install.ts'

/**
 * Our reading tool beside two MCP servers for Postgres, in one run: the same question as SQL on the same database, by the
 * same client, each server a process of its own. Then what each lets through. Prints two Markdown tables.
 * `--calls n` of each measurement (400).
 */
const { values } = parseArgs({ options: { calls: { type: 'string', default: '400' } } })
const CALLS = Number(values.calls)
const AT_ONCE = 8
const WORKSPACE = 'cobalt'
const DBHUB = '1.4.0'
const SERVER_POSTGRES = '0.6.2'
const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts')
const print = (line: string): void => void process.stdout.write(`${line}\n`)

interface Server {
  readonly name: string
  readonly way: 'stdio' | 'HTTP'
  readonly open: () => Promise<TestClient>
  readonly tool: string
  /** A question of the table below, in this server's words. */
  readonly sqlOf: (question: Question) => string
  /** Of HTTP. */
  readonly url?: string
}

interface Question {
  readonly what: string
  /** Over the names that Tact gives its tables. */
  readonly ours: string
  /** Over the tables as they are, of one workspace. */
  readonly plain: string
}

const server = await startPostgres()
if ('reason' in server) {
  print(`Left out: ${server.reason}.`)
  process.exit(0)
}
const inDatabase = (url: string): string => Object.assign(new URL(url), { pathname: '/tact_bench_mcp' }).href
const creator = new Client({ connectionString: server.ownerUrl })
await creator.connect()
await creator.query('create database tact_bench_mcp')
await creator.end()
const home = mkdtempSync(join(tmpdir(), 'tact-bench-mcp-'))
const environment = {
  TACT_HOME: home,
  TACT_PORT: '0',
  TACT_MCP_PER_MINUTE: '10000000',
  TACT_LOG: 'error',
  TACT_WORKSPACE: WORKSPACE,
  DATABASE_URL: inDatabase(server.ownerUrl),
}
/** Row security hides everything from the owner's role, so the others are given a login that sees all. */
const superUrl = inDatabase(server.superUrl)

const house = await openWithDemo(environment)
const workspace = (await findWorkspace(house.database, WORKSPACE))!
const actor = await actorFor(house.database, workspace, undefined, 'cli')
const { token, canary, all } = await asTenant(house.database, { ...actor, via: 'cli' }, async (tx) => {
  const wanted = { memberId: actor.memberId!, name: 'bench', scopes: ['crm.read'], expiresAt: null }
  const [first] = await rows<{ name: string; all: number }>(
    tx,
    sql`select name, (count(*) over ())::int as all from crm.companies where deleted_at is null order by name limit 1`,
  )
  return { token: (await createAccessToken(tx, wanted)).token, canary: first!.name, all: first!.all }
})
await house.close()

const OURS_ONLY = `tenant_id = '${workspace.id}' and deleted_at is null`
const QUESTIONS: readonly Question[] = [
  {
    what: 'companies by city, counted',
    ours: 'select city, count(*) as companies from companies group by city order by city',
    plain: `select city, count(*) as companies from crm.companies where ${OURS_ONLY} group by city order by city`,
  },
  {
    what: '20 companies with their names',
    ours: 'select name, city from companies order by name limit 20',
    plain: `select name, city from crm.companies where ${OURS_ONLY} order by name limit 20`,
  },
]

const children: ChildProcess[] = []
const startTact = async (): Promise<string> => {
  const child = spawn(process.execPath, [MAIN, 'up', '--json'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return /"url":\s*"([^"]+)"/.exec(said.toString())![1]!
}
const startDbhub = async (program: string): Promise<string> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  const child = spawn(
    process.execPath,
    [program, '--transport', 'http', '--port', String(port), '--dsn', superUrl],
    {
      env: { ...process.env },
      stdio: 'ignore',
    },
  )
  children.push(child)
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 600; tries += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return url
    await sleep(100)
  }
  throw new Error('dbhub did not start')
}

const path = { PATH: process.env['PATH'] ?? '', HOME: home }
const url = await startTact()
const servers: Server[] = [
  {
    name: 'Tact',
    way: 'stdio',
    open: () =>
      connectStdio({ command: process.execPath, args: [MAIN, 'mcp'], env: { ...path, ...environment } }),
    tool: 'query_crm',
    sqlOf: ({ ours }) => ours,
  },
  {
    name: 'Tact',
    way: 'HTTP',
    url,
    open: () => connectHttp(url, token),
    tool: 'query_crm',
    sqlOf: ({ ours }) => ours,
  },
]
const plain = ({ plain: text }: Question): string => text
const postgres = installPeer('@modelcontextprotocol/server-postgres', SERVER_POSTGRES, 'mcp-server-postgres')
if (postgres === undefined)
  print(`Left out: @modelcontextprotocol/server-postgres ${SERVER_POSTGRES} could not be fetched.`)
else
  servers.push({
    name: `server-postgres ${SERVER_POSTGRES}`,
    way: 'stdio',
    open: () => connectStdio({ command: process.execPath, args: [postgres, superUrl], env: path }),
    tool: 'query',
    sqlOf: plain,
  })
const dbhub = installPeer('@bytebase/dbhub', DBHUB, 'dbhub')
if (dbhub === undefined) print(`Left out: @bytebase/dbhub ${DBHUB} could not be fetched.`)
else {
  const address = await startDbhub(dbhub)
  servers.push(
    {
      name: `dbhub ${DBHUB}`,
      way: 'stdio',
      open: () =>
        connectStdio({
          command: process.execPath,
          args: [dbhub, '--transport', 'stdio', '--dsn', superUrl],
          env: path,
        }),
      tool: 'execute_sql',
      sqlOf: plain,
    },
    {
      name: `dbhub ${DBHUB}`,
      way: 'HTTP',
      url: address,
      open: () => connectHttp(address, 'none'),
      tool: 'execute_sql',
      sqlOf: plain,
    },
  )
}

const quantile = (sorted: readonly number[], share: number): string =>
  sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1)

print('| question | server | way | calls a second, 8 at once | p50 ms | p99 ms |\n|---|---|---|---|---|---|')
for (const question of QUESTIONS) {
  for (const { name, way, open, tool, sqlOf } of servers) {
    const client = await open()
    const call = async (): Promise<number> => {
      const startedMs = performance.now()
      const { failed, text } = await client.call(tool, { sql: sqlOf(question) })
      if (failed) throw new Error(`${name} answers ${text.slice(0, 300)}`)
      return performance.now() - startedMs
    }
    for (let count = 0; count < 50; count += 1) await call()
    const alone: number[] = []
    for (let count = 0; count < CALLS; count += 1) alone.push(await call())
    const startedMs = performance.now()
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let count = 0; count < CALLS / AT_ONCE; count += 1) await call()
      }),
    )
    const perSecond = CALLS / ((performance.now() - startedMs) / 1000)
    await client.close()
    alone.sort((one, other) => one - other)
    print(
      `| ${question.what} | ${name} | ${way} | ${perSecond.toFixed(0)} | ${quantile(alone, 0.5)} | ${quantile(alone, 0.99)} |`,
    )
  }
}

/** What a model could do with each, tried. */
const ask = async (client: TestClient, tool: string, text: string): Promise<string> =>
  client.call(tool, { sql: text }).then(
    (answer) => (answer.failed ? '' : answer.text),
    () => '',
  )
const OPENING = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
}
const statusWithoutToken = async (address: string): Promise<number> => {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const body = JSON.stringify(OPENING)
  return (await fetch(new URL('/mcp', address), { method: 'POST', headers, body })).status
}
const admin = new Client({ connectionString: superUrl })
await admin.connect()
const isThere = async (table: string): Promise<boolean> =>
  (await admin.query(`select to_regclass('public.${table}') is not null as there`)).rows[0].there

print(
  '\n| server | way | a name in its answer | rows of other workspaces | `create table` | `commit; create table` | whoever comes without a token |\n|---|---|---|---|---|---|---|',
)
for (const [index, { name, way, open, tool, sqlOf, url: at }] of servers.entries()) {
  const client = await open()
  const named = await ask(client, tool, sqlOf(QUESTIONS[1]!))
  const counted = await ask(
    client,
    tool,
    name === 'Tact'
      ? 'select count(*) as n from companies'
      : 'select count(*) as n from crm.companies where deleted_at is null',
  )
  const others =
    Number(/\D(\d{2,})\D/.exec(counted.replaceAll(/"(total|returned|as_of|limit)":[^,}]*/g, ''))?.[1] ?? 0) >
    all
  await ask(client, tool, `create table plain_${index} (x int)`)
  await ask(client, tool, `commit; create table escaped_${index} (x int)`)
  await client.close()
  const yes = (isLetIn: boolean): string => (isLetIn ? 'yes' : 'no')
  const asked = at === undefined ? '–' : `HTTP ${await statusWithoutToken(at)}`
  print(
    `| ${name} | ${way} | ${yes(named.includes(canary))} | ${yes(others)} | ${yes(await isThere(`plain_${index}`))} | ${yes(await isThere(`escaped_${index}`))} | ${asked} |`,
  )
}
await admin.end()

for (const child of children) {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
await server.stop()
rmSync(home, { recursive: true, force: true })
