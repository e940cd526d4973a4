import type { Random } from './random.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** The fixed "now" of a demo and wall-clock arithmetic in its zone. Days are counted from today: 0, -1 yesterday, 7 in a week. */
export interface DemoClock {
  readonly timezone: string
  readonly nowMs: number
  /** Instant of a wall-clock time. */
  readonly at: (day: number, hour: number, minute?: number) => number
  /** `YYYY-MM-DD` of a day. */
  readonly date: (day: number) => string
  /** Which day an instant falls on. */
  readonly dayOf: (ms: number) => number
  /** 0 Sunday … 6 Saturday. */
  readonly weekday: (day: number) => number
  /** Day of a calendar date. */
  readonly dayOfDate: (date: string) => number
  /** The same day or the Friday before it. */
  readonly workday: (day: number) => number
  /** An instant in working hours of that day or the working day before it, never after now. */
  readonly working: (random: Random, day: number) => number
  /** Minutes that the zone is ahead of UTC. */
  readonly offsetMinutes: (ms: number) => number
}

/** `localNow` is wall-clock time without an offset: `2026-11-20T09:00:00`. */
export const makeClock = (timezone: string, localNow: string): DemoClock => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' })
  const offsets = new Map<number, number>()
  const offsetOfUtcDay = (utcDay: number): number => {
    let known = offsets.get(utcDay)
    if (known === undefined) {
      const noon = new Date(utcDay * DAY_MS + DAY_MS / 2)
      const name = format.formatToParts(noon).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
      const match = /GMT([+-])(\d\d):(\d\d)/.exec(name)
      known = match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0
      offsets.set(utcDay, known)
    }
    return known
  }
  const today = Math.floor(Date.parse(`${localNow.slice(0, 10)}T00:00:00Z`) / DAY_MS)
  const wall = (utcDay: number, minutes: number): number =>
    utcDay * DAY_MS + (minutes - offsetOfUtcDay(utcDay)) * MINUTE_MS
  const at = (day: number, hour: number, minute = 0): number => wall(today + day, hour * 60 + minute)
  const nowMs = at(0, Number(localNow.slice(11, 13)), Number(localNow.slice(14, 16)))
  const offsetMinutes = (ms: number): number => offsetOfUtcDay(Math.floor(ms / DAY_MS))
  const weekday = (day: number): number => new Date((today + day) * DAY_MS).getUTCDay()
  const workday = (day: number): number => day - [2, 0, 0, 0, 0, 0, 1][weekday(day)]!
  return {
    timezone,
    nowMs,
    at,
    offsetMinutes,
    weekday,
    workday,
    date: (day) => new Date((today + day) * DAY_MS).toISOString().slice(0, 10),
    dayOf: (ms) => Math.floor((ms + offsetMinutes(ms) * MINUTE_MS) / DAY_MS) - today,
    dayOfDate: (date) => Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS) - today,
    working: (random, day) => {
      const on = workday(Math.min(day, 0))
      return on === 0
        ? at(0, 7, random.int(5, 59)) + random.int(0, 45) * MINUTE_MS
        : at(on, random.int(8, 17), random.int(0, 59))
    },
  }
}
