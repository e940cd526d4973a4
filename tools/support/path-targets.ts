import { sql } from '../../db/sql.ts'
import type { SQL } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { notFound, userError } from '../../domain/errors.ts'
import { parseRecordUri } from '../../domain/records.ts'
import type { RecordRef } from '../../domain/records.ts'

/** Most people at one company that a way is looked for. */
const MOST_TARGETS = 200

/** What short titles stand for. */
const TITLES: Readonly<Record<string, string>> = {
  ceo: 'chief executive',
  cfo: 'chief financial',
  cto: 'chief technology',
  coo: 'chief operating',
  cmo: 'chief marketing',
  cio: 'chief information',
  cro: 'chief revenue',
  vp: 'vice president',
}

export interface TargetInput {
  readonly to?: string | undefined
  readonly to_company?: string | undefined
  readonly to_title?: string | undefined
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A short title hides in longer words (`cto` in `director`): it must stand as words of its own. */
const titleIs = (title: string | undefined): SQL => {
  if (title === undefined) return sql``
  const said = title.trim().toLowerCase()
  const words = [said, TITLES[said]].flatMap((one) => (one === undefined ? [] : [escaped(one)]))
  return sql`and p.title ~* ${`\\m(?:${words.join('|')})\\M`}`
}

const idsOf = async (tx: TenantTx, statement: SQL): Promise<readonly string[]> =>
  (await rows<{ id: string }>(tx, statement)).map(({ id }) => id)

const ofRecord = (tx: TenantTx, { entity, id }: RecordRef, title: string | undefined) => {
  switch (entity) {
    case 'people':
      return idsOf(tx, sql`select p.id from crm.people p where p.id = ${id} and p.deleted_at is null`)
    case 'companies':
      return idsOf(
        tx,
        sql`select p.id from crm.people p where p.deleted_at is null ${titleIs(title)}
            and p.id in (select e.id from crm.people e where e.company_id = ${id}
              union select a.person_id from crm.affiliations a where a.company_id = ${id} and a.ended_on is null and a.deleted_at is null)
          order by p.last_interaction_at desc nulls last, p.id limit ${MOST_TARGETS}`,
      )
    case 'deals':
      return idsOf(
        tx,
        sql`select p.id from crm.deal_people d join crm.people p on p.tenant_id = d.tenant_id and p.id = d.person_id and p.deleted_at is null
          where d.deal_id = ${id} and d.deleted_at is null ${titleIs(title)} order by p.id limit ${MOST_TARGETS}`,
      )
    default:
      throw userError('wrong_record', 'A way leads to a person, a company or the people of a deal.', {
        at: 'to',
        fix: 'Give the handle of one of these.',
      })
  }
}

/** A name that was not turned into a handle: taken when exactly one record goes by it. */
const byName = async (tx: TenantTx, name: string, entity: 'people' | 'companies'): Promise<RecordRef> => {
  const found = await idsOf(
    tx,
    entity === 'people'
      ? sql`select s.id from crm.search_people(${name}, 2) s join crm.people p on p.id = s.id
          where core.fold(btrim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, ''))) = core.fold(${name.trim()})`
      : sql`select s.id from crm.search_companies(${name}, 2) s join crm.companies c on c.id = s.id
          where core.fold(c.name) = core.fold(${name.trim()})`,
  )
  if (found.length === 1) return { entity, id: found[0]! }
  throw notFound('no_record', 'That name is not of exactly one record.', {
    at: entity === 'people' ? 'to' : 'to_company',
    fix: 'Give a handle; search_people finds people, query_crm companies.',
  })
}

/** The people that a way is looked for: one, or those at a company, with a title or not. Ids, at most 200. */
export const targetsOf = async (tx: TenantTx, input: TargetInput): Promise<readonly string[]> => {
  const { to, to_company: company, to_title: title } = input
  if ((to === undefined) === (company === undefined)) {
    throw userError('one_target', 'A way leads to a person or to a company.', {
      at: 'to',
      fix: 'Give exactly one of `to` and `to_company`.',
    })
  }
  const given = (to ?? company)!
  const record = parseRecordUri(given) ?? (await byName(tx, given, to === undefined ? 'companies' : 'people'))
  return ofRecord(tx, record, title)
}
