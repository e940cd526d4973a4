import { userError } from '../../domain/errors.ts'
import { didYouMean, editDistance } from '../../domain/nearest.ts'
import { hashOf } from '../hash.ts'
import { shapeShares } from './read-values.ts'
import type { Shape } from './read-values.ts'
import { ENTITY_WORDS, IMPORT_KINDS, plainHeader, slotsOf } from './slots.ts'
import type { ImportKind, Slot } from './slots.ts'
import type { Table } from './table.ts'

/** Where one column goes, and what told so. `slot` is null for a column that is left out. */
export interface MappedColumn {
  readonly header: string
  readonly slot: string | null
  /** 0 to 1; 1 where a person said it. */
  readonly score: number
  readonly because: 'header' | 'values' | 'given' | null
}

export interface Mapping {
  readonly kind: ImportKind
  readonly columns: readonly MappedColumn[]
}

/** The same for two mappings that send the same columns to the same places. */
export const mappingKey = ({ kind, columns }: Mapping): string =>
  hashOf([kind, ...columns.map(({ header, slot }) => [header, slot])])

export interface MappingOptions {
  readonly kind?: ImportKind
  /** `{"Lead Name": "people.name", "Internal": "none"}` as a person wants it. */
  readonly given?: Readonly<Record<string, string>>
  /** Name of the file; an Airtable export is called after its table. */
  readonly fileName?: string
}

const ACCEPTED = 0.45
const SURE = 0.7
/** Shapes that a column must have in part for a slot of that kind, whatever its header says. */
const STRICT: ReadonlySet<Shape> = new Set(['email', 'phone', 'url', 'linkedin', 'date', 'money', 'number'])
const TELLING: ReadonlySet<Shape> = new Set(['email', 'phone', 'url', 'linkedin'])

const headerScore = (phrase: string, slot: Slot, primary: ImportKind): number => {
  const isPrimary = slot.entity === primary
  let best = 0
  const offer = (score: number): void => void (best = Math.max(best, score))
  for (const word of slot.words) {
    if (phrase === word) offer(isPrimary ? 1 : 0.8)
    else if (ENTITY_WORDS[slot.entity].some((hint) => phrase === `${hint} ${word}`))
      offer(isPrimary ? 1 : 0.98)
    else if (word.length >= 5 && phrase.length >= 5 && editDistance(phrase, word) === 1) offer(0.75)
    else if (` ${phrase} `.includes(` ${word} `)) offer(isPrimary ? 0.6 : 0.55)
  }
  return best
}

interface Offer {
  readonly column: number
  readonly slot: Slot
  readonly score: number
  readonly because: 'header' | 'values'
}

const offersOf = (
  column: number,
  header: string,
  shares: Readonly<Record<Shape, number>>,
  kind: ImportKind,
): readonly Offer[] => {
  const phrase = plainHeader(header)
  const isEmpty = shares.text === 0
  return slotsOf(kind).flatMap((slot): Offer[] => {
    const share = shares[slot.shape]
    const byHeader = headerScore(phrase, slot, kind)
    if (STRICT.has(slot.shape) && !isEmpty && share < 0.25) return []
    if (byHeader > 0) {
      const fit = slot.shape === 'text' ? 0.8 : share
      return [{ column, slot, score: byHeader * 0.75 + fit * 0.25, because: 'header' }]
    }
    return TELLING.has(slot.shape) && share >= 0.7 ? [{ column, slot, score: 0.5, because: 'values' }] : []
  })
}

/** Where given and family names have columns of their own, a third name is that of something else. */
const withoutThirdName = (offers: readonly Offer[]): readonly Offer[] => {
  const [given, family] = ['people.given_name', 'people.family_name'].map((key) =>
    offers.some(({ slot, score, because }) => slot.key === key && score >= SURE && because === 'header'),
  )
  return given && family ? offers.filter(({ slot }) => slot.key !== 'people.name') : offers
}

const guess = (table: Table, kind: ImportKind, fixed: ReadonlyMap<number, string | null>): Mapping => {
  const offers = withoutThirdName(
    table.headers.flatMap((header, column) =>
      fixed.has(column)
        ? []
        : offersOf(column, header, shapeShares(table.rows.map((row) => row[column] ?? '')), kind),
    ),
  )
  const taken = new Set([...fixed.values()].filter((slot) => slot !== null))
  const chosen = new Map<number, Offer>()
  for (const offer of [...offers].sort((a, b) => b.score - a.score || a.column - b.column)) {
    if (offer.score < ACCEPTED || chosen.has(offer.column)) continue
    if (taken.has(offer.slot.key) && !offer.slot.many) continue
    chosen.set(offer.column, offer)
    taken.add(offer.slot.key)
  }
  return {
    kind,
    columns: table.headers.map((header, column): MappedColumn => {
      const given = fixed.get(column)
      if (given !== undefined) return { header, slot: given, score: 1, because: 'given' }
      const offer = chosen.get(column)
      return offer
        ? { header, slot: offer.slot.key, score: Math.round(offer.score * 100) / 100, because: offer.because }
        : { header, slot: null, score: 0, because: null }
    }),
  }
}

