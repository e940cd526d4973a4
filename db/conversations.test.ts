import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import {
  appendTurn,
  forgetConversation,
  openConversation,
  readConversation,
  readTurns,
} from './conversations.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'
import { vaultStore, vaultStoreIn } from './vault-store.ts'
import type { StoredHandle } from './vault-store.ts'

describe.each(testEngines)('conversations on %s', (engine) => {
  let opened: TestDatabase
  let actor: Actor
  let stranger: Actor
  const as = <T>(fn: (tx: TenantTx) => Promise<T>, by: Actor = actor): Promise<T> =>
    asTenant(opened.database, by, fn)
  const begin = (externalKey: string | null = null): ReturnType<typeof openConversation> =>
    as((tx) => openConversation(tx, { channel: 'cli', externalKey, memberId: actor.memberId }))

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    actor = (await opened.addTenant()).actor()
    stranger = (await opened.addTenant()).actor()
  })
  afterAll(() => opened.close())

  const record = (number: string, id = newId()): StoredHandle => ({
    number,
    label: 'PERSON',
    record: { entity: 'people', id },
    ciphertext: null,
    valueMac: null,
  })
  const value = (number: string, mac: string): StoredHandle => ({
    number,
    label: 'EMAIL',
    record: null,
    ciphertext: Buffer.from(`secret ${number}`),
    valueMac: mac,
  })

  test('are found again by where they take place, each with a key of its own', async () => {
    const first = await begin('thread 1')
    expect(first.key).toHaveLength(32)
    expect(await begin('thread 1')).toEqual(first)
    expect(await as((tx) => readConversation(tx, first.id))).toEqual(first)
    const [second, third, fourth] = [await begin('thread 2'), await begin(), await begin()]
    expect(new Set([first, second, third, fourth].map(({ id }) => id)).size).toBe(4)
    expect(new Set([first, second, third, fourth].map(({ key }) => key.toString('hex'))).size).toBe(4)
    await expect(as((tx) => readConversation(tx, first.id), stranger)).rejects.toMatchObject({
      kind: 'not-found',
    })
  })

  test('begun ten times at once are begun once', async () => {
    const begun = await Promise.all(Array.from({ length: 10 }, () => begin('raced')))
    expect(new Set(begun.map(({ id }) => id)).size).toBe(1)
  })

  test('keep turns in order, also with several writers, and answer the last of them', async () => {
    const { id } = await begin()
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        as((tx) => appendTurn(tx, id, { role: 'user', content: { n, odd: '\u2028 "x"' } })),
      ),
    )
    const all = await as((tx) => readTurns(tx, id))
    expect(all.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(all.map(({ content }) => (content as { n: number }).n).toSorted((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ])
    expect(await as((tx) => readTurns(tx, id, { last: 3 }))).toEqual(all.slice(-3))
  })

  test('when forgotten lose key, handles and turns, and their place begins anew', async () => {
    const { id } = await begin('to forget')
    await as((tx) => appendTurn(tx, id, { role: 'assistant', content: 'PERSON_43317 called' }))
    await vaultStore(opened.database, actor, id).save([value('00000', 'mac')])
    await as((tx) => forgetConversation(tx, id))
    const left = await as((tx) =>
      rows(
        tx,
        sql`select (select count(*) from workflow.handles where conversation_id = ${id}) as handles,
          (select count(*) from workflow.turns where conversation_id = ${id}) as turns,
          (select key from workflow.conversations where id = ${id}) as key`,
      ),
    )
    expect(left).toEqual([{ handles: 0, turns: 0, key: null }])
    expect((await begin('to forget')).id).not.toBe(id)
    for (const late of [
      () => as((tx) => readConversation(tx, id)),
      () => as((tx) => forgetConversation(tx, id)),
      () => as((tx) => appendTurn(tx, id, { role: 'user', content: 1 })),
      () => vaultStore(opened.database, actor, id).reserve(1),
    ]) {
      await expect(late()).rejects.toMatchObject({ kind: 'not-found', code: 'unknown_conversation' })
    }
  })

  test('reserve numbers without overlap between processes', async () => {
    const { id } = await begin()
    const store = vaultStore(opened.database, actor, id)
    const firsts = await Promise.all(Array.from({ length: 10 }, () => store.reserve(5)))
    expect(firsts.toSorted((a, b) => a - b)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45])
  })

  test('store handles of records and values, and give them back as they were', async () => {
    const { id } = await begin()
    const store = vaultStore(opened.database, actor, id)
    const handles = [record('11111'), value('22222', 'mac a'), record('33333')]
    expect(await store.save(handles)).toEqual(handles)
    expect(await store.save([])).toEqual([])
    expect((await store.load()).toSorted((a, b) => a.number.localeCompare(b.number))).toEqual(handles)
    expect(await vaultStore(opened.database, stranger, id).load()).toEqual([])
  })

  test('let the first handle of a record or value win, in any order and among new ones', async () => {
    const { id } = await begin()
    const person = newId()
    const first = [record('10000', person), value('10001', 'same')]
    await vaultStore(opened.database, actor, id).save(first)
    const saved = await as((tx) =>
      vaultStoreIn(tx, id).save([value('20001', 'same'), record('20002'), record('20000', person)]),
    )
    expect(saved.map(({ number }) => number)).toEqual(['10001', '20002', '10000'])
    const raced = await Promise.all(
      ['1', '2', '3', '4'].map((n) =>
        vaultStore(opened.database, actor, id).save([value(`3000${n}`, 'raced')]),
      ),
    )
    expect(new Set(raced.map(([winner]) => winner!.number)).size).toBe(1)
  })

  test('refuse one number for two things', async () => {
    const { id } = await begin()
    const store = vaultStore(opened.database, actor, id)
    await store.save([value('50000', 'one')])
    await expect(store.save([value('50000', 'two')])).rejects.toMatchObject({ code: 'handle_number_taken' })
  })

  test('take thousands of handles at once', async () => {
    const { id } = await begin()
    const store = vaultStore(opened.database, actor, id)
    const many = Array.from({ length: 2500 }, (_, n) => record(String(n)))
    expect(await store.save(many)).toEqual(many)
    expect(await store.load()).toHaveLength(2500)
  })
})
