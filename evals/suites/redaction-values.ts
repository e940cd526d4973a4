import { findSpans } from '../../redaction/find-spans.ts'
import { createDictionary } from '../../redaction/dictionary.ts'
import type { FoundName, MarkedText } from './redaction.ts'

/** How well values of one type are found. A find is right where it touches a marked value of the type. */
export interface ValueScore {
  readonly type: string
  readonly marked: number
  readonly found: number
  readonly recall: number
  readonly precision: number
  readonly f1: number
  /** Marked values of which no letter or digit stays visible, whatever it was taken for. */
  readonly hidden: number
}

/** By what the sets call a type, the label that we give it. */
const LABEL_OF: Readonly<Record<string, string>> = {
  EMAIL: 'EMAIL',
  IBAN: 'IBAN',
  CREDIT_CARD: 'CARD',
  SSN: 'ID',
  IP: 'IP',
  URL: 'URL',
  PHONE: 'PHONE',
  ADDRESS: 'PLACE',
}
/** Marked values that a find of the type may touch without being wrong, although they are marked as something else. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  SSN: ['ID'],
  ADDRESS: ['LOCATION', 'ZIP'],
}
const COUNTRIES = ['US', 'GB', 'DE']
const LETTER = /[\p{L}\p{N}]/u

const touches = (one: { start: number; end: number }, two: { start: number; end: number }): boolean =>
  one.start < two.end && two.start < one.end

/** What the product finds in a text of a workspace that knows nobody. */
export const valueDetector = (): ((text: string) => readonly FoundName[]) => {
  const dictionary = createDictionary()
  return (text) =>
    findSpans(text, { dictionary, active: new Set<string>(), mode: 'content', countries: COUNTRIES }).map(
      ({ start, end, label }) => ({ start, end, type: label }),
    )
}

const isHidden = (
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  found: readonly FoundName[],
): boolean => {
  for (let at = start; at < end; at += 1)
    if (LETTER.test(text.charAt(at)) && !found.some((one) => one.start <= at && at < one.end)) return false
  return true
}

/** Scores the types of values that the set marks at all. */
export const scoreValues = (
  documents: readonly MarkedText[],
  find: (text: string) => readonly FoundName[],
): readonly ValueScore[] => {
  const read = documents.map((document) => ({ ...document, found: find(document.text) }))
  return Object.entries(LABEL_OF).flatMap(([type, label]) => {
    const also = [type, ...(ALSO[type] ?? [])]
    let marked = 0
    let met = 0
    let hidden = 0
    let made = 0
    let right = 0
    for (const { text, spans, found } of read) {
      const own = found.filter((one) => one.type === label)
      for (const span of spans) {
        if (span.type !== type) continue
        marked += 1
        if (own.some((one) => touches(one, span))) met += 1
        if (isHidden(text, span, found)) hidden += 1
      }
      made += own.length
      right += own.filter((one) =>
        spans.some((span) => also.includes(span.type) && touches(one, span)),
      ).length
    }
    if (marked === 0) return []
    const recall = met / marked
    const precision = made === 0 ? 0 : right / made
    const f1 = recall + precision === 0 ? 0 : (2 * recall * precision) / (recall + precision)
    return [{ type, marked, found: made, recall, precision, f1, hidden }]
  })
}
