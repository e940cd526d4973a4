import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../../db/connect.ts'
import type { Database } from '../../db/connect.ts'
import { migrate } from '../../db/migrate.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { TEST_SECRET_KEY } from '../../db/testing-key.ts'
import { createWorkspace } from '../../db/workspace.ts'
import { systemOf } from '../../jobs/lease.ts'
import { killWorkers } from '../../jobs/testing/crash.ts'
import type { CrashTally } from '../../jobs/testing/crash.ts'
import { findRedis, startRedis } from '../../jobs/testing/redis.ts'
import type { TestRedis } from '../../jobs/testing/redis.ts'
import { startPostgres } from '../../scripts/test-postgres.ts'
import { options, out } from '../options.ts'

/** Within this a job whose holder died has ended. */
const LIMIT_MS = 10_000
const REDIS_KILLED_EVERY = 5
const MOST_KILLS = 100

interface Place {
  readonly url?: string
  readonly home?: string
}

const open = ({ url, home }: Place): Promise<Database> =>
  connect({
    TACT_HOME: home ?? '',
    DATABASE_URL: url,
    TACT_QUERY_TIMEOUT_MS: 60_000,
    TACT_SECRET_KEY: TEST_SECRET_KEY,
  })

const judge = async (
  database: Database,
  name: string,
  tally: CrashTally,
  tenantId: Parameters<typeof systemOf>[0],
) => {
  const [found] = await asTenant(database, systemOf(tenantId), (tx) =>
    rows<{ lost: number; twice: number; none: number }>(
      tx,
      sql`with effects as (select payload->>'job' as job, count(*)::int as times from workflow.outbox where kind = 'effect' group by 1)
        select (select count(*)::int from unnest(${sql.param([...tally.acked])}::uuid[]) a (id) where not exists (select from workflow.jobs j where j.id = a.id)) as lost,
          (select count(*)::int from effects where times > 1) as twice,
          (select count(*)::int from workflow.jobs j where j.id = any(${sql.param([...tally.acked])}::uuid[]) and (j.state <> 'done' or not exists (select from effects e where e.job = j.id::text))) as none`,
    ),
  )
  const sorted = [...tally.recoveredMs].sort((a, b) => a - b)
  const at = (share: number): string =>
    sorted.length === 0
      ? '-'
      : `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!)} ms`
  const { lost, twice, none } = found!
  const slow = sorted.filter((ms) => ms > LIMIT_MS).length
  out(
    `| ${name} | ${tally.kills} | ${tally.acked.size} | ${sorted.length} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${slow} | ${twice} | ${lost} | ${none + tally.open.length} |`,
  )
  return slow + twice + lost + none + tally.open.length
}

/**
 * `npm run eval -- job-crashes --count 100`: a worker killed (-9) so often (100 at most) while it is at a job, on each backend, and Redis
 * killed beside it. Fails where a job was lost, had its effect twice, or had not ended ten seconds after its holder died.
 */
export const jobCrashes = async (): Promise<number> => {
  const kills = Math.min(Number(options.count), MOST_KILLS)
  const server = await startPostgres()
  const binary = findRedis(process.env['PATH'])
  const home = await mkdtemp(join(tmpdir(), 'tact-job-crashes-'))
  const backends: { readonly name: string; readonly place: Place; readonly redis?: TestRedis }[] = [
    { name: 'embedded', place: { home } },
  ]
  if ('reason' in server) out(`Postgres is left out: ${server.reason}`)
  else {
    const admin = await open({ url: server.ownerUrl })
    await admin.pool.query('create database tact_jobs')
    await admin.close()
    const url = Object.assign(new URL(server.ownerUrl), { pathname: '/tact_jobs' }).href
    backends.push({ name: 'postgres', place: { url } })
    if (binary === undefined) out('Redis is left out: no redis-server on this machine')
    else
      backends.push({
        name: 'postgres with redis, killed too',
        place: { url },
        redis: await startRedis(binary),
      })
  }
  out(
    '| backend | kills | jobs kept | taken over | p50 | p99 | slowest | over 10 s | effects twice | lost | never ended |',
  )
  out('|---|---|---|---|---|---|---|---|---|---|---|')
  let faults = 0
  try {
    for (const { name, place, redis } of backends) {
      const wanted = options.engine === 'both' ? '' : options.engine
      if (!name.startsWith(wanted)) continue
      const before = await open(place)
      await migrate(before)
      const workspace = await createWorkspace(before, { slug: `jobs-${Date.now()}`, name: 'Jobs' })
      await before.close()
      const tally = await killWorkers(
        { ...place, tenantId: workspace.id, ...(redis ? { redisUrl: redis.url } : {}) },
        {
          kills,
          onKill: async (kill) => {
            process.stderr.write(`${name}: ${kill + 1} of ${kills}\n`)
            if (!redis || kill % REDIS_KILLED_EVERY !== 0) return
            await redis.kill()
            await redis.start()
          },
        },
      )
      const after = await open(place)
      faults += await judge(after, name, tally, workspace.id)
      await after.close()
      await redis?.stop()
    }
  } finally {
    if (!('reason' in server)) await server.stop()
    await rm(home, { recursive: true, force: true })
  }
  return faults === 0 ? 0 : 1
}
