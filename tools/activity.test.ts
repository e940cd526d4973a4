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
import type { ToolOutcome } from './toolbox.ts'

interface Way {
  readonly total: number
  readonly records: readonly { readonly occurred_at: string; readonly people: readonly string[] }[]
}
type Ways = Readonly<Record<'inbound' | 'outbound' | 'internal' | 'undirected', Way>>

const NAMES = /Dana|Whitfield|Nimbus|Owner Tester/

describe.each(testEngines)('activity, through the one door, on %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  let other: TestTenant
  let call: (name: string, given: unknown, asOther?: boolean) => Promise<ToolOutcome>

  const record = (at: string, direction: string | null, deleted = false): Promise<unknown> =>
    asTenant(base.database, tenant.actor(), async (tx) => {
      const id = newId()
      await rows(
        tx,
        sql`insert into intel.interactions (id, tenant_id, kind, direction, occurred_at, summary, company_id, member_id, deleted_at)
          values (${id}, ${tenant.workspace.id}, 'call', ${direction}, ${at}, 'Talked to Dana Whitfield', ${ids.nimbus},
            ${tenant.actor().memberId}, ${deleted ? at : null}::timestamptz)`,
      )
      await rows(
        tx,
        sql`insert into intel.interaction_people (id, tenant_id, interaction_id, person_id)
          values (${newId()}, ${tenant.workspace.id}, ${id}, ${ids.dana})`,
      )
    })

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    const clock = { timezone: 'Europe/London', clockAt: new Date('2026-11-20T09:00:00Z') }
    tenant = await base.addTenant(clock)
    other = await base.addTenant(clock)
    await fill(base.database, tenant)
    for (const day of ['01', '02', '03']) await record(`2025-03-${day}T10:00:00Z`, 'inbound')
    await record('2025-03-02T12:00:00Z', 'outbound')
    await record('2025-03-02T13:00:00Z', 'internal')
    await record('2025-03-02T14:00:00Z', null)
    await record('2025-03-02T15:00:00Z', 'inbound', true)
    await record('2025-04-01T00:00:00+01:00', 'inbound')
    const toolbox = createToolbox({
      database: base.database,
      tools,
      privacy: createPrivacy(base.database),
      queryTimeoutMs: 10_000,
    })
    const doors = await Promise.all(
      [tenant, other].map(async (house) => {
        const actor = { ...house.actor(), via: 'mcp' } as const
        const conversation = await asTenant(base.database, actor, (tx) =>
          openConversation(tx, { channel: 'mcp', externalKey: 'activity', memberId: actor.memberId }),
        )
        return { actor, conversationId: conversation.id }
      }),
    )
    call = (name, given, asOther = false) =>
      toolbox.call(name, given, { ...doors[asOther ? 1 : 0]!, signal: new AbortController().signal })
  })
  afterAll(() => base.close())

  const dana = async (): Promise<{ readonly id: string; readonly company: string }> => {
    const outcome = (await call('search_people', { query: 'Dana' })) as Extract<ToolOutcome, { ok: true }>
    return (outcome.result.data as { people: readonly { id: string; company: string }[] }).people[0]!
  }
  const ask = async (given: object) => {
    const outcome = await call('activity', given)
    expect(outcome).toMatchObject({ ok: true })
    expect(JSON.stringify(outcome)).not.toMatch(NAMES)
    const { result } = outcome as Extract<ToolOutcome, { ok: true }>
    return { ...result, data: result.data as Ways }
  }
  const march = { since: '2025-03-01', until: '2025-04-01' }

  test('the records of a person and of a company stand by direction, newest first, deleted ones and other months left out', async () => {
    const { id, company } = await dana()
    for (const of of [id, company]) {
      const { data, completeness, sources } = await ask({ of, ...march })
      expect(Object.values(data).map(({ total }) => total)).toEqual([3, 1, 1, 1])
      expect(data.inbound.records.map(({ occurred_at }) => occurred_at.slice(0, 10))).toEqual([
        '2025-03-03',
        '2025-03-02',
        '2025-03-01',
      ])
      expect(data.outbound.records[0]!.people).toEqual([id])
      expect(completeness).toMatchObject({ total: 6, returned: 6, complete: true })
      expect(sources).toHaveLength(6)
    }
  })

  test('a limit holds for each direction, and the totals stay honest', async () => {
    const { id } = await dana()
    const { data, completeness, notes } = await ask({ of: id, ...march, limit: 1 })
    expect(data.inbound).toMatchObject({ total: 3, records: [{}] })
    expect(completeness).toMatchObject({ total: 6, returned: 4, complete: false })
    expect(notes).toHaveLength(1)
  })

  test('the words say the dates, also where they were asked for as relative ones', async () => {
    const { id } = await dana()
    const wordsOf = async (given: object): Promise<unknown> =>
      (await ask({ of: id, ...given })).completeness?.filters_in_words
    expect(await wordsOf({})).toBe(
      'interactions of that person on or after 2026-10-21T09:00:00+01:00 until now',
    )
    expect(await wordsOf({ since: 'last_month', until: '2026-11-05' })).toBe(
      'interactions of that person on or after 2026-10-01 and before 2026-11-05',
    )
  })

  test('what is no party, and a handle of another conversation, are refused', async () => {
    expect(await call('activity', { of: 'Dana' })).toMatchObject({ ok: false })
    const { id } = await dana()
    const strange = await call('activity', { of: id, ...march }, true)
    expect(strange.ok ? (strange.result.data as Ways).inbound.total : 0).toBe(0)
  })
})
