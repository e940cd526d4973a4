import type { ModelMessage } from 'ai'
import type { Actor } from '../domain/actor.ts'
import { asTactError, type PublicError } from '../domain/errors.ts'
import type { AnswerSource, CallRecord, TurnEnd, TurnEvent, TurnStatus } from '../domain/events.ts'
import type { Toolbox, ToolOutcome } from '../tools/toolbox.ts'
import type { NameStream, PrivacySession } from '../tools/privacy/session.ts'
import { askModel, type ModelReply, type ToolRequest } from './ask-model.ts'
import { renderLegend } from './legend.ts'
import type { ChatModel } from './model/model.ts'
import { closeAnswer, closedNames, type ListedHosts } from './closed-names.ts'
import { readGround } from './check/ground.ts'
import type { Doubt } from './check/check.ts'
import { createGate } from './gate.ts'

export interface TurnDependencies {
  readonly model: ChatModel
  readonly toolbox: Toolbox
  readonly privacy: PrivacySession
  readonly instructions: string
  readonly actor: Actor
  readonly conversationId: string
  /** Under which the requests of this turn are recorded. */
  readonly answerId?: string
  /** Earlier turns, with handles, oldest first. */
  readonly history: readonly ModelMessage[]
  readonly signal: AbortSignal
  /** Requests to the model in one turn, at most. */
  readonly maxRequests?: number
  readonly sourcesOf: (handles: readonly { id: string; what: string }[]) => Promise<readonly AnswerSource[]>
  /** Hosts that an answer may link to; none without. */
  readonly listedHosts?: ListedHosts
  /** Called once, before the turn ends, with what the conversation store keeps (handles only). */
  readonly remember: (question: string, answer: string) => Promise<void>
}

interface TurnState {
  readonly messages: ModelMessage[]
  readonly calls: CallRecord[]
  readonly outcomes: ToolOutcome[]
  readonly sources: Map<string, string>
  readonly proposals: string[]
  requests: number
  inputTokens: number
  outputTokens: number
  text: string
  readAs: string | null
  status: TurnStatus | null
}

const MAX_PARALLEL_CALLS = 8
/** Name of the model that writes answers by rules from results alone: asking it again would change nothing. */
const PLANNER = 'offline'

const nobody: ListedHosts = async () => new Set()

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

const keep = (state: TurnState, call: ToolRequest, outcome: ToolOutcome): void => {
  state.calls.push({
    tool: call.tool,
    arguments: call.arguments,
    ok: outcome.ok,
    ...(outcome.ok ? {} : { error: outcome.error }),
  })
  state.outcomes.push(outcome)
  state.messages.push(outcomeMessage(call, outcome))
  if (!outcome.ok) return
  for (const { id, what } of outcome.result.sources) state.sources.set(id, what)
}

async function* runCalls(
  requests: readonly ToolRequest[],
  state: TurnState,
  dependencies: TurnDependencies,
  said: readonly string[],
): AsyncGenerator<TurnEvent> {
  const { toolbox, actor, conversationId, signal } = dependencies
  for (let start = 0; start < requests.length; start += MAX_PARALLEL_CALLS) {
    const batch = requests.slice(start, start + MAX_PARALLEL_CALLS)
    for (const { id, tool } of batch) {
      yield {
        type: 'tool-call',
        id,
        tool,
        label: toolbox.tools.get(tool)?.labels.running ?? `Calling ${tool}`,
      }
    }
    const outcomes = await Promise.all(
      batch.map((request) =>
        toolbox.call(request.tool, request.arguments, { actor, conversationId, signal, said }),
      ),
    )
    for (const [index, outcome] of outcomes.entries()) {
      const call = batch[index]!
      keep(state, call, outcome)
      const label = toolbox.tools.get(call.tool)?.labels.done ?? call.tool
      yield { type: 'tool-result', id: call.id, tool: call.tool, ok: outcome.ok, label }
      const proposal = outcome.ok ? outcome.proposalId : undefined
      if (proposal) {
        state.proposals.push(proposal)
        yield { type: 'proposal', id: proposal }
      }
    }
  }
}

const take = (state: TurnState, reply: ModelReply): void => {
  state.requests += 1
  state.inputTokens += reply.inputTokens
  state.outputTokens += reply.outputTokens
  state.readAs = reply.readAs ?? state.readAs
  state.status = reply.status ?? state.status
  state.messages.push({
    role: 'assistant',
    content: [
      ...(reply.text ? [{ type: 'text' as const, text: reply.text }] : []),
      ...reply.calls.map((call) => ({
        type: 'tool-call' as const,
        toolCallId: call.id,
        toolName: call.tool,
        input: call.arguments,
      })),
    ],
  })
}

const inWords = (error: PublicError): string => `${error.message}${error.fix ? ` ${error.fix}` : ''}`

const reasons = (doubts: readonly Doubt[]): string =>
  [...new Set(doubts.map(({ message }) => message))].join('; ')

/** How the planner read a question is its own word about the question, not about the records. */
const READ_AS = /^Read as:.*$/gmu

interface Checked {
  readonly reply: ModelReply
  readonly held: string
  readonly doubts: readonly Doubt[]
}

