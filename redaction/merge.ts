import type { HandleLabel } from '../domain/handle.ts'
import type { Span } from './types.ts'

/** A span with the label of each of its records. */
export interface FoundSpan extends Span {
  readonly labels: readonly HandleLabel[]
}

/** A record that goes by an address, as a listing does, is that record where the address stands for itself. */
const isAddressOf = (span: Span, spans: readonly Span[]): boolean =>
  spans.some(({ label, start, end }) => label === 'PLACE' && start === span.start && end === span.end)

/** Letters and digits count, not what stands between: `May, Will` is no more than `Will May`. */
const weight = (text: string, span: Span, spans: readonly Span[]): number =>
  span.by === 'dictionary' && !isAddressOf(span, spans)
    ? text.slice(span.start, span.end).replace(/[^\p{L}\p{N}]+/gu, '').length
    : span.end - span.start

const overlaps = (one: Span, two: Span): boolean => one.start < two.end && two.start < one.end

/** The parts of a span that the chosen ones leave uncovered, where they hold a letter or digit. */
const remainders = (text: string, span: FoundSpan, chosen: readonly FoundSpan[]): FoundSpan[] => {
  const parts: FoundSpan[] = []
  let from = span.start
  const cut = (start: number, end: number): void => {
    const slice = text.slice(start, end)
    const inner = slice.search(/[\p{L}\p{N}]/u)
    if (inner < 0) return
    const tail = /[^\p{L}\p{N}]*$/u.exec(slice)![0].length
    const { value: _value, ...rest } = span
    parts.push({ ...rest, start: start + inner, end: end - tail })
  }
  for (const other of chosen.filter((one) => overlaps(one, span)).toSorted((a, b) => a.start - b.start)) {
    if (other.start > from) cut(from, other.start)
    from = Math.max(from, other.end)
  }
  if (from < span.end) cut(from, span.end)
  return parts
}

/** A detected value that holds the same value as the workspace knows it takes over whose it is. */
const adopt = (winner: FoundSpan, loser: FoundSpan): FoundSpan =>
  winner.by === 'detector' &&
  loser.by === 'dictionary' &&
  winner.label === loser.label &&
  winner.records.length === 0
    ? {
        ...winner,
        records: loser.records,
        labels: loser.labels,
        ...(loser.value === undefined ? {} : { value: loser.value }),
      }
    : winner

/** One run of spans that overlap, directly or by way of others. */
const settle = (text: string, spans: readonly FoundSpan[]): readonly FoundSpan[] => {
  if (spans.length === 1) return spans
  const weighed = spans.map((span) => ({ span, weight: weight(text, span, spans) }))
  const known = (span: Span): number => (span.by === 'dictionary' ? 0 : 1)
  weighed.sort((a, b) => b.weight - a.weight || known(a.span) - known(b.span) || a.span.start - b.span.start)
  const chosen: FoundSpan[] = []
  const losers: FoundSpan[] = []
  for (const { span } of weighed) {
    const rival = chosen.findIndex((one) => overlaps(one, span))
    if (rival < 0) {
      chosen.push(span)
      continue
    }
    chosen[rival] = adopt(chosen[rival]!, span)
    losers.push(span)
  }
  for (const span of losers) chosen.push(...remainders(text, span, chosen))
  return chosen.toSorted((a, b) => a.start - b.start)
}

/**
 * Spans without overlaps, by start. The longest wins, at equal length the known one; what a loser covers beyond the
 * winner stays hidden too.
 */
export const mergeSpans = (text: string, spans: readonly FoundSpan[]): FoundSpan[] => {
  const sorted = spans.toSorted((a, b) => a.start - b.start)
  const merged: FoundSpan[] = []
  let run: FoundSpan[] = []
  let end = 0
  for (const span of sorted) {
    if (span.start >= end && run.length > 0) {
      merged.push(...settle(text, run))
      run = []
    }
    run.push(span)
    end = Math.max(end, span.end)
  }
  if (run.length > 0) merged.push(...settle(text, run))
  return merged
}
