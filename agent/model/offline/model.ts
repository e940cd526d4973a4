import type {
  JSONValue,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4Message,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolResultPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import { readLegend, withoutLegend } from '../../legend.ts'
import { answerText, wordsOf } from './answer.ts'
import type { Outcome } from './answer.ts'
import { shownHandles } from './answer-rows.ts'
import { plan } from './plan.ts'
import type { Plan, PlannedCall, Turn } from './plan-types.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface OfflineOptions {
  readonly vocabulary: Vocabulary
  readonly now: Date
  readonly timezone: string
  readonly staleDays?: number | undefined
}

interface Reply {
  readonly text: string
  readonly calls: readonly { readonly id: string; readonly call: PlannedCall }[]
  readonly readAs: string | null
  readonly status: 'answered' | 'asked_back' | 'refused'
}

const textOf = (message: LanguageModelV4Message): string =>
  message.role === 'system'
    ? message.content
    : message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')

const turnOf = (text: string): Turn => {
  try {
    return readLegend(text)
  } catch {
    return { said: withoutLegend(text), legend: [] }
  }
}

/** What the person said, turn by turn, with the rows that were shown in answer; and what happened since the last turn. */
const readPrompt = (
  prompt: readonly LanguageModelV4Message[],
): { readonly turns: readonly Turn[]; readonly since: readonly LanguageModelV4Message[] } => {
  const turns: Turn[] = []
  let last = -1
  for (const [index, message] of prompt.entries()) {
    if (message.role === 'user') {
      turns.push(turnOf(textOf(message)))
      last = index
    } else if (message.role === 'assistant' && turns.length > 0) {
      const shown = shownHandles(textOf(message))
      const before = turns.at(-1)!
      turns[turns.length - 1] = { ...before, shown: shown.length > 0 ? shown : (before.shown ?? []) }
    }
  }
  return { turns, since: prompt.slice(last + 1) }
}

const outcomeOf = ({ toolName, output }: LanguageModelV4ToolResultPart): Outcome => {
  const parsed = (text: string): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      return { message: text }
    }
  }
  switch (output.type) {
    case 'text':
      return { tool: toolName, isError: false, value: parsed(output.value) }
    case 'json':
      return { tool: toolName, isError: false, value: output.value }
    case 'error-text':
      return { tool: toolName, isError: true, value: parsed(output.value) }
    case 'error-json':
      return { tool: toolName, isError: true, value: output.value }
    case 'execution-denied':
      return { tool: toolName, isError: true, value: { message: 'The call was not allowed.' } }
    case 'content':
      return {
        tool: toolName,
        isError: false,
        value: parsed(output.value.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')),
      }
  }
}

const outcomesIn = (since: readonly LanguageModelV4Message[]): readonly Outcome[] =>
  since.flatMap((message) =>
    message.role === 'tool'
      ? message.content.flatMap((part) => (part.type === 'tool-result' ? [outcomeOf(part)] : []))
      : [],
  )

const rowHandles = ({ value }: Outcome): readonly string[] => {
  const rows = (value as { data?: { rows?: readonly Readonly<Record<string, unknown>>[] } }).data?.rows ?? []
  return rows.flatMap((row) => {
    const own =
      row['id'] ??
      Object.values(row).find((cell) => typeof cell === 'string' && /^[A-Z]+_\d{5,7}$/.test(cell))
    return typeof own === 'string' ? [own] : []
  })
}

const withRow = (value: unknown, row: string): unknown => {
  if (value === '$row') return row
  if (Array.isArray(value)) return value.map((one) => withRow(one, row))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withRow(one, row)]))
  }
  return value
}

const said = (planned: Exclude<Plan, { kind: 'calls' }>): Reply => ({
  text: wordsOf(planned),
  calls: [],
  readAs: null,
  status: planned.kind === 'clarify' ? 'asked_back' : 'refused',
})

