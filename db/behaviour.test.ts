import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { bulkLoad } from './bulk-load.ts'
import { companies } from './catalog/companies.ts'
import { deals, stages } from './catalog/deals.ts'
import { interactionPeople, interactions } from './catalog/interactions.ts'
import { people } from './catalog/people.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase, TestTenant } from './testing.ts'

type Kind = (typeof interactions.table.$inferInsert)['kind']
type Direction = (typeof interactions.table.$inferInsert)['direction']

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number, 9))
const iso = (number: number): string => day(number).toISOString()

describe.each(testEngines)('behaviour of rows on %s', (engine) => {
  let opened: TestDatabase
  let tenant: TestTenant
  let actor: Actor
  let [company, deal, person, other] = ['', '', '', '']
  let stage: Record<'new' | 'talks' | 'won' | 'lost', string>

  const as = <T>(fn: (tx: TenantTx) => Promise<T>, by: Actor = actor): Promise<T> =>
    asTenant(opened.database, by, fn)
  const one = <T extends object>(statement: ReturnType<typeof sql>): Promise<T> =>
    as(async (tx) => (await rows<T>(tx, statement))[0]!)

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    await opened.truncate()
    tenant = await opened.addTenant()
    actor = tenant.actor()
    stage = { new: newId(), talks: newId(), won: newId(), lost: newId() }
    ;[company, deal, person, other] = [newId(), newId(), newId(), newId()]
    const tenant_id = actor.tenantId
    await as(async (tx) => {
      await tx.insert(stages.table).values([
        { id: stage.new, tenant_id, name: 'New', position: 1 },
        { id: stage.talks, tenant_id, name: 'Talks', position: 2 },
        { id: stage.won, tenant_id, name: 'Won', position: 3, kind: 'won' as const },
        { id: stage.lost, tenant_id, name: 'Lost', position: 4, kind: 'lost' as const },
      ])
      await tx.insert(companies.table).values({ id: company, tenant_id, name: 'Acme' })
      await tx.insert(people.table).values([
        { id: person, tenant_id, given_name: 'Ann' },
        { id: other, tenant_id, given_name: 'Bob' },
      ])
      await tx
        .insert(deals.table)
        .values({ id: deal, tenant_id, name: 'Deal', stage_id: stage.new, currency: 'USD' })
    })
  })

  const meet = async (
    tx: TenantTx,
    onDay: number,
    options: { readonly kind?: Kind; readonly direction?: Direction; readonly who?: string } = {},
  ): Promise<string> => {
    const id = newId()
    const tenant_id = actor.tenantId
    await tx.insert(interactions.table).values({
      id,
      tenant_id,
      kind: options.kind ?? 'call',
      direction: options.direction ?? null,
      occurred_at: day(onDay),
      company_id: company,
      deal_id: deal,
    })
    await tx
      .insert(interactionPeople.table)
      .values({ tenant_id, interaction_id: id, person_id: options.who ?? person })
    return id
  }
  const contact = (): Promise<object> =>
    one(sql`select c.last_interaction_at as company, d.last_interaction_at as deal, p.last_interaction_at as person,
        c.version + d.version + p.version as versions
      from crm.companies c, crm.deals d, crm.people p where p.id = ${person}`)
  const contactOn = (onDay: number | null): object => {
    const at = onDay === null ? null : iso(onDay)
    return { company: at, deal: at, person: at, versions: 3 }
  }

  describe('the last contact', () => {
    test('moves forward with each interaction, on person, company and deal, and no version counts up', async () => {
      await as((tx) => meet(tx, 5))
      expect(await contact()).toEqual(contactOn(5))
      await as((tx) => meet(tx, 3))
      expect(await contact()).toEqual(contactOn(5))
      await as((tx) => meet(tx, 9))
      expect(await contact()).toEqual(contactOn(9))
    })

    test('goes back when the last interaction is moved, archived, restored or removed', async () => {
      await as((tx) => meet(tx, 5))
      const last = await as((tx) => meet(tx, 9))
      const change = (set: ReturnType<typeof sql>): Promise<unknown> =>
        as((tx) => rows(tx, sql`update intel.interactions set ${set} where id = ${last}`))
      await change(sql`occurred_at = ${iso(7)}`)
      expect(await contact()).toEqual(contactOn(7))
      await change(sql`deleted_at = now()`)
      expect(await contact()).toEqual(contactOn(5))
      await change(sql`deleted_at = null`)
      expect(await contact()).toEqual(contactOn(7))
      await as(async (tx) => {
        await tx.delete(interactionPeople.table).where(eq(interactionPeople.table.interaction_id, last))
        await tx.delete(interactions.table).where(eq(interactions.table.id, last))
      })
      expect(await contact()).toEqual(contactOn(5))
    })

    test('follows an interaction that moves to another company, deal or person', async () => {
      const id = await as((tx) => meet(tx, 5))
      await as((tx) =>
        rows(tx, sql`update intel.interactions set company_id = null, deal_id = null where id = ${id}`),
      )
      await as((tx) =>
        rows(tx, sql`update intel.interaction_people set person_id = ${other} where interaction_id = ${id}`),
      )
      expect(await contact()).toEqual(contactOn(null))
      expect(await one(sql`select last_interaction_at as at from crm.people where id = ${other}`)).toEqual({
        at: iso(5),
      })
    })

    test('of a person tells meetings, mail in and mail out apart', async () => {
      await as(async (tx) => {
        await meet(tx, 2, { kind: 'meeting' })
        await meet(tx, 3, { kind: 'email', direction: 'inbound' })
        await meet(tx, 4, { kind: 'email', direction: 'outbound' })
        await meet(tx, 5, { kind: 'note' })
      })
      expect(
        await one(
          sql`select last_interaction_at, last_meeting_at, last_inbound_at, last_outbound_at from crm.people where id = ${person}`,
        ),
      ).toEqual({
        last_interaction_at: iso(5),
        last_meeting_at: iso(2),
        last_inbound_at: iso(3),
        last_outbound_at: iso(4),
      })
    })

    test('is right after many writers at once', async () => {
      await Promise.all(
        Array.from({ length: 12 }, (_, index) => as((tx) => meet(tx, 1 + ((index * 5) % 12)))),
      )
      expect(await contact()).toEqual(contactOn(12))
    })

    test('is not kept during a bulk load, and counted once after it', async () => {
      const during = await as((tx) =>
        bulkLoad(tx, async () => {
          for (const onDay of [4, 8, 6]) await meet(tx, onDay)
          const [row] = await rows<{ at: string | null }>(
            tx,
            sql`select last_interaction_at as at from crm.people where id = ${person}`,
          )
          return row?.at
        }),
      )
      expect(during).toBeNull()
      expect(await contact()).toEqual(contactOn(8))
      await as((tx) => meet(tx, 10))
      expect(await contact()).toEqual(contactOn(10))
    })
  })

  describe('stages of a deal', () => {
    const move = (to: string): Promise<unknown> =>
      as((tx) => rows(tx, sql`update crm.deals set stage_id = ${to} where id = ${deal}`))
    const history = (): Promise<{ from: string | null; to: string }[]> =>
      as((tx) =>
        rows(
          tx,
          sql`select f.name as from, t.name as to from crm.deal_stage_events e join crm.stages t on t.id = e.to_stage_id
          left join crm.stages f on f.id = e.from_stage_id where e.deal_id = ${deal} order by e.created_at, e.at`,
        ),
      )
    const closing = (): Promise<{ closed: boolean; since: string }> =>
      one(sql`select closed_at is not null as closed, stage_since as since from crm.deals where id = ${deal}`)

    test('are remembered, from nothing to the first and from each to the next; a rename is no move', async () => {
      await move(stage.talks)
      await as((tx) =>
        rows(tx, sql`update crm.deals set name = 'Renamed', stage_id = stage_id where id = ${deal}`),
      )
      await move(stage.won)
      expect(await history()).toEqual([
        { from: null, to: 'New' },
        { from: 'New', to: 'Talks' },
        { from: 'Talks', to: 'Won' },
      ])
    })

    test('won or lost closes it, open again opens it, and each move restarts the time in its stage', async () => {
      const before = await closing()
      expect(before.closed).toBe(false)
      await move(stage.lost)
      const lost = await closing()
      expect(lost.closed).toBe(true)
      expect(lost.since > before.since).toBe(true)
      await move(stage.talks)
      expect((await closing()).closed).toBe(false)
    })

    test('a closing time given with the deal is kept, and one without sense is not', async () => {
      const add = (stage_id: string): Promise<object> =>
        as(async (tx) => {
          const id = newId()
          await tx.insert(deals.table).values({
            id,
            tenant_id: actor.tenantId,
            name: 'D',
            stage_id,
            currency: 'USD',
            closed_at: day(2),
            stage_since: day(1),
          })
          return (
            await rows<object>(tx, sql`select closed_at, stage_since from crm.deals where id = ${id}`)
          )[0]!
        })
      expect(await add(stage.won)).toEqual({ closed_at: iso(2), stage_since: iso(1) })
      expect(await add(stage.new)).toEqual({ closed_at: null, stage_since: iso(1) })
    })

    test("a demo's own clock says when", async () => {
      const clockAt = day(20)
      await opened.database.pool.query('update core.tenants set clock_at = $1', [clockAt])
      await move(stage.won)
      expect(await one(sql`select closed_at, stage_since from crm.deals where id = ${deal}`)).toEqual({
        closed_at: iso(20),
        stage_since: iso(20),
      })
    })

    test('a bulk load brings its own history; where it brings none, it begins with the stage it is in', async () => {
      const [with_, without] = [newId(), newId()]
      await as((tx) =>
        bulkLoad(tx, async () => {
          const base = {
            tenant_id: actor.tenantId,
            name: 'B',
            stage_id: stage.talks,
            currency: 'USD',
            stage_since: day(3),
          }
          await tx.insert(deals.table).values([
            { ...base, id: with_ },
            { ...base, id: without },
          ])
          await rows(
            tx,
            sql`insert into crm.deal_stage_events (id, tenant_id, deal_id, to_stage_id, at)
              values (${newId()}, ${actor.tenantId}, ${with_}, ${stage.talks}, ${iso(1)})`,
          )
        }),
      )
      const events = await as((tx) =>
        rows(
          tx,
          sql`select deal_id as deal, at from crm.deal_stage_events where deal_id in (${with_}, ${without}) order by at`,
        ),
      )
      expect(events).toEqual([
        { deal: with_, at: iso(1) },
        { deal: without, at: iso(3) },
      ])
    })
  })

  describe('stamps', () => {
    const stamps = (): Promise<object> =>
      one(
        sql`select version, created_by, created_via, updated_by, updated_via from crm.companies where id = ${company}`,
      )

    test('say who made and who last changed a row, and by which road', async () => {
      const editor: Actor = { ...tenant.actor('editor'), via: 'slack' }
      const made = { created_by: actor.memberId, created_via: 'cli' }
      expect(await stamps()).toEqual({ ...made, version: 1, updated_by: actor.memberId, updated_via: 'cli' })
      await as(
        (tx) => rows(tx, sql`update crm.companies set name = 'New name' where id = ${company}`),
        editor,
      )
      expect(await stamps()).toEqual({
        ...made,
        version: 2,
        updated_by: editor.memberId,
        updated_via: 'slack',
      })
    })

    test('cannot be forged, and do not change when nothing does', async () => {
      await as((tx) =>
        rows(
          tx,
          sql`update crm.companies set name = name, version = 40, updated_by = ${newId()}, updated_via = 'inbox' where id = ${company}`,
        ),
      )
      expect(await stamps()).toMatchObject({ version: 1, updated_by: actor.memberId, updated_via: 'cli' })
      await as((tx) =>
        tx
          .insert(companies.table)
          .values({ tenant_id: actor.tenantId, name: 'Forged', version: 9, created_by: newId() }),
      )
      expect(await one(sql`select version, created_by from crm.companies where name = 'Forged'`)).toEqual({
        version: 1,
        created_by: actor.memberId,
      })
    })

    test('of a workspace that is brought back are kept as they were', async () => {
      const created_by = newId()
      await as((tx) =>
        bulkLoad(tx, () =>
          tx.insert(companies.table).values({
            tenant_id: actor.tenantId,
            name: 'Old',
            version: 9,
            created_by,
            created_via: 'slack',
            created_at: day(1),
            updated_at: day(2),
          }),
        ),
      )
      expect(
        await one(
          sql`select version, created_by, created_via, created_at, updated_at from crm.companies where name = 'Old'`,
        ),
      ).toEqual({ version: 9, created_by, created_via: 'slack', created_at: iso(1), updated_at: iso(2) })
    })

    test('the search columns follow the row without counting as a change of their own', async () => {
      await as((tx) => rows(tx, sql`update crm.people set given_name = 'Zoë' where id = ${person}`))
      expect(await one(sql`select version, name_folded from crm.people where id = ${person}`)).toEqual({
        version: 2,
        name_folded: 'zoe',
      })
    })
  })
})
