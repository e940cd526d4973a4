import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { TestDatabase, TestTenant } from '../../db/testing.ts'
import { newId } from '../../domain/ids.ts'

/** Now of these tests. */
export const NOW = new Date('2026-11-20T09:00:00Z')
const DAY_MS = 86_400_000

export const daysAgo = (days: number): string => new Date(NOW.getTime() - days * DAY_MS).toISOString()

/** Somebody of a mail or a meeting: a member by role, or a person by first name. */
type Who = string

/** Builds up who wrote to, met and called whom in one test tenant. */
export const makeAcquaintances = (harness: TestDatabase, tenant: TestTenant) => {
  const tenantId = tenant.workspace.id
  const within = <T>(fn: (tx: TenantTx) => Promise<T>): Promise<T> =>
    asTenant(harness.database, tenant.actor(), fn)
  const people = new Map<string, string>()
  const companies = new Map<string, string>()
  const memberId = (who: Who): string | null => tenant.members.find(({ role }) => role === who)?.id ?? null
  const personId = (who: Who): string | null => people.get(who) ?? null

  return {
    within,
    idOf: (who: Who): string => memberId(who) ?? personId(who) ?? companies.get(who) ?? '',
    nameOf: (id: string): string =>
      tenant.members.find((one) => one.id === id)?.role ??
      [...people].find(([, known]) => known === id)?.[0] ??
      'nobody',

    company: (name: string): Promise<unknown> => {
      const id = newId()
      companies.set(name, id)
      return within((tx) =>
        rows(tx, sql`insert into crm.companies (id, tenant_id, name) values (${id}, ${tenantId}, ${name})`),
      )
    },

    person: (
      name: string,
      {
        company,
        title,
        role,
        tag,
      }: {
        readonly company?: string
        readonly title?: string
        readonly role?: string
        readonly tag?: string
      } = {},
    ): Promise<unknown> => {
      const id = newId()
      people.set(name, id)
      return within(async (tx) => {
        await rows(
          tx,
          sql`insert into crm.people (id, tenant_id, given_name, family_name, title, role, company_id)
            values (${id}, ${tenantId}, ${name}, 'Testperson', ${title ?? null}, ${role ?? null}, ${companies.get(company ?? '') ?? null})`,
        )
        if (tag === undefined) return
        await rows(
          tx,
          sql`insert into crm.tags (id, tenant_id, name) select ${newId()}, ${tenantId}, ${tag}
            where not exists (select from crm.tags where name = ${tag})`,
        )
        await rows(
          tx,
          sql`insert into crm.person_tags (id, tenant_id, person_id, tag_id) select ${newId()}, ${tenantId}, ${id}, id from crm.tags where name = ${tag}`,
        )
      })
    },

    related: (who: Who, other: Who, strength: number): Promise<unknown> =>
      within((tx) =>
        rows(
          tx,
          sql`insert into crm.relationships (id, tenant_id, person_id, other_person_id, kind, strength)
            values (${newId()}, ${tenantId}, ${personId(who)}, ${personId(other)}, 'sibling', ${strength})`,
        ),
      ),

    mail: (
      from: Who,
      to: readonly Who[],
      days: number,
      {
        isBulk = false,
        subject = `from ${from}`,
      }: { readonly isBulk?: boolean; readonly subject?: string } = {},
    ): Promise<string> => {
      const [id, threadId] = [newId(), newId()]
      return within(async (tx) => {
        await rows(
          tx,
          sql`insert into intel.mail_threads (id, tenant_id, subject) values (${threadId}, ${tenantId}, ${subject})`,
        )
        await rows(
          tx,
          sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, from_person_id,
              from_member_id, subject, body_text, is_bulk, size_bytes, source)
            values (${id}, ${tenantId}, ${threadId}, ${id}, ${id}, ${daysAgo(days)}, ${personId(from) === null ? 'outbound' : 'inbound'},
              ${personId(from)}, ${memberId(from)}, ${subject}, 'text', ${isBulk}, 100, 'test')`,
        )
        for (const who of to)
          await rows(
            tx,
            sql`insert into intel.mail_recipients (id, tenant_id, email_id, kind, address, person_id, member_id)
              values (${newId()}, ${tenantId}, ${id}, 'to', ${`${who}@x.example`}, ${personId(who)}, ${memberId(who)})`,
          )
        return id
      })
    },

    met: (
      member: Who,
      with_: readonly Who[],
      days: number,
      kind: 'meeting' | 'call' | 'viewing' | 'note' = 'meeting',
    ): Promise<string> => {
      const id = newId()
      return within(async (tx) => {
        await rows(
          tx,
          sql`insert into intel.interactions (id, tenant_id, kind, occurred_at, summary, member_id)
            values (${id}, ${tenantId}, ${kind}, ${daysAgo(days)}, 'talked', ${memberId(member)})`,
        )
        for (const who of with_)
          await rows(
            tx,
            sql`insert into intel.interaction_people (id, tenant_id, interaction_id, person_id) values (${newId()}, ${tenantId}, ${id}, ${personId(who)})`,
          )
        return id
      })
    },
  }
}
