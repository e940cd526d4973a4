import { describe, expect, it } from 'vitest'
import { unaccounted } from './account.ts'
import { tokenise } from './normalise.ts'

const lost = (question: string, args: Record<string, unknown>, tool = 'query_crm'): readonly string[] =>
  unaccounted(tokenise(question), [{ tool, args }]).map(({ raw }) => raw)
const deals = (...where: readonly unknown[]): Record<string, unknown> => ({ find: 'deals', where })
const open = { field: 'status', op: '=', value: 'open' }

describe('a word of a question that its calls leave out is seen', () => {
  it.each<[string, Record<string, unknown>, readonly string[], string?]>([
    ['How many open deals?', deals(open), ['How', 'many']],
    ['Open deals this month', deals(open), ['month']],
    ['Open deals closing in March', deals(open), ['March']],
    ['Open deals over 40k', deals(open), ['40k']],
    ['Top 5 deals', deals(open), ['Top', '5']],
    ['Deals that are not in Demo', deals({ field: 'stage', op: '=', value: 'Demo' }), ['not']],
    ['Deals without an owner', deals(), ['without']],
    ['Average deal size', { ...deals(), measures: [{ fn: 'sum', field: 'amount' }] }, ['Average']],
    ['Deals per owner', { ...deals(), measures: [{ fn: 'count' }] }, ['per']],
    ['My deals', deals(open), ['My']],
    ['Most viewed listing', { ...deals(open), order: ['-created_at'], limit: 1 }, ['Most']],
    [
      'Won revenue this quarter vs last',
      {
        ...deals(
          { field: 'closed_at', op: 'in', value: 'this_quarter' },
          { field: 'status', op: '=', value: 'won' },
        ),
        measures: [{ fn: 'sum' }],
      },
      ['vs'],
    ],
    [
      'Who has a meeting today?',
      { find: 'people', where: [{ field: 'created_at', op: 'in', value: 'today' }] },
      ['meeting'],
    ],
    ['Did they complain, and when?', { find: 'people', where: [] }, ['when']],
    [
      'What complaints came from them?',
      { company: 'COMPANY_20551', query: 'support' },
      ['complaints'],
      'search_email',
    ],
    ['What stage is the deal in? Brief me', { id: 'DEAL_71201' }, ['stage'], 'brief'],
    ['Who do we know that knows her?', { query: 'PERSON_43317' }, ['knows'], 'search_people'],
  ])('%s', (question, args, words, tool) => {
    expect(lost(question, args, tool)).toEqual(words)
  })
})

describe('nothing is missed where the calls say it in their own way', () => {
  it.each<[string, Record<string, unknown>, string?]>([
    ['How many deals per owner?', { ...deals(open), measures: [{ fn: 'count' }], group_by: ['owner'] }],
    [
      'Deals nobody has touched in three weeks',
      deals({
        any: [
          { field: 'last_interaction_at', op: '<', value: '-21d' },
          { field: 'last_interaction_at', op: 'empty' },
        ],
      }),
    ],
    ['Five biggest deals', { ...deals(open), order: ['-amount'], limit: 5 }],
    ['At most 40k', deals({ field: 'amount', op: '<=', value: 40_000 })],
    [
      'Emails nobody answered for 2 days',
      {
        find: 'threads',
        where: [
          { field: 'last_direction', op: '=', value: 'inbound' },
          { field: 'last_at', op: '<', value: '-2d' },
        ],
      },
    ],
    [
      'When did we last call them?',
      {
        find: 'interactions',
        where: [{ field: 'kind', op: '=', value: 'call' }],
        order: ['-occurred_at'],
        limit: 1,
      },
    ],
    ['emails about the most recent call', { query: 'most recent call' }, 'search_email'],
    ['Prep me for my meeting tomorrow', { id: 'PERSON_43317', kind: 'meeting' }, 'brief'],
  ])('%s', (question, args, tool) => {
    expect(lost(question, args, tool)).toEqual([])
  })

  it('asks nothing of a proposal, whose text is free', () => {
    expect(lost('Remind me not to forget 3 calls', { changes: [] }, 'propose_writeback')).toEqual([])
  })
})
