import { describe, expect, test } from 'vitest'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import { runSearchOracle } from './suites/search-oracle.ts'

describe.each(testEngines)('random searches on %s', (engine) => {
  test('words, phrases, left-out words, operators and filters find what reading every message finds, none more', async () => {
    const harness = await openTestDatabase(engine)
    try {
      const report = await runSearchOracle(harness.database, { count: 150, seed: 11 })
      expect(report.differences).toEqual([])
      expect(report.answered).toBeGreaterThan(50)
      expect(report.filters).toBeGreaterThan(150)
    } finally {
      await harness.close()
    }
  })
})
