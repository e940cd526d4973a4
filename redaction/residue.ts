import { denied } from '../domain/errors.ts'
import type { HandleLabel } from '../domain/handle.ts'
import { detectValues } from './detect/all.ts'
import type { ScrubContext } from './find-spans.ts'
import { supportedCountries } from './phone-forms.ts'
import type { Span } from './types.ts'
import { viewOf } from './view.ts'
import { createWordList, readWords } from './words.ts'

/** Stands where something was hidden: no name or number runs over it. */
const HIDDEN = '\u0001'
/** What is never right to leave, whatever stands around it. Numbers that only their surroundings make a phone are not. */
const CERTAIN: ReadonlySet<HandleLabel> = new Set(['EMAIL', 'URL', 'IBAN', 'CARD', 'ID', 'SECRET'])
const NO_COUNTRIES: readonly string[] = []
const words = createWordList(4_096)

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

/** What a text still shows: values by their shape, and what the workspace knows by its full form. */
const shownIn = (text: string, { dictionary, countries }: ScrubContext): Span[] => {
  readWords(text, words)
  const values = detectValues(text, supportedCountries(countries ?? NO_COUNTRIES), words, {
    kinds: 'certain',
  })
  const known = dictionary.findAll(text, words).flatMap(({ start, end, meanings }) =>
    meanings
      .filter(({ needs }) => needs === 'always')
      .slice(0, 1)
      .map(({ label, record, form }): Span => ({
        start,
        end,
        label,
        records: [record],
        form,
        by: 'dictionary',
      })),
  )
  return [...values, ...known].filter(({ label }) => CERTAIN.has(label) || !UNCERTAIN.has(label))
}

/**
 * A second look at what is about to leave, with the hidden stretches cut out: by the dictionary and the detectors again,
 * as written and as a person would read it. Answers what it finds at its place in `text`.
 */
export const findResidue = (text: string, spans: readonly Span[], context: ScrubContext): Span[] => {
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
  const view = viewOf(residue)
  const inView = (view?.changed ?? []).flatMap(({ start, end }) =>
    shownIn(view!.text.slice(start, end), context).map((span) => ({
      ...span,
      ...view!.original(start + span.start, start + span.end),
    })),
  )
  return [...shownIn(residue, context), ...inView].map((span) => ({
    ...span,
    start: place(span.start),
    end: place(span.end - 1) + 1,
  }))
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
