import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { Config } from '../../config.ts'
import { bug, userError } from '../../domain/errors.ts'
import type { Budget, Price } from '../budget.ts'
import type { ChatModel } from './model.ts'

export type ModelSettings = Pick<
  Config,
  'TACT_MODEL' | 'ANTHROPIC_API_KEY' | 'ANTHROPIC_URL' | 'OPENAI_COMPATIBLE_KEY'
>
type AllModelSettings = ModelSettings &
  Pick<Config, 'TACT_FALLBACK_MODEL' | 'TACT_MODEL_PRICE' | 'TACT_NARRATIVE_MODEL'>
type BudgetSettings = Pick<
  Config,
  'TACT_TURN_REQUESTS' | 'TACT_TURN_TOKENS' | 'TACT_TURN_SECONDS' | 'TACT_TURN_DOLLARS' | 'TACT_MODEL_PRICE'
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
  return { name: `anthropic:${id}`, local: false, language: provider(id), keepsPrompts: true }
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
    includeUsage: true,
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

const MILLION = 1_000_000

const priceOf = (setting: string | undefined): Price | undefined => {
  if (setting === undefined) return undefined
  const [input = 0, output = 0, cachedInput = input] = setting
    .split('/')
    .map((dollars) => Math.round(Number(dollars) * MILLION))
  return { input, output, cachedInput }
}

const FREE: Price = { input: 0, output: 0, cachedInput: 0 }

/**
 * The model for answers with its price, and the one that takes its place when it fails (none where both are the same).
 * Throws as `selectModel` does, for either.
 */
export const selectModels = (
  settings: AllModelSettings,
  offline: () => ChatModel,
  beforeSend: BeforeSend,
): { readonly model: ChatModel; readonly fallback?: ChatModel } => {
  const { TACT_MODEL: first = 'offline', TACT_FALLBACK_MODEL: second } = settings
  const free = (): ChatModel => ({ ...offline(), price: FREE })
  const priced = { price: first === 'offline' ? FREE : priceOf(settings.TACT_MODEL_PRICE) }
  const model = { ...selectModel(settings, offline, beforeSend), ...priced }
  if (first === 'offline' || second === 'none' || second === first) return { model }
  return { model, fallback: selectModel({ ...settings, TACT_MODEL: second }, free, beforeSend) }
}

/**
 * The model that puts a digest into words and folds long conversations: TACT_NARRATIVE_MODEL, else the one for answers.
 * Its price is known where it is that one. Throws as `selectModel` does.
 */
export const selectNarrator = (
  settings: AllModelSettings,
  offline: () => ChatModel,
  beforeSend: BeforeSend,
): ChatModel => {
  const { TACT_MODEL: answers = 'offline', TACT_NARRATIVE_MODEL: name = answers } = settings
  const price = name === 'offline' ? FREE : name === answers ? priceOf(settings.TACT_MODEL_PRICE) : undefined
  return { ...selectModel({ ...settings, TACT_MODEL: name }, offline, beforeSend), price }
}

/** What one answer may use. Throws a user error for a bound in dollars without a price. */
export const budgetOf = (settings: BudgetSettings): Budget => {
  const { TACT_TURN_DOLLARS: dollars, TACT_MODEL_PRICE: price } = settings
  if (dollars !== undefined && price === undefined) {
    throw userError('no_price', 'TACT_TURN_DOLLARS is set, but no price of the model is known.', {
      fix: 'Set TACT_MODEL_PRICE, such as 3/15/0.3, or leave TACT_TURN_DOLLARS out.',
    })
  }
  return {
    requests: settings.TACT_TURN_REQUESTS,
    tokens: settings.TACT_TURN_TOKENS,
    seconds: settings.TACT_TURN_SECONDS,
    ...(dollars === undefined ? {} : { microdollars: Math.round(dollars * MILLION) }),
  }
}
