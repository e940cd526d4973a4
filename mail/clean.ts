import {
  ATTRIBUTION_END,
  ATTRIBUTION_START,
  DATED_SENDER,
  FOOTER,
  HEADER_ANY,
  HEADER_FROM,
  LIST_FOOTER,
  ORIGINAL_MESSAGE,
  PHONE_FOOTER,
  QUOTE_PREFIX,
  RULE,
  SIGNATURE_DASHES,
  WROTE_COLON,
} from './quote-marks.ts'
import { linesOfParent } from './parent-lines.ts'
import { signOffStart } from './sign-off.ts'

export type LineKind = 'new' | 'quoted' | 'signature'

export interface SplitBody {
  readonly text: string
  readonly quoted: string | null
  readonly signature: string | null
  /** What each line of the body was taken for, in order: the three texts together hold every line. */
  readonly kinds: readonly LineKind[]
}

const isEmpty = (line: string | undefined): boolean => line === undefined || line.trim() === ''

/** Lines that an attribution takes, counted from `at`: 0 where there is none. */
const attributionLength = (lines: readonly string[], at: number): number => {
  const first = lines[at]!
  if (first.length > 400) return 0
  if (DATED_SENDER.test(first) || (WROTE_COLON.test(first) && looksAttributed(first, lines, at))) return 1
  if (!ATTRIBUTION_START.test(first)) return 0
  let joined = first
  for (let length = 2; length <= 4; length += 1) {
    const line = lines[at + length - 1]
    if (line === undefined || isEmpty(line) || QUOTE_PREFIX.test(line)) return 0
    joined += ` ${line.trim()}`
    if (joined.length > 400) return 0
    if (
      DATED_SENDER.test(joined) ||
      (ATTRIBUTION_END.test(joined) && /\d|@/.test(joined) && /[:：]\s*$/.test(joined))
    ) {
      return length
    }
  }
  return 0
}

/** Guards against a sentence that happens to end in `said:`: it opens like an attribution, holds an address or a date, or a quote follows. */
const looksAttributed = (line: string, lines: readonly string[], at: number): boolean => {
  if (ATTRIBUTION_START.test(line) && /\d/.test(line)) return true
  if (/<?\S+@\S+>?/.test(line) || /\d{1,2}[:.]\d{2}/.test(line)) return true
  const next = isEmpty(lines[at + 1]) ? lines[at + 2] : lines[at + 1]
  return next !== undefined && QUOTE_PREFIX.test(next)
}

/** A header block: `From:` and at least two more header lines close by. */
const isHeaderBlock = (lines: readonly string[], at: number): boolean => {
  if (!HEADER_FROM.test(lines[at]!)) return false
  let headers = 1
  let others = 0
  for (const line of lines.slice(at + 1, at + 12)) {
    if (isEmpty(line)) {
      if (headers >= 3) break
      continue
    }
    if (HEADER_ANY.test(line)) headers += 1
    else if ((others += 1) > 3) break
  }
  return headers >= 3
}

/** From here to the end everything is quoted or forwarded. */
const opensQuotedTail = (lines: readonly string[], at: number): boolean =>
  ORIGINAL_MESSAGE.test(lines[at]!) || isHeaderBlock(lines, at)

const nextFilled = (lines: readonly string[], at: number): number => {
  let next = at
  while (next < lines.length && isEmpty(lines[next])) next += 1
  return next
}

/** First line behind the header block that `at` opens. */
const afterHeaders = (lines: readonly string[], at: number): number => {
  let end = nextFilled(lines, ORIGINAL_MESSAGE.test(lines[at]!) ? at + 1 : at)
  while (end < lines.length && !isEmpty(lines[end]) && !QUOTE_PREFIX.test(lines[end]!)) end += 1
  return end
}

/** A mark of one's own, such as `--]`, in front of the lines behind an attribution. */
const ownMark = (lines: readonly string[], from: number): string | undefined => {
  const mark = /^[^\p{L}\p{N}\s"'(<]{1,4}/u.exec(lines[from] ?? '')?.[0]
  if (mark === undefined) return undefined
  // `--]` and its like are used for nothing else.
  if (/^[^\p{L}\p{N}\s]{2,3}[\])}|]$|^[^\p{L}\p{N}\s]{1,2}[\]}|]$/u.test(mark)) return mark
  return lines.slice(from + 1, from + 4).some((line) => line.startsWith(mark)) ? mark : undefined
}

/** An attribution with marked lines behind it, or such lines themselves. */
const opensMarkedQuote = (lines: readonly string[], at: number): boolean => {
  if (at >= lines.length) return false
  const next = nextFilled(lines, at + attributionLength(lines, at))
  return next < lines.length && QUOTE_PREFIX.test(lines[next]!)
}

