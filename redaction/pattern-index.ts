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
const LEAST_BUCKETS = 1 << 10
const MOST_BUCKETS = 1 << 18
/** Buckets a pattern, so that most places of a text meet an empty one. */
const ROOM = 16

const bucketsFor = (patterns: number): number => {
  let buckets = LEAST_BUCKETS
  while (buckets < patterns * ROOM && buckets < MOST_BUCKETS) buckets *= 2
  return buckets
}

const mix = (one: number, two: number, three: number, four: number): number => {
  const mixed =
    Math.imul(one, 0x4f1bbcdd) ^
    Math.imul(two, 0x2c1b3c6d) ^
    Math.imul(three, 0x297a2d39) ^
    Math.imul(four, 0x1b56c4e9)
  return mixed ^ (mixed >>> 15)
}

const leadOf = (text: string): number =>
  mix(text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2), text.charCodeAt(3))

/** One pass over the text however many patterns there are, by a table of their first four units. */
export const createPatternIndex = (patterns: readonly Pattern[]): PatternIndex => {
  const long = patterns.filter(({ text }) => text.length >= LEAD)
  const firsts = new Int32Array(bucketsFor(long.length)).fill(-1)
  const mask = firsts.length - 1
  const short = patterns.filter(({ text }) => text.length > 0 && text.length < LEAD)
  const next = new Int32Array(long.length)
  for (const [at, { text }] of long.entries()) {
    const bucket = leadOf(text) & mask
    next[at] = firsts[bucket]!
    firsts[bucket] = at
  }
  return {
    scan(text, found) {
      if (long.length > 0) {
        let one = 0
        let two = text.charCodeAt(0)
        let three = text.charCodeAt(1)
        let four = text.charCodeAt(2)
        for (let start = 0; start + LEAD <= text.length; start += 1) {
          one = two
          two = three
          three = four
          four = text.charCodeAt(start + LEAD - 1)
          for (let at = firsts[mix(one, two, three, four) & mask]!; at >= 0; at = next[at]!)
            if (text.startsWith(long[at]!.text, start)) found(long[at]!, start)
        }
      }
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
