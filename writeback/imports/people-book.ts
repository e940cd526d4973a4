import { isSharedAddress } from './names.ts'
import type { Match } from './company-book.ts'
import { addressFits, nameSimilarity } from './similar.ts'

export interface PersonClues {
  /** Folded words of the name; empty where there is none. */
  readonly words: readonly string[]
  readonly emails: readonly string[]
  readonly phones: readonly string[]
  readonly companyId: string | undefined
  /** People of the deal that the row is about: of several that fit, one of them is meant. */
  readonly expected?: ReadonlySet<string>
}

interface Known {
  readonly id: string
  readonly names: (readonly string[])[]
  readonly emails: Set<string>
  readonly companies: Set<string>
}

/** What a name must reach to be the same person, by what else is known. */
const AT_SAME_COMPANY = 0.8
const AT_SAME_COMPANY_OTHER_ADDRESS = 0.93
const COMPANY_UNKNOWN = 0.97
const WITH_SAME_PHONE = 0.6
const WITH_SAME_ADDRESS = 0.45
/** Two candidates this close are not told apart. */
const MARGIN = 0.04

const localPart = (address: string): string =>
  address.slice(0, address.indexOf('@')).replaceAll(/[\d._-]/g, '')

/** A number without its extension: who answers there. */
const lineOf = (phone: string): string => phone.replace(/;.*$/, '')

