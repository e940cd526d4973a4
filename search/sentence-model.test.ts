import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { createEmbedText } from './embed/ask.ts'
import type { Embedder } from './embed/embedder.ts'
import { openEmbedder } from './embed/open.ts'
import { startFakeEmbeddings } from './embed/testing/fake-embeddings.ts'
import type { FakeEmbeddings } from './embed/testing/fake-embeddings.ts'
import { indexMail } from './index-write.ts'
import { searchMail } from './lexical.ts'
import { addMails } from './testing/mails.ts'
import { keepMeaning } from './train.ts'

const PAIRS = 46
const MESSAGES = 210
/** Messages of the first segment; the others fill a second one. */
const FIRST = 105
const DIMENSIONS = 64
const FILLER = 'with some more words that every message of this mailbox has in it'

/** `ask7x` and `answer7x` mean the same to a model named `good…`, everything means the same to others. */
const vectorOf = (text: string, model: string): readonly number[] => {
  const about = Number(/(?:ask|answer)(\d+)x/.exec(text)?.[1] ?? DIMENSIONS - 1)
  const axis = model.startsWith('good') ? about % DIMENSIONS : 0
  return Array.from({ length: DIMENSIONS }, (_one, at) => (at === axis ? 1 : 0.01))
}

describe.each(testEngines)('a sentence model on %s', (engine) => {
  let harness: TestDatabase
  let tenant: TestTenant
  let system: Actor
  let server: FakeEmbeddings
  const settingOf = (model: string): string => `openai-compatible:${server.url}#${model}`
  const embedderOf = async (model: string): Promise<Embedder> => (await openEmbedder(settingOf(model)))!
  const models = () =>
    asTenant(harness.database, system, (tx) =>
      rows<{ kind: string; is_serving: boolean; vectors: number }>(
        tx,
        sql`select m.kind, m.is_serving, (select count(*)::int from intel.mail_vectors v where v.model_id = m.id) as vectors
          from intel.mail_models m order by m.is_serving desc`,
      ),
    )
  const keep = (embedder: Embedder | undefined) =>
    keepMeaning({ database: harness.database, actor: system, dimensions: 8, embedder })
  /** As a tool is called: the model is asked first, then the mail is searched. */
  const search = async (query: string, setting: string) => {
    const actor = tenant.actor()
    const meant = await createEmbedText(harness.database, { setting, keys: {} })(
      actor,
      () => ({ text: query }),
      new AbortController().signal,
    )
    return asTenant(harness.database, actor, (tx) =>
      searchMail(tx, { query, limit: 5, mode: 'semantic', meant }),
    )
  }

  let answers: readonly string[]
  beforeAll(async () => {
    harness = await openTestDatabase(engine)
    tenant = await harness.addTenant()
    system = { tenantId: tenant.workspace.id, memberId: null, role: 'owner', via: 'system' }
    server = await startFakeEmbeddings(vectorOf)
    const parents = await addMails(
      harness,
      tenant,
      Array.from({ length: PAIRS }, (_one, at) => ({ body: `ask${at}x ${FILLER}` })),
    )
    answers = await addMails(
      harness,
      tenant,
      parents.map((id, at) => ({ body: `answer${at}x ${FILLER} of them`, answers: id })),
    )
    await addMails(
      harness,
      tenant,
      Array.from({ length: MESSAGES - 2 * PAIRS }, (_one, at) => ({ body: `other${at}x ${FILLER}` })),
    )
    await indexMail({ database: harness.database, actor: system, segmentSize: FIRST })
  })
  afterAll(async () => {
    await server.close()
    await harness.close()
  })

  test('that finds no more than words is refused, keeps no vectors, and is not tried again', async () => {
    const { sentences } = await keep(await embedderOf('poor'))
    expect(sentences).toMatchObject({ state: 'refused', embedded: MESSAGES })
    expect(await models()).toMatchObject([
      { kind: 'lsa', is_serving: true },
      { kind: settingOf('poor'), is_serving: false, vectors: 0 },
    ])
    const asked = server.asked.length
    expect((await keep(await embedderOf('poor'))).sentences).toMatchObject({ state: 'refused', embedded: 0 })
    expect(server.asked.length).toBe(asked)
    expect((await search('ask7x', settingOf('poor'))).meaning).toBe('trained on this mail')
  })

  test('that finds more serves in the place of the one trained on the mail, and finds what shares no word', async () => {
    const { sentences } = await keep(await embedderOf('good'))
    expect(sentences).toMatchObject({
      state: 'serving',
      embedded: MESSAGES,
      tuning: { isProven: true },
    })
    expect(await models()).toMatchObject([{ kind: settingOf('good'), is_serving: true, vectors: 2 }])
    const found = await search('ask7x', settingOf('good'))
    expect(found.meaning).toBe('a sentence model')
    expect(found.hits.map(({ id }) => id)).toContain(answers[7])
    expect(server.refused).toEqual([])
  })

  test('gives new mail its vectors as it is indexed', async () => {
    const [id] = await addMails(harness, tenant, [{ body: `answer11x ${FILLER} again` }])
    await indexMail({ database: harness.database, actor: system })
    expect((await keep(await embedderOf('good'))).sentences).toMatchObject({ state: 'serving', embedded: 1 })
    expect((await search('ask11x', settingOf('good'))).hits.map((hit) => hit.id)).toContain(id)
  })

  test('that is silent is left out: the words are searched, and the answer says so', async () => {
    server.fail(503)
    const found = await search('ask7x', settingOf('good'))
    expect(
      await keepMeaning({ database: harness.database, actor: system, embedder: 'silent' }),
    ).toMatchObject({ trained: false })
    server.fail(undefined)
    expect(await models()).toMatchObject([{ kind: settingOf('good'), is_serving: true }])
    expect(found.meaning).toBeNull()
    expect(found.hits).toHaveLength(0)
    const { hits } = await asTenant(harness.database, tenant.actor(), (tx) =>
      searchMail(tx, { query: 'ask7x', limit: 5, mode: 'auto' }),
    )
    expect(hits).not.toHaveLength(0)
  })

  test('goes on serving while another takes its place in the background, which goes on where it was stopped', async () => {
    const next = await embedderOf('good-2')
    const stop = new AbortController()
    let embedded = 0
    const halting: Embedder = {
      ...next,
      embed: (texts, signal) => {
        embedded += texts.length
        if (embedded > FIRST) stop.abort()
        return next.embed(texts, signal)
      },
    }
    const broken = await keepMeaning({
      database: harness.database,
      actor: system,
      embedder: halting,
      signal: stop.signal,
    })
    expect(broken.sentences?.state).toBe('interrupted')
    const meanwhile = await search('ask7x', settingOf('good-2'))
    expect(meanwhile.meaning).toBe('a sentence model')
    expect(server.asked.at(-1)).toEqual({ model: 'good', text: 'ask7x' })
    expect((await keep(next)).sentences).toMatchObject({ state: 'serving', embedded: MESSAGES + 1 - FIRST })
    expect(await models()).toMatchObject([{ kind: settingOf('good-2'), is_serving: true }])
    expect((await search('ask7x', settingOf('good-2'))).hits.map(({ id }) => id)).toContain(answers[7])
  })

  test('that is no longer set is not asked any more, and a model trained on the mail takes its place', async () => {
    const asked = server.asked.length
    expect((await search('ask7x', 'none')).meaning).toBeNull()
    expect(await keep(undefined)).toMatchObject({ trained: true, sentences: null })
    expect(await models()).toMatchObject([{ kind: 'lsa', is_serving: true }])
    expect(server.asked.length).toBe(asked)
  })
})
