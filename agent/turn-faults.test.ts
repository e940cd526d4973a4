import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testEngines } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { offlineChatModel } from './model/offline/chat-model.ts'
import { emptyVocabulary } from './model/offline/vocabulary.ts'
import { scriptedAnthropic } from './testing/fake-anthropic.ts'
import { scriptedOpenai } from './testing/fake-openai.ts'
import type { Move, Script, ScriptedCall, ScriptedServer } from './testing/script.ts'
import { openTurnHouse, type ConverseOptions, type TurnHouse } from './testing/turn-house.ts'
import type { TurnStep } from './turn-state.ts'

const COUNT: ScriptedCall = {
  name: 'query_crm',
  input: { find: 'companies', measures: [{ fn: 'count' }] },
}
const describeIt: ScriptedCall = { name: 'describe_crm', input: {} }
const handleIn = (text: string, label: string): string =>
  new RegExp(`${label}_\\d{5}`).exec(text)?.[0] ?? 'none'
const FAILS: Move = { status: 500, retryAfterSeconds: 0 }
const offline = () =>
  offlineChatModel({
    vocabulary: emptyVocabulary('sales'),
    workspace: { timezone: 'UTC' },
    now: new Date('2026-11-20T09:00:00Z'),
  })

const protocols: readonly (readonly [string, (script: Script) => Promise<ScriptedServer>])[] = [
  ['Anthropic', scriptedAnthropic],
  ['an OpenAI-compatible server', scriptedOpenai],
]

