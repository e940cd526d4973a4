import { describe, expect, test } from 'vitest'
import { isCheckedNumber } from '../domain/handle.ts'
import { numberAt } from './permutation.ts'
import { testKey } from './testing.ts'

describe('the numbers of a conversation', () => {
  test('all 9,900 short numbers are distinct, five digits long and carry their check digit', () => {
    const numbers = new Set<string>()
    for (let position = 0; position < 9_900; position += 1) numbers.add(numberAt(testKey(), position))
    expect(numbers.size).toBe(9_900)
    for (const number of numbers) {
      expect(number).toHaveLength(5)
      expect(isCheckedNumber(number)).toBe(true)
    }
  })

  test('past 9,900 handles numbers have seven digits and stay distinct', () => {
    const numbers = new Set<string>()
    for (let position = 9_900; position < 12_900; position += 1) numbers.add(numberAt(testKey(), position))
    expect(numbers.size).toBe(3_000)
    expect([...numbers].every((number) => number.length === 7 && isCheckedNumber(number))).toBe(true)
  })

  test('two conversations give the same position different numbers', () => {
    let same = 0
    for (let position = 0; position < 1_000; position += 1) {
      if (numberAt(testKey(1), position) === numberAt(testKey(2), position)) same += 1
    }
    expect(same).toBeLessThan(5)
  })

  test('neighbouring positions do not give neighbouring numbers', () => {
    let near = 0
    for (let position = 1; position < 1_000; position += 1) {
      const step = Number(numberAt(testKey(), position)) - Number(numberAt(testKey(), position - 1))
      if (Math.abs(step) < 1_000) near += 1
    }
    expect(near / 999).toBeLessThan(0.05)
  })

  test('a position outside the space is refused', () => {
    expect(() => numberAt(testKey(), -1)).toThrow(/ran out/u)
    expect(() => numberAt(testKey(), 909_900)).toThrow(/ran out/u)
  })
})
