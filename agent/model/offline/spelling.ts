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

/** Slips of the hand in words too short to be told from their neighbours. */
const SLIPS: Readonly<Record<string, string>> = {
  taht: 'that',
  teh: 'the',
  hte: 'the',
  adn: 'and',
  nad: 'and',
  wen: 'when',
  whne: 'when',
  wehn: 'when',
  wich: 'which',
  whcih: 'which',
  waht: 'what',
  whta: 'what',
  hwo: 'who',
  woh: 'who',
  lst: 'last',
  lsat: 'last',
  laste: 'last',
  tlak: 'talk',
  taks: 'task',
  form: 'from',
  fro: 'for',
  wtih: 'with',
  wiht: 'with',
  mnay: 'many',
  opne: 'open',
  dael: 'deal',
  daels: 'deals',
  ym: 'my',
  msot: 'most',
  mots: 'most',
  htis: 'this',
  tihs: 'this',
}

/** Long words that no rule knows and that are one edit from exactly one known word become that word. */
export const correctSpelling = (tokens: readonly Token[], grammar: Grammar): readonly Token[] =>
  tokens.map((token, at) => {
    const meant = token.kind === 'word' && !grammar.known.has(token.word) ? SLIPS[token.word] : undefined
    if (meant !== undefined) return { ...token, word: meant, stem: stem(meant) }
    if (
      token.kind !== 'word' ||
      token.word.length < 5 ||
      token.stem.length < 4 ||
      /\d/.test(token.word) ||
      isStop(token)
    )
      return token
    if (
      grammar.known.has(token.stem) ||
      grammar.known.has(token.word) ||
      (at > 0 && /^\p{Lu}/u.test(token.raw))
    )
      return token
    const near = [...grammar.known].filter(
      // A letter more at the end is another form of the word, or another word: "complaint" is no "complain".
      (word) =>
        word.length >= 5 - Number(token.word.length > 6) &&
        !token.stem.startsWith(word) &&
        isOneEdit(token.stem, word),
    )
    if (near.length !== 1) return token
    return { ...token, word: near[0]!, stem: stem(near[0]!) }
  })
