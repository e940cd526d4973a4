import type { DialogueState } from './dialogue.ts'

/** "And the month before?" after a question about this month. */
export const stepBack = (said: string, { draft }: DialogueState): string => {
  const token = draft?.period?.kind === 'named' ? draft.period.token : ''
  return said.replace(
    /\bthe (day|week|month|quarter|year) (?:before(?: that)?|prior|earlier)\b/giu,
    (words, unit: string) =>
      token === `this_${unit.toLowerCase()}`
        ? `last ${unit}`
        : token === 'today' && unit.toLowerCase() === 'day'
          ? 'yesterday'
          : words,
  )
}
