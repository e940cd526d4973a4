import { recordUri } from '../domain/records.ts'
import type { RecordRef } from '../domain/records.ts'
import type { HandleLabel } from '../domain/handle.ts'
import type { Meaning } from './dictionary.ts'

/** URIs of the records this conversation or result is about. */
export interface ActiveRecords {
  has(uri: string): boolean
  /** How many there are; unknown when absent. */
  readonly size?: number
}

/**
 * What follows from a list of meanings alone. A common first name means thousands of records: the dictionary answers the
 * same list until it changes, and what is asked of the list again is not found out again.
 */
interface ListFacts {
  readonly allAlways: boolean
  readonly uris: readonly string[]
  readonly records: readonly RecordRef[]
  readonly labels: readonly HandleLabel[]
  readonly value: string | undefined
  byRecord?: readonly Meaning[]
  people?: readonly Meaning[]
  first?: readonly Meaning[]
  last?: readonly Meaning[]
}

const known = new WeakMap<readonly Meaning[], ListFacts>()

export const factsOf = (meanings: readonly Meaning[]): ListFacts => {
  const before = known.get(meanings)
  if (before) return before
  const facts: ListFacts = {
    allAlways: meanings.every(({ needs }) => needs === 'always'),
    uris: meanings.map(({ record }) => recordUri(record)),
    records: meanings.map(({ record }) => record),
    labels: meanings.map(({ label }) => label),
    value: meanings.find(({ value }) => value !== undefined)?.value,
  }
  known.set(meanings, facts)
  return facts
}

/** Whether any of the records is active. */
export const anyActive = (meanings: readonly Meaning[], active: ActiveRecords): boolean =>
  active.size !== 0 && factsOf(meanings).uris.some((uri) => active.has(uri))

const RANK = { full: 0, first: 1, last: 2 }

/** One meaning a record, by the fullest form. */
export const onePerRecord = (meanings: readonly Meaning[]): readonly Meaning[] => {
  if (meanings.length === 1) return meanings
  const facts = factsOf(meanings)
  if (facts.byRecord) return facts.byRecord
  const byRecord = new Map<string, Meaning>()
  for (const [at, meaning] of meanings.entries()) {
    const uri = facts.uris[at]!
    const other = byRecord.get(uri)
    if (!other || RANK[meaning.form] < RANK[other.form]) byRecord.set(uri, meaning)
  }
  facts.byRecord = byRecord.size === meanings.length ? meanings : [...byRecord.values()]
  return facts.byRecord
}

/** Those of people, of one form or of any. */
export const ofPeople = (meanings: readonly Meaning[], form?: 'first' | 'last'): readonly Meaning[] => {
  if (meanings.length === 0) return meanings
  const facts = factsOf(meanings)
  return (facts[form ?? 'people'] ??= meanings.filter(
    ({ label, form: is }) =>
      (label === 'PERSON' || label === 'MEMBER') && (form === undefined || is === form),
  ))
}

const joined = new WeakMap<readonly Meaning[], WeakMap<readonly Meaning[], readonly Meaning[]>>()

/** Two lists in one. */
export const joinMeanings = (one: readonly Meaning[], two: readonly Meaning[]): readonly Meaning[] => {
  const withOne = joined.get(one) ?? new WeakMap<readonly Meaning[], readonly Meaning[]>()
  joined.set(one, withOne)
  const both = withOne.get(two) ?? [...one, ...two]
  withOne.set(two, both)
  return both
}
