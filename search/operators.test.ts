import { expect, test } from 'vitest'
import { parseOperators } from './operators.ts'

test('operators are taken out of the text, the words stay', () => {
  expect(parseOperators('from:dana price "term sheet" after:2026-05 -draft has:attachment')).toEqual({
    query: 'price "term sheet"  -draft',
    from: 'dana',
    after: '2026-05',
    hasAttachment: true,
  })
  expect(parseOperators('To:"Dana Whitfield" company:nimbus is:sent -has:attachment')).toEqual({
    query: '',
    to: 'Dana Whitfield',
    company: 'nimbus',
    direction: 'outbound',
    hasAttachment: false,
  })
})

test('what only looks like an operator stays a word', () => {
  for (const text of ['"say from:dana to me"', 'from:', 're: price', 'http://to:80', 'fromage:blue'])
    expect(parseOperators(text)).toEqual({ query: text })
})

test.each(['-from:dana', 'from:a from:b', 'has:teeth', 'is:blue'])(
  '%s is refused with what to do',
  (text) => {
    expect(() => parseOperators(text)).toThrow(expect.objectContaining({ code: 'bad_operator' }))
  },
)
