import { asTenant, rows, type TenantTx } from '../../db/tenant.ts'
import { catalog, entityOf } from '../../db/catalog/all.ts'
import { sql } from '../../db/sql.ts'
import type { Database } from '../../db/connect.ts'
import { ownWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { recordUri, type RecordRef } from '../../domain/records.ts'
import { createDictionary, type Dictionary } from '../../redaction/dictionary.ts'
import { companyForms, personForms, titleForms, valueForms } from '../../redaction/forms.ts'
import type { KnownForm } from '../../redaction/types.ts'

interface NameRow {
  readonly entity: string
  readonly id: string
  readonly first: string | null
  readonly second: string | null
  /** Record that the value belongs to, where it is not the row itself. */
  readonly owner: string | null
  readonly gone: boolean
  readonly updated_at: string
}

/** A change may commit after a later one has been read; what is this much older is read again. */
const OVERLAP_MS = 60_000

/** Addresses of members: their rows are known by name already, and name them a second way. */
const MEMBER_EMAILS = 'member_emails'

const changedNames = (tx: TenantTx, since: string): Promise<NameRow[]> =>
  rows<NameRow>(
    tx,
    sql.join(
      [
        ...[...catalog.values()].flatMap(({ name, sqlName, known }) =>
          known === undefined
            ? []
            : [
                sql`select ${name}::text as entity, t.id, ${sql.identifier(known.first)} as first,
                  ${known.second === undefined ? sql`null::text` : sql.identifier(known.second)} as second,
                  ${known.owner === undefined ? sql`null::text` : sql`${sql.identifier(known.owner)}::text`} as owner,
                  t.deleted_at is not null as gone, t.updated_at
                  from ${sql.raw(sqlName)} t where t.updated_at >= ${since}::timestamptz`,
              ],
        ),
        sql`select ${MEMBER_EMAILS}::text, t.id, t.email, null::text, t.id::text, t.deleted_at is not null, t.updated_at
          from core.members t where t.updated_at >= ${since}::timestamptz`,
      ],
      sql` union all `,
    ),
  )

/** Whose forms a row adds to: a number or address belongs to its person or member. */
const ownerOf = ({ entity, id, owner }: NameRow): RecordRef => {
  if (entity === MEMBER_EMAILS) return { entity: 'members', id }
  const { known, columns } = entityOf(entity)
  const references = known?.owner === undefined ? undefined : columns[known.owner]?.marks.references
  return references === undefined || owner === null ? { entity, id } : { entity: references, id: owner }
}

const formsOf = (row: NameRow, countries: readonly string[]): readonly KnownForm[] => {
  const { entity, first, second } = row
  const record = ownerOf(row)
  if (entity === MEMBER_EMAILS) return valueForms(record, 'EMAIL', first ?? '')
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
        : valueForms(record, hide, first ?? '', countries)
    }
    case undefined:
      return []
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
