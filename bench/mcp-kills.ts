import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openHouse, type House } from '../cli/compose.ts'
import { loadConfig } from '../config.ts'
import { createAccessToken } from '../db/access-tokens.ts'
import { verifyAudit } from '../db/audit.ts'
import { actorFor, listMembers } from '../db/members.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { findWorkspace } from '../db/workspace.ts'
import { attach } from '../mcp-server/attach.ts'
import { attachAddress } from '../mcp-server/address.ts'
import { ATTACH_PROTOCOL } from '../mcp-server/handshake.ts'
import { openWithDemo } from './peers/demo-house.ts'
import { connectHttp, connectStdio, type TestClient } from '../mcp-server/testing/client.ts'

/**
 * Five stdio clients, two HTTP clients and `tact up` on one embedded directory, whoever owns it killed with -9 again and
 * again while all of them read and propose. `--kills n`, 5 unless given. Prints a Markdown table; exits 1 where a call had
 * no answer in the end, a proposal that was answered is gone or there twice, or the data is not as it was.
 */
const { values } = parseArgs({ options: { kills: { type: 'string', default: '5' } } })
const KILLS = Number(values.kills)
const STDIO_CLIENTS = 5
const HTTP_CLIENTS = 2
const WRITES_A_KILL = 2
const ATTACHES = 200
/** What a well-behaved client does when it is told to try again, or finds nobody: for so long. */
const PATIENCE_MS = 60_000
const WORKSPACE = 'cobalt'
/** What hosts start. */
const MAIN = join(import.meta.dirname, '..', 'bin', 'tact.js')
const print = (line: string): void => void process.stdout.write(`${line}\n`)

const home = mkdtempSync(join(tmpdir(), 'tact-kills-'))
const probe = createServer().listen(0, '127.0.0.1')
await once(probe, 'listening')
const { port } = probe.address() as AddressInfo
probe.close()
const environment = { TACT_HOME: home, TACT_PORT: String(port), TACT_WORKSPACE: WORKSPACE, TACT_LOG: 'error' }
const open = (): Promise<House> => openHouse(loadConfig(environment))

const actorIn = async (house: House) =>
  actorFor(house.database, (await findWorkspace(house.database, WORKSPACE))!, undefined, 'cli')

const prepare = async (): Promise<{ tokens: readonly string[]; members: readonly string[] }> => {
  const house = await openWithDemo(environment)
  const actor = await actorIn(house)
  const made = await asTenant(house.database, actor, async (tx) => {
    const tokens: string[] = []
    for (let count = 0; count < HTTP_CLIENTS; count += 1) {
      const wanted = {
        memberId: actor.memberId!,
        name: 'kills',
        scopes: ['crm.read', 'crm.propose'],
        expiresAt: null,
      }
      tokens.push((await createAccessToken(tx, wanted)).token)
    }
    const members = (await listMembers(tx)).filter(({ disabled, role }) => !disabled && role !== 'viewer')
    return { tokens, members: members.map(({ email }) => email) }
  })
  await house.close()
  return made
}

const begunMs = performance.now()
const progress = (line: string): void =>
  void process.stderr.write(`${((performance.now() - begunMs) / 1000).toFixed(2)} s  ${line}\n`)

/** Starts `tact up` and waits until it serves. */
const up = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [MAIN, 'up', '--json'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`tact up ended with ${code}`)
  })
  await Promise.race([once(child.stdout, 'data'), ended])
  ended.catch(() => undefined)
  progress('tact up serves')
  return child
}

/** The process that listens at the socket of the data directory, among those this script started, directly or not. */
const ownerPid = (): number | undefined => {
  const path = attachAddress(home)
  const inodes = readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((parts) => parts[7] === path && parts[3] === '00010000')
    .map((parts) => `socket:[${parts[6]}]`)
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(MAIN)) continue
      const held = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
      if (held.some((target) => inodes.includes(target))) return Number(pid)
    } catch {
      // It ended meanwhile.
    }
  }
  return undefined
}

