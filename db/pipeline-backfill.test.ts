import { readMigrationFiles } from 'drizzle-orm/migrator'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../domain/ids.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

const MIGRATIONS = readMigrationFiles({
  migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)),
})
const SCHEMAS = ['core', 'crm', 'fund', 'intel', 'inventory', 'workflow']
/** The first migration that knows pipelines. */
const PIPELINES_AT = 8

describe.each(testEngines)('a database from before there were pipelines, on %s', (engine) => {
  let opened: TestDatabase

  const apply = async (from: number, to: number): Promise<void> => {
    for (const { sql } of MIGRATIONS.slice(from, to))
      for (const statement of sql) await opened.database.pool.query(statement)
  }

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    await opened.database.pool.query(`drop schema ${[...SCHEMAS, 'asked'].join(', ')} cascade`)
    await apply(0, PIPELINES_AT)
  })
  afterAll(() => opened.close())

  test('puts the stages of every workspace into a pipeline of its own, and does not count that as an edit', async () => {
    const { pool } = opened.database
    const tenants = [newId(), newId()]
    for (const tenant of tenants) {
      await pool.query(
        `insert into core.tenants (id, slug, name, vertical, timezone, currency, country) values ($1, $2, 'W', 'sales', 'UTC', 'EUR', 'DE')`,
        [tenant, `w-${tenant.slice(-8)}`],
      )
      for (const [position, name] of ['Lead', 'Won'].entries())
        await pool.query(
          `insert into crm.stages (id, tenant_id, name, position, version, updated_at) values ($1, $2, $3, $4, 3, '2026-01-02T00:00:00Z')`,
          [newId(), tenant, name, position],
        )
    }
    // As it was in use: row security forced on the owner too, every edit counted by a trigger.
    await pool.query('alter table crm.stages force row level security')
    await pool.query(
      'create trigger touch_changed before update on crm.stages for each row execute function core.touch()',
    )
    await apply(PIPELINES_AT, MIGRATIONS.length)
    const forced = await pool.query(
      `select relforcerowsecurity as forced from pg_class where oid in ('crm.stages'::regclass, 'crm.pipelines'::regclass)`,
    )
    expect(forced.rows).toEqual([{ forced: true }, { forced: true }])
    await pool.query('alter table crm.stages no force row level security')
    await pool.query('alter table crm.pipelines no force row level security')
    const found = await pool.query(
      `select s.tenant_id, p.tenant_id = s.tenant_id as own, count(*)::int as stages, count(distinct p.id)::int as pipelines,
          min(s.version) as version, max(s.updated_at) = '2026-01-02T00:00:00Z' as untouched
        from crm.stages s join crm.pipelines p on p.id = s.pipeline_id group by 1, 2 order by 1`,
    )
    expect(found.rows).toEqual(
      tenants
        .toSorted()
        .map((tenant_id) => ({ tenant_id, own: true, stages: 2, pipelines: 1, version: 3, untouched: true })),
    )
  })
})
