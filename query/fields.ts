import { catalog, entityOf } from '../db/catalog/all.ts'
import type { Entity, FieldType, Relation } from '../db/catalog/all.ts'
import type { HandleForm } from '../domain/handle.ts'
import type { Hide } from '../domain/pii.ts'

/** One thing that can be asked of an entity: a column, something computed, or the record itself. */
export interface Field {
  readonly name: string
  readonly type: Exclude<FieldType, 'json'>
  /** SQL with `{t}` for the table's alias; for a record its id, for money minor units. */
  readonly sql: string
  readonly hide: Hide
  readonly words: readonly string[]
  readonly values?: readonly string[]
  readonly about?: string
  /** Left out of overviews. */
  readonly minor?: true
  /** Money: SQL of its currency. */
  readonly currencySql?: string
  /** Its value names the record it belongs to, in this form. */
  readonly self?: HandleForm
}

export interface ToOne {
  readonly name: string
  readonly entity: string
  /** Column of this table that holds the other's id. */
  readonly column: string
  readonly words: readonly string[]
  readonly about?: string
}

export type ToMany = Extract<Relation, { readonly kind: 'many' | 'through' }> & {
  readonly name: string
  readonly words: readonly string[]
}

/** What can be asked of an entity, by name. */
export interface Shape {
  readonly entity: Entity
  readonly fields: ReadonlyMap<string, Field>
  readonly ones: ReadonlyMap<string, ToOne>
  readonly manys: ReadonlyMap<string, ToMany>
}

const fieldTypeOf = (sqlType: string): Field['type'] | undefined => {
  if (/^(text|varchar)$/.test(sqlType)) return 'text'
  if (/^(bigint|integer|smallint|numeric|real|double)/.test(sqlType)) return 'number'
  if (sqlType.startsWith('timestamp')) return 'timestamp'
  if (sqlType === 'date' || sqlType === 'boolean') return sqlType
  return undefined
}

const columnSqlType = (entity: Entity, key: string): string =>
  (entity.table as unknown as Record<string, { getSQLType(): string }>)[key]!.getSQLType()

const FORMS: Readonly<Record<string, HandleForm>> = { given_name: 'first', family_name: 'last', name: 'full' }

const selfForm = (entity: Entity, name: string, hide: Hide): { readonly self?: HandleForm } => {
  const form = FORMS[name]
  return form !== undefined && entity.handle !== undefined && hide === entity.handle ? { self: form } : {}
}

const columnFields = (entity: Entity): readonly Field[] => {
  const made: Field[] = []
  for (const [key, { marks }] of Object.entries(entity.columns)) {
    const type = fieldTypeOf(columnSqlType(entity, key))
    if (marks.internal || marks.references || !type) continue
    const isMoney = marks.currency !== undefined
    const name = isMoney ? key.replace(/_minor$/, '') : key
    const hide = marks.hide ?? (type === 'text' ? 'text' : 'none')
    made.push({
      name,
      type: isMoney ? 'money' : type,
      sql: `{t}.${key}`,
      hide,
      words: (marks.words ?? []).filter((word) => word !== name),
      ...(marks.values === undefined ? {} : { values: marks.values }),
      ...(marks.about === undefined ? {} : { about: marks.about }),
      ...(marks.minor ? { minor: marks.minor } : {}),
      ...(isMoney ? { currencySql: `{t}.${marks.currency}` } : {}),
      ...selfForm(entity, name, hide),
    })
  }
  return made
}

const computedFields = (entity: Entity): readonly Field[] => {
  const made: Field[] = []
  const currency = Object.values(entity.columns).find(({ marks }) => marks.currency)?.marks.currency
  for (const [name, computed] of Object.entries(entity.computed ?? {})) {
    if (computed.type === 'json') continue
    const hide = computed.hide ?? (computed.type === 'text' ? 'text' : 'none')
    made.push({
      name,
      type: computed.type,
      sql: `{t}.${name}`,
      hide,
      words: computed.words ?? [],
      ...(computed.values === undefined ? {} : { values: computed.values }),
      ...(computed.about === undefined ? {} : { about: computed.about }),
      ...(computed.minor ? { minor: computed.minor } : {}),
      ...(computed.type === 'money' && currency ? { currencySql: `{t}.${currency}` } : {}),
      ...selfForm(entity, name, hide),
    })
  }
  return made
}

const stamp = (name: string, words: readonly string[]): Field => ({
  name,
  type: 'timestamp',
  sql: `{t}.${name}`,
  hide: 'none',
  words,
})

const recordId = (entity: Entity): Field => ({
  name: 'id',
  type: 'record',
  sql: '{t}.id',
  hide: 'none',
  words: ['record', 'handle', entity.one, ...(entity.title ? ['name', 'title'] : [])],
  about: 'The record itself.',
  self: 'full',
})

const toOnes = (entity: Entity): readonly ToOne[] => {
  const made: ToOne[] = []
  for (const [name, relation] of Object.entries(entity.relations ?? {})) {
    if (relation.kind !== 'one') continue
    const { entity: target, column, words = [], about } = relation
    made.push({ name, entity: target, column, words, ...(about === undefined ? {} : { about }) })
  }
  for (const [column, { marks }] of Object.entries(entity.columns)) {
    const told = made.some((one) => one.column === column)
    if (!marks.references || told || !column.endsWith('_id') || catalog.get(marks.references)?.internal)
      continue
    made.push({ name: column.slice(0, -3), entity: marks.references, column, words: [] })
  }
  return made
}

const toManys = (entity: Entity): readonly ToMany[] =>
  Object.entries(entity.relations ?? {}).flatMap(([name, relation]) =>
    relation.kind === 'one' ? [] : [{ ...relation, name, words: relation.words ?? [] }],
  )

const byName = <T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.name, item]))

const shapes = new Map<string, Shape>()

/** What can be asked of an askable entity. */
export const shapeOf = (entityName: string): Shape => {
  const known = shapes.get(entityName)
  if (known) return known
  const entity = entityOf(entityName)
  const stamps = [
    stamp('created_at', ['created', 'added', 'new since']),
    stamp('updated_at', ['updated', 'changed']),
  ]
  const shape: Shape = {
    entity,
    fields: byName([...columnFields(entity), ...computedFields(entity), recordId(entity), ...stamps]),
    ones: byName(toOnes(entity)),
    manys: byName(toManys(entity)),
  }
  shapes.set(entityName, shape)
  return shape
}

/** Entities that questions may be put to. */
export const askable = (): readonly Entity[] => [...catalog.values()].filter((entity) => !entity.internal)

/** How a record of the entity is called: SQL with `{t}`, and how that is hidden. */
export const displayOf = (entity: Entity): { readonly sql: string; readonly hide: Hide } => {
  if (entity.title) return { sql: entity.title, hide: entity.titleHide ?? entity.handle ?? 'text' }
  const telling = [...shapeOf(entity.name).fields.values()].find(
    (field) => field.type === 'text' && field.hide !== 'none' && field.values === undefined,
  )
  return telling ? { sql: telling.sql, hide: telling.hide } : { sql: `'${entity.one}'`, hide: 'none' }
}