interface Tally {
  answered: number
  retried: number
  givenUp: number
  /** From first asking to the answer, of each call. */
  readonly tookMs: number[]
  readonly keys: string[]
}
const tally: Tally = { answered: 0, retried: 0, givenUp: 0, tookMs: [], keys: [] }

const untilAnswered = async (
  who: string,
  ask: () => Promise<{ failed: boolean; text: string }>,
): Promise<boolean> => {
  const startedMs = performance.now()
  let last = ''
  for (let tookMs = 0; tookMs < PATIENCE_MS; tookMs = performance.now() - startedMs) {
    const answer = await ask().catch((error: unknown) => ({ failed: true, text: String(error) }))
    if (!answer.failed) {
      tally.answered += 1
      tally.tookMs.push(performance.now() - startedMs)
      return true
    }
    last = answer.text
    tally.retried += 1
    await sleep(100)
  }
  progress(`${who} gives up: ${last.slice(0, 200)}`)
  tally.givenUp += 1
  return false
}

/** An answer of Tact that says to try again: its connection holds. */
const saysRetry = (error: unknown): boolean =>
  (error as { readonly data?: { readonly retry?: unknown } | null }).data?.retry === true

/** Connects anew when its server is gone, as hosts do. */
const lasting = (connect: () => Promise<TestClient>): TestClient => {
  let client: TestClient | undefined
  const close = async (): Promise<void> => {
    const gone = client
    client = undefined
    await gone?.close().catch(() => undefined)
  }
  return {
    close,
    call: async (name, args) => {
      client ??= await connect()
      try {
        return await client.call(name, args)
      } catch (error) {
        if (!saysRetry(error)) await close()
        throw error
      }
    },
  }
}

const work = async (client: TestClient, who: string): Promise<void> => {
  for (let turn = 0; turn < WRITES_A_KILL; turn += 1) {
    await untilAnswered(who, () => client.call('query_crm', { find: 'deals', measures: [{ fn: 'count' }] }))
    const key = `${who} turn ${turn}`
    const args = { kind: 'note', summary: key, idempotency_key: key }
    if (await untilAnswered(who, () => client.call('log_interaction', args))) tally.keys.push(key)
  }
}

const countsIn = async (house: House): Promise<string> => {
  const actor = { ...(await actorIn(house)), memberId: null, via: 'system' as const }
  return asTenant(house.database, actor, async (tx) => {
    const found: string[] = []
    for (const table of [
      'crm.people',
      'crm.companies',
      'crm.deals',
      'intel.interactions',
      'intel.mail_messages',
    ]) {
      const [row] = await rows<{ sum: string }>(
        tx,
        sql`select count(*) || ':' || coalesce(md5(string_agg(t::text, '|' order by t.id)), '') as sum from ${sql.raw(table)} t`,
      )
      found.push(`${table} ${row!.sum}`)
    }
    return found.join('; ')
  })
}

const { tokens, members } = await prepare()
const untouched = await open()
const before = await countsIn(untouched)
await untouched.close()

let service = await up()
/** Whether some owner took us in. */
const attached = async (): Promise<boolean> => {
  const hello = { tact: ATTACH_PROTOCOL, version: 'bench', workspace: WORKSPACE, as: null } as const
  const stream = await attach(home, hello).catch(() => undefined)
  stream?.destroy()
  return stream !== undefined
}
const attachMs: number[] = []
for (let count = 0; count < ATTACHES; count += 1) {
  const startedMs = performance.now()
  if (!(await attached())) throw new Error('nobody answers')
  attachMs.push(performance.now() - startedMs)
}

/** From the death of an owner to the first attach that the next one answers. */
const successorMs: number[] = []
const untilNextOwner = async (): Promise<void> => {
  const startedMs = performance.now()
  while (!(await attached())) await sleep(5)
  successorMs.push(performance.now() - startedMs)
  progress(`the next owner answers after ${successorMs.at(-1)!.toFixed(0)} ms`)
}

