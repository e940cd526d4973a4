import { z } from 'zod'

/** What an answer covers. `total` counts all matches, whether returned or not. */
export const Completeness = z.object({
  total: z.int(),
  returned: z.int(),
  complete: z.boolean(),
  next_cursor: z.string().nullable(),
  /** Instant the answer holds for, ISO 8601 with offset. */
  as_of: z.string(),
  timezone: z.string(),
  /** Every filter in plain words, dates resolved. */
  filters_in_words: z.string(),
})
export type Completeness = z.infer<typeof Completeness>
