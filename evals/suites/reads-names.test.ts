import { expect, test } from 'vitest'
import { readsNames } from './reads-names.ts'
import type { Call, Planner } from './reads-names.ts'

const PERSON = 'people:0198f2a0-1234-7000-8000-000000000001'
const COMPANY = 'companies:0198f2a0-1234-7000-8000-000000000002'
const records = [
  { uri: COMPANY, is: 'companies', name: 'Nimbus Robotics' },
  { uri: PERSON, is: 'people', name: 'Dana Whitfield' },
] as const

/** Keeps the prompt it was given, and answers with the first two handles it sees. */
const echo = () => {
  const prompts: string[] = []
  const model: Planner = {
    specificationVersion: 'v4',
    provider: 'test',
    modelId: 'test',
    supportedUrls: {},
    doGenerate: async ({ prompt }) => {
      const text = JSON.stringify(prompt)
      prompts.push(text)
      const [first, second] = [...new Set(text.match(/[A-Z]+_\d{5}/gu))]
      return {
        content: [
          { type: 'text', text: `${first} works at ${second}.` },
          {
            type: 'tool-call',
            toolCallId: '1',
            toolName: 'query_crm',
            input: JSON.stringify({ id: first, query: `mail about ${second}` }),
          },
        ],
        finishReason: { unified: 'stop', raw: undefined },
        usage: {
          inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 0, text: 0, reasoning: 0 },
        },
        warnings: [],
      }
    },
    doStream: async () => ({ stream: new ReadableStream() }),
  }
  return { model, prompts }
}

const ask = async (call: Call) => {
  const { model, prompts } = echo()
  const { content } = await readsNames(model, records).doGenerate(call)
  return { content, prompt: prompts[0]! }
}

test('names go in as handles with a legend, and come out as names; a tool is given the record', async () => {
  const { content, prompt } = await ask({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'What did Dana say of Nimbus Robotics?' }] }],
  })
  expect(prompt).not.toMatch(/Dana|Nimbus/u)
  expect(prompt).toContain('<legend>')
  expect(content).toEqual([
    { type: 'text', text: 'Dana Whitfield works at Nimbus Robotics.' },
    expect.objectContaining({ input: JSON.stringify({ id: PERSON, query: 'mail about Nimbus Robotics' }) }),
  ])
})

test('cells of a result that are a whole name are read as the record, longer texts are left', async () => {
  const { prompt } = await ask({
    prompt: [
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: '1',
            toolName: 'query_crm',
            output: {
              type: 'text',
              value: JSON.stringify({
                rows: [{ id: 'Dana Whitfield', company: 'Nimbus Robotics', note: 'Ask Dana' }],
              }),
            },
          },
        ],
      },
    ],
  })
  expect(prompt).toMatch(/id\\":\\"PERSON_\d{5}/u)
  expect(prompt).toMatch(/company\\":\\"COMPANY_\d{5}/u)
  expect(prompt).toContain('Ask Dana')
})
