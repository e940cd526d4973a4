import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConversation } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { fill, ids } from '../query/testing/small-workspace.ts'
import { createToolbox } from './call.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'
import type { ToolOutcome } from './toolbox.ts'

const NAMES =
  /Dana|Whitfield|Omar|Haddad|Ellery|Nimbus|Tidewater|Robots|Turbines|Lanterns|\.example|Owner Tester|[0-9a-f]{8}-[0-9a-f]{4}-/

interface Person {
  readonly id: string
  readonly name: string
  readonly company: string | null
  readonly emails: readonly string[]
  readonly matched: string
}
interface Answer {
  readonly people: readonly Person[]
  readonly rows: readonly Record<string, unknown>[]
  readonly columns: readonly { readonly name: string }[]
  readonly query_id: string
  readonly fields: Record<string, unknown>
  readonly related: readonly { readonly relation: string; readonly count: number }[]
  readonly sections: Record<
    string,
    { readonly total: number; readonly rows: readonly Record<string, unknown>[] }
  >
  readonly entities: readonly { readonly name: string }[]
  readonly entity: { readonly fields: readonly { readonly name: string }[] }
  readonly words: Record<string, readonly string[]>
}

describe.each(testEngines)('the tools that answer, through the one door, on %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  let call: (name: string, given: unknown) => Promise<ToolOutcome>
  let restore: (text: string) => Promise<string>

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant({ timezone: 'Europe/London', clockAt: new Date('2026-11-20T09:00:00Z') })
    await fill(base.database, tenant)
    const actor = { ...tenant.actor(), via: 'mcp' } as const
    const { id: conversationId } = await asTenant(base.database, actor, (tx) =>
      openConversation(tx, { channel: 'mcp', externalKey: 'asking', memberId: actor.memberId }),
    )
    const privacy = createPrivacy(base.database)
    const toolbox = createToolbox({ database: base.database, tools, privacy, queryTimeoutMs: 10_000 })
    const { signal } = new AbortController()
    call = (name, given) => toolbox.call(name, given, { actor, conversationId, signal })
    restore = async (text) => (await privacy.open(actor, conversationId)).restoreText(text)
  })
  afterAll(() => base.close())

  const answered = async (name: string, given: unknown) => {
    const outcome = await call(name, given)
    expect(outcome).toMatchObject({ ok: true })
    expect(JSON.stringify(outcome).replace(/"query_id":"[0-9a-f-]{36}"/, '')).not.toMatch(NAMES)
    const { result } = outcome as Extract<ToolOutcome, { ok: true }>
    return { ...result, data: result.data as Answer }
  }
  const refused = async (name: string, given: unknown) => {
    const outcome = await call(name, given)
    expect(outcome).toMatchObject({ ok: false })
    expect(JSON.stringify(outcome)).not.toMatch(NAMES)
    return (outcome as Extract<ToolOutcome, { ok: false }>).error
  }

  test.each([
    { sql: 'select name, city from companies order by name' },
    { find: 'companies', fields: ['name', 'city'], order: ['name'] },
    { find: 'companies', fields: ['name'], limit: 1 },
  ])('%j is answered with a query_id that asks it again, in the same envelope', async (question) => {
    const first = await answered('query_crm', question)
    const again = await answered('query_crm', { query_id: first.data.query_id })
    expect(again).toEqual(first)
  })

  test('a later page is asked again by its id as well', async () => {
    const question = { find: 'companies', fields: ['name'], limit: 1 }
    const { completeness } = await answered('query_crm', question)
    const page = await answered('query_crm', { ...question, cursor: completeness!.next_cursor })
    expect(page.data.rows).toHaveLength(1)
    expect(await answered('query_crm', { query_id: page.data.query_id })).toEqual(page)
  })

  test('a query_id stands alone, and one that was never given is told apart from one that is none of ours', async () => {
    const { data } = await answered('query_crm', { find: 'companies' })
    expect(await refused('query_crm', { query_id: newId() })).toMatchObject({ code: 'unknown_query' })
    expect(await refused('query_crm', { query_id: "' or 1=1 --" })).toMatchObject({ code: 'unknown_query' })
    expect(await refused('query_crm', { query_id: data.query_id, find: 'deals' })).toMatchObject({
      code: 'bad_query',
    })
  })

  test('a question with half a character in it is kept as one that is whole', async () => {
    const question = {
      find: 'companies',
      where: [{ field: 'name', op: 'contains', value: 'nobody \ud800 \u{1f40c}' }],
    }
    const { data } = await answered('query_crm', question)
    expect(data.rows).toEqual([])
    expect((await answered('query_crm', { query_id: data.query_id })).data.rows).toEqual([])
  })

  test('a person is found by name, misspelling, address and handle; the cards name nobody', async () => {
    const byName = await answered('search_people', { query: 'Dana Whitfield' })
    const [card] = byName.data.people
    expect(card).toMatchObject({
      title: 'CEO',
      role: 'founder',
      tags: ['buyer', 'portfolio'],
      matched: 'name',
    })
    expect(card!.id).toMatch(/^PERSON_\d{5}$/)
    expect(await restore(`${card!.id} of ${card!.company} at ${card!.emails[0]}`)).toBe(
      'Dana Whitfield of Nimbus Robotics at dana@nimbus.example',
    )
    for (const query of ['dana whitfeld', card!.emails[0]!, card!.id, 'whitfield nimbus']) {
      const found = await answered('search_people', { query })
      expect(found.data.people[0]?.id).toBe(card!.id)
    }
    const none = await answered('search_people', { query: 'Zebulon Quux' })
    expect(none.data.people).toEqual([])
    expect(none.completeness).toMatchObject({ total: 0, complete: true })
  })

  test('people are found by company, role, tag and owner alone', async () => {
    const company = (await answered('search_people', { query: 'Omar' })).data.people[0]!.company!
    expect((await answered('search_people', { company })).data.people).toHaveLength(1)
    expect((await answered('search_people', { query: company })).data.people).toHaveLength(1)
    expect((await answered('search_people', { role: 'FOUNDER' })).completeness?.total).toBe(2)
    expect((await answered('search_people', { tag: 'portfolio', owner: 'me' })).data.people).toHaveLength(1)
    expect((await answered('search_people', { query: 'Sam', role: 'founder' })).data.people).toEqual([])
    expect(await refused('search_people', {})).toMatchObject({ code: 'missing_value', at: 'query' })
  })

  test('query_crm takes handles as values and gives handles as names', async () => {
    const deals = await answered('query_crm', {
      find: 'deals',
      where: [{ field: 'status', value: 'open' }],
      order: ['-amount'],
    })
    const [first] = deals.data.rows
    expect(first).toMatchObject({ stage: 'Lead', amount: 50_000, currency: 'USD' })
    expect(await restore(String(first!['name']))).toBe('Robots')
    const again = await answered('query_crm', {
      find: 'deals',
      where: [{ field: 'company', value: first!['company'] }],
      measures: [{ fn: 'count' }],
    })
    expect(again.data.rows).toEqual([{ count: 2 }])
    expect(again.completeness?.filters_in_words).toBe(`company is ${String(first!['company'])}`)
  })

  test('what query_crm refuses, it teaches', async () => {
    expect(await refused('query_crm', { from: 'deals' })).toMatchObject({
      code: 'unknown_key',
      did_you_mean: ['find'],
    })
    expect(
      await refused('query_crm', { find: 'deals', where: [{ field: 'stat', op: 'eq', value: 1 }] }),
    ).toMatchObject({ at: 'where[0].op', did_you_mean: ['='] })
    expect(await refused('query_crm', { find: 'dael' })).toMatchObject({
      code: 'unknown_entity',
      did_you_mean: ['deals'],
    })
  })

  test('get_record gives a record whole: fields, relations, sections, since', async () => {
    const { data: found } = await answered('search_people', { query: 'Dana' })
    const { id } = found.people[0]!
    const whole = await answered('get_record', { id })
    expect(whole.data.fields).toMatchObject({ title: 'CEO', city: 'Berlin', name: id })
    expect(Object.fromEntries(whole.data.related.map(({ relation, count }) => [relation, count]))).toEqual({
      emails: 2,
      tags: 2,
      deals: 2,
      interactions: 3,
    })
    expect(whole.data.sections['interactions']).toMatchObject({ total: 3 })
    expect(whole.data.sections['interactions']!.rows[0]).toMatchObject({ kind: 'call' })
    const recent = await answered('get_record', {
      id,
      sections: ['interactions', 'deals'],
      since: '2026-11',
      limit: 1,
    })
    expect(recent.data.sections['interactions']).toMatchObject({ total: 2, rows: [expect.anything()] })
    expect(Object.keys(recent.data.sections)).toEqual(['interactions', 'deals'])
    expect(recent.completeness?.complete).toBe(false)
  })

  test('every kind of record with a handle can be read', async () => {
    for (const find of ['people', 'companies', 'deals', 'interactions', 'tasks', 'members']) {
      const { data } = await answered('query_crm', { find, fields: ['id'], limit: 1 })
      const got = await answered('get_record', { id: data.rows[0]!['id'] })
      expect(got.completeness?.total).toBe(1)
    }
  })

  test('get_record refuses what is no handle, and what is gone', async () => {
    expect(await refused('get_record', { id: 'somebody' })).toMatchObject({ code: 'not_a_record' })
    expect(await refused('get_record', { id: `companies:${ids.gone}` })).toMatchObject({
      code: expect.stringMatching(/no_record|handle/),
    })
    const { data } = await answered('search_people', { query: 'Dana' })
    expect(await refused('get_record', { id: data.people[0]!.id, since: 'lately' })).toMatchObject({
      code: 'bad_period',
      at: 'since',
    })
  })

  test('describe_crm fits its budget and knows the words of the workspace', async () => {
    const overview = await answered('describe_crm', {})
    expect(overview.data.entities.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['people', 'companies', 'deals', 'interactions', 'emails', 'threads', 'tasks']),
    )
    expect(overview.data.words).toMatchObject({
      'deals.stage': ['Lead', 'Won (won)', 'Lost (lost)'],
      tags: ['buyer', 'portfolio'],
    })
    expect(JSON.stringify(overview.data).length).toBeLessThan(1_500 * 4)
    const deals = await answered('describe_crm', { entity: 'opportunity' })
    expect(deals.data.entity.fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['amount', 'status', 'close_date']),
    )
    expect(deals.notes).toEqual(['`opportunity` was read as `deals`.'])
    expect(await refused('describe_crm', { entity: 'peple' })).toMatchObject({
      did_you_mean: expect.arrayContaining(['people']),
    })
  })

  test('every field that describe_crm names can be asked for', async () => {
    const { data } = await answered('describe_crm', {})
    for (const { name } of data.entities) {
      const { data: told } = await answered('describe_crm', { entity: name })
      const fields = told.entity.fields.map((field) => field.name)
      const found = await answered('query_crm', { find: name, fields, limit: 2 })
      expect(found.data.columns.map((column) => column.name)).toEqual(expect.arrayContaining(fields))
    }
  })
})
