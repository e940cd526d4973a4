/** Longer texts get an array of their own, which is not kept. */
const MOST_KEPT = 1 << 20
/** Names and the like, which are read between two looks at one long text. */
const SHORT = 64
/** Zeros after the last unit, so that readers may look ahead. */
const AHEAD = 4

const short = new Uint16Array(SHORT + AHEAD)
let kept = new Uint16Array(1 << 14)
let bytes = Buffer.from(kept.buffer)
/** The text whose units `kept` holds. */
let keptText = ''

const make = (length: number): Uint16Array<ArrayBuffer> =>
  new Uint16Array(2 ** Math.ceil(Math.log2(length + AHEAD)))

/**
 * The UTF-16 units of a text in a flat array, which is much faster to read than the text, with a few zeros after them.
 * The array is used again by the next call: read it through before anything else is read. Asking for the same text again
 * costs nothing.
 */
export const readUnits = (text: string): Uint16Array => {
  const { length } = text
  if (length <= SHORT) {
    for (let at = 0; at < length; at += 1) short[at] = text.charCodeAt(at)
    short.fill(0, length, length + AHEAD)
    return short
  }
  if (text === keptText) return kept
  if (length > MOST_KEPT) {
    const own = make(length)
    Buffer.from(own.buffer).write(text, 'utf16le')
    return own
  }
  if (length + AHEAD > kept.length) {
    kept = make(length)
    bytes = Buffer.from(kept.buffer)
  }
  bytes.write(text, 'utf16le')
  kept.fill(0, length, length + AHEAD)
  keptText = text
  return kept
}
