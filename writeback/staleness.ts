import { entityOf } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import type { TenantTx } from '../db/tenant.ts'
import { conflict } from '../domain/errors.ts'
import type { TactError } from '../domain/errors.ts'
import type { PlannedChange } from './plan.ts'
import { canonicalField, lockRow, readRow } from './rows.ts'
import type { RecordRow } from './rows.ts'

/** A record that is no longer as the diff found it. `fields` are those of the diff that changed, or that count otherwise now. */
export interface Stale {
  readonly entity: string
  readonly id: string
  readonly fields: readonly string[]
  readonly because: 'changed' | 'gone' | 'target_archived'
}

const referenced = (
  change: PlannedChange,
): readonly { readonly entity: string; readonly id: string; readonly field: string }[] => [
  // A merge shows fields beside each other; it sets none of them itself.
  ...(change.op === 'merge' ? [] : change.fields).flatMap(({ column, field, new: value }) => {
    const target = entityOf(change.entity).columns[column]?.marks.references
    return target !== undefined && typeof value === 'string' ? [{ entity: target, id: value, field }] : []
  }),
  ...change.links.flatMap(({ action, target_entity, target_id, relation }) =>
    action === 'add' ? [{ entity: target_entity, id: target_id, field: relation }] : [],
  ),
]

/** Touched fields that hold something else now, and amounts whose currency, which the change leaves alone, is another. */
const movedFields = (entity: Entity, { fields }: PlannedChange, row: RecordRow): readonly string[] => {
  const touched = new Set(fields.map(({ column }) => column))
  const moved = fields.filter(({ column, old, currency }) => {
    if (canonicalField(entity, column, row) !== old) return true
    const by = entity.columns[column]?.marks.currency
    return by !== undefined && !touched.has(by) && canonicalField(entity, by, row) !== currency
  })
  return moved.map(({ field }) => field)
}

/** An update is about its fields; what takes a record away, or brings it back, is about all of it. */
const staleTarget = (change: PlannedChange, row: RecordRow | undefined): Stale | undefined => {
  const { op, entity, id, version } = change
  if (!row) return { entity, id, fields: [], because: 'gone' }
  if (row.version === version) return undefined
  if (op !== 'update') {
    const fields = movedFields(entityOf(entity), change, row)
    return { entity, id, fields, because: 'changed' }
  }
  if (row.archived) return { entity, id, fields: [], because: 'gone' }
  const fields = movedFields(entityOf(entity), change, row)
  return fields.length > 0 ? { entity, id, fields, because: 'changed' } : undefined
}

/**
 * Records of the changes of which a touched field moved on (of those archived, restored or merged: anything), that are
 * gone, or that point to something archived since.
 * With `hold`, every row stays locked until the transaction ends.
 */
export const findStale = async (
  tx: TenantTx,
  changes: readonly PlannedChange[],
  { hold }: { readonly hold: boolean },
): Promise<readonly Stale[]> => {
  const read = hold ? lockRow : readRow
  const stale: Stale[] = []
  const made = new Set(changes.filter(({ op }) => op === 'create').map(({ id }) => id))
  // In one order everywhere, so that two executions never wait for each other.
  for (const change of [...changes].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { entity, id, version } = change
    if (version !== null) {
      const moved = staleTarget(change, await read(tx, entityOf(entity), id))
      if (moved) {
        stale.push(moved)
        continue
      }
    }
    if (change.into) {
      const winner = await read(tx, entityOf(entity), change.into.id)
      if (!winner || winner.archived) stale.push({ entity, id: change.into.id, fields: [], because: 'gone' })
      else if (winner.version !== change.into.version) {
        stale.push({ entity, id: change.into.id, fields: [], because: 'changed' })
      }
    }
    for (const target of referenced(change)) {
      if (made.has(target.id)) continue
      const row = await readRow(tx, entityOf(target.entity), target.id)
      if (!row || row.archived) stale.push({ entity, id, fields: [target.field], because: 'target_archived' })
    }
  }
  return stale
}

/** The error a person sees; names fields, never values. */
export const staleError = (stale: readonly Stale[]): TactError => {
  const fields = [...new Set(stale.flatMap((one) => one.fields.map((field) => `${one.entity}.${field}`)))]
  const what = fields.length > 0 ? ` (${fields.join(', ')})` : ''
  return conflict('conflict', `A record was changed since this was proposed${what}. Nothing was written.`, {
    fix: 'Look at the record as it is now, and propose again.',
    ...(fields.length > 0 ? { at: fields.join(', ') } : {}),
  })
}
