import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'
import { refreshWinModel } from './win-model.ts'

const key = (kind: string, number: number | string) => sql.raw(`md5('${kind}' || ${number})::uuid`)

describe.each(testEngines)('scores and views on %s', (engine) => {
  let opened: TestDatabase
  let actor: Actor
  let other: Actor

  const all = <T extends object>(statement: ReturnType<typeof sql>, by: Actor = actor): Promise<T[]> =>
    asTenant(opened.database, by, (tx) => rows<T>(tx, statement))

  const stages = (by: Actor) =>
    all(
      sql`insert into crm.stages (id, tenant_id, name, position, kind)
        select md5(core.current_tenant()::text || n)::uuid, core.current_tenant(), k, n, k from unnest(array['open', 'won', 'lost']) with ordinality s(k, n)`,
      by,
    )

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    actor = (await opened.addTenant()).actor()
    other = (await opened.addTenant()).actor()
    await stages(actor)
    const member = actor.memberId
    await all(
      sql`insert into crm.companies (id, tenant_id, name, is_target, enriched_at) values (${key('c', 1)}, core.current_tenant(), 'Acme', true, now() - interval '31 days'),
        (${key('c', 2)}, core.current_tenant(), 'Birch', null, now())`,
    )
    await all(
      sql`insert into crm.people (id, tenant_id, given_name, company_id, is_decision_maker) values (${key('p', 1)}, core.current_tenant(), 'Ann', ${key('c', 1)}, true),
        (${key('p', 2)}, core.current_tenant(), 'Bob', ${key('c', 1)}, null)`,
    )
    await all(
      sql`insert into crm.person_emails (id, tenant_id, person_id, address) values (${key('e', 1)}, core.current_tenant(), ${key('p', 1)}, 'ann@acme.example')`,
    )
    await all(
      sql`insert into crm.deals (id, tenant_id, name, company_id, stage_id, owner_id, amount_minor, currency) values
        (${key('d', 1)}, core.current_tenant(), 'Robots', ${key('c', 1)}, md5(core.current_tenant()::text || 1)::uuid, ${member}, 1000, 'USD')`,
    )
    await all(
      sql`insert into crm.deal_people (id, tenant_id, deal_id, person_id) select gen_random_uuid(), core.current_tenant(), ${key('d', 1)}, p.id from crm.people p`,
    )
    await all(
      sql`insert into intel.interactions (id, tenant_id, kind, direction, occurred_at, company_id, deal_id, member_id, sentiment)
        select gen_random_uuid(), core.current_tenant(), kind, 'inbound', now() - interval '6 days', ${key('c', 1)}, ${key('d', 1)}, ${member}, mood
        from (values ('meeting', 'positive'), ('meeting', 'negative'), ('call', null)) v(kind, mood)`,
    )
    await all(
      sql`insert into crm.tasks (id, tenant_id, title, company_id, assignee_id, due_at) values (gen_random_uuid(), core.current_tenant(), 'T', ${key('c', 1)}, ${member}, now() - interval '1 hour')`,
    )
    await stages(other)
    // Deals with two people are won four times in five, those with none once in five.
    await all(
      sql`insert into crm.people (id, tenant_id, given_name) select md5('q' || n)::uuid, core.current_tenant(), 'P' from generate_series(1, 2) n`,
      other,
    )
    await all(
      sql`insert into crm.deals (id, tenant_id, name, stage_id, amount_minor, currency)
        select md5('w' || n)::uuid, core.current_tenant(), 'D', md5(core.current_tenant()::text || (case when n > 200 then 1 when (n % 2 = 0) = (n % 5 > 0) then 2 else 3 end))::uuid, 1000, 'USD'
        from generate_series(1, 202) n`,
      other,
    )
    await all(
      sql`insert into crm.deal_people (id, tenant_id, deal_id, person_id)
        select gen_random_uuid(), core.current_tenant(), md5('w' || n)::uuid, md5('q' || k)::uuid from generate_series(2, 202, 2) n, generate_series(1, 2) k`,
      other,
    )
  })
  afterAll(() => opened.close())

  test('company engagement adds up as its comment says', async () => {
    // 30 x 1/10 + 25 x 2/4 + 25 x 1/15 + 20 x 1/2
    expect(await all(sql`select * from intel.company_engagement(array[${key('c', 1)}])`)).toEqual([
      { company_id: expect.any(String), score: 27.2, activities: 1, meetings: 2, interactions: 1, deals: 1 },
    ])
  })

  test('deal intelligence adds up as its comment says', async () => {
    // 15 x 2/4 + 10; 25 x 2/3 x 0.5; 25 x (1 - 6/60); 25 x mean(0.4, 0)
    expect(await all(sql`select * from intel.deal_intelligence(array[${key('d', 1)}])`)).toEqual([
      {
        deal_id: expect.any(String),
        score: 53.3,
        stakeholders: 17.5,
        meetings: 8.3,
        engagement: 22.5,
        contact_quality: 5,
      },
    ])
  })

  test('a lead scores by fit, intent and real replies', async () => {
    await all(
      sql`insert into crm.leads (id, tenant_id, person_id, source, urgency, budget_band) values (${key('l', 1)}, core.current_tenant(), ${key('p', 1)}, 'Referral', 'high', '1-2m')`,
    )
    const thread = key('t', 1)
    await all(
      sql`insert into intel.mail_threads (id, tenant_id, subject) values (${thread}, core.current_tenant(), 'S')`,
    )
    await all(
      sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, in_reply_to, sent_at, direction, from_person_id, subject, body_text, is_bulk, size_bytes, source)
        select gen_random_uuid(), core.current_tenant(), ${thread}, 'm' || n, 'h' || n, answers, now() - interval '2 days', 'inbound', ${key('p', 1)}, 'S', 'B', bulk, 1, 'test'
        from (values (1, 'x', false), (2, null, false), (3, 'x', true)) v(n, answers, bulk)`,
    )
    expect(
      await all(
        sql`select score, fit, intent, engagement, replies from intel.lead_score(array[${key('l', 1)}])`,
      ),
    ).toEqual([{ score: 76.7, fit: 40, intent: 30, engagement: 6.7, replies: 1 }])
  })

  test('enrichment older than 30 days is stale, in the score and in a question alike', async () => {
    expect(await all(sql`select days from intel.stale_enrichments()`)).toEqual([{ days: 31 }])
  })

  test('the chance of winning is not guessed from few deals, and is learned and calibrated from many', async () => {
    expect(await all(sql`select * from intel.win_probability(array[${key('d', 1)}])`)).toEqual([])
    expect(await all(sql`select * from intel.win_calibration()`)).toEqual([])
    const chances = await all<{ probability: number; learned_from: number }>(
      sql`select probability, learned_from from intel.win_probability(array[${key('w', 201)}, ${key('w', 202)}]) order by probability`,
      other,
    )
    expect(chances.map(({ learned_from: from }) => from)).toEqual([200, 200])
    expect(chances[0]!.probability).toBeGreaterThan(0.1)
    expect(chances[0]!.probability).toBeLessThan(0.35)
    expect(chances[1]!.probability).toBeGreaterThan(0.65)
    expect(chances[1]!.probability).toBeLessThan(0.9)
    // At the minimum of the loss its slope is nothing, in every direction.
    const slope = await all<{ at: number }>(
      sql`with m as (select * from intel.win_model()), f as (
          select 1 / (1 + exp(-(m.weights[1] + m.weights[2] * f.people + m.weights[3] * f.contacts + m.weights[4] * f.size))) - case when f.kind = 'won' then 1 else 0 end as miss,
            f.* from m cross join lateral intel.deal_features(array(select id from crm.deals where closed_at is not null), m.medians) f)
        select unnest(array[avg(f.miss), avg(f.miss * f.people) + 0.01 * max(m.weights[2]), avg(f.miss * f.contacts) + 0.01 * max(m.weights[3]),
          avg(f.miss * f.size) + 0.01 * max(m.weights[4])]) as at from f cross join m`,
      other,
    )
    expect(slope).toHaveLength(4)
    for (const { at } of slope) expect(Math.abs(at)).toBeLessThan(1e-9)
    const fifths = await all<{ deals: number; predicted: number; observed: number }>(
      sql`select * from intel.win_calibration()`,
      other,
    )
    expect(fifths.map(({ deals }) => deals)).toEqual([40, 40, 40, 40, 40])
    expect(Math.abs(fifths[0]!.predicted - fifths[0]!.observed)).toBeLessThan(0.15)
    expect(Math.abs(fifths[4]!.predicted - fifths[4]!.observed)).toBeLessThan(0.15)
  })

  test('what was learned is kept for a day, unless the closed deals have become others', async () => {
    const chance = () =>
      all<{ probability: number; learned_from: number }>(
        sql`select probability, learned_from from intel.win_probability(array[${key('w', 202)}])`,
        other,
      )
    const fresh = await chance()
    const workspace = { id: other.tenantId }
    expect(await refreshWinModel(opened.database, workspace)).toBe(true)
    expect(await refreshWinModel(opened.database, workspace)).toBe(false)
    expect(await chance()).toEqual(fresh)
    await all(sql`update intel.score_models set weights = '[0, 0, 0, 0]'`, other)
    expect(await chance()).toEqual([{ probability: 0.5, learned_from: 200 }])
    await all(sql`update intel.score_models set fitted_at = now() - interval '25 hours'`, other)
    expect(await chance()).toEqual(fresh)
    expect(await refreshWinModel(opened.database, workspace)).toBe(true)
    await all(
      sql`insert into crm.deals (id, tenant_id, name, currency, stage_id) select md5('x' || n)::uuid, core.current_tenant(), 'X', 'USD', md5(core.current_tenant()::text || 3)::uuid from generate_series(1, 21) n`,
      other,
    )
    expect((await chance())[0]!.learned_from).toBe(221)
    expect(await refreshWinModel(opened.database, { id: actor.tenantId })).toBe(true)
    expect(await all(sql`select weights, closed from intel.score_models`)).toEqual([
      { weights: null, closed: 0 },
    ])
    expect(await all(sql`select * from intel.win_probability(array[${key('d', 1)}])`)).toEqual([])
  })

  test('dashboard, pipeline, meetings and a client’s sections count what is there', async () => {
    expect(await all(sql`select * from crm.member_dashboard(${actor.memberId}::uuid)`)).toEqual([
      {
        open_deals: 1,
        quiet_deals: 0,
        tasks_overdue: 1,
        tasks_due: 0,
        threads_waiting: 0,
        reminders_due: 0,
        met_last_week: 2,
        meetings_ahead: 0,
      },
    ])
    expect(await all(sql`select stage, deals, amount_minor from crm.pipeline_summary()`)).toEqual([
      { stage: 'open', deals: 1, amount_minor: 1000 },
      { stage: 'won', deals: 0, amount_minor: null },
      { stage: 'lost', deals: 0, amount_minor: null },
    ])
    expect(
      await all(
        sql`select meetings, companies, positive, negative from intel.meeting_analytics(now() - interval '7 days', now())`,
      ),
    ).toEqual([{ meetings: 2, companies: 1, positive: 1, negative: 1 }])
    expect(await all(sql`select kind, value from crm.client_contact(${key('p', 1)})`)).toEqual([
      { kind: 'email', value: 'ann@acme.example' },
    ])
    expect(await all(sql`select name, status from crm.client_deals(${key('p', 1)})`)).toEqual([
      { name: 'Robots', status: 'open' },
    ])
    await all(
      sql`insert into intel.reminders (id, tenant_id, title, remind_at, member_id) values (gen_random_uuid(), core.current_tenant(), 'R', now() - interval '1 minute', ${actor.memberId}::uuid)`,
    )
    expect(await all(sql`select kind, entity from workflow.operator_inbox()`)).toEqual([
      { kind: 'reminder', entity: 'reminders' },
    ])
    await all(sql`update crm.deals set amount_minor = 2000`)
    expect(
      await all(sql`select source, what, entity from core.activity_feed(now() - interval '1 hour')`),
    ).toEqual([{ source: 'change', what: 'amount_minor', entity: 'deals' }])
  })

  test('another workspace’s records count for nothing', async () => {
    expect(await all(sql`select * from intel.company_engagement(array[${key('c', 1)}])`, other)).toEqual([])
    expect(await all(sql`select * from intel.deal_intelligence(array[${key('d', 1)}])`, other)).toEqual([])
    expect(await all(sql`select * from crm.client_deals(${key('p', 1)})`, other)).toEqual([])
    expect(await all(sql`select * from crm.client_contact(${key('p', 1)})`, other)).toEqual([])
  })
})
