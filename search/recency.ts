import { DAY_MS } from '../domain/zone.ts'

/** What a message of this moment gains, on a scale where the best by words or meaning has about 1. */
const SHARE = 0.1
const DAYS = 180

/** The asker means old mail. */
const ASKS_FOR_OLD = /\b(?:first|oldest|earliest|original(?:ly)?|initial(?:ly)?)\b/iu

/** Whether newer mail is likelier meant: not when dates are given, nor when the words ask for the oldest. */
export const prefersRecent = (
  query: string,
  { after, before }: { readonly after?: Date | undefined; readonly before?: Date | undefined },
): boolean => after === undefined && before === undefined && !ASKS_FOR_OLD.test(query)

/** Scores with what is added for being recent: 0.1 now, 0.037 half a year ago, nothing for years ago. */
export const withRecency = (
  scores: ReadonlyMap<string, number>,
  places: readonly { readonly id: string; readonly sentAt: string }[],
  now: Date,
): ReadonlyMap<string, number> => {
  const sentAt = new Map(places.map((place) => [place.id, Date.parse(place.sentAt)]))
  return new Map(
    [...scores].map(([id, score]) => {
      const days = Math.max(0, now.getTime() - (sentAt.get(id) ?? 0)) / DAY_MS
      return [id, score + SHARE * Math.exp(-days / DAYS)]
    }),
  )
}
