import type { Bag } from '../bag.ts'

/** Where each sentence begins, as an index of its first token; the first is 0. */
export const sentenceStarts = ({ text, tokens }: Pick<Bag, 'text' | 'tokens'>): readonly number[] =>
  tokens.flatMap((token, at) =>
    at === 0 || /[.?!]\s/.test(text.slice(tokens[at - 1]!.end, token.start)) ? [at] : [],
  )
