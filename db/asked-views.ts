import { catalog } from './catalog/all.ts'
import { ASKED_SCHEMA } from './catalog/define.ts'
import type { Entity } from './catalog/all.ts'

const TENANT = `(select nullif(current_setting('app.tenant_id', true), '')::uuid)`
const STAMPS = ['id', 'tenant_id', 'created_at', 'updated_at'] as const
/** What no question can be about: documents, bytes, search vectors, lists. */
const NOT_ASKED = /^(jsonb?|bytea|tsvector)$|\[\]$/

const table = (entity: Entity): string =>
  entity.sqlName
    .split('.')
    .map((part) => `"${part}"`)
    .join('.')

const typeOf = (entity: Entity, key: string): string =>
  (entity.table as unknown as Record<string, { getSQLType(): string }>)[key]!.getSQLType()

/** Names of columns that the SQL of titles, computed fields and relations speaks of. */
const spokenOf = (entity: Entity): ReadonlySet<string> => {
  const found = new Set<string>()
  const texts = [entity.title ?? '', ...Object.values(entity.computed ?? {}).map(({ sql }) => sql)]
  for (const other of catalog.values()) {
    for (const relation of Object.values(other.relations ?? {})) {
      if (relation.kind === 'one') continue
      const holder = relation.kind === 'through' ? relation.join : relation.entity
      if (holder === entity.name) texts.push(relation.where ?? '')
    }
  }
  for (const text of texts) for (const [, name] of text.matchAll(/\{t\}\.(\w+)/g)) found.add(name!)
  return found
}

const plainColumns = (entity: Entity): readonly string[] => {
  const spoken = spokenOf(entity)
  const own = Object.entries(entity.columns).flatMap(([key, { marks }]) =>
    spoken.has(key) || (!marks.internal && !NOT_ASKED.test(typeOf(entity, key))) ? [key] : [],
  )
  return [...STAMPS, ...own]
}

/** May questions read rows of it, by itself or on the way to another? */
const isAsked = (entity: Entity): boolean =>
  !entity.internal ||
  [...catalog.values()].some((other) =>
    Object.values(other.relations ?? {}).some(
      (relation) => relation.kind === 'through' && relation.join === entity.name && !other.internal,
    ),
  )

/**
 * The view that questions read instead of the table: live rows, askable columns and computed fields, nothing else. Its
 * owner obeys row security, may read these columns alone, and has no login. Safe to run again.
 */
export const askedView = (entity: Entity): readonly string[] => {
  const policy = `"${entity.sqlName.split('.')[1]}_asked"`
  const view = `${ASKED_SCHEMA}."${entity.name}"`
  const gone = [`DROP POLICY IF EXISTS ${policy} ON ${table(entity)}`, `DROP VIEW IF EXISTS ${view}`]
  const shut = `REVOKE ALL ON ${table(entity)} FROM tact_agent, tact_views`
  if (!isAsked(entity)) return [shut, ...gone]
  const columns = plainColumns(entity)
  const list = [
    ...columns.map((name) => `t."${name}"`),
    'null::timestamptz as deleted_at',
    ...Object.entries(entity.computed ?? {}).map(
      ([name, { sql }]) => `${sql.replaceAll('{t}', 't')} as "${name}"`,
    ),
  ]
  return [
    shut,
    ...gone,
    `GRANT SELECT (${[...columns, 'deleted_at'].map((name) => `"${name}"`).join(', ')}) ON ${table(entity)} TO tact_views`,
    `CREATE POLICY ${policy} ON ${table(entity)} FOR SELECT TO tact_views USING (tenant_id = ${TENANT})`,
    `CREATE VIEW ${view} AS SELECT ${list.join(', ')} FROM ${table(entity)} t WHERE t.deleted_at IS NULL`,
    `ALTER VIEW ${view} OWNER TO tact_views`,
    `GRANT SELECT ON ${view} TO tact_agent, tact_app`,
  ]
}
