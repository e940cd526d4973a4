import { createWordIndex } from '../words.ts'
import { isLuhn } from './card.ts'
import { isHarmless } from './never.ts'
import { detected, hitsIn } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'
import { cueWindows } from './windows.ts'

/** A national number: how it is written, whether its check digits hold, and the words it needs before it if it has none. */
interface Scheme {
  readonly shape: RegExp
  readonly holds: (plain: string) => boolean
  /** How many digits its shape has at least. */
  readonly digits: number
  /** How many letters and digits stand side by side in it at least, where that says more. */
  readonly together?: number
  readonly cue?: RegExp
}

const digitsOf = (text: string): number[] => Array.from(text.replace(/\D/gu, ''), Number)

const weighted = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * digits[at]!, 0)

/** Bundeszentralamt für Steuern: ISO 7064 mod 11,10 over ten digits, of which one or two repeat. */
const isSteuerId = (text: string): boolean => {
  const digits = digitsOf(text)
  if (digits.length !== 11 || digits[0] === 0 || new Set(digits.slice(0, 10)).size > 9) return false
  let product = 10
  for (const digit of digits.slice(0, 10)) {
    const sum = (digit + product) % 10 || 10
    product = (sum * 2) % 11
  }
  return (11 - product) % 10 === digits[10]
}

