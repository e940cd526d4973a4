import { describe, expect, test } from 'vitest'
import { TactError } from '../domain/errors.ts'
import { withinBounds } from './support/within-bounds.ts'

const nested = (depth: number): unknown => {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { not: value }
  return value
}
const refusal = (value: unknown): string => {
  try {
    withinBounds(value)
    return 'taken'
  } catch (error) {
    return error instanceof TactError ? error.code : 'a fault'
  }
}

describe('the bounds of arguments', () => {
  test('ordinary arguments are taken, long texts included', () => {
    const words = 'word '.repeat(50_000)
    expect(refusal({ find: 'deals', where: [{ any: [{ field: 'name', value: words }] }] })).toBe('taken')
    expect(refusal({ sql: `select (${'('.repeat(60)}1${')'.repeat(60)})` })).toBe('taken')
    expect(refusal(nested(30))).toBe('taken')
  })

  test('nesting that would exhaust a stack is refused, in a value and in JSON within a text', () => {
    for (const depth of [50, 2_000, 200_000]) {
      expect(refusal(nested(depth))).toBe('arguments_too_large')
      expect(refusal({ sql: `${'['.repeat(depth)}1234${']'.repeat(depth)}` })).toBe('arguments_too_large')
    }
  })

  test('too many parts are refused', () => {
    expect(refusal({ list: Array.from({ length: 200_000 }, () => 0) })).toBe('arguments_too_large')
  })
})
