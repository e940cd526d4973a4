import { asTenant, type TenantTx } from '../../db/tenant.ts'
import { entityOf } from '../../db/catalog/all.ts'
import type { Database } from '../../db/connect.ts'
import { ownWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { recordUri, type RecordRef } from '../../domain/records.ts'
import { createDictionary, type Dictionary } from '../../redaction/dictionary.ts'
import { companyForms, personForms, titleForms, valueForms } from '../../redaction/forms.ts'
import type { KnownForm } from '../../redaction/types.ts'
import {
  FROM_THE_BEGINNING,
  isLater,
  MEMBER_EMAILS,
  momentOf,
  namesNobodyBetween,
  readChangedNames,
} from './changed-names.ts'
import type { Moment, NameRow, NamesMark } from './changed-names.ts'

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
  mark: NamesMark
  /** When it was last brought up to date. */
  at: Moment
  countries: readonly string[]
  /** Rows as they were last seen, so that a second reading of one costs nothing. */
  readonly seen: Map<string, NameRow>
  /** Rows that add to the forms of a record of several rows, by the record. */
  readonly parts: Map<string, Set<string>>
  reading: Promise<void>
}

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

/** Of these the latest are remembered; whoever has to look at more of them than that reads the names anew. */
const MOST_HARMLESS = 2_000

type Reading = Awaited<ReturnType<typeof readChangedNames>>

/** Takes in what was read. What an earlier reading brings after a later one was seen by that one too. */
const bring = (known: TenantDictionary, { changed, mark, at }: Reading): void => {
  if (!isLater(at, known.at)) return
  for (const row of changed) take(known, row)
  known.mark = mark
  known.at = at
}

/** What the workspace knows by name, kept current: every use reads what changed since the last. */
export const createDictionaries = (database: Database) => {
  const byTenant = new Map<string, TenantDictionary>()
  const harmless = new Set<bigint>()
  const of = ({ tenantId }: Actor): TenantDictionary => {
    const known = byTenant.get(tenantId) ?? {
      dictionary: createDictionary(),
      mark: FROM_THE_BEGINNING,
      at: { xmax: 0n, underWay: [] },
      countries: [],
      parts: new Map(),
      seen: new Map(),
      reading: Promise.resolve(),
    }
    byTenant.set(tenantId, known)
    return known
  }
  const current = async (actor: Actor): Promise<Dictionary> => {
    const tenant = of(actor)
    const read = async (): Promise<void> => {
      const reading = await asTenant(
        database,
        actor,
        async (tx) => {
          if (tenant.countries.length === 0) tenant.countries = [(await ownWorkspace(tx)).country]
          return readChangedNames(tx, tenant.mark)
        },
        { readOnly: true },
      )
      bring(tenant, reading)
    }
    const reading = tenant.reading.then(read, read)
    tenant.reading = reading
    await reading
    return tenant.dictionary
  }
  return {
    current,
    /** Reads everything there is, if that has not been done yet. */
    async ready(actor: Actor): Promise<void> {
      if (of(actor).mark === FROM_THE_BEGINNING) await current(actor)
    },
    /**
     * What is known as of a transaction that sees one state of the database throughout, which `snapshot` is
     * (`pg_current_snapshot()` as text); `ready` must have ended.
     */
    async within(tx: TenantTx, actor: Actor, snapshot: string): Promise<Dictionary> {
      const tenant = of(actor)
      const now = momentOf(snapshot)
      if (namesNobodyBetween(tenant.at, now, (one) => harmless.has(one))) {
        if (isLater(now, tenant.at)) tenant.at = now
        return tenant.dictionary
      }
      bring(tenant, await readChangedNames(tx, tenant.mark))
      return tenant.dictionary
    },
    /** A transaction that ended and wrote nothing that anybody is known by: no reason to look at the names anew. */
    noteHarmless(transaction: bigint): void {
      harmless.add(transaction)
      if (harmless.size > MOST_HARMLESS) harmless.delete(harmless.values().next().value!)
    },
  }
}
