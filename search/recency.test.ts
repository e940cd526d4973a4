import { expect, test } from 'vitest'
import { prefersRecent, withRecency } from './recency.ts'

const NOW = new Date('2026-11-21T00:00:00Z')
const daysAgo = (days: number): string => new Date(NOW.getTime() - days * 86_400_000).toISOString()

test('of two messages that fit alike the newer one comes first, but a much better old one stays before it', () => {
  const places = [
    { id: 'old', sentAt: daysAgo(900) },
    { id: 'new', sentAt: daysAgo(2) },
    { id: 'best', sentAt: daysAgo(2_000) },
  ]
  const scores = withRecency(
    new Map([
      ['old', 0.5],
      ['new', 0.5],
      ['best', 1],
    ]),
    places,
    NOW,
  )
  const order = [...scores].sort((a, b) => b[1] - a[1]).map(([id]) => id)
  expect(order).toEqual(['best', 'new', 'old'])
  expect(scores.get('old')).toBeCloseTo(0.5, 2)
})

test('a message of the future gains no more than one of now', () => {
  const scores = withRecency(new Map([['a', 0]]), [{ id: 'a', sentAt: daysAgo(-400) }], NOW)
  expect(scores.get('a')).toBeCloseTo(0.1, 5)
})

test.each([
  ['price of the pilot', {}, true],
  ['the first offer', {}, false],
  ['who originally asked', {}, false],
  ['price', { after: NOW }, false],
  ['price', { before: NOW }, false],
] as const)('newer mail is preferred for %s with %o: %s', (query, dates, expected) => {
  expect(prefersRecent(query, dates)).toBe(expected)
})
