import type { ModelMessage } from 'ai'
import type { Actor } from '../domain/actor.ts'
import { asTactError, type PublicError } from '../domain/errors.ts'
import type { AnswerSource, TurnEnd, TurnEvent, TurnStatus } from '../domain/events.ts'
import type { NameStream, PrivacySession } from '../tools/privacy/session.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import { spent, STANDARD_BUDGET, type Budget } from './budget.ts'
import type { Doubt } from './check/check.ts'
import { checkedReply, isPlanner, type Checked, type Shown } from './checked-reply.ts'
import { closeAnswer, closedNames, type ListedHosts } from './closed-names.ts'
import { openJournal, type Journal } from './journal.ts'
import { renderLegend } from './legend.ts'
import type { ChatModel } from './model/model.ts'
import { runCalls } from './run-calls.ts'
import { isAnswered, type TurnState, type TurnStep } from './turn-state.ts'

export interface TurnDependencies {
  readonly model: ChatModel
  /** Takes the place of a model that fails, once, while nothing has been proposed. */
  readonly fallback?: ChatModel | undefined
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
  readonly budget?: Budget | undefined
  readonly sourcesOf: (handles: readonly { id: string; what: string }[]) => Promise<readonly AnswerSource[]>
  /** Hosts that an answer may link to; none without. */
  readonly listedHosts?: ListedHosts
  /** Called once, before the turn ends; `said` is what the conversation store keeps (handles only): whole answers alone. */
  readonly finish: (
    end: TurnEnd,
    said: { readonly asked: string; readonly answered: string } | undefined,
  ) => Promise<void>
  /** Called with all steps so far whenever there are more; `resumed` takes them back. */
  readonly keep?: ((steps: readonly TurnStep[]) => Promise<void>) | undefined
  /** Steps of a turn that broke off: it goes on from there. */
  readonly resumed?: readonly TurnStep[] | undefined
}

const nobody: ListedHosts = async () => new Set()

const inWords = (error: PublicError): string => `${error.message}${error.fix ? ` ${error.fix}` : ''}`

const reasons = (doubts: readonly Doubt[]): string =>
  [...new Set(doubts.map(({ message }) => message))].join('; ')

/** What a model is told once of sentences that were held back. */
const correction = (held: string, doubts: readonly Doubt[]): string =>
  `The reader has not been shown what you wrote from here on:\n${held.trim()}\nReason: ${reasons(doubts)}. Write that part anew, from tool results alone, or leave it out. Do not repeat what came before it, and do not speak of this message.`

/** Words of ours in an answer, in a paragraph of their own. They hold no name. */
async function* say(journal: Journal, text: string, status?: TurnStatus): AsyncGenerator<TurnEvent> {
  const paragraph = `${journal.state().text === '' ? '' : '\n\n'}${text}`
  await journal.take(
    { kind: 'said', text: paragraph },
    ...(status ? [{ kind: 'ended' as const, status }] : []),
  )
  if (paragraph) yield { type: 'text-delta', text: paragraph }
}

const CUT_SHORT = {
  declined: ['The model declined to answer this.', 'refused'],
  too_long: ['The model reached its longest answer and was cut off here. Ask for less at once.', 'failed'],
} as const

/** Ends a turn whose last reply asks for nothing more; true when the model shall write it anew. */
async function* settle(
  journal: Journal,
  { reply, held, doubts }: Checked,
  { budget, model }: { readonly budget: Budget; readonly model: ChatModel },
): AsyncGenerator<TurnEvent, boolean> {
  if (reply.cutShort) {
    const [words, status] = CUT_SHORT[reply.cutShort]
    yield* say(journal, words, status)
  } else if (held !== '' && spent(budget, journal.state().usage) === undefined) {
    await journal.take({ kind: 'correction', text: correction(held, doubts) })
    return true
  } else if (doubts.length > 0) {
    yield* say(
      journal,
      isPlanner(model)
        ? `Check: ${reasons(doubts)}. Do not rely on it.`
        : `Check: I left out what I could not prove: ${reasons(doubts)}.`,
    )
  } else if (journal.state().text === '') {
    yield* say(journal, 'The model ended without an answer. Ask again, or in other words.', 'failed')
  }
  return false
}

/** Requests, calls and corrections until there is an answer or the budget is used up. Throws when a model fails. */
async function* converse(
  journal: Journal,
  question: string,
  dependencies: TurnDependencies,
  { budget, shown, names }: { readonly budget: Budget; readonly shown: Shown; readonly names: NameStream },
): AsyncGenerator<TurnEvent> {
  for (;;) {
    const hasCalls = journal.state().open.length > 0
    yield* runCalls(journal, dependencies, [question])
    dependencies.signal.throwIfAborted()
    const limit = spent(budget, journal.state().usage)
    if (limit !== undefined) {
      const words = `I stopped after ${limit} without an answer. Ask a narrower question.`
      return yield* say(journal, words, 'failed')
    }
    if (hasCalls && /[^\n]$/u.test(journal.state().text)) yield* say(journal, '')
    const state = journal.state()
    const { fallback } = dependencies
    const model = state.insteadOf !== null && fallback ? fallback : dependencies.model
    shown.text = ''
    let checked: Checked
    try {
      checked = yield* checkedReply(state, dependencies, { model, names, shown })
    } catch (error) {
      const isOver = dependencies.signal.aborted || state.insteadOf !== null || state.proposals.length > 0
      if (!fallback || isOver) throw error
      yield* keepShown(journal, shown, names)
      const why = asTactError(error).toPublic().message
      yield* say(
        journal,
        `${why} ${isPlanner(fallback) ? 'The offline planner' : fallback.name} answers in place of ${model.name}:\n\n`,
      )
      await journal.take({ kind: 'instead', failed: model.name })
      continue
    }
    const { reply } = checked
    const step: TurnStep = { kind: 'reply', reply, shown: shown.text, price: model.price }
    shown.text = ''
    await journal.take(step)
    if (reply.calls.length > 0) continue
    if (!(yield* settle(journal, checked, { budget, model }))) return
  }
}

