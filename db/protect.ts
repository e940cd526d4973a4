import { createHash } from 'node:crypto'
import { ROLES } from '../domain/actor.ts'
import { GRANTS } from '../domain/permissions.ts'
import { askedView } from './asked-views.ts'
import { BASE_COLUMNS, SCHEMAS } from './catalog/define.ts'
import { catalog } from './catalog/all.ts'
import type { Entity } from './catalog/all.ts'
import { revokeFunctions } from './revoked-functions.ts'

/** Rows of these are written once and never changed or removed by a request. */
const APPEND_ONLY = new Set(['audit_events', 'field_changes', 'egress', 'approvals', 'standing_uses'])

/** What the owner of the search functions may read, of every tenant; the functions filter. */
const SEARCHED: Readonly<Record<string, readonly string[]>> = {
  people: ['id', 'tenant_id', 'deleted_at', 'company_id', 'name_folded', 'search'],
  companies: ['id', 'tenant_id', 'deleted_at', 'domain', 'name_folded', 'search'],
  person_emails: ['tenant_id', 'deleted_at', 'person_id', 'address'],
  emails: ['id', 'tenant_id', 'deleted_at', 'reference_ids', 'only_for', 'not_for'],
  members: ['id', 'tenant_id', 'deleted_at', 'disabled_at', 'role'],
  access_tokens: [
    'id',
    'tenant_id',
    'deleted_at',
    'member_id',
    'token_hash',
    'scopes',
    'expires_at',
    'last_used_at',
    'revoked_at',
    'privacy_policy',
  ],
  oauth_links: ['id', 'tenant_id', 'deleted_at', 'issuer', 'subject', 'email', 'member_id', 'privacy_policy'],
  invitations: [
    'id',
    'tenant_id',
    'deleted_at',
    'email',
    'role',
    'token_hash',
    'expires_at',
    'accepted_at',
    'revoked_at',
  ],
  passkeys: ['tenant_id', 'deleted_at', 'member_id', 'credential_id', 'public_key', 'counter', 'transports'],
  jobs: ['tenant_id', 'deleted_at', 'kind', 'state', 'due_at', 'leased_until'],
  slack_links: ['tenant_id', 'deleted_at', 'team_id', 'slack_user_id', 'member_id'],
  slack_link_codes: [
    'id',
    'tenant_id',
    'deleted_at',
    'code_hash',
    'member_id',
    'team_id',
    'slack_user_id',
    'expires_at',
    'used_at',
  ],
}

/** Where the records of the trade live; what is written there is written by a member who may, or by Tact itself. */
const RECORD_SCHEMAS: ReadonlySet<string> = new Set(['crm', 'fund', 'intel', 'inventory'])

/** Kinds of record that not every role that archives may archive. */
const keptFromSome: ReadonlySet<string> = new Set(
  ROLES.flatMap((role) => {
    const { archive } = GRANTS[role]
    return typeof archive === 'string' ? [] : archive.except
  }),
)

/** Columns the database makes itself, beside the derived ones of the catalog. */
const GENERATED: Readonly<Record<string, readonly string[]>> = {
  people: ['name_folded', 'search'],
  companies: ['name_folded', 'search'],
}

const quoted = (entity: Entity): string =>
  entity.sqlName
    .split('.')
    .map((part) => `"${part}"`)
    .join('.')

const touchTrigger = (entity: Entity): readonly string[] => {
  const table = quoted(entity)
  const marked = Object.entries(entity.columns)
  const derived = marked.filter(([, { marks }]) => marks.derived).map(([name]) => name)
  const skip = [...derived, ...(GENERATED[entity.name] ?? [])].map((name) => `'${name}'`).join(', ')
  const watched = [...BASE_COLUMNS, ...marked.filter(([, { marks }]) => !marks.derived).map(([name]) => name)]
  return [
    `DROP TRIGGER IF EXISTS touch_new ON ${table}`,
    `DROP TRIGGER IF EXISTS touch_changed ON ${table}`,
    `CREATE TRIGGER touch_new BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION core.touch()`,
    `CREATE TRIGGER touch_changed BEFORE UPDATE OF ${watched.map((name) => `"${name}"`).join(', ')} ON ${table} FOR EACH ROW EXECUTE FUNCTION core.touch(${skip})`,
  ]
}

