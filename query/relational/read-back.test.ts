import { beforeAll, describe, expect, test } from 'vitest'
import { loadGrammar, readSql } from '../parse-sql/read.ts'
import type { Expr, Query } from './ast.ts'
import { generateForReading } from './generate.ts'
import { shapeOf, validate } from './read-back.ts'
import { sameQuery } from './same.ts'

const of = (...list: readonly Expr[]): Query => ({
  body: { select: list.map((e, at) => ({ e, as: `c${at}` })) },
})
const lit = (value: string | number | boolean | null | { readonly num: string }): Query => of({ lit: value })

describe('what is written is read back', () => {
  beforeAll(() => loadGrammar())

  test.each([
    ['two whole numbers', lit(3), lit(999_999_999)],
    ['two plain texts', lit('Bonn'), lit('3 days, at 50 %')],
  ])('once for %s', (_what, one, other) => {
    expect(shapeOf(one)).toBe(shapeOf(other))
  })

  test('anew wherever more than the value of a plain constant differs', () => {
    const shapes = [
      lit(1),
      lit('1'),
      lit(-1),
      lit(1.5),
      lit(4_294_967_296),
      lit({ num: '1' }),
      lit(true),
      lit(null),
      lit("it's"),
      lit('a\\b'),
      lit('a\nb'),
      lit('"lit":1'),
      lit('"lit":2'),
      lit('"lit":"x"'),
      of({ lit: 1 }, { lit: 1 }),
      of({ fn: 'count', args: [{ lit: 1 }] }),
      of({ cast: { lit: '1' }, to: { t: 'numeric', p: [9, 1] } }),
      of({ cast: { lit: '1' }, to: { t: 'numeric', p: [9, 2] } }),
      { ...lit(1), order: [{ by: { ord: 1 } }] },
      { ...lit(1), order: [{ by: { lit: 1 } }] },
      { ...lit(1), limit: { lit: 1 } },
    ].map(shapeOf)
    expect(new Set(shapes).size).toBe(shapes.length)
  })

  test('queries of one shape differ in nothing but values when they are read', () => {
    const texts = ['', '0', ' ', 'month', 'select', '--x', '/+ +/', '%s', 'a:b@c', 'x'.repeat(200)]
    const shape = shapeOf(lit(''))
    for (const text of texts) {
      const query = lit(text)
      expect(shapeOf(query)).toBe(shape)
      expect([text, sameQuery(readSql(generateForReading(query)), query)]).toEqual([text, true])
    }
    for (const number of [0, 7, 10, 123_456_789]) {
      expect(shapeOf(lit(number))).toBe(shapeOf(lit(1)))
      expect(sameQuery(readSql(generateForReading(lit(number))), lit(number))).toBe(true)
    }
  })

  test('and refused where it is not what was meant, also beside one that is', () => {
    const good: Query = { ...lit(1), order: [{ by: { ord: 1 } }] }
    validate(good)
    // Written alike, but an expression and not a place.
    const other: Query = { ...lit(1), order: [{ by: { lit: 1 } }] }
    expect(generateForReading(other)).toBe(generateForReading(good))
    expect(() => validate(other)).toThrow('could not be carried over exactly')
    expect(() => validate(other)).toThrow('could not be carried over exactly')
    expect(() => validate(good)).not.toThrow()
  })
})
