import { conflict } from '../domain/errors.ts'
import type { TenantId } from '../domain/ids.ts'
import type { Database } from './connect.ts'
import type { DocumentHead } from './document-check.ts'
import { documentOfValue } from './document-read.ts'
import type { DocumentSource } from './document-read.ts'
import { documentEntities } from './document-shape.ts'
import {
  differencesOf,
  insertStaged,
  refuseDangling,
  refuseRepeated,
  stageRecords,
} from './document-stage.ts'
import type { EntityDifference } from './document-stage.ts'
import { bulkLoad } from './bulk-load.ts'
import { sqlStateOf } from './errors.ts'
import { refreshStatistics } from './statistics.ts'
import { asTenant, runText, savepoint } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { createWorkspace, findWorkspace, removeNewWorkspace } from './workspace.ts'

export { documentOfBytes, documentOfValue } from './document-read.ts'
export type { DocumentSource } from './document-read.ts'
export { documentText, exportDocument } from './document-write.ts'
export { DOCUMENT_FORMAT } from './document-check.ts'
export type { DocumentRow, WorkspaceDocument } from './document-check.ts'
export type { EntityDifference } from './document-stage.ts'

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
  /** Aborting it leaves everything as it was. */
  readonly signal?: AbortSignal
}

const importRows = async (
  tx: TenantTx,
  source: DocumentSource,
  { existing = 'refuse', onProgress, signal }: ImportOptions,
): Promise<ImportCounts & { readonly entities: readonly string[] }> => {
  const { rows: members } = await runText(tx, 'select 1 from core.members limit 1', [])
  if (existing === 'refuse' && members.length > 0) {
    throw conflict('workspace_exists', 'This workspace already holds records.', {
      fix: 'Import under another slug and other ids, or ask to replace the records of the same ids.',
      at: 'workspace.slug',
    })
  }
  const counts = await stageRecords(tx, source, signal)
  await refuseRepeated(tx)
  let done = { written: 0, created: 0 }
  await bulkLoad(tx, async () => {
    try {
      done = await savepoint(tx, (inner) => insertStaged(inner, counts, { existing, onProgress, signal }))
    } catch (error) {
      if (sqlStateOf(error) === '23503') await refuseDangling(tx, counts)
      throw error
    }
    // Tables that were empty a moment ago have no statistics: for them the planner picks nested loops, which took minutes.
    await runText(tx, 'set local enable_nestloop = off', [])
    await runText(tx, 'set local plan_cache_mode = force_custom_plan', [])
  })
  const { written, created } = done
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return { created, updated: written - created, unchanged: total - written, entities: [...counts.keys()] }
}

const asSystemOf = (id: TenantId) => ({ tenantId: id, memberId: null, via: 'system' }) as const

/**
 * Brings a workspace document in, all of it or nothing; makes the workspace when there is none of its slug. The document
 * is read in pieces and never held whole. Throws a user error that names the place (`records.deals[3].stage_id`) when
 * the document does not hold, and a conflict when the workspace exists or its ids belong to another workspace of this
 * database, or when it was interrupted.
 */
export const importStream = async (
  database: Database,
  source: DocumentSource,
  options: ImportOptions = {},
): Promise<ImportCounts> => {
  const { clock_at: clockAt, ...settings }: DocumentHead = await source.head()
  const found = await findWorkspace(database, settings.slug)
  const workspace =
    found ?? (await createWorkspace(database, { ...settings, clockAt: clockAt ? new Date(clockAt) : null }))
  const { signal } = options
  try {
    const { entities, ...counts } = await asTenant(
      database,
      asSystemOf(workspace.id),
      (tx) => importRows(tx, source, options),
      { timeoutMs: 0, ...(signal ? { signal } : {}) },
    )
    if (counts.created > 0) await refreshStatistics(database, entities)
    return counts
  } catch (error) {
    if (!found) await removeNewWorkspace(database, workspace.id)
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

/** `importStream` of a document that is in memory. */
export const importDocument = (
  database: Database,
  document: unknown,
  options: ImportOptions = {},
): Promise<ImportCounts> => importStream(database, documentOfValue(document), options)

/**
 * What importing with `replace` would do, by entity; writes nothing. Undefined where there is no workspace of that slug.
 * Throws as `importStream` does where the document does not hold.
 */
export const compareStream = async (
  database: Database,
  source: DocumentSource,
  signal?: AbortSignal,
): Promise<readonly EntityDifference[]> => {
  const { slug } = await source.head()
  const workspace = await findWorkspace(database, slug)
  if (!workspace) {
    const counts = new Map<string, number>()
    for await (const records of source.records())
      for (const { entity } of records) counts.set(entity, (counts.get(entity) ?? 0) + 1)
    return documentEntities().flatMap(({ name: entity }) => {
      const missing = counts.get(entity)
      return missing === undefined ? [] : [{ entity, missing, changed: 0, same: 0, newer: 0 }]
    })
  }
  return asTenant(
    database,
    asSystemOf(workspace.id),
    async (tx) => {
      const counts = await stageRecords(tx, source, signal)
      await refuseRepeated(tx)
      return differencesOf(tx, counts)
    },
    { timeoutMs: 0, ...(signal ? { signal } : {}) },
  )
}
