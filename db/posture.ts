import type { Database } from './connect.ts'

export interface Posture {
  readonly engine: Database['engine']
  readonly serverVersion: string
  readonly superuser: boolean
  /** Whether a request is kept from calling set_config, with which a SELECT could name another tenant. */
  readonly setConfigRevoked: boolean
  /** What an operator should know or do, in words; empty when all is well. */
  readonly warnings: readonly string[]
}

/** How well this database guards its tenants, for `tact doctor`. Needs a migrated database. */
export const databasePosture = async (database: Database): Promise<Posture> => {
  const { rows } = await database.pool.query<{ version: string; superuser: boolean; callable: boolean }>(
    `select current_setting('server_version') as version,
      (select rolsuper from pg_roles where rolname = current_user) as superuser,
      has_function_privilege('tact_app', 'pg_catalog.set_config(text, text, boolean)', 'execute') as callable`,
  )
  const found = rows[0]!
  const warnings: string[] = []
  if (found.callable) {
    warnings.push(
      'Requests may call set_config. As a superuser, run in this database: ' +
        'REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC; ' +
        'GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO <login role>;',
    )
  }
  if (found.superuser && database.engine === 'postgres') {
    warnings.push('DATABASE_URL logs in as a superuser. Use a role that only owns this database.')
  }
  return {
    engine: database.engine,
    serverVersion: found.version,
    superuser: found.superuser,
    setConfigRevoked: !found.callable,
    warnings,
  }
}
