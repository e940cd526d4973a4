import { describe, expect, test } from 'vitest'
import type { ModelReply } from './ask-model.ts'
import { spent, STANDARD_BUDGET, withRequest, NO_USAGE } from './budget.ts'
import { foldOld } from './fold.ts'
import { isAnswered, stateAfter, type TurnStep } from './turn-state.ts'

const reply = (text: string, calls: ModelReply['calls'] = []): TurnStep => ({
  kind: 'reply',
  reply: {
    text,
    calls,
    inputTokens: 10,
    outputTokens: 5,
    cachedTokens: 4,
    readAs: null,
    status: null,
  },
  shown: text,
})
const asked: TurnStep = { kind: 'asked', text: 'How many?' }
const call = { id: 'a', tool: 'query_crm', arguments: 'no object' }
const outcome: TurnStep = {
  kind: 'outcome',
  call,
  outcome: { ok: false, error: { code: 'bad_arguments', message: 'No.' } },
}

describe('the steps of a turn', () => {
  test('lead to the same state whether taken at once or read back after a crash', () => {
    const steps = [asked, reply('I look.', [call]), outcome, reply('Three.')]
    const readBack = JSON.parse(JSON.stringify(steps)) as TurnStep[]
    expect(stateAfter(readBack, [])).toEqual(stateAfter(steps, []))
  })

  test('are answered when a reply asks for nothing more, and not before', () => {
    const states = [
      [asked],
      [asked, reply('I look.', [call])],
      [asked, reply('I look.', [call]), outcome],
      [asked, reply('Three.'), { kind: 'correction', text: 'Anew.' } as const],
      [asked, reply('Three.')],
    ].map((steps) => isAnswered(stateAfter(steps, [])))
    expect(states).toEqual([false, false, false, false, true])
  })

  test('hand arguments back to providers as objects alone', () => {
    const { messages } = stateAfter([asked, reply('', [call])], [])
    expect(JSON.stringify(messages)).not.toContain('no object')
  })

  test('begin anew for another model, and keep what was used', () => {
    const state = stateAfter([asked, reply('I look.', [call]), { kind: 'instead', failed: 'x' }], [])
    expect(state.messages).toEqual([{ role: 'user', content: 'How many?' }])
    expect([state.open, state.usage.requests, state.insteadOf]).toEqual([[], 1, 'x'])
  })
})

describe('a budget', () => {
  test('counts a provider’s kept tokens at their own price, and no price as unknown', () => {
    const request = { inputTokens: 1_000_000, outputTokens: 100_000, cachedTokens: 900_000 }
    const price = { input: 3_000_000, output: 15_000_000, cachedInput: 300_000 }
    expect(withRequest(NO_USAGE, request, price).microdollars).toBe(300_000 + 270_000 + 1_500_000)
    expect(withRequest(NO_USAGE, request, undefined).microdollars).toBeNull()
  })

  test('says in words what is used up', () => {
    const used = { ...NO_USAGE, requests: 12 }
    expect(spent(STANDARD_BUDGET, NO_USAGE)).toBeUndefined()
    expect(spent(STANDARD_BUDGET, used)).toBe('12 steps')
    expect(spent({ ...STANDARD_BUDGET, microdollars: 20_000 }, { ...NO_USAGE, microdollars: 20_000 })).toBe(
      '$0.02',
    )
  })
})

describe('old results', () => {
  const long = (id: string): TurnStep => ({
    kind: 'outcome',
    call: { ...call, id },
    outcome: { ok: false, error: { code: 'x', message: `PERSON_43317 ${'y'.repeat(900)}` } },
  })

  test('give way to the handles they named, the newest never', () => {
    const steps = [asked, reply('', [call]), long('a'), reply('', [{ ...call, id: 'b' }]), long('b')]
    const { messages } = stateAfter(steps, [])
    expect(foldOld(messages, 10_000)).toEqual(messages)
    const [first, second] = foldOld(messages, 1200).filter(({ role }) => role === 'tool')
    expect(JSON.stringify(first)).toContain('It named: PERSON_43317.')
    expect(JSON.stringify(first)).not.toContain('yyy')
    expect(JSON.stringify(second)).toContain('yyy')
  })
})
