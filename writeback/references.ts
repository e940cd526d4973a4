import { catalog, entityOf } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { didYouMean } from '../domain/nearest.ts'
import type { RecordRef } from '../domain/records.ts'
import { parseRecordUri } from '../domain/records.ts'
import { tableOf } from './rows.ts'

/** SQL for the name of a record under that alias; entities without a title of their own go by what they are. */
export const titleSql = (entity: Entity, alias: string) =>
  entity.title === undefined ? sql`${entity.one}::text` : sql.raw(entity.title.replaceAll('{t}', alias))

const live = (entity: Entity, alias: string) =>
  sql.raw(
    'disabled_at' in entity.columns
      ? `${alias}.deleted_at is null and ${alias}.disabled_at is null`
      : `${alias}.deleted_at is null`,
  )

const isLive = async (tx: TenantTx, { entity: name, id }: RecordRef): Promise<boolean> => {
  const entity = entityOf(name)
  const found = await rows<{ id: string }>(
    tx,
    sql`select t.id from ${tableOf(entity)} t where t.id = ${id}::uuid and ${live(entity, 't')}`,
  )
  return found.length === 1
}

const byWords = async (tx: TenantTx, entity: Entity, text: string): Promise<readonly string[]> => {
  const wanted = text.trim().toLowerCase()
  const titled = entity.title
    ? await rows<{ id: string }>(
        tx,
        sql`select t.id from ${tableOf(entity)} t where lower(${titleSql(entity, 't')}) = ${wanted} and ${live(entity, 't')} limit 2`,
      )
    : []
  if (titled.length > 0 || !wanted.includes('@')) return titled.map(({ id }) => id)
  if (entity.name === 'members') {
    const found = await rows<{ id: string }>(
      tx,
      sql`select t.id from core.members t where lower(t.email) = ${wanted} and ${live(entity, 't')} limit 2`,
    )
    return found.map(({ id }) => id)
  }
  if (entity.name !== 'people') return []
  const found = await rows<{ id: string }>(
    tx,
    sql`select distinct t.id from crm.people t join crm.person_emails e on e.tenant_id = t.tenant_id and e.person_id = t.id
      where e.address = ${wanted} and e.deleted_at is null and t.deleted_at is null limit 2`,
  )
  return found.map(({ id }) => id)
}

/** Titles that may be named in an error: stages and tags; never names of people or companies. */
const speakableTitles = async (tx: TenantTx, entity: Entity): Promise<readonly string[]> => {
  if (entity.titleHide !== 'none') return []
  const found = await rows<{ title: string }>(
    tx,
    sql`select ${titleSql(entity, 't')} as title from ${tableOf(entity)} t where ${live(entity, 't')}
      order by ${sql.raw('position' in entity.columns ? 't.position' : '1')} limit 60`,
  )
  return found.map(({ title }) => title)
}

export interface ReferenceContext {
  readonly tx: TenantTx
  readonly memberId: string | null
  /** Records that earlier changes of the same proposal create, by `change:1`. */
  readonly made: ReadonlyMap<string, RecordRef>
}

/** The id of the record that `value` names: a record URI, `change:1`, `me`, a title or an address. Errors teach. */
export const readReference = async (
  { tx, memberId, made }: ReferenceContext,
  target: string,
  value: unknown,
  at: string,
): Promise<string> => {
  const entity = entityOf(target)
  const expected = `Give the handle of a ${entity.one}, as a tool returned it${entity.title ? ', or its exact name' : ''}.`
  if (typeof value !== 'string') {
    throw userError('bad_reference', `The value does not name a ${entity.one}.`, { at, fix: expected })
  }
  // Postgres holds no NUL, so nothing goes by a name with one.
  const text = value.toWellFormed().replaceAll('\0', '').trim()
  const uri = made.get(text.toLowerCase()) ?? parseRecordUri(text)
  if (uri) {
    if (uri.entity !== target) {
      throw userError('wrong_entity', `The record is one of ${entityLabel(uri.entity)}, not of ${target}.`, {
        at,
        fix: expected,
      })
    }
    const isNew = [...made.values()].some((one) => one.id === uri.id)
    if (isNew || (await isLive(tx, uri))) return uri.id
    throw userError('record_not_found', `There is no such ${entity.one} in this workspace.`, {
      at,
      fix: expected,
    })
  }
  if (target === 'members' && text.toLowerCase() === 'me' && memberId !== null) return memberId
  const found = text === '' ? [] : await byWords(tx, entity, text)
  if (found.length === 1) return found[0]!
  if (found.length > 1) {
    throw userError('ambiguous_record', `More than one ${entity.one} goes by that name.`, {
      at,
      fix: expected,
    })
  }
  const options = await speakableTitles(tx, entity)
  throw userError('record_not_found', `There is no ${entity.one} of that name.`, {
    at,
    fix: expected,
    ...(options.length === 0
      ? {}
      : {
          validOptions: options,
          didYouMean: didYouMean(
            text,
            options.map((name) => ({ name })),
          ),
        }),
  })
}

const entityLabel = (name: string): string => (catalog.has(name) ? name : 'another kind')

const URI_IN_TEXT = /\b([a-z_]+:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b/g

/** Prose with every record URI in it replaced by the record's name, as a person would have written it. */
export const proseOf = async (tx: TenantTx, text: string): Promise<string> => {
  const names = new Map<string, string>()
  for (const [uri] of text.matchAll(URI_IN_TEXT)) {
    const ref = parseRecordUri(uri)
    if (!ref || names.has(uri) || !catalog.has(ref.entity)) continue
    const title = await titleOf(tx, ref)
    if (title !== undefined) names.set(uri, title)
  }
  return text.replaceAll(URI_IN_TEXT, (uri) => names.get(uri) ?? uri)
}

/** The name of a record, archived or not; undefined when there is none. */
export const titleOf = async (tx: TenantTx, ref: RecordRef): Promise<string | undefined> => {
  const entity = catalog.get(ref.entity)
  if (!entity || entity.internal) return undefined
  const [found] = await rows<{ title: string | null }>(
    tx,
    sql`select ${titleSql(entity, 't')} as title from ${tableOf(entity)} t where t.id = ${ref.id}::uuid`,
  )
  return found && (found.title?.trim() || entity.one)
}
