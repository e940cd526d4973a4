import type { TurnEvent } from '../domain/events.ts'
import type { NameStream } from '../tools/privacy/session.ts'
import { askModel, type ModelReply } from './ask-model.ts'
import { readGround } from './check/ground.ts'
import type { Doubt } from './check/check.ts'
import { createGate } from './gate.ts'
import type { ChatModel } from './model/model.ts'
import type { TurnDependencies } from './turn.ts'
import type { TurnState } from './turn-state.ts'

/** Name of the model that writes answers by rules from results alone: asking it again would change nothing. */
const PLANNER = 'offline'
export const isPlanner = ({ name }: ChatModel): boolean => name === PLANNER

/** How the planner read a question is its own word about the question, not about the records. */
const READ_AS = /^Read as:.*$/gmu

export interface Checked {
  readonly reply: ModelReply
  /** From the first doubted sentence on; empty when all was shown. */
  readonly held: string
  readonly doubts: readonly Doubt[]
}

/** What of a reply was shown, with handles: also of one that broke off. */
export interface Shown {
  text: string
}

/** One reply of a model, shown as far as the check lets it: the offline planner's whole, others' sentence by sentence. */
export async function* checkedReply(
  state: TurnState,
  dependencies: TurnDependencies,
  { model, names, shown }: { readonly model: ChatModel; readonly names: NameStream; readonly shown: Shown },
): AsyncGenerator<TurnEvent, Checked> {
  const { history, instructions } = dependencies
  const gate = createGate({
    onDoubt: isPlanner(model) ? 'mark' : state.isCorrecting ? 'drop' : 'hold',
    ground: () =>
      readGround({
        question: state.asked,
        before: [instructions, ...history.map(({ content }) => JSON.stringify(content))],
        outcomes: state.outcomes,
      }),
  })
  const show = async function* (text: string): AsyncGenerator<TurnEvent> {
    shown.text += text
    const restored = text === '' ? '' : await names.push(text)
    if (restored) yield { type: 'text-delta', text: restored }
  }
  const replies = askModel(state.messages, { ...dependencies, model })
  for (;;) {
    const next = await replies.next()
    if (next.done) {
      const reply = next.value
      // A planner that asked back or refused states nothing; its suggestions hold figures of examples.
      if (isPlanner(model) && reply.status !== 'asked_back' && reply.status !== 'refused')
        gate.push(reply.text.replace(READ_AS, ''))
      // Of a reply that was cut off, the last sentence is not whole.
      yield* show(isPlanner(model) ? reply.text : reply.cutShort ? '' : gate.end())
      if (isPlanner(model)) gate.end()
      const rest = await names.end()
      if (rest) yield { type: 'text-delta', text: rest }
      return { reply, held: gate.held(), doubts: gate.doubts() }
    }
    if (!isPlanner(model)) yield* show(gate.push(next.value.text))
  }
}
