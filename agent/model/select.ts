import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { Config } from '../../config.ts'
import { bug, userError } from '../../domain/errors.ts'
import type { ChatModel } from './model.ts'

export type ModelSettings = Pick<
  Config,
  'TACT_MODEL' | 'ANTHROPIC_API_KEY' | 'ANTHROPIC_URL' | 'OPENAI_COMPATIBLE_KEY'
>

/** Told before each request to a model that is not on this machine, with the exact body; what it throws stops the request. */
export type BeforeSend = (request: { readonly model: string; readonly body: string }) => Promise<void>

/** Sends only what was recorded: a body that is no text cannot be recorded, so it is not sent. */
const recordingFetch =
  (model: string, beforeSend: BeforeSend): typeof fetch =>
  async (input, init) => {
    if (typeof init?.body !== 'string') {
      throw bug('unrecorded_request', 'A request to a model had a body that could not be recorded.')
    }
    await beforeSend({ model, body: init.body })
    return fetch(input, init)
  }

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

const anthropic = (id: string, settings: ModelSettings, beforeSend: BeforeSend): ChatModel => {
  if (!settings.ANTHROPIC_API_KEY) {
    throw userError('no_key', 'The model is set to anthropic, but there is no ANTHROPIC_API_KEY.', {
      fix: 'Set ANTHROPIC_API_KEY, or TACT_MODEL=offline to work without a key.',
    })
  }
  const provider = createAnthropic({
    apiKey: settings.ANTHROPIC_API_KEY,
    fetch: recordingFetch(`anthropic:${id}`, beforeSend),
    ...(settings.ANTHROPIC_URL ? { baseURL: settings.ANTHROPIC_URL } : {}),
  })
  return { name: `anthropic:${id}`, local: false, language: provider(id) }
}

const compatible = (address: string, settings: ModelSettings, beforeSend: BeforeSend): ChatModel => {
  const [base, id] = address.split('#')
  if (!base || !id || !URL.canParse(base)) {
    throw userError('bad_model', 'An openai-compatible model is written openai-compatible:<url>#<model>.', {
      fix: 'For Ollama: TACT_MODEL=openai-compatible:http://127.0.0.1:11434/v1#qwen3',
    })
  }
  const local = LOOPBACK.test(new URL(base).hostname)
  const provider = createOpenAICompatible({
    name: 'compatible',
    baseURL: base,
    ...(local ? {} : { fetch: recordingFetch(`openai-compatible:${id}`, beforeSend) }),
    ...(settings.OPENAI_COMPATIBLE_KEY ? { apiKey: settings.OPENAI_COMPATIBLE_KEY } : {}),
  })
  return {
    name: `openai-compatible:${id}`,
    local,
    language: provider(id),
  }
}

/**
 * The model that TACT_MODEL names; the offline planner where it names none, so that nothing leaves this machine unasked.
 * Throws a user error for a name it cannot read or a key that is missing.
 */
export const selectModel = (
  settings: ModelSettings,
  offline: () => ChatModel,
  beforeSend: BeforeSend,
): ChatModel => {
  const name = settings.TACT_MODEL ?? 'offline'
  const [kind, ...rest] = name.split(':')
  const detail = rest.join(':')
  if (name === 'offline') return offline()
  if (kind === 'anthropic' && detail) return anthropic(detail, settings, beforeSend)
  if (kind === 'openai-compatible' && detail) return compatible(detail, settings, beforeSend)
  throw userError('bad_model', 'TACT_MODEL does not name a model that Tact knows.', {
    validOptions: ['offline', 'anthropic:<model>', 'openai-compatible:<url>#<model>'],
  })
}
