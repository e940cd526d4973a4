import type { Vocabulary } from './vocabulary.ts'

/** Where and when a question is asked, and in which words. */
export interface Setting {
  readonly vocabulary: Vocabulary
  readonly now: Date
  readonly timezone: string
  /** Days without contact that make something stale for the person asking; 30 without. */
  readonly staleDays?: number | undefined
}
