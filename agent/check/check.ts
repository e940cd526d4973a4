import { unfoundedFigures } from './figure-doubts.ts'
import type { Ground } from './ground.ts'
import { splitSentences } from './sentences.ts'
import type { Sentence } from './sentences.ts'
import { claimsChange, sweepingWord, unfoundedNames, unfoundedQuotes, unknownHandles } from './word-doubts.ts'

export type DoubtKind = 'figure' | 'quote' | 'handle' | 'name' | 'all' | 'claim'

/** What is wrong with a sentence, in words for the reader and for the model. They hold no name. */
export interface Doubt {
  readonly kind: DoubtKind
  readonly message: string
}

export interface DoubtedSentence extends Sentence {
  readonly doubts: readonly Doubt[]
}

/** What code can find wrong with one sentence, given all that the turn rests on. Empty when all is well. */
export const doubtsOf = (sentence: string, ground: Ground): Doubt[] => {
  const doubts: Doubt[] = []
  const figures = [...new Set(unfoundedFigures(sentence, ground).map(({ text }) => text.trim()))]
  if (figures.length > 0)
    doubts.push({
      kind: 'figure',
      message: `no record of this conversation holds ${figures.slice(0, 5).join(', ')} there`,
    })
  if (unfoundedQuotes(sentence, ground).length > 0)
    doubts.push({ kind: 'quote', message: 'a quote stands in no text that was read' })
  if (unknownHandles(sentence, ground).length > 0)
    doubts.push({ kind: 'handle', message: 'a handle was never issued' })
  if (unfoundedNames(sentence, ground).length > 0)
    doubts.push({ kind: 'name', message: 'a name comes from no record' })
  const sweeping = sweepingWord(sentence, ground)
  if (sweeping)
    doubts.push({
      kind: 'all',
      message: `"${sweeping.toLowerCase()}" is said of a list that is not complete`,
    })
  if (claimsChange(sentence, ground))
    doubts.push({
      kind: 'claim',
      message: ground.proposed
        ? 'nothing has been changed; the change is proposed and waits for a person'
        : 'nothing has been changed',
    })
  return doubts
}

/** The sentences of an answer that cannot be shown as they are, and why. */
export const checkAnswer = (answer: string, ground: Ground): DoubtedSentence[] =>
  splitSentences(answer).flatMap((sentence) => {
    const doubts = doubtsOf(sentence.text, ground)
    return doubts.length > 0 ? [{ ...sentence, doubts }] : []
  })