/** The step after the results: the second half of a plan, or the answer. Results are read as data, never as requests. */
const afterResults = (planned: Extract<Plan, { kind: 'calls' }>, outcomes: readonly Outcome[]): Reply => {
  const [first] = planned.calls
  const answered = (): Reply => ({
    text: answerText(
      planned,
      planned.calls.flatMap((call) => (call.next ? [call, call.next] : [call])),
      outcomes,
    ),
    calls: [],
    readAs: planned.readAs,
    status: 'answered',
  })
  const [result] = outcomes
  if (!first?.next || outcomes.length > 1 || !result || result.isError) {
    return first?.next && outcomes.length > 1
      ? { ...answered(), text: answerText(planned, [first.next], outcomes.slice(1)) }
      : answered()
  }
  const rows = rowHandles(result)
  if (rows.length === 0) {
    return {
      text: 'I found no open deal for that name, so there is nothing to change.',
      calls: [],
      readAs: planned.readAs,
      status: 'asked_back',
    }
  }
  if (rows.length > 1) {
    return said({
      kind: 'clarify',
      question: 'More than one record fits. Which one do you mean?',
      choices: rows,
    })
  }
  const second = { ...first.next, args: withRow(first.next.args, rows[0]!) as PlannedCall['args'] }
  return {
    text: '',
    calls: [{ id: 'offline-2-1', call: second }],
    readAs: planned.readAs,
    status: 'answered',
  }
}

const replyTo = (call: LanguageModelV4CallOptions, options: OfflineOptions): Reply => {
  const { turns, since } = readPrompt(call.prompt)
  const tools = new Set((call.tools ?? []).map(({ name }) => name))
  const planned = plan({ turns, tools, ...options })
  if (planned.kind !== 'calls') return said(planned)
  const outcomes = outcomesIn(since)
  if (outcomes.length > 0) return afterResults(planned, outcomes)
  return {
    text: '',
    calls: planned.calls.map((one, at) => ({ id: `offline-1-${at + 1}`, call: one })),
    readAs: planned.readAs,
    status: 'answered',
  }
}

const USAGE: LanguageModelV4Usage = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
}

const finishOf = (reply: Reply): LanguageModelV4FinishReason => ({
  unified: reply.calls.length > 0 ? 'tool-calls' : 'stop',
  raw: undefined,
})

const metadataOf = (reply: Reply): Record<string, Record<string, JSONValue>> => ({
  tact: { status: reply.status, readAs: reply.readAs },
})

const pieces = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

const streamOf = (reply: Reply): ReadableStream<LanguageModelV4StreamPart> =>
  new ReadableStream({
    start(controller) {
      controller.enqueue({ type: 'stream-start', warnings: [] })
      if (reply.text !== '') {
        controller.enqueue({ type: 'text-start', id: '1' })
        for (const delta of pieces(reply.text)) controller.enqueue({ type: 'text-delta', id: '1', delta })
        controller.enqueue({ type: 'text-end', id: '1' })
      }
      for (const { id, call } of reply.calls) {
        const input = JSON.stringify(call.args)
        controller.enqueue({ type: 'tool-input-start', id, toolName: call.tool })
        controller.enqueue({ type: 'tool-input-delta', id, delta: input })
        controller.enqueue({ type: 'tool-input-end', id })
        controller.enqueue({ type: 'tool-call', toolCallId: id, toolName: call.tool, input })
      }
      controller.enqueue({
        type: 'finish',
        usage: USAGE,
        finishReason: finishOf(reply),
        providerMetadata: metadataOf(reply),
      })
      controller.close()
    },
  })

/**
 * The planner as a language model: sees the prompt and tools a cloud model sees, calls no network, gives the same answer
 * to the same prompt. Beside its text it says in provider metadata `tact` how it read the question.
 */
export const offlineModel = (options: OfflineOptions): LanguageModelV4 => ({
  specificationVersion: 'v4',
  provider: 'tact',
  modelId: 'offline',
  supportedUrls: {},
  doGenerate: async (call) => {
    const reply = replyTo(call, options)
    const content: LanguageModelV4Content[] = [
      ...(reply.text === '' ? [] : [{ type: 'text' as const, text: reply.text }]),
      ...reply.calls.map(({ id, call: one }) => ({
        type: 'tool-call' as const,
        toolCallId: id,
        toolName: one.tool,
        input: JSON.stringify(one.args),
      })),
    ]
    return {
      content,
      finishReason: finishOf(reply),
      usage: USAGE,
      warnings: [],
      providerMetadata: metadataOf(reply),
    }
  },
  doStream: async (call) => ({ stream: streamOf(replyTo(call, options)) }),
})
