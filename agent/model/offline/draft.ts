import type { Period, Slot, Want } from './pieces.ts'

export interface EventUse {
  readonly event: string
  readonly isNegated: boolean
  readonly period?: Period
  /** Who of us took part, as a handle or `me`. */
  readonly member?: string
  /** Default of the period was taken. */
  readonly isDefault?: boolean
}

export interface MeasureUse {
  readonly fn: 'count' | 'count_distinct' | 'sum' | 'avg'
  readonly slot?: 'amount' | 'weighted' | 'person' | 'company'
}

/** A question as slots, before fields: what dialogue refines and swaps, and what `lower` turns into a query. */
export interface Draft {
  readonly entity: string
  readonly wants: readonly Want[]
  /** Which date of the entity the period cuts. */
  readonly date?: 'created' | 'closing' | 'closed' | 'due' | 'done' | 'stage' | 'moved' | undefined
  readonly movedTo?: Want | undefined
  readonly period?: Period | undefined
  readonly compare?: { readonly a: Period; readonly b: Period } | undefined
  readonly event?: EventUse | undefined
  readonly missing?: readonly string[]
  readonly noneOf?: readonly { readonly entity: string; readonly wants: readonly Want[] }[]
  /** At least one of these, nothing more said of them. */
  readonly someOf?: readonly string[]
  readonly reply?: 'us' | 'them' | undefined
  readonly isFirst?: boolean
  readonly measures?: readonly MeasureUse[]
  readonly groups?: readonly string[]
  readonly order?: readonly { readonly slot: string; readonly desc: boolean }[]
  readonly limit?: number | undefined
  readonly fields?: readonly string[]
  /** Defaults taken and readings chosen, to be said. */
  readonly notes: readonly string[]
}

export const emptyDraft = (entity: string): Draft => ({ entity, wants: [], notes: [] })

/** Adds a condition; two conditions that say the same become one. */
export const withWant = (draft: Draft, want: Want): Draft =>
  draft.wants.some((known) => JSON.stringify(known) === JSON.stringify(want))
    ? draft
    : { ...draft, wants: [...draft.wants, want] }

export const withoutSlot = (draft: Draft, slot: Slot): Draft => ({
  ...draft,
  wants: draft.wants.filter((want) => want.slot !== slot),
})
