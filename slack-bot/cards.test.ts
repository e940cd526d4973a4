import { describe, expect, test } from 'vitest'
import type { ShownChange, ShownProposal } from '../writeback/show.ts'
import { closedCard, proposalCard, readTarget } from './cards.ts'
import { clickable } from './testing/payloads.ts'
import { checkBlocks } from './testing/validate.ts'
import type { Fields } from './testing/world.ts'

const ID = '01931696-c580-7d46-a942-cb770a8e27c3'
const deal = { ref: { entity: 'deals', id: ID }, title: '<!channel> *Rocket* <https://evil.example|fuel>' }

const change = (text: string, more: Partial<ShownChange> = {}): ShownChange => ({
  op: 'update',
  kind: 'update',
  entity: 'deals',
  one: 'deal',
  record: deal,
  fields: [{ field: 'notes', type: 'text', hide: 'text', old: { text: 'before' }, new: { text } }],
  links: [],
  evidence: [{ record: deal, quote: 'as we said', found: true }],
  into: null,
  ...more,
})

const proposal = (more: Partial<ShownProposal> = {}): ShownProposal => ({
  id: ID,
  state: 'pending',
  hash: 'a'.repeat(64),
  reason: 'Dana <@U1> said so',
  changes: [change('after')],
  conversationId: null,
  proposedBy: { ref: { entity: 'members', id: ID }, title: 'Olive Owner' },
  proposedVia: 'chat',
  createdAt: '2026-11-21T10:00:00Z',
  expiresAt: '2026-11-24T10:00:00Z',
  decidedBy: null,
  decidedVia: null,
  decidedAt: null,
  decisionNote: null,
  executedAt: null,
  undoneAt: null,
  failure: null,
  label: {
    outside: false,
    derived: false,
    sources: [],
    changes: [],
    toType: [],
    oneByOne: false,
    strangers: [],
  },
  approval: { reasons: [], needed: 1, given: [] },
  leftOut: [],
  undonePlaces: [],
  standingId: null,
  ...more,
})

const card = (more: Partial<ShownProposal> = {}) =>
  proposalCard(proposal(more), {
    timezone: 'Europe/Berlin',
    inboxUrl: 'https://crm.example/inbox',
    impact: ['Open pipeline €1.00 → €2.00'],
    revision: 3,
  })

const buttons = (blocks: readonly unknown[]): readonly string[] =>
  clickable(blocks as readonly Fields[]).map(({ element }) => String(element['action_id']))

describe('the card of a proposal', () => {
  test('shows who asks and why, before and after, evidence and what it moves, and Slack reads no mark-up in it', () => {
    const { blocks } = card()
    const text = JSON.stringify(blocks)
    for (const part of [
      'Olive Owner',
      'said so',
      'before',
      'after',
      'as we said',
      'word for word',
      'Open pipeline',
    ])
      expect(text).toContain(part)
    expect(text).not.toContain('"mrkdwn"')
    expect(checkBlocks(blocks)).toEqual([])
    expect(buttons(blocks)).toEqual(['tact_approve', 'tact_edit', 'tact_reject', 'tact_open'])
    expect(text).toContain(`"value":"${ID}:3"`)
    expect(text).not.toContain('a'.repeat(64))
  })

  test('is not approved from where it cannot show the whole', () => {
    const long = [change('x'.repeat(301))]
    const many = Array.from({ length: 25 }, () =>
      change('y'.repeat(250), {
        fields: Array.from({ length: 10 }, () => change('y'.repeat(250)).fields[0]!),
      }),
    )
    for (const changes of [long, many]) {
      const { blocks } = card({ changes })
      expect(checkBlocks(blocks)).toEqual([])
      expect(buttons(blocks)).not.toContain('tact_approve')
      expect(JSON.stringify(blocks)).toContain('Not all of it fits here')
    }
  })

  test('asks once more where it is grave, and for typing where outside text named an address', () => {
    const second = card({ approval: { reasons: ['merge'], needed: 2, given: [] } }).blocks
    expect(JSON.stringify(second)).toContain('Two people approve this: it merges records.')
    expect(JSON.stringify(second)).toContain('"confirm"')
    const typed = card({ label: { ...proposal().label, outside: true, toType: ['eve@evil.example'] } }).blocks
    expect(buttons(typed)).toEqual(['tact_confirm', 'tact_edit', 'tact_reject', 'tact_open'])
    expect(JSON.stringify(typed)).toContain('Nobody of yours named eve@evil.example')
    for (const blocks of [second, typed]) expect(checkBlocks(blocks)).toEqual([])
  })

  test('decided and expired ones lose their buttons; a written one can be taken back', () => {
    for (const state of ['expired', 'rejected', 'conflicted', 'failed', 'undone', 'executing'] as const)
      expect([state, buttons(card({ state }).blocks)]).toEqual([state, ['tact_open']])
    expect(buttons(card({ state: 'executed' }).blocks)).toEqual(['tact_undo', 'tact_open'])
  })

  test('one that may not be seen says nothing of the change; what is no target of ours is none', () => {
    const { blocks, text } = closedCard(ID, 'https://crm.example/inbox')
    expect(JSON.stringify(blocks) + text).not.toContain('Rocket')
    expect(checkBlocks(blocks)).toEqual([])
    expect(readTarget(`${ID}:3`)).toEqual({ id: ID, revision: 3 })
    for (const value of ['', ID, `${ID}:`, `${ID}:3x`, `x:${ID}:3`]) expect(readTarget(value)).toBeUndefined()
  })
})
