import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { Config } from '../../config.ts'
import { userError } from '../../domain/errors.ts'
import type { ChatModel } from './model.ts'

export type ModelSettings = Pick<
  Config,
  'TACT_MODEL' | 'ANTHROPIC_API_KEY' | 'ANTHROPIC_URL' | 'OPENAI_COMPATIBLE_KEY'
>

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

const anthropic = (id: string, settings: ModelSettings): ChatModel => {
  if (!settings.ANTHROPIC_API_KEY) {
    throw userError('no_key', 'The model is set to anthropic, but there is no ANTHROPIC_API_KEY.', {
      fix: 'Set ANTHROPIC_API_KEY, or TACT_MODEL=offline to work without a key.',
    })
  }
  const provider = createAnthropic({
    apiKey: settings.ANTHROPIC_API_KEY,
    ...(settings.ANTHROPIC_URL ? { baseURL: settings.ANTHROPIC_URL } : {}),
  })
  return { name: `anthropic:${id}`, local: false, language: provider(id) }
}

const compatible = (address: string, settings: ModelSettings): ChatModel => {
  const [base, id] = address.split('#')
  if (!base || !id || !URL.canParse(base)) {
    throw userError('bad_model', 'An openai-compatible model is written openai-compatible:<url>#<model>.', {
      fix: 'For Ollama: TACT_MODEL=openai-compatible:http://127.0.0.1:11434/v1#qwen3',
    })
  }
  const provider = createOpenAICompatible({
    name: 'compatible',
    baseURL: base,
    ...(settings.OPENAI_COMPATIBLE_KEY ? { apiKey: settings.OPENAI_COMPATIBLE_KEY } : {}),
  })
  return {
    name: `openai-compatible:${id}`,
    local: LOOPBACK.test(new URL(base).hostname),
    language: provider(id),
  }
}

/**
 * The model that TACT_MODEL names; the offline planner where it names none, so that nothing leaves this machine unasked.
 * Throws a user error for a name it cannot read or a key that is missing.
 */
export const selectModel = (settings: ModelSettings, offline: () => ChatModel): ChatModel => {
  const name = settings.TACT_MODEL ?? 'offline'
  const [kind, ...rest] = name.split(':')
  const detail = rest.join(':')
  if (name === 'offline') return offline()
  if (kind === 'anthropic' && detail) return anthropic(detail, settings)
  if (kind === 'openai-compatible' && detail) return compatible(detail, settings)
  throw userError('bad_model', 'TACT_MODEL does not name a model that Tact knows.', {
    validOptions: ['offline', 'anthropic:<model>', 'openai-compatible:<url>#<model>'],
  })
}
