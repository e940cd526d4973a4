import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { Role } from '../domain/actor.ts'
import { asTactError } from '../domain/errors.ts'
import type { QueryContext } from './run.ts'
import { fill, objects, shown } from './testing/small-workspace.ts'
import { dropView, listViews, runView, saveView } from './views.ts'
import type { SavedView } from './views.ts'

const NOW = new Date('2026-11-20T09:00:00Z')
/** Whoever is in Berlin, a scout, or at a company in Oslo, but for one of them: AND over a group of OR. */
const VIEW: SavedView = {
  name: 'North',
  entity: 'person',
  filters: [
    {
      any: [
        { field: 'city', value: 'Berlin' },
        { field: 'title', value: 'Scout' },
        { field: 'company.city', value: 'Oslo' },
      ],
    },
    { field: 'family_name', op: '!=', value: 'Haddad' },
  ],
  sorts: ['-name'],
  isShared: false,
}

describe.each(testEngines)('saved views on %s', (engine) => {
  let opened: TestDatabase
  let tenant: TestTenant
  const within = <T>(
    fn: (tx: TenantTx, context: QueryContext) => Promise<T>,
    role: Role = 'editor',
  ): Promise<T> => {
    const actor = tenant.actor(role)
    return asTenant(opened.database, actor, (tx) => fn(tx, { workspace: tenant.workspace, actor, now: NOW }))
  }
  const save = (view: Partial<SavedView>, role?: Role) =>
    within((tx, context) => saveView(tx, { ...VIEW, ...view }, context), role)
  const run = async (name: string, role?: Role) => {
    const { result } = await within((tx, context) => runView(tx, name, context), role)
    return objects(result).map((row) => row['name'])
  }
  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'done',
      (error: unknown) => asTactError(error).code,
    )
  const names = (role: Role) =>
    within(
      async (tx, context) => (await listViews(tx, context)).map((one) => `${one.name} ${one.isOwn}`),
      role,
    )

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    tenant = await opened.addTenant({ timezone: 'Europe/London' })
    await fill(opened.database, tenant)
  })
  afterAll(() => opened.close())

  test('hold groups of conditions and an order, and answer with both', async () => {
    await save({})
    expect(await run('North')).toEqual(['Sam Ellery', 'Dana Whitfield'])
    await save({ sorts: ['name'] })
    expect(await run('North')).toEqual(['Dana Whitfield', 'Sam Ellery'])
    const { result } = await within((tx, context) => runView(tx, 'North', context))
    expect(shown(result.completeness.filters_in_words)).toMatch(/Berlin.* or .*Oslo.*not.*Haddad/s)
    expect(await names('editor')).toEqual(['North true'])
  })

  test('are one’s own until they are shared; one’s own of the same name goes before', async () => {
    expect(await names('admin')).toEqual([])
    expect(await codeOf(run('North', 'admin'))).toBe('unknown_view')
    await save({ isShared: true })
    expect(await names('admin')).toEqual(['North false'])
    expect(await run('North', 'viewer')).toEqual(['Sam Ellery', 'Dana Whitfield'])
    await save({ filters: [], entity: 'deals', sorts: [] }, 'viewer')
    expect(await run('North', 'viewer')).not.toContain('Sam Ellery')
    expect(await codeOf(within((tx, context) => dropView(tx, 'North', context), 'admin'))).toBe(
      'unknown_view',
    )
    await within((tx, context) => dropView(tx, 'North', context))
    expect(await names('admin')).toEqual([])
    expect(await names('viewer')).toEqual(['North true'])
  })

  test('are refused where they cannot be answered, and a viewer shares none', async () => {
    expect(await codeOf(save({ filters: [{ field: 'shoe_size', value: 3 }] }))).toBe('unknown_field')
    expect(await codeOf(save({ entity: 'ships' }))).toBe('unknown_entity')
    expect(await codeOf(save({ name: ' ' }))).toBe('bad_name')
    expect(await codeOf(save({ name: 'Mine', isShared: true }, 'viewer'))).toBe('viewer')
  })
})
