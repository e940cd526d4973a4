import { parseArgs } from 'node:util'
import { PgBoss } from 'pg-boss'
import { connect } from '../db/connect.ts'
import type { Database } from '../db/connect.ts'
import { migrate } from '../db/migrate.ts'
import { asTenant } from '../db/tenant.ts'
import { TEST_SECRET_KEY } from '../db/testing-key.ts'
import { createWorkspace } from '../db/workspace.ts'
import type { TenantId } from '../domain/ids.ts'
import { processBell } from '../jobs/bell.ts'
import type { Bell } from '../jobs/bell.ts'
import { createJobBus } from '../jobs/bus.ts'
import { queueJob } from '../jobs/job.ts'
import { systemOf } from '../jobs/lease.ts'
import { redisBell } from '../jobs/redis-bell.ts'
import { findRedis, startRedis } from '../jobs/testing/redis.ts'
import { startPostgres } from '../scripts/test-postgres.ts'

/**
 * Jobs that do nothing: how many a second are put down (a hundred a transaction) and done (20 at once), and how long one
 * waits in an idle house, put down by the process that works or by another. Beside pg-boss on the same Postgres, whose fsync is off.
 * `--count n`, 2000 unless given. Prints a Markdown table.
 */
const { values } = parseArgs({ options: { count: { type: 'string', default: '2000' } } })
const COUNT = Number(values.count)
const BATCH = 100
const AT_ONCE = 20
const IDLE_ROUNDS = 60

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const at = (sorted: readonly number[], share: number): string =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1)

interface Figures {
  readonly putMs: number
  readonly doneMs: number
  readonly waits: readonly number[]
}

const row = (name: string, { putMs, doneMs, waits }: Figures): void => {
  const sorted = waits.toSorted((a, b) => a - b)
  print(
    `| ${name} | ${Math.round((COUNT / putMs) * 1000)} | ${Math.round((COUNT / doneMs) * 1000)} | ${at(sorted, 0.5)} | ${at(sorted, 0.99)} |`,
  )
}

/** Something that is told of each job as it begins, and can be waited for. */
const counter = () => {
  let left = 0
  let { promise, resolve } = Promise.withResolvers<void>()
  return {
    expect: (count: number): Promise<void> => {
      left = count
      ;({ promise, resolve } = Promise.withResolvers<void>())
      return promise
    },
    hear: (): void => {
      left -= 1
      if (left === 0) resolve()
    },
  }
}

const measureOurs = async (
  database: Database,
  tenantId: TenantId,
  bells: { readonly putting: Bell; readonly working: Bell },
): Promise<Figures> => {
  const putting = createJobBus(database, bells.putting)
  const working = bells.working === bells.putting ? putting : createJobBus(database, bells.working)
  const heard = counter()
  const startedMs = performance.now()
  for (let put = 0; put < COUNT; put += BATCH)
    await asTenant(database, systemOf(tenantId), async (tx) => {
      for (let count = 0; count < BATCH; count += 1) await queueJob(tx, { kind: 'nothing', data: {} })
    })
  const putMs = performance.now() - startedMs
  const all = heard.expect(COUNT)
  const workMs = performance.now()
  await working.work({ nothing: async () => heard.hear() }, { concurrency: AT_ONCE })
  await all
  const doneMs = performance.now() - workMs
  const waits: number[] = []
  for (let round = 0; round < IDLE_ROUNDS; round += 1) {
    await pause(100 + Math.random() * 500)
    const one = heard.expect(1)
    const putAtMs = performance.now()
    await putting.enqueue(tenantId, { kind: 'nothing', data: {} })
    await one
    waits.push(performance.now() - putAtMs)
  }
  await putting.close()
  if (working !== putting) await working.close()
  return { putMs, doneMs, waits }
}

const measureBoss = async (url: string): Promise<Figures> => {
  const boss = new PgBoss({ connectionString: url, schema: 'pgboss' })
  boss.on('error', () => {})
  await boss.start()
  await boss.createQueue('nothing')
  const heard = counter()
  const startedMs = performance.now()
  for (let put = 0; put < COUNT; put += BATCH)
    await boss.insert(
      'nothing',
      Array.from({ length: BATCH }, () => ({ data: {} })),
    )
  const putMs = performance.now() - startedMs
  const all = heard.expect(COUNT)
  const workMs = performance.now()
  await boss.work('nothing', { batchSize: AT_ONCE, pollingIntervalSeconds: 0.5 }, async (jobs) => {
    jobs.forEach(() => heard.hear())
  })
  await all
  const doneMs = performance.now() - workMs
  const waits: number[] = []
  for (let round = 0; round < IDLE_ROUNDS; round += 1) {
    await pause(100 + Math.random() * 500)
    const one = heard.expect(1)
    const putAtMs = performance.now()
    await boss.send('nothing', {})
    await one
    waits.push(performance.now() - putAtMs)
  }
  await boss.stop({ graceful: false })
  return { putMs, doneMs, waits }
}

/** A database of its own on that server; answers its URL. */
const ownDatabase = async (serverUrl: string): Promise<string> => {
  const server = await connect({ TACT_HOME: '', DATABASE_URL: serverUrl, TACT_QUERY_TIMEOUT_MS: 60_000 })
  await server.pool.query('create database tact_jobs')
  await server.close()
  return Object.assign(new URL(serverUrl), { pathname: '/tact_jobs' }).href
}

const open = async (url?: string): Promise<{ database: Database; tenantId: TenantId }> => {
  const database = await connect(
    { TACT_HOME: '', DATABASE_URL: url, TACT_QUERY_TIMEOUT_MS: 60_000, TACT_SECRET_KEY: TEST_SECRET_KEY },
    url === undefined ? { inMemory: true } : {},
  )
  await migrate(database)
  const { id } = await createWorkspace(database, { slug: `jobs-${Date.now()}`, name: 'Jobs' })
  return { database, tenantId: id }
}

print('| backend | put down/s | done/s | idle wait p50 ms | p99 ms |')
print('|---|---|---|---|---|')
const embedded = await open()
const own = processBell()
row(
  'embedded, one process',
  await measureOurs(embedded.database, embedded.tenantId, { putting: own, working: own }),
)
await embedded.database.close()
const server = await startPostgres()
if ('reason' in server) print(`Postgres is left out: ${server.reason}`)
else {
  const url = await ownDatabase(server.ownerUrl)
  const { database, tenantId } = await open(url)
  const bell = processBell()
  row('Postgres, one process', await measureOurs(database, tenantId, { putting: bell, working: bell }))
  row(
    'Postgres, put down by another process',
    await measureOurs(database, tenantId, { putting: processBell(), working: processBell() }),
  )
  const binary = findRedis(process.env['PATH'])
  if (binary === undefined) print('Redis is left out: no redis-server on this machine')
  else {
    const redis = await startRedis(binary)
    row(
      'Postgres and Redis, put down by another process',
      await measureOurs(database, tenantId, {
        putting: await redisBell(redis.url),
        working: await redisBell(redis.url),
      }),
    )
    await redis.stop()
  }
  row('pg-boss 12.30 on the same Postgres, polling every 0.5 s', await measureBoss(url))
  await database.close()
  await server.stop()
}
