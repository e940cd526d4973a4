import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { findDuplicates } from './merge-duplicates.ts'
import type { DuplicateOptions } from './merge-duplicates.ts'
import { judgeDuplicates, plantDuplicates } from './testing-duplicates.ts'
import type { Planted } from './testing-duplicates.ts'

describe.each(testEngines)('finding who stands twice on %s', (engine) => {
  let db: TestDatabase
  let tenant: TestTenant
  let planted: { readonly people: readonly Planted[]; readonly companies: readonly Planted[] }

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant()
    planted = await plantDuplicates(db.database, tenant.actor(), { people: 1_600, planted: 80 })
  })
  afterAll(() => db.close())

  const find = (options: DuplicateOptions) =>
    asTenant(db.database, tenant.actor(), (tx) => findDuplicates(tx, options))

  test('people who were planted twice are found, whatever differs', async () => {
    const { recall, kinds } = judgeDuplicates(planted.people, await find({ entity: 'people', limit: 400 }))
    expect([...kinds].filter(([, { found, of }]) => found < of * 0.8)).toEqual([])
    expect(recall).toBeGreaterThanOrEqual(0.95)
  })

  test('companies that were planted twice are found', async () => {
    const { recall } = judgeDuplicates(planted.companies, await find({ entity: 'companies', limit: 400 }))
    expect(recall).toBeGreaterThanOrEqual(0.95)
  })

  test('the likeliest come first, and as many as were asked for', async () => {
    const all = await find({ entity: 'people', limit: 400 })
    expect(all.map(({ score }) => score)).toEqual(all.map(({ score }) => score).toSorted((a, b) => b - a))
    expect(await find({ entity: 'people', limit: 10 })).toEqual(all.slice(0, 10))
  })

  test('records held a few at a time give the same answer', async () => {
    const all = await find({ entity: 'people', limit: 400 })
    expect(await find({ entity: 'people', limit: 400, page: 37 })).toEqual(all)
  })

  test('nothing is written, and nothing of it is left after the transaction', async () => {
    const counts = () =>
      asTenant(db.database, tenant.actor(), (tx) =>
        rows(
          tx,
          sql`select (select count(*)::int from workflow.proposals) as proposals, (select sum(version)::int from crm.people) as versions,
            to_regclass('pg_temp.duplicate_keys') is null as gone`,
        ),
      )
    const before = await counts()
    await find({ entity: 'people' })
    expect(await counts()).toEqual(before)
    expect(before).toMatchObject([{ proposals: 0, gone: true }])
  })

  test('another workspace has none of them', async () => {
    const other = await db.addTenant()
    expect(
      await asTenant(db.database, other.actor(), (tx) => findDuplicates(tx, { entity: 'people' })),
    ).toEqual([])
  })
})
