import { sql } from '../db/sql.ts'
import { runText, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { companyName, companySimilarity } from './imports/company-name.ts'
import { nameSimilarity, nameWords } from './imports/similar.ts'
import { RARE, companyKeys, localOf, personKeys, stemOf } from './merge-keys.ts'
import type { Candidate } from './merge-keys.ts'

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

export interface DuplicateOptions {
  readonly entity: 'people' | 'companies'
  /** How many pairs, likeliest first. */
  readonly limit?: number
  /** Records held in memory at a time. */
  readonly page?: number
}

const MIN_SCORE = 0.75
const PAGE = 2_000
const MIN_LOCAL = 4
/** Names less alike than this are not one for the company they share. */
const ALIKE = 0.86

const peopleWhere = (where: ReturnType<typeof sql>) => sql`
  select p.id, concat_ws(' ', p.given_name, p.family_name) as name, p.company_id as company, null as domain,
    p.linkedin_url as linkedin, coalesce(n.numbers, '{}') as phones, coalesce(e.addresses, '{}') as addresses,
    (num_nonnulls(p.title, p.role, p.company_id, p.city, p.country, p.linkedin_url, p.notes, p.last_interaction_at)
      + coalesce(cardinality(e.addresses), 0) + coalesce(cardinality(n.numbers), 0)) as weight
  from (select * from crm.people p where p.deleted_at is null and ${where}) p
    left join lateral (select array_agg(address order by id) as addresses from crm.person_emails
      where person_id = p.id and deleted_at is null) e on true
    left join lateral (select array_agg(number order by id) as numbers from crm.person_phones
      where person_id = p.id and deleted_at is null) n on true`

const companiesWhere = (where: ReturnType<typeof sql>) => sql`
  select p.id, p.name, null as company, p.domain, null as linkedin, '{}'::text[] as phones, '{}'::text[] as addresses,
    num_nonnulls(p.domain, p.industry, p.city, p.country, p.notes, p.last_interaction_at) as weight
  from (select * from crm.companies p where p.deleted_at is null and ${where}) p`

const read = (
  tx: TenantTx,
  entity: DuplicateOptions['entity'],
  where: ReturnType<typeof sql>,
): Promise<Candidate[]> =>
  rows<Candidate>(tx, entity === 'people' ? peopleWhere(where) : companiesWhere(where))

/** Puts the keys of every record into a table that is gone with the transaction, a page of records at a time. */
const stageKeys = async (tx: TenantTx, entity: DuplicateOptions['entity'], page: number): Promise<void> => {
  await runText(tx, 'drop table if exists duplicate_pairs, duplicate_keys', [])
  await runText(
    tx,
    'create temporary table duplicate_keys (key bigint not null, most smallint not null, id uuid not null) on commit drop',
    [],
  )
  const keysOf = entity === 'people' ? personKeys : companyKeys
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const found = await read(
      tx,
      entity,
      sql`p.id > ${last}::uuid order by p.tenant_id, p.id limit ${sql.raw(String(page))}`,
    )
    const keys = found.flatMap((one) =>
      [...new Map(keysOf(one).map((key) => [key.key, key])).values()].map((key) => ({ ...key, id: one.id })),
    )
    await runText(
      tx,
      `insert into duplicate_keys select hashtextextended(k, 0), m, i
        from unnest($1::text[], $2::smallint[], $3::uuid[]) as given(k, m, i)`,
      [keys.map(({ key }) => key), keys.map(({ most }) => most), keys.map(({ id }) => id)],
    )
    if (found.length < page) break
    last = found.reduce((id, one) => (one.id > id ? one.id : id), last)
  }
  await runText(tx, 'create index on duplicate_keys (key)', [])
  await runText(tx, 'analyze duplicate_keys', [])
}

/** Pairs of records that share a key which few have; `rare`: a name that hardly anybody else has. */
const stagePairs = async (tx: TenantTx): Promise<void> => {
  await runText(
    tx,
    `create temporary table duplicate_pairs on commit drop as
      select row_number() over () as place, a, b, rare from (
        select one.id as a, other.id as b, bool_or(shared.most <= ${RARE}) as rare
        from (select key, min(most) as most from duplicate_keys group by key having count(*) between 2 and min(most)) shared
          join duplicate_keys one on one.key = shared.key
          join duplicate_keys other on other.key = shared.key and other.id > one.id
        group by one.id, other.id) pairs`,
    [],
  )
  await runText(tx, 'create index on duplicate_pairs (place)', [])
  await runText(tx, 'analyze duplicate_pairs', [])
}

interface Likeness {
  readonly score: number
  readonly why: readonly string[]
}

