const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    strictUtf8.decode(bytes)
    return true
  } catch {
    return false
  }
}

const hasHighBytes = (bytes: Uint8Array): boolean => bytes.some((byte) => byte >= 0x80)

const ESCAPE = 0x1b
/** ISO-2022 text switches sets by `ESC $` and `ESC (`. */
const isEscaped = (bytes: Uint8Array): boolean => {
  const at = bytes.indexOf(ESCAPE)
  return at >= 0 && (bytes[at + 1] === 0x24 || bytes[at + 1] === 0x28)
}

/** Labels that name one-byte Latin sets, which decode anything and so prove nothing. */
const LATIN =
  /^(?:us-?ascii|ascii|ansi_x3\.4-1968|iso[-_]?8859[-_]?(?:1|15)|latin-?[19]|windows-1252|cp-?1252|x-cp1252)$/
/** Labels that programs write when they do not know. */
const UNKNOWN =
  /^(?:|default(?:_charset)?|unknown(?:-8bit)?|x-unknown|x-user-defined|8bit|7bit|binary|none|ansi|user-defined|charset|text|iso|utf)$/

/** `3Dwindows-1252`, `"utf-8"`, `utf-8;` as they should have been written; undefined where nothing is said. */
export const cleanLabel = (label: string | undefined): string | undefined => {
  const cleaned = (label ?? '')
    .toLowerCase()
    .replace(/^=?3d/, '')
    .replace(/["'\s;]/g, '')
    .replace(/^_|_$/g, '')
    .replace(/^cp-/, 'cp')
  return UNKNOWN.test(cleaned) ? undefined : cleaned
}

const decoderOf = (label: string, fatal: boolean): InstanceType<typeof TextDecoder> | undefined => {
  try {
    return new TextDecoder(label, { fatal })
  } catch {
    return undefined
  }
}

const decodesStrictly = (bytes: Uint8Array, label: string): boolean => {
  try {
    decoderOf(label, true)?.decode(bytes)
    return true
  } catch {
    return false
  }
}

interface Shape {
  readonly highShare: number
  /** Runs of high bytes of odd length: many in one-byte alphabets, none in EUC. */
  readonly oddRunShare: number
  readonly hangulLeadShare: number
  /** Leads of kana in Shift_JIS. */
  readonly kanaLeadShare: number
  readonly lowerKoi8: number
  readonly lowerCp1251: number
}

const shapeOf = (bytes: Uint8Array): Shape => {
  let high = 0
  let letters = 0
  let runs = 0
  let oddRuns = 0
  let pairs = 0
  let hangul = 0
  let kana = 0
  let koi8 = 0
  let cp1251 = 0
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at]!
    if (byte < 0x80) {
      if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) letters += 1
      at += 1
      continue
    }
    const start = at
    while (at < bytes.length && bytes[at]! >= 0x80) {
      if (bytes[at]! >= 0xc0) {
        if (bytes[at]! < 0xe0) koi8 += 1
        else cp1251 += 1
      }
      at += 1
    }
    const length = at - start
    high += length
    runs += 1
    if (length % 2 === 1) oddRuns += 1
    for (let lead = start; lead + 1 < at; lead += 2) {
      const first = bytes[lead]!
      if (first === 0x82 || first === 0x83) kana += 1
      if (first < 0xb0) continue
      pairs += 1
      if (first <= 0xc8) hangul += 1
    }
  }
  return {
    highShare: high / Math.max(1, high + letters),
    oddRunShare: oddRuns / Math.max(1, runs),
    hangulLeadShare: hangul / Math.max(1, pairs),
    kanaLeadShare: kana / Math.max(1, high),
    lowerKoi8: koi8,
    lowerCp1251: cp1251,
  }
}

/** The likeliest set of text that is not UTF-8 and says nothing (believable) about itself. */
const guess = (bytes: Uint8Array): string => {
  const shape = shapeOf(bytes)
  if (shape.highShare < 0.25) return 'windows-1252'
  if (shape.kanaLeadShare > 0.1 && decodesStrictly(bytes, 'shift_jis')) return 'shift_jis'
  if (shape.oddRunShare < 0.1) {
    if (shape.hangulLeadShare > 0.85 && decodesStrictly(bytes, 'euc-kr')) return 'euc-kr'
    if (decodesStrictly(bytes, 'gb18030')) return 'gb18030'
  }
  if (shape.lowerKoi8 + shape.lowerCp1251 > 0 && shape.highShare > 0.5) {
    return shape.lowerKoi8 > shape.lowerCp1251 ? 'koi8-r' : 'windows-1251'
  }
  if (decodesStrictly(bytes, 'big5')) return 'big5'
  return 'windows-1252'
}

const brokenShare = (bytes: Uint8Array, label: string): number => {
  const text = decoderOf(label, false)?.decode(bytes) ?? ''
  let broken = 0
  let foreign = 0
  for (const character of text) {
    if (character === '\ufffd') broken += 1
    else if (character > '\u007f') foreign += 1
  }
  return broken / Math.max(1, broken + foreign)
}

export interface Charset {
  /** A label that TextDecoder knows. */
  readonly label: string
  /** It is not the one the message declares. */
  readonly repaired: boolean
}

/**
 * The character set to decode a text with: the declared one where the bytes bear it out, else UTF-8 where they are
 * strictly UTF-8, else the likeliest by the shape of the bytes.
 */
export const charsetOf = (bytes: Uint8Array, declared: string | undefined): Charset => {
  const label = cleanLabel(declared)
  if (!hasHighBytes(bytes)) {
    if (label === undefined && isEscaped(bytes)) {
      return { label: 'iso-2022-jp', repaired: true }
    }
    const isWide = label !== undefined && /^utf-?(?:16|32)/.test(label) && !bytes.includes(0)
    return isWide ? { label: 'utf-8', repaired: true } : { label: label ?? 'utf-8', repaired: false }
  }
  if (label === undefined || LATIN.test(label)) {
    if (isUtf8(bytes)) return { label: 'utf-8', repaired: true }
    if (label !== undefined && !label.includes('ascii')) return { label, repaired: false }
    return { label: guess(bytes), repaired: true }
  }
  if (!decoderOf(label, true)) {
    // Unknown to the standard: the parser's own table of aliases may still know it, unless the bytes say UTF-8.
    return isUtf8(bytes) ? { label: 'utf-8', repaired: true } : { label, repaired: false }
  }
  if (decodesStrictly(bytes, label)) return { label, repaired: false }
  if (/^gb(?:k|2312|_2312-80)$/.test(label)) return { label: 'gb18030', repaired: false }
  if (isUtf8(bytes)) return { label: 'utf-8', repaired: true }
  // A few broken characters in a text that otherwise fits: damaged on the way, not mislabelled.
  if (brokenShare(bytes, label) < 0.2) return { label, repaired: false }
  return { label: guess(bytes), repaired: true }
}

/** UTF-7 (RFC 2152), which no decoder of the platform knows. */
export const decodeUtf7 = (text: string): string =>
  text.replace(/\+([A-Za-z0-9+/]*)-?/g, (_run, base64: string) => {
    if (base64 === '') return '+'
    const units = Buffer.from(base64, 'base64')
    return new TextDecoder('utf-16be').decode(units.subarray(0, units.length - (units.length % 2)))
  })
