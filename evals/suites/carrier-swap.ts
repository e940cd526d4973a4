import { TactError } from '../../domain/errors.ts'
import { recordUri } from '../../domain/records.ts'
import type { RecordRef } from '../../domain/records.ts'
import { createDictionary } from '../../redaction/dictionary.ts'
import { personForms } from '../../redaction/forms.ts'
import { planScrub } from '../../redaction/scrub.ts'
import { SURFACE_FORMS } from './carrier-forms.ts'
import type { CarriedName } from './carrier-forms.ts'
import type { MarkedText } from './redaction.ts'

export interface FormScore {
  readonly form: string
  /** Whether it is one of the twelve of the goal. */
  readonly counted: boolean
  mentions: number
  /** Mentions of which a letter or digit stays visible in a text that would be sent. */
  leaked: number
  /** Mentions whose hiding knows that this record may be meant. */
  linked: number
}

export interface CarrierReport {
  readonly people: number
  readonly texts: number
  readonly mentions: number
  readonly leaked: number
  /** Texts that were refused whole, because the second look still found something. */
  readonly refused: number
  readonly forms: readonly FormScore[]
  /** Leaks by form, for a closer look; names of public mail alone. */
  readonly examples: readonly { readonly form: string; readonly written: string; readonly around: string }[]
}

const formsThat = (count: boolean): readonly number[] =>
  SURFACE_FORMS.flatMap(({ counted }, at) => (counted === count ? [at] : []))
const COUNTED = formsThat(true)
/** One mention in ten is written in one of these. */
const BESIDE = formsThat(false)
const LETTER = /[\p{L}\p{N}]/u
const MOST_EXAMPLES = 40

