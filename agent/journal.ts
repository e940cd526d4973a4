import type { ModelMessage } from 'ai'
import { afterStep, stateAfter, type TurnState, type TurnStep } from './turn-state.ts'

/** What happened in a turn so far, and the state it leads to. */
export interface Journal {
  state(): TurnState
  /** Takes steps that belong together; kept before the turn goes on. */
  take(...steps: readonly TurnStep[]): Promise<void>
}

export interface JournalSetting {
  readonly history: readonly ModelMessage[]
  /** Steps of a turn that broke off, to go on from. */
  readonly resumed?: readonly TurnStep[] | undefined
  readonly keep?: ((steps: readonly TurnStep[]) => Promise<void>) | undefined
}

export const openJournal = ({ history, resumed = [], keep }: JournalSetting): Journal => {
  const steps = [...resumed]
  let state = stateAfter(steps, history)
  return {
    state: () => state,
    take: async (...more) => {
      for (const step of more) {
        steps.push(step)
        state = afterStep(state, step, history)
      }
      await keep?.(steps)
    },
  }
}
