import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { indexMail } from './index-write.ts'
import { searchMail } from './lexical.ts'
import { rebuildIndex } from './rebuild.ts'
import { addMails } from './testing/mails.ts'

const COUNT = 240

describe.each(testEngines)('making the index of mail anew on %s', (engine) => {
  let harness: TestDatabase
  let tenant: TestTenant
  let system: Actor
  let ids: readonly string[]

  beforeAll(async () => {
    harness = await openTestDatabase(engine)
    tenant = await harness.addTenant()
    system = { tenantId: tenant.workspace.id, memberId: null, role: 'owner', via: 'system' }
    ids = await addMails(
      harness,
      tenant,
      Array.from({ length: COUNT }, (_one, at) => ({ body: `wombat number${at} kind${at % 7}` })),
    )
    await indexMail({ database: harness.database, actor: system, segmentSize: 100 })
  })
  afterAll(() => harness.close())

  /** As the tools search: all of one search sees the database as it was at one moment. */
  const search = (query: string) =>
    asTenant(harness.database, tenant.actor(), (tx) => searchMail(tx, { query, limit: 50 }), {
      readOnly: true,
    })
  const write = (statement: ReturnType<typeof sql>) =>
    asTenant(harness.database, tenant.actor(), (tx) => rows(tx, statement))
  const segments = () =>
    asTenant(harness.database, system, (tx) =>
      rows<{ generation: number; documents: number }>(
        tx,
        sql`select generation, documents from intel.mail_segments order by created_at, id`,
      ),
    )

  test('answers stay whole while it goes on, and mail that comes, changes or goes meanwhile is as it is', async () => {
    const state = { searches: 0, over: false }
    const rebuildAgain = async () => {
      for (;;) {
        const done = await rebuildIndex({ database: harness.database, actor: system, segmentSize: 20 })
        if (state.searches > 3) return done
      }
    }
    const rebuilt = rebuildAgain().finally(() => (state.over = true))
    while (!state.over) {
      const found = await search('wombat')
      expect([found.total, found.exact]).toEqual([COUNT, true])
      state.searches += 1
      if (state.searches === 2) {
        await addMails(harness, tenant, [{ body: 'wombat that came late' }])
        await write(sql`update intel.mail_messages set body_text = 'wombat quokka' where id = ${ids[3]}`)
        await write(sql`update intel.mail_messages set deleted_at = now() where id = ${ids[5]}`)
      }
    }
    expect((await rebuilt).segments).toBeGreaterThanOrEqual(COUNT / 20)
    for (let round = 0; round < 2; round += 1) {
      expect((await search('wombat')).total).toBe(COUNT)
      expect((await search('quokka')).hits.map(({ id }) => id)).toEqual([ids[3]])
      expect((await search('number3')).total).toBe(0)
      expect((await search('number5')).total).toBe(0)
      expect((await search('late')).total).toBe(1)
      await indexMail({ database: harness.database, actor: system })
    }
    expect(new Set((await segments()).map(({ generation }) => generation)).size).toBe(1)
  })

  test('what an interrupted rebuild left behind is neither searched nor kept', async () => {
    const stop = new AbortController()
    const before = await segments()
    const interrupted = rebuildIndex({
      database: harness.database,
      actor: system,
      segmentSize: 20,
      signal: stop.signal,
    })
    interrupted.catch(() => {})
    while ((await segments()).length === before.length) await search('wombat')
    stop.abort()
    await expect(interrupted).rejects.toThrow(/abort/i)
    expect((await search('wombat')).total).toBe(COUNT)
    await rebuildIndex({ database: harness.database, actor: system, segmentSize: 100 })
    expect((await search('wombat')).total).toBe(COUNT)
    expect((await segments()).reduce((sum, { documents }) => sum + documents, 0)).toBe(COUNT)
  })
})
