import type { BoundMeasure, Groups } from './bound.ts'
import type { Policy } from '../domain/policy.ts'

/** Groups of fewer records than this show no amounts where the policy is strict: two of them would tell of one. */
export const SMALLEST_GROUP = 3

/** Name of the hidden column that says how many records a group has. */
export const SIZE_COLUMN = ' size'

/** How many records a group must have before its sums, averages and extremes are shown; 0 where all are. */
export const smallestShown = (policy: Policy): number => (policy === 'strict' ? SMALLEST_GROUP : 0)

/** Does a measure say something of single records where there are few? Counts do not. */
export const tells = ({ fn, of }: BoundMeasure): boolean =>
  fn !== 'count' && fn !== 'count_distinct' && of !== undefined

/** Must the sizes of groups be known? */
export const needsSizes = ({ smallest, measures }: Groups): boolean => smallest > 0 && measures.some(tells)

export const suppressedNote = (groups: number): string =>
  `${groups} ${groups === 1 ? 'group has' : 'groups have'} fewer than ${SMALLEST_GROUP} records: the policy of this workspace leaves their amounts out.`

export const GUARDED_NOTE = `Amounts of fewer than ${SMALLEST_GROUP} records are left out (empty): the policy of this workspace shows those of groups alone.`
