import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConversation } from '../db/conversations.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { fill, ids } from '../query/testing/small-workspace.ts'
import { createToolbox } from './call.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'
import { inDays, since } from './support/brief-words.ts'
import type { ToolOutcome } from './toolbox.ts'

interface Section {
  readonly part: string
  readonly total: number
  readonly rows: readonly Record<string, unknown>[]
}
interface Brief {
  readonly kind: string
  readonly about: { readonly id: string; readonly fields: Record<string, unknown> } | null
  readonly sections: readonly Section[]
  readonly left_out: readonly string[]
}

const NAMES =
  /Dana|Whitfield|Omar|Haddad|Ellery|Nimbus|Tidewater|Robots|Turbines|Lanterns|\.example|Owner Tester/

describe.each(testEngines)('briefs, through the one door, on %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  let call: (given: unknown, name?: string) => Promise<ToolOutcome>

  const addThread = (subject: string, direction: 'inbound' | 'outbound', sentAt: string): Promise<unknown> =>
    asTenant(base.database, tenant.actor(), async (tx) => {
      const [thread, mail] = [newId(), newId()]
      const tenantId = tenant.workspace.id
      await rows(
        tx,
        sql`insert into intel.mail_threads (id, tenant_id, subject, last_at, last_direction, needs_reply, company_id, person_id, owner_id)
          values (${thread}, ${tenantId}, ${subject}, ${sentAt}, ${direction}, ${direction === 'inbound'}, ${ids.nimbus}, ${ids.dana}, ${tenant.actor().memberId})`,
      )
      await rows(
        tx,
        sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, subject, body_text, size_bytes, source)
          values (${mail}, ${tenantId}, ${thread}, ${mail}, ${mail}, ${sentAt}, ${direction}, ${subject}, 'text', 10, 'test')`,
      )
    })

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant({ timezone: 'Europe/London', clockAt: new Date('2026-11-20T09:00:00Z') })
    await fill(base.database, tenant)
    await addThread('Price of the arms', 'inbound', '2026-11-18T10:00:00Z')
    await addThread('Draft terms', 'outbound', '2026-11-10T10:00:00Z')
    const actor = { ...tenant.actor(), via: 'mcp' } as const
    const { id: conversationId } = await asTenant(base.database, actor, (tx) =>
      openConversation(tx, { channel: 'mcp', externalKey: 'brief', memberId: actor.memberId }),
    )
    const privacy = createPrivacy(base.database)
    const toolbox = createToolbox({ database: base.database, tools, privacy, queryTimeoutMs: 10_000 })
    const { signal } = new AbortController()
    call = (given, name = 'brief') => toolbox.call(name, given, { actor, conversationId, signal })
  })
  afterAll(() => base.close())

  const briefed = async (given: unknown) => {
    const outcome = await call(given)
    expect(outcome).toMatchObject({ ok: true })
    expect(JSON.stringify(outcome)).not.toMatch(NAMES)
    const { result } = outcome as Extract<ToolOutcome, { ok: true }>
    const data = result.data as Brief
    return { ...result, data, part: (name: string) => data.sections.find(({ part }) => part === name) }
  }
  const handles = async () => {
    const outcome = (await call({ query: 'Dana' }, 'search_people')) as Extract<ToolOutcome, { ok: true }>
    const [dana] = (outcome.result.data as { people: readonly { id: string; company: string }[] }).people
    const deals = (await call(
      { find: 'deals', where: [{ field: 'status', value: 'open' }], order: ['-amount'] },
      'query_crm',
    )) as Extract<ToolOutcome, { ok: true }>
    const robots = (deals.result.data as { rows: readonly { name: string }[] }).rows[0]!.name
    return { dana: dana!.id, nimbus: dana!.company, robots }
  }

  test('an account: people, deals, contacts, mail that waits and tasks, each with the reason it is there', async () => {
    const { nimbus } = await handles()
    const { data, part, completeness, sources } = await briefed({ id: nimbus })
    expect(data.kind).toBe('account')
    expect(data.about).toMatchObject({ id: nimbus, fields: { kind: 'portfolio', status: 'customer' } })
    expect(part('people')).toMatchObject({
      total: 1,
      rows: [{ title: 'CEO', why: 'last contact 8 days ago' }],
    })
    expect(part('deal')).toMatchObject({
      total: 1,
      rows: [{ amount: 50_000, why: 'last contact 10 days ago' }],
    })
    expect(part('closed_deals')).toMatchObject({
      total: 1,
      rows: [{ status: 'won', why: 'won 20 days ago' }],
    })
    expect(part('last_interactions')).toMatchObject({ total: 3 })
    expect(part('last_interactions')!.rows[0]).toMatchObject({ kind: 'call', why: '8 days ago' })
    expect(part('open_threads')!.rows.map(({ why }) => why)).toEqual([
      'waits for us: they wrote 2 days ago',
      'waits for them: we wrote 10 days ago',
    ])
    expect(part('tasks')).toMatchObject({ total: 1, rows: [{ why: 'overdue by 1 day' }] })
    expect(completeness?.total).toBe(data.sections.reduce((sum, { total }) => sum + total, 0))
    expect(sources.map(({ id }) => id)).toEqual(expect.arrayContaining([nimbus]))
    expect(new Set(sources.map(({ id }) => id)).size).toBe(sources.length)
  })

  test('a meeting with a person or about a deal has what belongs to that record', async () => {
    const { dana, robots } = await handles()
    const person = await briefed({ id: dana, kind: 'meeting' })
    expect(person.data.kind).toBe('meeting')
    expect(person.part('deal')).toMatchObject({ total: 1 })
    expect(person.part('people')).toMatchObject({ title: 'Others at the company', total: 0 })
    expect(person.part('open_threads')).toMatchObject({ total: 2 })
    const deal = await briefed({ id: robots, kind: 'meeting' })
    expect(deal.part('people')).toMatchObject({ total: 2 })
    expect(deal.part('last_interactions')).toMatchObject({ total: 2 })
    expect(deal.part('tasks')).toMatchObject({ total: 1 })
  })

  test('a day is the asker’s: tasks due, mail that waits, deals closing and gone quiet', async () => {
    const day = await briefed({})
    expect(day.data).toMatchObject({ kind: 'daily', about: null, left_out: [] })
    expect(day.part('tasks')).toMatchObject({ total: 1, rows: [{ why: 'overdue by 1 day' }] })
    expect(day.part('open_threads')).toMatchObject({ total: 1 })
    expect(day.part('quiet_deals')).toMatchObject({ total: 1 })
    const { data } = await briefed({ for: 'team', parts: ['tasks'] })
    expect(data.sections.map(({ part }) => part)).toEqual(['tasks'])
    const members = (await call(
      { find: 'members', where: [{ field: 'role', value: 'admin' }], fields: ['id'] },
      'query_crm',
    )) as Extract<ToolOutcome, { ok: true }>
    const admin = (members.result.data as { rows: readonly { id: string }[] }).rows[0]!.id
    expect((await briefed({ for: admin })).part('tasks')).toMatchObject({ total: 0 })
  })

  test('a pipeline has its stages in order with totals, and is the same each time', async () => {
    const first = await briefed({ kind: 'pipeline' })
    expect(first.part('stages')).toMatchObject({
      total: 1,
      rows: [{ stage: 'Lead', deals: 2, total: 50_000, weighted: 5_000 }],
    })
    expect(first.part('closed_lately')).toMatchObject({ total: 2 })
    expect((await briefed({ kind: 'pipeline' })).data).toEqual(first.data)
  })

  test('a part that cannot be read is left out and named', async () => {
    const { nimbus } = await handles()
    await base.database.pool.query('revoke select on asked.threads from tact_agent')
    const outcome = await call({ id: nimbus })
    await base.database.pool.query('grant select on asked.threads to tact_agent')
    expect(outcome).toMatchObject({ ok: true, result: { data: { left_out: ['open_threads'] } } })
    const { result } = outcome as Extract<ToolOutcome, { ok: true }>
    expect((result.data as Brief).sections.map(({ part }) => part)).toContain('tasks')
    expect(result.completeness?.complete).toBe(false)
  })

  test('a workspace’s own template gives the parts, their order, titles and limits', async () => {
    const { nimbus } = await handles()
    const put = (body: unknown, version: number): Promise<unknown> =>
      asTenant(base.database, tenant.actor(), (tx) =>
        rows(
          tx,
          sql`insert into workflow.answer_templates (id, tenant_id, family, name, template_version, body)
            values (${newId()}, ${tenant.workspace.id}, 'account', 'short', ${version}, ${JSON.stringify(body)}::jsonb)`,
        ),
      )
    await put(
      [
        { part: 'tasks', title: 'To do' },
        { part: 'last_interactions', limit: 1 },
      ],
      1,
    )
    const { data } = await briefed({ id: nimbus })
    expect(data.sections).toMatchObject([
      { part: 'tasks', title: 'To do' },
      { part: 'last_interactions', total: 3, rows: [{ kind: 'call' }] },
    ])
    expect((await briefed({ id: nimbus, parts: ['people'] })).data.sections).toHaveLength(1)
    await put([{ part: 'gossip' }], 2)
    const usual = await briefed({ id: nimbus })
    expect(usual.notes[0]).toContain('template')
    expect(usual.part('people')).toBeDefined()
  })

  test('what does not fit together is taught', async () => {
    const { nimbus } = await handles()
    expect(await call({ kind: 'account' })).toMatchObject({
      ok: false,
      error: { code: 'missing_value', at: 'id' },
    })
    expect(await call({ kind: 'daily', id: nimbus })).toMatchObject({
      ok: false,
      error: { code: 'not_about_one' },
    })
    expect(await call({ id: 'somebody' })).toMatchObject({ ok: false, error: { code: 'not_a_record' } })
    expect(await call({ for: nimbus })).toMatchObject({ ok: false, error: { at: 'for' } })
    expect(await call({ id: nimbus, parts: ['gossip'] })).toMatchObject({ ok: false })
  })
})

describe('how long ago', () => {
  test('days are those of the calendar, not stretches of 24 hours', () => {
    expect(since('2026-11-19T23:59:00Z', '2026-11-20')).toBe('yesterday')
    expect(since('2026-11-20T00:01:00Z', '2026-11-20')).toBe('today')
    expect(inDays('2026-11-21', '2026-11-20')).toBe('tomorrow')
    expect(inDays('2026-03-30', '2026-03-28')).toBe('in 2 days')
    expect(inDays('2026-11-19', '2026-11-20')).toBe('overdue by 1 day')
  })
})
