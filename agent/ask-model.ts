import { jsonSchema, streamText, tool, type ModelMessage, type ToolSet } from 'ai'
import { z } from 'zod'
import { TactError, unavailable, userError } from '../domain/errors.ts'
import type { TurnEvent, TurnStatus } from '../domain/events.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import type { ChatModel } from './model/model.ts'

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
  readonly readAs: string | null
  readonly status: TurnStatus | null
}

interface Setting {
  readonly model: ChatModel
  readonly toolbox: Toolbox
  readonly instructions: string
  readonly signal: AbortSignal
}

/** What the offline planner says beside its text, in the provider metadata of the finish part. */
const PlannerWord = z.object({
  status: z.enum(['answered', 'asked_back', 'refused']).optional(),
  readAs: z.string().nullish(),
})

/** Longest answer to one request. */
const MAX_OUTPUT_TOKENS = 8192

// Its warnings go to the console and would repeat what a provider sent; failures reach us as errors.
globalThis.AI_SDK_LOG_WARNINGS = false

/** Tools without `execute`: the SDK hands the calls back, and only the one door runs them. */
export const toolSet = (toolbox: Toolbox): ToolSet =>
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
    readAs: null as string | null,
    status: null as TurnStatus | null,
  }
  const result = streamText({
    model: model.language,
    instructions,
    messages: [...messages],
    tools: toolSet(toolbox),
    abortSignal: signal,
    maxRetries: 2,
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    onError: () => {},
  })
  for await (const part of result.stream) {
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
  return reply
}
