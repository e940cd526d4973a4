import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listMembers } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { instantOf } from '../domain/zone.ts'
import { systemOf } from '../jobs/lease.ts'
import { makeDigest, windowOf } from './make.ts'
import { readPolicy } from './policy.ts'
import { renderText } from './render.ts'
import { openOffice } from './testing/office.ts'
import { playYear } from './testing/year.ts'

const ZONE = 'Europe/Berlin'

describe.each(testEngines)('days of a made-up year on %s', (engine) => {
  let opened: TestDatabase
  let tenant: TestTenant
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    tenant = await opened.addTenant({ name: 'Year', slug: `year-${engine}`, timezone: ZONE })
    const members = (['owner', 'admin'] as const).map((role) => tenant.actor(role).memberId!)
    const start = new Date('2026-01-01T00:00:00Z')
    const office = openOffice(opened.database, tenant)
    await playYear(office, { start, days: 365, seed: 3, threads: 30, members, companies: 10 })
  }, 120_000)
  afterAll(() => opened.close())

  const digestOn = async (date: string, role: 'owner' | 'admin'): Promise<string> => {
    const { database } = opened
    const id = tenant.actor(role).memberId
    const { policy, member } = await asTenant(database, systemOf(tenant.workspace.id), async (tx) => ({
      policy: await readPolicy(tx, 'mail', tenant.workspace),
      member: (await listMembers(tx)).find((one) => one.id === id)!,
    }))
    const until = new Date(instantOf(Date.parse(`${date}T08:00:00Z`), ZONE))
    const { layout } = await makeDigest(database, {
      tenantId: tenant.workspace.id,
      policy,
      member,
      window: windowOf(policy, { until, last: null }),
      inboxUrl: 'http://here/inbox',
    })
    return `${renderText(layout).replaceAll(/: http\S+/g, '')}\n`
  }

  test.each([
    ['before anything happened', '2026-01-02', 'owner'],
    ['after the clocks jumped forward', '2026-03-30', 'owner'],
    ['in the leave of a member', '2026-07-27', 'admin'],
    ['after the clocks went back', '2026-10-26', 'admin'],
    ['on a holiday', '2026-12-25', 'owner'],
  ] as const)('read as they stand: %s', async (_when, date, role) => {
    await expect(await digestOn(date, role)).toMatchFileSnapshot(`testing/days/${date}.txt`)
  })
})
