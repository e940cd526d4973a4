import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalog } from './catalog/all.ts'
import { SCHEMAS as schemas } from './catalog/define.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

const SCHEMAS = `(${Object.keys(schemas)
  .map((name) => `'${name}'`)
  .join(', ')})`

/** Made from messages and made anew when they are gone: no record, in no export. */
const DERIVED = ['blocks', 'indexes', 'models', 'pending', 'segments', 'vectors'].map(
  (name) => `intel.mail_${name}`,
)

describe.each(testEngines)('tables on %s', (engine) => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  afterAll(() => opened.close())

  const query = async <T extends object>(text: string): Promise<T[]> =>
    (await opened.database.pool.query<T>(text)).rows

  test('every table forces row security on its owner too, but for the table of tenants', async () => {
    const unforced = await query(
      `select n.nspname || '.' || c.relname as name, c.relrowsecurity as enabled from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ${SCHEMAS} and c.relkind in ('r', 'p') and not c.relforcerowsecurity`,
    )
    expect(unforced).toEqual([{ name: 'core.tenants', enabled: true }])
  })

  test('every entity of the catalog is a table, and every table an entity', async () => {
    const found = await query<{ name: string }>(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ${SCHEMAS} and c.relkind in ('r', 'p') and c.relname <> 'tenants' order by 1`,
    )
    expect(found.map(({ name }) => name)).toEqual(
      [...[...catalog.values()].map(({ sqlName }) => sqlName), ...DERIVED].sort(),
    )
  })

  test('what the request role is let see of a table depends on its tenant, and no policy beside it lets see more', async () => {
    const policies = await query<{ name: string; using: string; check: string | null }>(
      `select schemaname || '.' || tablename as name, qual as using, with_check as check from pg_policies
        where schemaname in ${SCHEMAS} and 'tact_app' = any(roles) and tablename <> 'tenants' and permissive = 'PERMISSIVE'`,
    )
    expect(policies).toHaveLength(catalog.size + DERIVED.length)
    for (const { using, check } of policies) {
      expect(using).toContain(`current_setting('app.tenant_id'`)
      expect(check).toBe(using)
    }
  })

  test('every foreign key stays within its tenant and has an index', async () => {
    const keys = await query<{ name: string; columns: string[]; indexed: boolean }>(
      `select c.conname as name,
        array(select a.attname::text from unnest(c.conkey) with ordinality k(num, at)
          join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num order by k.at) as columns,
        exists (select from pg_index i where i.indrelid = c.conrelid and i.indpred is null
          and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] = c.conkey) as indexed
      from pg_constraint c join pg_namespace n on n.oid = c.connamespace
      where c.contype = 'f' and n.nspname in ${SCHEMAS}`,
    )
    expect(keys.length).toBeGreaterThan(30)
    expect(keys.filter(({ indexed }) => !indexed).map(({ name }) => name)).toEqual([])
    expect(keys.filter(({ columns }) => columns[0] !== 'tenant_id').map(({ name }) => name)).toEqual([])
  })

  test('the request role may neither change nor remove audit events, nor empty any table', async () => {
    const [audit] = await query(
      `select has_table_privilege('tact_app', 'core.audit_events', 'insert') as insert,
        has_table_privilege('tact_app', 'core.audit_events', 'update') as update,
        has_table_privilege('tact_app', 'core.audit_events', 'delete') as delete`,
    )
    expect(audit).toEqual({ insert: true, update: false, delete: false })
    const emptiable = await query(
      `select table_name from information_schema.role_table_grants
        where grantee = 'tact_app' and privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES')`,
    )
    expect(emptiable).toEqual([])
  })

  test('neither role of ours can log in, bypass row security or inherit anything', async () => {
    const roles = await query(
      `select rolname as name, rolcanlogin as login, rolbypassrls as bypass, rolsuper as super, rolinherit as inherit
        from pg_roles where rolname in ('tact_app', 'tact_search') order by 1`,
    )
    const powerless = { login: false, bypass: false, super: false, inherit: false }
    expect(roles).toEqual([
      { name: 'tact_app', ...powerless },
      { name: 'tact_search', ...powerless },
    ])
  })
})
