import { isCommonWord } from './common-words.ts'
import type { Dictionary, DictionaryMatch, Meaning } from './dictionary.ts'
import type { ScrubMode } from './eligible.ts'
import { joinMeanings, ofPeople } from './meanings.ts'
import { NICKNAMES } from './nicknames.ts'
import { createWordIndex, createWordList, foldWord, readWords } from './words.ts'
import type { WordIndex, WordList } from './words.ts'

export interface ShortNameOptions {
  readonly mode: ScrubMode
  readonly nicknames?: ReadonlyMap<string, readonly string[]> | undefined
}

/** People whose given name the word is short for: by the list of short names, and in a question by its beginning. */
const shortFor = (
  word: string,
  dictionary: Dictionary,
  { mode, nicknames }: ShortNameOptions,
): readonly Meaning[] => {
  const folded = foldWord(word)
  const named = (nicknames ?? NICKNAMES).get(folded) ?? []
  const lists = named.map((given) => ofPeople(dictionary.lookup(given), 'first'))
  const isPrefix = mode === 'question' && folded.length >= 3 && /^\p{Lu}\p{Ll}+$/u.test(word)
  if (isPrefix && !isCommonWord(word)) lists.push(ofPeople(dictionary.firstNamesFrom(folded), 'first'))
  const [first = [], ...others] = lists.filter(({ length }) => length > 0)
  return others.reduce(joinMeanings, first)
}

/** A family in the plural: `the Whitmores`. The group is everyone of that family name. */
const familyOf = (text: string, start: number, end: number, dictionary: Dictionary): readonly Meaning[] => {
  if (!/\bthe\s+$/iu.test(text.slice(Math.max(0, start - 8), start))) return []
  const word = text.slice(start, end)
  const stems = [word.slice(0, -1), ...(/es$/iu.test(word) ? [word.slice(0, -2)] : [])]
  for (const stem of stems) {
    const family = stem.length > 2 && !isCommonWord(word) ? ofPeople(dictionary.lookup(stem), 'last') : []
    if (family.length > 0) return family
  }
  return []
}

export interface ShortMatch extends DictionaryMatch {
  readonly group?: true
}

const indexes = new WeakMap<ReadonlyMap<string, readonly string[]>, WordIndex>()

const indexOf = (nicknames: ReadonlyMap<string, readonly string[]>): WordIndex => {
  const known = indexes.get(nicknames) ?? createWordIndex(nicknames.keys())
  indexes.set(nicknames, known)
  return known
}

const isSmallS = (unit: number): boolean => unit === 0x73 || unit === 0x53

/** Whether the word before ends as `the` does; all else is quickly told. */
const mayFollowThe = (text: string, { start, end }: WordList, at: number): boolean => {
  if (at === 0 || end[at - 1]! - start[at - 1]! < 3) return false
  const last = text.charCodeAt(end[at - 1]! - 1)
  return last > 127 || ((last | 0x20) === 0x65 && (text.charCodeAt(end[at - 1]! - 2) | 0x20) === 0x68)
}

/** Words that name people without being a form of their name: short names, beginnings of names, families. */
export const findShortNames = (
  text: string,
  dictionary: Dictionary,
  options: ShortNameOptions,
  words: WordList = readWords(text, createWordList(64)),
): readonly ShortMatch[] => {
  const nicknames = indexOf(options.nicknames ?? NICKNAMES)
  const found: ShortMatch[] = []
  for (let at = 0; at < words.count; at += 1) {
    const start = words.start[at]!
    const end = words.end[at]!
    if (end - start < 2) continue
    if (options.mode === 'question' || nicknames.has(words.first[at]!, words.second[at]!)) {
      const meanings = shortFor(text.slice(start, end), dictionary, options)
      if (meanings.length > 0) found.push({ start, end, meanings })
    }
    if (end - start < 4 || !isSmallS(text.charCodeAt(end - 1)) || !mayFollowThe(text, words, at)) continue
    const family = familyOf(text, start, end, dictionary)
    if (family.length > 0) found.push({ start, end, meanings: family, group: true })
  }
  return found
}
