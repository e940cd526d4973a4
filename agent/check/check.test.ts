import { describe, expect, test } from 'vitest'
import type { ToolOutcome } from '../../tools/toolbox.ts'
import { checkAnswer } from './check.ts'
import { readFigures } from './figures.ts'
import { readGround } from './ground.ts'

const deals = (complete: boolean): ToolOutcome => ({
  ok: true,
  result: {
    data: {
      rows: [
        {
          name: 'DEAL_10001',
          amount: 3_140_000,
          close_date: '2026-12-03',
          note: 'We need the deck by Friday.',
        },
        { name: 'DEAL_20002', amount: 250_000, close_date: '2027-01-06', note: null },
      ],
    },
    completeness: {
      total: complete ? 2 : 40,
      returned: 2,
      complete,
      next_cursor: null,
      as_of: '2026-11-20T09:00:00-05:00',
      timezone: 'America/New_York',
      filters_in_words: 'all deals',
    },
    sources: [],
    notes: [],
  },
})
const kinds = (answer: string, complete = true, extra: Partial<ToolOutcome> = {}): string[] =>
  checkAnswer(
    answer,
    readGround({
      question: 'Which deals?',
      before: [],
      outcomes: [{ ...deals(complete), ...extra } as ToolOutcome],
    }),
  ).flatMap(({ doubts }) => doubts.map(({ kind }) => kind))

describe('figures', () => {
  test.each([
    ['3.1 m', 3.1e6],
    ['€2.4k', 2400],
    ['1,234', 1234],
    ['1.234,50', 1234.5],
    ['twenty-one', 21],
    ['two hundred and five', 205],
    ['a dozen', 12],
    ['40 %', 40],
  ])('%s is read', (text, value) => {
    const [figure] = readFigures(text)
    expect(figure && 'values' in figure && figure.values).toContain(value)
  })
})

describe('an answer', () => {
  test.each([
    'DEAL_10001 stands at $3.1m and closes on 3 December.',
    'DEAL_10001 closes in 13 days.',
    'There are two deals, worth $3.39 million together.',
    'DEAL_10001 is at 3,140,000 and DEAL_20002 at 250,000, 2,890,000 apart.',
    'It says “need the deck by Friday”.',
    'These are all of them.',
  ])('that is true passes: %s', (answer) => {
    expect(kinds(answer)).toEqual([])
  })

  test.each([
    ['DEAL_10001 stands at $3.2m.', 'figure'],
    ['DEAL_20002 stands at $3.1m.', 'figure'],
    ['DEAL_10001 closes on 4 December.', 'figure'],
    ['DEAL_10001 closes in 15 days.', 'figure'],
    ['There are three deals.', 'figure'],
    ['It says “need the deck by Monday”.', 'quote'],
    ['The next one is DEAL_30003.', 'handle'],
    ['Ask Philippa Okonkwo-Hale.', 'name'],
    ['I have updated the stage.', 'claim'],
  ])('with something made up is doubted: %s', (answer, kind) => {
    expect(kinds(answer)).toContain(kind)
  })

  test('may name a column as it is called', () => {
    const outcome = deals(true)
    if (!outcome.ok) throw new Error('fixture')
    const columns = [
      { name: 'name', type: 'text' },
      { name: 'close_date', type: 'date' },
    ]
    const withColumns = {
      ...outcome,
      result: { ...outcome.result, data: { columns, ...(outcome.result.data as object) } },
    }
    expect(kinds('- Close date: 2027-01-06', true, withColumns)).toEqual([])
  })

  test('takes no figure from the id of a question', () => {
    const outcome = deals(true)
    if (!outcome.ok) throw new Error('fixture')
    const withData = (more: object) => ({
      result: { ...outcome.result, data: { ...(outcome.result.data as object), ...more } },
    })
    const said = 'There are 7110 deals.'
    const id = '01a20006-5caf-7110-8000-5c3d80f618eb'
    expect(kinds(said, true, withData({ query_id: id }))).toEqual(['figure'])
    expect(kinds(said, true, withData({ note: id }))).toEqual([])
  })

  test('says all of a complete list alone', () => {
    expect(kinds('None is missing.', true)).toEqual([])
    expect(kinds('None is missing.', false)).toEqual(['all'])
    expect(kinds('Only 2 of 40 are shown.', false)).toEqual([])
  })

  test('does not call a proposal done', () => {
    const proposed = { proposalId: 'p' }
    expect(kinds('The call has been logged.', true, proposed)).toEqual(['claim'])
    expect(kinds('The call is proposed and will be logged once approved.', true, proposed)).toEqual([])
  })
})
