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

/** `Dr. WHITFIELD, dana` -> Dana Whitfield; `Maria van der Berg` -> Maria | van der Berg. Undefined for no name. */
export const splitName = (written: string): PersonName | undefined => {
  const text = written
    .replaceAll(/\([^)]*\)|<[^>]*>|"[^"]*"/g, ' ')
    .replace(/^(\s*(mr|mrs|ms|miss|dr|prof|herr|frau|mme)\b\.?)+/i, ' ')
    .replace(/,?\s+(jr|sr|phd|md|esq|mba|cpa|ii|iii)\.?\s*$/i, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (nameWords(text).length === 0 || text.includes('@')) return undefined
  const comma = /^([^,]+),\s*([^,]+)$/.exec(text)
  if (comma) return { given: cased(comma[2]!.trim()), family: cased(comma[1]!.trim()) }
  const words = text.replaceAll(',', ' ').split(/\s+/)
  if (words.length === 1) return { given: cased(words[0]!), family: null }
  const particle = words.findIndex((word, at) => at > 0 && PARTICLES.has(word.toLowerCase()))
  const from = particle > 0 ? particle : words.length - 1
  const family = words
    .slice(from)
    .map((word) => (PARTICLES.has(word.toLowerCase()) ? word.toLowerCase() : cased(word)))
    .join(' ')
  return { given: words.slice(0, from).map(cased).join(' '), family }
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

/** A cell that lists several people: names, or addresses, with the part of each in brackets: `Ann Lee (CEO); Bo Ek`. */
export const splitPeople = (cell: string): readonly string[] => {
  const parts = cell
    .split(/\s*(?:[;\n|/&]|\band\b|\bund\b|\bet\b)\s*/i)
    .flatMap((part) => (/^[^,\s]+,\s*[^,\s]+$/.test(part) ? [part] : part.split(/\s*,\s*/)))
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}
