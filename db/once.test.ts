import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { sqlStateOf } from './errors.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

const JOBS = 60

/** The guarantees that proposals and the queue build on, shown with the statements they use. */
describe.each(testEngines)('writes that happen once on %s', (engine) => {
  let opened: TestDatabase
  let actor: Actor
  const as = <T>(fn: (tx: TenantTx) => Promise<T>): Promise<T> => asTenant(opened.database, actor, fn)

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    await opened.truncate()
    actor = (await opened.addTenant()).actor()
  })
  afterAll(() => opened.close())

  const propose = (key: string, hash = 'h'): Promise<{ id: string; same: boolean; created: boolean }> =>
    as(async (tx) => {
      const made = await rows<{ id: string; same: boolean; created: boolean }>(
        tx,
        sql`insert into workflow.proposals (id, tenant_id, proposed_via, diff_hash, changes, idempotency_key, expires_at)
          values (${newId()}, core.current_tenant(), 'cli', ${hash}, '[]', ${key}, now() + interval '1 day')
          on conflict (tenant_id, idempotency_key) where deleted_at is null
            do update set idempotency_key = excluded.idempotency_key
          returning id, diff_hash = ${hash} as same, (xmax = 0) as created`,
      )
      return made[0]!
    })
  const versionOf = (id: string): Promise<number> =>
    as(
      async (tx) =>
        (
          await rows<{ version: number }>(tx, sql`select version from workflow.proposals where id = ${id}`)
        )[0]!.version,
    )
  const approve = (id: string, version: number): Promise<number> =>
    as(async (tx) => {
      const open = await rows(
        tx,
        sql`select id from workflow.proposals where id = ${id} and state = 'pending' and version = ${version} for update`,
      )
      if (open.length === 0) return 0
      await rows(
        tx,
        sql`insert into workflow.approvals (id, tenant_id, proposal_id, member_id, via, revision, diff_hash, typed)
          select ${newId()}, tenant_id, id, ${actor.memberId}, 'cli', revision, diff_hash, '[]' from workflow.proposals where id = ${id}`,
      )
      const approved = await rows(
        tx,
        sql`update workflow.proposals set state = 'approved', decided_by = ${actor.memberId}, decided_via = 'cli', decided_at = now()
          where id = ${id} and state = 'pending' and version = ${version} returning id`,
      )
      return approved.length
    })
  const claim = (): Promise<{ id: string; attempts: number } | undefined> =>
    as(async (tx) => {
      const claimed = await rows<{ id: string; attempts: number }>(
        tx,
        sql`update workflow.proposals set state = 'executing', attempts = attempts + 1, leased_until = now() + interval '30 seconds'
          where id = (select id from workflow.proposals where state = 'approved'
            order by created_at limit 1 for update skip locked) returning id, attempts`,
      )
      return claimed[0]
    })

  test('of two writers that read the same version the second changes nothing', async () => {
    const { id } = await propose('k')
    const write = (version: number): Promise<unknown[]> =>
      as((tx) =>
        rows(
          tx,
          sql`update workflow.proposals set failure = ${newId()} where id = ${id} and version = ${version} returning version`,
        ),
      )
    const version = await versionOf(id)
    expect([await write(version), await write(version)]).toEqual([[{ version: version + 1 }], []])
  })

  test('ten racing approvals approve once', async () => {
    const { id } = await propose('k')
    const version = await versionOf(id)
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => approve(id, version)))
    expect(outcomes.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  })

  test('the same key answers the same row, tells that it was there, and notices another content', async () => {
    const first = await propose('k', 'one')
    expect(first).toMatchObject({ created: true, same: true })
    expect(await propose('k', 'one')).toEqual({ id: first.id, created: false, same: true })
    expect(await propose('k', 'two')).toEqual({ id: first.id, created: false, same: false })
    expect(await versionOf(first.id)).toBe(1)
    const racing = await Promise.all(Array.from({ length: 6 }, () => propose('raced')))
    expect(new Set(racing.map(({ id }) => id)).size).toBe(1)
    expect(racing.filter(({ created }) => created)).toHaveLength(1)
  })

  test('four workers claim every job once', async () => {
    for (let job = 0; job < JOBS; job += 1) {
      const { id } = await propose(`job ${job}`)
      await approve(id, 1)
    }
    const seen: string[] = []
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let job = await claim(); job; job = await claim()) {
          seen.push(job.id)
          const { id } = job
          await as((tx) => rows(tx, sql`update workflow.proposals set state = 'executed' where id = ${id}`))
        }
      }),
    )
    expect(seen).toHaveLength(JOBS)
    expect(new Set(seen).size).toBe(JOBS)
  })

  test('a job whose lease ran out is taken back and claimed again', async () => {
    const { id } = await propose('k')
    await approve(id, 1)
    expect(await claim()).toEqual({ id, attempts: 1 })
    expect(await claim()).toBeUndefined()
    await as((tx) =>
      rows(
        tx,
        sql`update workflow.proposals set leased_until = now() - interval '1 second' where id = ${id}`,
      ),
    )
    await as((tx) =>
      rows(
        tx,
        sql`update workflow.proposals set state = 'approved' where state = 'executing' and leased_until < now()`,
      ),
    )
    expect(await claim()).toEqual({ id, attempts: 2 })
  })

  test('what is queued in a transaction that is rolled back was never queued', async () => {
    const failing = as(async (tx) => {
      await rows(
        tx,
        sql`insert into workflow.proposals (id, tenant_id, proposed_via, diff_hash, changes, idempotency_key, expires_at)
          values (${newId()}, core.current_tenant(), 'cli', 'h', '[]', 'rolled', now())`,
      )
      throw new Error('after the insert')
    })
    await expect(failing).rejects.toThrow('after the insert')
    expect(await as((tx) => rows(tx, sql`select id from workflow.proposals`))).toEqual([])
  })

  test('a database error is told by its SQLSTATE, however it is wrapped', async () => {
    const duplicate = as(async (tx) => {
      await insertOnce(tx, 'k')
      await insertOnce(tx, 'k')
    })
    expect(sqlStateOf(await duplicate.catch((error: unknown) => error))).toBe('23505')
    expect(sqlStateOf(new Error('outer', { cause: await duplicate.catch((error: unknown) => error) }))).toBe(
      '23505',
    )
    expect(sqlStateOf(new Error('nothing'))).toBeUndefined()
  })
})

const insertOnce = (tx: TenantTx, key: string): Promise<unknown> =>
  rows(
    tx,
    sql`insert into workflow.proposals (id, tenant_id, proposed_via, diff_hash, changes, idempotency_key, expires_at)
      values (${newId()}, core.current_tenant(), 'cli', 'h', '[]', ${key}, now())`,
  )
