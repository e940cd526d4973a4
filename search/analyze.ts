import { isCommon, languageOf, stemOf } from './language.ts'
import type { Language } from './language.ts'
import { foldInPlace } from './words.ts'

/** Change it when the same text gives other words: the index is then made anew, in the background. */
export const ANALYZER_VERSION = 1

/** Fields of a message in the order in which counts and lengths are kept. */
export const FIELDS = ['subject', 'sender', 'body', 'quoted'] as const
export const FIELD_COUNT = FIELDS.length

export interface MessageText {
  readonly subject: string
  readonly sender: string
  readonly body: string
  readonly quoted: string
}

export interface Analyzed {
  readonly language: Language
  /** Occurrences of each term by field, 255 at most. */
  readonly terms: ReadonlyMap<string, Uint8Array>
  /** Words by field. */
  readonly lengths: readonly number[]
}

const MAX_TERM = 48
const MAX_FIELD_CHARACTERS = 100_000
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+|[\p{L}\p{N}]+/gu
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

/** Words as they stand, folded; writing without spaces gives pairs of characters. */
export const wordsIn = (text: string): readonly string[] => {
  const words: string[] = []
  for (const [match] of foldInPlace(text).matchAll(WORD)) {
    if (!UNSPACED.test(match)) {
      words.push(match.slice(0, MAX_TERM))
      continue
    }
    const characters = Array.from(match)
    if (characters.length === 1) words.push(match)
    for (let at = 0; at + 1 < characters.length; at += 1) words.push(characters[at]! + characters[at + 1]!)
  }
  return words
}

/** Names of senders are kept as they stand, all else by stems, without the commonest words. */
export const analyze = (message: MessageText): Analyzed => {
  const words = FIELDS.map((field) => wordsIn(message[field].slice(0, MAX_FIELD_CHARACTERS)))
  const language = languageOf([...words[2]!, ...words[0]!])
  const terms = new Map<string, Uint8Array>()
  const lengths = words.map((list, field) => {
    let length = 0
    for (const word of list) {
      if (field !== 1 && isCommon(word, language)) continue
      const term = field === 1 ? word : stemOf(word, language)
      let counts = terms.get(term)
      if (!counts) terms.set(term, (counts = new Uint8Array(FIELD_COUNT)))
      if (counts[field]! < 255) counts[field]! += 1
      length += 1
    }
    return Math.min(length, 65_535)
  })
  return { language, terms, lengths }
}

/**
 * What a word of a query may be called in the index: its stem in each language, and the word itself (names). None when it
 * is too common in the language of the query.
 */
export const termsOf = (word: string, languages: readonly Language[], asked: Language): readonly string[] => {
  if (isCommon(word, asked)) return []
  const meant = languages.filter((language) => !isCommon(word, language))
  return [...new Set([word, ...meant.map((language) => stemOf(word, language))])]
}