/** What was shown of a reply that broke off stays a part of the answer. */
async function* keepShown(journal: Journal, shown: Shown, names: NameStream): AsyncGenerator<TurnEvent> {
  const rest = await names.end()
  if (rest) yield { type: 'text-delta', text: rest }
  await journal.take({ kind: 'said', text: shown.text })
  shown.text = ''
}

/** What is said of a turn that was stopped, ran out of time, or whose model failed. */
const brokeOff = (
  error: unknown,
  { caller, timeUp, budget }: { caller: AbortSignal; timeUp: AbortSignal; budget: Budget },
): readonly [string, TurnStatus] => {
  if (caller.aborted) return ['Stopped.', 'cancelled']
  if (timeUp.aborted) {
    const time = `${budget.seconds} second${budget.seconds === 1 ? '' : 's'}`
    return [`I stopped after ${time} without an answer. Ask a narrower question.`, 'failed']
  }
  return [inWords(asTactError(error).toPublic()), 'failed']
}

/**
 * One turn of a conversation, as events; the last is `turn-end`. The model sees handles only: the question is scrubbed
 * first, tools answer through the one door. Never throws: a failure ends the turn with a truthful text, and only a whole
 * answer is remembered.
 */
export async function* runTurn(
  question: string,
  dependencies: TurnDependencies,
): AsyncGenerator<TurnEvent, TurnEnd> {
  const { privacy, history, signal: caller, resumed, keep } = dependencies
  const budget = dependencies.budget ?? STANDARD_BUDGET
  const timeUp = AbortSignal.timeout(budget.seconds * 1000)
  const within = { ...dependencies, signal: AbortSignal.any([caller, timeUp]) }
  const journal = openJournal({ history, resumed, keep })
  const shown: Shown = { text: '' }
  const names = closedNames(privacy.restoreStream(), dependencies.listedHosts ?? nobody)
  try {
    if (journal.state().asked === '') {
      const { text, legend } = await privacy.scrubQuestion(question)
      await journal.take({ kind: 'asked', text: `${text}${renderLegend(legend)}` })
    } else {
      const before = await restored(journal.state().text, dependencies)
      if (before) yield { type: 'text-delta', text: before }
    }
    if (!isAnswered(journal.state())) yield* converse(journal, question, within, { budget, shown, names })
  } catch (error) {
    yield* keepShown(journal, shown, names)
    const [words, status] = brokeOff(error, { caller, timeUp, budget })
    yield* say(journal, words, status)
  }
  const end = await endOf(journal.state(), dependencies)
  const isWhole = end.status !== 'failed' && end.status !== 'cancelled'
  await dependencies.finish(
    end,
    isWhole ? { asked: journal.state().asked, answered: end.textWithHandles } : undefined,
  )
  yield end
  return end
}

const restored = async (text: string, { privacy, listedHosts }: TurnDependencies): Promise<string> =>
  closeAnswer(await privacy.restoreText(text), listedHosts ?? nobody)

const endOf = async (state: TurnState, dependencies: TurnDependencies): Promise<TurnEnd> => {
  const { privacy, answerId } = dependencies
  const { usage, insteadOf } = state
  const model = insteadOf !== null && dependencies.fallback ? dependencies.fallback : dependencies.model
  const wasElsewhere = !dependencies.model.local || !model.local
  return {
    type: 'turn-end',
    status: state.status ?? 'answered',
    text: (await restored(state.text, dependencies)).trim(),
    textWithHandles: state.text.trim(),
    readAs: state.readAs === null ? null : await privacy.restoreText(state.readAs),
    calls: state.calls,
    sources: await dependencies.sourcesOf([...state.sources].map(([id, what]) => ({ id, what }))),
    proposals: state.proposals,
    receipt: {
      model: model.name,
      local: !wasElsewhere,
      ...(insteadOf === null ? {} : { insteadOf }),
      requests: usage.requests,
      handles: privacy.handleCount(),
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      cachedTokens: usage.cachedTokens,
      costMicrodollars: usage.microdollars,
      policy: privacy.policy,
      ...(answerId !== undefined && wasElsewhere && (usage.requests > 0 || insteadOf !== null)
        ? { egress: answerId }
        : {}),
    },
  }
}
