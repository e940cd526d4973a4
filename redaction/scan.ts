import { createPatternIndex } from './pattern-index.ts'
import type { Pattern, PatternIndex } from './pattern-index.ts'

/** How a value may hide in a body. */
export type LeakEncoding = 'plain' | 'escaped' | 'url' | 'spaced' | 'base64' | 'hex' | 'reversed' | 'rot13'

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

const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu

const plainText = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ')

const unescape = (text: string): string =>
  text
    .replace(/\\+u([0-9a-f]{4})/giu, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+x([0-9a-f]{2})/giu, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+([nrt"'\\/])/gu, (_all, letter: string) => (/[nrt]/u.test(letter) ? ' ' : letter))
    .replace(/=\r?\n/gu, '')
    .replace(INVISIBLE, '')
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

const bytesAsText = (run: string): string => Buffer.from(run.replace(/[=%]/gu, ''), 'hex').toString('utf8')

const unUrl = (text: string): string =>
  text.replace(/\+/gu, ' ').replace(/(?:%[0-9a-f]{2})+/giu, (run) => bytesAsText(run))

/** Quoted-printable writes capitals; undone apart, since `q=DAN` is none. */
const unQuoted = (text: string): string => text.replace(/(?:=[0-9A-F]{2})+/gu, (run) => bytesAsText(run))

const rot13 = (text: string): string =>
  text.replace(/[a-z]/gu, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97))

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
/** Turned letters of short words are other words. */
const SHORTEST_ROT13 = 6

const stands = (body: string, { text }: Pattern, start: number): boolean =>
  text.length >= SHORT || !/[\p{L}\p{N}]/u.test(body.charAt(start - 1) + body.charAt(start + text.length))

/** The values as each way of hiding them would show them. */
interface Indexes {
  readonly plain: PatternIndex
  readonly tight: PatternIndex
  readonly base64: PatternIndex
  readonly hex: PatternIndex
  readonly reversed: PatternIndex
  readonly rot13: PatternIndex
}

const indexesOf = (values: readonly string[]): Indexes => {
  const index = (write: (value: string, raw: string) => readonly string[]): PatternIndex =>
    createPatternIndex(
      values.flatMap((raw, id) => {
        const value = plainText(raw.trim())
        return value.length < 2 ? [] : [...new Set(write(value, raw.trim()))].map((text) => ({ text, id }))
      }),
    )
  const long = (text: string, least = SHORT): string[] => (text.length >= least ? [text] : [])
  return {
    plain: index((value) => [value]),
    tight: index((value) => long(squeeze(value))),
    base64: index((value, raw) => [raw, value].flatMap(base64Cores)),
    hex: index((value, raw) =>
      value.length < 4 ? [] : [raw, value].map((text) => Buffer.from(text).toString('hex')),
    ),
    reversed: index((value) => {
      const reversed = Array.from(value).toReversed().join('')
      return reversed === value ? [] : long(reversed)
    }),
    rot13: index((value) => {
      const turned = rot13(value)
      return turned === value ? [] : long(turned, SHORTEST_ROT13)
    }),
  }
}

/**
 * A scanner for exact values in bodies that are about to leave, knowing nothing of how they were scrubbed: in any case,
 * broken by blanks, marks or invisible characters, JSON- or HTML-escaped, quoted-printable, URL-encoded, in base64 at
 * any offset, in hexadecimal, reversed, in rot13. Its time hardly grows with the number of values.
 */
export const createLeakScanner = (values: readonly string[]): ((body: string) => readonly Leak[]) => {
  const indexes = indexesOf(values)
  return (body) => {
    const leaks = new Map<string, Leak>()
    const seen = new Set<number>()
    const look = (index: PatternIndex, text: string, encoding: LeakEncoding, whole = stands): void => {
      index.scan(text, (pattern, start) => {
        if (whole(text, pattern, start))
          leaks.set(`${pattern.id} ${encoding}`, { index: pattern.id, encoding })
      })
    }
    /** Each of these shows what the one before shows too: a value is named once. */
    const lookOnce = (index: PatternIndex, text: string, encoding: LeakEncoding): void => {
      index.scan(text, (pattern, start) => {
        if (seen.has(pattern.id) || !stands(text, pattern, start)) return
        seen.add(pattern.id)
        leaks.set(`${pattern.id} ${encoding}`, { index: pattern.id, encoding })
      })
    }
    const anywhere = (): boolean => true
    const plain = plainText(body)
    const unescaped = plainText(unescape(unescape(body)))
    const quoted = plainText(unQuoted(unescape(body)))
    const url = plainText(unUrl(unUrl(unescape(body))))
    const compact = body.replace(/\s+/gu, '')
    lookOnce(indexes.plain, plain, 'plain')
    if (unescaped !== plain) lookOnce(indexes.plain, unescaped, 'escaped')
    if (quoted !== unescaped) lookOnce(indexes.plain, quoted, 'escaped')
    if (url !== unescaped) lookOnce(indexes.plain, url, 'url')
    lookOnce(indexes.tight, squeeze(url), 'spaced')
    look(indexes.base64, compact, 'base64', anywhere)
    look(indexes.hex, compact.toLowerCase(), 'hex', anywhere)
    look(indexes.reversed, unescaped, 'reversed')
    look(indexes.rot13, unescaped, 'rot13')
    return [...leaks.values()].toSorted((a, b) => a.index - b.index)
  }
}

/** Looks for exact values in one body; see `createLeakScanner`. */
export const findLeaks = (body: string, values: readonly string[]): readonly Leak[] =>
  createLeakScanner(values)(body)
