import { dateText, DAY_MS, instantOf, wallOf } from '../domain/zone.ts'
import type { TenantTx } from '../db/tenant.ts'
import { queueJob } from './job.ts'
import type { JobData } from './job.ts'

/** Days of the week as ISO 8601 counts them: Monday is 1, Sunday 7. */
export interface DailyTime {
  /** Minutes after midnight on the clock of the wall. */
  readonly minuteOfDay: number
  /** IANA name. */
  readonly timezone: string
  readonly weekdays: readonly number[]
}

/** One day on which something falls due: its local date, and the instant. */
export interface Window {
  /** `2026-03-29`, where the clock of the wall shows it. */
  readonly date: string
  readonly at: Date
}

const MINUTE_MS = 60_000
/** What was due while nobody worked is still done so long after; older windows are left out. */
export const CATCH_UP_MS = 12 * 3_600_000

const weekdayOf = (wallMs: number): number => new Date(wallMs).getUTCDay() || 7

/**
 * The windows after one instant and up to another. One a local date: an hour that the clocks leave out falls due right
 * after they jump, an hour that comes twice falls due the first time.
 */
export const windowsBetween = (
  { minuteOfDay, timezone, weekdays }: DailyTime,
  { after, until }: { readonly after: Date; readonly until: Date },
): readonly Window[] => {
  const windows: Window[] = []
  const first = Math.floor(wallOf(after.getTime(), timezone) / DAY_MS) - 1
  const last = Math.floor(wallOf(until.getTime(), timezone) / DAY_MS)
  for (let day = first; day <= last; day += 1) {
    const wall = day * DAY_MS + minuteOfDay * MINUTE_MS
    const at = instantOf(wall, timezone)
    // A whole local day that a zone left out (Samoa, 30 December 2011) has no window.
    if (Math.floor(wallOf(at, timezone) / DAY_MS) !== day) continue
    if (at <= after.getTime() || at > until.getTime() || !weekdays.includes(weekdayOf(wall))) continue
    windows.push({ date: dateText(wall), at: new Date(at) })
  }
  return windows
}

/** The window before an instant, however long ago within a fortnight. */
export const windowBefore = (time: DailyTime, instant: Date): Window | undefined =>
  windowsBetween(time, {
    after: new Date(instant.getTime() - 15 * DAY_MS),
    until: new Date(instant.getTime() - 1),
  }).at(-1)

export interface Schedule {
  /** Tells its windows from those of others. */
  readonly name: string
  readonly kind: string
  readonly data: JobData
  readonly time: DailyTime
  /** Windows up to it are none of this schedule. */
  readonly since: Date
}

/**
 * Puts down a job for each window that fell due since a schedule was made, or within the last twelve hours: any number of
 * processes may, each window is put down once. Answers the ids of the new jobs.
 */
export const queueDueWindows = async (
  tx: TenantTx,
  schedules: readonly Schedule[],
  { now }: { readonly now: Date },
): Promise<readonly string[]> => {
  const made: string[] = []
  for (const { name, kind, data, time, since } of schedules) {
    const after = new Date(Math.max(since.getTime(), now.getTime() - CATCH_UP_MS))
    for (const { date, at } of windowsBetween(time, { after, until: now })) {
      const id = await queueJob(tx, {
        kind,
        data: { ...data, date, at: at.toISOString() },
        key: `${name}:${date}`,
        dueAt: at,
      })
      if (id !== undefined) made.push(id)
    }
  }
  return made
}
