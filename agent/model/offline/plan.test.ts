import { describe, expect, it } from 'vitest'
import { catalog } from '../../../db/catalog/all.ts'
import { Query } from '../../../query/ast.ts'
import { gist } from './gist.testing.ts'
import { PARAPHRASES, readParaphrases } from './paraphrases.testing.ts'
import { NAMES, planFor, withNames } from './planner.testing.ts'

describe('the offline planner reads', () => {
  for (const { trade, means, said } of PARAPHRASES) {
    it.each(said)(`"%s" in ${trade}`, (question) => {
      expect(gist(planFor(trade, [question]))).toBe(withNames(means))
    })
  }
})

describe('the offline planner follows a conversation', () => {
  for (const { trade, means, said } of readParaphrases('dialogue.txt')) {
    it(`reads ${said.join(' › ')}`, () => {
      expect(gist(planFor(trade, said)).split(' & ').sort()).toEqual(withNames(means).split(' & ').sort())
    })
  }

  it('takes "the second one" from the rows that were shown', () => {
    const plan = planFor('sales', ['List all open deals over $50k', 'Who owns the second one?'], {
      shown: [NAMES.C, NAMES.D],
    })
    expect(gist(plan)).toBe(`deals | id = ${NAMES.D}`)
  })

  it('asks back when no row was shown', () => {
    expect(planFor('sales', ['List all open deals over $50k', 'Who owns the second one?']).kind).toBe(
      'clarify',
    )
  })

  it.each(["What's her phone number?", 'And their last email?', 'Who is their agent?'])(
    'asks who is meant when nobody was named before: %s',
    (question) => {
      expect(planFor('sales', [question]).kind).toBe('clarify')
    },
  )
})

describe('the offline planner never guesses', () => {
  it.each([
    'When did we last talk to {N}?',
    'Who is {N}?',
    'Log a call with {N} today: fine',
    'Remind me to call {N} tomorrow',
  ])('asks which of two people is meant: %s', (question) => {
    expect(planFor('sales', [question])).toMatchObject({ kind: 'clarify', choices: [NAMES.P, NAMES.P2] })
  })

  it('gives three different questions with every refusal', () => {
    const plan = planFor('sales', ['What will our churn be next year?'])
    expect(plan.kind === 'refuse' && new Set(plan.suggestions).size).toBe(3)
  })

  it.each([
    'Open deals not in Fooland with a glorp',
    'deals or not',
    'Which zorgs are frobbed by {C}?',
    'emails between {M} and {P}',
    'Open deals except for the purple ones',
    'Deals won this quarter vs deals lost this quarter',
  ])('refuses what it cannot read whole: %s', (question) => {
    expect(planFor('sales', [question]).kind).toBe('refuse')
  })

  it.each([
    'Schedule the moon with {P}',
    'Update {C}',
    'Set everything to Won',
    'Move all my deals to {M}',
    'Archive {C}',
    'Approve it',
    'Add {P}',
  ])('answers a request for a change it cannot propose with no call at all: %s', (question) => {
    expect(planFor('sales', [question]).kind).not.toBe('calls')
  })

  it('finds a way to somebody, and briefs, only where there is a tool for it', () => {
    const question = ['Who can introduce me to {P}?']
    expect(planFor('fund', question).kind).toBe('refuse')
    expect(gist(planFor('fund', question, { tools: ['intro_path'] }))).toBe(
      withNames('intro_path {"to":"P","from":"me"}'),
    )
    expect(planFor('fund', ['Prep me for my meeting with {C}']).kind).toBe('refuse')
    expect(gist(planFor('fund', ['Prep me for my meeting with {C}'], { tools: ['brief'] }))).toBe(
      withNames('brief {"id":"C","kind":"meeting"}'),
    )
    expect(gist(planFor('sales', ['Summarize the {C} account'], { tools: ['brief'] }))).toBe(
      withNames('brief {"id":"C","kind":"account"}'),
    )
    expect(gist(planFor('sales', ['Morning brief'], { tools: ['brief'] }))).toBe('brief {"kind":"daily"}')
    expect(gist(planFor('sales', ['Pipeline review for {M}'], { tools: ['brief'] }))).toBe(
      withNames('brief {"kind":"pipeline","for":"M"}'),
    )
    expect(
      gist(planFor('brokerage', ['Which of our clients are connected to {P}?'], { tools: ['intro_path'] })),
    ).toBe(withNames('intro_path {"to":"P","via_tag":"client"}'))
    expect(gist(planFor('fund', ['Warmest path to the CEO of {C}'], { tools: ['intro_path'] }))).toBe(
      withNames('intro_path {"to_company":"C","to_title":"ceo","rank":"strength","from":"me"}'),
    )
  })
})

