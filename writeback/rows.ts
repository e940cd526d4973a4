import type { Entity } from '../db/catalog/all.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { bug } from '../domain/errors.ts'
import type { FieldType } from '../db/catalog/all.ts'
import { typeOf } from './fields.ts'

export type Canonical = string | number | boolean | null

/** A row as Postgres writes it in JSON: instants with their full precision, numbers as numbers. */
export interface RecordRow {
  readonly id: string
  readonly version: number
  readonly archived: boolean
  readonly values: Readonly<Record<string, unknown>>
}

export const tableOf = (entity: Entity) => sql.raw(entity.sqlName)

interface RawRow extends Record<string, unknown> {
  readonly values: Record<string, unknown>
}

const toRow = ({ values }: RawRow): RecordRow => ({
  id: String(values['id']),
  version: Number(values['version']),
  archived: values['deleted_at'] !== null,
  values,
})

/** The row of that id in this workspace, archived or not. */
export const readRow = async (tx: TenantTx, entity: Entity, id: string): Promise<RecordRow | undefined> => {
  const [found] = await rows<RawRow>(
    tx,
    sql`select to_jsonb(t) as values from ${tableOf(entity)} t where t.id = ${id}::uuid`,
  )
  return found && toRow(found)
}

/** The same, held until the transaction ends, so that nobody changes it between check and write. */
export const lockRow = async (tx: TenantTx, entity: Entity, id: string): Promise<RecordRow | undefined> => {
  const [found] = await rows<RawRow>(
    tx,
    sql`select to_jsonb(t) as values from ${tableOf(entity)} t where t.id = ${id}::uuid for update`,
  )
  return found && toRow(found)
}

/** A value from JSON in the one form that is compared, shown and hashed: instants in UTC with milliseconds. */
export const canonicalOf = (type: FieldType, raw: unknown): Canonical => {
  if (raw === null || raw === undefined) return null
  if (type === 'timestamp' && typeof raw === 'string') return new Date(raw).toISOString()
  if (typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean') return raw
  throw bug('not_canonical', `A ${type} came back as ${typeof raw}.`)
}

export const canonicalField = (entity: Entity, column: string, row: RecordRow): Canonical =>
  canonicalOf(typeOf(entity, column), row.values[column])
