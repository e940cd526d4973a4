import type { Database } from '../../db/connect.ts'
import { sql } from '../../db/sql.ts'
import type { SQL } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { TestTenant } from '../../db/testing.ts'
import { newId } from '../../domain/ids.ts'
import { systemOf } from '../../jobs/lease.ts'

export interface Mail {
  readonly thread: string
  readonly way: 'inbound' | 'outbound'
  readonly at: Date
  /** Id of the person outside. */
  readonly person: string
  /** Id of ours. */
  readonly member: string
  readonly body?: string
  readonly isBulk?: true
  /** Members who alone see it. */
  readonly onlyFor?: readonly string[]
}

/** Records as a year at work leaves them, put down directly, with the dates one likes. */
export interface Office {
  query<T extends object>(statement: SQL): Promise<T[]>
  company(name: string, ownerId?: string): Promise<string>
  person(name: string, companyId: string): Promise<string>
  /** The thread is made with its first message, under the given name as subject. */
  mail(mail: Mail): Promise<void>
  contact(
    kind: 'call' | 'meeting' | 'email',
    at: Date,
    whom: { readonly company: string; readonly person?: string },
  ): Promise<void>
}

export const openOffice = (database: Database, { workspace }: Pick<TestTenant, 'workspace'>): Office => {
  const query = <T extends object>(statement: SQL): Promise<T[]> =>
    asTenant(database, systemOf(workspace.id), (tx) => rows<T>(tx, statement))
  const threads = new Map<string, string>()
  const tenant = sql`core.current_tenant()`
  return {
    query,
    company: async (name, ownerId) => {
      const id = newId()
      await query(
        sql`insert into crm.companies (id, tenant_id, name, owner_id) values (${id}, ${tenant}, ${name}, ${ownerId ?? null}::uuid)`,
      )
      return id
    },
    person: async (name, companyId) => {
      const id = newId()
      const [given = '', family = ''] = name.split(' ')
      await query(
        sql`insert into crm.people (id, tenant_id, given_name, family_name, company_id) values (${id}, ${tenant}, ${given}, ${family}, ${companyId}::uuid)`,
      )
      return id
    },
    mail: async ({ thread, way, at, person, member, body = 'Shall we?', isBulk = false, onlyFor }) => {
      const [emailId, when] = [newId(), at.toISOString()]
      const circle = sql`${onlyFor === undefined ? null : sql.param([...onlyFor])}::text[]`
      const known = threads.get(thread)
      const threadId = known ?? newId()
      threads.set(thread, threadId)
      const [from, to] =
        way === 'inbound'
          ? [sql`${person}::uuid, null::uuid`, sql`null::uuid, ${member}::uuid`]
          : [sql`null::uuid, ${member}::uuid`, sql`${person}::uuid, null::uuid`]
      await query(sql`with thread as (
          insert into intel.mail_threads (id, tenant_id, subject, first_at, last_at, last_direction, owner_id, person_id, only_for)
          values (${threadId}, ${tenant}, ${thread}, ${when}, ${when}, ${way}, ${member}::uuid, ${person}::uuid, ${circle})
          on conflict (id) do update set last_at = greatest(mail_threads.last_at, excluded.last_at), last_direction = excluded.last_direction
          returning id
        ), message as (
          insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, from_person_id, from_member_id, company_id,
            from_address, subject, body_text, is_bulk, size_bytes, source, only_for)
          select ${emailId}, ${tenant}, thread.id, ${emailId}, ${emailId}, ${when}::timestamptz, ${way}, ${from},
            (select p.company_id from crm.people p where p.id = ${person}::uuid), 'a@b.example', ${thread}, ${body}, ${isBulk}, 100, 'test', ${circle} from thread returning id
        )
        insert into intel.mail_recipients (id, tenant_id, email_id, kind, address, person_id, member_id, only_for)
        select ${newId()}, ${tenant}, message.id, 'to', 'c@d.example', ${to}, ${circle} from message`)
    },
    contact: async (kind, at, { company, person }) => {
      const id = newId()
      await query(
        sql`insert into intel.interactions (id, tenant_id, kind, direction, occurred_at, company_id) values (${id}, ${tenant}, ${kind}, 'outbound', ${at.toISOString()}::timestamptz, ${company}::uuid)`,
      )
      if (person !== undefined)
        await query(
          sql`insert into intel.interaction_people (id, tenant_id, interaction_id, person_id) values (${newId()}, ${tenant}, ${id}, ${person}::uuid)`,
        )
    },
  }
}
