import { companyDomains } from '../domain/free-mail.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { lookUp, spellings } from './link.ts'

/** Somebody who writes to us or is written to, and is no record yet. */
export interface Correspondent {
  /** Lower case, without a plus tag. */
  readonly address: string
  /** The name that stood beside the address most often. */
  readonly name: string | null
  readonly fromThem: number
  readonly toThem: number
  /** The newest message, as evidence. */
  readonly emailId: string
  /** The company that its domain belongs to. */
  readonly companyId: string | null
  /** The domain, where it is a house's own and no company has it. */
  readonly newDomain: string | null
  /** The one person of that name whose address this may be. */
  readonly samePersonId: string | null
}

interface SeenRow {
  readonly address: string
  readonly name: string | null
  readonly from_them: number
  readonly to_them: number
  readonly email_id: string
  readonly last_at: string
}

const MOST_ADDRESSES = 2_000

/** Addresses of single people: no list, no machine wrote, and one of us took part. */
const unlinked = (tx: TenantTx): Promise<SeenRow[]> =>
  rows<SeenRow>(
    tx,
    sql`with seen as (
        select m.from_address as address, m.from_name as name, m.id, m.sent_at, 1 as from_them from intel.mail_messages m
        where m.deleted_at is null and m.direction = 'inbound' and not m.is_bulk and m.from_person_id is null
          and m.from_address is not null
        union all
        select r.address, r.name, m.id, m.sent_at, 0 from intel.mail_messages m
        join intel.mail_recipients r on r.email_id = m.id and r.deleted_at is null and r.kind in ('to', 'cc')
        where m.deleted_at is null and m.from_member_id is not null and not m.is_bulk and r.person_id is null and r.member_id is null
      )
      select address, mode() within group (order by name) as name, sum(from_them)::int as from_them,
        (count(*) - sum(from_them))::int as to_them, (array_agg(id order by sent_at desc, id))[1] as email_id, max(sent_at) as last_at
      from seen group by address order by count(*) desc, address limit ${MOST_ADDRESSES}`,
  )

const ROLE =
  /^(?:info|sales|support|help|contact|office|admin|billing|accounts?|team|hello|mail|jobs|press|marketing|noreply|no-reply|newsletter|webmaster|postmaster|abuse|root)$/

/** One row of each address, whichever way it was spelt. */
const merged = (found: readonly SeenRow[]): readonly SeenRow[] => {
  const byAddress = new Map<string, SeenRow>()
  for (const row of found) {
    const address = row.address.replace(/^([^+@]+)\+[^@]*@/, '$1@')
    const known = byAddress.get(address)
    const newer = known === undefined || known.last_at < row.last_at ? row : known
    byAddress.set(address, {
      ...newer,
      address,
      name: known?.name ?? row.name,
      from_them: row.from_them + (known?.from_them ?? 0),
      to_them: row.to_them + (known?.to_them ?? 0),
    })
  }
  return [...byAddress.values()]
}

export interface CorrespondentOptions {
  /** Fewer messages than this say too little. */
  readonly minMessages?: number
  readonly limit?: number
}

/**
 * Who is in the mail that the member sees and in no record, most mail first; addresses of an office rather than a person
 * are left out. Writes nothing.
 */
export const findCorrespondents = async (
  tx: TenantTx,
  { minMessages = 2, limit = 50 }: CorrespondentOptions = {},
): Promise<readonly Correspondent[]> => {
  const unknown = merged(await unlinked(tx))
  const known = await lookUp(
    tx,
    unknown.map(({ address }) => address),
  )
  const found = unknown
    .filter(({ address }) =>
      spellings(address).every((one) => !known.people.has(one) && !known.members.has(one)),
    )
    .filter(({ from_them, to_them }) => from_them + to_them >= minMessages)
    .filter(({ address }) => !ROLE.test(address.slice(0, address.lastIndexOf('@'))))
    .sort((a, b) => b.from_them + b.to_them - (a.from_them + a.to_them) || (a.address < b.address ? -1 : 1))
    .slice(0, limit)
  const domains = found.flatMap(({ address }) => companyDomains(address))
  const companies = await rows<{ id: string; domain: string }>(
    tx,
    sql`select distinct on (domain) id, domain from crm.companies
      where domain = any(${sql.param(domains)}::text[]) and deleted_at is null order by domain, id`,
  )
  const companyOf = new Map(companies.map(({ id, domain }) => [domain, id]))
  const names = found.flatMap(({ name }) => (name === null ? [] : [name]))
  const people = await rows<{ id: string; name: string; company_id: string | null }>(
    tx,
    sql`select p.id, n.name, p.company_id from unnest(${sql.param(names)}::text[]) as n(name)
      join crm.people p on p.name_folded = btrim(core.fold(n.name)) and p.deleted_at is null`,
  )
  return found.map(({ address, name, from_them: fromThem, to_them: toThem, email_id: emailId }) => {
    const own = companyDomains(address)
    const companyId = own.map((domain) => companyOf.get(domain)).find((id) => id !== undefined) ?? null
    const namesakes = [
      ...new Map(people.filter((one) => one.name === name).map((one) => [one.id, one])).values(),
    ]
    const atHome = namesakes.filter((one) => companyId !== null && one.company_id === companyId)
    // At another house a namesake is somebody else until a person says otherwise; a private address may be anybody's.
    const candidates = atHome.length > 0 ? atHome : own.length === 0 ? namesakes : []
    return {
      address,
      name,
      fromThem,
      toThem,
      emailId,
      companyId,
      newDomain: companyId === null ? (own[0]?.replace(/^(?:mail|smtp|mx|email|post)\./, '') ?? null) : null,
      samePersonId: candidates.length === 1 ? candidates[0]!.id : null,
    }
  })
}
