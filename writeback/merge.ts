import type { Entity } from '../db/catalog/all.ts'
import { userError } from '../domain/errors.ts'
import { parseRecordUri } from '../domain/records.ts'
import type { PlainChange } from './changes.ts'
import type { DiffContext } from './context.ts'
import { settableOf, settablesOf } from './fields.ts'
import type { SettableField } from './fields.ts'
import type { Evidence, PlannedChange, PlannedField } from './plan.ts'
import { canonicalField, readRow } from './rows.ts'
import type { Canonical, RecordRow } from './rows.ts'

export const MERGEABLE = ['people', 'companies'] as const

const loserOf = async (
  entity: Entity,
  { from }: PlainChange,
  winner: RecordRow,
  { tx }: DiffContext,
  at: string,
): Promise<RecordRow> => {
  const where = `${at}.from`
  const fix = `Give the handle of the ${entity.one} that is to go into the other.`
  const ref = from === undefined ? undefined : parseRecordUri(from.trim())
  if (!ref || ref.entity !== entity.name) {
    throw userError('bad_reference', `A merge needs the ${entity.one} that goes into the other.`, {
      at: where,
      fix,
    })
  }
  if (ref.id === winner.id) {
    throw userError('same_record', 'A record is not merged into itself.', { at: where, fix })
  }
  const row = await readRow(tx, entity, ref.id)
  if (!row)
    throw userError('record_not_found', `There is no such ${entity.one} in this workspace.`, {
      at: where,
      fix,
    })
  if (row.archived) throw userError('record_archived', `The ${entity.one} is archived.`, { at: where, fix })
  return row
}

/** Which value each field ends with: the winner's, but the loser's where the winner has none or a person chose it. */
const chosenColumns = (
  entity: Entity,
  { set }: PlainChange,
  at: string,
): ReadonlyMap<string, 'winner' | 'loser'> => {
  const chosen = new Map<string, 'winner' | 'loser'>()
  for (const [name, side] of Object.entries(set)) {
    const where = `${at}.set.${name.slice(0, 60)}`
    const field = settableOf(entity, 'update', name, where)
    if (field.kind !== 'field' || (side !== 'winner' && side !== 'loser')) {
      throw userError('bad_choice', 'In a merge each field takes the value of one of the two records.', {
        at: where,
        fix: 'Set it to "winner" (the record that stays) or "loser" (the one in `from`).',
        validOptions: ['winner', 'loser'],
      })
    }
    chosen.set(field.column, side)
  }
  return chosen
}

/**
 * A merge as two changes: what the record that stays takes over, and the other one going into it, with the values of
 * both side by side (`old`: of the one that goes; `new`: what stays). Throws errors that teach.
 */
export const diffMerge = async (
  entity: Entity,
  change: PlainChange,
  { winner, evidence }: { readonly winner: RecordRow; readonly evidence: readonly Evidence[] },
  context: DiffContext,
  at: string,
): Promise<readonly PlannedChange[]> => {
  if (!MERGEABLE.some((name) => name === entity.name)) {
    throw userError('not_mergeable', `Records of ${entity.name} are not merged.`, {
      at: `${at}.entity`,
      fix: 'Archive the one that is too many.',
      validOptions: MERGEABLE,
    })
  }
  const loser = await loserOf(entity, change, winner, context, at)
  const chosen = chosenColumns(entity, change, at)
  const taken: PlannedField[] = []
  const beside: PlannedField[] = []
  const fields = settablesOf(entity, 'update').filter((one): one is SettableField => one.kind === 'field')
  for (const { name, column, type, marks } of fields) {
    const mine = canonicalField(entity, column, winner)
    const theirs = canonicalField(entity, column, loser)
    if (mine === null && theirs === null) continue
    const self = (value: Canonical): boolean => value === winner.id || value === loser.id
    const wanted = chosen.get(column) ?? (mine === null ? 'loser' : 'winner')
    const result = wanted === 'loser' && theirs !== null && !self(theirs) ? theirs : mine
    const currency =
      marks.currency === undefined
        ? null
        : String(canonicalField(entity, marks.currency, wanted === 'loser' ? loser : winner))
    if (result !== mine) taken.push({ field: name, column, type, old: mine, new: result, currency })
    beside.push({ field: name, column, type, old: theirs, new: result, currency })
  }
  const going: PlannedChange = {
    op: 'merge',
    entity: entity.name,
    id: loser.id,
    version: loser.version,
    fields: beside,
    links: [],
    evidence: [...evidence],
    into: { id: winner.id, version: winner.version },
  }
  if (taken.length === 0) return [going]
  const staying: PlannedChange = {
    op: 'update',
    entity: entity.name,
    id: winner.id,
    version: winner.version,
    fields: taken,
    links: [],
    evidence: [],
  }
  return [staying, going]
}