/** People by address, phone, name and company, those of the workspace and those of the file alike. */
export const createPeopleBook = () => {
  const all = new Map<string, Known>()
  const byEmail = new Map<string, string>()
  const byPhone = new Map<string, Set<string>>()
  const byWord = new Map<string, Set<string>>()
  const byCompany = new Map<string, Set<string>>()

  const put = (index: Map<string, Set<string>>, key: string, id: string): void => {
    const held = index.get(key) ?? new Set()
    index.set(key, held.add(id))
  }

  /** Adds what is known of a person; of one who is there already, another spelling, address or company. */
  const learn = (id: string, { words, emails, phones, companyId }: PersonClues): void => {
    const known: Known = all.get(id) ?? { id, names: [], emails: new Set(), companies: new Set() }
    all.set(id, known)
    const text = words.join(' ')
    if (words.length > 0 && !known.names.some((one) => one.join(' ') === text)) known.names.push(words)
    for (const word of words) put(byWord, word, id)
    for (const email of emails) {
      known.emails.add(email)
      if (!byEmail.has(email)) byEmail.set(email, id)
    }
    for (const phone of phones) put(byPhone, lineOf(phone), id)
    if (companyId !== undefined) {
      known.companies.add(companyId)
      put(byCompany, companyId, id)
    }
  }

  const likeness = ({ names }: Known, words: readonly string[]): number =>
    Math.max(0, ...names.map((name) => nameSimilarity(name, words)))

  const byAddress = ({ words, emails }: PersonClues): Match | undefined => {
    for (const email of emails) {
      const id = byEmail.get(email)
      if (id === undefined) continue
      const score = words.length === 0 ? 1 : likeness(all.get(id)!, words)
      const needed = isSharedAddress(email) ? AT_SAME_COMPANY : WITH_SAME_ADDRESS
      if (score >= needed || all.get(id)!.names.length === 0) return { id, score: 1, why: 'email' }
    }
    return undefined
  }

  const byNumber = ({ words, phones }: PersonClues): Match | undefined => {
    for (const phone of phones) {
      const owners = [...(byPhone.get(lineOf(phone)) ?? [])]
      // A number alone tells who is meant where one person has it.
      if (words.length === 0 && owners.length === 1) return { id: owners[0]!, score: 0.9, why: 'phone' }
      const [best, second] = owners
        .map((id) => ({ id, score: likeness(all.get(id)!, words) }))
        .filter(({ score }) => words.length > 0 && score >= WITH_SAME_PHONE)
        .sort((a, b) => b.score - a.score)
      if (best && !(second && best.score - second.score < MARGIN)) {
        return { id: best.id, score: 0.95, why: 'phone' }
      }
    }
    return undefined
  }

  /** Whether the addresses on both sides speak of two people: one could not be that of the other's name. */
  const isOtherAddress = (known: Known, { emails, words }: PersonClues): boolean => {
    const given = emails.filter((address) => !isSharedAddress(address))
    const held = [...known.emails].filter((address) => !isSharedAddress(address))
    if (given.length === 0 || held.length === 0) return false
    if (given.some((one) => held.some((other) => localPart(one) === localPart(other)))) return false
    const fits = [
      ...given.map((address) => known.names.map((name) => addressFits(address, name))),
      ...held.map((address) => [addressFits(address, words)]),
    ].flat()
    return fits.includes(false) || !fits.includes(true)
  }

  const needed = (known: Known, clues: PersonClues): number => {
    const { companyId, words } = clues
    if (companyId !== undefined && known.companies.has(companyId)) {
      return isOtherAddress(known, clues) ? AT_SAME_COMPANY_OTHER_ADDRESS : AT_SAME_COMPANY
    }
    if (companyId !== undefined && known.companies.size > 0) return Number.POSITIVE_INFINITY
    return words.length < 2 ? Number.POSITIVE_INFINITY : COMPANY_UNKNOWN
  }

  const byName = (clues: PersonClues): Match | undefined => {
    const { words, companyId } = clues
    const near = new Set([
      ...words.flatMap((word) => (word.length > 1 ? [...(byWord.get(word) ?? [])] : [])),
      ...(companyId === undefined ? [] : (byCompany.get(companyId) ?? [])),
    ])
    const scored = [...near]
      .map((id) => all.get(id)!)
      .map((known) => ({ known, score: likeness(known, words) }))
      .filter(({ known, score }) => score >= needed(known, clues))
      .sort((a, b) => b.score - a.score)
    const [best, second] = scored
    if (!best) return undefined
    const expected = scored.find(({ known }) => clues.expected?.has(known.id))
    if (expected) return nameMatch(expected.known.id, expected.score)
    // A namesake elsewhere does not make somebody at the same company doubtful.
    const isHere = (known: Known): boolean => companyId !== undefined && known.companies.has(companyId)
    const here = scored.find(({ known }) => isHere(known))
    if (here && (here === best || here.score >= best.score - MARGIN)) {
      const rival = scored.find((one) => one !== here && isHere(one.known))
      if (!rival || here.score - rival.score >= MARGIN) return nameMatch(here.known.id, here.score)
      return undefined
    }
    if (second && best.score - second.score < MARGIN) return undefined
    return nameMatch(best.known.id, best.score)
  }

  /**
   * Somebody at the company whose name is not known yet, by an address that fits this name; or by a name that fits this
   * address, where there is no name. Undefined where several fit.
   */
  const byFit = ({ words, emails, companyId }: PersonClues): Match | undefined => {
    const here = [...(byCompany.get(companyId ?? '') ?? [])].map((id) => all.get(id)!)
    const fits = (addresses: Iterable<string>, names: readonly (readonly string[])[]): boolean =>
      [...addresses].some(
        (address) => !isSharedAddress(address) && names.some((name) => addressFits(address, name) === true),
      )
    const found =
      words.length > 0
        ? here.filter((known) => known.names.length === 0 && fits(known.emails, [words]))
        : here.filter((known) => known.emails.size === 0 && fits(emails, known.names))
    return found.length === 1 ? { id: found[0]!.id, score: 0.85, why: 'email' } : undefined
  }

  const nameMatch = (id: string, score: number): Match => ({
    id,
    score: Math.round(score * 950) / 1000,
    why: 'name',
  })

  /** The person that the clues mean: by address, then by phone and name, then by name; undefined where in doubt. */
  const find = (clues: PersonClues): Match | undefined =>
    byAddress(clues) ??
    byNumber(clues) ??
    (clues.words.length > 0 ? byName(clues) : undefined) ??
    byFit(clues)

  const ownerOf = (address: string): string | undefined => byEmail.get(address)

  /** The company a person is known at, where it is one. */
  const companyOf = (id: string): string | undefined => {
    const [one, ...more] = all.get(id)?.companies ?? []
    return more.length === 0 ? one : undefined
  }

  return { learn, find, ownerOf, companyOf }
}
export type PeopleBook = ReturnType<typeof createPeopleBook>
