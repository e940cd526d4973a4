import { ASKED_SCHEMA, SCHEMAS } from './catalog/define.ts'
import { closedNames, revokedNames } from './revoked-functions.ts'

const listed = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')
const OWN = listed([...Object.keys(SCHEMAS), 'drizzle'])

/** What would let a question past its walls, each with the catalogue query that finds it. Every one gives `found`: names. */
const FAULTS: readonly { readonly says: string; readonly sql: string }[] = [
  {
    says: 'roles of questions are missing',
    sql: `select name as found from unnest(array['tact_agent', 'tact_views']) name where not exists (select from pg_roles where rolname = name)`,
  },
  {
    says: 'roles of questions pass row security by, may log in or create roles',
    sql: `select rolname::text from pg_roles where rolname in ('tact_agent', 'tact_views')
      and (rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or rolcreatedb or rolreplication)`,
  },
  {
    says: 'the asking role is a member of other roles',
    sql: `select r.rolname::text from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles a on a.oid = m.member where a.rolname = 'tact_agent'`,
  },
  {
    says: 'the asking role can reach tables themselves',
    sql: `select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles a on a.rolname = 'tact_agent'
      where n.nspname in (${OWN}, 'public') and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and has_any_column_privilege(a.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')`,
  },
  {
    says: 'the asking role can write or create',
    sql: `select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles a on a.rolname = 'tact_agent'
        where n.nspname in (${OWN}, 'public', '${ASKED_SCHEMA}') and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and (has_table_privilege(a.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER') or has_any_column_privilege(a.oid, c.oid, 'INSERT, UPDATE'))
      union all select n.nspname::text from pg_namespace n join pg_roles a on a.rolname = 'tact_agent'
        where n.nspname !~ '^pg_' and has_schema_privilege(a.oid, n.oid, 'CREATE')
      union all select 'temporary tables' from pg_roles a where a.rolname = 'tact_agent' and has_database_privilege(a.oid, current_database(), 'TEMPORARY, CREATE')`,
  },
  {
    says: 'row security is not forced',
    sql: `select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname in (${listed(Object.keys(SCHEMAS))}) and not (c.relrowsecurity and c.relforcerowsecurity)
      and c.oid <> to_regclass('core.tenants')`,
  },
  {
    says: 'policies of the role of views do not keep to the tenant',
    sql: `select schemaname || '.' || tablename from pg_policies where 'tact_views' = any(roles) and (cmd <> 'SELECT' or (permissive = 'PERMISSIVE' and qual not like '%app.tenant_id%'))`,
  },
  {
    says: 'rows that are for some members alone are open to the role of views',
    sql: `select distinct c.attrelid::regclass::text from pg_attribute c join pg_class t on t.oid = c.attrelid and t.relkind = 'r'
      where c.attname = 'only_for' and not c.attisdropped and has_any_column_privilege('tact_views', t.oid, 'SELECT')
        and not exists (select from pg_policies p where (p.schemaname || '.' || p.tablename)::regclass = t.oid
          and p.permissive = 'RESTRICTIVE' and p.cmd = 'SELECT' and 'tact_views' = any(p.roles) and p.qual like '%only_for%app.member_id%')`,
  },
  {
    says: 'views of questions belong to another role than theirs',
    sql: `select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
      where n.nspname = '${ASKED_SCHEMA}' and (r.rolname <> 'tact_views' or c.relkind <> 'v')`,
  },
  {
    says: 'functions that no question may call are open to it',
    sql: `select distinct p.proname::text from pg_proc p join pg_roles a on a.rolname = 'tact_agent'
      where p.proname in (${closedNames()}) and has_function_privilege(a.oid, p.oid, 'EXECUTE')
      union select distinct p.proname::text from pg_proc p join pg_roles a on a.rolname = 'tact_agent'
      where p.pronamespace = 'pg_catalog'::regnamespace and p.proname in (${revokedNames()}) and has_function_privilege(a.oid, p.oid, 'EXECUTE')
        and (select rolsuper from pg_roles where rolname = session_user)`,
  },
]

/** One statement over all faults: rows of `says` and `found`; none when questions may be served. */
export const FAULTS_SQL = FAULTS.map(
  ({ says, sql }) => `select '${says}'::text as says, f.found from (${sql}) f(found)`,
).join('\nunion all\n')

export interface AskingFault {
  readonly says: string
  readonly found: string
}

/** Faults in words, a few names each. */
export const faultsInWords = (faults: readonly AskingFault[]): readonly string[] => {
  const bySaying = new Map<string, string[]>()
  for (const { says, found } of faults) bySaying.set(says, [...(bySaying.get(says) ?? []), found])
  return [...bySaying].map(
    ([says, found]) => `${says}: ${found.slice(0, 5).join(', ')}${found.length > 5 ? ' …' : ''}`,
  )
}
