import type { HandleLabel } from '../domain/handle.ts'
import type { Policy } from '../domain/policy.ts'
import { detectValues } from './detect/all.ts'
import type { Dictionary, DictionaryMatch, Meaning } from './dictionary.ts'
import { eligibleMeanings, narrowMeanings } from './eligible.ts'
import type { ScrubMode } from './eligible.ts'
import { factsOf, joinMeanings } from './meanings.ts'
import type { ActiveRecords } from './meanings.ts'
import { mergeSpans } from './merge.ts'
import type { FoundSpan } from './merge.ts'
import { supportedCountries } from './phone-forms.ts'
import { looksLikeHandle } from './handle-pattern.ts'
import type { Finder } from './names-here.ts'
import { findShortNames } from './short-names.ts'
import type { TaggerModel } from './tagger/tag.ts'
import { withUnknownNames } from './unknown-names.ts'
import { viewOf } from './view.ts'
import type { View } from './view.ts'
import { createWordList, readWords } from './words.ts'
import type { WordList } from './words.ts'

/** What scrubbing knows of the workspace and the conversation. */
export interface ScrubContext {
  readonly dictionary: Dictionary
  /** Records this conversation or result is about, by URI: their short names count. */
  readonly active: ActiveRecords
  readonly mode: ScrubMode
  /** ISO 3166 codes of the workspace's countries, for phone numbers without a country code. */
  readonly countries?: readonly string[]
  /** Short names and what they stand for, lower-cased; a list of ours when absent. */
  readonly nicknames?: ReadonlyMap<string, readonly string[]>
  /** Whether names that nobody knows are looked for; they are when absent. */
  readonly unknownNames?: 'hide' | 'leave' | undefined
  /** Other weights than those shipped, when they are judged. */
  readonly tagger?: TaggerModel | undefined
  /** What the workspace hides; `standard` when absent. */
  readonly policy?: Policy
  /** Names that only this result knows. */
  readonly alsoKnown?: Finder | undefined
}

const RECORD_LABELS: ReadonlySet<HandleLabel> = new Set([
  'PERSON',
  'MEMBER',
  'COMPANY',
  'DEAL',
  'TASK',
  'INTERACTION',
  'THREAD',
  'MESSAGE',
  'PROPOSAL',
  'RECORD',
])

/** Whether handles of this label stand for records rather than values. */
export const isRecordLabel = (label: HandleLabel): boolean => RECORD_LABELS.has(label)

/** `Whitfield, Dana M.`, `Whitfield, Dana M's`: the initial after the name goes with it. */
const withInitial = (text: string, { start, end }: DictionaryMatch): number =>
  text.slice(start, end).includes(',')
    ? end +
      (/^[ \t]+\p{Lu}(?:\.|(?=['’]s?(?![\p{L}\p{N}]))|(?![\p{L}\p{N}'’]))/u.exec(
        text.slice(end, end + 8),
      )?.[0].length ?? 0)
    : end

const spanOf = (match: DictionaryMatch, meanings: readonly Meaning[], group?: true): FoundSpan => {
  const [first] = meanings
  const { value, records, labels } = factsOf(meanings)
  const several = meanings.length > 1 || group === true
  return {
    start: match.start,
    end: match.end,
    label: several && isRecordLabel(first!.label) ? 'NAME' : first!.label,
    records,
    labels,
    form: several ? 'full' : first!.form,
    by: 'dictionary',
    ...(value === undefined ? {} : { value }),
    ...(group === undefined ? {} : { group }),
  }
}

/** One match a stretch, with the meanings of all; from the left, the longest first. */
const joinMatches = (matches: DictionaryMatch[]): readonly DictionaryMatch[] => {
  matches.sort((a, b) => a.start - b.start || b.end - a.end)
  const joined: DictionaryMatch[] = []
  for (const match of matches) {
    const last = joined.at(-1)
    if (last && last.start === match.start && last.end === match.end) {
      joined[joined.length - 1] = { ...match, meanings: joinMeanings(last.meanings, match.meanings) }
    } else joined.push(match)
  }
  return joined
}

const findKnown = (
  text: string,
  words: WordList,
  context: ScrubContext,
  forms: readonly DictionaryMatch[],
): FoundSpan[] => {
  const short = findShortNames(text, context.dictionary, context, words)
  const families = short.filter(({ group }) => group)
  const names = joinMatches([...forms, ...short.filter(({ group }) => !group)])
  const found: FoundSpan[] = []
  for (const match of names) {
    const span = { text, start: match.start, end: match.end }
    const meanings = narrowMeanings(eligibleMeanings(match.meanings, span, context), context.active)
    if (meanings.length > 0) found.push(spanOf({ ...match, end: withInitial(text, match) }, meanings))
  }
  for (const match of families) {
    const span = { text, start: match.start, end: match.end }
    const meanings = eligibleMeanings(match.meanings, span, context)
    if (meanings.length > 0) found.push(spanOf(match, narrowMeanings(meanings, new Set()), true))
  }
  return found
}

const NO_COUNTRIES: readonly string[] = []

/** A text read once: what later looks at it need not find out again. */
export interface Reading {
  readonly spans: readonly FoundSpan[]
  /** The words of the text as it is written; until the next text is read. */
  readonly words: WordList
  /** Every known form in the text as it is written, whatever was made of it. */
  readonly forms: readonly DictionaryMatch[]
  /** Whether a person would read the text otherwise than it is written. */
  readonly escaped: boolean
}

/** Reading is never interrupted, so that all texts can share these lists. */
const wordsOfText = createWordList(4_096)
const wordsOfPart = createWordList(1_024)

const findAsWritten = (
  text: string,
  words: WordList,
  context: ScrubContext,
): Pick<Reading, 'spans' | 'forms'> => {
  readWords(text, words)
  const values = detectValues(text, supportedCountries(context.countries ?? NO_COUNTRIES), words)
  const alike = looksLikeHandle(text, words)
  const detected = [...values, ...alike].map((span) => ({ ...span, labels: [] }))
  const forms = context.dictionary.findAll(text, words)
  const spans = mergeSpans(text, [
    ...findKnown(text, words, context, forms),
    ...(context.alsoKnown?.(text) ?? []),
    ...detected,
  ])
  return { spans, forms }
}

/** What is found in the text as a person would read it, at its place in the text as it is written. */
const findInView = (text: string, view: View, context: ScrubContext): FoundSpan[] =>
  view.changed.flatMap(({ start: from, end: to }) => {
    const part = view.text.slice(from, to)
    return findAsWritten(part, wordsOfPart, context).spans.flatMap((span) => {
      const place = view.original(from + span.start, from + span.end)
      // What is written without escapes is found where it is written, with all that stands around it.
      if (text.slice(place.start, place.end) === part.slice(span.start, span.end)) return []
      return [{ ...span, value: span.value ?? part.slice(span.start, span.end), ...place }]
    })
  })

/** Everything in the text that must not leave, by start, without overlaps; also what is escaped or made invisible. */
export const readSpans = (text: string, context: ScrubContext): Reading => {
  const { spans: written, forms } = findAsWritten(text, wordsOfText, context)
  const view = viewOf(text)
  const found = view ? mergeSpans(text, [...written, ...findInView(text, view, context)]) : written
  const spans = context.unknownNames === 'leave' ? found : withUnknownNames(text, found, context)
  return { spans, words: wordsOfText, forms, escaped: view !== undefined }
}

/** The spans of `readSpans`. */
export const findSpans = (text: string, context: ScrubContext): readonly FoundSpan[] =>
  readSpans(text, context).spans
