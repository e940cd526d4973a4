import { newId } from '../../domain/ids.ts'
import type { Canonical } from '../rows.ts'
import type { ImportKind } from './slots.ts'

/** A record that rows of the file speak of: one the import makes, or one the workspace has. */
export interface Draft {
  readonly entity: ImportKind
  readonly id: string
  readonly isNew: boolean
  /** The first row of the file that speaks of it. */
  row: number
  /** What rows say of each column, with how many say so. */
  readonly votes: Map<string, Map<string, { readonly value: Canonical; count: number }>>
  readonly emails: Set<string>
  readonly phones: Set<string>
}

export const createDrafts = () => {
  const all = new Map<string, Draft>()

  const open = (entity: ImportKind, row: number, existingId?: string): Draft => {
    const held = existingId === undefined ? undefined : all.get(existingId)
    if (held) {
      held.row = Math.min(held.row, row)
      return held
    }
    const draft: Draft = {
      entity,
      id: existingId ?? newId(),
      isNew: existingId === undefined,
      row,
      votes: new Map(),
      emails: new Set(),
      phones: new Set(),
    }
    all.set(draft.id, draft)
    return draft
  }

  const say = (draft: Draft, column: string, value: Canonical | undefined): void => {
    if (value === null || value === undefined || value === '') return
    const votes = draft.votes.get(column) ?? new Map<string, { value: Canonical; count: number }>()
    draft.votes.set(column, votes)
    const key = JSON.stringify(value)
    const vote = votes.get(key) ?? { value, count: 0 }
    vote.count += 1
    votes.set(key, vote)
  }

  return { all, open, say }
}
export type Drafts = ReturnType<typeof createDrafts>

/** What most rows say of each column; of a tie, what was said first. */
export const valuesOf = ({ votes }: Draft): ReadonlyMap<string, Canonical> =>
  new Map(
    [...votes].map(([column, said]) => {
      const best = [...said.values()].reduce((one, other) => (other.count > one.count ? other : one))
      return [column, best.value]
    }),
  )

/** Columns that rows say different things of. */
export const disputed = ({ votes }: Draft): readonly string[] =>
  [...votes].filter(([, said]) => said.size > 1).map(([column]) => column)
