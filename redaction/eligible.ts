import { assertNever } from '../domain/errors.ts'
import { recordUri } from '../domain/records.ts'
import { isCommonWord, isEverydayWord } from './common-words.ts'
import { isSpokenTo, meansTime, speaksForName, standsAlone, startsSentence } from './cues.ts'
import type { Meaning } from './dictionary.ts'

/** `content`: mail, notes, results. `question`: a member's own words, where short names mean records far more often. */
export type ScrubMode = 'content' | 'question'

/** URIs of the records this conversation or result is about. */
export interface ActiveRecords {
  has(uri: string): boolean
}

interface Words {
  readonly text: string
  readonly start: number
  readonly end: number
}

const isActive = (meaning: Meaning, active: ActiveRecords): boolean => active.has(recordUri(meaning.record))

const isCapitalised = (slice: string): boolean => /^\p{Lu}|^\p{Lo}/u.test(slice)

/** Letters of an acronym say little: many companies share theirs with business talk. */
const isAcronymOf = (meaning: Meaning, slice: string): boolean =>
  meaning.label === 'COMPANY' && slice.length <= 4 && !/\s/u.test(slice)

const commonInContent = ({ text, start, end }: Words, activeHere: boolean): boolean => {
  if (!isCapitalised(text.slice(start, end)) || meansTime(text, start, end)) return false
  if (activeHere) return !startsSentence(text, start) || speaksForName(text, start, end)
  return speaksForName(text, start, end)
}

const commonInQuestion = ({ text, start, end }: Words, activeHere: boolean): boolean => {
  if (meansTime(text, start, end)) return false
  if (!isCapitalised(text.slice(start, end))) return isSpokenTo(text, start)
  return activeHere || !startsSentence(text, start) || speaksForName(text, start, end)
}

/**
 * The meanings that hold where the words stand. Forms that need no context always do; a single word that is no common
 * word when it is capitalised, or its record is active; a common word only where the surroundings speak for a name.
 */
export const eligibleMeanings = (
  meanings: readonly Meaning[],
  words: Words,
  { active, mode }: { readonly active: ActiveRecords; readonly mode: ScrubMode },
): readonly Meaning[] => {
  if (meanings.every(({ needs }) => needs === 'always')) return meanings
  const slice = words.text.slice(words.start, words.end)
  const parts = slice.split(/[^\p{L}\p{N}]+/u).filter((part) => part.length > 1)
  const common = parts.every(mode === 'question' ? isEverydayWord : isCommonWord)
  return meanings.filter((meaning) => {
    if (meaning.needs === 'always') return true
    const activeHere = isActive(meaning, active)
    const capital = isCapitalised(slice)
    if (common && isAcronymOf(meaning, slice)) return activeHere && capital
    switch (mode) {
      case 'content':
        if (common) return commonInContent(words, activeHere)
        if (isAcronymOf(meaning, slice)) return activeHere && capital
        return (
          capital || (slice.length > 2 && (activeHere || standsAlone(words.text, words.start, words.end)))
        )
      case 'question':
        if (common) return commonInQuestion(words, activeHere)
        if (isAcronymOf(meaning, slice)) return capital || activeHere
        return capital || slice.length > 2
      default:
        return assertNever(mode)
    }
  })
}

/** Where some of several records are active, the others are not meant. One meaning a record. */
export const narrowMeanings = (meanings: readonly Meaning[], active: ActiveRecords): readonly Meaning[] => {
  const here = meanings.filter((meaning) => isActive(meaning, active))
  const rank = { full: 0, first: 1, last: 2 }
  const byRecord = new Map<string, Meaning>()
  for (const meaning of here.length > 0 ? here : meanings) {
    const uri = recordUri(meaning.record)
    const known = byRecord.get(uri)
    if (!known || rank[meaning.form] < rank[known.form]) byRecord.set(uri, meaning)
  }
  return [...byRecord.values()]
}
