import { conflict, userError } from '../domain/errors.ts'
import type { Database } from './connect.ts'
import { checkDocument, DOCUMENT_FORMAT } from './document-check.ts'
import type { DocumentRow, OpenReference, WorkspaceDocument } from './document-check.ts'
import { documentEntities, documentFields } from './document-shape.ts'
import type { DocumentField } from './document-shape.ts'
import { bulkLoad } from './bulk-load.ts'
import { entityOf } from './catalog/all.ts'
import type { Entity } from './catalog/all.ts'
import { BASE_COLUMNS } from './catalog/define.ts'
import { sqlStateOf } from './errors.ts'
import { refreshStatistics } from './statistics.ts'
import { asTenant, runText } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { createWorkspace, findWorkspace } from './workspace.ts'

export { checkDocument, DOCUMENT_FORMAT } from './document-check.ts'
export type { DocumentRow, WorkspaceDocument } from './document-check.ts'

export interface ImportCounts {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
}

export interface ImportOptions {
  /**
   * What to do with a workspace of that slug that already has members: `refuse` (default), or `replace`: a record of the
   * document takes the place of the record with its id; records it does not name stay.
   */
  readonly existing?: 'refuse' | 'replace'
  readonly onProgress?: (entity: string, done: number, total: number) => void
}

const CHUNK = 1000
/** Kept by the database when a record is replaced. */
const STAMPS = BASE_COLUMNS.filter((name) => name !== 'deleted_at')

const quoted = (name: string): string => `"${name}"`

/** Records as they go to the database: defaults filled in, so that a chunk has one column list. */
const complete = (
  row: DocumentRow,
  fields: readonly DocumentField[],
  now: string,
): Record<string, unknown> => {
  const createdAt = (row['created_at'] as string | null | undefined) ?? now
  return Object.fromEntries(
    fields.map(({ name, fallback }) => {
      const value = row[name] ?? (fallback === 'created_at' ? createdAt : fallback?.value)
      return [name, value ?? null]
    }),
  )
}

/** Records that others of the same entity refer to come first. */
const parentsFirst = (
  rows: readonly DocumentRow[],
  fields: readonly DocumentField[],
  entity: string,
): readonly DocumentRow[] => {
  const own = fields.filter(({ references }) => references === entity).map(({ name }) => name)
  if (own.length === 0) return rows
  const byId = new Map(rows.map((row) => [row.id, row]))
  const ordered = new Set<DocumentRow>()
  const visit = (row: DocumentRow, path: ReadonlySet<string>): void => {
    if (ordered.has(row) || path.has(row.id)) return
    for (const name of own) {
      const parent = byId.get(row[name] as string)
      if (parent) visit(parent, new Set([...path, row.id]))
    }
    ordered.add(row)
  }
  for (const row of rows) visit(row, new Set())
  return [...ordered]
}

/** A row of another tenant is never equal, so that row security refuses to take it over. */
const insertStatement = (
  entity: Entity,
  fields: readonly DocumentField[],
  existing: 'refuse' | 'replace',
): string => {
  const names = fields.map(({ name }) => quoted(name))
  const typed = fields.map(({ name, sqlType }) => `${quoted(name)} ${sqlType}`)
  const kept = new Set(STAMPS)
  const replaced = fields.filter(({ name }) => !kept.has(name)).map(({ name }) => quoted(name))
  const onConflict =
    existing === 'refuse'
      ? ''
      : `on conflict (id) do update set ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}
         where t.tenant_id is distinct from excluded.tenant_id or (${replaced.map((name) => `t.${name}`).join(', ')}) is distinct from (${replaced.map((name) => `excluded.${name}`).join(', ')})`
  return `insert into ${entity.sqlName} as t (tenant_id, ${names.join(', ')})
    select core.current_tenant(), ${names.join(', ')} from jsonb_to_recordset($1::jsonb) as given(${typed.join(', ')})
    ${onConflict} returning (xmax = 0) as created`
}

const assertResolved = async (tx: TenantTx, references: readonly OpenReference[]): Promise<void> => {
  for (const name of new Set(references.map(({ entity }) => entity))) {
    const wanted = references.filter(({ entity }) => entity === name)
    const { rows } = await runText(
      tx,
      `select id from ${entityOf(name).sqlName} where id = any($1::uuid[])`,
      [[...new Set(wanted.map(({ id }) => id))]],
    )
    const found = new Set(rows.map(([id]) => id))
    const dangling = wanted.find(({ id }) => !found.has(id))
    if (!dangling) continue
    throw userError(
      'dangling_reference',
      `This points to a record of ${name} that is neither in the document nor in the workspace.`,
      {
        at: dangling.at,
        fix: 'Correct the document at that place and import it again; nothing was imported.',
      },
    )
  }
}

