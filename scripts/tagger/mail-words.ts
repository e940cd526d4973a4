import { readFileSync } from 'node:fs'
import { foldForLexicon } from '../../redaction/tagger/lexicon.ts'
import { spamAssassinFiles } from '../../mail/testing/corpus.ts'

export interface CaseCount {
  /** Messages in which the word stands in small letters. */
  small: number
  /** Messages in which it is capitalised in the middle of a sentence. */
  capital: number
}

/** How many messages of the SpamAssassin corpus (public domain) write a word small, and how many capitalised. */
export const countMailWords = (): ReadonlyMap<string, CaseCount> => {
  const counts = new Map<string, CaseCount>()
  for (const { path } of spamAssassinFiles(/ham/u)) {
    const text = readFileSync(path, 'latin1')
    const body = text.slice(text.search(/\r?\n\r?\n/u)).replace(/<[^>]*>|\S*[@/_=]\S*/gu, ' . ')
    const seen = new Set<string>()
    for (const [, before, word] of body.matchAll(/([^A-Za-z'’]*)([A-Za-z]{2,20})(?![A-Za-z])/gu)) {
      const small = /^[a-z]+$/u.test(word!)
      if (!small && (!/^[A-Z][a-z]+$/u.test(word!) || before !== ' ')) continue
      const key = `${small ? 's' : 'c'}${word!.toLowerCase()}`
      if (seen.has(key)) continue
      seen.add(key)
      const folded = foldForLexicon(word!)
      const count = counts.get(folded) ?? { small: 0, capital: 0 }
      if (small) count.small += 1
      else count.capital += 1
      counts.set(folded, count)
    }
  }
  return counts
}
