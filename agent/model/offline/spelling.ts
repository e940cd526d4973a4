import type { Grammar } from './chart.ts'
import { isStop } from './cover.ts'
import type { Token } from './normalise.ts'
import { stem } from './stem.ts'

/** Whether two words are one edit apart: a letter more, less, other, or two neighbours swapped. */
const isOneEdit = (a: string, b: string): boolean => {
  if (Math.abs(a.length - b.length) > 1) return false
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1
  const restA = a.slice(at)
  const restB = b.slice(at)
  if (restA.slice(1) === restB.slice(1)) return true
  if (restA === restB.slice(1) || restA.slice(1) === restB) return true
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2)
}

/** Long words that no rule knows and that are one edit from exactly one known word become that word. */
export const correctSpelling = (tokens: readonly Token[], grammar: Grammar): readonly Token[] =>
  tokens.map((token) => {
    if (token.kind !== 'word' || token.word.length < 5 || /\d/.test(token.word) || isStop(token)) return token
    if (grammar.known.has(token.stem) || grammar.known.has(token.word) || /^\p{Lu}/u.test(token.raw))
      return token
    const near = [...grammar.known].filter((word) => word.length >= 4 && isOneEdit(token.stem, word))
    if (near.length !== 1) return token
    return { ...token, word: near[0]!, stem: stem(near[0]!) }
  })
