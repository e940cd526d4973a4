import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { companies } from './catalog/companies.ts'
import { connect } from './connect.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'
import { createWorkspace, listWorkspaces } from './workspace.ts'

const RUNAWAY = sql`select count(*) from generate_series(1, 2000000000) g where g % 7 = 3`
const ABOUT_A_SECOND = sql`select count(*) from generate_series(1, 3000000) g where g % 7 = 3`

/** How long `run` ran, and for how long at a stretch the event loop was away meanwhile, in milliseconds. */
const loopGapDuring = async (
  run: () => Promise<unknown>,
): Promise<{ readonly gapMs: number; readonly tookMs: number }> => {
  let gapMs = 0
  const startedMs = performance.now()
  let lastMs = startedMs
  const timer = setInterval(() => {
    const nowMs = performance.now()
    gapMs = Math.max(gapMs, nowMs - lastMs)
    lastMs = nowMs
  }, 5)
  await run()
  clearInterval(timer)
  return { gapMs, tookMs: performance.now() - startedMs }
}

describe.runIf(testEngines.includes('postgres'))('deadlines on postgres', () => {
  let opened: TestDatabase
  let actor: Actor
  beforeAll(async () => {
    opened = await openTestDatabase('postgres', { queryTimeoutMs: 400 })
    actor = (await opened.addTenant()).actor()
  })
  afterAll(() => opened.close())

  test('a statement that runs away is ended, and the next one served', async () => {
    const runaway = asTenant(opened.database, actor, (tx) => rows(tx, RUNAWAY))
    await expect(runaway).rejects.toMatchObject({ kind: 'unavailable', code: 'query_timeout' })
    expect(await asTenant(opened.database, actor, (tx) => rows(tx, sql`select 1 as one`))).toEqual([
      { one: 1 },
    ])
  })

  test('a request that is cancelled ends no statement of the next one', async () => {
    const answered: unknown[] = []
    for (let asked = 0; asked < 40; asked += 1) {
      const stop = new AbortController()
      const given = asTenant(opened.database, actor, (tx) => rows(tx, sql`select pg_sleep(0.001)`), {
        signal: stop.signal,
      }).catch(() => undefined)
      setImmediate(() => stop.abort())
      await given
      answered.push(
        ...(await asTenant(opened.database, actor, (tx) => rows(tx, sql`select ${asked}::int as asked`))),
      )
    }
    expect(answered).toEqual(answered.map((_, asked) => ({ asked })))
    expect(answered).toHaveLength(40)
  })

  test('one transaction may have a deadline of its own', async () => {
    const longer = asTenant(opened.database, actor, (tx) => rows(tx, sql`select pg_sleep(0.6)`), {
      timeoutMs: 5000,
    })
    await expect(longer).resolves.toHaveLength(1)
    const shorter = asTenant(opened.database, actor, (tx) => rows(tx, sql`select pg_sleep(0.3)`), {
      timeoutMs: 100,
    })
    await expect(shorter).rejects.toMatchObject({ code: 'query_timeout' })
  })

  test('aborting the signal ends the statement', async () => {
    const signal = AbortSignal.timeout(100)
    const startedMs = performance.now()
    const waiting = asTenant(opened.database, actor, (tx) => rows(tx, sql`select pg_sleep(5)`), {
      timeoutMs: 10_000,
      signal,
    })
    await expect(waiting).rejects.toMatchObject({ code: 'query_cancelled' })
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })
})

describe('deadlines on embedded', () => {
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tact-deadline-'))
  })
  afterAll(() => rm(home, { recursive: true, force: true }))

  test('a runaway statement is ended, its transaction undone, committed rows kept, and the loop stays free', async () => {
    const database = await connect(
      { TACT_HOME: home, DATABASE_URL: undefined, TACT_QUERY_TIMEOUT_MS: 60_000 },
      { loadFrom: inject('embeddedTemplate') },
    )
    const workspace = await createWorkspace(database, { slug: 'w', name: 'W' })
    const actor = { tenantId: workspace.id, memberId: null, via: 'cli' } as const
    await asTenant(database, actor, (tx) =>
      tx.insert(companies.table).values({ tenant_id: workspace.id, name: 'Kept' }),
    )

    const slow = await loopGapDuring(() => asTenant(database, actor, (tx) => rows(tx, ABOUT_A_SECOND)))
    expect(slow.gapMs).toBeLessThan(slow.tookMs / 2)

    const startedMs = performance.now()
    const runaway = asTenant(
      database,
      actor,
      async (tx) => {
        await tx.insert(companies.table).values({ tenant_id: workspace.id, name: 'Torn' })
        return rows(tx, RUNAWAY)
      },
      { timeoutMs: 500 },
    )
    const outcome = runaway.then(
      () => undefined,
      (error: unknown) => error,
    )
    const ending = await loopGapDuring(() => outcome)
    expect(await outcome).toMatchObject({ kind: 'unavailable', code: 'query_timeout' })
    expect(performance.now() - startedMs).toBeLessThan(3000)
    expect(ending.gapMs).toBeLessThan(ending.tookMs / 2)

    const names = await asTenant(database, actor, (tx) => rows(tx, sql`select name from crm.companies`))
    expect(names).toEqual([{ name: 'Kept' }])

    const waiting = asTenant(database, actor, (tx) => rows(tx, RUNAWAY), { signal: AbortSignal.timeout(200) })
    await expect(waiting).rejects.toMatchObject({ code: 'query_cancelled' })
    const queued = await Promise.allSettled([
      asTenant(database, actor, (tx) => rows(tx, RUNAWAY), { timeoutMs: 300 }),
      asTenant(database, actor, (tx) => rows(tx, sql`select 1 as one`)),
      listWorkspaces(database),
    ])
    expect(queued.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    await database.close()
  })

  test('a second connection taken inside a transaction fails loudly instead of waiting for ever', async () => {
    const opened = await openTestDatabase('embedded', { queueTimeoutMs: 300 })
    const { actor } = await opened.addTenant()
    const nested = asTenant(opened.database, actor(), () => opened.database.orm.execute(sql`select 1`))
    await expect(nested).rejects.toMatchObject({ kind: 'bug', code: 'no_connection' })
    expect(await listWorkspaces(opened.database)).toHaveLength(1)
    await opened.close()
  })
})
