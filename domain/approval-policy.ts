import { destinationsIn } from './destinations.ts'
import type { Destination } from './destinations.ts'
import { provenanceOf, worstOf } from './label.ts'
import type { Evidence, Label, Provenance } from './label.ts'

/** P5: from here on a person goes through the changes one by one. */
export const BULK_CHANGES = 10

/** A change as far as the policies look at it. Values as a person reads them. */
export interface ProposedChange {
  readonly op: string
  readonly fields: readonly { readonly field: string; readonly value: string }[]
}

export interface LabelledField {
  readonly field: string
  readonly from: Provenance
  /** Where it stands, of `outside`. */
  readonly label: Label | null
  /** Destinations in it that neither the member nor the records named: P4. */
  readonly strange: readonly Destination[]
}

/** What a person must know and do before they approve. */
export interface ProposalLabel {
  /** Text from outside was in the conversation when this was proposed. */
  readonly outside: boolean
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
    fields.map(({ field, value }): LabelledField => {
      const { from, label } = provenanceOf(value, evidence)
      return { field, from, label, strange: strangeIn(value, evidence, isTainted) }
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
    sources,
    changes: labelled,
    toType: [...new Set(labelled.flat().flatMap(({ strange }) => strange.map(({ text }) => text)))],
    oneByOne: changes.length > BULK_CHANGES || changes.some(({ op }) => op === 'archive' || op === 'merge'),
    strangers,
  }
}

/** What of `toType` was not typed, letter for letter. */
export const stillToType = (
  { toType }: Pick<ProposalLabel, 'toType'>,
  typed: readonly string[],
): readonly string[] => toType.filter((one) => !typed.some((text) => text.trim() === one))
