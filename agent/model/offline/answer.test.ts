import { describe, expect, it } from 'vitest'
import { answerText } from './answer.ts'
import type { PlannedCall } from './plan-types.ts'
import { shownHandles } from './answer-rows.ts'

const answered = (call: PlannedCall, data: unknown, { readAs = 'as read', total = 1 } = {}): string =>
  answerText(
    { kind: 'calls', calls: [call], readAs, notes: [] },
    [call],
    [
      {
        tool: call.tool,
        isError: false,
        value: {
          data,
          completeness: {
            total,
            returned: total,
            complete: true,
            filters_in_words: 'company is COMPANY_20552',
          },
          notes: [],
        },
      },
    ],
  )

describe('answers of the offline model', () => {
  it('says a single interaction as a sentence', () => {
    const row = {
      id: 'INTERACTION_10010',
      kind: 'call',
      occurred_at: '2026-11-16T14:09:00-06:00',
      people: ['PERSON_43317', 'PERSON_43424'],
      member: 'MEMBER_30064',
      company: 'COMPANY_20552',
    }
    const columns = Object.keys(row).map((name) => ({ name }))
    const query = { tool: 'query_crm', args: { find: 'interactions', order: ['-occurred_at'], limit: 1 } }
    expect(answered(query, { columns, rows: [row] })).toContain(
      '16 Nov 2026: call by MEMBER_30064 with PERSON_43317, PERSON_43424: INTERACTION_10010',
    )
  })

  it('keeps the column that a list is sorted by, however many there are', () => {
    const names = ['name', 'company', 'stage', 'amount', 'owner', 'close_date', 'last_interaction_at']
    const rows = [1, 2].map((at) => Object.fromEntries(names.map((name) => [name, `${name} ${at}`])))
    const text = answered(
      { tool: 'query_crm', args: { find: 'deals', order: ['last_interaction_at'] } },
      { columns: names.map((name) => ({ name })), rows },
      { total: 2 },
    )
    expect(text).toContain('| Name | Company | Stage | Amount | Owner | Last interaction at |')
    expect(text).not.toContain('Close date')
  })

  it('draws a brief as sections with why each record is there, and says what is empty', () => {
    const text = answered(
      { tool: 'brief', args: { id: 'COMPANY_20552' } },
      {
        kind: 'account',
        about: {
          id: 'COMPANY_20552',
          entity: 'companies',
          fields: { name: 'COMPANY_20552', status: 'customer' },
        },
        sections: [
          {
            part: 'people',
            title: 'People',
            why: 'They work there.',
            total: 3,
            rows: [
              { name: 'PERSON_43317', title: 'CEO', role: null, owner: null, why: 'last contact today' },
            ],
          },
          {
            part: 'deal',
            title: 'Open deals',
            why: 'They are open.',
            total: 1,
            rows: [
              {
                name: 'DEAL_71203',
                stage: 'Demo',
                amount: 5000,
                currency: 'EUR',
                why: 'no contact recorded',
              },
            ],
          },
          { part: 'tasks', title: 'Open tasks', why: 'Not done.', total: 0, rows: [] },
        ],
      },
    )
    expect(text).toContain('**COMPANY_20552**\nstatus: customer')
    expect(text).toContain('**People** (3). They work there.\n- PERSON_43317, CEO (last contact today)')
    expect(text).toContain('- DEAL_71203: Demo, €5,000 (no contact recorded)')
    expect(text).toContain('Nothing under: open tasks.')
    expect(text).not.toContain('Counted:')
  })

  it('draws ways with strength and evidence, and says when there is none', () => {
    const step = {
      from: 'MEMBER_30064',
      to: 'PERSON_43424',
      strength: 0.5,
      because: ['2 meetings'],
      last_at: '2026-11-12T10:00:00Z',
      evidence: ['INTERACTION_10010'],
    }
    const close = {
      ...step,
      from: 'PERSON_43424',
      to: 'PERSON_43317',
      because: ['the same company'],
      last_at: null,
      evidence: [],
    }
    const text = answered(
      { tool: 'intro_path', args: { to: 'PERSON_43317' } },
      { targets: 1, paths: [{ kind: 'contact', strength: 0.25, steps: [step, close] }] },
    )
    expect(text).toContain('1. PERSON_43424 is close to PERSON_43317 (strength 0.25): the same company')
    expect(text).toContain(
      'MEMBER_30064 knows PERSON_43424 (strength 0.5): 2 meetings; last contact 12 Nov 2026; see “INTERACTION_10010”',
    )
    expect(shownHandles(text)).toEqual(['PERSON_43424'])
    expect(answered({ tool: 'intro_path', args: {} }, { targets: 1, paths: [] })).toContain(
      'I know of no way',
    )
  })

  it('names what a proposal changes in singular words', () => {
    const text = answered(
      { tool: 'log_interaction', args: {} },
      {
        proposal: 'PROPOSAL_10030',
        changes: [{ op: 'create', entity: 'interactions', record: null, fields: [], links: [] }],
      },
    )
    expect(text).toContain('- New interaction')
    expect(text).not.toContain('PROPOSAL_')
  })
})