const markQuotes = (lines: readonly string[], kinds: LineKind[]): void => {
  for (let at = 0; at < lines.length; at += 1) {
    if (isEmpty(lines[at])) continue
    if (opensQuotedTail(lines, at)) {
      const ruled = at > 0 && RULE.test(lines[at - 1]!)
      const end = afterHeaders(lines, at)
      const next = nextFilled(lines, end)
      // Behind the headers the quote may carry marks, with answers between: then only marked lines are quoted.
      const isMarked = next < lines.length && QUOTE_PREFIX.test(lines[next]!)
      const answersBelow = nextFilled(lines, 0) === at && opensMarkedQuote(lines, next)
      if (!isMarked && !answersBelow) {
        kinds.fill('quoted', ruled ? at - 1 : at)
        return
      }
      kinds.fill('quoted', ruled ? at - 1 : at, end)
      at = end - 1
      continue
    }
    if (QUOTE_PREFIX.test(lines[at]!)) {
      kinds[at] = 'quoted'
      continue
    }
    const length = attributionLength(lines, at)
    if (length === 0) continue
    kinds.fill('quoted', at, at + length)
    const next = nextFilled(lines, at + length)
    const mark = ownMark(lines, next)
    if (mark !== undefined) {
      lines.forEach((line, index) => {
        if (index >= next && line.startsWith(mark)) kinds[index] = 'quoted'
      })
      at = next - 1
      while (at + 1 < lines.length && lines[at + 1]!.startsWith(mark)) at += 1
      continue
    }
    // What follows an attribution and carries no marks is quoted to the end, unless marks come later on.
    const isUnmarked = next < lines.length && !QUOTE_PREFIX.test(lines[next]!)
    if (isUnmarked && !lines.slice(next).some((line) => QUOTE_PREFIX.test(line))) {
      kinds.fill('quoted', at)
      return
    }
    at += length - 1
  }
  absorb(lines, kinds)
}

/** Lines that a program wrapped out of a quote, and empty lines inside one, belong to it. */
const absorb = (lines: readonly string[], kinds: LineKind[]): void => {
  for (let at = 1; at < lines.length - 1; at += 1) {
    if (kinds[at] !== 'new' || kinds[at - 1] !== 'quoted') continue
    if (isEmpty(lines[at])) {
      const next = nextFilled(lines, at)
      if (next < lines.length && kinds[next] === 'quoted') kinds.fill('quoted', at, next)
      continue
    }
    const isWrapped =
      kinds[at + 1] === 'quoted' &&
      QUOTE_PREFIX.test(lines[at - 1]!) &&
      QUOTE_PREFIX.test(lines[at + 1]!) &&
      lines[at - 1]!.length > 60 &&
      lines[at]!.length < 30 &&
      !/[.!?:]$/.test(lines[at]!.trim())
    if (isWrapped) kinds[at] = 'quoted'
  }
}

const MAX_SIGNATURE_LINES = 25

const markSignature = (lines: readonly string[], kinds: LineKind[]): void => {
  for (let at = 0; at < lines.length; at += 1) {
    if (kinds[at] !== 'new' || isEmpty(lines[at])) continue
    const end = runEnd(kinds, at)
    if (opensSignature(lines, at, end)) {
      kinds.fill('signature', at, end)
      at = end - 1
    }
  }
}

const runEnd = (kinds: readonly LineKind[], at: number): number => {
  let end = at
  while (end < kinds.length && kinds[end] === 'new') end += 1
  return end
}

const opensSignature = (lines: readonly string[], at: number, end: number): boolean => {
  const line = lines[at]!
  const rest = lines.slice(at + 1, end).filter((other) => !isEmpty(other))
  if (SIGNATURE_DASHES.test(line)) return /^--\s?$/.test(line) || rest.length <= MAX_SIGNATURE_LINES
  if (PHONE_FOOTER.test(line)) return rest.length <= 4
  if (LIST_FOOTER.test(line)) return rest.length <= MAX_SIGNATURE_LINES
  return (
    RULE.test(line) &&
    rest.length <= MAX_SIGNATURE_LINES &&
    rest.slice(0, 4).some((other) => FOOTER.test(other))
  )
}

const gather = (lines: readonly string[], kinds: readonly LineKind[], kind: LineKind): string =>
  lines
    .filter((_line, at) => kinds[at] === kind)
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd()

/** The sign-off that no dashes announce, at the end of what was written now. */
const markSignOff = (lines: readonly string[], kinds: LineKind[], sender: string | undefined): void => {
  let end = kinds.length
  while (end > 0 && (kinds[end - 1] !== 'new' || isEmpty(lines[end - 1]))) end -= 1
  let start = end
  while (start > 0 && kinds[start - 1] === 'new') start -= 1
  const at = signOffStart(lines.slice(start, end), sender)
  if (at !== undefined) kinds.fill('signature', start + at, end)
}

export interface SplitOptions {
  /** The whole text of the message that this one answers: what it repeats without a mark is quoted. */
  readonly parent?: string | undefined
  /** The writer's name. */
  readonly sender?: string | undefined
}

/**
 * Splits the text of a message into what its writer wrote now, what is quoted or forwarded, and signature or footer.
 * Every line goes to exactly one of the three; only empty lines at their edges are dropped.
 */
export const splitBody = (body: string, { parent, sender }: SplitOptions = {}): SplitBody => {
  const lines = body.replace(/\r\n?/g, '\n').split('\n')
  const kinds = lines.map((): LineKind => 'new')
  markQuotes(lines, kinds)
  markSignature(lines, kinds)
  markSignOff(lines, kinds, sender)
  if (parent !== undefined) {
    linesOfParent(lines, parent).forEach((isQuoted, at) => {
      if (isQuoted && kinds[at] === 'new') kinds[at] = 'quoted'
    })
  }
  return {
    text: gather(lines, kinds, 'new'),
    quoted: gather(lines, kinds, 'quoted') || null,
    signature: gather(lines, kinds, 'signature') || null,
    kinds,
  }
}
