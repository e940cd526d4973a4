import { asTenant, rows, type TenantTx } from '../../db/tenant.ts'
import { sql } from '../../db/sql.ts'
import type { Database } from '../../db/connect.ts'
import type { Actor } from '../../domain/actor.ts'
import { createDictionary, type Dictionary } from '../../redaction/dictionary.ts'
import { companyForms, dealForms, personForms, valueForms } from '../../redaction/forms.ts'
import type { KnownForm } from '../../redaction/types.ts'

interface NameRow {
  readonly entity: 'people' | 'members' | 'companies' | 'deals' | 'person_phones'
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
      select 'person_phones', id, number, null, deleted_at is not null, updated_at
        from crm.person_phones where updated_at >= ${since}::timestamptz`,
  )

const formsOf = ({ entity, id, first, second }: NameRow): readonly KnownForm[] => {
  const record = { entity, id }
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
      return valueForms(record, 'PHONE', first ?? '')
  }
}

interface TenantDictionary {
  readonly dictionary: Dictionary
  watermark: string
  /** State each record was last seen in, so that a second reading of it costs nothing. */
  readonly seen: Map<string, string>
  reading: Promise<void>
}

const EPOCH = '1970-01-01T00:00:00Z'

const take = (known: TenantDictionary, row: NameRow): void => {
  const key = `${row.entity}:${row.id}`
  if (known.seen.get(key) === row.updated_at) return
  if (known.seen.has(key)) known.dictionary.remove({ entity: row.entity, id: row.id })
  known.seen.set(key, row.updated_at)
  if (!row.gone) for (const form of formsOf(row)) known.dictionary.add(form)
  if (row.updated_at > known.watermark) known.watermark = row.updated_at
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
          seen: new Map(),
          reading: Promise.resolve(),
        }
        byTenant.set(actor.tenantId, known)
      }
      const tenant = known
      const read = async (): Promise<void> => {
        const since = new Date(Math.max(0, Date.parse(tenant.watermark) - OVERLAP_MS)).toISOString()
        const changed = await asTenant(database, actor, (tx) => changedNames(tx, since), { readOnly: true })
        for (const row of changed) take(tenant, row)
      }
      const reading = tenant.reading.then(read, read)
      tenant.reading = reading
      await reading
      return tenant.dictionary
    },
  }
}
