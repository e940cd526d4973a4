import anyAscii from 'any-ascii'
import { editDistance } from '../../domain/nearest.ts'
import { NICKNAMES } from '../../redaction/nicknames.ts'
import { foldText } from '../../redaction/words.ts'

const TITLES = new Set(
  'mr mrs ms miss mx dr prof sir dame herr frau mme mlle monsieur madame sr sra srta don dona dipl ing mag rev hon'.split(
    ' ',
  ),
)
const SUFFIXES = new Set('jr sr ii iii iv phd md esq cpa cfa mba msc bsc llm pmp'.split(' '))

/** Lower case, no accents, in Latin letters whatever the script. */
export const plainText = (text: string): string => {
  const folded = foldText(text)
  return /^\p{ASCII}*$/u.test(folded) ? folded : anyAscii(folded).toLowerCase()
}

/** Folded words of a person's name, without titles and suffixes, in the order written. */
export const nameWords = (name: string): readonly string[] => {
  const words = plainText(name.replaceAll(/\([^)]*\)/g, ' '))
    .replaceAll(/['’`]/g, '')
    .replaceAll(/[^\p{L}\p{N} ]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
  const kept = words.filter((word) => !TITLES.has(word) && !SUFFIXES.has(word))
  return kept.length > 0 ? kept : words.filter((word) => !TITLES.has(word))
}

/** The same for `Dana Whitfield`, `Whitfield, Dana` and `WHITFIELD Dana`. */
export const nameKey = (name: string): string => [...nameWords(name)].sort().join(' ')

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '')

/** 1 for the same, less by the share of letters that must change; 0 where numbers differ (`Fund 1`, `Fund 2`). */
export const textSimilarity = (a: string, b: string): number => {
  if (a === b) return 1
  if (digitsOf(a) !== digitsOf(b)) return 0
  const length = Math.max(a.length, b.length)
  return length === 0 ? 0 : 1 - editDistance(a, b) / length
}

const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/(sch|shch|sh|cz|ch|tch)/g, 's'],
  [/(ph|ff)/g, 'f'],
  [/(kh|gh)/g, 'h'],
  [/(ck|q|c)/g, 'k'],
  [/x/g, 'ks'],
  [/(tz|ts)/g, 'z'],
  [/w/g, 'v'],
  [/([aou])e/g, '$1'],
  [/th/g, 't'],
  [/[yj]/g, 'i'],
  [/h/g, ''],
  [/(.)\1+/g, '$1'],
]

/** What spellings of one name in other letters or languages share: `xenia`, `kseniya` -> `ksenia`. */
export const soundOf = (word: string): string =>
  SOUNDS.reduce((text, [from, to]) => text.replaceAll(from, to), word)

const isShortFor = (short: string, long: string): boolean => NICKNAMES.get(short)?.includes(long) ?? false

/** One word of a name against another: equal, a short name, an initial, another spelling, or a slip of the pen. */
const wordSimilarity = (a: string, b: string): number => {
  if (a === b) return 1
  if (isShortFor(a, b) || isShortFor(b, a)) return 0.95
  if (a.length === 1 || b.length === 1) return a[0] === b[0] ? 0.8 : 0
  const written = textSimilarity(a, b)
  if (a.length < 4 || b.length < 4) return written
  return Math.max(written, textSimilarity(soundOf(a), soundOf(b)) * 0.95)
}

/**
 * Similarity of two names given as words, 0 to 1, whatever their order: each word of the shorter name takes the best
 * word of the longer one that is left. Words that find no partner (second given names) cost little.
 */
export const nameSimilarity = (a: readonly string[], b: readonly string[]): number => {
  const [fewer, more] = a.length <= b.length ? [a, b] : [b, a]
  if (fewer.length === 0) return 0
  const left = [...more]
  let sum = 0
  for (const word of [...fewer].sort((one, two) => two.length - one.length)) {
    let best = { at: -1, score: -1 }
    for (const [at, other] of left.entries()) {
      const score = wordSimilarity(word, other)
      if (score > best.score) best = { at, score }
    }
    sum += best.score < 0.6 ? 0 : best.score
    left.splice(best.at, 1)
  }
  const single = fewer.length === 1 && more.length > 1 ? 0.7 : 1
  return (sum / fewer.length) * single - 0.04 * left.length * (single === 1 ? 1 : 0)
}

/**
 * Whether the part of an address before the @ could be that person's: `dwhitfield`, `whitfield.d` and `dana2` fit Dana
 * Whitfield, `erik.novak` does not. Undefined where it tells nothing (`kontakt`, `xk42`).
 */
export const addressFits = (address: string, words: readonly string[]): boolean | undefined => {
  const parts = plainText(address.slice(0, address.indexOf('@')).replace(/\+.*$/, ''))
    .split(/[^a-z]+/)
    .filter((part) => part !== '')
  const long = words.filter((word) => word.length > 2)
  if (parts.length === 0 || long.length === 0) return undefined
  const fitsWord = (part: string): boolean =>
    words.some(
      (word) =>
        word === part ||
        ((part.length === 1 || word.length === 1) && part[0] === word[0]) ||
        (part.length >= 3 &&
          word.length >= 3 &&
          (word.startsWith(part) || wordSimilarity(word, part) >= 0.75)),
    )
  if (parts.every(fitsWord)) return true
  const whole = parts.join('')
  const isWoven = words.some((one) =>
    words.some(
      (other) =>
        one !== other &&
        [`${one}${other}`, `${one[0]}${other}`, `${other}${one[0]}`].some(
          (woven) => woven === whole || (woven.length >= 5 && textSimilarity(woven, whole) >= 0.8),
        ),
    ),
  )
  if (isWoven) return true
  return parts.length > 1 ? false : undefined
}
