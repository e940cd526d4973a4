/**
 * A process that puts jobs down and does them until it is killed, for crash.ts. Argument: `CrashOrders` as JSON. Prints
 * `left <id> <attempts>` for each that the one before held, `acked <id>` once a job is kept, `started <id> <attempts>` and
 * `done <id>` as it works, and without jobs of its own `over` once none is open, one a line.
 */
import { connect } from '../../db/connect.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { TEST_SECRET_KEY } from '../../db/testing-key.ts'
import { newId } from '../../domain/ids.ts'
import type { TenantId } from '../../domain/ids.ts'
import { processBell } from '../bell.ts'
import { createJobBus } from '../bus.ts'
import { queueJob } from '../job.ts'
import { systemOf } from '../lease.ts'
import { redisBell } from '../redis-bell.ts'

export interface CrashOrders {
  readonly url?: string
  readonly home?: string
  readonly redisUrl?: string
  readonly tenantId: TenantId
  /** Jobs to put down; none: only what is left is done. */
  readonly jobs: number
}

const { url, home, redisUrl, tenantId, jobs } = JSON.parse(process.argv[2]!) as CrashOrders
const database = await connect({
  TACT_HOME: home ?? '',
  DATABASE_URL: url,
  TACT_QUERY_TIMEOUT_MS: 20_000,
  TACT_SECRET_KEY: TEST_SECRET_KEY,
})
const say = (line: string): void => void process.stderr.write(`${line}\n`)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const openJobs = (): Promise<{ id: string; state: string; attempts: number }[]> =>
  asTenant(database, systemOf(tenantId), (tx) =>
    rows(tx, sql`select id, state, attempts from workflow.jobs where state in ('waiting', 'running')`),
  )
for (const { id, state, attempts } of await openJobs()) if (state === 'running') say(`left ${id} ${attempts}`)
const bus = createJobBus(database, redisUrl === undefined ? processBell() : await redisBell(redisUrl))
await bus.work({
  effect: async (job, { finish }) => {
    say(`started ${job.id} ${job.attempts}`)
    await pause(Math.random() * 40)
    await asTenant(database, systemOf(job.tenantId), async (tx) => {
      // A key of its own each time: an effect that happened twice is there twice.
      await rows(
        tx,
        sql`insert into workflow.outbox (id, tenant_id, kind, payload, idempotency_key)
          values (${newId()}::uuid, core.current_tenant(), 'effect', ${JSON.stringify({ job: job.id })}::jsonb, ${newId()})`,
      )
      await finish(tx)
    })
    say(`done ${job.id}`)
  },
})
for (let count = 0; count < jobs; count += 1) {
  // While the database is away nothing is acknowledged.
  const id = await asTenant(database, systemOf(tenantId), (tx) =>
    queueJob(tx, { kind: 'effect', data: {}, maxAttempts: 1_000 }),
  ).catch(() => undefined)
  if (id === undefined) {
    await pause(100)
    continue
  }
  say(`acked ${id}`)
  bus.ring(tenantId, [id])
  await pause(Math.random() * 20)
}
process.stdin.resume()
process.stdin.on('end', () => void bus.close(5_000).then(() => database.close()))
if (jobs === 0) {
  while ((await openJobs()).length > 0) await pause(100)
  say('over')
}
