import type { HandleLabel } from '../../domain/handle.ts'
import type { CountryCode } from 'libphonenumber-js'
import type { Span } from '../types.ts'

export interface DetectContext {
  /** Countries whose phone numbers are taken without a country code. */
  readonly countries: readonly CountryCode[]
  /** Spans of recognisers that ran before: their characters are taken. */
  readonly taken: readonly Span[]
}

/** Finds values of one kind by their shape and checksum. */
export type Recogniser = (text: string, context: DetectContext) => Span[]

export const detected = (label: HandleLabel, start: number, end: number, value?: string): Span => ({
  start,
  end,
  label,
  records: [],
  form: 'full',
  by: 'detector',
  ...(value === undefined ? {} : { value }),
})

export const isTaken = (taken: readonly Span[], start: number, end: number): boolean =>
  taken.some((span) => span.start < end && start < span.end)
