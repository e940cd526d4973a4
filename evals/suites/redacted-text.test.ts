import { describe, expect, test } from 'vitest'
import { spansFromRedacted } from './redacted-text.ts'

const hidden = (original: string, redacted: string): string[] =>
  spansFromRedacted(original, redacted, /<\w+>/gu, (match) => match).map(
    ({ start, end, type }) => `${type} ${original.slice(start, end)}`,
  )

describe('spans recovered from a redacted text', () => {
  test('are what stands where the placeholders are, line by line', () => {
    expect(hidden('Ask Dana Whitfield\nor call 555-0100 now', 'Ask <NAME>\nor call <PHONE> now')).toEqual([
      '<NAME> Dana Whitfield',
      '<PHONE> 555-0100',
    ])
  })

  test('are none where nothing was hidden', () => {
    expect(hidden('Ask <NAME> now', 'Ask <NAME> now')).toEqual([])
  })

  test('a line that cannot be aligned counts as hidden whole', () => {
    expect(hidden('one two', 'three <NAME> four')).toEqual(['UNALIGNED one two'])
  })
})
