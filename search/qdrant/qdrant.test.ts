import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../domain/actor.ts'
import { newId } from '../../domain/ids.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import { createEmbedText } from '../embed/ask.ts'
import type { MailFilters } from '../filters.ts'
import { indexMail } from '../index-write.ts'
import { searchMail } from '../lexical.ts'
import { addMails } from '../testing/mails.ts'
import { keepMeaning } from '../train.ts'
import { connectQdrant } from './client.ts'
import type { Qdrant } from './client.ts'
import { keepQdrant } from './keep.ts'
import { startFakeQdrant } from './testing/fake-qdrant.ts'
import type { FakeQdrant } from './testing/fake-qdrant.ts'

const MESSAGES = 240
const TOPICS = ['boat mast harbour', 'garden soil rose', 'invoice price discount', 'lamp light bulb'] as const

/** Words of one of four topics in an order of their own, so that the model trained on them tells the topics apart. */
const bodyOf = (at: number): string =>
  `${TOPICS[at % 4]!.split(' ')[at % 3]!} ${TOPICS[at % 4]!} word${at % 29} word${(at * 7) % 31}`

test('the schemas are of the client that is installed', () => {
  const versionIn = (path: string): string =>
    (JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8')) as { version: string }).version
  expect(versionIn('testing/schemas/schemas.json')).toBe(
    versionIn('../../node_modules/@qdrant/js-client-rest/package.json'),
  )
})

describe.each(testEngines)('vectors in Qdrant beside %s', (engine) => {
  let harness: TestDatabase
  let tenant: TestTenant
  let other: TestTenant
  let system: Actor
  let fake: FakeQdrant
  let qdrant: Qdrant
  let ids: readonly string[]
  const signal = new AbortController().signal
  const keep = () => keepQdrant(qdrant, { database: harness.database, actor: system })
  const points = () => [...fake.collections.values()].flatMap(({ points: kept }) => [...kept.values()])

  const search = async (
    query: string,
    options: { filters?: MailFilters; actor?: Actor; own?: boolean } = {},
  ) => {
    const { filters = {}, actor = tenant.actor(), own = false } = options
    const embedText = createEmbedText(harness.database, { setting: 'none', keys: {}, qdrant })
    const meant = own ? undefined : await embedText(actor, () => ({ text: query, filters }), signal)
    const found = await asTenant(harness.database, actor, (tx) =>
      searchMail(tx, { query, limit: 10, mode: 'semantic', meant, ...filters }),
    )
    return { ids: found.hits.map(({ id }) => id), isStore: meant?.nearest !== undefined }
  }

  beforeAll(async () => {
    harness = await openTestDatabase(engine)
    fake = await startFakeQdrant({ apiKey: 'k' })
    qdrant = connectQdrant({ url: fake.url, apiKey: 'k' })
    for (const one of ['other', 'own']) {
      const made = await harness.addTenant()
      const actor: Actor = { tenantId: made.workspace.id, memberId: null, role: 'owner', via: 'system' }
      const added = await addMails(
        harness,
        made,
        Array.from({ length: MESSAGES }, (_one, at) => ({ body: bodyOf(at) })),
      )
      await indexMail({ database: harness.database, actor, segmentSize: 100 })
      await keepMeaning({ database: harness.database, actor, dimensions: 12 })
      if (one === 'own') [tenant, system, ids] = [made, actor, added]
      else {
        other = made
        await keepQdrant(qdrant, { database: harness.database, actor })
      }
    }
  })
  afterAll(async () => {
    await fake.close()
    await harness.close()
  })

  test('are asked for once all are there, and find what the database finds', async () => {
    expect((await search('harbour')).isStore).toBe(false)
    expect(await keep()).toEqual({ written: MESSAGES, mended: 3 })
    expect(await keep()).toEqual({ written: 0, mended: 0 })
    let [same, all] = [0, 0]
    for (const query of ['harbour', 'rose garden', 'price', 'bulb', 'mast word3', 'soil word7 word9']) {
      const [theirs, ours] = [await search(query), await search(query, { own: true })]
      expect(theirs.isStore).toBe(true)
      expect(theirs.ids).toHaveLength(10)
      same += theirs.ids.filter((id) => ours.ids.includes(id)).length
      all += ours.ids.length
    }
    expect(same / all).toBeGreaterThanOrEqual(0.98)
    expect(fake.refused).toEqual([])
  })

  test('are asked for by tenant, and filters that let few through go along', async () => {
    const threadId = ids[4]!
    expect((await search('harbour', { filters: { threadId } })).ids).toEqual([threadId])
    const last = fake.asked.at(-1)!
    expect(last.body).toMatchObject({
      filter: {
        must: [{ key: 'tenant', match: { value: tenant.workspace.id } }, {}, { has_id: [threadId] }],
      },
    })
    const body = JSON.stringify(fake.asked.map(({ body: sent }) => sent))
    expect(body).not.toContain('harbour')
    const theirs = points().filter(({ payload }) => payload.tenant === other.workspace.id)
    expect(theirs).toHaveLength(MESSAGES)
    expect((await search('harbour')).ids.every((id) => ids.includes(id))).toBe(true)
  })

  test('of mail that one member alone sees are near to that member alone', async () => {
    const [mine, theirs] = [ids[0]!, ids[4]!]
    const member = tenant.actor().memberId!
    const hide = (id: string, circle: string): Promise<unknown> =>
      asTenant(harness.database, system, (tx) =>
        rows(tx, sql`update intel.mail_messages set only_for = array[${circle}]::text[] where id = ${id}`),
      )
    await hide(mine, member)
    await hide(theirs, other.actor().memberId!)
    await indexMail({ database: harness.database, actor: system })
    await keepMeaning({ database: harness.database, actor: system, dimensions: 12 })
    await keep()
    const near = async (actor: Actor): Promise<readonly string[]> => {
      const meant = await createEmbedText(harness.database, { setting: 'none', keys: {}, qdrant })(
        actor,
        () => ({ text: 'boat mast harbour' }),
        signal,
      )
      return meant!.nearest!.found.map(({ id }) => id)
    }
    expect(await near(tenant.actor())).toContain(mine)
    expect(await near(tenant.actor())).not.toContain(theirs)
    expect(await near({ ...tenant.actor(), sees: 'shared' })).not.toContain(mine)
    expect(await near(system)).toEqual(expect.arrayContaining([mine, theirs]))
  })

  test('go with their message, and come back when Qdrant has lost them', async () => {
    const gone = ids[8]!
    await asTenant(harness.database, system, (tx) =>
      rows(tx, sql`update intel.mail_messages set deleted_at = now() where id = ${gone}`),
    )
    expect(points().some(({ id }) => id === gone)).toBe(true)
    expect((await search('boat mast harbour')).ids).not.toContain(gone)
    await keep()
    expect(points().some(({ id }) => id === gone)).toBe(false)
    const [name] = [...fake.collections.keys()].filter((one) => one.includes(tenant.workspace.id))
    await qdrant.drop(name!)
    expect((await search('boat mast harbour')).isStore).toBe(false)
    expect((await search('boat mast harbour')).ids.length).toBe(10)
    expect((await keep()).written).toBe(MESSAGES - 1)
    expect((await search('boat mast harbour')).isStore).toBe(true)
  })

  test('that cannot be had are done without', async () => {
    fake.fail(503)
    const { ids: found, isStore } = await search('boat mast harbour')
    expect(isStore).toBe(false)
    expect(found).toHaveLength(10)
    await expect(keep()).rejects.toMatchObject({ code: 'qdrant_silent', kind: 'unavailable' })
    fake.fail(undefined)
  })
})

test('what Qdrant would refuse is refused, with the reason', async () => {
  const fake = await startFakeQdrant()
  try {
    const qdrant = connectQdrant({ url: fake.url })
    await qdrant.create('c', { vectors: { meaning: { size: 2, distance: 'Cosine' } } })
    await qdrant.put('c', [{ id: newId(), vector: { meaning: [1, 0] } }])
    const query = { query: [1, 0], using: 'meaning', limt: 3 }
    const refusal = { code: 'qdrant_silent' }
    const { signal } = new AbortController()
    await expect(qdrant.query('c', query as object, signal)).rejects.toMatchObject(refusal)
    await expect(
      qdrant.remove('c', { must: [{ key: 'tenant', match: { value: 't' } }] }),
    ).rejects.toMatchObject(refusal)
    await expect(qdrant.put('c', [{ id: 'no uuid', vector: { meaning: [1, 0] } }])).rejects.toMatchObject(
      refusal,
    )
    expect(fake.refused.join('\n')).toMatch(
      /QueryRequest.*additional properties[\s\S]*no index on tenant[\s\S]*a UUID/,
    )
  } finally {
    await fake.close()
  }
})
