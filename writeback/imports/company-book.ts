import { companyDomains, isFreeMail } from '../../domain/free-mail.ts'
import { companyKey, companySimilarity, textSimilarity } from './similar.ts'

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
  readonly keys: Set<string>
  readonly domains: Set<string>
}

const FUZZY = 0.84
const SUPPORTED = 0.55
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
    const known = all.get(id) ?? { id, keys: new Set<string>(), domains: new Set<string>() }
    all.set(id, known)
    if (name !== undefined) {
      const key = companyKey(name)
      known.keys.add(key)
      put(byKey, key, id)
      for (const block of blockKeys(key)) put(blocks, block, id)
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

  const nearest = (
    key: string,
    domain: string | undefined,
  ): { readonly known: Known; readonly score: number } | undefined => {
    const near = new Set(blockKeys(key).flatMap((block) => [...(blocks.get(block) ?? [])]))
    let best: { readonly known: Known; readonly score: number } | undefined
    for (const id of near) {
      const known = all.get(id)!
      if (contradicts(known, domain)) continue
      const score = Math.max(...[...known.keys].map((one) => companySimilarity(one, key)))
      if (!best || score > best.score) best = { known, score }
    }
    return best
  }

  /** The company that the clues mean: by domain, then by name, then by the domain of somebody's address. */
  const find = ({ name, domain, emails }: CompanyClues): Match | undefined => {
    const key = name === undefined ? undefined : companyKey(name)
    const owner = domain === undefined ? undefined : (byDomain.get(domain) ?? byMailDomain.get(domain))
    if (owner !== undefined) return { id: owner, score: 1, why: 'domain' }
    if (key !== undefined) {
      const same = [...(byKey.get(key) ?? [])].filter((id) => !contradicts(all.get(id)!, domain))
      const byMail = domainsOf(emails).flatMap((mail) => byDomain.get(mail) ?? byMailDomain.get(mail) ?? [])
      const chosen = same.find((id) => byMail.includes(id)) ?? same[0]
      if (chosen !== undefined) return { id: chosen, score: 0.97, why: 'name' }
      const near = nearest(key, domain)
      if (near && key.length >= MIN_FUZZY_LENGTH && near.score >= FUZZY) {
        return { id: near.known.id, score: Math.round(near.score * 950) / 1000, why: 'name' }
      }
      for (const id of byMail) {
        const score = Math.max(0, ...[...all.get(id)!.keys].map((one) => companySimilarity(one, key)))
        if (score >= SUPPORTED) return { id, score: 0.9, why: 'domain' }
      }
      return undefined
    }
    const byMail = domainsOf(emails).flatMap((mail) => byDomain.get(mail) ?? byMailDomain.get(mail) ?? [])[0]
    return byMail === undefined ? undefined : { id: byMail, score: 0.9, why: 'domain' }
  }

  return { learn, find }
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
