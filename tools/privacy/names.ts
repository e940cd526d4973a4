import { catalog } from '../../db/catalog/all.ts'
import { runText, type TenantTx } from '../../db/tenant.ts'
import type { HandleForm } from '../../domain/handle.ts'
import { recordUri, type RecordRef } from '../../domain/records.ts'

/** The name of a record in its forms, as the viewer's row security shows it. */
export type Names = Readonly<Record<HandleForm, string>>

const FIRST_AND_LAST = new Set(['people', 'members'])

/** Names of records by URI; one statement an entity. Records that the viewer may not see, or that are gone, are absent. */
export const namesOf = async (
  tx: TenantTx,
  records: readonly RecordRef[],
): Promise<ReadonlyMap<string, Names>> => {
  const byEntity = Map.groupBy(records, ({ entity }) => entity)
  const found = new Map<string, Names>()
  for (const [name, refs] of byEntity) {
    const entity = catalog.get(name)
    if (!entity) continue
    const title = entity.title ? entity.title.replaceAll('{t}', 't') : `'${entity.one}'`
    const parts = FIRST_AND_LAST.has(name) ? 't.given_name, t.family_name' : 'null, null'
    const { rows } = await runText(
      tx,
      `select t.id, ${title}, ${parts} from ${entity.sqlName} t where t.id = any($1::uuid[])`,
      [[...new Set(refs.map(({ id }) => id))]],
    )
    for (const [id, full, first, last] of rows as [string, string | null, string | null, string | null][]) {
      const whole = full ?? entity.one
      found.set(recordUri({ entity: name, id }), { full: whole, first: first || whole, last: last || whole })
    }
  }
  return found
}
