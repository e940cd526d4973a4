import { jsonSchema, streamText, tool, type ModelMessage, type ToolSet } from 'ai'
import { z } from 'zod'
import { TactError, unavailable, userError } from '../domain/errors.ts'
import type { TurnEvent, TurnStatus } from '../domain/events.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import { foldOld } from './fold.ts'
import type { ChatModel } from './model/model.ts'
import { keptInstructions } from './prompt.ts'

export interface ToolRequest {
  readonly id: string
  readonly tool: string
  readonly arguments: unknown
}

/** What a model answered in one request: text, tool calls, and (offline planner) how it read the question. */
export interface ModelReply {
  readonly text: string
  readonly calls: readonly ToolRequest[]
  readonly inputTokens: number
  readonly outputTokens: number
  /** Of the input tokens, those that the provider had kept. */
  readonly cachedTokens: number
  readonly readAs: string | null
  readonly status: TurnStatus | null
  /** Set when it is no whole answer: the model declined, or reached its longest answer. */
  readonly cutShort?: 'declined' | 'too_long' | undefined
}

interface Setting {
  readonly model: ChatModel
  readonly toolbox: Pick<Toolbox, 'tools'>
  readonly instructions: string
  readonly signal: AbortSignal
}

/** What the offline planner says beside its text, in the provider metadata of the finish part. */
const PlannerWord = z.object({
  status: z.enum(['answered', 'asked_back', 'refused']).optional(),
  readAs: z.string().nullish(),
})

/** Reasons to end that a provider gave itself; without one the stream broke off. */
const WHOLE: ReadonlySet<string> = new Set(['stop', 'tool-calls', 'length', 'content-filter'])

const CUT_SHORT: Readonly<Record<string, ModelReply['cutShort']>> = {
  'content-filter': 'declined',
  length: 'too_long',
}

/** Longest answer to one request. */
const MAX_OUTPUT_TOKENS = 8192

// Its warnings go to the console and would repeat what a provider sent; failures reach us as errors.
globalThis.AI_SDK_LOG_WARNINGS = false

const toolSets = new WeakMap<Pick<Toolbox, 'tools'>, ToolSet>()

/** Tools without `execute`: the SDK hands the calls back, and only the one door runs them. Made once a toolbox. */
export const toolSet = (toolbox: Pick<Toolbox, 'tools'>): ToolSet => {
  const known = toolSets.get(toolbox) ?? makeToolSet(toolbox)
  toolSets.set(toolbox, known)
  return known
}

const makeToolSet = (toolbox: Pick<Toolbox, 'tools'>): ToolSet =>
  Object.fromEntries(
    [...toolbox.tools.values()].map(({ name, description, input }) => {
      const schema = z.toJSONSchema(input, { io: 'input', target: 'draft-7' })
      return [
        name,
        tool({ description, inputSchema: jsonSchema(schema as Parameters<typeof jsonSchema>[0]) }),
      ]
    }),
  )

const argumentsOf = (input: unknown): unknown => {
  if (typeof input !== 'string') return input
  try {
    return JSON.parse(input)
  } catch {
    return input
  }
}

/** Errors of ours that the SDK has wrapped: what stopped a request before it left. */
const ownErrorIn = (error: unknown): TactError | undefined => {
  let here = error
  for (let depth = 0; depth < 5 && here instanceof Error; depth += 1) {
    if (here instanceof TactError) return here
    here = 'lastError' in here ? here.lastError : here.cause
  }
  return undefined
}

const modelFailed = (error: unknown): Error => {
  const own = ownErrorIn(error)
  if (own) return own
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  if (status === 401 || status === 403) {
    return userError('model_refused_key', 'The model provider refused the key.', {
      fix: 'Check the key that TACT_MODEL needs.',
    })
  }
  return unavailable(
    'model_unavailable',
    `The model did not answer${typeof status === 'number' ? ` (HTTP ${status})` : ''}.`,
    {
      fix: 'Try again in a moment, or set TACT_MODEL=offline.',
      cause: error,
    },
  )
}

/** A stream whose connection breaks is a provider that failed. */
async function* untorn<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  try {
    yield* stream
  } catch (error) {
    throw signal.aborted ? error : modelFailed(error)
  }
}

/** One request to the model; text streams out as it comes, with handles. Throws when the provider fails. */
export async function* askModel(
  messages: readonly ModelMessage[],
  { model, toolbox, instructions, signal }: Setting,
): AsyncGenerator<Extract<TurnEvent, { type: 'text-delta' }>, ModelReply> {
  const reply = {
    text: '',
    calls: [] as ToolRequest[],
    inputTokens: 0,
    outputTokens: 0,
    cachedTokens: 0,
    readAs: null as string | null,
    status: null as TurnStatus | null,
    cutShort: undefined as ModelReply['cutShort'],
  }
  let isWhole = false
  const result = streamText({
    model: model.language,
    instructions: model.keepsPrompts ? keptInstructions(instructions) : instructions,
    messages: [...foldOld(messages)],
    ...(toolbox.tools.size === 0 ? {} : { tools: toolSet(toolbox) }),
    abortSignal: signal,
    maxRetries: 2,
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    onError: () => {},
  })
  for await (const part of untorn(result.stream, signal)) {
    switch (part.type) {
      case 'text-delta': {
        reply.text += part.text
        yield { type: 'text-delta', text: part.text }
        break
      }
      case 'tool-call':
        reply.calls.push({ id: part.toolCallId, tool: part.toolName, arguments: argumentsOf(part.input) })
        break
      case 'finish-step': {
        reply.inputTokens += part.usage.inputTokens ?? 0
        reply.outputTokens += part.usage.outputTokens ?? 0
        reply.cachedTokens += part.usage.inputTokenDetails.cacheReadTokens ?? 0
        isWhole = WHOLE.has(part.finishReason)
        reply.cutShort = CUT_SHORT[part.finishReason]
        const word = PlannerWord.safeParse(part.providerMetadata?.['tact'])
        if (word.success) {
          reply.readAs = word.data.readAs ?? null
          reply.status = word.data.status ?? null
        }
        break
      }
      case 'error':
        throw modelFailed(part.error)
      case 'abort':
        throw unavailable('cancelled', 'The turn was stopped.')
      default:
        break
    }
  }
  if (!isWhole) throw modelFailed(undefined)
  return reply
}
