import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { companies } from './catalog/companies.ts'
import { deals, stages } from './catalog/deals.ts'
import { commitments, funds } from './catalog/funds.ts'
import { units } from './catalog/inventory.ts'
import { listMemberships, lists } from './catalog/lists.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

describe.each(testEngines)('what the database keeps in step on %s', (engine) => {
  let opened: TestDatabase
  let actor: Actor
  let ids: Record<'open' | 'won' | 'lost' | 'company' | 'fund', string>

  const as = <T>(fn: (tx: TenantTx) => Promise<T>): Promise<T> => asTenant(opened.database, actor, fn)
  const all = <T extends object>(statement: ReturnType<typeof sql>): Promise<T[]> =>
    as((tx) => rows<T>(tx, statement))

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    await opened.truncate()
    actor = (await opened.addTenant()).actor()
    const tenant_id = actor.tenantId
    ids = { open: newId(), won: newId(), lost: newId(), company: newId(), fund: newId() }
    await as(async (tx) => {
      await tx.insert(stages.table).values([
        { id: ids.open, tenant_id, name: 'New', position: 1 },
        { id: ids.won, tenant_id, name: 'Won', position: 2, kind: 'won' as const },
        { id: ids.lost, tenant_id, name: 'Lost', position: 3, kind: 'lost' as const },
      ])
      await tx.insert(companies.table).values({ id: ids.company, tenant_id, name: 'Birch Capital' })
      await tx.insert(funds.table).values({ id: ids.fund, tenant_id, name: 'Fund II', currency: 'EUR' })
    })
  })

  const commit = (
    values: Partial<typeof commitments.table.$inferInsert> & {
      readonly status: NonNullable<(typeof commitments.table.$inferInsert)['status']>
    },
  ): Promise<string> =>
    as(async (tx) => {
      const id = newId()
      await tx.insert(commitments.table).values({
        id,
        tenant_id: actor.tenantId,
        fund_id: ids.fund,
        investor_company_id: ids.company,
        currency: 'EUR',
        amount_minor: 100_000,
        ...values,
      })
      return id
    })
  const committed = async (): Promise<number> =>
    (await all<{ total: number }>(sql`select fund.total_committed(${ids.fund}) as total`))[0]!.total

  test('stages that name no pipeline share the first one', async () => {
    const found = await all<{ pipelines: number; unplaced: number }>(
      sql`select (select count(*)::int from crm.pipelines) as pipelines,
        (select count(*)::int from crm.stages where pipeline_id is null) as unplaced`,
    )
    expect(found).toEqual([{ pipelines: 1, unplaced: 0 }])
  })

  test('each change of an amount is remembered, and nothing else is', async () => {
    const deal = newId()
    await as(async (tx) => {
      await tx.insert(deals.table).values({
        id: deal,
        tenant_id: actor.tenantId,
        name: 'D',
        stage_id: ids.open,
        currency: 'USD',
        amount_minor: 100,
      })
      await rows(tx, sql`update crm.deals set amount_minor = 250 where id = ${deal}`)
      await rows(tx, sql`update crm.deals set name = 'E' where id = ${deal}`)
      await rows(tx, sql`update crm.deals set currency = 'EUR' where id = ${deal}`)
    })
    const events = await all(
      sql`select from_minor, to_minor, currency from crm.deal_value_events order by currency desc`,
    )
    expect(events).toEqual([
      { from_minor: 100, to_minor: 250, currency: 'USD' },
      { from_minor: 250, to_minor: 250, currency: 'EUR' },
    ])
  })

  test('prices and availability of a unit have a history, each until the next', async () => {
    const unit = newId()
    await as(async (tx) => {
      await tx
        .insert(units.table)
        .values({ id: unit, tenant_id: actor.tenantId, code: 'A1', currency: 'EUR', price_minor: 500 })
      await rows(
        tx,
        sql`update inventory.units set price_minor = 450, availability = 'sold' where id = ${unit}`,
      )
    })
    expect(await all(sql`select price_minor from inventory.unit_prices order by price_minor desc`)).toEqual([
      { price_minor: 500 },
      { price_minor: 450 },
    ])
    expect(
      await all(
        sql`select availability, until is null as lasts from inventory.unit_availabilities order by availability`,
      ),
    ).toEqual([
      { availability: 'available', lasts: false },
      { availability: 'sold', lasts: true },
    ])
  })

  test('what investors committed is added up; prospects, refusals and the graveyard do not count', async () => {
    const other = newId()
    await as((tx) =>
      tx.insert(companies.table).values({ id: other, tenant_id: actor.tenantId, name: 'Cedar' }),
    )
    await commit({ status: 'prospect', amount_minor: 1 })
    await commit({ status: 'committed', amount_minor: 10 })
    await commit({ status: 'signed', amount_minor: 100, investor_company_id: other })
    await commit({ status: 'declined', amount_minor: 1000 })
    await commit({ status: 'funded', amount_minor: 10_000, currency: 'USD' })
    expect(await committed()).toBe(110)
    const list = newId()
    await as(async (tx) => {
      await tx
        .insert(lists.table)
        .values({ id: list, tenant_id: actor.tenantId, name: 'Gone', kind: 'graveyard' })
      await tx
        .insert(listMemberships.table)
        .values({ id: newId(), tenant_id: actor.tenantId, list_id: list, company_id: other })
    })
    expect(await committed()).toBe(10)
    await as((tx) => rows(tx, sql`update crm.list_memberships set deleted_at = now()`))
    expect(await committed()).toBe(110)
  })

  test('a prospect has one deal, which follows its amount, its outcome and its archiving', async () => {
    const first = await commit({ status: 'prospect' })
    const second = await commit({ status: 'prospect' })
    const deal = async () =>
      all<{ name: string; amount_minor: number; stage_id: string; archived: boolean }>(
        sql`select name, amount_minor, stage_id, deleted_at is not null as archived from crm.deals`,
      )
    const fresh = { name: 'Birch Capital · Fund II', amount_minor: 100_000, stage_id: ids.open }
    expect(await deal()).toEqual([{ ...fresh, archived: false }])
    await all(sql`update fund.commitments set amount_minor = 250000, status = 'signed' where id = ${first}`)
    expect(await deal()).toEqual([{ ...fresh, amount_minor: 250_000, stage_id: ids.won, archived: false }])
    await all(sql`update fund.commitments set deleted_at = now() where id = ${first}`)
    expect((await deal())[0]).toMatchObject({ archived: false })
    await all(sql`update fund.commitments set deleted_at = now() where id = ${second}`)
    expect((await deal())[0]).toMatchObject({ archived: true })
    await all(sql`update fund.commitments set deleted_at = null where id = ${first}`)
    expect((await deal())[0]).toMatchObject({ archived: false })
  })

  test('what a person sets on the deal itself stays until the commitment says otherwise', async () => {
    const id = await commit({ status: 'prospect' })
    await all(sql`update crm.deals set amount_minor = 7`)
    await all(sql`update fund.commitments set committed_on = '2026-01-02' where id = ${id}`)
    expect(await all(sql`select amount_minor from crm.deals`)).toEqual([{ amount_minor: 7 }])
    await all(sql`update fund.commitments set amount_minor = 9 where id = ${id}`)
    expect(await all(sql`select amount_minor from crm.deals`)).toEqual([{ amount_minor: 9 }])
  })

  test('an investor whom ten flag as a prospect at once has one deal', async () => {
    await Promise.all(Array.from({ length: 10 }, () => commit({ status: 'prospect' })))
    expect(await all(sql`select count(*)::int as deals from crm.deals`)).toEqual([{ deals: 1 }])
    expect(
      await all(
        sql`select count(*)::int as commitments, count(distinct deal_id)::int as deals from fund.commitments`,
      ),
    ).toEqual([{ commitments: 10, deals: 1 }])
  })

  test('a stage never lands in a pipeline that is archived', async () => {
    await all(sql`update crm.pipelines set deleted_at = now()`)
    await as((tx) =>
      tx.insert(stages.table).values({ id: newId(), tenant_id: actor.tenantId, name: 'Late', position: 9 }),
    )
    expect(
      await all(
        sql`select p.deleted_at from crm.stages s join crm.pipelines p on p.id = s.pipeline_id where s.name = 'Late'`,
      ),
    ).toEqual([{ deleted_at: null }])
  })
})
