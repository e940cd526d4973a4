import type { RecordRef } from '../domain/records.ts'
import { userError } from '../domain/errors.ts'
import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'

/** A person, member or company by reference, or an address or part of a name as text. */
export type Party = RecordRef | string

export interface MailFilters {
  readonly from?: Party | undefined
  readonly to?: Party | undefined
  /** Wrote it or got it. */
  readonly with?: Party | undefined
  readonly company?: Party | undefined
  /** Sent at this instant or later. */
  readonly after?: Date | undefined
  /** Sent before this instant. */
  readonly before?: Date | undefined
  readonly direction?: 'inbound' | 'outbound' | 'internal' | undefined
  readonly hasAttachment?: boolean | undefined
  readonly threadId?: string | undefined
}

const pattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

const wrongParty = (entity: string): never => {
  throw userError('wrong_record', `Mail cannot be searched by a record of ${entity}.`, {
    fix: 'Use a person, a member, a company or an e-mail address.',
    validOptions: ['people', 'members', 'companies'],
  })
}

/** `address`, `name`, `person` and `member` are the columns that hold a writer or a reader. */
interface Columns {
  readonly address: SQL
  readonly name: SQL
  readonly person: SQL
  readonly member: SQL
}

const WRITER: Columns = {
  address: sql`m.from_address`,
  name: sql`m.from_name`,
  person: sql`m.from_person_id`,
  member: sql`m.from_member_id`,
}
const READER: Columns = {
  address: sql`r.address`,
  name: sql`r.name`,
  person: sql`r.person_id`,
  member: sql`r.member_id`,
}

const isParty = (party: Party, columns: Columns): SQL => {
  if (typeof party === 'string') {
    const text = party.trim().toLowerCase()
    return /^\S+@\S+$/.test(text)
      ? sql`${columns.address} = ${text}`
      : sql`(${columns.address} ilike ${pattern(text)} or core.fold(${columns.name}) like core.fold(${pattern(text)}))`
  }
  switch (party.entity) {
    case 'people':
      return sql`${columns.person} = ${party.id}`
    case 'members':
      return sql`${columns.member} = ${party.id}`
    case 'companies':
      return sql`(${columns.person} in (select p.id from crm.people p where p.company_id = ${party.id} and p.deleted_at is null)
        or split_part(${columns.address}, '@', 2) = (select c.domain from crm.companies c where c.id = ${party.id}))`
    default:
      return wrongParty(party.entity)
  }
}

const readBy = (party: Party): SQL =>
  sql`m.id in (select r.email_id from intel.mail_recipients r where r.deleted_at is null and r.kind <> 'reply_to' and ${isParty(party, READER)})`

const ofCompany = (party: Party): SQL => {
  if (typeof party === 'string') {
    const text = pattern(party.trim().toLowerCase())
    return sql`m.company_id in (select c.id from crm.companies c
      where c.deleted_at is null and (core.fold(c.name) like core.fold(${text}) or c.domain like ${text}))`
  }
  return party.entity === 'companies' ? sql`m.company_id = ${party.id}` : wrongParty(party.entity)
}

/** Whether any filter is set. */
export const isFiltered = (filters: MailFilters): boolean =>
  [
    filters.from,
    filters.to,
    filters.with,
    filters.company,
    filters.after,
    filters.before,
    filters.direction,
    filters.hasAttachment,
    filters.threadId,
  ].some((filter) => filter !== undefined)

/** A condition over `intel.mail_messages m` that all filters hold; deleted messages never do. */
export const filterSql = (filters: MailFilters): SQL => {
  const conditions: SQL[] = [sql`m.deleted_at is null`]
  if (filters.from !== undefined) conditions.push(isParty(filters.from, WRITER))
  if (filters.to !== undefined) conditions.push(readBy(filters.to))
  if (filters.with !== undefined)
    conditions.push(sql`(${isParty(filters.with, WRITER)} or ${readBy(filters.with)})`)
  if (filters.company !== undefined) conditions.push(ofCompany(filters.company))
  if (filters.after !== undefined) conditions.push(sql`m.sent_at >= ${filters.after.toISOString()}`)
  if (filters.before !== undefined) conditions.push(sql`m.sent_at < ${filters.before.toISOString()}`)
  if (filters.direction !== undefined) conditions.push(sql`m.direction = ${filters.direction}`)
  if (filters.hasAttachment !== undefined) conditions.push(sql`m.has_attachment = ${filters.hasAttachment}`)
  if (filters.threadId !== undefined) conditions.push(sql`m.thread_id = ${filters.threadId}`)
  return sql.join(conditions, sql` and `)
}
