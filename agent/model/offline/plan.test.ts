import { describe, expect, it } from 'vitest'
import { gist } from './gist.testing.ts'
import { PARAPHRASES } from './paraphrases.testing.ts'
import { planFor, withNames } from './planner.testing.ts'

describe('the offline planner', () => {
  for (const { trade, means, said } of PARAPHRASES) {
    it.each(said)(`reads "%s" as ${means.slice(0, 80)}`, (question) => {
      expect(gist(planFor(trade, [question]))).toBe(withNames(means))
    })
  }
})
