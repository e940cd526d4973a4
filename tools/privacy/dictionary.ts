import { asTenant, rows, type TenantTx } from '../../db/tenant.ts'
import { catalog, entityOf } from '../../db/catalog/all.ts'
import { sql } from '../../db/sql.ts'
import type { Database } from '../../db/connect.ts'
import type { Actor } from '../../domain/actor.ts'
import { createDictionary, type Dictionary } from '../../redaction/dictionary.ts'
import { companyForms, personForms, titleForms, valueForms } from '../../redaction/forms.ts'
import type { KnownForm } from '../../redaction/types.ts'

interface NameRow {
  readonly entity: string
  readonly id: string
  readonly first: string | null
  readonly second: string | null
  readonly gone: boolean
  readonly updated_at: string
}

/** A change may commit after a later one has been read; what is this much older is read again. */
const OVERLAP_MS = 60_000

/** One branch for each entity whose records are known by name; made anew each time, so that no entity is forgotten. */
const changedNames = (tx: TenantTx, since: string): Promise<NameRow[]> =>
  rows<NameRow>(
    tx,
    sql.join(
      [...catalog.values()].flatMap(({ name, sqlName, known }) =>
        known === undefined
          ? []
          : [
              sql`select ${name}::text as entity, t.id, ${sql.identifier(known.first)} as first,
                ${known.second === undefined ? sql`null::text` : sql.identifier(known.second)} as second,
                t.deleted_at is not null as gone, t.updated_at
                from ${sql.raw(sqlName)} t where t.updated_at >= ${since}::timestamptz`,
            ],
      ),
      sql` union all `,
    ),
  )

const formsOf = ({ entity, id, first, second }: NameRow): readonly KnownForm[] => {
  const record = { entity, id }
  const { known, handle = 'RECORD', columns } = entityOf(entity)
  switch (known?.as) {
    case 'person':
      return personForms(record, {
        given: first,
        family: second,
        label: handle === 'MEMBER' ? 'MEMBER' : 'PERSON',
      })
    case 'company':
      return companyForms(record, { name: first ?? '', domain: second })
    case 'title':
      return titleForms(record, handle, first ?? '')
    case 'value': {
      const hide = columns[known.first]?.marks.hide
      return hide === undefined || hide === 'text' || hide === 'none'
        ? []
        : valueForms(record, hide, first ?? '')
    }
    case undefined:
      return []
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
