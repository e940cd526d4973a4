import { userError } from '../domain/errors.ts'
import { DAY_MS, dateText, instantOf, wallOf } from '../domain/zone.ts'

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const LOCAL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)$/i
const RELATIVE = /^([+-])(\d{1,4})(d|w|mo|y)$/

const wrong = (at: string, kind: 'date' | 'time') =>
  userError('bad_date', `The value is not a ${kind} that exists.`, {
    at,
    fix:
      kind === 'date'
        ? 'Write 2026-11-30, `today`, `tomorrow`, or a distance such as +3d, +2w, +6mo.'
        : "Write 2026-11-30T15:00 (in the workspace's time zone), an instant with an offset, `now`, or a date.",
  })

const dateParts = (text: string): number | undefined => {
  const match = DATE.exec(text)
  if (!match) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const ms = Date.UTC(year, month - 1, day)
  const made = new Date(ms)
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day && year >= 1900 ? ms : undefined
}

/** `2026-11-20` as clocks in `timezone` show it now. */
export const localDate = (now: Date, timezone: string): string => dateText(wallOf(now.getTime(), timezone))

const shifted = (fromMs: number, sign: string, count: number, unit: string): number => {
  const step = sign === '-' ? -count : count
  if (unit === 'd') return fromMs + step * DAY_MS
  if (unit === 'w') return fromMs + step * 7 * DAY_MS
  const date = new Date(fromMs)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + (unit === 'y' ? 12 * step : step))
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime()
}

const NAMED: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 }

export interface Clock {
  readonly now: Date
  readonly timezone: string
}

/** A calendar date from `2026-11-30`, `today`, `tomorrow`, `+2w`. Throws `bad_date`. */
export const readDate = (text: string, { now, timezone }: Clock, at: string): string => {
  const trimmed = text.trim().toLowerCase()
  const today = dateParts(localDate(now, timezone))!
  const days = Object.hasOwn(NAMED, trimmed) ? NAMED[trimmed] : undefined
  if (days !== undefined) return new Date(today + days * DAY_MS).toISOString().slice(0, 10)
  const relative = RELATIVE.exec(trimmed)
  const ms = relative ? shifted(today, relative[1]!, Number(relative[2]), relative[3]!) : dateParts(trimmed)
  if (ms === undefined || Number.isNaN(ms)) throw wrong(at, 'date')
  const iso = new Date(ms).toISOString()
  if (!/^\d{4}-/.test(iso)) throw wrong(at, 'date')
  return iso.slice(0, 10)
}

/**
 * An instant as UTC ISO 8601. A wall time is read in the workspace's zone; a date alone means noon there, so that it
 * stays on its day for readers in other zones. Throws `bad_date`.
 */
export const readInstant = (text: string, { now, timezone }: Clock, at: string): string => {
  const trimmed = text.trim()
  if (trimmed.toLowerCase() === 'now') return now.toISOString()
  if (INSTANT.test(trimmed)) {
    if (dateParts(trimmed.slice(0, 10)) === undefined) throw wrong(at, 'time')
    const ms = Date.parse(
      trimmed
        .replace(' ', 'T')
        .replace(
          /([+-]\d{2})(\d{2})?$/,
          (_all, hours: string, minutes?: string) => `${hours}:${minutes ?? '00'}`,
        ),
    )
    if (Number.isNaN(ms)) throw wrong(at, 'time')
    return new Date(ms).toISOString()
  }
  const local = LOCAL.exec(trimmed)
  if (local) {
    const day = dateParts(local[1]!)
    const [hours, minutes, seconds] = [Number(local[2]), Number(local[3]), Number(local[4] ?? 0)]
    if (day === undefined || hours > 23 || minutes > 59 || seconds > 59) throw wrong(at, 'time')
    return new Date(instantOf(day + ((hours * 60 + minutes) * 60 + seconds) * 1000, timezone)).toISOString()
  }
  const day = readDate(trimmed, { now, timezone }, at)
  return new Date(instantOf(dateParts(day)! + DAY_MS / 2, timezone)).toISOString()
}
