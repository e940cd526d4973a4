import { describe, expect, test } from 'vitest'
import type { HandleLabel } from '../../domain/handle.ts'
import { detectValues } from './all.ts'

const found = (text: string, label: HandleLabel): string[] =>
  detectValues(text, ['US'])
    .filter((span) => span.label === label)
    .map(({ start, end }) => text.slice(start, end))

/** Made up here from parts, so that no scanner of repositories takes them for keys. */
const key = (...parts: readonly string[]): string => parts.join('')

describe('IP addresses', () => {
  test.each([
    '192.0.2.17',
    '255.255.255.255',
    '2001:db8::8a2e:370:7334',
    '2001:db8:0:0:0:0:2:1',
    'fe80::1ff:fe23:4567:890a',
  ])('%s', (address) => expect(found(`login from ${address}, then`, 'IP')).toEqual([address]))
  test.each(['version 10.4.2.1', '256.1.1.1', '10:30:11', 'std::vector', '1.2.3', '1.2.3.4.5'])(
    'not %s',
    (text) => expect(found(`on ${text} now`, 'IP')).toEqual([]),
  )
})

describe('national numbers', () => {
  test.each([
    ['US SSN', 'ssn 536-90-4399', '536-90-4399'],
    ['US SSN without hyphens', 'my social security number is 536904399', '536904399'],
    ['UK national insurance', 'NI: AB 12 34 56 C', 'AB 12 34 56 C'],
    ['German tax number', 'Steuer-ID 86 095 742 719', '86 095 742 719'],
    ['French NIR', '1 84 12 76 451 089 46', '1 84 12 76 451 089 46'],
    ['Spanish DNI', 'DNI 12345678Z', '12345678Z'],
    ['Spanish NIE', 'NIE X1234567L', 'X1234567L'],
    ['Portuguese NIF', 'NIF 123456789', '123456789'],
    ['Dutch BSN', 'BSN 111222333', '111222333'],
    ['Brazilian CPF', 'CPF 529.982.247-25', '529.982.247-25'],
    ['Swiss AHV', '756.9217.0769.85', '756.9217.0769.85'],
    ['Italian fiscal code', 'RSSMRA85T10A562S', 'RSSMRA85T10A562S'],
    ['Canadian SIN', 'SIN 046 454 286', '046 454 286'],
    ['passport', 'passport number is C01X00T47', 'C01X00T47'],
  ])('%s', (_what, text, expected) => expect(found(text, 'ID')).toEqual([expected]))

  test.each([
    ['an SSN of area 666', '666-12-3456'],
    ['a group 00', '536-00-4399'],
    ['a German number with a wrong digit', '86 095 742 718'],
    ['a DNI with a wrong letter', '12345678A'],
    ['a CPF with a wrong digit', '529.982.247-24'],
    ['an AHV with a wrong digit', '756.9217.0769.84'],
    ['an order', 'order 123456789'],
  ])('not %s', (_what, text) => expect(found(`see ${text} there`, 'ID')).toEqual([]))
})

describe('secrets', () => {
  test.each([
    key('gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'),
    key('AK', 'IA', 'IOSFODNN7EXAMPLE'),
    key('sk', '-ant-', 'api03-abcdefghijklmnop'),
    key('xo', 'xb-', '123456789012-abcdefghijkl'),
    key('ey', 'JhbGciOiJIUzI1NiJ9.', 'ey', 'JzdWIiOiIxMjM0In0.abc123DEF'),
    key('q7Zx', 'W2mK9vR4', 'tY8pL3nB6', 'cJ5hD1fG'),
  ])('%s is one', (secret) => expect(found(`use ${secret} here`, 'SECRET')).toEqual([secret]))

  test.each([
    ['password: hunter22', 'hunter22'],
    ['the password is Tr0ub4dor&3.', 'Tr0ub4dor&3'],
    ['api_key = "abc123def456"', 'abc123def456'],
    ['Passwort lautet geheim99!', 'geheim99'],
    ['PIN: 4821', '4821'],
  ])('%s', (text, expected) => expect(found(text, 'SECRET')).toEqual([expected]))

  test('a private key block, whole', () => {
    const block = key('-----BEGIN RSA ', 'PRIVATE KEY-----\nMIIE\nabc\n-----END RSA ', 'PRIVATE KEY-----')
    expect(found(`here:\n${block}\nthanks`, 'SECRET')).toEqual([block])
  })

  test.each([
    'the password is wrong',
    'a key is important',
    '0198f2a0-1234-7000-8000-000000000001',
    '/usr/local/share/applications/tact',
    'supercalifragilisticexpialidocious',
    'a3f5c9d2e1b4a7f6c8d9e0b1a2f3c4d5e6f7a8b9',
  ])('not in %s', (text) => expect(found(text, 'SECRET')).toEqual([]))
})

describe('postal addresses', () => {
  test.each([
    [
      'US',
      'ship to 1420 Harbor View Drive, Suite 300, Portland, OR 97201 today',
      '1420 Harbor View Drive, Suite 300, Portland, OR 97201',
    ],
    ['UK', 'at 14 Mill Lane, Ely CB7 4RF.', '14 Mill Lane'],
    ['DE', 'in der Lindenstraße 12, 10969 Berlin', 'Lindenstraße 12, 10969'],
    ['FR', 'au 12, rue de Rivoli, 75004 Paris', '12, rue de Rivoli, 75004'],
    ['ES', 'en Calle Mayor 21, 28013 Madrid', 'Calle Mayor 21, 28013'],
    ['PT', 'na Rua Augusta 274, 1100-053 Lisboa', 'Rua Augusta 274, 1100-053'],
    ['a box', 'PO Box 4012', 'PO Box 4012'],
  ])('%s', (_what, text, expected) => expect(found(text, 'PLACE').join('|')).toContain(expected))

  test.each([
    '3 deals in place',
    'room for 5 people',
    'drive 20 miles',
    'Q3 2026 way ahead',
    'chapter 12 court dates',
  ])('not in %s', (text) => expect(found(text, 'PLACE')).toEqual([]))
})
