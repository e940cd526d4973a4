import type { Database } from './connect.ts'
import { asSystem, rows } from './tenant.ts'
import { sql } from './sql.ts'

export interface HealthCheck {
  readonly check: string
  readonly ok: boolean
  readonly detail: string
}

interface Facts {
  readonly version: string
  readonly tables: number
  readonly unforced: number
  readonly app_bypasses: boolean
  readonly can_set_config: boolean
  readonly tenants: number
}

/** Whether the database is what Tact relies on: row security forced everywhere, a harmless role, no way to change the tenant. */
export const checkHealth = async (database: Database): Promise<readonly HealthCheck[]> => {
  const [facts] = await asSystem(database, (tx) =>
    rows<Facts>(
      tx,
      sql`with tables as (
          select c.relrowsecurity and c.relforcerowsecurity as forced from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and n.nspname in ('core', 'crm', 'intel', 'workflow') and c.relname <> 'tenants')
        select current_setting('server_version') as version,
          (select count(*)::int from tables) as tables,
          (select count(*)::int from tables where not forced) as unforced,
          (select rolsuper or rolbypassrls from pg_roles where rolname = 'tact_app') as app_bypasses,
          has_function_privilege('tact_app', 'pg_catalog.set_config(text,text,boolean)', 'execute') as can_set_config,
          (select count(*)::int from core.tenants) as tenants`,
    ),
  )
  if (!facts) return [{ check: 'database', ok: false, detail: 'does not answer' }]
  return [
    { check: 'database', ok: true, detail: `${database.engine}, PostgreSQL ${facts.version}` },
    { check: 'workspaces', ok: true, detail: String(facts.tenants) },
    {
      check: 'row security',
      ok: facts.unforced === 0,
      detail: `forced on ${facts.tables - facts.unforced} of ${facts.tables} tables`,
    },
    {
      check: 'request role',
      ok: !facts.app_bypasses,
      detail: facts.app_bypasses ? 'tact_app can pass row security by' : 'tact_app obeys row security',
    },
    {
      check: 'set_config',
      ok: !facts.can_set_config,
      detail: facts.can_set_config
        ? 'tact_app may call it: as a superuser, REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC'
        : 'out of reach',
    },
  ]
}
