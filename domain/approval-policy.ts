import { destinationsIn } from './destinations.ts'
import type { Destination } from './destinations.ts'
import { provenanceOf, worstOf } from './label.ts'
import type { Evidence, Label, Provenance, Span } from './label.ts'

/** P5: from here on a person goes through the changes one by one. */
export const BULK_CHANGES = 10

/** A change as far as the policies look at it. Values as a person reads them. */
export interface ProposedChange {
  readonly op: string
  readonly fields: readonly ProposedField[]
  /** It names a text from outside as its evidence. */
  readonly isCitingOutside?: boolean
}

export interface ProposedField {
  readonly field: string
  readonly value: string
  /** Chosen from what the workspace has: a stage, a member, yes or no. Nobody outside words that. */
  readonly isChoice?: boolean
}

export interface LabelledField {
  readonly field: string
  readonly from: Provenance
  /** Where it stands, of `outside`. */
  readonly label: Label | null
  readonly span?: Span | null
  /** Destinations in it that neither the member nor the records named: P4. */
  readonly strange: readonly Destination[]
}

/** What a person must know and do before they approve. */
export interface ProposalLabel {
  /** Text from outside was in the conversation when this was proposed. */
  readonly outside: boolean
  /** Some of it was taken from outside text: not for its own member to approve alone. */
  readonly derived: boolean
  readonly sources: readonly Label[]
  /** Of each change, of each field. */
  readonly changes: readonly (readonly LabelledField[])[]
  /** P4: to be typed by who approves, each as it stands. */
  readonly toType: readonly string[]
  /** P5: not to be approved among others, or with one click. */
  readonly oneByOne: boolean
  /** P6: addresses in the proposal that are no readers of the outside text it repeats, with the sources of that text. */
  readonly strangers: readonly { readonly address: string; readonly sources: readonly Label[] }[]
}

/** Words that two texts share in a row before one repeats the other. */
const REPEATED_WORDS = 4

const words = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

const runs = (text: string): ReadonlySet<string> => {
  const list = words(text)
  return new Set(
    list
      .slice(0, Math.max(0, list.length - REPEATED_WORDS + 1))
      .map((_, at) => list.slice(at, at + REPEATED_WORDS).join(' ')),
  )
}

/** Whether a text repeats another: four words in a row. */
export const repeats = (text: string, source: string): boolean => {
  const known = runs(source)
  return [...runs(text)].some((run) => known.has(run))
}

const strangeIn = (value: string, evidence: Evidence, isTainted: boolean): readonly Destination[] =>
  isTainted
    ? destinationsIn(value).filter(({ text }) => {
        const { from } = provenanceOf(text, evidence)
        return from === 'outside' || from === 'model'
      })
    : []

/** Labels a proposal by where its words come from; no model is asked. */
export const labelOf = (changes: readonly ProposedChange[], evidence: Evidence): ProposalLabel => {
  const sources = evidence.outside.map(({ label }) => label)
  const isTainted = worstOf(sources) === 'external'
  const labelled = changes.map(({ fields }) =>
    fields.map(({ field, value, isChoice }): LabelledField => {
      const { from, label, span } = provenanceOf(value, evidence)
      if (isChoice && from !== 'typed') return { field, from: 'crm', label: null, strange: [] }
      return { field, from, label, span, strange: strangeIn(value, evidence, isTainted) }
    }),
  )
  const whole = changes.flatMap(({ fields }) => fields.map(({ value }) => value)).join('\n')
  const repeated = evidence.outside.filter(({ text }) => repeats(whole, text)).map(({ label }) => label)
  const addresses = destinationsIn(whole).filter(({ kind }) => kind === 'address')
  const strangers = addresses.flatMap(({ text }) => {
    const address = text.toLowerCase()
    const closed = repeated.filter(({ readers }) => !readers.includes(address))
    return closed.length > 0 ? [{ address, sources: closed }] : []
  })
  return {
    outside: isTainted,
    derived: changes.some(({ isCitingOutside }, place) =>
      labelled[place]!.some(({ from }) => from === 'outside' || (isCitingOutside && from === 'model')),
    ),
    sources,
    changes: labelled,
    toType: [...new Set(labelled.flat().flatMap(({ strange }) => strange.map(({ text }) => text)))],
    oneByOne: changes.length > BULK_CHANGES || changes.some(({ op }) => op === 'archive' || op === 'merge'),
    strangers,
  }
}

/**
 * The label of what is left once a person edited it: `kept` gives, of each change that stays, its place before and the
 * fields that the person wrote, which are their own words.
 */
export const relabelled = (
  label: ProposalLabel,
  kept: readonly {
    readonly place: number
    readonly fields: readonly string[]
    readonly written: readonly string[]
  }[],
): ProposalLabel => {
  const changes = kept.map(({ place, fields, written }): readonly LabelledField[] => [
    ...(label.changes[place] ?? []).filter(({ field }) => fields.includes(field) && !written.includes(field)),
    ...written.map((field): LabelledField => ({
      field,
      from: 'typed',
      label: null,
      span: null,
      strange: [],
    })),
  ])
  const all = changes.flat()
  return {
    ...label,
    derived: label.derived && all.some(({ from }) => from === 'outside' || from === 'model'),
    changes,
    toType: [...new Set(all.flatMap(({ strange }) => strange.map(({ text }) => text)))],
    oneByOne: label.oneByOne && (kept.length > BULK_CHANGES || kept.length === label.changes.length),
  }
}

/** What of `toType` was not typed, letter for letter. */
export const stillToType = (
  { toType }: Pick<ProposalLabel, 'toType'>,
  typed: readonly string[],
): readonly string[] => toType.filter((one) => !typed.some((text) => text.trim() === one))
