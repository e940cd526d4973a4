import type { Grammar } from './chart.ts'
import { isContent, isUnskippable } from './cover.ts'
import type { Token } from './normalise.ts'
import { tokenise } from './normalise.ts'

const MOST_TRIED = 8
const MOST_OFFERED = 2

/** What was said without some of its words. */
const withoutWords = (said: string, words: readonly Token[]): string => {
  let text = said
  for (const { start, end } of [...words].sort((a, b) => b.start - a.start))
    text = text.slice(0, start) + text.slice(end)
  return text
    .replace(/\s+/gu, ' ')
    .replace(/ (?=[?.!,])/gu, '')
    .trim()
}

/** Words to try the question without: those no rule knows first, then the rest from the end. */
const candidates = (tokens: readonly Token[], grammar: Grammar): readonly Token[] => {
  const open = tokens.filter((token) => token.kind === 'word' && isContent(token) && !isUnskippable(token))
  const isKnown = ({ stem, word }: Token): boolean => grammar.byWord.has(stem) || grammar.byWord.has(word)
  return [...open.filter((token) => !isKnown(token)), ...open.filter(isKnown).toReversed()].slice(
    0,
    MOST_TRIED,
  )
}

/**
 * What could not be read, without the words that stood in the way: at most two questions that `reads` accepts. First
 * without all that the best reading left out, then without one word each.
 */
export const shorterQuestions = (
  said: string,
  lost: readonly Token[],
  grammar: Grammar,
  reads: (said: string) => boolean,
): readonly string[] => {
  const tries = [
    ...(lost.length > 0 ? [lost] : []),
    ...candidates(tokenise(said), grammar).map((token) => [token]),
  ]
  const found: string[] = []
  for (const words of tries) {
    const shorter = withoutWords(said, words)
    if (shorter === '' || found.includes(shorter) || !reads(shorter)) continue
    found.push(shorter)
    if (found.length === MOST_OFFERED) break
  }
  return found
}
