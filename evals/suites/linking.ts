import { readFileSync } from 'node:fs'
import { loadConfig } from '../../config.ts'
import { connect } from '../../db/connect.ts'
import type { Database } from '../../db/connect.ts'
import { migrate } from '../../db/migrate.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { createWorkspace } from '../../db/workspace.ts'
import { isFreeMail } from '../../domain/free-mail.ts'
import { newId } from '../../domain/ids.ts'
import { linkMessage, lookUp } from '../../mail/link.ts'
import { parseMessage } from '../../mail/parse.ts'
import type { ParsedMessage } from '../../mail/parse.ts'
import { spamAssassinFiles } from '../../mail/testing/corpus.ts'
import { randomFrom } from '../fuzz/random.ts'
import type { Random } from '../fuzz/random.ts'

/** Share of the correspondents that the address book knows, and of the messages that are given a fault. */
const KNOWN = 0.6
const NOISY = 0.5
const BATCH = 100

export interface LinkFigures {
  readonly links: number
  readonly right: number
  readonly expected: number
  readonly precision: number
  readonly recall: number
}

export interface LinkingReport {
  readonly messages: number
  readonly known: number
  readonly noise: Readonly<Record<string, number>>
  readonly people: LinkFigures
  readonly companies: LinkFigures
  readonly wrong: readonly string[]
}

