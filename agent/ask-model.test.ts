import { expect, test } from 'vitest'
import { denied } from '../domain/errors.ts'
import { askModel } from './ask-model.ts'
import { selectModel } from './model/select.ts'

test('a request that must not leave ends the turn with the reason, not with a model that did not answer', async () => {
  const model = selectModel(
    {
      TACT_MODEL: 'anthropic:test',
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_URL: 'http://127.0.0.1:9',
      OPENAI_COMPATIBLE_KEY: undefined,
    },
    () => {
      throw new Error('the model is not offline')
    },
    async () => {
      throw denied('unsafe_text', 'It was not sent.', { fix: 'Look at it.' })
    },
  )
  const reply = askModel([{ role: 'user', content: 'Hello' }], {
    model,
    toolbox: { tools: new Map() },
    instructions: 'Answer.',
    signal: new AbortController().signal,
  })
  await expect(reply.next()).rejects.toMatchObject({
    kind: 'denied',
    code: 'unsafe_text',
    details: { fix: 'Look at it.' },
  })
})
