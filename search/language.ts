import snowball from 'snowball-stemmers'
import * as stopword from 'stopword'
import { foldInPlace } from './words.ts'

/** Languages whose stems the index knows, each with Snowball's algorithm and its commonest words. */
const KNOWN = {
  english: stopword.eng,
  german: stopword.deu,
  french: stopword.fra,
  spanish: stopword.spa,
  italian: stopword.ita,
  portuguese: stopword.por,
  dutch: stopword.nld,
  swedish: stopword.swe,
  danish: stopword.dan,
  norwegian: stopword.nob,
  finnish: stopword.fin,
  russian: stopword.rus,
} as const

export type Language = keyof typeof KNOWN

const LANGUAGES = Object.keys(KNOWN) as readonly Language[]

const isLanguage = (name: string): name is Language => Object.hasOwn(KNOWN, name)

/** The languages of that name that we know; English when there is none. */
export const knownLanguages = (names: Iterable<string>): readonly Language[] => {
  const known = [...new Set(names)].filter(isLanguage)
  return known.length === 0 ? ['english'] : known
}

const commonWords = new Map(
  LANGUAGES.map((language) => [language, new Set(KNOWN[language].map((word) => foldInPlace(word)))]),
)

/** Too common in this language to tell messages apart. */
export const isCommon = (word: string, language: Language): boolean => commonWords.get(language)!.has(word)

const MAX_LOOKED_AT = 400
/** A text is taken for English unless another language has clearly more of its common words, and enough of them. */
const MUST_BEAT_ENGLISH = 1.5
const MIN_SHARE = 0.12

const countCommon = (words: readonly string[], language: Language): number =>
  words.reduce((count, word) => (isCommon(word, language) ? count + 1 : count), 0)

/** Language of the folded words, by the common words among 400 of them, from all over the text. */
export const languageOf = (words: readonly string[]): Language => {
  const step = Math.max(1, Math.floor(words.length / MAX_LOOKED_AT))
  const sample = step === 1 ? words.slice(0, MAX_LOOKED_AT) : words.filter((_word, at) => at % step === 0)
  let best: Language = 'english'
  let bestCount = Math.max(countCommon(sample, 'english') * MUST_BEAT_ENGLISH, sample.length * MIN_SHARE)
  for (const language of LANGUAGES) {
    if (language === 'english') continue
    const count = countCommon(sample, language)
    if (count > bestCount) [best, bestCount] = [language, count]
  }
  return best
}

const MAX_REMEMBERED = 200_000
const stemmers = new Map<
  Language,
  { readonly stem: (word: string) => string; readonly known: Map<string, string> }
>()

/** Snowball stem of a folded word. */
export const stemOf = (word: string, language: Language): string => {
  let stemmer = stemmers.get(language)
  if (!stemmer) {
    const made = snowball.newStemmer(language)
    stemmer = { stem: (text) => made.stem(text), known: new Map() }
    stemmers.set(language, stemmer)
  }
  const known = stemmer.known.get(word)
  if (known !== undefined) return known
  const stem = stemmer.stem(word) || word
  if (stemmer.known.size >= MAX_REMEMBERED) stemmer.known.clear()
  stemmer.known.set(word, stem)
  return stem
}