const comparePeople = (a: Candidate, b: Candidate, isRare: boolean): Likeness => {
  const [wordsA, wordsB] = [nameWords(a.name), nameWords(b.name)]
  const name = nameSimilarity(wordsA, wordsB)
  const fewest = Math.min(wordsA.length, wordsB.length)
  if (fewest === 0 || name < 0.6) return { score: 0, why: [] }
  const same = name >= 0.99
  const why = [same ? 'same name' : 'similar name']
  let score = name * (fewest > 1 ? 0.72 : 0.5)
  if (a.company !== null && a.company === b.company) {
    score += 0.18
    why.push('same company')
  } else if (a.company !== null && b.company !== null) score -= 0.1
  if (same && isRare && fewest > 1) {
    score += 0.1
    why.push('hardly anybody else is called that')
  }
  const line = (phone: string): string => phone.replace(/;.*$/, '')
  if (a.phones.some((phone) => b.phones.some((other) => line(other) === line(phone)))) {
    score += 0.2
    why.push('same phone number')
  }
  const locals = new Set(b.addresses.map(localOf))
  if (a.addresses.map(localOf).some((local) => local.length >= MIN_LOCAL && locals.has(local))) {
    score += 0.12
    why.push('the same before the @ of an address')
  }
  if (a.linkedin !== null && a.linkedin === b.linkedin) {
    score += 0.2
    why.push('same LinkedIn page')
  }
  // Of one firm there are brothers and sisters, and many a Maria and Marco.
  const isOnlyAlike =
    name < ALIKE && why.every((reason) => reason === 'similar name' || reason === 'same company')
  return { score: isOnlyAlike ? score * 0.9 : Math.min(1, score), why }
}

const compareCompanies = (a: Candidate, b: Candidate): Likeness => {
  const name = companySimilarity(companyName(a.name), companyName(b.name))
  const sameDomain = a.domain !== null && a.domain === b.domain
  const stems = a.domain !== null && b.domain !== null && stemOf(a.domain) === stemOf(b.domain)
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

interface Likely extends Likeness {
  readonly a: Candidate
  readonly b: Candidate
}

const likelier = (one: Likely, other: Likely): number =>
  other.score - one.score || (`${one.a.id}${one.b.id}` < `${other.a.id}${other.b.id}` ? -1 : 1)

/** Of companies, how many people are known at each: the one with more of them stays. */
const staffOf = async (
  tx: TenantTx,
  entity: DuplicateOptions['entity'],
  pairs: readonly Likely[],
): Promise<ReadonlyMap<string, number>> => {
  if (entity === 'people') return new Map()
  const ids = [...new Set(pairs.flatMap(({ a, b }) => [a.id, b.id]))]
  const found = await rows<{ id: string; people: number }>(
    tx,
    sql`select company_id as id, count(*)::int as people from crm.people
      where company_id = any(${sql.param(ids)}::uuid[]) and deleted_at is null group by company_id`,
  )
  return new Map(found.map(({ id, people }) => [id, people]))
}

/**
 * Records that look like one person or company, likeliest first. The database pairs those that share a key few have
 * (phone, address, a rare name, words of a name at one company); pairs are compared a page at a time, so that memory
 * does not grow with the workspace. Nothing is written but tables that are gone with the transaction, which must not be
 * read-only; propose op `merge` for those that are one.
 */
export const findDuplicates = async (
  tx: TenantTx,
  { entity, limit = 50, page = PAGE }: DuplicateOptions,
): Promise<readonly DuplicatePair[]> => {
  await stageKeys(tx, entity, page)
  await stagePairs(tx)
  let best: Likely[] = []
  for (let from = 0; ; from += page) {
    const pairs = await rows<{ a: string; b: string; rare: boolean }>(
      tx,
      sql`select a, b, rare from duplicate_pairs where place > ${from} and place <= ${from + page}`,
    )
    if (pairs.length === 0) break
    const ids = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]
    const held = new Map(
      (await read(tx, entity, sql`p.id = any(${sql.param(ids)}::uuid[])`)).map((one) => [one.id, one]),
    )
    for (const { a, b, rare } of pairs) {
      const [one, other] = [held.get(a), held.get(b)]
      if (!one || !other) continue
      const { score, why } =
        entity === 'people' ? comparePeople(one, other, rare) : compareCompanies(one, other)
      if (score < MIN_SCORE) continue
      best.push({ a: one, b: other, score: Math.round(score * 100) / 100, why })
    }
    best = best.sort(likelier).slice(0, limit)
  }
  const staff = await staffOf(tx, entity, best)
  return best.map(({ a, b, score, why }) => {
    const [weightA, weightB] = [a, b].map(({ id, weight }) => weight + (staff.get(id) ?? 0)) as [
      number,
      number,
    ]
    const [keep, merge] = weightB > weightA ? [b, a] : [a, b]
    return { entity, keep: keep.id, merge: merge.id, score, why }
  })
}
