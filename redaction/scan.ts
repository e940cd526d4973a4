/** How a value may hide in a body. */
export type LeakEncoding = 'plain' | 'spaced' | 'escaped' | 'url' | 'base64' | 'hex' | 'reversed'

export interface Leak {
  /** Index into the values that were looked for; the value itself is never repeated. */
  readonly index: number
  readonly encoding: LeakEncoding
}

/** Lower case, escapes undone, everything but letters and digits dropped. */
const squeeze = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

const plainText = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ')

const unescape = (text: string): string =>
  text
    .replace(/\\+u([0-9a-f]{4})/giu, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+x([0-9a-f]{2})/giu, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+([nrt"'\\/])/gu, (_all, letter: string) => (/[nrt]/u.test(letter) ? ' ' : letter))
    .replace(/=\r?\n/gu, '')
    .replace(/&#x([0-9a-f]{1,6});/giu, (_all, hex: string) => codePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});/gu, (_all, digits: string) => codePoint(Number(digits)))
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/gu, (_all, name: string) => ENTITIES[name] ?? ' ')

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

const codePoint = (point: number): string => (point <= 0x10ffff ? String.fromCodePoint(point) : ' ')

const unUrl = (text: string): string =>
  text.replace(/\+/gu, ' ').replace(/(?:%[0-9a-f]{2})+/giu, (run) => {
    return Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8')
  })

/** What base64 writes for the middle of a value at each of the three offsets, whatever stands around it. */
const base64Cores = (value: string): readonly string[] =>
  [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
    const text = bytes.toString('base64').replace(/=+$/u, '')
    const from = offset === 0 ? 0 : offset === 1 ? 2 : 3
    const to = text.length - (bytes.length % 3 === 0 ? 0 : 1)
    const core = text.slice(from, to)
    return core.length >= 6 ? [core, core.replaceAll('+', '-').replaceAll('/', '_')] : []
  })

/** A short word is looked for between word boundaries, or every text would hold it. */
const SHORT = 8

const holds = (body: string, value: string): boolean => {
  if (value.length >= SHORT) return body.includes(value)
  for (let at = body.indexOf(value); at >= 0; at = body.indexOf(value, at + 1)) {
    const around = body.charAt(at - 1) + body.charAt(at + value.length)
    if (!/[\p{L}\p{N}]/u.test(around)) return true
  }
  return false
}

/**
 * Looks for exact values in a body that is about to leave, knowing nothing of how it was scrubbed: in any case, broken
 * by blanks and marks, JSON- or HTML-escaped, URL-encoded, in base64 at any offset, in hexadecimal, reversed.
 */
export const findLeaks = (body: string, values: readonly string[]): readonly Leak[] => {
  const plain = plainText(body)
  const unescaped = plainText(unescape(unescape(body)))
  const url = plainText(unUrl(unUrl(unescape(body))))
  const squeezed = squeeze(url)
  const compact = body.replace(/\s+/gu, '')
  const hex = compact.toLowerCase()
  const leaks: Leak[] = []
  for (const [index, raw] of values.entries()) {
    const value = plainText(raw.trim())
    if (value.length < 2) continue
    const tight = squeeze(value)
    const found = (encoding: LeakEncoding): void => void leaks.push({ index, encoding })
    if (holds(plain, value)) found('plain')
    else if (holds(unescaped, value)) found('escaped')
    else if (holds(url, value)) found('url')
    else if (tight.length >= SHORT && squeezed.includes(tight)) found('spaced')
    const variants = [raw.trim(), value]
    if (variants.some((text) => base64Cores(text).some((core) => compact.includes(core)))) found('base64')
    if (value.length >= 4 && variants.some((text) => hex.includes(Buffer.from(text).toString('hex'))))
      found('hex')
    const reversed = Array.from(value).toReversed().join('')
    if (value.length >= SHORT && reversed !== value && plain.includes(reversed)) found('reversed')
  }
  return leaks
}
