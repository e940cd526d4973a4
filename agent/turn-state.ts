import type { ModelMessage } from 'ai'
import type { CallRecord, TurnStatus } from '../domain/events.ts'
import type { ToolOutcome } from '../tools/toolbox.ts'
import type { ModelReply, ToolRequest } from './ask-model.ts'
import { NO_USAGE, withRequest, type Price, type Usage } from './budget.ts'

/**
 * What happened in a turn, one after the other. All text is with handles. Kept while the turn runs: read from the
 * beginning they give the state in which a turn goes on after a crash.
 */
export type TurnStep =
  /** The question, scrubbed, with its legend. */
  | { readonly kind: 'asked'; readonly text: string }
  /** A whole reply of the model, and what of its text was shown. */
  | {
      readonly kind: 'reply'
      readonly reply: ModelReply
      readonly shown: string
      readonly price?: Price | undefined
    }
  | { readonly kind: 'outcome'; readonly call: ToolRequest; readonly outcome: ToolOutcome }
  /** What the model was told of sentences that were held back. */
  | { readonly kind: 'correction'; readonly text: string }
  /** Words of ours, or of a reply that broke off. */
  | { readonly kind: 'said'; readonly text: string }
  /** A model failed; another begins the turn anew. */
  | { readonly kind: 'instead'; readonly failed: string }
  | { readonly kind: 'ended'; readonly status: TurnStatus }

export interface TurnState {
  readonly asked: string
  readonly messages: readonly ModelMessage[]
  /** Calls that the model asked for and that have no outcome yet. */
  readonly open: readonly ToolRequest[]
  readonly calls: readonly CallRecord[]
  readonly outcomes: readonly ToolOutcome[]
  /** Handle to what it is. */
  readonly sources: ReadonlyMap<string, string>
  readonly proposals: readonly string[]
  readonly usage: Usage
  /** The answer so far, with handles. */
  readonly text: string
  readonly readAs: string | null
  readonly status: TurnStatus | null
  readonly isCorrecting: boolean
  readonly insteadOf: string | null
}

export const startState = (history: readonly ModelMessage[]): TurnState => ({
  asked: '',
  messages: history,
  open: [],
  calls: [],
  outcomes: [],
  sources: new Map(),
  proposals: [],
  usage: NO_USAGE,
  text: '',
  readAs: null,
  status: null,
  isCorrecting: false,
  insteadOf: null,
})

const outcomeMessage = (call: ToolRequest, outcome: ToolOutcome): ModelMessage => ({
  role: 'tool',
  content: [
    {
      type: 'tool-result',
      toolCallId: call.id,
      toolName: call.tool,
      output: outcome.ok
        ? { type: 'text', value: JSON.stringify(outcome.result) }
        : { type: 'error-text', value: JSON.stringify(outcome.error) },
    },
  ],
})

/** Providers take back only objects as arguments, whatever the model wrote. */
const sentBack = (input: unknown): unknown =>
  typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {}

const replyMessage = ({ text, calls }: ModelReply): ModelMessage => ({
  role: 'assistant',
  content: [
    ...(text ? [{ type: 'text' as const, text }] : []),
    ...calls.map((call) => ({
      type: 'tool-call' as const,
      toolCallId: call.id,
      toolName: call.tool,
      input: sentBack(call.arguments),
    })),
  ],
})

const withOutcome = (state: TurnState, call: ToolRequest, outcome: ToolOutcome): TurnState => ({
  ...state,
  messages: [...state.messages, outcomeMessage(call, outcome)],
  open: state.open.filter(({ id }) => id !== call.id),
  calls: [
    ...state.calls,
    {
      tool: call.tool,
      arguments: call.arguments,
      ok: outcome.ok,
      ...(outcome.ok ? {} : { error: outcome.error }),
    },
  ],
  outcomes: [...state.outcomes, outcome],
  sources: outcome.ok
    ? new Map([...state.sources, ...outcome.result.sources.map(({ id, what }) => [id, what] as const)])
    : state.sources,
  proposals:
    outcome.ok && outcome.proposalId ? [...state.proposals, outcome.proposalId] : [...state.proposals],
})

/** The state after one more step. Pure. */
export const afterStep = (state: TurnState, step: TurnStep, history: readonly ModelMessage[]): TurnState => {
  switch (step.kind) {
    case 'asked':
      return {
        ...state,
        asked: step.text,
        messages: [...state.messages, { role: 'user', content: step.text }],
      }
    case 'reply':
      return {
        ...state,
        // A reply without words and calls is no message: providers refuse empty ones.
        messages:
          step.reply.text || step.reply.calls.length > 0
            ? [...state.messages, replyMessage(step.reply)]
            : state.messages,
        open: step.reply.calls,
        usage: withRequest(state.usage, step.reply, step.price),
        text: state.text + step.shown,
        readAs: step.reply.readAs ?? state.readAs,
        status: step.reply.status ?? state.status,
      }
    case 'outcome':
      return withOutcome(state, step.call, step.outcome)
    case 'correction':
      return {
        ...state,
        isCorrecting: true,
        messages: [...state.messages, { role: 'user', content: step.text }],
      }
    case 'said':
      return { ...state, text: state.text + step.text }
    case 'instead':
      return {
        ...startState(history),
        asked: state.asked,
        messages: [...history, { role: 'user', content: state.asked }],
        calls: state.calls,
        outcomes: state.outcomes,
        usage: state.usage,
        text: state.text,
        insteadOf: step.failed,
      }
    case 'ended':
      return { ...state, status: step.status, open: [] }
  }
}

/** Whether nothing is left to do: the turn ended, or its last word is a reply that asks for nothing more. */
export const isAnswered = ({ status, messages, open, text, usage }: TurnState): boolean =>
  status === 'failed' ||
  status === 'cancelled' ||
  (usage.requests > 0 && open.length === 0 && text !== '' && messages.at(-1)?.role === 'assistant')

/** The state that steps lead to, from the beginning of a turn. */
export const stateAfter = (steps: readonly TurnStep[], history: readonly ModelMessage[]): TurnState => {
  let state = startState(history)
  for (const step of steps) state = afterStep(state, step, history)
  return state
}
