import { describe, expect, it } from 'vitest'
import { canonicalJson, hashOf } from './hash.ts'
import { instantOf } from '../domain/zone.ts'
import { readDate, readInstant } from './when.ts'
import { readAmount } from './amount.ts'

describe('canonical JSON', () => {
  it('sorts keys by UTF-16 units and writes numbers and strings as RFC 8785 does', () => {
    const given = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
      absent: undefined,
    }
    expect(canonicalJson(given)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
    expect(canonicalJson(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}')
  })

  it('hashes the same whatever the order of keys, and otherwise for any other value', () => {
    expect(hashOf({ a: 1, b: [1, { c: 'x', d: null }] })).toBe(hashOf({ b: [1, { d: null, c: 'x' }], a: 1 }))
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }))
    expect(hashOf(['ab', 'c'])).not.toBe(hashOf(['a', 'bc']))
  })

  it('refuses what JSON cannot hold', () => {
    for (const value of [Number.NaN, Infinity, '\ud800', 1n, () => 1, Symbol('x')]) {
      expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'not_canonical' }))
    }
  })
})

describe('times as people write them', () => {
  const clock = { now: new Date('2026-11-21T23:30:00Z'), timezone: 'Europe/Berlin' }
  const instant = (text: string) => readInstant(text, clock, 'x')

  it('reads wall times in the workspace zone, around both changes of the clock', () => {
    expect(instant('2026-11-20T15:00')).toBe('2026-11-20T14:00:00.000Z')
    expect(instant('2026-07-01 09:30:15')).toBe('2026-07-01T07:30:15.000Z')
    expect(instant('2026-10-25T02:30')).toBe('2026-10-25T00:30:00.000Z')
    expect(instant('2026-03-29T02:30')).toBe('2026-03-29T01:30:00.000Z')
    expect(new Date(instantOf(Date.UTC(2026, 0, 1), 'Pacific/Kiritimati')).toISOString()).toBe(
      '2025-12-31T10:00:00.000Z',
    )
  })

  it('reads instants with an offset as they are, and a date alone as noon', () => {
    expect(instant('2026-11-20T15:00:00Z')).toBe('2026-11-20T15:00:00.000Z')
    expect(instant('2026-11-20T15:00+0530')).toBe('2026-11-20T09:30:00.000Z')
    expect(instant('2026-11-20T15:00-05')).toBe('2026-11-20T20:00:00.000Z')
    expect(instant('2026-11-20')).toBe('2026-11-20T11:00:00.000Z')
  })

  it('counts today and distances from the day it is in the workspace', () => {
    expect(
      ['today', 'yesterday', 'Tomorrow', '+2w', '-1d', '+3mo', '+1y'].map((text) =>
        readDate(text, clock, 'x'),
      ),
    ).toEqual([
      '2026-11-22',
      '2026-11-21',
      '2026-11-23',
      '2026-12-06',
      '2026-11-21',
      '2027-02-22',
      '2027-11-22',
    ])
    expect(readDate('+1mo', { ...clock, now: new Date('2027-01-31T12:00:00Z') }, 'x')).toBe('2027-02-28')
  })

  it('refuses days and hours that do not exist', () => {
    for (const text of [
      '2026-02-30',
      '2026-13-01',
      '2025-02-29',
      '20-11-2026',
      'next friday',
      '',
      '0000-01-01',
      '+99999d',
      'toString',
    ]) {
      expect(() => readDate(text, clock, 'x')).toThrow(expect.objectContaining({ code: 'bad_date' }))
    }
    for (const text of [
      '2026-11-20T25:00',
      '2026-02-30T10:00Z',
      '2026-11-20T10:61Z',
      '15:00',
      'constructor',
    ]) {
      expect(() => instant(text)).toThrow(expect.objectContaining({ code: 'bad_date' }))
    }
  })
})

describe('amounts as people write them', () => {
  const read = (value: string | number, currency = 'EUR', digits = 2) =>
    readAmount(value, { currency, digits, at: 'x' })

  it('keeps every minor unit, without floats on the way', () => {
    expect(
      [250_000, '250,000', '1.2m', '€250k', '0.29', 1.1, '8.05 EUR', '0'].map((value) => read(value)),
    ).toEqual([25_000_000, 25_000_000, 120_000_000, 25_000_000, 29, 110, 805, 0])
    expect([read('1500', 'JPY', 0), read('1.234', 'KWD', 3)]).toEqual([1500, 1234])
  })

  it('refuses what is no amount, another currency, or finer than the currency', () => {
    for (const value of [
      '',
      'a lot',
      '1,23',
      '1.2.3',
      '-5',
      '$5',
      '5 USD',
      '1.234',
      1e300,
      Number.NaN,
      '99999999999999999',
      '1e5',
    ]) {
      expect([
        value,
        (() => {
          try {
            return read(value)
          } catch (error) {
            return (error as { code: string }).code
          }
        })(),
      ]).toEqual([value, 'bad_amount'])
    }
  })
})