const importRows = async (
  tx: TenantTx,
  document: WorkspaceDocument,
  openReferences: readonly OpenReference[],
  { existing = 'refuse', onProgress }: ImportOptions,
): Promise<ImportCounts> => {
  const { rows: members } = await runText(tx, 'select 1 from core.members limit 1', [])
  if (existing === 'refuse' && members.length > 0) {
    throw conflict('workspace_exists', 'This workspace already holds records.', {
      fix: 'Import under another slug and other ids, or ask to replace the records of the same ids.',
      at: 'workspace.slug',
    })
  }
  await assertResolved(tx, openReferences)
  const now = new Date().toISOString()
  const total = Object.values(document.records).reduce((sum, rows) => sum + rows.length, 0)
  let done = 0
  let created = 0
  let written = 0
  // Tables that were empty a moment ago have no statistics: for them the planner picks nested loops, which took minutes.
  await runText(tx, 'set local enable_nestloop = off', [])
  await runText(tx, 'set local plan_cache_mode = force_custom_plan', [])
  await bulkLoad(tx, async () => {
    for (const entity of documentEntities()) {
      const fields = documentFields(entity)
      const rows = parentsFirst(document.records[entity.name] ?? [], fields, entity.name)
      const statement = insertStatement(entity, fields, existing)
      for (let from = 0; from < rows.length; from += CHUNK) {
        const chunk = rows.slice(from, from + CHUNK).map((row) => complete(row, fields, now))
        const result = await runText(tx, statement, [JSON.stringify(chunk)])
        written += result.rows.length
        created += result.rows.filter(([isNew]) => isNew === true).length
        done += chunk.length
        onProgress?.(entity.name, done, total)
      }
    }
  })
  return { created, updated: written - created, unchanged: done - written }
}

/**
 * Brings a workspace document in, all of it or nothing; makes the workspace when there is none of its slug. Throws a user
 * error that names the place (`records.deals[3].stage_id`) when the document does not hold, and a conflict when the
 * workspace exists or its ids belong to another workspace of this database.
 */
export const importDocument = async (
  database: Database,
  input: unknown,
  options: ImportOptions = {},
): Promise<ImportCounts> => {
  const { document, openReferences } = checkDocument(input)
  const { clock_at: clockAt, ...settings } = document.workspace
  const found = await findWorkspace(database, settings.slug)
  if (!found && openReferences.length > 0) {
    const [{ entity, at }] = openReferences as [OpenReference]
    throw userError(
      'dangling_reference',
      `This points to a record of ${entity} that the document does not hold.`,
      {
        at,
        fix: 'Correct the document at that place and import it again; nothing was imported.',
      },
    )
  }
  const workspace =
    found ?? (await createWorkspace(database, { ...settings, clockAt: clockAt ? new Date(clockAt) : null }))
  try {
    const counts = await asTenant(database, { tenantId: workspace.id, memberId: null, via: 'system' }, (tx) =>
      importRows(tx, document, openReferences, options),
    )
    const filled = Object.keys(document.records).filter((name) => document.records[name]!.length > 0)
    if (counts.created > 0 && filled.length > 0) await refreshStatistics(database, filled)
    return counts
  } catch (error) {
    const state = sqlStateOf(error)
    if (state !== '23505' && state !== '42501') throw error
    throw conflict(
      'records_taken',
      'Some records of this document exist already, here or in another workspace.',
      {
        fix: 'Give them other ids, or look for the same address, stage or tag twice in the document.',
        cause: error,
      },
    )
  }
}

const withoutNulls = (names: readonly string[], values: readonly unknown[]): DocumentRow =>
  Object.fromEntries(
    names.flatMap((name, index) => (values[index] === null ? [] : [[name, values[index]]])),
  ) as unknown as DocumentRow

/** The whole workspace of the transaction, archived records included; records in the order of their ids. */
export const exportDocument = async (tx: TenantTx): Promise<WorkspaceDocument> => {
  const names = ['slug', 'name', 'vertical', 'timezone', 'currency', 'country', 'clock_at']
  const tenant = await runText(tx, `select ${names.join(', ')} from core.tenants`, [])
  const records: Record<string, DocumentRow[]> = {}
  for (const entity of documentEntities()) {
    const fields = documentFields(entity).map(({ name }) => name)
    const list: DocumentRow[] = []
    let after = '00000000-0000-0000-0000-000000000000'
    for (;;) {
      const { rows } = await runText(
        tx,
        `select ${fields.map(quoted).join(', ')} from ${entity.sqlName} where id > $1 order by id limit ${CHUNK}`,
        [after],
      )
      list.push(...rows.map((row) => withoutNulls(fields, row)))
      if (rows.length < CHUNK) break
      after = list.at(-1)!.id
    }
    if (list.length > 0) records[entity.name] = list
  }
  return {
    format: DOCUMENT_FORMAT,
    workspace: withoutNulls(names, tenant.rows[0]!) as unknown as WorkspaceDocument['workspace'],
    records,
  }
}