const NAMED: Readonly<Record<ImportKind, RegExp>> = {
  people: /\b(people|contacts?|persons?|leads?|clients?|investors|founders)\b/i,
  companies: /\b(compan(y|ies)|accounts?|organi[sz]ations?|startups?|portfolio)\b/i,
  deals: /\b(deals?|opportunit(y|ies)|pipeline|listings?)\b/i,
  interactions: /\b(calls?|meetings?|interactions?|activit(y|ies)|events?)\b/i,
  funds: /\b(funds|vehicles)\b/i,
  commitments: /\b(commitments?|pledges|subscriptions|fundraising)\b/i,
  lists: /\b(lists?|memberships?)\b/i,
  tags: /\b(tags?|labels?)\b/i,
}

/** What the header of a file must say before it is taken for one of the rarer kinds. */
const TELLS: Readonly<Partial<Record<ImportKind, (headers: string, slots: ReadonlySet<string>) => boolean>>> =
  {
    funds: (headers) => /\b(fund|vehicle|vintage)\b/.test(headers),
    commitments: (_headers, slots) =>
      slots.has('funds.name') &&
      [...slots].some((slot) => /^commitments\.(amount|status|called)$/.test(slot)),
    lists: (headers, slots) => slots.has('lists.name') && /\blists?\b/.test(headers),
    tags: (headers, slots) => slots.has('tags.name') && /\b(tag|label)\b/.test(headers),
  }

const fileWords = (fileName: string): string => fileName.replaceAll(/[_-]/g, ' ')

const mayBe = ({ kind, columns }: Mapping, fileName: string): boolean => {
  const tells = TELLS[kind]
  if (!tells || NAMED[kind].test(fileWords(fileName))) return true
  const mapped = columns.filter(({ slot }) => slot !== null)
  return tells(
    mapped.map(({ header }) => plainHeader(header)).join(' | '),
    new Set(mapped.flatMap(({ slot }) => slot ?? [])),
  )
}

/** How well a file fits a kind: its own columns count most, and the name of the file. */
const fitOf = ({ kind, columns }: Mapping, fileName: string): number =>
  columns.reduce(
    (sum, { slot, score }) => sum + (slot === null ? 0 : score * (slot.startsWith(`${kind}.`) ? 1 : 0.6)),
    NAMED[kind].test(fileWords(fileName)) ? 2 : 0,
  )

const fixedColumns = (
  table: Table,
  given: Readonly<Record<string, string>>,
  kinds: readonly ImportKind[],
): ReadonlyMap<number, string | null> => {
  const keys = [...new Set(kinds.flatMap((kind) => slotsOf(kind).map(({ key }) => key)))]
  const fixed = new Map<number, string | null>()
  for (const [header, wanted] of Object.entries(given)) {
    const column = table.headers.findIndex((one) => one.toLowerCase() === header.trim().toLowerCase())
    if (column < 0) {
      throw userError('unknown_column', 'The file has no such column.', {
        at: header,
        fix: 'Give the column as the file names it.',
        validOptions: table.headers,
      })
    }
    const slot = wanted.trim().toLowerCase()
    if (slot !== 'none' && !keys.includes(slot)) {
      throw userError('unknown_field', 'There is no such field to map a column to.', {
        at: `${header}=${wanted}`,
        fix: 'Use one of the valid options, or none to leave the column out.',
        validOptions: ['none', ...keys],
        didYouMean: didYouMean(
          slot,
          keys.map((name) => ({ name })),
        ),
      })
    }
    fixed.set(column, slot === 'none' ? null : slot)
  }
  return fixed
}

/**
 * Where each column goes, told by headers and values together; what a person gave stands. Throws user errors for a
 * column or field that does not exist, and `nothing_mapped` where no column tells who or what a row is about.
 */
export const mapTable = (table: Table, options: MappingOptions = {}): Mapping => {
  const { kind, given = {}, fileName = '' } = options
  const kinds = kind ? [kind] : IMPORT_KINDS
  const fixed = fixedColumns(table, given, kinds)
  const fits = kinds
    .map((one) => guess(table, one, fixed))
    .filter((mapping) => kind !== undefined || mayBe(mapping, fileName))
    .map((mapping) => ({ mapping, fit: fitOf(mapping, fileName) }))
    .sort((a, b) => b.fit - a.fit)
  const { mapping } = fits[0]!
  const telling = [
    'people.name',
    'people.given_name',
    'people.family_name',
    'people.email',
    'companies.name',
    'companies.domain',
    'deals.name',
    'funds.name',
    'commitments.investor',
    'lists.name',
    'tags.name',
  ]
  if (mapping.columns.some(({ slot }) => slot !== null && telling.includes(slot))) return mapping
  throw userError('nothing_mapped', 'No column of the file tells who or what its rows are about.', {
    fix: 'Say it with --map "<column>=people.name" (or another field), or with --kind.',
    validOptions: table.headers,
  })
}
