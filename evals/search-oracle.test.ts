import { describe, expect, test } from 'vitest'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import { connectQdrant } from '../search/qdrant/client.ts'
import { startFakeQdrant } from '../search/qdrant/testing/fake-qdrant.ts'
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

  test('with vectors in Qdrant find the same, and Qdrant itself names nothing that filters and rights leave out', async () => {
    const harness = await openTestDatabase(engine)
    const fake = await startFakeQdrant()
    try {
      const report = await runSearchOracle(harness.database, {
        count: 90,
        seed: 12,
        messages: 400,
        qdrant: connectQdrant(fake),
      })
      expect(report.differences).toEqual([])
      expect(report.stored).toBeGreaterThan(4)
      expect(fake.refused).toEqual([])
    } finally {
      await fake.close()
      await harness.close()
    }
  })
})
