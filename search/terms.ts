import { termsOf, wordsIn } from './analyze.ts'
import { languageOf } from './language.ts'
import type { Language } from './language.ts'
import type { Slot } from './postings.ts'
import { foldInPlace } from './words.ts'

/** A word or phrase of the query as the index knows it. */
export interface Term {
  readonly text: string
  /** All must be met: several for a phrase, for `e-mail` and for an address. */
  readonly slots: readonly Slot[]
  /** How often the query says it. */
  readonly count: number
}

const slotsOf = (
  text: string,
  { languages, asked }: { readonly languages: readonly Language[]; readonly asked: Language },
): readonly Slot[] => {
  const isPrefix = text.endsWith('*')
  const words = wordsIn(text)
  return words.flatMap((word, at): readonly Slot[] => {
    const isLast = at === words.length - 1
    if (isPrefix && isLast) return [{ terms: termsOf(word, languages, asked), prefix: word }]
    const terms = termsOf(word, languages, asked)
    return terms.length === 0 ? [] : [{ terms }]
  })
}

/** Terms that the index can find, and those that are too common to be in it. */
export const lexemesOf = (
  given: readonly string[],
  languages: readonly Language[],
): { readonly terms: readonly Term[]; readonly ignored: readonly string[] } => {
  const terms: Term[] = []
  const ignored: string[] = []
  const asked = languageOf(given.flatMap(wordsIn))
  const counts = new Map<string, number>()
  for (const text of given) counts.set(text, (counts.get(text) ?? 0) + 1)
  for (const [text, count] of counts) {
    const slots = slotsOf(text, { languages, asked })
    if (slots.length === 0) ignored.push(text)
    else terms.push({ text, slots, count })
  }
  return { terms, ignored }
}

/** Beginnings of words to look for in a text when its snippet is cut. */
export const stemsOf = (terms: readonly Term[]): readonly string[] =>
  terms.flatMap(({ text, slots }) =>
    /\s/.test(text)
      ? [foldInPlace(text)]
      : slots.flatMap(({ terms: names, prefix }) => (prefix === undefined ? names : [prefix])),
  )
