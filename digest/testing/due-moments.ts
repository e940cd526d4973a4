import { DAY_MS } from '../../domain/zone.ts'

const STEP_MS = 15 * 60_000

export interface DailyMoment {
  readonly timezone: string
  readonly minuteOfDay: number
}

/**
 * When a digest is due on each local date after `start`, found by looking at the clock on the wall every quarter of an
 * hour, without jobs/schedule.ts: where the hour is left out, as long after the jump; where it comes twice, the first
 * time. `minuteOfDay` is a whole quarter, as the offsets of all zones of today are.
 */
export const dueMoments = (
  { timezone, minuteOfDay }: DailyMoment,
  { start, days }: { readonly start: Date; readonly days: number },
): readonly Date[] => {
  const wall = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const at = (ms: number): { readonly date: string; readonly minutes: number } => {
    const [date = '', time = ''] = wall.format(ms).split(', ')
    const [hours = '', minutes = ''] = time.split(':')
    return { date, minutes: Number(hours) * 60 + Number(minutes) }
  }
  const found = new Map<string, Date>()
  let before = at(start.getTime())
  // The date on which it begins may be half over: it is left out where its hour has passed.
  if (before.minutes >= minuteOfDay) found.set(before.date, start)
  for (let ms = start.getTime() + STEP_MS; ms <= start.getTime() + days * DAY_MS; ms += STEP_MS) {
    const now = at(ms)
    if (now.minutes >= minuteOfDay && !found.has(now.date)) {
      const isSameDay = before.date === now.date && before.minutes < minuteOfDay
      const late = isSameDay ? (minuteOfDay - before.minutes) * 60_000 - STEP_MS : 0
      found.set(now.date, new Date(ms + late))
    }
    before = now
  }
  return [...found.values()].filter((moment) => moment > start)
}
