import type { RecordRef } from '../domain/records.ts'
import { entityOf } from '../db/catalog/all.ts'
import { runText } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { manyRows } from './compile-where.ts'
import { shapeOf } from './fields.ts'
import { newScope, newWriter } from './sql-writer.ts'

/**
 * How many live records each to-many relation of a record leads to, or each of those named; undefined when the record is
 * gone.
 */
export const countRelated = async (
  tx: TenantTx,
  { entity, id }: RecordRef,
  only?: readonly string[],
): Promise<ReadonlyMap<string, number> | undefined> => {
  const writer = newWriter()
  const scope = newScope(writer, entity, 't')
  const relations = [...shapeOf(entity).manys.values()].filter(
    ({ name }) => only === undefined || only.includes(name),
  )
  const counts = relations.map((relation) => {
    const { from, where } = manyRows(scope, { steps: [], relation, label: relation.name }, writer)
    return `(select count(*) from ${from()} where ${where})`
  })
  const { base } = scope
  const text = `select ${['1', ...counts].join(',\n  ')} from ${entityOf(entity).viewName} ${base} where ${base}.id = ${writer.text(id)}::uuid and ${base}.deleted_at is null`
  const [row] = (await runText(tx, text, writer.parameters)).rows
  return row && new Map(relations.map(({ name }, index) => [name, Number(row[index + 1])]))
}

/**
 * The field of a relation's target that leads back: `deals.people` for `people.deals`. A condition on it asks for the
 * records of that relation.
 */
export const wayBack = (entity: string, relationName: string): string | undefined => {
  const relation = shapeOf(entity).manys.get(relationName)
  if (!relation) return undefined
  const target = shapeOf(relation.entity)
  if (relation.kind === 'many') {
    return [...target.ones.values()].find((one) => one.column === relation.column && one.entity === entity)
      ?.name
  }
  return [...target.manys.values()].find(
    (many) =>
      many.kind === 'through' &&
      many.join === relation.join &&
      many.from === relation.to &&
      many.to === relation.from &&
      many.entity === entity,
  )?.name
}