/** Numbers from a seed; the same on every machine. */
const createDice = (seed: number): ((limit: number) => number) => {
  let state = seed >>> 0
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const nameParts = (mention: string): readonly [string, string] | undefined => {
  const name = mention.replace(/\s+/gu, ' ').trim()
  const [, family, given] = /^([\p{L}'’-]{2,}), ([\p{L}'’-]{2,})$/u.exec(name) ?? []
  if (family !== undefined && given !== undefined) return [given, family]
  const [, first, last] = /^(\p{Lu}[\p{Ll}'’-]+) (\p{Lu}[\p{L}'’-]{2,})$/u.exec(name) ?? []
  return first === undefined || last === undefined ? undefined : [first, last]
}

/** People whose given and family names occur in the annotated texts, put together anew. */
export const peopleFrom = (
  texts: readonly MarkedText[],
  { count, seed }: { readonly count: number; readonly seed: number },
): CarriedName[] => {
  const given = new Set<string>()
  const family = new Set<string>()
  for (const { text, spans } of texts) {
    for (const { start, end, type } of spans) {
      const parts = type === 'PERSON' ? nameParts(text.slice(start, end)) : undefined
      if (!parts) continue
      given.add(parts[0])
      family.add(parts[1])
    }
  }
  const [firsts, lasts] = [[...given], [...family]]
  const dice = createDice(seed)
  if (firsts.length === 0) return []
  const people = new Map<string, CarriedName>()
  for (let tries = 0; people.size < count && tries < count * 10; tries += 1) {
    const person = { given: firsts[dice(firsts.length)]!, family: lasts[dice(lasts.length)]! }
    if (person.given.toLowerCase() !== person.family.toLowerCase())
      people.set(`${person.given} ${person.family}`.toLowerCase(), person)
  }
  return [...people.values()]
}

interface Slot {
  readonly start: number
  readonly end: number
  readonly form: number
  readonly person: number
}

/** The text with other names in the places of its people. */
const swap = (
  { text, spans }: MarkedText,
  people: readonly CarriedName[],
  dice: (limit: number) => number,
): { readonly text: string; readonly slots: readonly Slot[] } => {
  const slots: Slot[] = []
  let swapped = ''
  let from = 0
  const places = spans.filter(({ type }) => type === 'PERSON').toSorted((a, b) => a.start - b.start)
  for (const { start, end } of places) {
    if (start < from) continue
    // A name inside an address or glued to a word is another test.
    if (
      /[\p{L}\p{N}@._/-]$/u.test(text.slice(0, start)) ||
      /^[\p{L}\p{N}@_/-]/u.test(text.slice(end, end + 1))
    )
      continue
    const among = dice(10) === 0 ? BESIDE : COUNTED
    const form = among[dice(among.length)]!
    const person = dice(people.length)
    const written = SURFACE_FORMS[form]!.write(people[person]!, String.fromCharCode(65 + dice(26)))
    swapped += text.slice(from, start)
    const [before, after] = SURFACE_FORMS[form]!.frame
    const until = swapped.length + written.length
    slots.push({ start: swapped.length + before, end: until - after, form, person })
    swapped += written
    from = /['’]s$/u.test(written) && /^['’]s\b/u.test(text.slice(end)) ? end + 2 : end
  }
  return { text: swapped + text.slice(from), slots }
}

export interface CarrierOptions {
  /** Mentions in the twelve forms to judge, at least. */
  readonly count: number
  readonly seed: number
  readonly people?: number
}

/**
 * Puts people of the records into the places where annotated mail names people, in many written forms, and scrubs it as
 * the product does. Every record that a text names belongs to its conversation.
 */
export const runCarrierSwap = (texts: readonly MarkedText[], options: CarrierOptions): CarrierReport => {
  const people = peopleFrom(texts, { count: options.people ?? 2_000, seed: options.seed })
  const records = people.map((_, at): RecordRef => ({ entity: 'people', id: String(at) }))
  const dictionary = createDictionary()
  for (const [at, person] of people.entries())
    for (const form of personForms(records[at]!, { ...person, label: 'PERSON' })) dictionary.add(form)
  const dice = createDice(options.seed + 1)
  const forms = SURFACE_FORMS.map(({ name, counted }): FormScore => ({
    form: name,
    counted,
    mentions: 0,
    leaked: 0,
    linked: 0,
  }))
  const examples: CarrierReport['examples'][number][] = []
  const carriers = texts.filter(({ spans }) => spans.some(({ type }) => type === 'PERSON'))
  const judged = { texts: 0, mentions: 0, refused: 0 }
  while (judged.mentions < options.count && carriers.length > 0) {
    const before = judged.mentions
    for (const carrier of carriers) {
      if (judged.mentions >= options.count) break
      const { text, slots } = swap(carrier, people, dice)
      judged.texts += 1
      judged.mentions += slots.filter(({ form }) => SURFACE_FORMS[form]!.counted).length
      const active = new Set(slots.map(({ person }) => recordUri(records[person]!)))
      const hidden = hide(text, { dictionary, active })
      if (hidden === undefined) judged.refused += 1
      for (const { start, end, form, person } of slots) {
        const score = forms[form]!
        score.mentions += 1
        if (hidden === undefined) continue
        const over = hidden.filter((span) => span.start < end && start < span.end)
        if (over.some((span) => span.records.some(({ id }) => id === String(person)))) score.linked += 1
        if (!showsLetter(text, start, end, over)) continue
        score.leaked += 1
        if (examples.length < MOST_EXAMPLES) {
          const around = text.slice(Math.max(0, start - 40), end + 40)
          examples.push({ form: score.form, written: text.slice(start, end), around })
        }
      }
    }
    if (judged.mentions === before) break
  }
  const counted = forms.filter((one) => one.counted)
  return {
    people: people.length,
    texts: judged.texts,
    refused: judged.refused,
    mentions: counted.reduce((sum, one) => sum + one.mentions, 0),
    leaked: counted.reduce((sum, one) => sum + one.leaked, 0),
    forms,
    examples,
  }
}

const hide = (text: string, known: Pick<Parameters<typeof planScrub>[1], 'dictionary' | 'active'>) => {
  try {
    return planScrub(text, { ...known, mode: 'content', countries: ['US'] }).spans
  } catch (error) {
    if (error instanceof TactError && error.code === 'unsafe_text') return undefined
    throw error
  }
}

const showsLetter = (
  text: string,
  start: number,
  end: number,
  over: readonly { readonly start: number; readonly end: number }[],
): boolean => {
  let at = start
  for (const span of over) {
    if (span.start > at && LETTER.test(text.slice(at, span.start))) return true
    at = Math.max(at, span.end)
  }
  return at < end && LETTER.test(text.slice(at, end).replace(/^['’]s$/u, ''))
}
