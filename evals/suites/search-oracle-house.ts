import type { Database } from '../../db/connect.ts'
import { createMember } from '../../db/members.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { createWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { newId } from '../../domain/ids.ts'

/** Whole numbers below `most`, the same for a seed. */
export type Random = (most: number) => number

export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 4_294_967_296) * most)
  }
}

export const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!

/** Words whose stem is the word itself, so that the oracle needs no stemmer. `oat` stands inside `boat`. */
export const WORDS = [
  'boat',
  'oat',
  'mast',
  'garden',
  'gardon',
  'soil',
  'invoic',
  'zebra',
  'quartz',
  'harbor',
  'lamp',
  'fjord',
  'cobalt',
  'plüm',
  'Lamp',
  '2041',
] as const

/** Too common to be searched by. */
export const COMMON = ['the', 'and'] as const

export interface OracleCompany {
  readonly id: string
  readonly name: string
  readonly domain: string | null
}

/** Somebody who writes or gets mail. */
export interface OracleParty {
  readonly address: string
  readonly name: string | null
  readonly personId: string | null
  readonly memberId: string | null
  /** Of the person's record. */
  readonly companyId: string | null
}

export interface OracleReader {
  readonly party: OracleParty
  readonly kind: 'to' | 'cc' | 'bcc' | 'reply_to'
  readonly isDeleted: boolean
}

export interface OracleMail {
  readonly id: string
  readonly threadId: string
  readonly subject: string
  readonly body: string
  readonly quoted: string | null
  readonly sentAt: string
  readonly direction: 'inbound' | 'outbound' | 'internal'
  readonly hasAttachment: boolean
  readonly writer: OracleParty
  readonly readers: readonly OracleReader[]
  readonly companyId: string | null
  /** The member who alone sees it; null: everybody. */
  readonly onlyFor: string | null
  readonly isDeleted: boolean
}

export interface OracleHouse {
  readonly tenantId: string
  /** Who asks. */
  readonly actor: Actor
  readonly system: Actor
  readonly colleagueId: string
  readonly companies: readonly OracleCompany[]
  readonly parties: readonly OracleParty[]
}

const SYSTEM = { memberId: null, role: 'owner', via: 'system' } as const

const sentence = (random: Random, words: number): string =>
  Array.from({ length: words }, () => (random(8) === 0 ? pick(random, COMMON) : pick(random, WORDS)))
    .map((word, at) => (at > 0 && random(9) === 0 ? `\n${word}` : word))
    .join(' ')

/** A workspace with two members, three companies and a few people; mail is added by `addOracleMails`. */
export const openOracleHouse = async (
  database: Database,
  slug: string,
  timezone: string,
): Promise<OracleHouse> => {
  const { id: tenantId } = await createWorkspace(database, { name: slug, slug, timezone })
  const system: Actor = { tenantId, ...SYSTEM }
  const companies: readonly OracleCompany[] = [
    { id: newId(), name: 'Nimbus Works', domain: 'nimbus.example' },
    { id: newId(), name: 'Zürich Glas', domain: 'glas.example' },
    { id: newId(), name: 'Ox_% Partners', domain: null },
  ]
  const person = (address: string, name: string | null, company: number | null): OracleParty => ({
    address,
    name,
    personId: newId(),
    memberId: null,
    companyId: company === null ? null : companies[company]!.id,
  })
  const people = [
    person('dana@nimbus.example', 'Dana Whitfield', 0),
    person('rené@glas.example', 'René Müller', 1),
    person('rene@private.example', 'Rene Muller', 1),
    person('under_score@ox.example', 'Ola 100%', 2),
    person('lone@elsewhere.example', null, null),
  ]
  const strangers: readonly OracleParty[] = [
    ['desk@nimbus.example', 'Nimbus desk'],
    ['underxscore@ox.example', null],
    ['dana@nimbus.example.example', 'Dana'],
  ].map(([address, name]) => ({
    address: address!,
    name: name ?? null,
    personId: null,
    memberId: null,
    companyId: null,
  }))
  const members = await asTenant(database, system, async (tx) => {
    const made = []
    for (const givenName of ['Asker', 'Colleague'])
      made.push(
        await createMember(tx, {
          email: `${givenName.toLowerCase()}@team.example`,
          givenName,
          familyName: 'Team',
          role: 'owner',
        }),
      )
    await rows(
      tx,
      sql`insert into crm.companies (id, tenant_id, name, domain)
        select id, ${tenantId}::uuid, name, domain from jsonb_to_recordset(${JSON.stringify(companies)}::jsonb) as r(id uuid, name text, domain text)`,
    )
    await rows(
      tx,
      sql`insert into crm.people (id, tenant_id, given_name, company_id)
        select "personId", ${tenantId}::uuid, coalesce(name, address), "companyId" from jsonb_to_recordset(${JSON.stringify(people)}::jsonb)
          as r("personId" uuid, name text, address text, "companyId" uuid)`,
    )
    return made
  })
  const ours = members.map(({ id, email, givenName }) => ({
    address: email,
    name: `${givenName} Team`,
    personId: null,
    memberId: id,
    companyId: null,
  }))
  return {
    tenantId,
    actor: { tenantId, memberId: members[0]!.id, role: 'owner', via: 'cli' },
    system,
    colleagueId: members[1]!.id,
    companies,
    parties: [...people, ...strangers, ...ours],
  }
}

