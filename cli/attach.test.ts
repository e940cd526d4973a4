import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connect } from '../db/connect.ts'
import { actorFor } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { seedHome } from '../db/testing.ts'
import { findWorkspace } from '../db/workspace.ts'
import { makeDemo } from '../demo/make.ts'

/** The real command line: `tact up` and two `tact mcp` clients on one embedded directory, the owner killed under them. */
const MAIN = join(import.meta.dirname, 'main.ts')
const home = mkdtempSync(join(tmpdir(), 'tact-attach-'))
const env = { ...process.env, TACT_HOME: home, TACT_PORT: '0', TACT_WORKSPACE: 'cobalt' } as Record<
  string,
  string
>
const children: ChildProcess[] = []

const tact = (argv: readonly string[]): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('exit', (code) => resolve({ code, out, err }))
  })

/** Starts `tact up` and waits until it says where it listens. */
const up = (): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, 'up', '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    children.push(child)
    let err = ''
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('exit', (code) => reject(new Error(`tact up ended with ${code}: ${err}`)))
    createInterface({ input: child.stdout }).once('line', () => resolve(child))
  })

const stdioClient = async (): Promise<Client> => {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [MAIN, 'mcp'], env, stderr: 'ignore' }),
  )
  return client
}

/** Rounds × clients × turns; a conversation holds at most 30 open proposals, and both clients speak in one. */
const CALLS = 3 * 2 * 4

interface Answer {
  readonly ok: boolean
  readonly text: string
}

const call = async (client: Client, name: string, args: Record<string, unknown>): Promise<Answer> => {
  try {
    const result = await client.callTool({ name, arguments: args })
    return { ok: result.isError !== true, text: JSON.stringify(result.content) }
  } catch (error) {
    return { ok: false, text: String(error) }
  }
}

/** What a well-behaved client does: asks again when told to. */
const callUntilAnswered = async (
  client: Client,
  name: string,
  args: Record<string, unknown>,
): Promise<Answer> => {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await call(client, name, args)
    if (answer.ok || attempt === 5) return answer
    if (!/again|retry/i.test(answer.text)) throw new Error(`refused for good: ${answer.text}`)
  }
}

beforeAll(async () => {
  await seedHome(home)
  const { document } = makeDemo('cobalt')
  const history = ['interactions', 'interaction_people', 'tasks', 'task_people']
  const kept = Object.entries(document.records).filter(([entity]) => !history.includes(entity))
  const file = join(home, 'cobalt.json')
  writeFileSync(file, JSON.stringify({ ...document, records: Object.fromEntries(kept) }))
  const imported = await tact(['import', 'workspace', file])
  if (imported.code !== 0) throw new Error(`the workspace was not imported: ${imported.err}`)
})

afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

test('two stdio clients and a running owner share one directory; an owner killed half-way costs no answer and no row', async () => {
  let owner = await up()
  const clients = [await stdioClient(), await stdioClient()]
  let acknowledged = 0
  for (let round = 0; round < 3; round += 1) {
    const work = clients.map(async (client, index) => {
      for (let turn = 0; turn < 4; turn += 1) {
        const read = await callUntilAnswered(client, 'query_crm', {
          find: 'deals',
          measures: [{ fn: 'count' }],
        })
        expect([read.ok, read.text]).toEqual([true, expect.stringContaining('count')])
        const summary = `round ${round} client ${index} turn ${turn}`
        const wrote = await callUntilAnswered(client, 'log_interaction', {
          kind: 'note',
          summary,
          idempotency_key: summary,
        })
        expect([wrote.ok, wrote.text]).toEqual([true, expect.stringContaining('pending')])
        acknowledged += 1
      }
    })
    await new Promise((resolve) => setTimeout(resolve, 150))
    owner.removeAllListeners('exit')
    owner.kill('SIGKILL')
    await Promise.all(work)
    if (round === 1) owner = await up()
  }
  expect(acknowledged).toBe(CALLS)

  const elsewhere = await tact(['query', '--ast', '{"find":"people","measures":[{"fn":"count"}]}', '--json'])
  expect([elsewhere.code, elsewhere.err]).toEqual([0, ''])
  for (const client of clients) await client.close()
  owner.removeAllListeners('exit')
  owner.kill('SIGKILL')

  // Whoever owned the directory last is on its way out.
  const settings = { TACT_HOME: home, DATABASE_URL: undefined, TACT_QUERY_TIMEOUT_MS: 20_000 }
  const database = await vi.waitFor(() => connect(settings), { timeout: 30_000, interval: 100 })
  const workspace = await findWorkspace(database, 'cobalt')
  const actor = await actorFor(database, workspace!, undefined, 'system')
  const [counts] = await asTenant(database, actor, async (tx) => {
    const kept = await rows<{ n: number }>(
      tx,
      sql`select count(distinct idempotency_key)::int as n from workflow.proposals`,
    )
    await rows(tx, sql`set local enable_seqscan = off`)
    const byIndex = await rows<{ n: number }>(
      tx,
      sql`select count(*)::int as n from workflow.proposals where id is not null`,
    )
    await rows(tx, sql`set local enable_seqscan = on`)
    await rows(tx, sql`set local enable_indexscan = off`)
    await rows(tx, sql`set local enable_indexonlyscan = off`)
    await rows(tx, sql`set local enable_bitmapscan = off`)
    const byHeap = await rows<{ n: number }>(
      tx,
      sql`select count(*)::int as n from workflow.proposals where id is not null`,
    )
    return [{ kept: kept[0]!.n, byIndex: byIndex[0]!.n, byHeap: byHeap[0]!.n }]
  })
  await database.close()
  expect(counts).toEqual({ kept: CALLS, byIndex: CALLS, byHeap: CALLS })
}, 240_000)
