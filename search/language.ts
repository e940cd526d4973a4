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

const MAX_LOOKED_AT = 300
/** A text is taken for English unless another language has clearly more of its common words. */
const MUST_BEAT_ENGLISH = 1.3

/** Language of the folded words, by the common words among the first 300. */
export const languageOf = (words: readonly string[]): Language => {
  const sample = words.slice(0, MAX_LOOKED_AT)
  let best: Language = 'english'
  let bestCount = 0
  for (const language of LANGUAGES) {
    const common = commonWords.get(language)!
    let count = 0
    for (const word of sample) if (common.has(word)) count += 1
    if (count > (best === 'english' ? bestCount * MUST_BEAT_ENGLISH : bestCount))
      [best, bestCount] = [language, count]
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
