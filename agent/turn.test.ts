import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testEngines } from '../db/testing.ts'
import {
  startFakeAnthropic,
  type AnthropicBlock,
  type AnthropicFailure,
  type AnthropicRequest,
} from './testing/fake-anthropic.ts'
import { openTurnHouse, type ConverseOptions, type TurnHouse } from './testing/turn-house.ts'

type Script = (request: AnthropicRequest, step: number) => readonly AnthropicBlock[] | AnthropicFailure

const lastResult = ({ messages }: AnthropicRequest): string => JSON.stringify(messages.at(-1)?.content)
const handleIn = (text: string, label: string): string =>
  new RegExp(`${label}_\\d{5}`).exec(text)?.[0] ?? 'none'
const say = (text: string): AnthropicBlock => ({ type: 'text', text })
const call = (name: string, input: unknown, id = 'toolu_1'): AnthropicBlock => ({
  type: 'tool_use',
  id,
  name,
  input,
})

describe.each(testEngines)('a turn with a cloud model on %s', (engine) => {
  let house: TurnHouse

  beforeAll(async () => {
    house = await openTurnHouse(engine)
  })
  afterAll(() => house.db.close())

  const converse = async (
    question: string,
    script: Script,
    options: Pick<ConverseOptions, 'budget' | 'signal'> = {},
  ) => {
    let step = 0
    const fake = await startFakeAnthropic(async (request) => script(request, step++))
    const settings = {
      TACT_MODEL: 'anthropic:claude-test',
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_URL: fake.url,
    }
    try {
      return { ...(await house.converse(question, { settings, ...options })), bodies: fake.bodies }
    } finally {
      await fake.close()
    }
  }

  test('the model sees handles, the reader sees names, and the store keeps handles', async () => {
    const { end, streamed, bodies, kept } = await converse(
      'Who is Philippa Okonkwo-Hale of Brightwater Foods?',
      (request, step) =>
        step === 0
          ? [call('search_people', { query: handleIn(JSON.stringify(request.messages), 'PERSON') })]
          : [
              say(
                `${handleIn(lastResult(request), 'PERSON')} is CFO at ${handleIn(lastResult(request), 'COMPANY')}.`,
              ),
            ],
    )
    expect(end.status).toBe('answered')
    expect(end.text).toBe('Philippa Okonkwo-Hale is CFO at Brightwater Foods.')
    expect(end.sources.map(({ name }) => name)).toContain('Philippa Okonkwo-Hale')
    expect(streamed).toBe('Philippa Okonkwo-Hale is CFO at Brightwater Foods.')
    for (const secret of ['Philippa', 'Okonkwo', 'Brightwater', 'brightwater.example']) {
      expect(bodies.join('\n').toLowerCase()).not.toContain(secret.toLowerCase())
      expect(JSON.stringify(kept)).not.toContain(secret)
    }
  })

  test('a figure that no record holds is named as such', async () => {
    const { end } = await converse('How many companies do we know?', (_request, step) =>
      step === 0
        ? [call('query_crm', { find: 'companies', measures: [{ fn: 'count' }] })]
        : [say('You know 4711 companies.')],
    )
    expect(end.text).toContain('no record of this conversation holds 4711')
  })

  test('a sentence that cannot be proven is never shown; the model writes it anew once', async () => {
    const { end, streamed, bodies, kept } = await converse(
      'How many companies do we know?',
      (_request, step) => {
        if (step === 0) return [call('query_crm', { find: 'companies', measures: [{ fn: 'count' }] })]
        return [say(step === 1 ? 'I looked it up. You know 4711 companies.' : 'You know one company.')]
      },
    )
    expect(streamed).not.toContain('4711')
    expect(JSON.stringify(kept)).not.toContain('4711')
    expect(end.text).toBe('I looked it up. You know one company.')
    expect(bodies).toHaveLength(3)
    expect(bodies[2]).toContain('no record of this conversation holds 4711')
  })

  test('a claim to have written is corrected when the change was only proposed', async () => {
    const { end } = await converse('Log a call with Philippa Okonkwo-Hale', (request, step) =>
      step === 0
        ? [
            call('log_interaction', {
              kind: 'call',
              people: [handleIn(JSON.stringify(request.messages), 'PERSON')],
              summary: 'Spoke.',
            }),
          ]
        : [say('I have logged the call.')],
    )
    expect(end.proposals).toHaveLength(1)
    expect(end.text).toContain('nothing has been changed')
  })

  test('made-up tools, arguments and handles come back as errors that teach', async () => {
    const { end } = await converse('Try things', (_request, step) =>
      step === 0
        ? [
            call('delete_everything', {}, 'toolu_a'),
            call('query_crm', { find: 'dealz' }, 'toolu_b'),
            call('get_record', { id: 'PERSON_99999' }, 'toolu_c'),
            call('search_people', { qeury: 'x' }, 'toolu_d'),
          ]
        : [say('None of that worked.')],
    )
    expect(end.calls.map(({ ok }) => ok)).toEqual([false, false, false, false])
    expect(end.calls.map(({ error }) => error?.code)).toEqual([
      'unknown_tool',
      'unknown_entity',
      'unknown_handle',
      'bad_arguments',
    ])
    expect(end.calls[3]?.error?.did_you_mean).toContain('query')
  })
})
