import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { asTenant, rows } from '../db/tenant.ts'
import { sql } from '../db/sql.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { unavailable, userError } from '../domain/errors.ts'
import type { TactError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { processBell } from './bell.ts'
import type { Bell } from './bell.ts'
import { createJobBus } from './bus.ts'
import type { JobBus, JobHandlers } from './bus.ts'
import { queueJob } from './job.ts'
import { claimJobs, finishJob, systemOf } from './lease.ts'
import { countJobs, listFailures, retryJob } from './list.ts'
import { redisBell } from './redis-bell.ts'
import { queueDueWindows } from './schedule.ts'
import { findRedis, startRedis } from './testing/redis.ts'
import type { TestRedis } from './testing/redis.ts'

const binary = findRedis()
const last = testEngines.at(-1)!
const BACKENDS = [
  ...testEngines.map((engine) => [engine, 'process'] as const),
  ...(binary === undefined ? [] : [[last, 'redis'] as const]),
]

const codeOf = (thrown: Promise<unknown>): Promise<string> =>
  thrown.then(
    () => 'none',
    (error: unknown) => (error as TactError).code,
  )

describe.each(BACKENDS)('jobs on %s with the bell of %s', (engine, bellName) => {
  let opened: TestDatabase
  let redis: TestRedis | undefined
  let tenant: TestTenant
  let bus: JobBus
  const buses: JobBus[] = []
  const makeBus = async (): Promise<JobBus> => {
    const bell: Bell = redis
      ? await redisBell(redis.url, { prefix: newId(), lookMs: 200 })
      : processBell({ lookMs: 50 })
    const made = createJobBus(opened.database, bell)
    buses.push(made)
    return made
  }
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    if (bellName === 'redis') redis = await startRedis(binary!)
  })
  beforeEach(async () => {
    tenant = await opened.addTenant()
    bus = await makeBus()
  })
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((one) => one.close(2_000)))
  })
  afterAll(async () => {
    await redis?.stop()
    await opened.close()
  })

  const states = async (): Promise<readonly string[]> =>
    (
      await asTenant(opened.database, tenant.actor(), (tx) =>
        rows<{ state: string }>(tx, sql`select state from workflow.jobs order by created_at, id`),
      )
    ).map(({ state }) => state)
  const add = (kind: string, more: Partial<Parameters<typeof bus.enqueue>[1]> = {}) =>
    bus.enqueue(tenant.workspace.id, { kind, data: {}, ...more })
  const until = (wanted: readonly string[]) =>
    vi.waitFor(async () => expect(await states()).toEqual(wanted), { timeout: 100_000, interval: 25 })

  test('each is done once, whoever works beside; one under a key that was there is not put down', async () => {
    const seen: string[] = []
    const handlers: JobHandlers = {
      count: async ({ tenantId, data }) => {
        if (tenantId === tenant.workspace.id) seen.push(String(data['at']))
      },
    }
    await bus.work(handlers)
    await (await makeBus()).work(handlers)
    const wanted = Array.from({ length: 20 }, (_, place) => place)
    await Promise.all(wanted.map((place) => add('count', { data: { at: place }, key: `count:${place}` })))
    expect(await add('count', { data: { at: 3 }, key: 'count:3' })).toBe(false)
    await until(wanted.map(() => 'done'))
    expect(seen.map(Number).sort((a, b) => a - b)).toEqual(wanted)
  })

  test('one that is put down in a transaction that is rolled back was never there', async () => {
    const rolledBack = asTenant(opened.database, tenant.actor(), async (tx) => {
      await queueJob(tx, { kind: 'never', data: {} })
      throw userError('no', 'No.')
    })
    expect(await codeOf(rolledBack)).toBe('no')
    expect(await states()).toEqual([])
    expect(await codeOf(add('names', { data: { who: 'Dana Whitfield' } }))).toBe('bad_job_data')
  })

  test('what fails is tried again later, what cannot succeed is given up, and a person lets it begin anew', async () => {
    const tried: string[] = []
    let isMended = false
    await bus.work({
      shaky: async ({ attempts }) => {
        tried.push(`shaky ${attempts}`)
        if (attempts === 1) throw unavailable('busy', 'Busy.')
      },
      wrong: async () => {
        if (!isMended) throw userError('gone', 'Gone.')
      },
    })
    await add('shaky')
    await add('wrong')
    await until(['done', 'failed'])
    expect(tried).toEqual(['shaky 1', 'shaky 2'])
    const asOwner = <T>(run: (tx: Parameters<typeof countJobs>[0]) => Promise<T>): Promise<T> =>
      asTenant(opened.database, tenant.actor(), run)
    const [failure] = await asOwner((tx) => listFailures(tx, tenant.actor()))
    expect(failure).toMatchObject({ kind: 'wrong', state: 'failed', attempts: 1, failure: 'gone' })
    isMended = true
    await asOwner((tx) => retryJob(tx, tenant.actor(), failure!.id))
    await until(['done', 'done'])
    expect(await asOwner((tx) => countJobs(tx, tenant.actor()))).toMatchObject([
      { kind: 'shaky', done: 1, failed: 0 },
      { kind: 'wrong', done: 1, failed: 0, behindSeconds: null },
    ])
    expect(await codeOf(asOwner((tx) => retryJob(tx, tenant.actor(), newId())))).toBe('job_not_found')
    expect(await codeOf(asOwner((tx) => countJobs(tx, tenant.actor('viewer'))))).toBe('viewer')
  })

  test('one whose holder died is taken over, and the dead can no longer end it', async () => {
    await add('left')
    const lease = { kinds: ['left'], limit: 1, leaseMs: 1 }
    const [dead] = await claimJobs(opened.database, tenant.workspace.id, lease)
    const attempts: number[] = []
    await bus.work({ left: async (job) => void attempts.push(job.attempts) })
    await until(['done'])
    expect(attempts).toEqual([2])
    const late = asTenant(opened.database, systemOf(tenant.workspace.id), (tx) => finishJob(tx, dead!))
    expect(await codeOf(late)).toBe('lease_lost')
  })

  test('one that killed every holder has failed, and stands in nobody’s way', async () => {
    await add('deadly', { maxAttempts: 1 })
    await claimJobs(opened.database, tenant.workspace.id, { kinds: ['deadly'], limit: 1, leaseMs: 1 })
    await bus.work({ deadly: async () => {} })
    await until(['failed'])
    expect(await states()).toEqual(['failed'])
  })

  test('one that takes longer than its lease stays with its holder', async () => {
    let runs = 0
    const slow: JobHandlers = {
      slow: async () => {
        runs += 1
        await new Promise((resolve) => setTimeout(resolve, 4_000))
      },
    }
    for (const one of [bus, await makeBus()]) await one.work(slow, { leaseMs: 2_000 })
    await add('slow')
    await until(['done'])
    expect(runs).toBe(1)
  })

  test('a process that stops ends what it holds, and gives back what does not end', async () => {
    const ended: string[] = []
    const gate = Promise.withResolvers<void>()
    const worker = await bus.work({
      quick: async () => {
        await gate.promise
        ended.push('quick')
      },
      long: (_job, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true })
        }),
    })
    await add('quick')
    await add('long')
    await until(['running', 'running'])
    const closing = worker.close(1_000)
    gate.resolve()
    await closing
    expect(ended).toEqual(['quick'])
    expect(await states()).toEqual(['done', 'waiting'])
    const again = await claimJobs(opened.database, tenant.workspace.id, {
      kinds: ['long'],
      limit: 1,
      leaseMs: 1,
    })
    expect(again[0]?.attempts).toBe(1)
  })

  test('effects are kept with the end of the job or not at all', async () => {
    await bus.work({
      note: async (job, { finish }) => {
        await asTenant(opened.database, systemOf(job.tenantId), async (tx) => {
          await queueJob(tx, { kind: 'effect', data: {}, dueAt: new Date(Date.now() + 3_600_000) })
          await finish(tx)
          if (job.attempts === 1) throw unavailable('broke', 'It broke at the last moment.')
        })
      },
    })
    await add('note')
    await until(['done', 'waiting'])
    expect(await states()).toHaveLength(2)
  })

  test('a window is put down once, whoever looks and however often, and not where it is long past', async () => {
    const time = { minuteOfDay: 480, timezone: 'Europe/Berlin', weekdays: [1, 2, 3, 4, 5] }
    const since = new Date('2026-03-20T00:00:00Z')
    const schedule = { name: 'brief', kind: 'brief', data: {}, time, since }
    const look = (now: string) =>
      asTenant(opened.database, systemOf(tenant.workspace.id), (tx) =>
        queueDueWindows(tx, [schedule], { now: new Date(now) }),
      )
    const atOnce = await Promise.all(Array.from({ length: 5 }, () => look('2026-03-23T07:00:30Z')))
    expect(atOnce.flat()).toHaveLength(1)
    expect(await look('2026-03-23T18:00:00Z')).toHaveLength(0)
    // Asleep from Monday to Friday night: no morning of these is caught up but the last.
    expect(await look('2026-03-27T18:59:00Z')).toHaveLength(1)
    expect(await look('2026-03-29T19:00:00Z')).toHaveLength(0)
  })
})

describe.skipIf(binary === undefined)('a Redis that would lose what it holds', () => {
  test.each([
    ['redis_forgets', ['--appendonly', 'no']],
    ['redis_evicts', ['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru']],
  ])('is refused: %s', async (code, settings) => {
    const redis = await startRedis(binary!, settings)
    expect(await codeOf(redisBell(redis.url))).toBe(code)
    await redis.stop()
    expect(await codeOf(redisBell(redis.url))).toBe('redis_unreachable')
  })
})
