import type { HandleLabel } from '../domain/handle.ts'
import { isCommonWord } from './common-words.ts'
import type { Dictionary, Meaning } from './dictionary.ts'
import type { ScrubMode } from './eligible.ts'
import type { FoundSpan } from './merge.ts'
import { directoryPaths } from './tagger/directory.ts'
import { tagNames } from './tagger/tag.ts'
import type { TaggedName, TaggerModel } from './tagger/tag.ts'

/** How sure the tagger must be: in a question, words of ours stand without the surroundings of a letter. */
const LEAST = { content: 0.15, question: 0.5 } as const
/** Of a common word that stands alone, as Will and Mark do. */
const LEAST_COMMON = { content: 0.75, question: 2 } as const

export interface UnknownNameOptions {
  readonly dictionary: Dictionary
  readonly mode: ScrubMode
  readonly tagger?: TaggerModel | undefined
}

const isPerson = ({ label }: Meaning): boolean => label === 'PERSON' || label === 'MEMBER'

/** A single word that the records have too, and that only the tagger takes for a name here, stands for them. */
const spanOf = (text: string, { start, end, words }: TaggedName, dictionary: Dictionary): FoundSpan => {
  const known = words === 1 ? dictionary.lookup(text.slice(start, end)).filter(isPerson) : []
  const [first] = known
  const base = { start, end, by: 'tagger' as const }
  if (!first) return { ...base, label: 'NAME', records: [], labels: [], form: 'full' }
  const label: HandleLabel = known.length > 1 ? 'NAME' : first.label
  return {
    ...base,
    label,
    records: known.map(({ record }) => record),
    labels: known.map((meaning) => meaning.label),
    form: known.length > 1 ? 'full' : first.form,
  }
}

/**
 * The spans found so far with the names that nobody knows beside them, by start. Single words that a directory such as
 * `/HOU/ECT@ECT` writes after a name are no one's short name and are let go.
 */
export const withUnknownNames = (
  text: string,
  found: readonly FoundSpan[],
  { dictionary, mode, tagger }: UnknownNameOptions,
): FoundSpan[] => {
  const paths = directoryPaths(text)
  const explained = found.filter(
    ({ start, end, form, by }) =>
      by !== 'dictionary' || form === 'full' || !paths.some((path) => path.start <= start && end <= path.end),
  )
  const tagged = tagNames(text, { explained, least: LEAST[mode], model: tagger })
    .filter(
      ({ start, end, sure, words }) =>
        words > 1 || sure >= LEAST_COMMON[mode] || !isCommonWord(text.slice(start, end)),
    )
    .map((name) => spanOf(text, name, dictionary))
  return tagged.length === 0 ? explained : [...explained, ...tagged].toSorted((a, b) => a.start - b.start)
}
