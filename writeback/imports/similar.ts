import { editDistance } from '../../domain/nearest.ts'
import { NICKNAMES } from '../../redaction/nicknames.ts'
import { foldText } from '../../redaction/words.ts'

const LEGAL = new Set(
  `inc incorporated llc llp lp ltd limited corp corporation co company gmbh mbh ag kg ug se sa sas sarl srl spa bv nv oy oyj ab as asa aps plc pty pte kft sro doo ou the`.split(
    ' ',
  ),
)
const TITLES = new Set('mr mrs ms miss dr prof sir dame herr frau mme'.split(' '))
const SUFFIXES = new Set('jr sr ii iii iv phd md esq cpa mba'.split(' '))

/** `The Østby Group, Inc.` -> `ostby group`: what two spellings of a company share. */
export const companyKey = (name: string): string => {
  const words = foldText(name.replaceAll(/\b((?:\p{L}\.){2,})/gu, (letters) => letters.replaceAll('.', '')))
    .replaceAll(/[^\p{L}\p{N} ]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
  const kept = words.filter((word) => !LEGAL.has(word) && word !== 'and')
  return (kept.length > 0 ? kept : words).join(' ')
}

/** Folded words of a person's name, without titles and suffixes, in the order written. */
export const nameWords = (name: string): readonly string[] =>
  foldText(name.replaceAll(/\([^)]*\)/g, ' '))
    .replaceAll(/['’`]/g, '')
    .replaceAll(/[^\p{L}\p{N} ]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !TITLES.has(word) && !SUFFIXES.has(word))

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

const sorted = (key: string): string => key.split(' ').sort().join(' ')

/** Of two company keys; words in another order count nearly as much. */
export const companySimilarity = (a: string, b: string): number => {
  const plain = textSimilarity(a, b)
  if (plain === 1 || !(a.includes(' ') && b.includes(' '))) return plain
  return Math.max(plain, textSimilarity(sorted(a), sorted(b)) * 0.98)
}

const isShortFor = (short: string, long: string): boolean => NICKNAMES.get(short)?.includes(long) ?? false

/** One word of a name against another: equal, a short name, an initial, or a slip of the pen. */
const wordSimilarity = (a: string, b: string): number => {
  if (a === b) return 1
  if (isShortFor(a, b) || isShortFor(b, a)) return 0.95
  if (a.length === 1 || b.length === 1) return a[0] === b[0] ? 0.8 : 0
  return textSimilarity(a, b)
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
