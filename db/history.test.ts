import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { bulkLoad } from './bulk-load.ts'
import { people } from './catalog/people.ts'
import { sqlStateOf } from './errors.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

describe.each(testEngines)('the history of fields on %s', (engine) => {
  let opened: TestDatabase
  let actor: Actor
  let person = ''

  const as = <T>(fn: (tx: TenantTx) => Promise<T>): Promise<T> => asTenant(opened.database, actor, fn)
  const all = <T extends object>(statement: ReturnType<typeof sql>): Promise<T[]> =>
    as((tx) => rows<T>(tx, statement))

  beforeAll(async () => {
    opened = await openTestDatabase(engine, { poolSize: 50 })
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    await opened.truncate()
    actor = (await opened.addTenant()).actor()
    person = newId()
    await as((tx) =>
      tx
        .insert(people.table)
        .values({ id: person, tenant_id: actor.tenantId, given_name: 'Ann', city: 'Ghent' }),
    )
  })

  test('says who changed what from what to what, once for each field that changed', async () => {
    await all(
      sql`update crm.people set city = 'Bruges', title = 'Partner', given_name = 'Ann' where id = ${person}`,
    )
    expect(
      await all(
        sql`select entity, record_id, field, old, new, member_id, via, proposal_id from core.field_changes order by field`,
      ),
    ).toEqual([
      {
        entity: 'people',
        record_id: person,
        field: 'city',
        old: 'Ghent',
        new: 'Bruges',
        member_id: actor.memberId,
        via: 'cli',
        proposal_id: null,
      },
      expect.objectContaining({ field: 'title', old: null, new: 'Partner' }),
    ])
  })

  test('is silent about roll-ups, about changes that change nothing, and in bulk loads', async () => {
    await all(sql`update crm.people set last_interaction_at = now() where id = ${person}`)
    await all(sql`update crm.people set city = city where id = ${person}`)
    await as((tx) =>
      bulkLoad(tx, (inner) => rows(inner, sql`update crm.people set city = 'X' where id = ${person}`)),
    )
    expect(await all(sql`select field from core.field_changes`)).toEqual([])
  })

  test('keeps archiving and restoring, and a restored row is as it was', async () => {
    const row = () =>
      all(
        sql`select given_name, city, deleted_at from crm.people where id = ${person} and deleted_at is null`,
      )
    const before = await row()
    await all(sql`update crm.people set deleted_at = now() where id = ${person}`)
    expect(await row()).toEqual([])
    await all(sql`update crm.people set deleted_at = null where id = ${person}`)
    expect(await row()).toEqual(before)
    const kept = await all<{ field: string; gone: boolean }>(
      sql`select field, new is not null as gone from core.field_changes order by created_at`,
    )
    expect(kept).toEqual([
      { field: 'deleted_at', gone: true },
      { field: 'deleted_at', gone: false },
    ])
  })

  test('loses nothing when fifty write at once: each change goes on from the one before', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        all(sql`update crm.people set city = ${`City ${index}`} where id = ${person}`),
      ),
    )
    const changes = await all<{ old: string; new: string }>(
      sql`select old, new from core.field_changes where record_id = ${person} and field = 'city'`,
    )
    expect(changes).toHaveLength(50)
    const next = new Map(changes.map((change) => [change.old, change.new]))
    let city = 'Ghent'
    for (let step = 0; step < 50; step += 1) city = next.get(city)!
    expect(await all(sql`select city, version from crm.people where id = ${person}`)).toEqual([
      { city, version: 51 },
    ])
  })

  test('fifty who write to one deal at once lose no contact, no amount, no stage and no version', async () => {
    const [deal, company, open, won] = [newId(), newId(), newId(), newId()]
    await all(
      sql`insert into crm.stages (id, tenant_id, name, position, kind) values (${open}, core.current_tenant(), 'Open', 1, 'open'), (${won}, core.current_tenant(), 'Won', 2, 'won')`,
    )
    await all(
      sql`insert into crm.companies (id, tenant_id, name) values (${company}, core.current_tenant(), 'Acme')`,
    )
    await all(
      sql`insert into crm.deals (id, tenant_id, name, stage_id, company_id, currency, amount_minor) values (${deal}, core.current_tenant(), 'D', ${open}, ${company}, 'EUR', 0)`,
    )
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        as(async (tx) => {
          const interaction = newId()
          const at = `2026-01-${String(1 + ((index * 7) % 28)).padStart(2, '0')}T${String(index % 24).padStart(2, '0')}:00:00Z`
          await rows(
            tx,
            sql`insert into intel.interactions (id, tenant_id, kind, direction, occurred_at, company_id, deal_id)
              values (${interaction}, core.current_tenant(), ${index % 2 ? 'meeting' : 'call'}, ${index % 3 ? 'inbound' : 'outbound'}, ${at}::timestamptz, ${company}, ${deal})`,
          )
          await rows(
            tx,
            sql`insert into intel.interaction_people (id, tenant_id, interaction_id, person_id) values (${newId()}, core.current_tenant(), ${interaction}, ${person})`,
          )
          await rows(
            tx,
            sql`update crm.deals set amount_minor = amount_minor + ${index + 1}, stage_id = ${index % 2 ? open : won} where id = ${deal}`,
          )
        }),
      ),
    )
    const [found] = await all<Record<string, unknown>>(
      sql`select d.version, d.amount_minor,
          d.last_interaction_at = (select max(occurred_at) from intel.interactions) as deal_is_right,
          (select last_interaction_at from crm.companies) = d.last_interaction_at as company_is_right,
          (select (last_interaction_at, last_meeting_at, last_inbound_at, last_outbound_at) from crm.people) = (select
            (max(occurred_at), max(occurred_at) filter (where kind = 'meeting'), max(occurred_at) filter (where direction = 'inbound'),
             max(occurred_at) filter (where direction = 'outbound')) from intel.interactions) as person_is_right,
          (select count(*)::int from core.field_changes where record_id = d.id and field = 'amount_minor') as amounts,
          (select count(*)::int from crm.deal_value_events) as value_events
        from crm.deals d`,
    )
    expect(found).toEqual({
      version: 51,
      amount_minor: 1275,
      deal_is_right: true,
      company_is_right: true,
      person_is_right: true,
      amounts: 50,
      value_events: 50,
    })
    const values = await all<{ from_minor: number; to_minor: number }>(
      sql`select from_minor, to_minor from crm.deal_value_events order by to_minor`,
    )
    values.forEach(({ from_minor: from }, index) =>
      expect(from).toBe(index === 0 ? 0 : values[index - 1]!.to_minor),
    )
    const stages = await all<{ from_stage_id: string | null; to_stage_id: string }>(
      sql`select from_stage_id, to_stage_id from crm.deal_stage_events where deal_id = ${deal}`,
    )
    const into = (stage: string): number => stages.filter(({ to_stage_id: to }) => to === stage).length
    const outOf = (stage: string): number => stages.filter(({ from_stage_id: from }) => from === stage).length
    const [now] = await all<{ stage_id: string }>(sql`select stage_id from crm.deals`)
    for (const stage of [open, won]) expect(into(stage) - outOf(stage)).toBe(now!.stage_id === stage ? 1 : 0)
  })

  test('cannot be changed or removed by a request, nor seen by another workspace', async () => {
    await all(sql`update crm.people set city = 'Bruges' where id = ${person}`)
    const refusal = (statement: ReturnType<typeof sql>): Promise<unknown> => all(statement).catch(sqlStateOf)
    expect(await refusal(sql`update core.field_changes set new = '"x"'`)).toBe('42501')
    expect(await refusal(sql`delete from core.field_changes`)).toBe('42501')
    const other = (await opened.addTenant()).actor()
    expect(
      await asTenant(opened.database, other, (tx) => rows(tx, sql`select field from core.field_changes`)),
    ).toEqual([])
  })
})
