import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { companyKey, companyName, companySimilarity } from './imports/company-name.ts'
import { nameSimilarity, nameWords } from './imports/similar.ts'

/** Two records that may be one. `keep` is the one that more is known of. */
export interface DuplicatePair {
  readonly entity: 'people' | 'companies'
  readonly keep: string
  readonly merge: string
  /** 0 to 1. */
  readonly score: number
  /** What they share: `same phone number`, `similar name at the same company`. */
  readonly why: readonly string[]
}

interface Candidate {
  readonly id: string
  readonly words: readonly string[]
  readonly key: string
  readonly company: string | null
  readonly phones: readonly string[]
  readonly locals: readonly string[]
  readonly domain: string | null
  /** Fields and records that speak for keeping it. */
  readonly weight: number
}

const MIN_SCORE = 0.75
/** Blocks larger than this hold what is common, not what is the same. */
const MAX_BLOCK = 60

const readPeople = async (tx: TenantTx): Promise<readonly Candidate[]> => {
  const found = await rows<{
    id: string
    name: string
    company_id: string | null
    phones: readonly string[]
    locals: readonly string[]
    weight: number
  }>(
    tx,
    sql`select p.id, concat_ws(' ', p.given_name, p.family_name) as name, p.company_id,
        coalesce(n.numbers, '{}') as phones, coalesce(e.locals, '{}') as locals,
        (num_nonnulls(p.title, p.role, p.company_id, p.city, p.country, p.linkedin_url, p.notes, p.last_interaction_at)
          + coalesce(cardinality(e.locals), 0) + coalesce(cardinality(n.numbers), 0)) as weight
      from crm.people p
      left join (select person_id, array_agg(split_part(address, '@', 1) order by id) as locals from crm.person_emails
        where deleted_at is null group by person_id) e on e.person_id = p.id
      left join (select person_id, array_agg(number order by id) as numbers from crm.person_phones
        where deleted_at is null group by person_id) n on n.person_id = p.id
      where p.deleted_at is null order by p.id`,
  )
  return found.map(({ id, name, company_id, phones, locals, weight }) => {
    const words = nameWords(name)
    return {
      id,
      words,
      key: [...words].sort().join(' '),
      company: company_id,
      phones,
      locals,
      domain: null,
      weight,
    }
  })
}

const readCompanies = async (tx: TenantTx): Promise<readonly Candidate[]> => {
  const found = await rows<{ id: string; name: string; domain: string | null; weight: number }>(
    tx,
    sql`select c.id, c.name, c.domain, (num_nonnulls(c.domain, c.industry, c.city, c.country, c.notes, c.last_interaction_at)
        + (select count(*)::int from crm.people p where p.company_id = c.id and p.deleted_at is null)) as weight
      from crm.companies c where c.deleted_at is null order by c.id`,
  )
  return found.map(({ id, name, domain, weight }) => {
    const key = companyKey(name)
    return { id, words: key.split(' '), key, company: null, phones: [], locals: [], domain, weight }
  })
}

const personBlocks = ({ words, key, company, phones, locals }: Candidate): readonly string[] => [
  `name ${key}`,
  ...phones.map((phone) => `phone ${phone}`),
  ...locals.filter((local) => local.length > 3).map((local) => `local ${local}`),
  ...words.filter((word) => word.length > 2).map((word) => `word ${word.slice(0, 4)} ${company ?? ''}`),
]

const companyBlocks = ({ words, key, domain }: Candidate): readonly string[] => [
  `name ${key}`,
  ...(domain === null ? [] : [`domain ${domain}`, `stem ${domain.split('.')[0]}`]),
  ...words.map((word) => `word ${word.slice(0, 5)}`),
]

interface Likeness {
  readonly score: number
  readonly why: readonly string[]
}

const comparePeople = (a: Candidate, b: Candidate): Likeness => {
  const name = nameSimilarity(a.words, b.words)
  if (a.words.length === 0 || b.words.length === 0 || name < 0.6) return { score: 0, why: [] }
  const same = name >= 0.99
  const why = [same ? 'same name' : 'similar name']
  let score = name * (Math.min(a.words.length, b.words.length) > 1 ? 0.72 : 0.5)
  if (a.company !== null && a.company === b.company) {
    score += 0.18
    why.push('same company')
  } else if (a.company !== null && b.company !== null) score -= 0.1
  if (a.phones.some((phone) => b.phones.includes(phone))) {
    score += 0.2
    why.push('same phone number')
  }
  if (a.locals.some((local) => local.length > 3 && b.locals.includes(local))) {
    score += 0.12
    why.push('the same before the @ of an address')
  }
  return { score: Math.min(1, score), why }
}

const compareCompanies = (a: Candidate, b: Candidate): Likeness => {
  const name = companySimilarity(companyName(a.key), companyName(b.key))
  const sameDomain = a.domain !== null && a.domain === b.domain
  const stems = a.domain !== null && b.domain !== null && a.domain.split('.')[0] === b.domain.split('.')[0]
  const why = [
    ...(name >= 0.99 ? ['same name'] : name >= 0.8 ? ['similar name'] : []),
    ...(sameDomain ? ['same domain'] : stems ? ['like domains'] : []),
  ]
  const otherDomain = a.domain !== null && b.domain !== null && !sameDomain && !stems
  const score = sameDomain
    ? 0.75 + 0.25 * name
    : name >= 0.8
      ? name * (otherDomain ? 0.7 : 0.92) + (stems ? 0.08 : 0)
      : 0
  return { score: Math.min(1, score), why }
}

/**
 * Records that look like one person or company, likeliest first: compared only within blocks (same phone, address,
 * name, or a word of the name at one company). Nothing is written; propose op `merge` for those that are one.
 */
export const findDuplicates = async (
  tx: TenantTx,
  { entity, limit = 50 }: { readonly entity: 'people' | 'companies'; readonly limit?: number },
): Promise<readonly DuplicatePair[]> => {
  const isPeople = entity === 'people'
  const all = isPeople ? await readPeople(tx) : await readCompanies(tx)
  const blocks = new Map<string, Candidate[]>()
  for (const one of all) {
    for (const block of new Set(isPeople ? personBlocks(one) : companyBlocks(one))) {
      const held = blocks.get(block)
      if (held) held.push(one)
      else blocks.set(block, [one])
    }
  }
  const seen = new Set<string>()
  const pairs: DuplicatePair[] = []
  for (const block of blocks.values()) {
    if (block.length < 2 || block.length > MAX_BLOCK) continue
    for (const [at, a] of block.entries()) {
      for (const b of block.slice(at + 1)) {
        const pair = a.id < b.id ? `${a.id}${b.id}` : `${b.id}${a.id}`
        if (a.id === b.id || seen.has(pair)) continue
        seen.add(pair)
        const { score, why } = isPeople ? comparePeople(a, b) : compareCompanies(a, b)
        if (score < MIN_SCORE) continue
        const [keep, merge] = b.weight > a.weight ? [b, a] : [a, b]
        pairs.push({ entity, keep: keep.id, merge: merge.id, score: Math.round(score * 100) / 100, why })
      }
    }
  }
  return pairs.sort((a, b) => b.score - a.score || (a.keep < b.keep ? -1 : 1)).slice(0, limit)
}
