const DAY_MS = 86_400_000

const dayOf = (when: string): number => Date.parse(`${when.slice(0, 10)}T00:00:00Z`) / DAY_MS

/** Days from today to a date or an instant, each in the workspace's own time; negative in the past. */
export const daysFrom = (when: string, today: string): number => Math.round(dayOf(when) - dayOf(today))

const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`

/** `today`, `yesterday`, `12 days ago`; a time to come as `inDays` says it. */
export const since = (when: string, today: string): string => {
  const ago = -daysFrom(when, today)
  if (ago < 0) return inDays(when, today)
  return ago === 0 ? 'today' : ago === 1 ? 'yesterday' : `${days(ago)} ago`
}

/** `today`, `tomorrow`, `in 5 days`, `overdue by 3 days`. */
export const inDays = (when: string, today: string): string => {
  const ahead = daysFrom(when, today)
  if (ahead < 0) return `overdue by ${days(-ahead)}`
  return ahead === 0 ? 'today' : ahead === 1 ? 'tomorrow' : `in ${days(ahead)}`
}
