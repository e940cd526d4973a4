import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { companies } from '../db/catalog/companies.ts'
import { deals, stages } from '../db/catalog/deals.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { Actor, Role } from '../domain/actor.ts'
import { asTactError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { Secret } from '../domain/pii.ts'
import { keepAnswer, replay } from './kept.ts'
import { parseQuery } from './parse-json.ts'
import type { QueryContext } from './run.ts'
import { findView, openView, questionOfView, removeView, savedViews, saveView } from './views.ts'

const NOW = new Date('2026-11-21T10:00:00Z')

describe('a view as a question', () => {
  const where = (filters: unknown) => questionOfView({ entity: 'deals', filters, sorts: null }).where

  test('alternatives of several conditions become conditions of several alternatives', () => {
    const [a, b, c] = ['open', 'won', 'lost'].map((value) => ({ field: 'status', op: '=', value }))
    expect(where({ any: [{ all: [a] }, { all: [b, c] }] })).toEqual([{ any: [a, b] }, { any: [a, c] }])
    expect(where({ any: [{ all: [a, b] }] })).toEqual([a, b])
    expect(where({ all: [a, { any: [b, c] }] })).toEqual([a, { any: [b, c] }])
    expect(where([a])).toEqual([a])
    expect(where(null)).toEqual([])
  })

  test('what is no filter, no field list or too many combinations is refused as a question would be', () => {
    const condition = (value: number) => ({ field: 'amount', value })
    const group = { all: Array.from({ length: 8 }, (_, at) => condition(at)) }
    for (const [filters, code] of [
      [{ any: [group, group] }, 'view_too_large'],
      [{ all: [{ feld: 'status', value: 'open' }] }, 'unknown_key'],
      ['status = open', 'bad_query'],
    ] as const) {
      expect([filters, codeOf(() => where(filters))]).toEqual([filters, code])
    }
  })

  const codeOf = (run: () => unknown): string => {
    try {
      run()
      return 'done'
    } catch (error) {
      return asTactError(error).code
    }
  }
})

describe.each(testEngines)('saved views on %s', (engine) => {
  let opened: TestDatabase
  let here: TestTenant
  let there: TestTenant
  const members = new Map<string, Actor>()

  const as = async <T>(who: string, fn: (tx: TenantTx, context: QueryContext) => Promise<T>): Promise<T> => {
    const actor = members.get(who)!
    const { workspace } = who === 'stranger' ? there : here
    return asTenant(opened.database, actor, (tx) => fn(tx, { workspace, actor, now: NOW }))
  }
  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'done',
      (error: unknown) => asTactError(error).code,
    )
  const save = (who: string, name: string, query: unknown, isShared = false) =>
    as(who, (tx, context) => saveView(tx, { name, question: parseQuery(query), isShared }, context))
  const names = (who: string) =>
    as(who, async (tx, context) => (await savedViews(tx, context)).map(({ name }) => name))
  const titles = (who: string, view: string) =>
    as(who, async (tx, context) => {
      const { answered } = await openView(tx, view, context)
      const at = answered.columns.findIndex(({ name }) => name === 'name')
      return answered.rows.map((row) => (row[at] instanceof Secret ? row[at].reveal() : row[at]))
    })
  const addMember = async (who: string, role: Role): Promise<void> => {
    const id = newId()
    const owner = here.actor('owner')
    await asTenant(opened.database, { ...owner, memberId: null, via: 'system' }, (tx) =>
      rows(
        tx,
        sql`insert into core.members (id, tenant_id, given_name, family_name, email, role)
          values (${id}, ${here.workspace.id}, 'Kai', ${who}, ${`${who}@tact.example`}, ${role})`,
      ),
    )
    members.set(who, { ...owner, memberId: id as never, role })
  }

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    here = await opened.addTenant()
    there = await opened.addTenant()
    members.set('owner', here.actor('owner'))
    members.set('stranger', there.actor('owner'))
    for (const [who, role] of [
      ['ann', 'editor'],
      ['ben', 'editor'],
      ['vic', 'viewer'],
    ] as const)
      await addMember(who, role)
    await as('owner', async (tx) => {
      const tenant_id = here.workspace.id
      const [talking, closed, company] = [newId(), newId(), newId()]
      await tx.insert(stages.table).values([
        { id: talking, tenant_id, name: 'Talking', position: 1 },
        { id: closed, tenant_id, name: 'Closed', position: 2, kind: 'won' },
      ])
      await tx.insert(companies.table).values({ id: company, tenant_id, name: 'Acme', city: 'Bonn' })
      const deal = (name: string, amount_minor: number, stage_id: string) => ({
        tenant_id,
        name,
        stage_id,
        company_id: company,
        amount_minor,
        currency: 'USD',
      })
      await tx
        .insert(deals.table)
        .values([deal('Small', 1_00, talking), deal('Large', 9_00, talking), deal('Won', 2_00, closed)])
    })
  })
  afterAll(() => opened.close())

  test('a view is answered as the question it is, sorted as it was kept, by its name and its id', async () => {
    await save('ann', 'Open', {
      find: 'deals',
      where: [{ field: 'status', value: 'open' }],
      order: ['-amount'],
    })
    expect(await titles('ann', 'Open')).toEqual(['Large', 'Small'])
    const { id } = await as('ann', (tx, context) => findView(tx, 'Open', context))
    expect(await titles('ann', id)).toEqual(['Large', 'Small'])
    const groups = {
      any: [
        { all: [{ field: 'status', value: 'won' }] },
        {
          all: [
            { field: 'amount', op: '>', value: 5 },
            { field: 'status', value: 'open' },
          ],
        },
      ],
    }
    await as('ann', (tx) =>
      rows(
        tx,
        sql`update crm.saved_views set filters = ${JSON.stringify(groups)}::jsonb where id = ${id}::uuid`,
      ),
    )
    expect((await titles('ann', 'Open')).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      'Large',
      'Won',
    ])
  })

  test('a view that was opened is kept and replayed by its id like any question', async () => {
    const { id, answered } = await as('ann', async (tx, context) => {
      const found = await openView(tx, 'Open', context)
      return { id: await keepAnswer(tx, found.question, found.answered, context), ...found }
    })
    const again = await as('ann', (tx, context) => replay(tx, id, context))
    expect(again.isSame).toBe(true)
    expect(again.answered.sql).toBe(answered.sql)
  })

  test('a personal view is its member’s alone; a shared one is everybody’s to open', async () => {
    await save('ann', 'Mine', { find: 'deals' })
    await save('ann', 'Ours', { find: 'deals', where: [{ field: 'status', value: 'won' }] }, true)
    expect(await names('ann')).toEqual(['Mine', 'Open', 'Ours'])
    for (const who of ['ben', 'vic', 'owner']) {
      expect(await names(who)).toEqual(['Ours'])
      expect(await titles(who, 'Ours')).toEqual(['Won'])
      expect(await codeOf(titles(who, 'Mine'))).toBe('unknown_view')
    }
    expect(await names('stranger')).toEqual([])
    expect(await codeOf(titles('stranger', 'Ours'))).toBe('unknown_view')
  })

  test('of two views with one name everybody gets their own first', async () => {
    await save('ben', 'Ours', { find: 'deals', where: [{ field: 'status', value: 'open' }] })
    expect((await titles('ben', 'Ours')).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      'Large',
      'Small',
    ])
    expect(await titles('ann', 'Ours')).toEqual(['Won'])
    await as('ben', (tx, context) => removeView(tx, 'Ours', context))
    expect(await titles('ben', 'Ours')).toEqual(['Won'])
  })

  test('a viewer keeps views of their own and shares none', async () => {
    await save('vic', 'Seen', { find: 'deals' })
    expect(await names('vic')).toEqual(['Seen', 'Ours'])
    expect(await codeOf(save('vic', 'Seen', { find: 'deals' }, true))).toBe('viewer')
  })

  test('a shared view is taken away by its member or an admin, nobody else', async () => {
    const remove = (who: string) => codeOf(as(who, (tx, context) => removeView(tx, 'Ours', context)))
    expect(await remove('ben')).toBe('not_yours')
    expect(await remove('vic')).toBe('not_yours')
    expect(await remove('owner')).toBe('done')
    expect(await names('ann')).toEqual(['Mine', 'Open'])
  })

  test('the database holds the same against code that forgets to ask', async () => {
    const seen = (who: string) =>
      as(who, (tx) => rows<{ name: string }>(tx, sql`select name from crm.saved_views where name = 'Mine'`))
    expect(await seen('ann')).toHaveLength(1)
    for (const who of ['ben', 'vic']) expect(await seen(who)).toEqual([])
    const insertFor = (who: string, of: string, isShared: boolean) =>
      codeOf(
        as(who, (tx) =>
          rows(
            tx,
            sql`insert into crm.saved_views (id, tenant_id, name, entity, member_id, is_shared)
              values (${newId()}, ${here.workspace.id}, 'Forged', 'deals', ${members.get(of)!.memberId}, ${isShared})`,
          ),
        ),
      )
    expect(await insertFor('ben', 'ann', false)).toBe('not_permitted')
    expect(await insertFor('vic', 'vic', true)).toBe('not_permitted')
    expect(await insertFor('ben', 'ben', true)).toBe('done')
    await save('ann', 'Team', { find: 'deals' }, true)
    const rename = (who: string) =>
      codeOf(as(who, (tx) => rows(tx, sql`update crm.saved_views set name = 'Taken' where name = 'Team'`)))
    expect(await rename('ben')).toBe('not_permitted')
    expect(await rename('owner')).toBe('done')
  })

  test('groups, figures and columns are no part of a view, and what cannot be asked is not kept', async () => {
    expect(await codeOf(save('ann', 'x', { find: 'deals', group_by: ['status'] }))).toBe('bad_view')
    expect(await codeOf(save('ann', 'x', { find: 'deals', where: [{ field: 'colour', value: 1 }] }))).toBe(
      'unknown_field',
    )
    expect(await codeOf(save('ann', ' ', { find: 'deals' }))).toBe('bad_name')
  })
})
