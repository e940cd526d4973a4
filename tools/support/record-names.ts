import { entityOf } from '../../db/catalog/all.ts'
import { runText } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { recordUri } from '../../domain/records.ts'
import type { RecordRef } from '../../domain/records.ts'
import { recordCell } from '../../query/cells.ts'
import { displayOf } from '../../query/fields.ts'
import { sqlOf } from '../../query/sql-writer.ts'
import { Secret } from '../../domain/pii.ts'

/** Records by URI as cells that are hidden as their handles. */
export type Names = ReadonlyMap<string, Secret>

/** The names of live records, one statement for each entity. */
export const namesOf = async (tx: TenantTx, records: readonly RecordRef[]): Promise<Names> => {
  const names = new Map<string, Secret>()
  for (const entityName of new Set(records.map(({ entity }) => entity))) {
    const ids = [...new Set(records.filter(({ entity }) => entity === entityName).map(({ id }) => id))]
    const entity = entityOf(entityName)
    const text = `select t.id, ${sqlOf(displayOf(entity).sql, 't')} from ${entity.sqlName} t where t.id = any ($1::uuid[]) and t.deleted_at is null`
    const { rows } = await runText(tx, text, [ids])
    for (const [id, title] of rows) {
      const cell = recordCell(entityName, id, title)
      if (cell instanceof Secret) names.set(recordUri({ entity: entityName, id: String(id) }), cell)
    }
  }
  return names
}