export const randomMails = (random: Random, house: OracleHouse, count: number): readonly OracleMail[] => {
  const threads = Array.from({ length: Math.ceil(count / 3) }, () => ({
    id: newId(),
    onlyFor: [house.colleagueId, house.actor.memberId, null, null, null, null][random(6)] ?? null,
  }))
  return Array.from({ length: count }, (): OracleMail => {
    const { id: threadId, onlyFor } = pick(random, threads)
    return {
      id: newId(),
      threadId,
      onlyFor,
      subject: sentence(random, 1 + random(2)),
      body: sentence(random, 1 + random(6)),
      quoted: random(3) === 0 ? sentence(random, 2) : null,
      sentAt: new Date(Date.UTC(2026, random(10), 1 + random(28), random(24), random(60))).toISOString(),
      direction: pick(random, ['inbound', 'outbound', 'internal'] as const),
      hasAttachment: random(3) === 0,
      writer: pick(random, house.parties),
      readers: Array.from({ length: random(4) }, () => ({
        party: pick(random, house.parties),
        kind: pick(random, ['to', 'to', 'cc', 'bcc', 'reply_to'] as const),
        isDeleted: random(8) === 0,
      })),
      companyId: random(2) === 0 ? pick(random, house.companies).id : null,
      isDeleted: random(15) === 0,
    }
  })
}

/** Writes the messages as an import leaves them. */
export const addOracleMails = (
  database: Database,
  { system }: OracleHouse,
  mails: readonly OracleMail[],
): Promise<void> =>
  asTenant(database, system, async (tx) => {
    const given = JSON.stringify(
      mails.map((mail) => ({ ...mail, writer: undefined, ...mail.writer, ownCompany: mail.companyId })),
    )
    const readers = mails.flatMap(({ id, onlyFor, readers: list }) =>
      list.map(({ party, kind, isDeleted }) => ({
        ...party,
        id: newId(),
        emailId: id,
        onlyFor,
        kind,
        isDeleted,
      })),
    )
    await rows(
      tx,
      sql`insert into intel.mail_threads (id, tenant_id, subject, only_for)
        select distinct "threadId", core.current_tenant(), 'Thread', case when "onlyFor" is null then null else array["onlyFor"] end
        from jsonb_to_recordset(${given}::jsonb) as r("threadId" uuid, "onlyFor" text) on conflict do nothing`,
    )
    await rows(
      tx,
      sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, from_address, from_name,
          from_person_id, from_member_id, company_id, subject, body_text, quoted_text, has_attachment, size_bytes, source, only_for, deleted_at)
        select id, core.current_tenant(), "threadId", id::text, id::text, "sentAt", direction, address, name, "personId", "memberId",
          "ownCompany", subject, body, quoted, "hasAttachment", 100, 'test',
          case when "onlyFor" is null then null else array["onlyFor"] end, case when "isDeleted" then now() end
        from jsonb_to_recordset(${given}::jsonb) as r(id uuid, "threadId" uuid, "sentAt" timestamptz, direction text, address text, name text,
          "personId" uuid, "memberId" uuid, "ownCompany" uuid, subject text, body text, quoted text, "hasAttachment" boolean,
          "onlyFor" text, "isDeleted" boolean)`,
    )
    await rows(
      tx,
      sql`insert into intel.mail_recipients (id, tenant_id, email_id, kind, address, name, person_id, member_id, only_for, deleted_at)
        select id, core.current_tenant(), "emailId", kind, address, name, "personId", "memberId",
          case when "onlyFor" is null then null else array["onlyFor"] end, case when "isDeleted" then now() end
        from jsonb_to_recordset(${JSON.stringify(readers)}::jsonb) as r(id uuid, "emailId" uuid, kind text, address text, name text,
          "personId" uuid, "memberId" uuid, "onlyFor" text, "isDeleted" boolean)`,
    )
  })

/** Rewrites some messages, deletes others and moves others between readers. Returns the messages as they are now. */
export const changeOracleMails = async (
  database: Database,
  house: OracleHouse,
  { mails, random }: { readonly mails: readonly OracleMail[]; readonly random: Random },
): Promise<readonly OracleMail[]> => {
  const changed = mails.map((mail): OracleMail => {
    const what = random(8)
    if (what === 0) return { ...mail, body: sentence(random, 3) }
    if (what === 1) return { ...mail, isDeleted: !mail.isDeleted }
    return mail
  })
  const different = changed.filter((mail, at) => mail !== mails[at])
  await asTenant(database, house.system, (tx) =>
    rows(
      tx,
      sql`update intel.mail_messages m set body_text = r.body, deleted_at = case when r."isDeleted" then now() end
        from jsonb_to_recordset(${JSON.stringify(different)}::jsonb) as r(id uuid, body text, "isDeleted" boolean) where m.id = r.id`,
    ),
  )
  return changed
}
