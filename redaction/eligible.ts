import { assertNever } from '../domain/errors.ts'
import { recordUri } from '../domain/records.ts'
import { isCommonWord, isEverydayWord } from './common-words.ts'
import { isSpokenTo, meansTime, speaksForName, standsAlone, startsSentence } from './cues.ts'
import type { Meaning } from './dictionary.ts'
import { anyActive, factsOf, onePerRecord } from './meanings.ts'
import type { ActiveRecords } from './meanings.ts'

/** `content`: mail, notes, results. `question`: a member's own words, where short names mean records far more often. */
export type ScrubMode = 'content' | 'question'

interface Words {
  readonly text: string
  readonly start: number
  readonly end: number
}

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

/** `Don't`, which names no Don. */
const isContraction = ({ text, end }: Words): boolean => /^['’]t(?!\p{L})/iu.test(text.slice(end, end + 3))

/**
 * The meanings that hold where the words stand. Forms that need no context always do; a single word that is no common
 * word when it is capitalised, or its record is active; a common word only where the surroundings speak for a name.
 */
export const eligibleMeanings = (
  meanings: readonly Meaning[],
  words: Words,
  { active, mode }: { readonly active: ActiveRecords; readonly mode: ScrubMode },
): readonly Meaning[] => {
  if (factsOf(meanings).allAlways) return meanings
  if (isContraction(words)) return []
  const slice = words.text.slice(words.start, words.end)
  const parts = slice.split(/[^\p{L}\p{N}]+/u).filter((part) => part.length > 1)
  const common = parts.every(mode === 'question' ? isEverydayWord : isCommonWord)
  const capital = isCapitalised(slice)
  const holds = (acronym: boolean, activeHere: boolean): boolean => {
    if (common && acronym) return activeHere && capital
    switch (mode) {
      case 'content':
        if (common) return commonInContent(words, activeHere)
        if (acronym) return activeHere && capital
        return (
          capital || (slice.length > 2 && (activeHere || standsAlone(words.text, words.start, words.end)))
        )
      case 'question':
        if (common) return commonInQuestion(words, activeHere)
        if (acronym) return capital || activeHere
        return capital || slice.length > 2
      default:
        return assertNever(mode)
    }
  }
  /** What the surroundings say is the same for all meanings of a kind. */
  const answers: (boolean | undefined)[] = []
  const isEligible = (meaning: Meaning, activeHere: boolean): boolean => {
    if (meaning.needs === 'always') return true
    const acronym = isAcronymOf(meaning, slice)
    return (answers[(acronym ? 2 : 0) + (activeHere ? 1 : 0)] ??= holds(acronym, activeHere))
  }
  const someActive = anyActive(meanings, active)
  const eligible = meanings.filter((meaning) =>
    isEligible(meaning, someActive && active.has(recordUri(meaning.record))),
  )
  return eligible.length === meanings.length ? meanings : eligible
}

/** Where some of several records are active, the others are not meant. One meaning a record. */
export const narrowMeanings = (meanings: readonly Meaning[], active: ActiveRecords): readonly Meaning[] =>
  anyActive(meanings, active)
    ? onePerRecord(meanings.filter(({ record }) => active.has(recordUri(record))))
    : onePerRecord(meanings)
