import { parseRecordUri, recordUri } from '../../domain/records.ts'
import { runText } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'

/** People that a text may mean, by record URI, with how well it fits, 0 to 1. */
export type Candidates = ReadonlyMap<string, number>

/** Most people that one text is weighed against. */
export const MAX_CANDIDATES = 200
const MIN_DIGITS = 5

const uriOf = (id: unknown): string => recordUri({ entity: 'people', id: String(id) })

const byPhone = async (tx: TenantTx, digits: string): Promise<Candidates> => {
  const text = `select x.person_id from crm.person_phones x
    where x.deleted_at is null and position($1::text in regexp_replace(x.number, '\\D', '', 'g')) > 0 limit ${MAX_CANDIDATES}`
  const { rows } = await runText(tx, text, [digits])
  return new Map(rows.map(([id]) => [uriOf(id), 1]))
}

const byText = async (tx: TenantTx, query: string): Promise<Candidates> => {
  const { rows } = await runText(tx, `select id, score from crm.search_people($1, ${MAX_CANDIDATES})`, [
    query,
  ])
  return new Map(rows.map(([id, score]) => [uriOf(id), Number(score)]))
}

/** A national number begins with a trunk zero that the stored international form lacks. */
const digitsOf = (query: string): string | undefined =>
  /^[+()\d\s./-]+$/.test(query) ? query.replace(/\D/g, '').replace(/^0+/, '') : undefined

/** Finds people by handle, address, phone number or words of their name, company or title. */
export const matchPeople = async (tx: TenantTx, query: string): Promise<Candidates> => {
  const text = query.trim()
  const record = parseRecordUri(text)
  if (record) return record.entity === 'people' ? new Map([[text, 1]]) : new Map()
  const digits = digitsOf(text)
  return digits !== undefined && digits.length >= MIN_DIGITS ? byPhone(tx, digits) : byText(tx, text)
}
