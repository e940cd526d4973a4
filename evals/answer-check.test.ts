import { expect, test } from 'vitest'
import { runAnswerCheck } from './suites/answer-check.ts'

test('of drafts with one thing corrupted 98 in 100 are caught in a small run, of true drafts one in 100 is touched at most', () => {
  const report = runAnswerCheck({ count: 300, seed: 7 })
  expect(report.drafts).toBe(300)
  expect(report.corrupted).toBeGreaterThan(200)
  expect(report.touched / report.drafts).toBeLessThanOrEqual(0.01)
  expect(report.caught / report.corrupted).toBeGreaterThanOrEqual(0.98)
})