interface Truth {
  readonly people: ReadonlyMap<string, string>
  readonly companies: ReadonlyMap<string, string>
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/** What happens to an address between a correspondent and us. `same`: it is still theirs. */
const NOISE: Readonly<
  Record<string, { readonly same: boolean; readonly make: (address: string, random: Random) => string }>
> = {
  capitals: { same: true, make: (address) => address.toUpperCase() },
  'plus tag': {
    same: true,
    make: (address, random) => address.replace('@', `+${random.pick(['news', 'x1', 'list'])}@`),
  },
  'somebody of the same name elsewhere': {
    same: false,
    make: (address, random) =>
      `${address.slice(0, address.lastIndexOf('@'))}@${random.pick(['gmail.com', 'hotmail.com', 'elsewhere.example'])}`,
  },
  'one letter more': { same: false, make: (address) => address.replace('@', 'x@') },
  'a colleague at the same house': { same: false, make: (address) => `front.desk@${domainOf(address)}` },
  'a look-alike domain': { same: false, make: (address) => `${address}.example` },
}

const tally = (links: number, right: number, expected: number): LinkFigures => ({
  links,
  right,
  expected,
  precision: right / Math.max(1, links),
  recall: right / Math.max(1, expected),
})

const fill = async (
  database: Database,
  correspondents: readonly string[],
  random: Random,
): Promise<Truth & { readonly tenant: Parameters<typeof asTenant>[1] }> => {
  const workspace = await createWorkspace(database, { name: 'Linking', slug: 'linking' })
  const tenant = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  const people = new Map<string, string>()
  const companies = new Map<string, string>()
  for (const address of correspondents) {
    if (!random.chance(KNOWN)) continue
    people.set(address, newId())
    const domain = domainOf(address)
    if (!isFreeMail(domain) && random.chance(KNOWN)) companies.set(domain, companies.get(domain) ?? newId())
  }
  const companyOf = (address: string): string | null => companies.get(domainOf(address)) ?? null
  await asTenant(database, tenant, async (tx) => {
    await rows(
      tx,
      sql`insert into crm.companies (id, tenant_id, name, domain) select id, ${workspace.id}::uuid, domain, domain
        from jsonb_to_recordset(${JSON.stringify([...companies].map(([domain, id]) => ({ id, domain })))}::jsonb) as r(id uuid, domain text)`,
    )
    const given = JSON.stringify(
      [...people].map(([address, id]) => ({ id, address, row: newId(), company_id: companyOf(address) })),
    )
    await rows(
      tx,
      sql`insert into crm.people (id, tenant_id, given_name, company_id) select id, ${workspace.id}::uuid, address, company_id
        from jsonb_to_recordset(${given}::jsonb) as r(id uuid, address text, company_id uuid)`,
    )
    await rows(
      tx,
      sql`insert into crm.person_emails (id, tenant_id, person_id, address) select "row", ${workspace.id}::uuid, id, address
        from jsonb_to_recordset(${given}::jsonb) as r(id uuid, address text, "row" uuid)`,
    )
  })
  return { people, companies, tenant }
}

interface Asked {
  readonly message: ParsedMessage
  readonly person: string | undefined
  readonly company: string | undefined
  readonly noise: string
}

/** A message with its sender's address as it arrives, and who that is. */
const askOf = (message: ParsedMessage, truth: Truth, random: Random): Asked => {
  const address = message.from!.address
  const names = Object.keys(NOISE)
  const noise = random.chance(NOISY) ? random.pick(names) : 'none'
  const change = NOISE[noise]
  const arrived = change ? change.make(address, random).toLowerCase() : address
  const isKnownItself = truth.people.has(arrived)
  const person =
    change?.same === false
      ? isKnownItself
        ? truth.people.get(arrived)
        : undefined
      : truth.people.get(address)
  const domain = domainOf(arrived)
  const owner = [...domain.split('.').keys()]
    .map((at) => domain.split('.').slice(at).join('.'))
    .find((one) => truth.companies.has(one) && !isFreeMail(domain))
  return {
    message: { ...message, from: { address: arrived, name: message.from!.name }, recipients: [] },
    person,
    company: owner === undefined ? undefined : truth.companies.get(owner),
    noise,
  }
}

/**
 * Links senders of real mail to an address book made of a part of them: the truth is the header as it was written, and
 * half of the messages arrive with another spelling of the address or from somebody who is easily taken for the sender.
 */
export const runLinking = async ({
  seed,
  postgresUrl,
  most,
}: {
  readonly seed: number
  readonly postgresUrl?: string | undefined
  readonly most: number
}): Promise<LinkingReport> => {
  const random = randomFrom(seed)
  const messages: ParsedMessage[] = []
  for (const { path } of spamAssassinFiles().slice(0, most)) {
    const message = await parseMessage(readFileSync(path), new Date())
    if (message.from) messages.push(message)
  }
  const correspondents = [...new Set(messages.map(({ from }) => from!.address))].sort()
  const config = loadConfig({ TACT_HOME: '' })
  const database = await connect({ ...config, DATABASE_URL: postgresUrl }, { inMemory: true })
  try {
    await migrate(database)
    const { tenant, ...truth } = await fill(database, correspondents, random)
    const noise: Record<string, number> = {}
    const wrong: string[] = []
    const count = { links: 0, right: 0, expected: 0, companyLinks: 0, companyRight: 0, companyExpected: 0 }
    for (let at = 0; at < messages.length; at += BATCH) {
      const asked = messages.slice(at, at + BATCH).map((message) => askOf(message, truth, random))
      const directory = await asTenant(
        database,
        tenant,
        (tx) =>
          lookUp(
            tx,
            asked.map(({ message }) => message.from!.address),
          ),
        { readOnly: true },
      )
      for (const one of asked) {
        noise[one.noise] = (noise[one.noise] ?? 0) + 1
        const { fromPersonId, companyId } = linkMessage(one.message, directory)
        count.links += fromPersonId === null ? 0 : 1
        count.expected += one.person === undefined ? 0 : 1
        count.right += fromPersonId !== null && fromPersonId === one.person ? 1 : 0
        count.companyLinks += companyId === null ? 0 : 1
        count.companyExpected += one.company === undefined ? 0 : 1
        count.companyRight += companyId !== null && companyId === one.company ? 1 : 0
        if ((fromPersonId ?? undefined) !== one.person) wrong.push(`person, ${one.noise}`)
        if ((companyId ?? undefined) !== one.company) wrong.push(`company, ${one.noise}`)
      }
    }
    return {
      messages: messages.length,
      known: truth.people.size,
      noise,
      people: tally(count.links, count.right, count.expected),
      companies: tally(count.companyLinks, count.companyRight, count.companyExpected),
      wrong,
    }
  } finally {
    await database.close()
  }
}
