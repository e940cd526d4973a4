import type { Database } from './connect.ts'
import { SCHEMAS } from './catalog/define.ts'
import { databasePosture } from './posture.ts'
import { sql } from './sql.ts'
import { asSystem, rows } from './tenant.ts'

export interface HealthCheck {
  readonly check: string
  /** `advice`: Tact holds without it, an operator can do better. */
  readonly state: 'ok' | 'advice' | 'wrong'
  readonly detail: string
}

interface Facts {
  readonly tables: number
  readonly unforced: number
  readonly bypasses: boolean
  readonly tenants: number
}

/** Whether the database is what Tact relies on: row security forced everywhere, a harmless role, no way to change the tenant. */
export const checkHealth = async (database: Database): Promise<readonly HealthCheck[]> => {
  const posture = await databasePosture(database)
  const [facts] = await asSystem(database, (tx) =>
    rows<Facts>(
      tx,
      sql`with tables as (
          select c.relrowsecurity and c.relforcerowsecurity as forced from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and n.nspname = any(${sql.param(Object.keys(SCHEMAS))}::text[]) and c.relname <> 'tenants')
        select (select count(*)::int from tables) as tables,
          (select count(*)::int from tables where not forced) as unforced,
          (select rolsuper or rolbypassrls from pg_roles where rolname = 'tact_app') as bypasses,
          (select count(*)::int from core.tenants) as tenants`,
    ),
  )
  if (!facts) return [{ check: 'database', state: 'wrong', detail: 'does not answer' }]
  const { tables, unforced, bypasses, tenants } = facts
  return [
    { check: 'database', state: 'ok', detail: `${posture.engine}, PostgreSQL ${posture.serverVersion}` },
    { check: 'workspaces', state: 'ok', detail: String(tenants) },
    {
      check: 'row security',
      state: unforced === 0 ? 'ok' : 'wrong',
      detail: `forced on ${tables - unforced} of ${tables} tables`,
    },
    {
      check: 'request role',
      state: bypasses ? 'wrong' : 'ok',
      detail: bypasses ? 'tact_app passes row security by' : 'tact_app obeys row security',
    },
    ...(posture.faults.length === 0
      ? [{ check: 'questions', state: 'ok' as const, detail: 'run as tact_agent, over views alone' }]
      : posture.faults.map((detail) => ({ check: 'questions', state: 'wrong' as const, detail }))),
    ...posture.warnings.map((detail) => ({ check: 'database rights', state: 'advice' as const, detail })),
  ]
}
