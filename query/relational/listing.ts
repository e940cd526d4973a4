import type { Query } from './ast.ts'
import { refuse } from './refuse.ts'

/** What EXPLAIN (FORMAT JSON) says of one step. */
export interface PlanStep {
  readonly 'Total Cost': number
  readonly 'Plan Rows': number
  readonly 'Plan Width': number
  readonly Plans?: readonly PlanStep[]
}

const MOST_BYTES = 16_000_000
const LISTS = /"fn":"(?:string|array)_agg"/
const LISTS_IN_WINDOW = /"fn":"(?:string|array)_agg"(?:(?!"fn").)*"over":/

const largest = (step: PlanStep): number =>
  Math.max(step['Plan Rows'] * Math.max(8, step['Plan Width']), ...(step.Plans ?? []).map(largest))

const mostRows = (step: PlanStep): number => Math.max(step['Plan Rows'], ...(step.Plans ?? []).map(mostRows))

/**
 * A list (`string_agg`, `array_agg`) holds all the rows that it is made of in memory, and in a window once for each row:
 * cheap by the planner's cost, not by its size. Throws `too_large_expansion`.
 */
export const withinListing = (query: Query, plan: PlanStep): void => {
  const text = JSON.stringify(query)
  if (!LISTS.test(text)) return
  const bytes = LISTS_IN_WINDOW.test(text) ? mostRows(plan) ** 2 * 24 : largest(plan)
  if (bytes <= MOST_BYTES) return
  throw refuse('too_large_expansion', 'A list of this query would hold more rows than fit.', {
    fix: 'Add a filter, or count and sum in place of listing.',
  })
}
