import { companyDomains, isFreeMail } from '../../domain/free-mail.ts'
import { companyKey, companyName, companySimilarity } from './company-name.ts'
import type { CompanyName } from './company-name.ts'
import { textSimilarity } from './similar.ts'

/** How a row found the record it speaks of. */
export interface Match {
  readonly id: string
  /** 0 to 1. */
  readonly score: number
  readonly why: 'email' | 'phone' | 'domain' | 'name' | 'same row'
}

export interface CompanyClues {
  readonly name: string | undefined
  readonly domain: string | undefined
  /** Addresses of people who seem to work there. */
  readonly emails: readonly string[]
}

interface Known {
  readonly id: string
  readonly names: Map<string, CompanyName>
  readonly domains: Set<string>
}

const FUZZY = 0.84
const SUPPORTED = 0.45
/** Two candidates this close are not told apart. */
const MARGIN = 0.02
const MIN_FUZZY_LENGTH = 6

/** `nimbus.co.uk` -> `nimbus`: what two domains of one company share. */
const domainStem = (domain: string): string => {
  const labels = domain.split('.')
  const short = new Set(['co', 'com', 'net', 'org', 'ac', 'gov'])
  const end = labels.length > 2 && short.has(labels.at(-2)!) ? -2 : -1
  return labels.slice(0, end).at(-1) ?? domain
}

const domainsOf = (addresses: readonly string[]): readonly string[] => addresses.flatMap(companyDomains)

/** Companies by domain and by name, those of the workspace and those of the file alike. */
export const createCompanyBook = () => {
  const all = new Map<string, Known>()
  const byDomain = new Map<string, string>()
  const byMailDomain = new Map<string, string>()
  const byKey = new Map<string, Set<string>>()
  /** Short letters and former names, from brackets. */
  const byOther = new Map<string, Set<string>>()
  const blocks = new Map<string, Set<string>>()

  const put = (index: Map<string, Set<string>>, key: string, id: string): void => {
    const held = index.get(key) ?? new Set()
    index.set(key, held.add(id))
  }
  const blockKeys = (key: string): readonly string[] => [
    ...new Set(key.split(' ').flatMap((word) => [word.slice(0, 3), word.slice(-3)])),
  ]

  /** Adds what is known of a company; of one that is there already, another spelling or domain. */
  const learn = (id: string, { name, domain, emails }: CompanyClues): void => {
    const known = all.get(id) ?? { id, names: new Map<string, CompanyName>(), domains: new Set<string>() }
    all.set(id, known)
    if (name !== undefined) {
      const made = companyName(name)
      known.names.set(made.key, made)
      put(byKey, made.key, id)
      for (const block of blockKeys(made.key)) put(blocks, block, id)
      for (const other of made.also) put(byOther, companyKey(other), id)
    }
    if (domain !== undefined && !isFreeMail(domain)) {
      known.domains.add(domain)
      if (!byDomain.has(domain)) byDomain.set(domain, id)
    }
    for (const mail of domainsOf(emails)) if (!byMailDomain.has(mail)) byMailDomain.set(mail, id)
  }

  const contradicts = ({ domains }: Known, domain: string | undefined): boolean =>
    domain !== undefined &&
    domains.size > 0 &&
    ![...domains].some((one) => textSimilarity(domainStem(one), domainStem(domain)) >= 0.75)

  const likeness = ({ names }: Known, name: CompanyName): number =>
    Math.max(0, ...[...names.values()].map((one) => companySimilarity(one, name)))

  /** The likest by name; undefined where two are as like. */
  const nearest = (
    name: CompanyName,
    domain: string | undefined,
  ): { readonly id: string; readonly score: number } | undefined => {
    const scored = [...new Set(blockKeys(name.key).flatMap((block) => [...(blocks.get(block) ?? [])]))]
      .map((id) => all.get(id)!)
      .filter((known) => !contradicts(known, domain))
      .map((known) => ({ id: known.id, score: likeness(known, name) }))
      .filter(({ score }) => score >= FUZZY)
      .sort((a, b) => b.score - a.score)
    const [best, second] = scored
    return best && second && best.score - second.score < MARGIN ? undefined : best
  }

  const ofMail = (emails: readonly string[]): readonly string[] =>
    domainsOf(emails).flatMap((mail) => byDomain.get(mail) ?? byMailDomain.get(mail) ?? [])

  const byName = (written: string, { domain, emails }: CompanyClues): Match | undefined => {
    const name = companyName(written)
    const byMail = ofMail(emails)
    const same = [...(byKey.get(name.key) ?? [])].filter((id) => !contradicts(all.get(id)!, domain))
    const chosen = same.find((id) => byMail.includes(id)) ?? same[0]
    if (chosen !== undefined) return { id: chosen, score: 0.97, why: 'name' }
    const backed = byMail.find((id) => likeness(all.get(id)!, name) >= SUPPORTED)
    if (backed !== undefined) return { id: backed, score: 0.9, why: 'domain' }
    const near = name.key.length >= MIN_FUZZY_LENGTH ? nearest(name, domain) : undefined
    if (near) return { id: near.id, score: Math.round(near.score * 950) / 1000, why: 'name' }
    const others = [name.key, ...name.also.map(companyKey)].flatMap((key) => [
      ...(byOther.get(key) ?? []),
      ...(key === name.key ? [] : (byKey.get(key) ?? [])),
    ])
    const [other, ...more] = new Set(others.filter((id) => !contradicts(all.get(id)!, domain)))
    return other !== undefined && more.length === 0 ? { id: other, score: 0.85, why: 'name' } : undefined
  }

  /** The company that the clues mean: by domain, then by name, then by the domain of somebody's address. */
  const find = (clues: CompanyClues): Match | undefined => {
    const { name, domain, emails } = clues
    const owner = domain === undefined ? undefined : (byDomain.get(domain) ?? byMailDomain.get(domain))
    if (owner !== undefined) return { id: owner, score: 1, why: 'domain' }
    if (name !== undefined) return byName(name, clues)
    const byMail = ofMail(emails)[0]
    return byMail === undefined ? undefined : { id: byMail, score: 0.9, why: 'domain' }
  }

  /** The company that a text begins with the name of: `Larkspur Foods – pilot`. */
  const findWithin = (text: string): Match | undefined => {
    const words = companyKey(text.replaceAll(/[–—|:;,.-]/g, ' ')).split(' ')
    for (let count = Math.min(6, words.length - 1); count > 0; count -= 1) {
      const key = words.slice(0, count).join(' ')
      const [id, ...more] = byKey.get(key) ?? []
      if (id !== undefined && more.length === 0 && key.length >= MIN_FUZZY_LENGTH)
        return { id, score: 0.85, why: 'name' }
    }
    return undefined
  }

  /** Words of the names it is known by. */
  const wordsOf = (id: string): ReadonlySet<string> =>
    new Set([...(all.get(id)?.names.keys() ?? [])].flatMap((key) => key.split(' ')))

  return { learn, find, findWithin, wordsOf }
}
export type CompanyBook = ReturnType<typeof createCompanyBook>

/** The domain of an address that seems to be the company's own: its name is in it. */
export const ownDomain = (name: string, addresses: readonly string[]): string | undefined => {
  const plain = companyKey(name).replaceAll(' ', '')
  return domainsOf(addresses).find((domain) => {
    const stem = domainStem(domain).replaceAll('-', '')
    return (
      stem.length >= 4 &&
      (plain.startsWith(stem) || stem.startsWith(plain) || textSimilarity(stem, plain) >= 0.75)
    )
  })
}
