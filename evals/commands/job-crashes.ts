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
import { startPostgres } from '../../scripts/test-postgres.ts'
import { options, out } from '../options.ts'

/** Within this a job whose holder died has ended. */
const LIMIT_MS = 10_000
const HARM_EVERY = 5
const MOST_KILLS = 100

interface Place {
  readonly url?: string
  readonly home?: string
}

interface Backend {
  readonly name: string
  readonly place: Place
  readonly redisUrl?: string
  /** Done at every fifth kill while the worker is at its jobs. */
  readonly harm?: () => Promise<void>
  readonly stop?: () => Promise<void>
}

/** A Redis that is killed too; where it forgets, its append-only file was switched off after Tact had looked. */
const killedRedis = async (
  binary: string,
  { place, forgets }: { readonly place: Place; readonly forgets: boolean },
): Promise<Backend> => {
  const redis = await startRedis(binary)
  const harm = async (): Promise<void> => {
    if (forgets) await redis.forget()
    await redis.kill()
    await redis.start()
  }
  const name = `redis, killed too${forgets ? ', without its file' : ''}`
  return { name, place, redisUrl: redis.url, harm, stop: () => redis.stop() }
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
    `| ${name} | ${tally.kills} | ${tally.acked.size} | ${sorted.length} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${slow} | ${twice} | ${lost} | ${none} |`,
  )
  return slow + twice + lost + none
}

const backendsHere = async (home: string, server: Awaited<ReturnType<typeof startPostgres>>) => {
  const backends: Backend[] = [{ name: 'embedded', place: { home } }]
  if ('reason' in server) {
    out(`Postgres is left out: ${server.reason}`)
    return backends
  }
  const admin = await open({ url: server.ownerUrl })
  await admin.pool.query('create database tact_jobs')
  await admin.close()
  const place = { url: Object.assign(new URL(server.ownerUrl), { pathname: '/tact_jobs' }).href }
  backends.push(
    { name: 'postgres', place },
    { name: 'postgres, restarted too', place, harm: () => server.restart() },
  )
  const binary = findRedis(process.env['PATH'])
  if (binary === undefined) out('Redis is left out: no redis-server on this machine')
  else for (const forgets of [false, true]) backends.push(await killedRedis(binary, { place, forgets }))
  return backends
}

const killAt = async (
  { name, place, redisUrl, harm }: Backend,
  tenantId: Parameters<typeof systemOf>[0],
  kills: number,
): Promise<CrashTally> =>
  killWorkers(
    { ...place, tenantId, ...(redisUrl === undefined ? {} : { redisUrl }) },
    {
      kills,
      harm: async (kill) => {
        process.stderr.write(`${name}: ${kill + 1} of ${kills}\n`)
        if (harm === undefined || kill % HARM_EVERY !== 0) return false
        await harm()
        return true
      },
    },
  )

/**
 * `npm run eval -- job-crashes --count 100`: a worker killed (-9) so often (100 at most) while it is at a job, on each
 * backend (--engine: `embedded`, `postgres` or `redis` alone), with Postgres restarted and Redis killed, with and without
 * its append-only file, beside it. Fails where a job was lost, had its effect twice, or had not ended ten seconds after
 * its holder died.
 */
export const jobCrashes = async (): Promise<number> => {
  const kills = Math.min(Number(options.count), MOST_KILLS)
  // What is acknowledged is in the log: only then can a restart show that none of it is lost.
  const server = await startPostgres(['synchronous_commit=on', 'full_page_writes=on'])
  const home = await mkdtemp(join(tmpdir(), 'tact-job-crashes-'))
  const backends = await backendsHere(home, server)
  out(
    '| backend | kills | jobs kept | taken over | p50 | p99 | slowest | over 10 s | effects twice | lost | never ended |',
  )
  out('|---|---|---|---|---|---|---|---|---|---|---|')
  let faults = 0
  try {
    for (const backend of backends) {
      if (options.engine !== 'both' && !backend.name.startsWith(options.engine)) continue
      const before = await open(backend.place)
      await migrate(before)
      const workspace = await createWorkspace(before, { slug: `jobs-${Date.now()}`, name: 'Jobs' })
      await before.close()
      const tally = await killAt(backend, workspace.id, kills)
      const after = await open(backend.place)
      faults += await judge(after, backend.name, tally, workspace.id)
      await after.close()
    }
  } finally {
    for (const { stop } of backends) await stop?.()
    if (!('reason' in server)) await server.stop()
    await rm(home, { recursive: true, force: true })
  }
  return faults === 0 ? 0 : 1
}
