import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { createAccessToken } from '../db/access-tokens.ts'
import { asTenant } from '../db/tenant.ts'
import { TEST_SECRET_KEY } from '../db/testing-key.ts'
import { takeDesk } from '../cli/compose.ts'
import { findRedis, startRedis } from '../jobs/testing/redis.ts'
import { connectHttp } from '../mcp-server/testing/client.ts'
import { startPostgres } from '../scripts/test-postgres.ts'
import { openWithDemo } from './peers/demo-house.ts'

/**
 * One and then several `tact up` on one Postgres (whose fsync is off) and one Redis: MCP calls over HTTP by so many
 * clients each, of which one in twenty proposes. `--workers 4 --clients 4 --calls 200` (of each client). Prints a
 * Markdown table; exits 1 where a call failed.
 */
const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '4' },
    clients: { type: 'string', default: '4' },
    calls: { type: 'string', default: '200' },
  },
})
const [WORKERS, CLIENTS, CALLS] = [values.workers, values.clients, values.calls].map(Number) as [
  number,
  number,
  number,
]
const PROPOSE_EVERY = 20
const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts')
const print = (line: string): void => void process.stdout.write(`${line}\n`)
const at = (sorted: readonly number[], share: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)

const home = mkdtempSync(join(tmpdir(), 'tact-workers-'))
const stops: (() => unknown)[] = [() => rmSync(home, { recursive: true, force: true })]
const children = new Set<ChildProcess>()
const Served = z.object({ url: z.string() })

/** Starts `tact up` and answers where it listens. */
const up = async (environment: Readonly<Record<string, string>>, worker: number): Promise<string> => {
  const child = spawn(process.execPath, [MAIN, 'up', '--json'], {
    env: { ...process.env, ...environment, TACT_HOME: join(home, `worker-${worker}`), TACT_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  let told = ''
  return await new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`tact up ended with ${code} before it served.`)))
    child.stdout.on('data', (piece: Buffer) => {
      told += piece.toString('utf8')
      try {
        resolve(Served.parse(JSON.parse(told)).url)
      } catch {
        // The rest is on its way.
      }
    })
  })
}

const stopAll = async (): Promise<void> => {
  await Promise.all(
    [...children].map(async (child) => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }),
  )
  children.clear()
}

interface Load {
  readonly tookMs: readonly number[]
  readonly failed: number
  readonly wholeMs: number
}

const load = async (urls: readonly string[], tokens: readonly string[]): Promise<Load> => {
  const tookMs: number[] = []
  let failed = 0
  const clients = await Promise.all(
    urls.flatMap((url) => Array.from({ length: CLIENTS }, (_, place) => connectHttp(url, tokens[place]!))),
  )
  const startedMs = performance.now()
  await Promise.all(
    clients.map(async (client) => {
      for (let call = 1; call <= CALLS; call += 1) {
        const beganMs = performance.now()
        const isProposing = call % PROPOSE_EVERY === 0
        const answer = isProposing
          ? await client.call('propose_writeback', {
              reason: 'Load',
              changes: [{ op: 'create', entity: 'tasks', set: { title: `Load ${call}` } }],
            })
          : await client.call('query_crm', { find: 'deals', fields: ['name'], limit: 10 })
        tookMs.push(performance.now() - beganMs)
        if (answer.failed) failed += 1
      }
    }),
  )
  const wholeMs = performance.now() - startedMs
  for (const client of clients) await client.close()
  return { tookMs, failed, wholeMs }
}

try {
  const server = await startPostgres()
  if ('reason' in server) throw new Error(server.reason)
  stops.unshift(() => server.stop())
  const binary = findRedis(process.env['PATH'])
  const redis = binary === undefined ? undefined : await startRedis(binary)
  if (redis) stops.unshift(() => redis.stop())
  const environment = {
    DATABASE_URL: server.superUrl,
    TACT_SECRET_KEY: TEST_SECRET_KEY,
    TACT_MCP_PER_MINUTE: '1000000',
    TACT_LOG: 'error',
    ...(redis ? { REDIS_URL: redis.url } : {}),
  }
  const house = await openWithDemo({ ...environment, TACT_HOME: join(home, 'first') })
  stops.unshift(() => house.close())
  const desk = await takeDesk(house, { workspace: 'cobalt' }, 'cli')
  const tokens = await asTenant(house.database, desk.actor, async (tx) => {
    const made: string[] = []
    for (let client = 0; client < CLIENTS; client += 1) {
      const wanted = {
        memberId: desk.actor.memberId!,
        name: `load ${client}`,
        scopes: ['crm.read', 'crm.propose'],
        expiresAt: null,
      }
      made.push((await createAccessToken(tx, wanted)).token)
    }
    return made
  })
  print(
    `| workers (${redis ? 'Postgres and Redis' : 'Postgres, no Redis here'}) | clients | calls | calls a second | p50 ms | p95 ms | failed |`,
  )
  print('|---:|---:|---:|---:|---:|---:|---:|')
  for (const workers of [1, WORKERS]) {
    const urls = await Promise.all(Array.from({ length: workers }, (_, worker) => up(environment, worker)))
    const { tookMs, failed, wholeMs } = await load(urls, tokens)
    await stopAll()
    const sorted = tookMs.toSorted((a, b) => a - b)
    print(
      `| ${workers} | ${workers * CLIENTS} | ${tookMs.length} | ${((1000 * tookMs.length) / wholeMs).toFixed(0)} | ${at(sorted, 0.5)} | ${at(sorted, 0.95)} | ${failed} |`,
    )
    if (failed > 0) process.exitCode = 1
  }
} finally {
  await stopAll()
  for (const stop of stops) await stop()
}
