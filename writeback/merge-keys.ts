import { companyName } from './imports/company-name.ts'
import { isSharedAddress } from './imports/names.ts'
import { nameWords, soundOf } from './imports/similar.ts'
import { NICKNAMES } from '../redaction/nicknames.ts'

/** What is known of a person or company that may stand twice. */
export interface Candidate {
  readonly id: string
  readonly name: string
  readonly company: string | null
  readonly domain: string | null
  readonly linkedin: string | null
  readonly phones: readonly string[]
  readonly addresses: readonly string[]
  /** Fields and records that speak for keeping it. */
  readonly weight: number
}

/** Two records are compared where they share a key that at most so many have. */
export interface BlockKey {
  readonly key: string
  readonly most: number
}

/** Blocks larger than this hold what is common, not what is the same. */
const MOST = 60
/** Of companies, words of a trade are common. */
const MOST_COMPANIES = 40
/** A word that so few have in their names tells by itself. */
export const RARE = 4
const MIN_RARE = 5
const MIN_LOCAL = 5

const start = (word: string): string => soundOf(word).slice(0, 4)

/** First letters that a word may have in another spelling: its own, and those of the names it is short for. */
const initials = (word: string): readonly string[] => [
  ...new Set([word, ...(NICKNAMES.get(word) ?? [])].map((one) => soundOf(one).slice(0, 1))),
]

/** Each word's beginning with the first letter of another: one slip, a short name or another order leave a key alike. */
const wordPairs = (words: readonly string[]): readonly string[] => {
  const long = words.filter((word) => word.length > 2)
  if (words.length < 2) return long.map(start)
  return long.flatMap((word) =>
    words.flatMap((other) =>
      other === word ? [] : initials(other).map((letter) => `${start(word)}|${letter}`),
    ),
  )
}

/** The part of an address before the @, without digits and marks; none of an address that a whole firm reads. */
export const localOf = (address: string): string =>
  isSharedAddress(address)
    ? ''
    : address
        .slice(0, address.indexOf('@'))
        .toLowerCase()
        .replaceAll(/[^a-z]/g, '')

const keyed =
  (most: number) =>
  (key: string): BlockKey => ({ key, most })

export const personKeys = ({
  name,
  company,
  linkedin,
  phones,
  addresses,
}: Candidate): readonly BlockKey[] => {
  const words = nameWords(name)
  const pairs = wordPairs(words)
  const locals = [...new Set(addresses.map(localOf))].filter((local) => local.length >= MIN_LOCAL)
  return [
    ...words.filter((word) => word.length >= MIN_RARE).map((word) => keyed(RARE)(`r|${word}`)),
    ...[
      ...phones.map((phone) => `p|${phone.replace(/;.*$/, '')}`),
      ...locals.flatMap((local) => [`l|${local}`, ...words.map((word) => `l|${local}|${start(word)}`)]),
      ...(linkedin === null
        ? []
        : [
            `i|${linkedin
              .toLowerCase()
              .replace(/^.*linkedin\.com/, '')
              .replace(/[/?#]+$/, '')}`,
          ]),
      ...(company === null ? [] : pairs.map((pair) => `c|${company}|${pair}`)),
    ].map(keyed(MOST)),
  ]
}

export const stemOf = (domain: string | null): string | undefined => domain?.split('.')[0]

export const companyKeys = ({ name, domain }: Candidate): readonly BlockKey[] => {
  const { key, words } = companyName(name)
  const heavy = words.filter(({ weight }) => weight >= 1).map(({ text }) => text)
  const joined = key.replaceAll(' ', '')
  const stem = stemOf(domain)
  return [
    // The same letters in another order, and the same sounds but for vowels, whatever slipped.
    `a|${Array.from(joined).sort().join('')}`,
    `k|${soundOf(joined).replaceAll(/[aeiou]/g, '')}`,
    `e|${joined.slice(0, 4)}|${joined.slice(-3)}`,
    ...(domain === null ? [] : [`d|${domain}`]),
    ...(stem === undefined || stem.length < 4 ? [] : [`s|${stem}`]),
    ...wordPairs(heavy).map((pair) => `w|${pair}`),
  ].map(keyed(MOST_COMPANIES))
}
