import type { FoundName } from './redaction.ts'

interface Piece {
  readonly text: string
  /** What the placeholder after the text stands for; none after the last. */
  readonly type?: string
}

const piecesOf = (line: string, placeholder: RegExp, typeOf: (match: string) => string): Piece[] => {
  const pieces: Piece[] = []
  let from = 0
  for (const match of line.matchAll(placeholder)) {
    pieces.push({ text: line.slice(from, match.index), type: typeOf(match[0]) })
    from = match.index + match[0].length
  }
  return [...pieces, { text: line.slice(from) }]
}

const spansInLine = (
  original: string,
  redacted: string,
  placeholder: RegExp,
  typeOf: (match: string) => string,
): FoundName[] => {
  // What stands in both, as a word in capitals may, is no placeholder.
  const pieces = piecesOf(redacted, placeholder, typeOf)
  const spans: FoundName[] = []
  let at = 0
  for (const [index, { text, type }] of pieces.entries()) {
    const isLast = index === pieces.length - 1
    const found = isLast ? original.length - text.length : original.indexOf(text, at)
    if (found < at) return [{ start: 0, end: original.length, type: 'UNALIGNED' }]
    const open = pieces[index - 1]
    if (open?.type !== undefined && found > at) spans.push({ start: at, end: found, type: open.type })
    at = found + text.length
    if (type === undefined) break
  }
  return spans
}

/**
 * Where a detector that answers only the redacted text hid something: the stretches of the original between what both
 * texts share, line by line. A line that cannot be aligned counts as hidden whole, but not as a name.
 */
export const spansFromRedacted = (
  original: string,
  redacted: string,
  placeholder: RegExp,
  typeOf: (match: string) => string,
): FoundName[] => {
  if (original === redacted) return []
  const lines = original.split('\n')
  const others = redacted.split('\n')
  if (lines.length !== others.length) return spansInLine(original, redacted, placeholder, typeOf)
  let offset = 0
  return lines.flatMap((line, at) => {
    const start = offset
    offset += line.length + 1
    if (line === others[at]) return []
    return spansInLine(line, others[at]!, placeholder, typeOf).map((span) => ({
      ...span,
      start: span.start + start,
      end: span.end + start,
    }))
  })
}
