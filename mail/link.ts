import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { MailAddress, Recipient } from './addresses.ts'
import { companyDomains } from '../domain/free-mail.ts'

export type Direction = 'inbound' | 'outbound' | 'internal'

/** Everybody the workspace knows among the addresses asked for. */
export interface Directory {
  readonly people: ReadonlyMap<string, { readonly personId: string; readonly companyId: string | null }>
  readonly members: ReadonlyMap<string, string>
  readonly companies: ReadonlyMap<string, string>
}

const GOOGLE = new Set(['gmail.com', 'googlemail.com'])

/**
 * The ways an address may stand in the address book: `dana+news@nimbus.example` also as `dana@nimbus.example`, and Google's,
 * which knows no dots and two domains, also without dots and with the other domain.
 */
export const spellings = (address: string): readonly string[] => {
  const at = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)]
  const plain = /^[^+]+(?=\+)/.exec(local)?.[0] ?? local
  const locals = GOOGLE.has(domain) ? [plain, plain.replaceAll('.', '')] : [plain]
  const domains = GOOGLE.has(domain) ? [domain, ...GOOGLE] : [domain]
  return [...new Set([address, ...domains.flatMap((one) => locals.map((name) => `${name}@${one}`))])]
}

/** Looks the addresses up in the address book, among the members, and their domains among the companies. */
export const lookUp = async (tx: TenantTx, addresses: Iterable<string>): Promise<Directory> => {
  const asked = [...new Set([...addresses].flatMap(spellings))]
  const domains = [...new Set(asked.flatMap(companyDomains))]
  const people = await rows<{ address: string; person_id: string; company_id: string | null }>(
    tx,
    sql`select e.address, e.person_id, p.company_id from crm.person_emails e join crm.people p on p.id = e.person_id
      where e.address = any(${sql.param(asked)}::text[]) and e.deleted_at is null and p.deleted_at is null`,
  )
  const members = await rows<{ email: string; id: string }>(
    tx,
    sql`select lower(email) as email, id from core.members order by deleted_at nulls last`,
  )
  const companies = await rows<{ domain: string; id: string }>(
    tx,
    sql`select distinct on (domain) domain, id from crm.companies
      where domain = any(${sql.param(domains)}::text[]) and deleted_at is null order by domain, id`,
  )
  return {
    people: new Map(
      people.map((row) => [row.address, { personId: row.person_id, companyId: row.company_id }]),
    ),
    members: new Map(members.map((row) => [row.email, row.id])),
    companies: new Map(companies.map((row) => [row.domain, row.id])),
  }
}

const found = <T>(map: ReadonlyMap<string, T>, address: string): T | undefined =>
  spellings(address)
    .map((spelling) => map.get(spelling))
    .find((value) => value !== undefined)

const companyByDomain = (directory: Directory, address: string): string | undefined =>
  companyDomains(address)
    .map((domain) => directory.companies.get(domain))
    .find((id) => id !== undefined)

export interface LinkedRecipient extends Recipient {
  readonly personId: string | null
  readonly memberId: string | null
}

export interface Links {
  readonly direction: Direction
  readonly fromPersonId: string | null
  readonly fromMemberId: string | null
  readonly recipients: readonly LinkedRecipient[]
  /** People outside who wrote it or got it, the writer first. */
  readonly personIds: readonly string[]
  /** The colleague who wrote it, else the first who got it. */
  readonly memberId: string | null
  readonly companyId: string | null
}

/** Every address in the header of a message. */
export const addressesOf = ({
  from,
  recipients,
}: {
  readonly from: MailAddress | null
  readonly recipients: readonly Recipient[]
}): readonly string[] => [...(from ? [from] : []), ...recipients].map(({ address }) => address)

/** Whose message this is: writer and readers as people and members, the company outside, and which way it went. */
export const linkMessage = (
  message: { readonly from: MailAddress | null; readonly recipients: readonly Recipient[] },
  directory: Directory,
): Links => {
  const recipients = message.recipients.map((recipient): LinkedRecipient => {
    const memberId = found(directory.members, recipient.address) ?? null
    const personId = memberId === null ? (found(directory.people, recipient.address)?.personId ?? null) : null
    return { ...recipient, memberId, personId }
  })
  const readers = recipients.filter(({ kind }) => kind !== 'reply_to')
  const from = message.from?.address
  const fromMemberId = from === undefined ? null : (found(directory.members, from) ?? null)
  const fromPersonId =
    from === undefined || fromMemberId !== null ? null : (found(directory.people, from)?.personId ?? null)
  const isInternal =
    fromMemberId !== null && readers.length > 0 && readers.every(({ memberId }) => memberId !== null)

  const outside = [
    ...(from === undefined || fromMemberId !== null ? [] : [from]),
    ...readers.filter(({ memberId }) => memberId === null).map(({ address }) => address),
  ]
  const companyId =
    outside
      .map((address) => found(directory.people, address)?.companyId ?? undefined)
      .find((id) => id !== undefined) ??
    outside.map((address) => companyByDomain(directory, address)).find((id) => id !== undefined) ??
    null
  const personIds = [fromPersonId, ...readers.map(({ personId }) => personId)].filter((id) => id !== null)
  return {
    direction: isInternal ? 'internal' : fromMemberId === null ? 'inbound' : 'outbound',
    fromPersonId,
    fromMemberId,
    recipients,
    personIds: [...new Set(personIds)],
    memberId: fromMemberId ?? readers.find(({ memberId }) => memberId !== null)?.memberId ?? null,
    companyId,
  }
}
