import type { Token } from './normalise.ts'

/** Ways into a question and out of it that say nothing themselves, word by word; the longest that fits goes. */
const OPENINGS: readonly (readonly string[])[] = [
  'could you please',
  'could you',
  'can you please',
  'can you',
  'can i get',
  'can i see',
  'can we see',
  'would you',
  'will you',
  'please',
  'pls',
  'plz',
  'kindly',
  'hey',
  'hi',
  'hello',
  'ok',
  'okay',
  'so',
  'well',
  'quick question',
  'quick one',
  'just',
  'tell me',
  'let me know',
  'let me see',
  'give me',
  'gimme',
  'get me',
  'show me',
  'read me',
  'i want to know',
  'i want to see',
  'i would like to know',
  'i would like to see',
  'i would like',
  'i would be grateful for',
  'i would appreciate',
  'i am looking for',
  'i am after',
  'find out',
  'i need to know',
  'i need to see',
  'i am wondering',
  'i was wondering',
  'i wonder',
  'wondering',
  'do you know',
  'any idea',
  'any chance you know',
  'remind me who',
  'remind me what',
  'remind me when',
  'remind me which',
  'remind me where',
  'remind me how',
].map((words) => words.split(' '))

const CLOSINGS: readonly (readonly string[])[] = [
  'please',
  'pls',
  'plz',
  'thanks',
  'thx',
  'ta',
  'thank you',
  'thanks a lot',
  'cheers',
  'for me please',
  'if you can',
  'if possible',
  'would you',
  'again',
  'asap',
].map((words) => words.split(' '))

const fits = (tokens: readonly Token[], at: number, words: readonly string[]): boolean =>
  words.every((word, index) => tokens[at + index]?.word === word && tokens[at + index]!.kind === 'word')

const KEPT = new Set(['who', 'what', 'when', 'which', 'where', 'how'])

const isMark = (token: Token | undefined): boolean => token?.kind === 'mark'

/** The tokens without the courtesies before and after; what is left is never empty. */
export const withoutCourtesy = (tokens: readonly Token[]): readonly Token[] => {
  let from = 0
  let until = tokens.length
  for (let found = true; found;) {
    found = false
    for (const words of OPENINGS) {
      if (!fits(tokens, from, words)) continue
      const length = words.length - (KEPT.has(words.at(-1)!) ? 1 : 0)
      if (from + length >= until) continue
      from += length
      while (isMark(tokens[from]) && from + 1 < until) from += 1
      found = true
      break
    }
  }
  for (let found = true; found;) {
    found = false
    for (const words of CLOSINGS) {
      const at = until - words.length
      if (at <= from || !fits(tokens, at, words)) continue
      until = at
      while (isMark(tokens[until - 1]) && until - 1 > from) until -= 1
      found = true
      break
    }
  }
  return from === 0 && until === tokens.length ? tokens : tokens.slice(from, until)
}
