import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConversation } from '../db/conversations.ts'
import { asTenant, runText } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { askable, shapeOf } from '../query/fields.ts'
import { segmentsOf } from '../query/segments.ts'
import { fill } from '../query/testing/small-workspace.ts'
import { createToolbox } from './call.ts'
import { createPrivacy } from './privacy/privacy.ts'
import { tools } from './registry.ts'

/** A token of the usual models is about four characters of JSON. */
const tokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4)

const BUDGET = { overview: 1_700, entity: 2_200, field: 250 }

describe.each(testEngines)('the description of the CRM on %s', (engine) => {
  let base: TestDatabase
  let tenant: TestTenant
  let describeCrm: (entity?: string) => Promise<unknown>

  beforeAll(async () => {
    base = await openTestDatabase(engine)
    tenant = await base.addTenant({ clockAt: new Date('2026-11-20T09:00:00Z') })
    await fill(base.database, tenant)
    const actor = { ...tenant.actor(), via: 'mcp' } as const
    await asTenant(base.database, actor, (tx) =>
      runText(tx, "update crm.people set title = 'Scout', source = 'Fair', notes = 'Secret note'", []),
    )
    const { id: conversationId } = await asTenant(base.database, actor, (tx) =>
      openConversation(tx, { channel: 'mcp', externalKey: 'describing', memberId: actor.memberId }),
    )
    const privacy = createPrivacy(base.database)
    const toolbox = createToolbox({ database: base.database, tools, privacy, queryTimeoutMs: 10_000 })
    describeCrm = async (entity) => {
      const given = entity === undefined ? {} : { entity }
      const { signal } = new AbortController()
      const outcome = await toolbox.call('describe_crm', given, { actor, conversationId, signal })
      return 'error' in outcome ? outcome.error : outcome.result
    }
  })
  afterAll(() => base.close())

  test('comes in three tiers, each within its budget of tokens', async () => {
    expect(tokens(await describeCrm())).toBeLessThanOrEqual(BUDGET.overview)
    for (const { name } of askable())
      expect([name, tokens(await describeCrm(name)) <= BUDGET.entity]).toEqual([name, true])
    for (const field of ['people.name', 'people.title', 'deals.status', 'deals.amount', 'deals.close_date'])
      expect([field, tokens(await describeCrm(field)) <= BUDGET.field]).toEqual([field, true])
  })

  test('is the same each time', async () => {
    for (const entity of [undefined, 'deals', 'people.title'])
      expect(await describeCrm(entity)).toEqual(await describeCrm(entity))
  })

  test('shows frequent values of a harmless field, and none of a hidden or free text', async () => {
    expect(await describeCrm('people.title')).toMatchObject({ data: { field: { samples: ['Scout'] } } })
    expect(await describeCrm('deals.company.city')).toMatchObject({
      data: { field: { entity: 'companies' } },
    })
    for (const field of [
      'people.name',
      'people.notes',
      'people.linkedin_url',
      'deals.name',
      'emails.subject',
    ])
      expect(await describeCrm(field)).not.toHaveProperty('data.field.samples')
  })

  test('a value that one record alone has is no sample', async () => {
    expect(JSON.stringify(await describeCrm('people.city'))).not.toContain('Berlin')
  })

  test('names the segments of an entity, each of which can be asked', async () => {
    expect(await describeCrm('people')).toMatchObject({
      data: {
        entity: { segments: expect.arrayContaining([expect.objectContaining({ name: 'not_emailed(90)' })]) },
      },
    })
    expect(segmentsOf('people').map(({ name }) => name)).toContain('existing_investor')
    for (const { name } of askable()) expect(shapeOf(name).fields.has('in_segment')).toBe(false)
  })
})
