import type { HandleLabel } from '../domain/handle.ts'
import { recordUri } from '../domain/records.ts'
import { isCommonWord } from './common-words.ts'
import type { Dictionary } from './dictionary.ts'
import type { ScrubMode } from './eligible.ts'
import { factsOf, ofPeople } from './meanings.ts'
import type { ActiveRecords } from './meanings.ts'
import type { FoundSpan } from './merge.ts'
import { KNOWN } from './tagger/document.ts'
import type { Explained } from './tagger/document.ts'
import { directoryPaths } from './tagger/directory.ts'
import type { Stretch } from './tagger/directory.ts'
import { tagNames } from './tagger/tag.ts'
import type { TaggedName } from './tagger/runs.ts'
import type { TaggerModel } from './tagger/tag.ts'

/** How sure the tagger must be: in a question, words of ours stand without the surroundings of a letter. */
const LEAST = { content: 0.05, question: 0.5 } as const
/** Of a common word that stands alone, as Will and Mark do. */
const LEAST_COMMON = { content: 0.35, question: 2 } as const
/** And of one that begins a sentence, where a verb would have a capital too. */
const LEAST_FIRST = 0.9

/** How sure the tagger must be of a single word that is common. */
const leastOf = (text: string, start: number, mode: ScrubMode): number =>
  mode === 'content' && /(?:^|[.!?]["'”’)]?\s)\s*$/u.test(text.slice(Math.max(0, start - 4), start))
    ? LEAST_FIRST
    : LEAST_COMMON[mode]

/** A single known word is let go where the tagger is this sure that it names nobody. */
const DOUBT = 0.03

export interface UnknownNameOptions {
  readonly dictionary: Dictionary
  readonly mode: ScrubMode
  /** Records whose short names count whatever the tagger makes of them. */
  readonly active: ActiveRecords
  readonly tagger?: TaggerModel | undefined
}

const PEOPLE: ReadonlySet<HandleLabel> = new Set(['PERSON', 'MEMBER', 'NAME'])

/** What a span tells the tagger about its words. */
export const explain = (text: string, { start, end, label, by }: FoundSpan): Explained => {
  const isName = by === 'dictionary' && PEOPLE.has(label)
  const words = isName && /\p{L}[^\p{L}]+\p{L}/u.test(text.slice(start, end))
  return { start, end, known: !isName ? KNOWN.other : words ? KNOWN.name : KNOWN.word }
}

/** A word that only by itself is someone's, of nobody whom the conversation is about, and no name in this text. */
const isDoubted = (span: FoundSpan, doubted: readonly Stretch[], active: ActiveRecords): boolean =>
  span.by === 'dictionary' &&
  doubted.some(({ start, end }) => span.start <= start && end <= span.end) &&
  (active.size === 0 || !span.records.some((record) => active.has(recordUri(record))))

/** A single word that the records have too, and that only the tagger takes for a name here, stands for them. */
const spanOf = (text: string, { start, end, words }: TaggedName, dictionary: Dictionary): FoundSpan => {
  const known = words === 1 ? ofPeople(dictionary.lookup(text.slice(start, end))) : []
  const [first] = known
  const base = { start, end, by: 'tagger' as const }
  if (!first) return { ...base, label: 'NAME', records: [], labels: [], form: 'full' }
  const label: HandleLabel = known.length > 1 ? 'NAME' : first.label
  return {
    ...base,
    label,
    records: factsOf(known).records,
    labels: factsOf(known).labels,
    form: known.length > 1 ? 'full' : first.form,
  }
}

/**
 * The spans found so far with the names that nobody knows beside them, by start. Words that a directory such as
 * `/HOU/ECT@ECT` writes after a name are nobody's and are let go: single ones, and `S/Enron` in `/ET&S/Enron@ENRON`.
 */
export const withUnknownNames = (
  text: string,
  found: readonly FoundSpan[],
  { dictionary, mode, active, tagger }: UnknownNameOptions,
): FoundSpan[] => {
  const paths = directoryPaths(text)
  const explained = found.filter(
    ({ start, end, form, by }) =>
      by !== 'dictionary' ||
      (form === 'full' && !text.slice(start, end).includes('/')) ||
      !paths.some((path) => path.start <= start && end <= path.end),
  )
  const least = (mode === 'content' ? tagger?.least : undefined) ?? LEAST[mode]
  const { names, doubted } = tagNames(text, {
    explained: explained.map((span) => explain(text, span)),
    least,
    doubt: mode === 'content' ? (tagger?.doubt ?? DOUBT) : 0,
    model: tagger,
    paths,
  })
  const kept =
    doubted.length === 0 ? explained : explained.filter((span) => !isDoubted(span, doubted, active))
  const tagged = names
    .filter(
      ({ start, end, sure }) => sure >= leastOf(text, start, mode) || !isCommonWord(text.slice(start, end)),
    )
    .map((name) => spanOf(text, name, dictionary))
  return tagged.length === 0 ? kept : [...kept, ...tagged].toSorted((a, b) => a.start - b.start)
}
