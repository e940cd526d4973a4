import { DAY_MS } from '../domain/zone.ts'

/** Calendar arithmetic on wall times (see zone.ts). Weeks start on Monday. */
export const UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Unit = (typeof UNITS)[number]

export const startOf = (unit: Unit, wallMs: number): number => {
  const at = new Date(wallMs)
  const year = at.getUTCFullYear()
  const month = at.getUTCMonth()
  const midnight = Date.UTC(year, month, at.getUTCDate())
  switch (unit) {
    case 'day':
      return midnight
    case 'week':
      return midnight - ((at.getUTCDay() + 6) % 7) * DAY_MS
    case 'month':
      return Date.UTC(year, month, 1)
    case 'quarter':
      return Date.UTC(year, month - (month % 3), 1)
    case 'year':
      return Date.UTC(year, 0, 1)
  }
}

const addMonths = (wallMs: number, count: number): number => {
  const at = new Date(wallMs)
  const timeOfDay = wallMs - startOf('day', wallMs)
  const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + count, 1))
  const daysThere = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  const day = Math.min(at.getUTCDate(), daysThere)
  return Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), day) + timeOfDay
}

/** Moves by whole units; the last day of a longer month becomes the last of a shorter one. */
export const addUnits = (unit: Unit, wallMs: number, count: number): number => {
  switch (unit) {
    case 'day':
      return wallMs + count * DAY_MS
    case 'week':
      return wallMs + count * 7 * DAY_MS
    case 'month':
      return addMonths(wallMs, count)
    case 'quarter':
      return addMonths(wallMs, count * 3)
    case 'year':
      return addMonths(wallMs, count * 12)
  }
}
