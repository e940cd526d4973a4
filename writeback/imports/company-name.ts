import { editDistance } from '../../domain/nearest.ts'
import { plainText, textSimilarity } from './similar.ts'

const LEGAL = new Set(
  `inc incorporated llc llp lllp lp ltd limited corp corporation co company companies gmbh mbh ag kg kgaa ug se ev eg sa sas
  sasu sarl srl snc eurl spa scpa bv bvba cvba sprl nv cv vof oy oyj ab as asa aps plc pty pte pvt private kft zrt
  sro doo ou sia uab eood ead ltda eireli sl slu sc kk gk bhd sdn the`.split(/\s+/),
)
/** Forms of several words, as they are written. */
const LONG_FORMS =
  /\b(sp\.?\s?z\.?\s?o\.?\s?o\.?|s\.?\s?de\s?r\.?\s?l\.?|a\/s|k\/s|i\/s|s\.?\s?r\.?\s?o\.?)(?![\p{L}])/giu
/** Words that a name has or has not as it pleases its writer. */
const LIGHT = new Set(
  `group gruppe groupe grupo gruppo holding holdings und et y e uk usa us eu gb de fr deutschland germany france italia
  europe emea head office hq headquarters branch division dept department team`.split(/\s+/),
)
const LIGHT_WEIGHT = 0.15
const REMARK_WEIGHT = 0.3
const SAME_WORD = 0.7
const MIN_JOINED = 6

/** The name of a company taken apart for comparison. */
export interface CompanyName {
  /** `The Østby Group, Inc.` -> `ostby group`: what two spellings share. */
  readonly key: string
  readonly words: readonly { readonly text: string; readonly weight: number }[]
  /** Other names that it brings along in brackets: `NRL`, `formerly Hansa Freight`. */
  readonly also: readonly string[]
}

const wordsOf = (text: string, legal: 'kept' | 'dropped'): readonly string[] => {
  const words = plainText(
    text
      .replaceAll(LONG_FORMS, ' ')
      .replaceAll(/\b((?:\p{L}\.){2,})/gu, (letters) => letters.replaceAll('.', ''))
      .replaceAll(/['’`]/g, ''),
  )
    .replaceAll(/[^\p{L}\p{N} ]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'and')
  return legal === 'kept' ? words : words.filter((word) => !LEGAL.has(word))
}

const FORMER =
  /^(?:formerly|former|previously|ex|fka|f\.k\.a\.|aka|a\.k\.a\.|dba|d\.b\.a\.|vormals|früher|ehemals|now)\b[\s:-]*/iu

const isWithin = (short: string, long: string): boolean => {
  let at = 0
  for (const letter of long) if (letter === short[at]) at += 1
  return at === short.length
}

/** Brackets hold another name (letters that the name is short for, or a former name), or a remark. */
const bracketed = (written: string, name: string): readonly string[] =>
  [...written.matchAll(/[([]([^)\]]*)[)\]]/g)].flatMap(([, inside = '']) => {
    const text = inside.trim()
    if (FORMER.test(text)) return [text.replace(FORMER, '')]
    const short = plainText(text).replaceAll(/[^\p{L}\p{N}]/gu, '')
    const isShort = short.length >= 2 && short.length <= 6 && short[0] === name[0] && isWithin(short, name)
    return isShort && !LIGHT.has(short) ? [text] : []
  })

/** Takes the name of a company apart; what comes after a dash or a comma counts little. */
export const companyName = (written: string): CompanyName => {
  const plain = written.replaceAll(/[([][^)\]]*[)\]]/g, ' ').trim()
  const legal = wordsOf(plain, 'dropped').length > 0 ? 'dropped' : 'kept'
  const [head = '', ...rest] = (wordsOf(plain, legal).length > 0 ? plain : written).split(
    /\s+[–—-]\s+|,\s+|\s+\|\s+/,
  )
  const first = wordsOf(head, legal)
  const others = rest.flatMap((part) => wordsOf(part, legal))
  const isTelling = first.some((word) => word.length > 2 && !LIGHT.has(word))
  const weigh = (text: string, weight: number) => ({ text, weight: LIGHT.has(text) ? LIGHT_WEIGHT : weight })
  return {
    key: [...first, ...others].join(' '),
    words: [
      ...first.map((text) => weigh(text, 1)),
      ...others.map((text) => weigh(text, isTelling ? REMARK_WEIGHT : 1)),
    ],
    also: bracketed(written, first.join(' ')),
  }
}

/** What two spellings of a company share. */
export const companyKey = (name: string): string => companyName(name).key

/** `eng` for engineering, `mfg` for manufacturing, `intl` for international: letters left out. */
const isAbbreviation = (short: string, long: string): boolean =>
  short.length >= 3 &&
  long.length >= short.length + 2 &&
  short[0] === long[0] &&
  (long.startsWith(short) || (long.slice(-3).includes(short.at(-1)!) && isWithin(short, long)))

const wordLikeness = (a: string, b: string, isOnly: boolean): number => {
  if (a === b) return 1
  if (!isOnly && (isAbbreviation(a, b) || isAbbreviation(b, a))) return 0.92
  if (Math.min(a.length, b.length) < 4) return 0
  // Slips spare the first letter, but for one that changes places with the second.
  const sameStart = a[0] === b[0] || (a[0] === b[1] && a[1] === b[0])
  const score = sameStart ? textSimilarity(a, b) : 0
  return score >= SAME_WORD ? score : 0
}

const isOneSlip = (a: string, b: string): boolean =>
  Math.abs(a.length - b.length) <= 1 && editDistance(a, b) <= 1

/**
 * Of two names, 0 to 1: every word takes the likest word of the other name; a word without a partner costs its weight.
 * Names that differ by a slip, or only in where words end (`BlueHarbor`, `Blue Harbor`), are compared in one piece.
 */
export const companySimilarity = (a: CompanyName, b: CompanyName): number => {
  if (a.key === b.key) return 1
  const left = [...b.words]
  const isOnly = a.words.length === 1 || b.words.length === 1
  let [sum, total] = [0, 0]
  for (const { text, weight } of [...a.words].sort((one, other) => other.weight - one.weight)) {
    let best = { at: -1, score: 0 }
    for (const [at, other] of left.entries()) {
      const score = wordLikeness(text, other.text, isOnly)
      if (score > best.score) best = { at, score }
    }
    const partner = best.at < 0 ? undefined : left[best.at]!
    const shared = partner ? Math.max(weight, partner.weight) : weight
    sum += shared * best.score
    total += shared
    if (partner) left.splice(best.at, 1)
  }
  for (const { weight } of left) total += weight
  const byWords = total === 0 ? 0 : sum / total
  const [oneA, oneB] = [a, b].map(({ words }) =>
    words.flatMap(({ text, weight }) => (weight > LIGHT_WEIGHT ? [text] : [])).join(''),
  ) as [string, string]
  const isNear =
    Math.min(oneA.length, oneB.length) >= MIN_JOINED && oneA[0] === oneB[0] && isOneSlip(oneA, oneB)
  return isNear ? Math.max(byWords, textSimilarity(oneA, oneB) * 0.98) : byWords
}
