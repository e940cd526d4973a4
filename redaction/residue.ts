import { denied } from '../domain/errors.ts'
import type { HandleLabel } from '../domain/handle.ts'
import { detectValues } from './detect/all.ts'
import type { DictionaryMatch } from './dictionary.ts'
import type { Reading, ScrubContext } from './find-spans.ts'
import { supportedCountries } from './phone-forms.ts'
import type { Span } from './types.ts'
import { viewOf } from './view.ts'
import { createWordList, readWords } from './words.ts'
import type { WordList } from './words.ts'

/** Stands where something was hidden: no name or number runs over it. */
const HIDDEN = '\u0001'
/** What is never right to leave, whatever stands around it. Numbers that only their surroundings make a phone are not. */
const CERTAIN: ReadonlySet<HandleLabel> = new Set(['EMAIL', 'URL', 'IBAN', 'CARD', 'ID', 'SECRET'])
const NO_COUNTRIES: readonly string[] = []
let words = createWordList(4_096)

const WHAT: Partial<Record<HandleLabel, string>> = {
  EMAIL: 'an e-mail address',
  URL: 'a web address',
  IBAN: 'a bank account',
  CARD: 'a card number',
  ID: 'a national number',
  SECRET: 'a secret',
  PHONE: 'a phone number',
}

const UNCERTAIN: ReadonlySet<HandleLabel> = new Set(['PHONE', 'PLACE', 'IP', 'ADDRESS', 'NAME'])

const counts = ({ label }: Span): boolean => CERTAIN.has(label) || !UNCERTAIN.has(label)

const valuesIn = (text: string, read: WordList, { countries }: ScrubContext): Span[] =>
  detectValues(text, supportedCountries(countries ?? NO_COUNTRIES), read, { kinds: 'certain' }).filter(counts)

/** What the workspace knows by its full form. */
const knownOf = (forms: readonly DictionaryMatch[]): Span[] =>
  forms.flatMap(({ start, end, meanings }) => {
    const proof = meanings.find(({ needs }) => needs === 'always')
    if (!proof) return []
    const { label, record, form } = proof
    const span: Span = { start, end, label, records: [record], form, by: 'dictionary' }
    return counts(span) ? [span] : []
  })

/** What a text still shows: values by their shape, and what the workspace knows by its full form. */
const shownIn = (text: string, context: ScrubContext): Span[] => {
  readWords(text, words)
  return [...valuesIn(text, words, context), ...knownOf(context.dictionary.findAll(text, words))]
}

/**
 * The words that are left once the spans are cut out and HIDDEN stands in their place, as `readWords` would read them;
 * undefined where a cut goes through a word.
 */
const wordsBetween = (all: WordList, spans: readonly Span[]): WordList | undefined => {
  if (words.first.length < all.count) words = createWordList(all.first.length)
  let next = 0
  let shift = 0
  let broken = 0
  let count = 0
  for (let at = 0; at < all.count; at += 1) {
    const start = all.start[at]!
    const end = all.end[at]!
    for (; next < spans.length && spans[next]!.end <= start; next += 1) {
      shift += spans[next]!.end - spans[next]!.start - HIDDEN.length
      broken = 1
    }
    const span = spans[next]
    if (span && span.start < end) {
      if (span.start <= start && end <= span.end) continue
      return undefined
    }
    words.first[count] = all.first[at]!
    words.second[count] = all.second[at]!
    words.start[count] = start - shift
    words.end[count] = end - shift
    words.breaks[count] = all.breaks[at]! | broken
    broken = 0
    count += 1
  }
  words.count = count
  return words
}

/** Of what stands in order, what no span touches. */
const untouched = (forms: readonly DictionaryMatch[], spans: readonly Span[]): readonly DictionaryMatch[] => {
  let next = 0
  return forms.filter(({ start, end }) => {
    while (next < spans.length && spans[next]!.end <= start) next += 1
    return next === spans.length || spans[next]!.start >= end
  })
}

/**
 * A second look at what is about to leave, with the hidden stretches cut out: by the dictionary and the detectors again,
 * as written and as a person would read it. Answers what it finds at its place in `text`. With the `reading` that the
 * spans come from, what stands whole between two cuts is not read again: the dictionary finds there what it found before.
 */
export const findResidue = (
  text: string,
  spans: readonly Span[],
  context: ScrubContext,
  reading?: Reading,
): Span[] => {
  let residue = ''
  let from = 0
  const cuts: { readonly at: number; readonly longer: number }[] = []
  let longer = 0
  for (const { start, end } of spans) {
    residue += text.slice(from, start) + HIDDEN
    longer += end - start - HIDDEN.length
    cuts.push({ at: residue.length, longer })
    from = end
  }
  residue += text.slice(from)
  const place = (at: number): number => at + (cuts.findLast((cut) => cut.at <= at)?.longer ?? 0)
  const placed = (found: readonly Span[]): Span[] =>
    found.map((span) => ({ ...span, start: place(span.start), end: place(span.end - 1) + 1 }))
  const between = reading && wordsBetween(reading.words, spans)
  const shown = between
    ? [...placed(valuesIn(residue, between, context)), ...knownOf(untouched(reading.forms, spans))]
    : placed(shownIn(residue, context))
  // What reads as it is written does so in parts too.
  const view = reading?.escaped === false ? undefined : viewOf(residue)
  const inView = (view?.changed ?? []).flatMap(({ start, end }) =>
    shownIn(view!.text.slice(start, end), context).map((span) => ({
      ...span,
      ...view!.original(start + span.start, start + span.end),
    })),
  )
  return [...shown, ...placed(inView)]
}

/** Throws `unsafe_text` where `findResidue` found anything: nothing is sent. The message names kinds, never values. */
export const refuseResidue = (residue: readonly Span[]): void => {
  if (residue.length === 0) return
  const what = new Set(residue.map(({ label }) => WHAT[label] ?? 'a name that the workspace knows'))
  throw denied(
    'unsafe_text',
    `After hiding, a second look still found ${[...what].join(' and ')} in the text. Nothing was sent.`,
    {
      fix: 'Leave that part out, or use a model on this machine (TACT_MODEL=offline, or openai-compatible: with a local address), which may read it.',
    },
  )
}