describe('every query that the planner makes', () => {
  const queries = PARAPHRASES.flatMap(({ trade, said }) =>
    said.flatMap((question) => {
      const plan = planFor(trade, [question])
      return plan.kind === 'calls'
        ? plan.calls.filter(({ tool }) => tool === 'query_crm').map(({ args }) => args)
        : []
    }),
  )

  it('is valid in the query language', () => {
    expect(queries.length).toBeGreaterThan(300)
    for (const query of queries) expect(() => Query.parse(query)).not.toThrow()
  })

  it('names entities and fields of the catalog', () => {
    const known = (entity: string, path: string): boolean => {
      const [first = '', ...rest] = path.split('.')
      const found = catalog.get(entity)!
      const relation = found.relations?.[first]
      if (rest.length > 0) return relation !== undefined && known(relation.entity, rest.join('.'))
      const column =
        first in found.columns || `${first}_minor` in found.columns || first in (found.computed ?? {})
      return column || relation !== undefined || ['id', 'created_at'].includes(first)
    }
    for (const query of queries) {
      const { find, where, group_by = [], order = [], measures = [], compare } = Query.parse(query)
      for (const filter of where) {
        const relation = filter.some ?? filter.none
        const entity =
          relation === undefined
            ? find
            : (catalog.get(find)!.relations?.[relation]?.entity ?? `${find}.${relation}`)
        const inner = relation === undefined ? (filter.any ?? [filter]) : (filter.where ?? [])
        for (const { field } of inner)
          expect([entity, field, known(entity, field!)]).toEqual([entity, field, true])
      }
      for (const field of group_by)
        expect([find, field, known(find, field.split(':')[0]!)]).toEqual([find, field, true])
      const names = new Set(measures.map(({ fn, field }) => (fn === 'count' ? 'count' : `${fn}_${field}`)))
      for (const field of order.map((each) => each.replace('-', ''))) {
        const isColumn =
          measures.length > 0 || compare !== undefined
            ? names.has(field) || group_by.includes(field)
            : known(find, field)
        expect([find, field, isColumn]).toEqual([find, field, true])
      }
    }
  })

  it('is the same a hundred times over', () => {
    const once = JSON.stringify(planFor('sales', ['Top 5 deals by amount']))
    for (let time = 0; time < 100; time += 1) {
      expect(JSON.stringify(planFor('sales', ['Top 5 deals by amount']))).toBe(once)
    }
  })
})

describe('how a question was read', () => {
  it('takes a deal that nobody touches for an open one, and says so', () => {
    const plan = planFor('sales', ['Which deals have had no interaction for 30 days?'])
    expect(plan.kind === 'calls' && plan.readAs).toBe(
      'open deals, no interaction since 21 Oct 2026, oldest first',
    )
    expect(plan.kind === 'calls' && plan.notes).toEqual(['no status said: open deals taken'])
    const inStage = planFor('sales', ['Deals in Negotiation with no interaction for 30 days'])
    expect(inStage.kind === 'calls' && inStage.notes).toEqual([])
  })

  it('is said in words, with the dates worked out and the default named', () => {
    const plan = planFor('sales', ['stale open deals'])
    expect(plan.kind === 'calls' && plan.readAs).toBe(
      'open deals, no interaction since 21 Oct 2026, oldest first',
    )
    expect(plan.kind === 'calls' && plan.notes).toEqual(['no period said: 30 days taken'])
  })
})
