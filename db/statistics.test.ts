import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refreshStatistics } from './statistics.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

describe.each(testEngines)('statistics after many rows came in at once, on %s', (engine) => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  afterAll(() => opened.close())

  test('the planner knows how many rows there are, and that all may be seen', async () => {
    const { actor } = await opened.addTenant()
    await asTenant(opened.database, actor(), async (tx) => {
      // The test server commits lazily; a page counts as visible once its commit is written.
      await rows(tx, sql`set local synchronous_commit = on`)
      await rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name) select gen_random_uuid(), core.current_tenant(), 'C' || n from generate_series(1, 2000) n`,
      )
    })
    const known = async (): Promise<unknown> =>
      (
        await opened.database.pool.query(
          `select reltuples::int as rows, relallvisible = relpages as visible from pg_class where oid = 'crm.companies'::regclass`,
        )
      ).rows
    expect(await known()).not.toEqual([{ rows: 2000, visible: true }])
    await refreshStatistics(opened.database, ['companies'])
    expect(await known()).toEqual([{ rows: 2000, visible: true }])
    const { rows: limits } = await opened.database.pool.query<{ statement_timeout: string }>(
      'show statement_timeout',
    )
    expect(limits[0]!.statement_timeout).not.toBe(engine === 'postgres' ? '0' : '')
    await refreshStatistics(opened.database, [])
  })
})