describe.each(testEngines)('on %s', (engine) => {
  let house: TurnHouse
  beforeAll(async () => {
    house = await openTurnHouse(engine)
  })
  afterAll(() => house.db.close())

  describe.each(protocols)('a turn with %s', (_name, serve) => {
    const ask = async (
      script: Script,
      options: Partial<ConverseOptions> & { readonly question?: string } = {},
    ) => {
      const server = await serve(script)
      try {
        const conversed = await house.converse(options.question ?? 'How many companies do we know?', {
          ...options,
          settings: { ...server.settings, ...options.settings },
        })
        expect(server.refused).toEqual([])
        expect(conversed.streamed.trim()).toBe(conversed.end.text)
        return { ...conversed, bodies: server.bodies }
      } finally {
        await server.close()
      }
    }

    test('calls tools one after the other and side by side, and answers from their results', async () => {
      const { end, kept, bodies } = await ask(
        ({ whole }, step) => {
          if (step === 0) return { text: 'Let me look.', calls: [COUNT, describeIt] }
          const handle = handleIn(whole, 'PERSON')
          if (step === 1) return { calls: [{ name: 'search_people', input: { query: handle } }] }
          return { text: `We know one company, and ${handle} is CFO.` }
        },
        { question: 'How many companies, and who is Philippa Okonkwo-Hale?' },
      )
      expect(end.status).toBe('answered')
      expect(end.calls.map(({ tool, ok }) => [tool, ok])).toEqual([
        ['query_crm', true],
        ['describe_crm', true],
        ['search_people', true],
      ])
      expect(end.text).toBe('Let me look.\n\nWe know one company, and Philippa Okonkwo-Hale is CFO.')
      expect(kept).toHaveLength(1)
      expect(kept[0]![1]).not.toContain('Philippa')
      expect(bodies).toHaveLength(3)
    })

    test('records tokens, what the provider had kept, and what it cost', async () => {
      const { end } = await ask(
        (_seen, step) => (step === 0 ? { calls: [COUNT] } : { text: 'One company.' }),
        {
          settings: { TACT_MODEL_PRICE: '3/15/0.3' },
        },
      )
      const { requests, inputTokens, outputTokens, cachedTokens, costMicrodollars } = end.receipt
      expect([requests, inputTokens, outputTokens, cachedTokens]).toEqual([2, 220, 10, 200])
      // 20 tokens at $3, 200 at $0.30 and 10 at $15 a million.
      expect(costMicrodollars).toBe(270)
    })

    test('a refusal is told as one', async () => {
      const { end } = await ask(() => ({ text: 'I will not', stop: 'refusal' }))
      expect(end.status).toBe('refused')
      expect(end.text).toContain('The model declined to answer this.')
    })

    test('an answer that was cut off says so, and is not kept', async () => {
      const { end, kept } = await ask((_seen, step) =>
        step === 0
          ? { calls: [COUNT] }
          : { text: 'There is one company. It is called after a', stop: 'too_long' },
      )
      expect(end.status).toBe('failed')
      expect(end.text).toMatch(/^There is one company\.\s+The model reached its longest answer/u)
      expect(kept).toEqual([])
    })

    test.each(['torn', 'early', 'error'] as const)(
      'a stream that fails (%s) shows no half sentence, says so, and keeps nothing',
      async (fault) => {
        const { end, kept } = await ask((_seen, step) =>
          step === 0 ? { calls: [COUNT] } : { text: 'There is one company. And its best custo', fault },
        )
        expect(end.status).toBe('failed')
        expect(end.text).toContain('The model did not answer')
        expect(end.text).not.toContain('custo')
        expect(kept).toEqual([])
      },
    )

    test('a stream that hangs is left when the seconds are over', async () => {
      const { end, kept } = await ask(() => ({ text: 'I am', fault: 'hangs' }), { budget: { seconds: 1 } })
      expect(end.status).toBe('failed')
      expect(end.text).toContain('I stopped after 1 second without an answer')
      expect(kept).toEqual([])
    })

    test('429 is waited for as long as the provider asks, then answered', async () => {
      const { end, bodies } = await ask((_seen, step) =>
        step === 0
          ? { status: 429, retryAfterSeconds: 0 }
          : step === 1
            ? { calls: [COUNT] }
            : { text: 'One company.' },
      )
      expect(end.status).toBe('answered')
      expect(bodies).toHaveLength(3)
    })

    test('a key that is refused and a server that breaks end in words, and nothing is kept', async () => {
      const refused = await ask(() => ({ status: 401 }))
      expect([refused.end.status, refused.kept]).toEqual(['failed', []])
      expect(refused.end.text).toContain('refused the key')
      const broken = await ask((_seen, step) =>
        step === 0 ? { text: 'I am looking.\n', calls: [COUNT] } : FAILS,
      )
      expect([broken.end.status, broken.kept]).toEqual(['failed', []])
      expect(broken.end.text).toContain('The model did not answer')
      expect(broken.bodies).toHaveLength(4)
    })

    test('malformed arguments go back as an error that teaches, in a form that the provider takes', async () => {
      const { end } = await ask((_seen, step) =>
        step === 0
          ? {
              calls: [
                { name: 'query_crm', input: {}, raw: '{"find": "companies", "measures": [' },
                { name: 'query_crm', input: {}, raw: '"companies"' },
                { name: 'query_crm', input: { find: 'companeez' } },
              ],
            }
          : step === 1
            ? { calls: [COUNT] }
            : { text: 'One company.' },
      )
      expect(end.calls.map(({ ok }) => ok)).toEqual([false, false, false, true])
      expect(end.status).toBe('answered')
    })

    test.each([
      ['requests', { requests: 3 }, 'I stopped after 3 steps'],
      ['tokens', { tokens: 300 }, 'I stopped after 300 tokens'],
      ['money', { microdollars: 400 }, 'I stopped after $0.0004'],
    ] as const)('an endless loop ends when its %s are used up', async (_what, budget, words) => {
      const { end, kept, bodies } = await ask(() => ({ calls: [describeIt] }), {
        budget,
        settings: { TACT_MODEL_PRICE: '3/15/0.3' },
      })
      expect(bodies.length).toBeLessThanOrEqual(4)
      expect(end.status).toBe('failed')
      expect(end.text).toContain(words)
      expect(kept).toEqual([])
    })

    test('a turn that is stopped says so and keeps nothing', async () => {
      const stop = new AbortController()
      const { end, kept } = await ask(
        () => {
          stop.abort()
          return { calls: [describeIt] }
        },
        { signal: stop.signal },
      )
      expect([end.status, end.text, kept]).toEqual(['cancelled', 'Stopped.', []])
    })

    test('a turn goes on after a crash from the last step that was kept, and proposes once', async () => {
      const call = ({ whole }: { readonly whole: string }): ScriptedCall => ({
        name: 'log_interaction',
        input: { kind: 'call', people: [handleIn(whole, 'PERSON')], summary: 'Spoke.' },
      })
      const question = 'Log a call with Philippa Okonkwo-Hale'
      const answerId = newId()
      let steps: readonly TurnStep[] = []
      const crash = new Error('the process is gone')
      const first = await serve((seen) => ({ text: 'I note it.', calls: [call(seen)] }))
      const before = await house
        .converse(question, {
          settings: first.settings,
          answerId,
          keep: async (now) => {
            // The outcome of the call never reaches the store.
            if (now.some(({ kind }) => kind === 'outcome')) throw crash
            steps = structuredClone(now)
          },
        })
        .catch((error: unknown) => error)
      await first.close()
      expect(before).toBe(crash)
      expect(steps.map(({ kind }) => kind)).toEqual(['asked', 'reply'])
      const conversationId = await house.lastConversation()
      const { end, kept } = await ask(() => ({ text: 'The call is proposed.' }), {
        question,
        conversationId,
        answerId,
        resumed: steps,
      })
      expect(end.text).toBe('I note it.\n\nThe call is proposed.')
      expect(end.proposals).toHaveLength(1)
      expect(await house.proposalsIn(conversationId)).toBe(1)
      expect(kept).toHaveLength(1)
    })

    test('another model takes the place of one that fails, and the answer says so', async () => {
      const { end, kept } = await ask(
        (_seen, step) => (step === 0 ? { text: 'I am looking. ', calls: [COUNT] } : FAILS),
        { settings: { TACT_FALLBACK_MODEL: 'offline' }, offline },
      )
      expect(end.status).toBe('answered')
      expect(end.text).toContain('The offline planner answers in place of')
      expect(end.text).toMatch(/\b1\b/u)
      expect([end.receipt.model, end.receipt.insteadOf !== undefined]).toEqual(['offline', true])
      expect(kept).toHaveLength(1)
    })

    test('no other model goes on once something was proposed', async () => {
      const { end } = await ask(
        ({ whole }, step) =>
          step === 0
            ? {
                calls: [
                  {
                    name: 'log_interaction',
                    input: { kind: 'call', people: [handleIn(whole, 'PERSON')], summary: 'Spoke twice.' },
                  },
                ],
              }
            : FAILS,
        {
          question: 'Log a call with Philippa Okonkwo-Hale',
          settings: { TACT_FALLBACK_MODEL: 'offline' },
          offline,
        },
      )
      expect(end.status).toBe('failed')
      expect(end.proposals).toHaveLength(1)
    })
  })

  test("tools and lasting instructions are marked for Anthropic's cache, and what changes stands behind them", async () => {
    const server = await scriptedAnthropic(() => ({ text: 'Nothing was asked.' }))
    await house.converse('Hello', { settings: server.settings })
    await server.close()
    const body = JSON.parse(server.bodies[0]!.slice(server.bodies[0]!.indexOf('\n'))) as {
      system: readonly { text: string; cache_control?: unknown }[]
    }
    expect(body.system.map(({ text, cache_control }) => [text.slice(0, 4), cache_control])).toEqual([
      ['Answ', { type: 'ephemeral' }],
      ['Now:', undefined],
    ])
  })
})
