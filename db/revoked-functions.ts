/**
 * Functions of pg_catalog that everybody may call by default and that no question needs: they change the session, wait,
 * signal, run a text as SQL, or write. Taken from everybody where our login may do that (a superuser's right).
 */
export const REVOKED_FUNCTIONS = [
  'set_config',
  'pg_sleep',
  'pg_sleep_for',
  'pg_sleep_until',
  'pg_notify',
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_advisory_xact_lock',
  'pg_advisory_xact_lock_shared',
  'pg_advisory_unlock',
  'pg_advisory_unlock_all',
  'pg_advisory_unlock_shared',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
  'pg_try_advisory_xact_lock',
  'pg_try_advisory_xact_lock_shared',
  'query_to_xml',
  'query_to_xmlschema',
  'query_to_xml_and_xmlschema',
  'cursor_to_xml',
  'table_to_xml',
  'table_to_xml_and_xmlschema',
  'schema_to_xml',
  'schema_to_xml_and_xmlschema',
  'database_to_xml',
  'database_to_xml_and_xmlschema',
  'lo_create',
  'lo_creat',
  'lo_from_bytea',
  'lo_get',
  'lo_open',
  'lo_put',
  'lo_unlink',
  'loread',
  'lowrite',
  'lo_truncate',
  'lo_truncate64',
  'pg_cancel_backend',
  'pg_terminate_backend',
  'pg_export_snapshot',
] as const

/** Closed to everybody by default; executable only where somebody opened them. Also whatever dblink brings. */
export const CLOSED_FUNCTIONS = [
  'pg_read_file',
  'pg_read_binary_file',
  'pg_ls_dir',
  'pg_stat_file',
  'pg_ls_logdir',
  'pg_ls_waldir',
  'lo_import',
  'lo_export',
  'pg_reload_conf',
  'pg_rotate_logfile',
  'pg_switch_wal',
  'dblink',
  'dblink_exec',
  'dblink_connect',
  'dblink_send_query',
] as const

const listed = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

/** Our own requests lock and wait; only set_config stays with the login, which begins every transaction. */
export const revokeFunctions = (): string => `DO $revoke$ DECLARE f record; BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RETURN; END IF;
  FOR f IN SELECT p.oid::regprocedure AS name, p.proname FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN (${listed(REVOKED_FUNCTIONS)})
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f.name);
    IF f.proname LIKE 'pg\\_%' THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO tact_app', f.name); END IF;
  END LOOP;
END $revoke$`

/** As a text for SQL: the names that must not be executable, for a search of pg_proc. */
export const revokedNames = (): string => listed(REVOKED_FUNCTIONS)
export const closedNames = (): string => listed(CLOSED_FUNCTIONS)
