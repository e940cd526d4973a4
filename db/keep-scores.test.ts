import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { keepScores } from './keep-scores.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase, TestTenant } from './testing.ts'

describe.each(testEngines)('the series of scores on %s', (engine) => {
  let opened: TestDatabase
  let tenant: TestTenant
  let actor: Actor
  const ids = {
    company: newId(),
    quiet: newId(),
    person: newId(),
    deal: newId(),
    lead: newId(),
    call: newId(),
  }

  const all = <T extends object>(statement: ReturnType<typeof sql>): Promise<T[]> =>
    asTenant(opened.database, actor, (tx) => rows<T>(tx, statement))
  const clock = (at: string) =>
    opened.database.pool.query(`update core.tenants set clock_at = $1 where id = $2`, [
      at,
      tenant.workspace.id,
    ])
  const series = () =>
    all<{ kind: string; of: string; value: number; day: string; evidence: { records: string[] } }>(
      sql`select kind, case when deal_id is null then 'company' else 'deal' end as of, value, at::date::text as day, evidence
        from intel.scores order by at, kind`,
    )
  const keep = () => keepScores(opened.database, tenant.workspace)

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    tenant = await opened.addTenant({ clockAt: new Date('2026-11-20T09:00:00Z') })
    actor = tenant.actor()
    const stage = newId()
    await all(
      sql`insert into crm.stages (id, tenant_id, name, position) values (${stage}, core.current_tenant(), 'Open', 1)`,
    )
    await all(sql`insert into crm.companies (id, tenant_id, name) values (${ids.company}, core.current_tenant(), 'Acme'),
      (${ids.quiet}, core.current_tenant(), 'Silent')`)
    await all(
      sql`insert into crm.people (id, tenant_id, given_name, company_id) values (${ids.person}, core.current_tenant(), 'Ann', ${ids.company})`,
    )
    await all(sql`insert into crm.deals (id, tenant_id, name, stage_id, company_id, currency)
      values (${ids.deal}, core.current_tenant(), 'Robots', ${stage}, ${ids.company}, 'USD')`)
    await all(
      sql`insert into crm.deal_people (id, tenant_id, deal_id, person_id) values (${newId()}, core.current_tenant(), ${ids.deal}, ${ids.person})`,
    )
    await all(
      sql`insert into crm.leads (id, tenant_id, person_id, urgency, source) values (${ids.lead}, core.current_tenant(), ${ids.person}, 'high', 'referral')`,
    )
  })
  afterAll(() => opened.close())

  test('holds a row for each score there is, with its parts; nothing for what never happened', async () => {
    expect(await keep()).toBe(3)
    expect(await series()).toMatchObject([
      { kind: 'deal_intelligence', of: 'deal', value: 3.8, day: '2026-11-20' },
      { kind: 'engagement', of: 'company', value: 10, evidence: { deals: 1, records: [] } },
    ])
    expect(
      await all(sql`select overall, intent_signals, risks, next_actions from intel.lead_scores`),
    ).toEqual([
      {
        overall: 35,
        intent_signals: 'high urgency; came by referral',
        risks: 'no budget said; no decision maker',
        next_actions: 'make the first contact',
      },
    ])
  })

  test('stays as it is where nothing changed, and has one row a day where something did', async () => {
    expect(await keep()).toBe(0)
    await all(sql`insert into intel.interactions (id, tenant_id, kind, direction, occurred_at, company_id, deal_id)
      values (${ids.call}, core.current_tenant(), 'call', 'outbound', '2026-11-20T08:00:00Z', ${ids.company}, ${ids.deal})`)
    expect(await keep()).toBe(2)
    expect(await series()).toHaveLength(2)
    await clock('2026-12-20T09:00:00Z')
    expect(await keep()).toBe(1)
    const now = await series()
    expect(now.map(({ kind, day }) => [kind, day])).toEqual([
      ['deal_intelligence', '2026-11-20'],
      ['engagement', '2026-11-20'],
      ['deal_intelligence', '2026-12-20'],
    ])
    expect(now[0]!.value).toBeGreaterThan(now[2]!.value)
    expect(now.map(({ evidence }) => evidence.records)).toEqual([[ids.call], [ids.call], [ids.call]])
  })

  test('of one workspace is none of another’s', async () => {
    const other = (await opened.addTenant()).workspace
    expect(await keepScores(opened.database, other)).toBe(0)
  })

  test('says that a score fell to nothing', async () => {
    await all(sql`update crm.deals set deleted_at = now()`)
    await clock('2027-06-20T09:00:00Z')
    expect(await keep()).toBe(1)
    expect((await series()).at(-1)).toMatchObject({ kind: 'engagement', value: 0, day: '2027-06-20' })
  })
})
