import { describe, expect, test } from 'vitest'
import { makeNationalIds } from './national-ids.ts'
import { scoreValues, valueDetector } from './redaction-values.ts'

const text = 'call 415-555-0134 or 415-555-0199'
const document = {
  id: 'one',
  text,
  spans: [
    { start: 5, end: 17, type: 'PHONE' },
    { start: 21, end: 33, type: 'PHONE' },
  ],
}

describe('scoring values', () => {
  test('a find is right where it touches a marked value of its type; one that is not touched is missed', () => {
    const find = () => [
      { start: 5, end: 10, type: 'PHONE' },
      { start: 0, end: 4, type: 'PHONE' },
      { start: 21, end: 33, type: 'CARD' },
    ]
    expect(scoreValues([document], find)).toEqual([
      { type: 'PHONE', marked: 2, found: 2, recall: 0.5, precision: 0.5, f1: 0.5, hidden: 1 },
    ])
  })

  test('types that the set does not mark are not scored', () => {
    expect(scoreValues([{ ...document, spans: [] }], () => [])).toEqual([])
  })

  test('national numbers of fourteen kinds are found, and no other number is taken for one', () => {
    const [score] = scoreValues(makeNationalIds(560, 7), valueDetector())
    expect(score).toMatchObject({ type: 'SSN', marked: 280, recall: 1, precision: 1 })
  })

  test('the numbers are the same for the same seed and differ for another', () => {
    const texts = (seed: number): string[] => makeNationalIds(28, seed).map((one) => one.text)
    expect(texts(3)).toEqual(texts(3))
    expect(texts(3)).not.toEqual(texts(4))
  })
})
