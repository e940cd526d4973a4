import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { questionFamily } from './family.ts'
import { familyPage } from './family-page.ts'
import { planFor } from './planner.testing.ts'

const NAMES: Readonly<Record<string, string>> = { company: 'C', person: 'P', deal: 'D', member: 'M' }

describe('the documented family of questions', () => {
  for (const { name, examples } of questionFamily()) {
    it.each(examples.map(({ question, trade }) => [question, trade] as const))(
      `${name}: answers "%s" (%s)`,
      (question, trade) => {
        const asked = question.replace(/\{(\w+)\}/g, (_all, word: string) => `{${NAMES[word]}}`)
        expect(planFor(trade, [asked]).kind).toBe('calls')
      },
    )
  }

  it('is what docs/questions.md says', () => {
    expect(readFileSync(join(import.meta.dirname, '../../../docs/questions.md'), 'utf8')).toBe(familyPage())
  })
})
