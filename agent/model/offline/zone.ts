export interface WallParts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

const formats = new Map<string, Intl.DateTimeFormat>()
const formatFor = (timezone: string): Intl.DateTimeFormat => {
  const known = formats.get(timezone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  })
  formats.set(timezone, made)
  return made
}

/** What a clock on the wall of `timezone` shows at that instant; months from 1. */
export const wallParts = (instant: Date, timezone: string): WallParts => {
  const parts = Object.fromEntries(
    formatFor(timezone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  return {
    year: parts['year']!,
    month: parts['month']!,
    day: parts['day']!,
    hour: parts['hour']!,
    minute: parts['minute']!,
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Today's date on that wall, `2026-11-20`, moved by whole days. */
export const formatInZone = (instant: Date, timezone: string, days = 0): string => {
  const { year, month, day } = wallParts(instant, timezone)
  const moved = new Date(Date.UTC(year, month - 1, day + days))
  return `${moved.getUTCFullYear()}-${two(moved.getUTCMonth() + 1)}-${two(moved.getUTCDate())}`
}
