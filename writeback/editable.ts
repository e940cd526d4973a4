import { entityOf } from '../db/catalog/all.ts'
import type { Amendment } from './amend.ts'
import type { PlannedField } from './plan.ts'
import type { ShownField, ShownProposal } from './show.ts'
import type { StoredProposal } from './store.ts'

/** One field of one change as a form holds it: its name there, what it says now, and what else it may say. */
export interface EditableField {
  readonly place: number
  readonly field: string
  /** Name of its input; that of the tick which leaves it out begins with `out-`. */
  readonly name: string
  readonly text: string
  readonly options: readonly string[] | null
  readonly isLong: boolean
}

const LONG_FROM = 80

const optionsOf = ({ column, type }: PlannedField, entity: string): readonly string[] | null =>
  type === 'boolean' ? ['yes', 'no'] : (entityOf(entity).columns[column]?.marks.values ?? null)

/** An instant without the zone that a card adds; it is read in the workspace's. */
const editText = ({ type, new: next }: ShownField): string =>
  next === null ? '' : type === 'timestamp' ? next.text.split(' ').slice(0, 2).join(' ') : next.text

/** What may be edited; a merge sets no fields of its own. */
export const editableFields = (
  { changes }: Pick<StoredProposal, 'changes'>,
  shown: Pick<ShownProposal, 'changes'>,
): readonly EditableField[] =>
  changes.flatMap(({ op, entity, fields }, place) =>
    op === 'merge'
      ? []
      : fields.map((held, at) => {
          const text = editText(shown.changes[place]!.fields[at]!)
          return {
            place,
            field: held.field,
            name: `f-${place}-${at}`,
            text,
            options: optionsOf(held, entity),
            isLong: text.length > LONG_FROM || text.includes('\n'),
          }
        }),
  )

/** Only what says something else than before: the rest keeps where its words came from. `written` is by name of the input. */
export const amendmentsOf = (
  fields: readonly EditableField[],
  written: ReadonlyMap<string, string>,
): readonly Amendment[] =>
  fields.flatMap(({ place, field, name, text }): readonly Amendment[] => {
    if (written.has(`out-${name}`)) return [{ place, field, drop: true }]
    const value = written.get(name)
    if (value === undefined || value === text) return []
    return [{ place, field, value: value.trim() === '' ? null : value }]
  })
