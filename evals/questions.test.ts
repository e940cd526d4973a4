import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canonicalQuery, canonicalSketch, meansTheSame } from './canonical.ts'
import type { Names } from './canonical.ts'
import { judge } from './questions-judge.ts'
import type { Question } from './questions-judge.ts'
import { linkerFor } from './questions-link.ts'
import { runQuestions } from './suites/questions.ts'

const linker = linkerFor({
  key: 'b2b',
  vertical: 'sales',
  members: ['Ina Voss'],
  me: 'Ina Voss',
  stages: ['Lead', 'Won', 'Lost'],
  companies: ['Quill Works'],
  people: ['Sam Ode', 'Samira Ode', 'Bo Lind'],
  deals: ['7 Mill Road'],
})
const names: Names = {
  handleOf: linker.handleOf,
  stages: [
    { name: 'Lead', kind: 'open' },
    { name: 'Won', kind: 'won' },
    { name: 'Lost', kind: 'lost' },
  ],
  memberNames: new Set(['ina voss']),
}
const company = linker.handleOf('Quill Works')!
const same = (sketch: object, query: object): boolean =>
  meansTheSame(canonicalSketch(sketch as never, names), canonicalQuery(query as never, names))

describe('a sketch and a query mean the same', () => {
  it('whatever the order of their conditions', () => {
    const sketch = {
      from: 'deals',
      where: [
        ['status', '=', 'open'],
        ['company', '=', 'Quill Works'],
      ],
    }
    const where = [
      { field: 'company', op: '=', value: company },
      { field: 'status', op: '=', value: 'open' },
    ]
    expect(same(sketch, { find: 'deals', where })).toBe(true)
    expect(same(sketch, { find: 'deals', where: where.slice(1) })).toBe(false)
  })

  it('when a stage is the only one of its kind and the other says the kind', () => {
    const query = { find: 'deals', where: [{ field: 'status', op: '=', value: 'won' }] }
    expect(same({ from: 'deals', where: [['stage', '=', 'Won']] }, query)).toBe(true)
    expect(same({ from: 'deals', where: [['stage', '=', 'Lost']] }, query)).toBe(false)
  })

  it('when silence before a date counts those never heard of', () => {
    const any = [
      { field: 'last_interaction_at', op: '<', value: '-30d' },
      { field: 'last_interaction_at', op: 'empty' },
    ]
    expect(
      same(
        { from: 'deals', where: [['last_interaction_at', '<', { rel: '-30d' }]] },
        { find: 'deals', where: [{ any }] },
      ),
    ).toBe(true)
    expect(
      same(
        { from: 'deals', where: [['last_interaction_at', '<', { rel: '-60d' }]] },
        { find: 'deals', where: [{ any }] },
      ),
    ).toBe(false)
  })

  it('only with the order and the limit that the sketch asks for', () => {
    const sketch = { from: 'deals', order: [['amount', 'desc']], limit: 5 }
    expect(same(sketch, { find: 'deals', order: ['-amount'], limit: 5 })).toBe(true)
    expect(same(sketch, { find: 'deals', order: ['amount'], limit: 5 })).toBe(false)
    expect(same(sketch, { find: 'deals', order: ['-amount'], limit: 3 })).toBe(false)
    expect(same({ from: 'deals' }, { find: 'deals', order: ['amount'] })).toBe(true)
    expect(same({ from: 'deals' }, { find: 'deals', limit: 1 })).toBe(false)
  })

  it('when people are counted over their interactions', () => {
    const sketch = {
      from: 'interactions',
      where: [
        ['kind', '=', 'meeting'],
        ['person.role', '=', 'founder'],
      ],
      measures: [{ fn: 'count_distinct', field: 'person' }],
    }
    const query = {
      find: 'people',
      where: [
        { field: 'role', op: '=', value: 'founder' },
        { some: 'interactions', where: [{ field: 'kind', op: '=', value: 'meeting' }] },
      ],
      measures: [{ fn: 'count' }],
    }
    expect(same(sketch, query)).toBe(true)
  })
})

describe('linking', () => {
  it('puts handles in place of names and says which are ambiguous', () => {
    const { said, legend } = linker.link('Did Sam or Bo call Quill Works about 7 Mill Road?')
    expect(said).toMatch(/^Did NAME_\d{5} or PERSON_\d{5} call COMPANY_\d{5} about DEAL_\d{5}\?$/)
    expect(legend.find(({ is }) => is === 'ambiguous')?.candidates).toHaveLength(2)
  })

  it('takes a plural family name for all who bear it', () => {
    expect(linker.link('call the Odes').legend).toMatchObject([{ is: 'group' }])
  })
})

describe('the judge', () => {
  const question = (tool: string, args: object): Question => ({
    id: 'x',
    vertical: 'b2b',
    kind: 'k',
    context: [],
    question: '',
    expect: { tool, args: args as never },
  })
  const calls = (tool: string, args: object) => ({
    kind: 'calls' as const,
    calls: [{ tool, args: args as never }],
    readAs: '',
    notes: [],
  })

  it('calls a refusal where an answer was due an abstention, and a wrong call wrong', () => {
    const asked = question('search_people', { name: 'Bo Lind' })
    expect(judge(asked, { kind: 'refuse', reason: '', suggestions: [] }, names)).toBe('abstained')
    expect(judge(asked, calls('search_people', { query: company }), names)).toBe('wrong')
    expect(judge(asked, calls('search_people', { query: linker.handleOf('Bo Lind') }), names)).toBe('exact')
  })

  it('calls any call wrong where a refusal was due', () => {
    expect(judge(question('refuse', {}), calls('query_crm', { find: 'deals' }), names)).toBe('wrong')
  })
})

describe('the suite', () => {
  it('says where the set comes from when it is not here', async () => {
    const report = await runQuestions({ file: join(tmpdir(), 'no-such-file.jsonl') })
    expect(report).toMatchObject({
      total: 0,
      leftOut: expect.stringContaining('shared/data/evals') as string,
    })
  })

  it('judges another set over another workspace', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tact-questions-'))
    const file = join(folder, 'q.jsonl')
    const workspaceFile = join(folder, 'w.json')
    const row = (id: string, question: string, tool: string, args: object): string =>
      JSON.stringify({ id, vertical: 'b2b', kind: 'k', context: [], question, expect: { tool, args } })
    writeFileSync(
      file,
      [
        row('1', 'Who is Bo Lind?', 'search_people', { name: 'Bo Lind' }),
        row('2', 'Who is Bo Lind?', 'search_people', { name: 'Ada Kerr' }),
        row('3', 'Frob the zorg', 'search_people', { name: 'Bo Lind' }),
      ].join('\n'),
    )
    writeFileSync(
      workspaceFile,
      JSON.stringify({
        now: '2026-11-20T09:00:00',
        me: { b2b: 'Ina Voss' },
        b2b: {
          users: ['Ina Voss'],
          stages: ['Lead', 'Won', 'Lost'],
          test: { people: ['Bo Lind (CTO, Quill Works)', 'Ada Kerr'], companies: [] },
        },
      }),
    )
    expect(await runQuestions({ file, workspaceFile })).toMatchObject({
      exact: 1,
      wrong: 1,
      abstained: 1,
      total: 3,
    })
  })
})
