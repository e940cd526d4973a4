/** A text that is looked for, and what the finder calls it. */
export interface Pattern {
  readonly text: string
  readonly id: number
}

/** Many texts that are looked for at once. */
export interface PatternIndex {
  /** Calls `found` for each occurrence of each pattern, by start. */
  scan(text: string, found: (pattern: Pattern, start: number) => void): void
}

/** Patterns are told apart by this many units; shorter ones are looked for one by one. */
const LEAD = 4
const BUCKETS = 1 << 18

const leadAt = (text: string, at: number): number => {
  const mixed =
    Math.imul(text.charCodeAt(at), 0x4f1bbcdd) ^
    Math.imul(text.charCodeAt(at + 1), 0x2c1b3c6d) ^
    Math.imul(text.charCodeAt(at + 2), 0x297a2d39) ^
    Math.imul(text.charCodeAt(at + 3), 0x1b56c4e9)
  return (mixed ^ (mixed >>> 15)) & (BUCKETS - 1)
}

/** One pass over the text however many patterns there are, by a table of their first four units. */
export const createPatternIndex = (patterns: readonly Pattern[]): PatternIndex => {
  const firsts = new Int32Array(BUCKETS).fill(-1)
  const long = patterns.filter(({ text }) => text.length >= LEAD)
  const short = patterns.filter(({ text }) => text.length > 0 && text.length < LEAD)
  const next = new Int32Array(long.length)
  for (const [at, { text }] of long.entries()) {
    const bucket = leadAt(text, 0)
    next[at] = firsts[bucket]!
    firsts[bucket] = at
  }
  return {
    scan(text, found) {
      if (long.length > 0)
        for (let start = 0; start + LEAD <= text.length; start += 1)
          for (let at = firsts[leadAt(text, start)]!; at >= 0; at = next[at]!)
            if (text.startsWith(long[at]!.text, start)) found(long[at]!, start)
      for (const pattern of short)
        for (
          let start = text.indexOf(pattern.text);
          start >= 0;
          start = text.indexOf(pattern.text, start + 1)
        )
          found(pattern, start)
    },
  }
}
