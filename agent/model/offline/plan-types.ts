import type { Legend } from './vocabulary.ts'

/**
 * A call the planner makes. `next` follows once it has answered: with exactly one row, that row's handle takes the place
 * of `$row`; with several the model asks which; with none it says so.
 */
export interface PlannedCall {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
  readonly next?: PlannedCall
}

export type Plan =
  | {
      readonly kind: 'calls'
      readonly calls: readonly PlannedCall[]
      readonly readAs: string
      readonly notes: readonly string[]
    }
  | { readonly kind: 'clarify'; readonly question: string; readonly choices: readonly string[] }
  | { readonly kind: 'refuse'; readonly reason: string; readonly suggestions: readonly string[] }

/** What was said in one turn, with handles for names. */
export interface Turn {
  readonly said: string
  readonly legend: Legend
  /** Handles of the rows that were shown in answer, in order. */
  readonly shown?: readonly string[]
}
