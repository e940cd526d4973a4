import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nearestQuestions, questionFamily } from './family.ts'
import { familyPage } from './family-page.ts'
import { NEAR_IN_MEANING } from './nearest-meaning.ts'
import { planFor, VOCABULARIES } from './planner.testing.ts'

const NAMES: Readonly<Record<string, string>> = { company: 'C', person: 'P', deal: 'D', member: 'M' }

describe('the documented family of questions', () => {
  for (const { name, examples } of questionFamily()) {
    it.each(examples.map(({ question, trade }) => [question, trade] as const))(
      `${name}: answers "%s" (%s)`,
      (question, trade) => {
        const asked = question.replace(/\{(\w+)\}/g, (_all, word: string) => `{${NAMES[word]}}`)
        expect(planFor(trade, [asked], { tools: ['brief', 'intro_path'] }).kind).toBe('calls')
      },
    )
  }

  it('is what docs/questions.md says', () => {
    expect(readFileSync(join(import.meta.dirname, '../../../docs/questions.md'), 'utf8')).toBe(familyPage())
  })
})

describe('what is offered in place of what cannot be answered', () => {
  const near = [...new Set(NEAR_IN_MEANING.flatMap(([, questions]) => questions))]
  it.each(near)('can itself be asked: "%s"', (question) => {
    const asked = question.replace(/\bsomeone\b/, '{P}')
    for (const trade of ['sales', 'fund', 'brokerage'] as const)
      expect(planFor(trade, [asked], { tools: ['brief'] }).kind).toBe('calls')
  })

  it.each([
    ['What will our churn be next year?', 'How many customers did we lose this year?'],
    ["What's our win rate?", 'How many deals did we win this year?'],
    ['Forecast revenue for next quarter', 'Weighted pipeline for next quarter by owner'],
    ['Why did we lose the Acme deal?', 'Deals lost this year'],
    ['Send Paul the contract', 'Remind me to send someone the contract on Friday'],
  ])('is near in meaning: "%s"', (said, first) => {
    const offered = nearestQuestions(said, { vocabulary: VOCABULARIES.sales })
    expect(offered[0]).toBe(first)
    expect(offered).toHaveLength(3)
  })
})
