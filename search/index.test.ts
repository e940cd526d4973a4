import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { indexMail } from './index-write.ts'
import { searchMail } from './lexical.ts'
import { keepMeaning } from './train.ts'
import { addMails } from './testing/mails.ts'

const TOPICS = [
  ['boat', 'sail', 'harbour', 'mast', 'anchor'],
  ['price', 'invoice', 'payment', 'discount', 'contract'],
  ['garden', 'flower', 'soil', 'seed', 'harvest'],
  ['server', 'database', 'outage', 'latency', 'deploy'],
] as const

/** Mail of four topics: each message holds three of the five words of its topic. */
const topicMails = (count: number) =>
  Array.from({ length: count }, (_one, at) => {
    const words = TOPICS[at % TOPICS.length]!
    const start = Math.floor(at / TOPICS.length) % words.length
    return {
      body: `${words[start]} ${words[(start + 1) % 5]} ${words[(start + 2) % 5]} word${at} and${at} more${at % 17}`,
    }
  })

describe.each(testEngines)('the index of mail on %s', (engine) => {
  let harness: TestDatabase
  let tenant: TestTenant
  let system: Actor

  beforeAll(async () => {
    harness = await openTestDatabase(engine)
    tenant = await harness.addTenant()
    system = { tenantId: tenant.workspace.id, memberId: null, role: 'owner', via: 'system' }
  })
  afterAll(() => harness.close())

  const search = (query: string, more: Partial<Parameters<typeof searchMail>[1]> = {}) =>
    asTenant(harness.database, tenant.actor(), (tx) => searchMail(tx, { query, limit: 50, ...more }))
  const waiting = async (): Promise<number> =>
    (
      await asTenant(harness.database, system, (tx) =>
        rows<{ waiting: number }>(tx, sql`select count(*)::int as waiting from intel.mail_pending`),
      )
    )[0]!.waiting

  test('what waits is found as it will be found once it is in a segment, with the same scores', async () => {
    await addMails(harness, tenant, topicMails(120))
    const before = await search('boat invoice')
    expect(before.total).toBeGreaterThan(20)
    expect(await indexMail({ database: harness.database, actor: system })).toEqual({
      indexed: 120,
      segments: 1,
    })
    expect(await waiting()).toBe(0)
    const after = await search('boat invoice')
    expect(after.total).toBe(before.total)
    expect(new Map(after.hits.map(({ id, score }) => [id, score]))).toEqual(
      new Map(before.hits.map(({ id, score }) => [id, score])),
    )
    expect(await indexMail({ database: harness.database, actor: system })).toEqual({
      indexed: 0,
      segments: 0,
    })
  })

  test('a changed message is found by its new words alone, before and after it is indexed again', async () => {
    const [id] = await addMails(harness, tenant, [{ body: 'quokka' }])
    await indexMail({ database: harness.database, actor: system })
    await asTenant(harness.database, tenant.actor(), (tx) =>
      rows(tx, sql`update intel.mail_messages set body_text = 'wombat' where id = ${id}`),
    )
    for (let round = 0; round < 2; round += 1) {
      expect((await search('quokka')).total).toBe(0)
      expect((await search('wombat')).hits.map((hit) => hit.id)).toEqual([id])
      await indexMail({ database: harness.database, actor: system })
    }
  })

  test('a deleted message is gone at once from hits and totals', async () => {
    const [id] = await addMails(harness, tenant, [{ body: 'numbat' }, { body: 'numbat again' }])
    await indexMail({ database: harness.database, actor: system })
    await asTenant(harness.database, tenant.actor(), (tx) =>
      rows(tx, sql`update intel.mail_messages set deleted_at = now() where id = ${id}`),
    )
    const found = await search('numbat')
    expect(found).toMatchObject({ total: 1, exact: true })
    expect(found.hits.map((hit) => hit.id)).not.toContain(id)
  })

  test('quoted text is found too, but counts less than new text', async () => {
    const [quoting, writing] = await addMails(harness, tenant, [
      { body: 'I agree.', quoted: 'the pangolin sleeps' },
      { body: 'The pangolin sleeps.' },
    ])
    expect((await search('pangolin')).hits.map(({ id }) => id)).toEqual([writing, quoting])
  })

  test('without a model meaning takes no part; with one, what shares no word is found and the result says so', async () => {
    await addMails(
      harness,
      tenant,
      topicMails(280).map(({ body }) => ({ body: `${body} x` })),
    )
    await indexMail({ database: harness.database, actor: system })
    expect((await search('mast', { mode: 'auto' })).meaning).toBeNull()
    const report = await keepMeaning({ database: harness.database, actor: system, dimensions: 8 })
    expect(report).toMatchObject({ trained: true })
    expect(report.embedded).toBeGreaterThan(300)
    const found = await search('mast', { mode: 'semantic' })
    expect(found.meaning).toBe('trained on this mail')
    const withoutWord = (await search('mast', { mode: 'semantic', limit: 100 })).hits.filter(
      ({ snippet }) => !snippet.includes('mast'),
    )
    expect(withoutWord.length).toBeGreaterThan(5)
    for (const { snippet } of withoutWord.slice(0, 5)) expect(snippet).toMatch(/boat|sail|harbour|anchor/)
    const words = await search('mast')
    const all = await search('mast', { mode: 'auto' })
    expect(all.matching).toBe(words.total)
    expect(all.total).toBeGreaterThanOrEqual(words.total)
    expect(await keepMeaning({ database: harness.database, actor: system })).toMatchObject({
      trained: false,
      embedded: 0,
    })
  })

  test('of more matches than are listed all are counted, whatever the filter', async () => {
    const ids: string[] = []
    for (let part = 0; part < 3; part += 1) {
      const mails = Array.from({ length: 700 }, (_one, at) => ({ body: `walrus ${at}` }))
      ids.push(...(await addMails(harness, tenant, mails)))
    }
    await indexMail({ database: harness.database, actor: system })
    await asTenant(harness.database, tenant.actor(), (tx) =>
      rows(tx, sql`update intel.mail_messages set deleted_at = now() where id = ${ids[3]}`),
    )
    for (const mode of ['keyword', 'auto'] as const) {
      const found = await search('walrus', { mode, limit: 10 })
      expect(found).toMatchObject({ exact: true, total: 2_099, matching: 2_099 })
      expect(found.unlisted).toBeGreaterThan(0)
      expect(await search('walrus', { mode, direction: 'inbound' })).toMatchObject({ total: 2_099 })
      expect(await search('walrus', { mode, direction: 'outbound' })).toMatchObject({ total: 0, exact: true })
    }
  })

  test("nothing of another workspace's mail shows in hits, totals, scores or related messages", async () => {
    const before = await search('boat', { mode: 'auto' })
    const other = await harness.addTenant()
    await addMails(harness, other, topicMails(250))
    const theirs: Actor = { tenantId: other.workspace.id, memberId: null, role: 'owner', via: 'system' }
    await indexMail({ database: harness.database, actor: theirs })
    await keepMeaning({ database: harness.database, actor: theirs, dimensions: 8 })
    expect(await search('boat', { mode: 'auto' })).toEqual(before)
  })
})
