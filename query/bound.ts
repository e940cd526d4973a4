import type { RecordRef } from '../domain/records.ts'
import type { Unit } from './calendar.ts'
import type { BoundField, BoundMany } from './paths.ts'

/** A question whose every name is an object of the catalog and whose every value has its type. Only this is compiled. */
export interface BoundQuery {
  readonly entity: string
  readonly where: readonly Predicate[]
  readonly shows: Records | Groups
  readonly limit: number
  readonly offset: number
  /** How words were read and what defaults were taken. */
  readonly notes: readonly string[]
}

export interface Records {
  readonly kind: 'records'
  readonly columns: readonly Column[]
  readonly order: readonly RecordOrder[]
}

export type Column =
  | { readonly kind: 'field'; readonly name: string; readonly of: BoundField }
  | { readonly kind: 'list'; readonly name: string; readonly of: BoundMany }

export interface RecordOrder {
  readonly by: BoundField
  readonly descending: boolean
}

export interface Groups {
  readonly kind: 'groups'
  readonly groups: readonly Group[]
  readonly measures: readonly BoundMeasure[]
  readonly compare: BoundCompare | null
  readonly order: readonly GroupOrder[]
  /** On measures, by the name of their column. */
  readonly having: readonly BoundHaving[]
  /** Groups of fewer records show no amounts. */
  readonly smallest: number
}

export interface BoundHaving {
  readonly measure: BoundMeasure
  readonly op: '=' | '!=' | '>' | '>=' | '<' | '<='
  readonly value: number
}

export interface Group {
  readonly name: string
  readonly of: BoundField
  readonly bucket?: Unit
  /** Several records to one row: `of` is a record of this relation, and a row stands in the group of each. */
  readonly over?: BoundMany
  /** Added by us, so that amounts of two currencies are never added. */
  readonly automatic?: true
}

export interface BoundMeasure {
  readonly name: string
  readonly fn: 'count' | 'count_distinct' | 'sum' | 'avg' | 'min' | 'max'
  readonly of?: BoundField
}

export interface BoundCompare {
  readonly of: BoundField
  readonly a: Interval
  readonly b: Interval
  readonly asked: { readonly a: string; readonly b: string }
}

/** Column of the answer to sort by: a group, a measure, or a side of a compared measure. */
export interface GroupOrder {
  readonly column: string
  readonly descending: boolean
}

export type Predicate =
  | { readonly kind: 'test'; readonly of: BoundField; readonly test: Test }
  | { readonly kind: 'any'; readonly of: readonly Predicate[] }
  /** Not all of these hold: empty values count as not holding. */
  | { readonly kind: 'unless'; readonly of: readonly Predicate[] }
  | {
      readonly kind: 'segment'
      readonly words: string
      readonly of: readonly Predicate[]
      readonly not: boolean
    }
  | {
      readonly kind: 'exists'
      readonly of: BoundMany
      readonly not: boolean
      /** Asked as `every`: `where` says that a record falls short. */
      readonly every?: true
      readonly where: readonly Predicate[]
    }

export type Match = 'equal' | 'contains' | 'starts'

/** A bound of an interval, in wall time (see zone.ts). */
export interface Edge {
  readonly wall: number
  readonly inclusive: boolean
}

export interface Interval {
  readonly from: Edge | null
  readonly to: Edge | null
}

/** `not` is the complement: it holds for empty values too. */
export type Test =
  | { readonly is: 'empty'; readonly not: boolean }
  | { readonly is: 'text'; readonly match: Match; readonly values: readonly string[]; readonly not: boolean }
  /** Text that holds the name of one of these records. */
  | { readonly is: 'mentions'; readonly records: readonly RecordRef[] }
  | { readonly is: 'number'; readonly values: readonly number[]; readonly not: boolean }
  | {
      readonly is: 'between'
      readonly from: { readonly value: number; readonly inclusive: boolean } | null
      readonly to: { readonly value: number; readonly inclusive: boolean } | null
    }
  | { readonly is: 'boolean'; readonly value: boolean; readonly not: boolean }
  | {
      readonly is: 'times'
      readonly intervals: readonly Interval[]
      readonly asked: readonly string[]
      readonly not: boolean
    }
  | {
      readonly is: 'record'
      readonly ids: readonly string[]
      readonly titles: readonly string[]
      readonly match: Match
      readonly not: boolean
      /** The asker was meant by `me`. */
      readonly me: boolean
    }
