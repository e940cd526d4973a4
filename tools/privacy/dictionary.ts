import { asTenant, rows, type TenantTx } from '../../db/tenant.ts'
import { sql } from '../../db/sql.ts'
import type { Database } from '../../db/connect.ts'
import { ownWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { recordUri, type RecordRef } from '../../domain/records.ts'
import { createDictionary, type Dictionary } from '../../redaction/dictionary.ts'
import { companyForms, dealForms, personForms, valueForms } from '../../redaction/forms.ts'
import type { KnownForm } from '../../redaction/types.ts'

interface NameRow {
  readonly entity:
    | 'people'
    | 'members'
    | 'companies'
    | 'deals'
    | 'person_phones'
    | 'person_emails'
    | 'member_emails'
  readonly id: string
  readonly first: string | null
  readonly second: string | null
  readonly gone: boolean
  readonly updated_at: string
}

/** A change may commit after a later one has been read; what is this much older is read again. */
const OVERLAP_MS = 60_000

const changedNames = (tx: TenantTx, since: string): Promise<NameRow[]> =>
  rows<NameRow>(
    tx,
    sql`
      select 'people' as entity, id, given_name as first, family_name as second, deleted_at is not null as gone, updated_at
        from crm.people where updated_at >= ${since}::timestamptz
      union all
      select 'members', id, given_name, family_name, deleted_at is not null, updated_at
        from core.members where updated_at >= ${since}::timestamptz
      union all
      select 'companies', id, name, domain, deleted_at is not null, updated_at
        from crm.companies where updated_at >= ${since}::timestamptz
      union all
      select 'deals', id, name, null, deleted_at is not null, updated_at
        from crm.deals where updated_at >= ${since}::timestamptz
      union all
      select 'person_phones', id, number, person_id::text, deleted_at is not null, updated_at
        from crm.person_phones where updated_at >= ${since}::timestamptz
      union all
      select 'person_emails', id, address, person_id::text, deleted_at is not null, updated_at
        from crm.person_emails where updated_at >= ${since}::timestamptz
      union all
      select 'member_emails', id, email, id::text, deleted_at is not null, updated_at
        from core.members where updated_at >= ${since}::timestamptz`,
  )

/** Whose forms a row adds to: a number or address belongs to its person or member. */
const ownerOf = ({ entity, id, second }: NameRow): RecordRef => {
  switch (entity) {
    case 'person_phones':
    case 'person_emails':
      return { entity: 'people', id: second ?? id }
    case 'member_emails':
      return { entity: 'members', id }
    default:
      return { entity, id }
  }
}

const formsOf = (row: NameRow, countries: readonly string[]): readonly KnownForm[] => {
  const { entity, first, second } = row
  const record = ownerOf(row)
  switch (entity) {
    case 'people':
      return personForms(record, { given: first, family: second, label: 'PERSON' })
    case 'members':
      return personForms(record, { given: first, family: second, label: 'MEMBER' })
    case 'companies':
      return companyForms(record, { name: first ?? '', domain: second })
    case 'deals':
      return dealForms(record, first ?? '')
    case 'person_phones':
      return valueForms(record, 'PHONE', first ?? '', countries)
    case 'person_emails':
    case 'member_emails':
      return valueForms(record, 'EMAIL', first ?? '')
  }
}

interface TenantDictionary {
  readonly dictionary: Dictionary
  watermark: string
  countries: readonly string[]
  /** Rows as they were last seen, so that a second reading of one costs nothing. */
  readonly seen: Map<string, NameRow>
  /** Rows that add to the forms of a record of several rows, by the record. */
  readonly parts: Map<string, Set<string>>
  reading: Promise<void>
}

const EPOCH = '1970-01-01T00:00:00Z'

const take = (known: TenantDictionary, row: NameRow): void => {
  const { dictionary, seen, parts, countries } = known
  const key = `${row.entity}:${row.id}`
  const before = seen.get(key)
  if (before?.updated_at === row.updated_at) return
  const owners = new Map(
    [row, ...(before ? [before] : [])].map((one) => [recordUri(ownerOf(one)), ownerOf(one)]),
  )
  const isNew = before === undefined
  seen.set(key, row)
  if (row.updated_at > known.watermark) known.watermark = row.updated_at
  parts.set(recordUri(ownerOf(row)), (parts.get(recordUri(ownerOf(row))) ?? new Set()).add(key))
  if (isNew) {
    if (!row.gone) for (const form of formsOf(row, countries)) dictionary.add(form)
    return
  }
  for (const [uri, owner] of owners) {
    dictionary.remove(owner)
    for (const part of parts.get(uri) ?? []) {
      const one = seen.get(part)
      if (!one || one.gone || recordUri(ownerOf(one)) !== uri) continue
      for (const form of formsOf(one, countries)) dictionary.add(form)
    }
  }
}

/** What the workspace knows by name, kept current: every use reads what changed since the last. */
export const createDictionaries = (database: Database) => {
  const byTenant = new Map<string, TenantDictionary>()
  return {
    async current(actor: Actor): Promise<Dictionary> {
      let known = byTenant.get(actor.tenantId)
      if (!known) {
        known = {
          dictionary: createDictionary(),
          watermark: EPOCH,
          countries: [],
          parts: new Map(),
          seen: new Map(),
          reading: Promise.resolve(),
        }
        byTenant.set(actor.tenantId, known)
      }
      const tenant = known
      const read = async (): Promise<void> => {
        const since = new Date(Math.max(0, Date.parse(tenant.watermark) - OVERLAP_MS)).toISOString()
        const changed = await asTenant(
          database,
          actor,
          async (tx) => {
            if (tenant.countries.length === 0) tenant.countries = [(await ownWorkspace(tx)).country]
            return changedNames(tx, since)
          },
          { readOnly: true },
        )
        for (const row of changed) take(tenant, row)
      }
      const reading = tenant.reading.then(read, read)
      tenant.reading = reading
      await reading
      return tenant.dictionary
    },
  }
}
