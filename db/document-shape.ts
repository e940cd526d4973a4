import { getTableConfig } from 'drizzle-orm/pg-core'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { bug } from '../domain/errors.ts'
import { catalog, entityOf } from './catalog/all.ts'
import type { Entity } from './catalog/all.ts'
import { BASE_COLUMNS } from './catalog/define.ts'

/** A column as a workspace document carries it. */
export interface DocumentField {
  readonly name: string
  /** SQL type: `uuid`, `text`, `timestamp with time zone`, `text[]` … */
  readonly sqlType: string
  readonly required: boolean
  /** What a record without the field gets, where that is not null: a value, or the moment it was made. */
  readonly fallback?: { readonly value: string | number | boolean } | 'created_at'
  readonly values?: readonly string[]
  /** Entity the value must be a record of. */
  readonly references?: string
}

/** What core.recompute_rollups works out again after an import; a document does not carry it. */
const ROLLED_UP: Readonly<Record<string, readonly string[]>> = {
  companies: ['last_interaction_at'],
  deals: ['last_interaction_at'],
  people: ['last_interaction_at', 'last_meeting_at', 'last_inbound_at', 'last_outbound_at'],
}

const fallbackOf = (column: PgColumn): NonNullable<DocumentField['fallback']> => {
  const value: unknown = column.default
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { value }
  if (column.getSQLType().startsWith('timestamp')) return 'created_at'
  throw bug('unknown_default', `A document cannot fill in the default of ${column.name}.`)
}

/** SQL type of each column of an entity, and whether a new row cannot be without it. */
export const columnTypes = (
  entity: Entity,
): ReadonlyMap<string, { readonly type: string; readonly needed: boolean }> =>
  new Map(
    getTableConfig(entity.table).columns.map((column) => [
      column.name,
      { type: column.getSQLType(), needed: column.notNull && !column.hasDefault },
    ]),
  )

const shapes = new Map<string, readonly DocumentField[]>()

/** Fields of an entity in a document, `id` first, in the order of the catalog. */
export const documentFields = (entity: Entity): readonly DocumentField[] => {
  const known = shapes.get(entity.name)
  if (known) return known
  const columns = new Map(getTableConfig(entity.table).columns.map((column) => [column.name, column]))
  const names = [...BASE_COLUMNS.filter((name) => name !== 'tenant_id'), ...Object.keys(entity.columns)]
  const left = ROLLED_UP[entity.name] ?? []
  const fields = names
    .filter((name) => !left.includes(name))
    .map((name): DocumentField => {
      const column = columns.get(name)
      if (!column)
        throw bug('unknown_column', `The catalog names a column ${entity.name}.${name} that its table lacks.`)
      const references = entity.columns[name]?.marks.references
      return {
        name,
        sqlType: column.getSQLType(),
        required: name === 'id' || (column.notNull && !column.hasDefault),
        ...(column.notNull && column.hasDefault && name !== 'id' ? { fallback: fallbackOf(column) } : {}),
        ...(column.enumValues?.length ? { values: column.enumValues } : {}),
        ...(references === undefined ? {} : { references }),
      }
    })
  shapes.set(entity.name, fields)
  return fields
}

/** Entities of a document, each after those it refers to (itself aside). */
export const documentEntities = (): readonly Entity[] => {
  const ordered: Entity[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (entity: Entity): void => {
    if (state.get(entity.name) === 'done') return
    if (state.get(entity.name) === 'open') {
      throw bug('reference_cycle', `Entities refer to each other in a circle through ${entity.name}.`)
    }
    state.set(entity.name, 'open')
    for (const { references } of documentFields(entity)) {
      if (references !== undefined && references !== entity.name) visit(entityOf(references))
    }
    state.set(entity.name, 'done')
    ordered.push(entity)
  }
  for (const entity of catalog.values()) if (!entity.internal || entity.kept) visit(entity)
  return ordered
}
