import { nameWords } from './similar.ts'

export interface PersonName {
  readonly given: string | null
  readonly family: string | null
}

const PARTICLES = new Set(
  'van von de der den del della di da dos la le bin al el ter zu zur af av ten'.split(' '),
)

const cased = (word: string): string =>
  /^[\p{Lu}\W]{3,}$/u.test(word) || /^[\p{Ll}\W]+$/u.test(word)
    ? word
        .toLowerCase()
        .replace(
          /(^|[\s'’-])(\p{Ll})/gu,
          (_all, before: string, letter: string) => before + letter.toUpperCase(),
        )
    : word

const TITLE =
  /^\s*(?:(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|herr|frau|mme|mlle|dipl|mag|ing|rev|hon)(?!\p{L})\.?(?:\s*-?\s*(?:ing|rer|nat|med|phil|jur|h\.?c)(?!\p{L})\.?)*[\s-]*)+(?=\p{L})/iu
const DEGREE =
  /[,\s]+(?:jr|sr|ph\.?\s?d|m\.?\s?d|esq|m\.?\s?b\.?\s?a|c\.?p\.?a|c\.?f\.?a|m\.?\s?sc|b\.?\s?sc|m\.a|b\.a|ll\.?\s?[mb]|pmp|ii|iii|iv)\.?\s*$/iu

/** A written name without what stands around it: remarks, titles, degrees, a function behind a dash. */
const withoutTrimmings = (written: string): string => {
  let text = written
    .replaceAll(/\([^)]*\)|\[[^\]]*\]|<[^>]*>|"[^"]*"/g, ' ')
    .replace(/\s+[–—|-]\s+.*$/u, ' ')
    .replace(TITLE, '')
  for (let before = ''; before !== text;) {
    before = text
    const shorter = text.replace(DEGREE, '')
    // `Li, Ma` keeps its two words.
    if (/\p{L}{2}/u.test(shorter) && /[\s,.]/.test(text.trim())) text = shorter
  }
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/[,;]\s*$/, '')
    .trim()
}

/** `Dr. WHITFIELD, dana` -> Dana Whitfield; `Maria van der Berg` -> Maria | van der Berg. Undefined for no name. */
export const splitName = (written: string): PersonName | undefined => {
  const text = withoutTrimmings(written)
  if (nameWords(text).length === 0 || text.includes('@')) return undefined
  const comma = /^([^,]+),\s*([^,]+)$/.exec(text)
  if (comma) return { given: cased(comma[2]!.trim()), family: cased(comma[1]!.trim()) }
  const words = text.replaceAll(',', ' ').trim().split(/\s+/)
  if (words.length === 1) return { given: cased(words[0]!), family: null }
  const particle = words.findIndex((word, at) => at > 0 && PARTICLES.has(word.toLowerCase()))
  const from = particle > 0 ? particle : words.length - 1
  const family = words
    .slice(from)
    .map((word) => (PARTICLES.has(word.toLowerCase()) ? word.toLowerCase() : cased(word)))
    .join(' ')
  return { given: words.slice(0, from).map(cased).join(' '), family }
}

/** Two cells, for the given and the family name, that may hold anything: one of them the whole name, or a title. */
export const joinName = (given: string | undefined, family: string | undefined): PersonName | undefined => {
  if (given === undefined || family === undefined) {
    const only = given ?? family
    if (only === undefined) return undefined
    const name = splitName(only)
    // A word in the column of family names is one.
    return name && given === undefined && name.family === null ? { given: null, family: name.given } : name
  }
  const [first, last] = [withoutTrimmings(given), withoutTrimmings(family)]
  if (nameWords(`${first} ${last}`).length === 0) return undefined
  const isWhole = (cell: string, other: string): boolean =>
    other !== '' &&
    cell.length > other.length &&
    nameWords(other).every((word) => nameWords(cell).includes(word))
  if (isWhole(first, last)) return splitName(first)
  if (isWhole(last, first)) return splitName(last)
  return { given: first === '' ? null : cased(first), family: last === '' ? null : cased(last) }
}

export const fullName = ({ given, family }: PersonName): string => [given, family].filter(Boolean).join(' ')

const SHARED = new Set(
  'info sales hello contact office admin support team mail billing invest investors press jobs hr enquiries service'.split(
    ' ',
  ),
)

/** An address that a whole company reads: it names nobody. */
export const isSharedAddress = (address: string): boolean =>
  SHARED.has(address.slice(0, address.indexOf('@')))

/** `dana.whitfield@…` names Dana Whitfield; `dw@…` nobody. */
export const nameOfAddress = (address: string): PersonName | undefined => {
  if (isSharedAddress(address)) return undefined
  const [given, family, ...rest] = address
    .slice(0, address.indexOf('@'))
    .replace(/\+.*$/, '')
    .split(/[._-]/)
    .map((word) => word.replaceAll(/\d/g, ''))
  if (!given || !family || rest.length > 0 || given.length < 2 || family.length < 2) return undefined
  return { given: cased(given), family: cased(family) }
}

/** Given and family names put the other way round where an address such as `dana.whitfield@…` says so. */
export const straightened = (name: PersonName, addresses: readonly string[]): PersonName => {
  if (name.given === null || name.family === null) return name
  const [given, family] = [nameWords(name.given).join(''), nameWords(name.family).join('')]
  const swapped = addresses.some((address) => {
    const [first, second] = address.slice(0, address.indexOf('@')).split(/[._-]/)
    return first === family && second === given && given !== family
  })
  return swapped ? { given: name.family, family: name.given } : name
}

const LISTED = /\s*[;\n|/&+]\s*|\s+(?:and|und|et|y|og|och|en)\s+/iu

/** A cell that lists several people: names, or addresses, with the part of each in brackets: `Ann Lee (CEO); Bo Ek`. */
export const splitPeople = (cell: string): readonly string[] => {
  const parts = cell
    .split(LISTED)
    .flatMap((part) => (/^[^,\s]+,\s*[^,\s]+$/.test(part) ? [part] : part.split(/\s*,\s*/)))
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

const FUNCTION =
  /\b(director|manager|officer|head|partner|president|founder|chair(man|woman)?|assistant|lead|c[efot]o|owner|sales|of)\b/i
const wordCount = (text: string): number => nameWords(text).length

/**
 * The people that a cell for one name holds after all: `Ann Lee & Bo Ek`, `Ann Lee, Bo Ek`, `Ann & Bo Ek` (who share
 * the family name). Undefined where it holds one, as `Lee, Ann` and `Lee, Ann Marie` do.
 */
export const severalNames = (cell: string): readonly string[] | undefined => {
  const text = cell.replaceAll(/\([^)]*\)/g, ' ').trim()
  if (/[@\d]/.test(text)) return undefined
  const parts = text
    .split(LISTED)
    .flatMap((part) => {
      const pieces = part.split(/\s*,\s*/)
      return pieces.every((piece) => wordCount(piece) >= 2 && !FUNCTION.test(piece)) ? pieces : [part]
    })
    .map((part) => part.trim())
    .filter((part) => wordCount(part) > 0)
  if (parts.length < 2 || parts.length > 8) return undefined
  const family = splitName(parts.at(-1)!)?.family
  return parts.map((part) => (wordCount(part) === 1 && family ? `${part} ${family}` : part))
}