/** Columns a person can edit; archiving is one of them. */
const editable = (entity: Entity): readonly string[] => {
  const written = Object.entries(entity.columns).flatMap(([name, { marks }]) => (marks.write ? [name] : []))
  return written.length > 0 || entity.writable ? [...written, 'deleted_at'] : []
}

const historyTrigger = (entity: Entity): readonly string[] => {
  const table = quoted(entity)
  const columns = editable(entity)
  const gone = `DROP TRIGGER IF EXISTS log_changes ON ${table}`
  if (columns.length === 0) return [gone]
  const watched = columns.map((name) => `"${name}"`).join(', ')
  const given = [entity.name, ...columns].map((name) => `'${name}'`).join(', ')
  return [
    gone,
    `CREATE TRIGGER log_changes AFTER UPDATE OF ${watched} ON ${table} FOR EACH ROW EXECUTE FUNCTION core.log_changes(${given})`,
  ]
}

/** Stops code that forgot to ask whether the member may (domain/permissions.ts; functions in the migration `access`). */
const roleGuards = (entity: Entity): readonly string[] => {
  const table = quoted(entity)
  const guards = ['guard_write', 'guard_archive', 'guard_delete'].map(
    (name) => `DROP TRIGGER IF EXISTS ${name} ON ${table}`,
  )
  if (!entity.internal && RECORD_SCHEMAS.has(entity.schema)) {
    guards.push(
      `CREATE TRIGGER guard_write BEFORE INSERT OR UPDATE OR DELETE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION core.guard_write()`,
    )
  }
  if (keptFromSome.has(entity.name)) {
    guards.push(
      `CREATE TRIGGER guard_archive BEFORE UPDATE OF deleted_at ON ${table} FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION core.guard_archive('${entity.name}')`,
      `CREATE TRIGGER guard_delete BEFORE DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION core.guard_archive('${entity.name}')`,
    )
  }
  return guards
}

const searchGrants = (entity: Entity): readonly string[] => {
  const columns = SEARCHED[entity.name]
  if (!columns) return []
  const table = quoted(entity)
  const policy = `"${entity.name}_search"`
  return [
    `GRANT SELECT (${columns.map((name) => `"${name}"`).join(', ')}) ON ${table} TO tact_search`,
    `DROP POLICY IF EXISTS ${policy} ON ${table}`,
    `CREATE POLICY ${policy} ON ${table} FOR SELECT TO tact_search USING (true)`,
  ]
}

/**
 * What every table of the catalog gets, in order and safe to run again: forced row security, grants to the request role,
 * the triggers that stamp, count versions and remember what was edited. A new entity costs its own file and a generated migration, nothing here.
 */
export const protection = (): readonly string[] => [
  `GRANT USAGE ON SCHEMA ${Object.keys(SCHEMAS).join(', ')} TO tact_app, tact_search`,
  `GRANT USAGE ON SCHEMA ${Object.keys(SCHEMAS).join(', ')} TO tact_views`,
  revokeFunctions(),
  ...[...catalog.values()].flatMap(protectionOf),
]

/** The same for one entity. */
export const protectionOf = (entity: Entity): readonly string[] => {
  const table = quoted(entity)
  const allowed = APPEND_ONLY.has(entity.name) ? 'SELECT, INSERT' : 'SELECT, INSERT, UPDATE, DELETE'
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
    `REVOKE ALL ON ${table} FROM PUBLIC, tact_app`,
    `GRANT ${allowed} ON ${table} TO tact_app`,
    ...touchTrigger(entity),
    ...historyTrigger(entity),
    ...roleGuards(entity),
    ...searchGrants(entity),
    ...askedView(entity),
  ]
}

export const protectionHash = (): string =>
  createHash('sha256').update(protection().join(';\n')).digest('hex')
