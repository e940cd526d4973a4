import { describe, expect, test } from 'vitest'
import type { AnthropicBlock, AnthropicRequest } from '../../agent/testing/fake-anthropic.ts'
import { curious } from './curious-model.ts'

const FOUND = '{"rows":[{"id":"PERSON_43317"},{"id":"DEAL_10027"}]}'
const ANSWER: readonly AnthropicBlock[] = [{ type: 'text', text: 'Two.' }]

const question = (text: string): AnthropicRequest['messages'][number] => ({ role: 'user', content: text })

const exchange = (block: AnthropicBlock, result: string): AnthropicRequest['messages'] =>
  block.type === 'text'
    ? []
    : [
        { role: 'assistant', content: [{ ...block }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: block.id, content: result }] },
      ]

/** A turn to its end: all calls the model makes after its first. */
const callsOf = async (looks: number, before: AnthropicRequest['messages'] = []): Promise<string[]> => {
  const model = curious(() => Promise.resolve(ANSWER), looks)
  const first = { type: 'tool_use', id: 'first', name: 'query_crm', input: {} } as const
  const messages = [...before, question('Who?'), ...exchange(first, FOUND)]
  const calls: string[] = []
  for (;;) {
    const [block] = await model({ model: 'm', max_tokens: 1, stream: true, messages })
    if (block?.type !== 'tool_use') return calls
    calls.push(`${block.name} ${JSON.stringify(block.input)}`)
    messages.push(...exchange(block, '{}'))
  }
}

describe('a model that looks further', () => {
  test('looks at each handle it was shown once by each way, as often as it may, and then answers', async () => {
    const all = await callsOf(20)
    expect(new Set(all).size).toBe(all.length)
    expect(all.slice(0, 2)).toEqual([
      'get_record {"id":"DEAL_10027"}',
      'activity {"of":"DEAL_10027","limit":5}',
    ])
    expect(all).toHaveLength(6)
    expect(await callsOf(3)).toEqual(all.slice(0, 3))
    expect(await callsOf(0)).toEqual([])
  })

  test('counts and sees the turn that goes on, not those before it', async () => {
    const before = [question('PERSON_50004?'), ...(await callsOf(0)).map(question)]
    expect(await callsOf(20, [...before, { role: 'assistant', content: 'Done.' }])).toHaveLength(6)
  })
})
