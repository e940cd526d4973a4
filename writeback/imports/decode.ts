import { userError } from '../../domain/errors.ts'

const SIGNATURES: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ['an Excel workbook or another packed file', [0x50, 0x4b, 0x03, 0x04]],
  ['an old Excel workbook', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['a packed file', [0x1f, 0x8b]],
  ['an image', [0x89, 0x50, 0x4e, 0x47]],
  ['an image', [0xff, 0xd8, 0xff]],
]
const SAMPLE_BYTES = 4096
/** Share of control characters above which a file is no text. */
const MAX_CONTROLS = 0.005
/** A file with fewer broken places than this among its letters beyond ASCII is UTF-8 that somebody cut. */
const MAX_BROKEN = 0.1

const notText = (what: string) =>
  userError('not_text', `That file is no text: it looks like ${what}.`, {
    fix: 'Export the table as CSV (from Excel: "Save as", CSV UTF-8) and import that.',
  })

const decoded = (bytes: Uint8Array, encoding: string): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Share of zero bytes at even and at odd places: text in UTF-16 has many on one side and few on the other. */
const wideOf = (bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined => {
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  const zeros: [even: number, odd: number] = [0, 0]
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2 === 0 ? 0 : 1] += 1
  const [even, odd] = zeros.map((count) => count / Math.max(1, sample.length / 2)) as [number, number]
  if (odd > 0.3 && even < 0.1) return 'utf-16le'
  return even > 0.3 && odd < 0.1 ? 'utf-16be' : undefined
}

const markOf = ([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined =>
  first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/** UTF-8 with a few broken places: they become U+FFFD. Undefined where it is not UTF-8 at all. */
const mended = (bytes: Uint8Array): string | undefined => {
  const text = new TextDecoder('utf-8').decode(bytes)
  const broken = countOf(text, /\uFFFD/g)
  return broken <= countOf(text, /[^\p{ASCII}\uFFFD]/gu) * MAX_BROKEN ? text : undefined
}

/**
 * The text of a file: a byte order mark decides, then zero bytes (UTF-16), then whether it is UTF-8; else Windows-1252.
 * Throws `not_text` for workbooks, images and whatever else is no text.
 */
export const decodeText = (bytes: Uint8Array): { readonly text: string; readonly encoding: string } => {
  const packed = SIGNATURES.find(([, marks]) => marks.every((byte, at) => bytes[at] === byte))
  if (packed) throw notText(packed[0])
  const wide = markOf(bytes) ?? wideOf(bytes)
  const found =
    wide === undefined
      ? { encoding: 'utf-8', text: decoded(bytes, 'utf-8') ?? mended(bytes) }
      : { encoding: wide, text: decoded(bytes, wide) }
  if (wide !== undefined && found.text === undefined) throw notText('broken UTF-16')
  const { text, encoding } =
    found.text === undefined
      ? { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' }
      : { text: found.text.replace(/^\uFEFF/, ''), encoding: found.encoding }
  const controls = countOf(text, /(?![\t\n\v\f\r])\p{Cc}/gu)
  if (controls > Math.max(2, text.length * MAX_CONTROLS)) throw notText('binary data')
  return { text, encoding }
}
