import { FAULTS_SQL, faultsInWords } from './asking-faults.ts'
import type { AskingFault } from './asking-faults.ts'
import type { Database } from './connect.ts'
import { revokedNames } from './revoked-functions.ts'

export interface Posture {
  readonly engine: Database['engine']
  readonly serverVersion: string
  readonly superuser: boolean
  /** Whether a request is kept from calling set_config, with which a SELECT could name another tenant. */
  readonly setConfigRevoked: boolean
  /** Why no question is answered on this database, in words; empty when they are. */
  readonly faults: readonly string[]
  /** What an operator should know or do, in words; empty when all is well. */
  readonly warnings: readonly string[]
}

interface Facts {
  readonly version: string
  readonly superuser: boolean
  readonly callable: boolean
  readonly open: readonly string[]
  readonly temp: string
}

const FACTS = `select current_setting('server_version') as version,
  (select rolsuper from pg_roles where rolname = current_user) as superuser,
  has_function_privilege('tact_app', 'pg_catalog.set_config(text, text, boolean)', 'execute') as callable,
  array(select distinct p.proname::text from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace
    and p.proname in (${revokedNames()}) and p.proname <> 'set_config' and has_function_privilege('tact_agent', p.oid, 'execute') order by 1) as open,
  current_setting('temp_file_limit') as temp`

/** How well this database guards its tenants, for `tact doctor`. Needs a migrated database. */
export const databasePosture = async (database: Database): Promise<Posture> => {
  const { rows } = await database.pool.query<Facts>(FACTS)
  const { rows: faults } = await database.pool.query<AskingFault>(FAULTS_SQL)
  const found = rows[0]!
  const warnings: string[] = []
  if (found.callable) {
    warnings.push(
      'Requests may call set_config. As a superuser, run in this database: ' +
        'REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC; ' +
        'GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO <login role>;',
    )
  }
  if (found.open.length > 0) {
    warnings.push(
      `The role of questions may call ${found.open.length} functions that wait, signal or write (${found.open.slice(0, 4).join(', ')} …); ` +
        'no question can name them. Only a superuser can revoke them.',
    )
  }
  if (database.engine === 'embedded') {
    warnings.push(
      'The embedded engine has no statement_timeout, no limit of temporary files and logs in as its superuser: the worker is ended at the deadline, and questions have a lower cost cap instead.',
    )
  } else if (found.temp === '-1') {
    warnings.push(
      `Temporary files have no limit. As a superuser: ALTER ROLE <login role> SET temp_file_limit = '1GB';`,
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
    faults: faultsInWords(faults),
    warnings,
  }
}
