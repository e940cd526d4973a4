import { entityOf } from '../../db/catalog/all.ts'
import { sql } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { Workspace } from '../../db/workspace.ts'
import { createBooks } from './link-rows.ts'
import type { Books } from './link-rows.ts'
import type { Surroundings } from './read-row.ts'
import { nameWords, plainText } from './similar.ts'

/** Colleagues and stages that cells may name. */
export const readSurroundings = async (
  tx: TenantTx,
  workspace: Workspace,
  now: Date,
): Promise<Surroundings> => {
  const members = await rows<{ id: string; email: string; name: string }>(
    tx,
    sql`select id, lower(email) as email, lower(given_name || ' ' || family_name) as name from core.members
      where deleted_at is null and disabled_at is null order by created_at, id`,
  )
  const stages = await rows<{ id: string; name: string }>(
    tx,
    sql`select id, lower(name) as name from crm.stages where deleted_at is null order by position, name`,
  )
  return {
    clock: { now, timezone: workspace.timezone },
    currency: workspace.currency,
    country: workspace.country,
    members: new Map(members.flatMap(({ id, email, name }) => [[email, id] as const, [name, id] as const])),
    stages: new Map(stages.map(({ id, name }) => [name, id])),
  }
}

/** Everybody and everything the workspace has that a row could mean. */
export const readBooks = async (tx: TenantTx): Promise<Books> => {
  const books = createBooks()
  const companies = await rows<{ id: string; name: string; domain: string | null }>(
    tx,
    sql`select id, name, domain from crm.companies where deleted_at is null order by id`,
  )
  for (const { id, name, domain } of companies) {
    books.companies.learn(id, { name, domain: domain ?? undefined, emails: [] })
  }
  const people = await rows<{
    id: string
    name: string
    company_id: string | null
    emails: readonly string[]
    phones: readonly string[]
  }>(
    tx,
    sql`select p.id, concat_ws(' ', p.given_name, p.family_name) as name, p.company_id,
        coalesce(e.addresses, '{}') as emails, coalesce(n.numbers, '{}') as phones
      from crm.people p
      left join (select person_id, array_agg(address order by is_primary desc, id) as addresses from crm.person_emails
        where deleted_at is null group by person_id) e on e.person_id = p.id
      left join (select person_id, array_agg(number order by is_primary desc, id) as numbers from crm.person_phones
        where deleted_at is null group by person_id) n on n.person_id = p.id
      where p.deleted_at is null order by p.id`,
  )
  for (const { id, name, company_id, emails, phones } of people) {
    books.people.learn(id, { words: nameWords(name), emails, phones, companyId: company_id ?? undefined })
  }
  const deals = await rows<{ id: string; name: string; place: string | null }>(
    tx,
    sql`select d.id, d.name, coalesce(d.company_id, (select dp.person_id from crm.deal_people dp
        where dp.deal_id = d.id and dp.deleted_at is null order by dp.id limit 1)) as place
      from crm.deals d where d.deleted_at is null order by d.id`,
  )
  for (const { id, name, place } of deals) books.deals.learn(id, name, place ?? undefined)
  const involved = await rows<{ deal_id: string; people: readonly string[] }>(
    tx,
    sql`select deal_id, array_agg(person_id) as people from crm.deal_people where deleted_at is null group by deal_id`,
  )
  for (const { deal_id, people: ids } of involved) books.dealPeople.set(deal_id, new Set(ids))
  const interactions = await rows<{ id: string; external_id: string }>(
    tx,
    sql`select id, external_id from intel.interactions
      where source = 'import' and external_id is not null and deleted_at is null`,
  )
  for (const { id, external_id } of interactions) books.interactions.set(external_id, id)
  for (const entity of ['funds', 'lists', 'tags'] as const) {
    const found = await rows<{ id: string; name: string }>(
      tx,
      sql`select id, name from ${sql.raw(entityOf(entity).sqlName)} where deleted_at is null order by id desc`,
    )
    for (const { id, name } of found) books.named[entity].set(plainText(name), id)
  }
  const commitments = await rows<{
    id: string
    fund_id: string
    investor: string | null
    amount_minor: number | null
    committed_on: string | null
  }>(
    tx,
    sql`select id, fund_id, coalesce(investor_company_id, investor_person_id) as investor, amount_minor, committed_on
      from fund.commitments where deleted_at is null order by id`,
  )
  for (const { id, fund_id, investor, amount_minor, committed_on } of commitments) {
    if (investor === null) continue
    books.commitments.learn(id, fund_id, investor, { amountMinor: amount_minor, committedOn: committed_on })
  }
  return books
}
