import { localIso } from '../domain/zone.ts'
import type { FactsWindow } from './facts.ts'

export const MOVES = ['new', 'advanced', 'back', 'won', 'lost', 'stalled'] as const
export type Move = (typeof MOVES)[number]

/** `2 days` since an instant, or `5 hours`. */
export const agoWords = (since: string, until: Date): string => {
  const hours = Math.max(0, Math.floor((until.getTime() - Date.parse(since)) / 3_600_000))
  const days = Math.floor(hours / 24)
  if (days >= 1) return days === 1 ? '1 day' : `${days} days`
  return hours === 1 ? '1 hour' : `${hours} hours`
}

/** A wait is told again when it has become one of a week, of two, of a month. */
export const waitStep = (since: string, until: Date): string => {
  const days = (until.getTime() - Date.parse(since)) / 86_400_000
  return days >= 30 ? 'month' : days >= 14 ? 'fortnight' : days >= 7 ? 'week' : 'days'
}

/** The local time of day of an instant: `09:30`. */
export const timeWords = (at: string, { timezone }: Pick<FactsWindow, 'timezone'>): string =>
  localIso(Date.parse(at), timezone).slice(11, 16)
