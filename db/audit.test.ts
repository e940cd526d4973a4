import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { appendAudit, verifyAudit } from './audit.ts'
import { sqlStateOf } from './errors.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

describe.each(testEngines)('the audit chain on %s', (engine) => {
  let opened: TestDatabase
  let actor: Actor
  const as = <T>(fn: (tx: TenantTx) => Promise<T>, by: Actor = actor): Promise<T> =>
    asTenant(opened.database, by, fn)
  const verify = (): ReturnType<typeof verifyAudit> => as((tx) => verifyAudit(tx))
  /** What an intruder with the database's own rights could do. */
  const tamper = async (text: string): Promise<void> => {
    const { pool } = opened.database
    await pool.query('alter table core.audit_events no force row level security')
    await pool.query(text)
    await pool.query('alter table core.audit_events force row level security')
  }

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  beforeEach(async () => {
    await opened.truncate()
    actor = (await opened.addTenant()).actor()
  })
  afterAll(() => opened.close())

  const fill = async (): Promise<void> => {
    for (let n = 1; n <= 5; n += 1) {
      await as((tx) =>
        appendAudit(tx, { kind: 'test.happened', entity: 'people', recordId: newId(), data: { n } }),
      )
    }
  }

  test('counts from one, holds who did it and how, and verifies', async () => {
    expect(await verify()).toEqual({ ok: true, events: 0, head: '0'.repeat(64) })
    await fill()
    expect(await verify()).toMatchObject({
      ok: true,
      events: 5,
      head: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
    const found = await as((tx) =>
      rows(tx, sql`select position, member_id, via, data from core.audit_events order by position`),
    )
    expect(found[4]).toEqual({ position: 5, member_id: actor.memberId, via: 'cli', data: { n: 5 } })
  })

  test('whose end was cut off, or which was written anew, is found by a head kept elsewhere', async () => {
    await fill()
    const kept = await verify()
    if (!kept.ok) throw new Error('the chain does not verify')
    const against = () => as((tx) => verifyAudit(tx, kept))
    expect(await against()).toMatchObject({ ok: true })
    await as((tx) => appendAudit(tx, { kind: 'later' }))
    expect(await against()).toMatchObject({ ok: true, events: 6 })
    await tamper('delete from core.audit_events where position >= 5')
    expect(await verify()).toMatchObject({ ok: true, events: 4 })
    expect(await against()).toMatchObject({
      ok: false,
      position: 5,
      reason: 'the end that was kept is cut off',
    })
    await as((tx) => appendAudit(tx, { kind: 'another' }))
    expect(await verify()).toMatchObject({ ok: true, events: 5 })
    expect(await against()).toMatchObject({
      ok: false,
      position: 5,
      reason: 'the chain up to it is not the one that was kept',
    })
  })

  test('of each tenant is its own', async () => {
    const other = (await opened.addTenant()).actor()
    await fill()
    expect(await as((tx) => appendAudit(tx, { kind: 'first' }), other)).toBe(1)
    expect(await as((tx) => verifyAudit(tx), other)).toMatchObject({ ok: true, events: 1 })
    expect(await verify()).toMatchObject({ ok: true, events: 5 })
  })

  test('stays whole with many writers at once, and when one of them fails', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        as(async (tx) => {
          const position = await appendAudit(tx, { kind: 'raced', data: { n } })
          if (n % 5 === 0) throw new Error('rolled back')
          return position
        }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(16)
    expect(await verify()).toMatchObject({ ok: true, events: 16 })
  })

  test('takes any JSON and finds it unchanged: key order, numbers, odd characters', async () => {
    const data = {
      z: 1,
      a: [1.5, 1e21, -0, 1e-7, 0.1 + 0.2, Number.MAX_SAFE_INTEGER, null, true],
      text: 'nul \0, lone \ud800, é, \u2028, "quoted"',
      'key \0': { y: {}, x: [] },
      gone: undefined,
      when: new Date(0),
      ['__proto__']: { polluted: true },
    }
    await as((tx) => appendAudit(tx, { kind: 'odd', data }))
    expect(await verify()).toMatchObject({ ok: true, events: 1 })
  })

  test.each([
    ['changed data', `update core.audit_events set data = '{"n": 30}' where position = 3`, 3],
    ['a changed actor', `update core.audit_events set member_id = gen_random_uuid() where position = 2`, 2],
    [
      'a changed time',
      `update core.audit_events set created_at = created_at - interval '1 second' where position = 4`,
      4,
    ],
    ['a removed event', `delete from core.audit_events where position = 3`, 4],
    ['a changed hash', `update core.audit_events set hash = repeat('0', 64) where position = 5`, 5],
    [
      'a row of another place',
      `update core.audit_events a set kind = b.kind, data = b.data, hash = b.hash, entity = b.entity, record_id = b.record_id
        from core.audit_events b where a.position = 2 and b.position = 4`,
      2,
    ],
  ])('tells of %s', async (_, text, position) => {
    await fill()
    await tamper(text)
    expect(await verify()).toMatchObject({ ok: false, position })
  })

  test('a request can neither change nor remove an event', async () => {
    await fill()
    for (const statement of [
      sql`update core.audit_events set kind = 'x'`,
      sql`delete from core.audit_events`,
      sql`truncate core.audit_events`,
    ]) {
      const refused = as((tx) => rows(tx, statement))
      expect(sqlStateOf(await refused.catch((error: unknown) => error))).toBe('42501')
    }
    expect(await verify()).toMatchObject({ ok: true, events: 5 })
  })
})
