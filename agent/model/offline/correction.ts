import type { Token } from './normalise.ts'

const TURNING_BACK = new Set(['no', 'nope', 'nah', 'sorry', 'oops', 'wait', 'actually', 'rather', ','])
const MEANING: readonly (readonly string[])[] = [
  ['i', 'meant'],
  ['i', 'mean'],
  ['we', 'meant'],
  ['make', 'it'],
  ['make', 'that'],
]

/** What a correction puts in place of what was read before: the words after "no, I meant". */
export const correctionOf = (tokens: readonly Token[]): readonly Token[] | undefined => {
  let at = 0
  while (at < tokens.length && TURNING_BACK.has(tokens[at]!.word)) at += 1
  const said = MEANING.find((words) => words.every((word, index) => tokens[at + index]?.word === word))
  if (said) at += said.length
  else if (at === 0 || tokens[0]!.word === ',') return undefined
  while (tokens[at]?.word === ',') at += 1
  return at > 0 && at < tokens.length ? tokens.slice(at) : undefined
}