/** INSEE: 97 less the number modulo 97; Corsica's letters stand for digits. */
const isNir = (text: string): boolean => {
  const plain = text
    .replace(/[\s.-]/gu, '')
    .toUpperCase()
    .replace('2A', '19')
    .replace('2B', '18')
  if (!/^\d{15}$/u.test(plain)) return false
  return 97n - (BigInt(plain.slice(0, 13)) % 97n) === BigInt(plain.slice(13))
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE'
const isDni = (text: string): boolean => {
  const plain = text.replace(/[\s.-]/gu, '').toUpperCase()
  const number = Number(plain.slice(0, -1).replace('X', '0').replace('Y', '1').replace('Z', '2'))
  return DNI_LETTERS.charAt(number % 23) === plain.at(-1)
}

const isNif = (text: string): boolean => {
  const digits = digitsOf(text)
  if (digits.length !== 9) return false
  const rest = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
  return (rest < 2 ? 0 : 11 - rest) === digits[8]
}

const isBsn = (text: string): boolean => {
  const digits = digitsOf(text)
  return digits.length === 9 && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0
}

const isCpf = (text: string): boolean => {
  const digits = digitsOf(text)
  if (digits.length !== 11 || new Set(digits).size === 1) return false
  const check = (length: number): number => {
    const sum = digits.slice(0, length).reduce((all, digit, at) => all + digit * (length + 1 - at), 0)
    return ((sum * 10) % 11) % 10
  }
  return check(9) === digits[9] && check(10) === digits[10]
}

const isAhv = (text: string): boolean => {
  const digits = digitsOf(text)
  const sum = digits.slice(0, 12).reduce((all, digit, at) => all + digit * (at % 2 === 0 ? 1 : 3), 0)
  return digits.length === 13 && (10 - (sum % 10)) % 10 === digits[12]
}

const isPesel = (text: string): boolean => {
  const digits = digitsOf(text)
  return (
    digits.length === 11 && (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digits[10]
  )
}

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
const isCodiceFiscale = (text: string): boolean => {
  const plain = text.toUpperCase()
  let sum = 0
  for (let at = 0; at < 15; at += 1) {
    const value = Number.parseInt(plain.charAt(at), 36)
    const place = value > 9 ? value - 10 : value
    sum += at % 2 === 0 ? ODD[place]! : place
  }
  return String.fromCharCode(65 + (sum % 26)) === plain.at(-1)
}

/** Social Security Administration: no area 000 or 666, no group 00, no serial 0000; 9xx are taxpayer numbers. */
const isSsn = (text: string): boolean => {
  const [, area = '', group = '', serial = ''] = /^(\d{3})\D?(\d{2})\D?(\d{4})$/u.exec(text) ?? []
  return area !== '' && area !== '000' && area !== '666' && group !== '00' && serial !== '0000'
}

const yes = (): boolean => true
const hasDigits = (text: string): boolean => digitsOf(text).length >= 4
const B = '(?<![\\p{L}\\p{N}.,_/-])'
const E = '(?![\\p{L}\\p{N}_]|[-.,/]\\d)'
const shape = (body: string): RegExp => new RegExp(`${B}${body}${E}`, 'giu')

const SCHEMES: readonly Scheme[] = [
  { shape: shape('\\d{3}([- ])\\d{2}\\1\\d{4}'), holds: (text) => isSsn(text), digits: 9 },
  { shape: shape('\\d{9}'), holds: isSsn, digits: 9, cue: /\b(?:ssn|itin|social security)\b[^\n]{0,24}$/iu },
  {
    shape: shape(
      '(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]',
    ),
    holds: yes,
    digits: 6,
  },
  { shape: shape('\\d{2} \\d{3} \\d{3} \\d{3}'), holds: isSteuerId, digits: 11 },
  { shape: shape('\\d{11}'), holds: isSteuerId, digits: 11, cue: /\b(?:steuer|idnr|tin|tax)[^\n]{0,32}$/iu },
  {
    shape: shape('[12] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-4]\\d) ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}'),
    holds: isNir,
    digits: 14,
  },
  {
    shape: shape('(?:\\d{8}|\\d{2}\\.\\d{3}\\.\\d{3}|[XYZ]-?\\d{7})[- ]?[TRWAGMYFPDXBNJZSQVHLCKE]'),
    holds: isDni,
    digits: 7,
  },
  {
    shape: shape('\\d{3} ?\\d{3} ?\\d{3}'),
    holds: isNif,
    digits: 9,
    cue: /\b(?:nif|contribuinte|fiscal)\b[^\n]{0,24}$/iu,
  },
  {
    shape: shape('\\d{9}'),
    holds: isBsn,
    digits: 9,
    cue: /\b(?:bsn|burgerservicenummer|sofinummer)\b[^\n]{0,24}$/iu,
  },
  { shape: shape('\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}'), holds: isCpf, digits: 11 },
  { shape: shape('756\\.\\d{4}\\.\\d{4}\\.\\d{2}'), holds: isAhv, digits: 13 },
  { shape: shape('\\d{11}'), holds: isPesel, digits: 11, cue: /\bpesel\b[^\n]{0,24}$/iu },
  {
    shape: shape('(?:\\d{2})?\\d{6}[-+]\\d{4}'),
    holds: (text) => isLuhn(digitsOf(text).slice(-10).join('')) && isBirth(text),
    digits: 10,
  },
  {
    shape: shape('[A-Z]{6}\\d{2}[A-EHLMPRST]\\d{2}[A-Z]\\d{3}[A-Z]'),
    holds: isCodiceFiscale,
    digits: 7,
    together: 16,
  },
  {
    shape: shape('\\d{3}([- ])\\d{3}\\1\\d{3}'),
    holds: (text) => isLuhn(text.replace(/\D/gu, '')),
    digits: 9,
    cue: /\b(?:sin|social insurance)\b[^\n]{0,24}$/iu,
  },
  {
    shape: shape('[A-Z]{0,3}\\d[A-Z0-9]{4,15}'),
    holds: hasDigits,
    digits: 1,
    cue: /\b(?:passports?|driver'?s? licen[cs]e|driving licen[cs]e|licen[cs]e plate|identity card|id card|personalausweis|reisepass|führerschein|national id|tax id|steuernummer|passeport|pasaporte|passaporte|carte d'identité)\b[^\n]{0,20}?(?:number|no\.?|nr\.?|#|:|is)\s*(?:is|:)?\s*$/iu,
  },
]

/** Words of the cues above: where none stands, their schemes are not looked for. */
const CUES = createWordIndex(
  'ssn itin social steuer steuernummer steuerid idnr tin tax nif contribuinte fiscal bsn burgerservicenummer sofinummer pesel sin passport passports license licence identity id personalausweis reisepass führerschein national passeport pasaporte passaporte identité'.split(
    ' ',
  ),
)

const isBirth = (text: string): boolean => {
  const digits = text.replace(/\D/gu, '').slice(-10)
  const [month, day] = [Number(digits.slice(2, 4)), Number(digits.slice(4, 6))]
  return month >= 1 && month <= 12 && day >= 1 && day <= 91
}

/**
 * Numbers that states give to people, in a dozen countries: by their check digits where they have them, by the words
 * before them where they have none (passports, driving licences, plain runs of digits).
 */
export const recogniseNationalId: Recogniser = (text, { taken, windows, words }) => {
  const cued = cueWindows(text, words, CUES, { before: 24, after: 96 })
  return SCHEMES.flatMap(({ shape: pattern, holds, digits, together = 0, cue }) =>
    hitsIn(
      text,
      cue ? cued : windows.filter((window) => window.close >= digits && window.together >= together),
      pattern,
    ).flatMap(({ start, end, text: found }) => {
      if (!holds(found) || taken.has(start, end)) return []
      if (cue && !cue.test(text.slice(Math.max(0, start - 64), start))) return []
      if (!cue && isHarmless(text, start, end)) return []
      return [detected('ID', start, end, found.replace(/[\s.-]/gu, '').toUpperCase())]
    }),
  )
}
