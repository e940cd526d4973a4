import { doubtsOf } from './check/check.ts'
import type { Doubt } from './check/check.ts'
import type { Ground } from './check/ground.ts'
import { splitSentences } from './check/sentences.ts'

/** What may be shown of a reply, sentence by sentence, while it arrives. */
export interface Gate {
  /** Takes a piece of the reply; answers with what may be shown of it now. */
  push(piece: string): string
  /** The reply has ended: answers with the rest that may be shown. */
  end(): string
  /** What was held back: from the first doubted sentence on. Empty when all was shown. */
  held(): string
  doubts(): readonly Doubt[]
}

export interface GateSetting {
  /** What the reply may rest on, as it stands now. */
  readonly ground: () => Ground
  /**
   * `hold` keeps everything from the first doubted sentence on, so that the model may write it anew; `drop` leaves
   * doubted sentences out; `mark` shows them, and the doubts are told below.
   */
  readonly onDoubt: 'hold' | 'drop' | 'mark'
}

/** A sentence is shown only when it is whole and was checked. */
export const createGate = ({ ground, onDoubt }: GateSetting): Gate => {
  let pending = ''
  let held = ''
  const doubts: Doubt[] = []
  let known: Ground | undefined
  const pass = (text: string): string => {
    if (held !== '') {
      held += text
      return ''
    }
    // Our own planner says "nothing" of an empty section by rule; a record's sections have no completeness to go by.
    const found = doubtsOf(text, (known ??= ground())).filter(
      ({ kind }) => onDoubt !== 'mark' || kind !== 'all',
    )
    if (found.length === 0) return text
    doubts.push(...found)
    if (onDoubt === 'mark') return text
    if (onDoubt === 'hold') held += text
    return ''
  }
  return {
    push(piece) {
      pending += piece
      const sentences = splitSentences(pending)
      const whole = sentences.slice(0, -1)
      pending = sentences.at(-1)?.text ?? ''
      return whole.map(({ text }) => pass(text)).join('')
    },
    end() {
      const rest = splitSentences(pending)
      pending = ''
      return rest.map(({ text }) => pass(text)).join('')
    },
    held: () => held,
    doubts: () => doubts,
  }
}
