import { describe, expect, test } from 'vitest'
import { findLeaks } from './scan.ts'

const VALUES = [
  'Dana Whitfield',
  'dana@nimbus.example',
  '+1 (415) 555-0134',
  'Canary-Ember!7867',
  'Zoë',
  'Lee',
]

const encodings = (body: string): string[] =>
  findLeaks(body, VALUES).map(({ index, encoding }) => `${index} ${encoding}`)

describe('the leak scanner', () => {
  test.each([
    ['{"content":"ask DANA whitfield"}', '0 plain'],
    ['ask Dana\\nWhitfield', '0 escaped'],
    ['ask D\\u0061na Whitfield', '0 escaped'],
    ['ask Dana&nbsp;Whitfield', '0 escaped'],
    ['q=Dana%20Whitfield&x', '0 url'],
    ['q=Dana+Whitfield', '0 url'],
    ['q=dana%2540nimbus.example', '1 url'],
    ['call 1-415-555-0134', '2 spaced'],
    ['Dana\u200b Whit\u200bfield', '0 escaped'],
    ['D a n a W h i t f i e l d', '0 spaced'],
    ['dleiftihW anaD', '0 reversed'],
    ['Qnan Juvgsvryq', '0 rot13'],
    ['pnanel-Rzore!7867', '3 rot13'],
    ['=44=61=6E=61 Whit=\nfield', '0 escaped'],
    ['Z\u200bo\u200bë', '4 escaped'],
    ['7687!rebmE-yranaC', '3 reversed'],
    [Buffer.from('Dana Whitfield').toString('hex'), '0 hex'],
    ['say Zoë!', '4 plain'],
    ['say Zo\\u00eb!', '4 escaped'],
    ['Lee, hello', '5 plain'],
  ])('finds %j', (body, expected) => {
    expect(encodings(body)).toContain(expected)
  })

  test.each([0, 1, 2])('finds base64 at offset %i, in both alphabets, within other bytes', (offset) => {
    const bytes = Buffer.from(`${'x'.repeat(offset)}Canary-Ember!7867 and more`)
    expect(encodings(`data:${bytes.toString('base64')}`)).toContain('3 base64')
    expect(encodings(`data:${bytes.toString('base64url')}`)).toContain('3 base64')
  })

  test('a body with handles in place of names is clean, and a short name is not found inside a word', () => {
    expect(encodings('{"content":"ask PERSON_43317 about Leeds, fleet and EMAIL_10223"}')).toEqual([])
  })

  test('the finding does not repeat the value', () => {
    expect(JSON.stringify(findLeaks('Dana Whitfield', VALUES))).not.toMatch(/dana/iu)
  })
})
