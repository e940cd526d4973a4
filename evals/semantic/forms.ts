import { LISTS } from './lists.ts'
import { RANKS } from './ranks.ts'
import type { SemanticForm } from './shape.ts'
import { TOTALS } from './totals.ts'

export const FORMS: readonly SemanticForm[] = [...LISTS, ...RANKS, ...TOTALS]
