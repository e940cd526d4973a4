import { userError } from '../domain/errors.ts'
import { addUnits, startOf } from './calendar.ts'
import type { Unit } from './calendar.ts'
import { DAY_MS, instantOf, wallOf } from '../domain/zone.ts'

/** Where and when a question is asked. */
export interface Clock {
  readonly now: Date
  readonly timezone: string
  /** Month that the fiscal year starts with, 1 to 12; 1 where nothing is set. */
  readonly fiscalMonth?: number
}

/**
 * What a date value stands for, in wall time. A `range` is half-open. A `point` is one moment; `until` is the stretch
 * between it and now (or its own minute), which is what `=` and `in` mean for it.
 */
export type Moment =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'point'
      readonly at: number
      readonly until: { readonly from: number; readonly to: number }
    }

export const PERIOD_EXAMPLES = [
  'today',
  'yesterday',
  'this_week',
  'last_month',
  'next_quarter',
  'this_year',
  'last_30_days',
  'year_to_date',
  'this_fiscal_year',
  'last_fiscal_quarter',
  'FY2026',
  'FY2026-Q3',
  '2026-10-31',
  '2026-10',
  '2026-Q3',
  '2026',
  '-30d',
  '+2w',
  '-6mo',
] as const

const MONTH_NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

const SHORT_UNITS: Readonly<Record<string, Unit>> = {
  d: 'day',
  day: 'day',
  days: 'day',
  w: 'week',
  week: 'week',
  weeks: 'week',
  mo: 'month',
  month: 'month',
  months: 'month',
  q: 'quarter',
  quarter: 'quarter',
  quarters: 'quarter',
  y: 'year',
  year: 'year',
  years: 'year',
}
const SHIFTS: Readonly<Record<string, number>> = { this: 0, current: 0, last: -1, previous: -1, next: 1 }
const TO_DATE = new Map<string, Unit>([
  ['wtd', 'week'],
  ['mtd', 'month'],
  ['qtd', 'quarter'],
  ['ytd', 'year'],
])
const DAYS = new Map([
  ['today', 0],
  ['yesterday', -1],
  ['tomorrow', 1],
])

const unitRange = (unit: Unit, start: number): Moment => ({
  kind: 'range',
  from: start,
  to: addUnits(unit, start, 1),
})

const pointTo = (at: number, now: number): Moment => ({
  kind: 'point',
  at,
  until: at === now ? dayOf(now) : at < now ? { from: at, to: now } : { from: now, to: at },
})

const dayOf = (now: number) => {
  const from = startOf('day', now)
  return { from, to: from + DAY_MS }
}

const MAX_COUNT: Readonly<Record<Unit, number>> = {
  day: 40_000,
  week: 5_000,
  month: 1_200,
  quarter: 400,
  year: 100,
}

const readRelative = (text: string, now: number): Moment | undefined => {
  const hours = /^([+-])(\d{1,5})h$/.exec(text)
  if (hours) return pointTo(now + Number(`${hours[1]}${hours[2]}`) * 3_600_000, now)
  const match = /^([+-]?)(\d{1,5})(d|w|mo|q|y)$/.exec(text)
  const spoken = /^(last|past|next)_(\d{1,5})_(days?|weeks?|months?|quarters?|years?)$/.exec(text)
  const unit = SHORT_UNITS[match?.[3] ?? spoken?.[3] ?? '']
  const count = Number(match?.[2] ?? spoken?.[2])
  if (!unit || count > MAX_COUNT[unit]) return undefined
  if (match && match[1] === '' && count !== 0) return undefined
  const back = match ? match[1] === '-' : spoken![1] !== 'next'
  return pointTo(addUnits(unit, now, back ? -count : count), now)
}

const readNamed = (text: string, now: number): Moment | undefined => {
  if (text === 'now') return pointTo(now, now)
  const day = DAYS.get(text)
  if (day !== undefined) return unitRange('day', addUnits('day', startOf('day', now), day))
  const named = /^(this|current|last|previous|next)_(day|week|month|quarter|year)(_start|_end)?$/.exec(text)
  if (named) {
    const unit = SHORT_UNITS[named[2]!]!
    const range = unitRange(unit, addUnits(unit, startOf(unit, now), SHIFTS[named[1]!]!))
    if (named[3] === undefined || range.kind !== 'range') return range
    return pointTo(named[3] === '_start' ? range.from : range.to, now)
  }
  const toDate = TO_DATE.get(text) ?? SHORT_UNITS[/^(week|month|quarter|year)_to_date$/.exec(text)?.[1] ?? '']
  return toDate ? { kind: 'range', from: startOf(toDate, now), to: now } : undefined
}

const readMonthOrQuarter = (text: string, now: number): Moment | undefined => {
  const thisYear = new Date(now).getUTCFullYear()
  const month = /^([a-z]+?)(?:_(\d{4}))?$/.exec(text)
  const index = month
    ? MONTH_NAMES.findIndex((name) => name === month[1] || name.slice(0, 3) === month[1])
    : -1
  if (month && index >= 0) {
    const year = month[2] ? Number(month[2]) : index <= new Date(now).getUTCMonth() ? thisYear : thisYear - 1
    return unitRange('month', Date.UTC(year, index, 1))
  }
  const quarter = /^q([1-4])(?:_?(\d{4}))?$/.exec(text) ?? /^(?<year>\d{4})_?-?q(?<quarter>[1-4])$/.exec(text)
  if (!quarter) return undefined
  const number = Number(quarter.groups?.['quarter'] ?? quarter[1])
  const year = Number(quarter.groups?.['year'] ?? quarter[2] ?? thisYear)
  return inYears(year) ? unitRange('quarter', Date.UTC(year, (number - 1) * 3, 1)) : undefined
}