const overStdio = (index: number): Promise<TestClient> =>
  connectStdio({
    command: process.execPath,
    args: [MAIN, 'mcp', '--as', members[index % members.length]!],
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  })
const clients = [
  ...Array.from({ length: STDIO_CLIENTS }, (_, index) => lasting(() => overStdio(index))),
  ...tokens.map((token) => lasting(() => connectHttp(`http://127.0.0.1:${port}`, token))),
]

const killed: string[] = []
for (let kill = 0; kill < KILLS; kill += 1) {
  const round = clients.map((client, index) => work(client, `kill ${kill} client ${index}`))
  await sleep(150 + 100 * kill)
  // By turns the service, and the client's process that took over from it.
  if (kill % 2 === 1) {
    service.kill('SIGKILL')
    await sleep(1_500)
  }
  let pid = ownerPid()
  for (let waited = 0; pid === undefined && waited < 600; waited += 1) {
    await sleep(100)
    pid = ownerPid()
  }
  if (pid === undefined) throw new Error('nobody owns the directory')
  killed.push(pid === service.pid ? 'tact up' : 'tact mcp')
  progress(`kill ${kill}: ${killed.at(-1)}`)
  process.kill(pid, 'SIGKILL')
  const next = untilNextOwner()
  if (service.killed || pid === service.pid) {
    await sleep(200)
    service = await up()
  }
  await Promise.all([next, ...round])
  progress(`all calls of kill ${kill} have ended`)
}

for (const client of clients) await client.close()
service.kill('SIGTERM')
await once(service, 'exit')

const house = await open()
const actor = { ...(await actorIn(house)), memberId: null, via: 'system' as const }
const kept = await asTenant(house.database, actor, (tx) =>
  rows<{ key: string; copies: number }>(
    tx,
    sql`select changes::text as key, count(*)::int as copies from workflow.proposals group by 1`,
  ),
)
const lost = tally.keys.filter((key) => !kept.some((row) => row.key.includes(`"${key}"`)))
const twice = tally.keys.filter((key) => {
  const found = kept.filter((row) => row.key.includes(`"${key}"`))
  return found.reduce((sum, { copies }) => sum + copies, 0) > 1
})
const after = await countsIn(house)
const audit = await asTenant(house.database, actor, (tx) => verifyAudit(tx))
await house.close()
rmSync(home, { recursive: true, force: true })

const quantiles = (valuesMs: readonly number[]): string => {
  const sorted = valuesMs.toSorted((one, other) => one - other)
  return [0.5, 0.95, 1]
    .map((share) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(0))
    .join(' / ')
}
const isSame = before === after
print('| what | |\n|---|---|')
print(`| owner killed -9 | ${killed.length} times: ${killed.join(', ')} |`)
print(`| calls answered | ${tally.answered} |`)
print(`| asked again meanwhile | ${tally.retried} |`)
print(`| never answered in ${PATIENCE_MS / 1000} s | ${tally.givenUp} |`)
print(`| proposals acknowledged, lost, there twice | ${tally.keys.length}, ${lost.length}, ${twice.length} |`)
print(`| records byte for byte as before | ${isSame ? 'yes' : '**no**'} |`)
print(`| audit chain | ${audit.ok ? `whole, ${audit.events} events` : '**broken**'} |`)
print(`| from a death to the next owner's first answer, ms p50 / p95 / worst | ${quantiles(successorMs)} |`)
print(
  `| from asking first to the answer, deaths between included, ms p50 / p95 / worst | ${quantiles(tally.tookMs)} |`,
)
print(`| attach, ms p50 / p95 / worst of ${ATTACHES} | ${quantiles(attachMs)} |`)
process.exitCode = tally.givenUp + lost.length + twice.length === 0 && isSame && audit.ok ? 0 : 1
