import { catalog, entityOf } from '../../db/catalog/all.ts'
import type { Entity } from '../../db/catalog/all.ts'
import type { Hide } from '../../domain/pii.ts'
import { askable, displayOf, shapeOf } from '../fields.ts'
import type { Field } from '../fields.ts'
import { unitSql } from '../sql-writer.ts'
import { makeSchema, quote } from './schema.ts'
import type { Schema, SchemaColumn, SchemaTable } from './schema.ts'
import { TITLE } from './titled.ts'

interface Made extends SchemaColumn {
  /** SQL with `{t}` for the alias of the base table. */
  readonly sql: string
  /** A join that `sql` needs, to one record at most. */
  readonly join?: string
}

const BYTES: Readonly<Record<Field['type'], number>> = {
  text: 512,
  number: 20,
  money: 24,
  boolean: 1,
  date: 10,
  timestamp: 32,
  record: 36,
}
const LONG_TEXT = 65_536
const LONG = new Set(['body', 'body_text', 'quoted_text', 'signature_text', 'notes', 'next_step'])

const KINDS: Readonly<Record<Field['type'], SchemaColumn['type']>> = {
  text: 'text',
  number: 'number',
  money: 'number',
  boolean: 'boolean',
  date: 'time',
  timestamp: 'time',
  record: 'uuid',
}

const VALUE_TYPES: Readonly<Record<Field['type'], SchemaColumn['valueType']>> = {
  text: 'text',
  number: 'number',
  money: 'numeric',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  record: 'uuid',
}

const fieldColumn = (entity: Entity, field: Field): Made => {
  const { name, type, hide, currencySql } = field
  if (type === 'record')
    return {
      name,
      bytes: BYTES.record,
      type: 'uuid',
      valueType: 'uuid',
      hide: 'none',
      record: entity.name,
      sql: '{t}.id',
    }
  const sql = currencySql === undefined ? field.sql : `(${field.sql} * ${unitSql(currencySql)})`
  const bytes = LONG.has(name) ? LONG_TEXT : BYTES[type]
  const made = { name, bytes, type: KINDS[type], valueType: VALUE_TYPES[type], hide, sql }
  return type === 'money' ? { ...made, figure: true } : made
}

const linkColumns = (entity: Entity): readonly Made[] =>
  Object.entries(entity.columns).flatMap(([name, { marks }]): readonly Made[] => {
    const target = marks.references === undefined ? undefined : catalog.get(marks.references)
    if (marks.internal || !target || target.internal) return []
    return [
      {
        name,
        bytes: 36,
        type: 'uuid',
        valueType: 'uuid',
        hide: 'none',
        record: target.name,
        sql: `{t}.${name}`,
      },
    ]
  })

/** A record that is called by a harmless word stands as that word: `deals.stage` is `Won`. */
const wordColumns = (entity: Entity): readonly Made[] =>
  [...shapeOf(entity.name).ones.values()].flatMap((one): readonly Made[] => {
    const target = entityOf(one.entity)
    const title = displayOf(target)
    if (title.hide !== 'none' || target.title === undefined) return []
    const alias = `to_${one.name}`
    const join = `left join ${target.viewName} ${alias} on ${alias}.tenant_id = {t}.tenant_id and ${alias}.id = {t}.${one.column} and ${alias}.deleted_at is null`
    const sql = title.sql.replaceAll('{t}', alias)
    return [{ name: one.name, bytes: BYTES.text, type: 'text', valueType: 'text', hide: 'none', sql, join }]
  })

/** The main address and number of a person, where people look for them first. */
const MAIN: readonly {
  readonly entity: string
  readonly name: string
  readonly from: string
  readonly column: string
  readonly hide: Hide
}[] = [
  { entity: 'people', name: 'email', from: 'person_emails', column: 'address', hide: 'EMAIL' },
  { entity: 'people', name: 'phone', from: 'person_phones', column: 'number', hide: 'PHONE' },
]

const mainColumns = (entity: Entity): readonly Made[] =>
  MAIN.filter((one) => one.entity === entity.name).map(({ name, from, column, hide }) => ({
    name,
    bytes: BYTES.text,
    type: 'text',
    valueType: 'text',
    hide,
    sql: `(select m.${column} from ${entityOf(from).viewName} m where m.tenant_id = {t}.tenant_id and m.person_id = {t}.id and m.deleted_at is null order by m.is_primary desc, m.id limit 1)`,
  }))

const columnsOf = (entity: Entity): readonly Made[] => {
  const fields = [...shapeOf(entity.name).fields.values()].map((field) => fieldColumn(entity, field))
  const made = new Map<string, Made>()
  for (const column of [...fields, ...linkColumns(entity), ...wordColumns(entity), ...mainColumns(entity)])
    if (!made.has(column.name)) made.set(column.name, column)
  return [made.get('id')!, ...[...made.values()].filter(({ name }) => name !== 'id')]
}

/**
 * The rows of one tenant are what row security leaves, which `assertServed` in db/tenant.ts has looked at. Beside it the
 * tenant is named only in joins: the planner then knows that both sides are of the same one, and so how many rows meet.
 * Elsewhere each row would pass one step more for nothing.
 */
const tableOf = (entity: Entity): SchemaTable => {
  const columns = columnsOf(entity)
  const title = { name: TITLE, sql: displayOf(entity).sql, join: undefined }
  const written = [...columns, title].map(({ name, sql, join }) => ({
    name,
    item: `${sql.replaceAll('{t}', 'e')} as ${quote(name)}`,
    join: join === undefined ? '' : ` ${join.replaceAll('{t}', 'e')}`,
  }))
  return {
    name: entity.name,
    columns: columns.map(({ sql: _sql, join: _join, ...column }) => column),
    key: 'id',
    isTitled: true,
    sql: (used, tenant) => {
      const taken = written.filter(({ name }) => name === 'id' || used.has(name))
      const list = taken.map(({ item }) => item).join(', ')
      return `(select ${list} from ${entity.viewName} e${taken.map(({ join }) => join).join('')} where e.deleted_at is null${tenant ? ` and e.tenant_id = ${tenant()}` : ''})`
    },
  }
}

let made: Schema | undefined

/** The workspace's own entities as tables: askable fields alone, amounts in whole units, records by their id. */
export const crmSchema = (): Schema => (made ??= makeSchema(askable().map(tableOf)))