/** Start of the fiscal year or quarter that `now` lies in, moved by whole ones. */
const fiscalStart = (unit: 'year' | 'quarter', now: number, month: number, shift: number): number => {
  const calendar = addUnits('month', startOf('month', now), 1 - month)
  return addUnits('month', addUnits(unit, startOf(unit, calendar), shift), month - 1)
}

/**
 * `this_fiscal_year`, `last_fiscal_quarter`, `fiscal_year_to_date`, `fy2026`, `fy2026_q3`. A fiscal year has the name of
 * the calendar year in which it ends.
 */
const readFiscal = (text: string, now: number, month: number): Moment | undefined => {
  const toDate = /^fiscal_(year|quarter)_to_date$|^fytd$/.exec(text)
  if (toDate) {
    const unit = toDate[1] === 'quarter' ? 'quarter' : 'year'
    return { kind: 'range', from: fiscalStart(unit, now, month, 0), to: now }
  }
  const named = /^(this|current|last|previous|next)_fiscal_(year|quarter)$/.exec(text)
  if (named) {
    const unit = named[2] === 'quarter' ? 'quarter' : 'year'
    return unitRange(unit, fiscalStart(unit, now, month, SHIFTS[named[1]!]!))
  }
  const given = /^(?:fy|fiscal_(?:year_)?)_?(\d{4})(?:_?q([1-4]))?$/.exec(text)
  const year = Number(given?.[1])
  if (!given || !inYears(year)) return undefined
  const start = Date.UTC(month === 1 ? year : year - 1, month - 1, 1)
  return given[2] === undefined
    ? unitRange('year', start)
    : unitRange('quarter', addUnits('quarter', start, Number(given[2]) - 1))
}

const inYears = (year: number): boolean => year >= 1900 && year <= 2199

/** Monday of ISO week `week` (the week with the year's first Thursday is week 1). */
const isoWeek = (year: number, week: number): number =>
  addUnits('week', startOf('week', Date.UTC(year, 0, 4)), week - 1)

const readIso = (text: string, clock: Clock): Moment | undefined => {
  const year = /^(\d{4})$/.exec(text)
  if (year && inYears(Number(year[1]))) return unitRange('year', Date.UTC(Number(year[1]), 0, 1))
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text)
  if (month && inYears(Number(month[1]))) {
    return unitRange('month', Date.UTC(Number(month[1]), Number(month[2]) - 1, 1))
  }
  const week = /^(\d{4})-w(0[1-9]|[1-4]\d|5[0-3])$/.exec(text)
  if (week && inYears(Number(week[1]))) {
    const start = isoWeek(Number(week[1]), Number(week[2]))
    return start < isoWeek(Number(week[1]) + 1, 1) ? unitRange('week', start) : undefined
  }
  const instant =
    /^(\d{4})-(\d\d)-(\d\d)(?:[t ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,6})?)?(z|[+-]\d\d:?\d\d)?)?$/.exec(
      text,
    )
  if (!instant) return undefined
  const [, y, mo, d, h, mi, s, offset] = instant
  const midnight = Date.UTC(Number(y), Number(mo) - 1, Number(d))
  if (!inYears(Number(y)) || new Date(midnight).toISOString().slice(0, 10) !== `${y}-${mo}-${d}`)
    return undefined
  if (h === undefined) return unitRange('day', midnight)
  const wall = midnight + (Number(h) * 60 + Number(mi)) * 60_000 + Number(s ?? 0) * 1000
  const at = offset === undefined ? wall : wallOf(wall - offsetMs(offset), clock.timezone)
  return { kind: 'point', at, until: { from: at, to: at + (s === undefined ? 60_000 : 1000) } }
}

const offsetMs = (offset: string): number => {
  if (offset === 'z') return 0
  const digits = offset.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))
  return (digits.startsWith('-') ? -minutes : minutes) * 60_000
}

/**
 * Reads a date, period or relative time. Throws `bad_period` at `at` for anything else. What the asker's clock shows
 * decides what "today" is; months and quarters are those of the calendar, weeks start on Monday.
 */
export const readMoment = (text: string, clock: Clock, at: string): Moment => {
  const now = wallOf(clock.now.getTime(), clock.timezone)
  const lower = text.trim().toLowerCase()
  const spoken = lower.replace(/[\s-]+/g, '_')
  const found =
    text.length > 40
      ? undefined
      : (readIso(lower, clock) ??
        readRelative(lower, now) ??
        readRelative(spoken, now) ??
        readNamed(spoken, now) ??
        readMonthOrQuarter(spoken, now) ??
        readFiscal(spoken, now, clock.fiscalMonth ?? 1))
  if (found) return found
  throw userError('bad_period', `The value at ${at} is not a date or a period.`, {
    at,
    fix: 'Write a date, a period or a time relative to now.',
    validOptions: PERIOD_EXAMPLES,
  })
}

/** The instant of a wall time, as ISO text for a parameter. Now stays now in the hour that clocks show twice. */
export const instantText = (wallMs: number, clock: Clock): string =>
  (wallMs === wallOf(clock.now.getTime(), clock.timezone)
    ? clock.now
    : new Date(instantOf(wallMs, clock.timezone))
  ).toISOString()
