import { describe, expect, test } from 'vitest'
import { detectValues } from './all.ts'
import { isLuhn } from './card.ts'
import { isIban } from './iban.ts'

const found = (text: string, label?: string): string[] =>
  detectValues(text, ['US', 'GB', 'DE'])
    .filter((span) => label === undefined || span.label === label)
    .map(({ start, end }) => text.slice(start, end))

describe('e-mail addresses', () => {
  test.each([
    ['write to dana@nimbus.example.', 'dana@nimbus.example'],
    ['<Dana.Whitfield+crm@mail.nimbus.co.uk>', 'Dana.Whitfield+crm@mail.nimbus.co.uk'],
    ['mailto:dana@nimbus.example?subject=x', 'dana@nimbus.example'],
    ['jürgen@müller.example, thanks', 'jürgen@müller.example'],
    ['"dana whitfield"@nimbus.example', '"dana whitfield"@nimbus.example'],
    ["o'neal@nimbus.example's", "o'neal@nimbus.example"],
    ['root@[192.0.2.7]', 'root@[192.0.2.7]'],
    ['x_y-z@a-b.museum', 'x_y-z@a-b.museum'],
  ])('%s', (text, expected) => {
    expect(found(text, 'EMAIL')).toContain(expected)
  })

  test.each(['@dana said', 'a @ b', 'price @10.50', 'user@localhost'])('not in %s', (text) => {
    expect(found(text, 'EMAIL')).toEqual([])
  })
})

describe('URLs', () => {
  test.each([
    ['see https://nimbus.example/deck?v=2#a, please', 'https://nimbus.example/deck?v=2#a'],
    ['(http://nimbus.example/a_(b))', 'http://nimbus.example/a_(b)'],
    ['www.nimbus.example.', 'www.nimbus.example'],
    ['[deck](https://nimbus.example/x)', 'https://nimbus.example/x'],
    ['go to nimbus.io/pricing now', 'nimbus.io/pricing'],
    ['our site nimbus-robotics.com is up', 'nimbus-robotics.com'],
    ['<img src=//cdn.nimbus.example/a.png?q=1>', '//cdn.nimbus.example/a.png?q=1'],
    ['https://u:p@nimbus.example:8443/x', 'https://u:p@nimbus.example:8443/x'],
  ])('%s', (text, expected) => {
    expect(found(text, 'URL')).toEqual([expected])
  })

  test.each([
    'e.g. this',
    'end.Next sentence',
    'v1.2.3',
    'and/or',
    'note: later',
    'node.js app',
    'a//b.c/d',
    'src///x.com',
    '10:30',
    'dana@nimbus.com',
  ])('not in %s', (text) => {
    expect(found(text, 'URL')).toEqual([])
  })
})

describe('phone numbers', () => {
  test.each([
    ['+1 (415) 555-0134', '+1 (415) 555-0134'],
    ['call 415-555-0134 now', '415-555-0134'],
    ['call (415) 555-0134.', '(415) 555-0134'],
    ['415.555.0134 x12', '415.555.0134 x12'],
    ['tel: 4155550134', '4155550134'],
    ['+49 30 901820', '+49 30 901820'],
    ['0049 (0)30 901820', '0049 (0)30 901820'],
    ['Tel. 030/901820', '030/901820'],
    ['020 7946 0958', '020 7946 0958'],
    ['M: +44 7700 900123', '+44 7700 900123'],
    ['phone 555-0134', '555-0134'],
  ])('%s', (text, expected) => {
    expect(found(text, 'PHONE')).toEqual([expected])
  })

  test('an amount beside a number does not hide it, nor the next line join it', () => {
    expect(found('paid $5, 415-555-0134', 'PHONE')).toEqual(['415-555-0134'])
    expect(found('call 415-555-0134\n10023 units', 'PHONE')).toEqual(['415-555-0134'])
  })

  test('long tables of numbers end, and hide nothing', { timeout: 60_000 }, () => {
    const table =
      '1  2  3  4 x '.repeat(5_000) + '7  '.repeat(20_000) + 'a.'.repeat(20_000) + '@a.'.repeat(5_000)
    expect(found(table, 'EMAIL')).toEqual([])
  })

  test('one number in several written forms has one value', () => {
    const values = ['+1 415 555 0134', '(415) 555-0134', '415.555.0134', '1-415-555-0134'].map(
      (text) => detectValues(text, ['US'])[0]?.value,
    )
    expect(values).toEqual(Array(4).fill('+14155550134'))
  })

  test.each([
    '2026-11-20',
    '2026-11-20T09:00:00.000Z',
    '2026-11-20 09:00:00+01:00',
    '20.11.2026 10:30',
    '11/20/2026',
    '20261120',
    '20261120093000',
    '$1,234,567.00',
    '1,234,567',
    '1.234.567,89 €',
    '4 155 550 USD',
    '0198f2a0-1234-7000-8000-000000000001',
    'PERSON_43317 and DEAL_9990014',
    '2019-2020 2021-2022',
    '192.168.100.200',
    'order 10023',
    '3.14159265358979',
    'ISBN_9783161484100',
    '10:30-11:45',
    '#4155550134',
    'between 600000 and 900000',
  ])('not in %s', (text) => {
    expect(found(text, 'PHONE')).toEqual([])
  })
})

describe('bank accounts and cards', () => {
  test.each([
    'DE89 3704 0044 0532 0130 00',
    'GB82WEST12345698765432',
    'nl91abna0417164300',
    'CH93-0076-2011-6238-5295-7',
  ])('%s is an IBAN', (iban) => {
    expect(found(`to ${iban} today`, 'IBAN')).toEqual([iban])
    expect(isIban(iban)).toBe(true)
  })

  test('an IBAN with a wrong digit or of a wrong length is none', () => {
    expect(found('DE89 3704 0044 0532 0130 01', 'IBAN')).toEqual([])
    expect(isIban('DE89 3704 0044 0532 0130')).toBe(false)
  })

  test.each(['4111 1111 1111 1111', '5555-5555-5555-4444', '378282246310005', '6011111111111117'])(
    '%s is a card',
    (card) => {
      expect(found(`card ${card}, exp 11/27`, 'CARD')).toEqual([card])
    },
  )

  test('digits whose check digit fails, or that run on, are no card', () => {
    expect(found('4111 1111 1111 1112', 'CARD')).toEqual([])
    expect(found('4111111111111111000000', 'CARD')).toEqual([])
    expect(isLuhn('4111111111111111')).toBe(true)
  })

  test('the digits of a card or account are nobody else’s', () => {
    expect(found('4111 1111 1111 1111 DE89370400440532013000')).toEqual([
      'DE89370400440532013000',
      '4111 1111 1111 1111',
    ])
  })
})
