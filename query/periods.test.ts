import { describe, expect, test } from 'vitest'
import { intervalsOf } from './intervals.ts'
import { intervalWords } from './explain.ts'
import type { Operator } from './ast.ts'
import { instantText, readMoment } from './periods.ts'
import type { Clock } from './periods.ts'
import { dateText, instantOf, localIso, wallOf } from '../domain/zone.ts'

const clock = (now: string, timezone = 'Europe/London'): Clock => ({ now: new Date(now), timezone })
const friday = clock('2026-11-20T09:00:00Z')

const range = (text: string, at: Clock = friday): string => {
  const moment = readMoment(text, at, 'value')
  const { from, to } = moment.kind === 'range' ? moment : moment.until
  return `${instantText(from, at)} ${instantText(to, at)}`
    .replaceAll('.000Z', 'Z')
    .replaceAll('T00:00:00Z', '')
}

describe('named periods', () => {
  test.each([
    ['today', '2026-11-20 2026-11-21'],
    ['yesterday', '2026-11-19 2026-11-20'],
    ['tomorrow', '2026-11-21 2026-11-22'],
    ['this week', '2026-11-16 2026-11-23'],
    ['last_week', '2026-11-09 2026-11-16'],
    ['this_quarter', '2026-09-30T23:00:00Z 2027-01-01'],
    ['next_quarter', '2027-01-01 2027-03-31T23:00:00Z'],
    ['last_year', '2025-01-01 2026-01-01'],
    ['2026-02', '2026-02-01 2026-03-01'],
    ['February', '2026-02-01 2026-03-01'],
    ['december', '2025-12-01 2026-01-01'],
    ['november 2024', '2024-11-01 2024-12-01'],
    ['2026-Q1', '2026-01-01 2026-03-31T23:00:00Z'],
    ['Q4 2025', '2025-09-30T23:00:00Z 2026-01-01'],
    ['2026-W01', '2025-12-29 2026-01-05'],
    ['2024-02-29', '2024-02-29 2024-03-01'],
    ['year_to_date', '2026-01-01 2026-11-20T09:00:00Z'],
    ['last_30_days', '2026-10-21T08:00:00Z 2026-11-20T09:00:00Z'],
    ['-30d', '2026-10-21T08:00:00Z 2026-11-20T09:00:00Z'],
    ['+2w', '2026-11-20T09:00:00Z 2026-12-04T09:00:00Z'],
    ['-6mo', '2026-05-20T08:00:00Z 2026-11-20T09:00:00Z'],
    ['0d', '2026-11-20 2026-11-21'],
    ['2026-11-20T08:30', '2026-11-20T08:30:00Z 2026-11-20T08:31:00Z'],
    ['2026-11-20T08:30+02:00', '2026-11-20T06:30:00Z 2026-11-20T06:31:00Z'],
  ])('%s is %s', (text, expected) => {
    expect(range(text)).toBe(expected)
  })

  test.each([
    '',
    'soon',
    '2026-13',
    '2026-02-30',
    '2026-W54',
    '2027-W53',
    '9999',
    '30d',
    '-99999d',
    "today' or 1=1",
    '1e9',
    '9'.repeat(50),
  ])('%j is refused with examples', (text) => {
    expect(() => readMoment(text, friday, 'where[0].value')).toThrow(
      expect.objectContaining({
        code: 'bad_period',
        details: expect.objectContaining({ at: 'where[0].value' }),
      }),
    )
  })

  test('a month back from the end of a long month is the end of the short one', () => {
    const at = clock('2026-03-31T12:00:00Z', 'UTC')
    expect(range('-1mo', at)).toBe('2026-02-28T12:00:00Z 2026-03-31T12:00:00Z')
  })

  test('at New Year the asker decides which year it is', () => {
    const midnight = '2027-01-01T04:30:00Z'
    expect(range('this_year', clock(midnight, 'Europe/London'))).toBe('2027-01-01 2028-01-01')
    expect(range('this_year', clock(midnight, 'America/New_York'))).toBe(
      '2026-01-01T05:00:00Z 2027-01-01T05:00:00Z',
    )
    expect(range('last_week', clock('2027-01-01T12:00:00Z', 'UTC'))).toBe('2026-12-21 2026-12-28')
  })
})

