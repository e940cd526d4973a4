import { describe, expect, test } from 'vitest'
import { windowBefore, windowsBetween } from './schedule.ts'
import { ZONES } from './testing/zones.ts'

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
const between = (
  timezone: string,
  minuteOfDay: number,
  [after, until]: readonly [string, string],
  weekdays: readonly number[] = EVERY_DAY,
): readonly string[] =>
  windowsBetween({ minuteOfDay, timezone, weekdays }, { after: new Date(after), until: new Date(until) }).map(
    ({ date, at }) => `${date} ${at.toISOString().slice(0, 16)}Z`,
  )

describe('a time of the day', () => {
  test('falls due on the clock of the wall, whatever that clock does', () => {
    expect(between('America/New_York', 480, ['2026-10-31T00:00:00Z', '2026-11-02T23:00:00Z'])).toEqual([
      '2026-10-31 2026-10-31T12:00Z',
      '2026-11-01 2026-11-01T13:00Z',
      '2026-11-02 2026-11-02T13:00Z',
    ])
  })

  test('that the clocks leave out falls due after they jumped, and one that comes twice the first time', () => {
    expect(between('Europe/Berlin', 150, ['2026-03-28T12:00:00Z', '2026-03-29T23:00:00Z'])).toEqual([
      '2026-03-29 2026-03-29T01:30Z',
    ])
    expect(between('Europe/Berlin', 150, ['2026-10-24T12:00:00Z', '2026-10-25T23:00:00Z'])).toEqual([
      '2026-10-25 2026-10-25T00:30Z',
    ])
    expect(between('Australia/Lord_Howe', 135, ['2026-10-03T00:00:00Z', '2026-10-04T00:00:00Z'])).toEqual([
      '2026-10-04 2026-10-03T15:45Z',
    ])
  })

  test('has no window on a day that a zone left out', () => {
    expect(between('Pacific/Apia', 480, ['2011-12-29T00:00:00Z', '2012-01-01T00:00:00Z'])).toEqual([
      '2011-12-29 2011-12-29T18:00Z',
      '2011-12-31 2011-12-30T18:00Z',
      '2012-01-01 2011-12-31T18:00Z',
    ])
  })

  test.each(ZONES)('comes once a day for 400 days in %s, however often it is looked for', (timezone) => {
    const start = Date.UTC(2026, 0, 1)
    for (const minuteOfDay of [0, 150]) {
      const found = new Set<string>()
      let windows = 0
      for (let hour = 0; hour < 400 * 24; hour += 31) {
        for (const { date } of windowsBetween(
          { minuteOfDay, timezone, weekdays: EVERY_DAY },
          { after: new Date(start + hour * 3_600_000), until: new Date(start + (hour + 31) * 3_600_000) },
        )) {
          found.add(date)
          windows += 1
        }
      }
      expect(windows).toBe(found.size)
      expect(windows).toBeGreaterThanOrEqual(400)
      expect(windows).toBeLessThanOrEqual(401)
    }
  })

  test('knows its weekdays, and what window came before', () => {
    const weekdays = [1, 2, 3, 4, 5]
    expect(between('Asia/Kolkata', 540, ['2026-11-20T12:00:00Z', '2026-11-23T12:00:00Z'], weekdays)).toEqual([
      '2026-11-23 2026-11-23T03:30Z',
    ])
    const monday = new Date('2026-11-23T03:30:00Z')
    const time = { minuteOfDay: 540, timezone: 'Asia/Kolkata', weekdays }
    expect(windowBefore(time, monday)?.date).toBe('2026-11-20')
  })
})