/** One reply of the model, shown as far as the check lets it: the offline planner's whole, others' sentence by sentence. */
async function* checkedReply(
  state: TurnState,
  dependencies: TurnDependencies,
  onDoubt: 'hold' | 'drop',
  asked: string,
  names: NameStream,
): AsyncGenerator<TurnEvent, Checked> {
  const { model, history, instructions } = dependencies
  const isPlanner = model.name === PLANNER
  const gate = createGate({
    onDoubt: isPlanner ? 'mark' : onDoubt,
    ground: () =>
      readGround({
        question: asked,
        before: [instructions, ...history.map(({ content }) => JSON.stringify(content))],
        outcomes: state.outcomes,
      }),
  })
  const show = async function* (text: string): AsyncGenerator<TurnEvent> {
    state.text += text
    const restored = text === '' ? '' : await names.push(text)
    if (restored) yield { type: 'text-delta', text: restored }
  }
  const replies = askModel(state.messages, dependencies)
  for (;;) {
    const next = await replies.next()
    if (next.done) {
      const reply = next.value
      // A planner that asked back or refused states nothing; its suggestions hold figures of examples.
      if (isPlanner && reply.status !== 'asked_back' && reply.status !== 'refused')
        gate.push(reply.text.replace(READ_AS, ''))
      yield* show(isPlanner ? reply.text : gate.end())
      if (isPlanner) gate.end()
      const rest = await names.end()
      if (rest) yield { type: 'text-delta', text: rest }
      return { reply, held: gate.held(), doubts: gate.doubts() }
    }
    if (!isPlanner) yield* show(gate.push(next.value.text))
  }
}

/**
 * One turn of a conversation, as events; the last is `turn-end`. The model sees handles only: the question is scrubbed
 * first, tools answer through the one door. Never throws: a failure ends the turn with a truthful text.
 */
export async function* runTurn(
  question: string,
  dependencies: TurnDependencies,
): AsyncGenerator<TurnEvent, TurnEnd> {
  const { privacy, model, signal, listedHosts: listed = nobody } = dependencies
  const maxRequests = dependencies.maxRequests ?? 12
  const state: TurnState = {
    messages: [...dependencies.history],
    calls: [],
    outcomes: [],
    sources: new Map(),
    proposals: [],
    requests: 0,
    inputTokens: 0,
    outputTokens: 0,
    text: '',
    readAs: null,
    status: null,
  }
  const names = closedNames(privacy.restoreStream(), listed)
  let asked = ''
  try {
    const { text, legend } = await privacy.scrubQuestion(question)
    asked = `${text}${renderLegend(legend)}`
    state.messages.push({ role: 'user', content: asked })
    let isCorrecting = false
    for (;;) {
      const onDoubt = isCorrecting ? 'drop' : 'hold'
      const { reply, held, doubts } = yield* checkedReply(state, dependencies, onDoubt, asked, names)
      take(state, reply)
      if (reply.calls.length === 0) {
        if (held !== '' && state.requests < maxRequests) {
          isCorrecting = true
          state.messages.push({ role: 'user', content: correction(held, doubts) })
          continue
        }
        if (doubts.length > 0) {
          const isMarked = model.name === PLANNER
          yield* add(
            state,
            isMarked
              ? `Check: ${reasons(doubts)}. Do not rely on it.`
              : `Check: I left out what I could not prove: ${reasons(doubts)}.`,
          )
        }
        break
      }
      yield* runCalls(reply.calls, state, dependencies, [question])
      if (state.requests >= maxRequests) {
        state.status = 'failed'
        yield* add(state, `I stopped after ${maxRequests} steps without an answer. Ask a narrower question.`)
        break
      }
      if (state.text && !state.text.endsWith('\n')) yield* add(state, '')
    }
  } catch (error) {
    const stopped = signal.aborted
    state.status = stopped ? 'cancelled' : 'failed'
    yield* add(state, stopped ? 'Stopped.' : inWords(asTactError(error).toPublic()))
  }
  const end: TurnEnd = {
    type: 'turn-end',
    status: state.status ?? 'answered',
    text: (await closeAnswer(await privacy.restoreText(state.text), listed)).trim(),
    textWithHandles: state.text.trim(),
    readAs: state.readAs === null ? null : await privacy.restoreText(state.readAs),
    calls: state.calls,
    sources: await dependencies.sourcesOf([...state.sources].map(([id, what]) => ({ id, what }))),
    proposals: state.proposals,
    receipt: {
      model: model.name,
      local: model.local,
      requests: state.requests,
      handles: privacy.handleCount(),
      inputTokens: state.inputTokens,
      outputTokens: state.outputTokens,
      policy: privacy.policy,
      ...(dependencies.answerId !== undefined && !model.local && state.requests > 0
        ? { egress: dependencies.answerId }
        : {}),
    },
  }
  if (asked && end.status !== 'failed' && end.status !== 'cancelled')
    await dependencies.remember(asked, end.textWithHandles)
  yield end
  return end
}

/** What a model is told once of sentences that were held back. */
const correction = (held: string, doubts: readonly Doubt[]): string =>
  `The reader has not been shown what you wrote from here on:\n${held.trim()}\nReason: ${reasons(doubts)}. Write that part anew, from tool results alone, or leave it out. Do not repeat what came before it, and do not speak of this message.`

/** Words of ours in an answer, in a paragraph of their own. They hold no name. */
function* add(state: TurnState, text: string): Generator<TurnEvent> {
  const paragraph = `${state.text === '' ? '' : '\n\n'}${text}`
  state.text += paragraph
  if (paragraph) yield { type: 'text-delta', text: paragraph }
}