describe('clocks that change', () => {
  test('the day they go forward has 23 hours, the day they go back 25', () => {
    expect(range('2026-03-29')).toBe('2026-03-29 2026-03-29T23:00:00Z')
    expect(range('2026-10-25')).toBe('2026-10-24T23:00:00Z 2026-10-26')
    expect(range('2026-03-08', clock('2026-11-20T09:00:00Z', 'America/New_York'))).toBe(
      '2026-03-08T05:00:00Z 2026-03-09T04:00:00Z',
    )
  })

  test('a day back keeps the time on the wall', () => {
    expect(range('-1d', clock('2026-03-30T08:00:00Z'))).toBe('2026-03-29T08:00:00Z 2026-03-30T08:00:00Z')
    expect(range('-1d', clock('2026-03-29T08:00:00Z'))).toBe('2026-03-28T09:00:00Z 2026-03-29T08:00:00Z')
  })

  test('a midnight that is skipped begins with the first moment of the day', () => {
    const beirut = clock('2026-06-01T09:00:00Z', 'Asia/Beirut')
    expect(range('2026-03-29', beirut)).toBe('2026-03-28T22:00:00Z 2026-03-29T21:00:00Z')
  })

  test('a time shown twice is the earlier one, one never shown is as far after the jump', () => {
    const wall = (text: string): number => Date.parse(`${text}:00Z`)
    const utc = (text: string): string =>
      new Date(instantOf(wall(text), 'Europe/London')).toISOString().slice(0, 16)
    expect(utc('2026-10-25T01:30')).toBe('2026-10-25T00:30')
    expect(utc('2026-03-29T01:30')).toBe('2026-03-29T01:30')
    expect(localIso(Date.parse('2026-03-29T01:30:00Z'), 'Europe/London')).toBe('2026-03-29T02:30:00+01:00')
  })

  test('now stays now in the hour that clocks show twice', () => {
    const second = clock('2026-10-25T01:30:00Z')
    expect(range('year_to_date', second)).toBe('2026-01-01 2026-10-25T01:30:00Z')
  })

  test.each([
    'Europe/London',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'UTC',
  ])('walls and instants agree every hour of two years in %s', (zone) => {
    for (let at = Date.UTC(2025, 0, 1); at < Date.UTC(2027, 0, 1); at += 3_600_000) {
      const back = instantOf(wallOf(at, zone), zone)
      expect(wallOf(back, zone)).toBe(wallOf(at, zone))
      expect(back).toBeLessThanOrEqual(at)
    }
  })
})

describe('what operators mean for periods', () => {
  const words = (
    op: Operator,
    value: string | readonly string[],
    type: 'date' | 'timestamp' = 'timestamp',
  ): string =>
    intervalsOf(op, typeof value === 'string' ? [value] : value, type, friday, 'value')
      .map(intervalWords)
      .join(' | ')

  test.each([
    ['=', 'last_month', 'from 1 Oct 2026 to 31 Oct 2026'],
    ['in', 'last_month', 'from 1 Oct 2026 to 31 Oct 2026'],
    ['<', 'last_month', 'before 1 Oct 2026'],
    ['>=', 'last_month', 'from 1 Oct 2026 on'],
    ['>', 'last_month', 'from 1 Nov 2026 on'],
    ['<=', 'last_month', 'before 1 Nov 2026'],
    ['<', '-30d', 'before 21 Oct 2026 09:00'],
    ['>=', '-30d', 'from 21 Oct 2026 09:00 on'],
    ['>', '-30d', 'after 21 Oct 2026 09:00'],
    ['<=', 'now', 'until 20 Nov 2026 09:00'],
    ['=', '-30d', 'from 21 Oct 2026 09:00 until 20 Nov 2026 09:00'],
    ['=', 'today', 'on 20 Nov 2026'],
  ] as const)('%s %s is %s', (op, value, expected) => {
    expect(words(op, value)).toBe(expected)
  })

  test('between runs from the start of one to the end of the other, whichever comes first', () => {
    expect(words('between', ['2026-09', '2026-10'])).toBe('from 1 Sep 2026 to 31 Oct 2026')
    expect(words('between', ['2026-10', '2026-09'])).toBe('from 1 Sep 2026 to 31 Oct 2026')
    expect(words('between', ['-30d', 'now'])).toBe('from 21 Oct 2026 09:00 until 20 Nov 2026 09:00')
  })

  test('on dates a moment means its whole days', () => {
    expect(words('<', 'now', 'date')).toBe('before 20 Nov 2026')
    expect(words('<=', '-30d', 'date')).toBe('before 22 Oct 2026')
    expect(words('>', '-30d', 'date')).toBe('from 22 Oct 2026 on')
    expect(words('=', '-2d', 'date')).toBe('from 18 Nov 2026 to 20 Nov 2026')
    expect(dateText(intervalsOf('=', ['this_quarter'], 'date', friday, 'value')[0]!.to!.wall)).toBe(
      '2027-01-01',
    )
  })

  test('each period of a list is a stretch of its own', () => {
    expect(words('in', ['2026-09', '2026-11'])).toBe(
      'from 1 Sep 2026 to 30 Sep 2026 | from 1 Nov 2026 to 30 Nov 2026',
    )
  })
})
