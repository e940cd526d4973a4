import type { ImportState } from '../../db/catalog/imports.ts'
import { sql } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { notFound } from '../../domain/errors.ts'
import { isUuid, newId } from '../../domain/ids.ts'
import { mappingKey } from './mapping.ts'
import type { Mapping } from './mapping.ts'
import type { RowPlan } from './plan.ts'
import type { Table } from './table.ts'

const CHUNK = 500

/** A row of workflow.imports as far as tables use it. */
export interface StoredImport {
  readonly id: string
  readonly kind: string
  readonly source: string
  readonly state: ImportState
  readonly mapping: Mapping | null
  readonly counts: Readonly<Record<string, number>>
  readonly cursor: { readonly done: readonly string[]; readonly entity: string; readonly row: number } | null
  readonly failure: string | null
  readonly createdAt: string
}

const COLUMNS = sql.raw(
  `i.id, i.kind, i.source, i.state, i.mapping, i.counts, i.cursor, i.failure, i.created_at as "createdAt"`,
)

export const TABLE_KINDS = ['csv', 'vcard'] as const
export type TableKind = (typeof TABLE_KINDS)[number]
const isTable = sql.raw(`i.kind in ('csv', 'vcard') and i.deleted_at is null`)

/** The import of that id, held until the transaction ends. Throws `no_such_import`. */
export const lockImport = async (tx: TenantTx, id: string): Promise<StoredImport> => {
  const [found] = isUuid(id)
    ? await rows<StoredImport>(
        tx,
        sql`select ${COLUMNS} from workflow.imports i where i.id = ${id}::uuid and ${isTable} for update`,
      )
    : []
  if (found) return found
  throw notFound('no_such_import', 'There is no such import of a table in this workspace.', {
    fix: '`tact import list` shows them.',
  })
}

/** The latest import of a file of the same bytes, but for those that were taken back. */
export const findByHash = async (tx: TenantTx, fileHash: string): Promise<StoredImport | undefined> => {
  const [found] = await rows<StoredImport>(
    tx,
    sql`select ${COLUMNS} from workflow.imports i where i.file_hash = ${fileHash} and ${isTable} and i.state <> 'undone'
      order by i.created_at desc, i.id desc limit 1`,
  )
  return found
}

/** Newest first. */
export const listImports = (tx: TenantTx): Promise<readonly StoredImport[]> =>
  rows<StoredImport>(
    tx,
    sql`select ${COLUMNS} from workflow.imports i where ${isTable} order by i.created_at desc, i.id desc limit 100`,
  )

/** Two processes with the same file wait for each other. */
export const holdFile = async (tx: TenantTx, fileHash: string): Promise<void> => {
  await rows(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended(core.current_tenant()::text || ${fileHash}, 11))`,
  )
}

export const addImport = async (
  tx: TenantTx,
  {
    kind,
    source,
    fileHash,
  }: { readonly kind: TableKind; readonly source: string; readonly fileHash: string },
): Promise<string> => {
  const id = newId()
  await rows(
    tx,
    sql`insert into workflow.imports (id, tenant_id, kind, source, state, counts, file_hash)
      values (${id}::uuid, core.current_tenant(), ${kind}, ${source}, 'uploaded', '{}'::jsonb, ${fileHash})`,
  )
  return id
}

const rawOf = (headers: readonly string[], row: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(headers.map((header, column) => [header, row[column] ?? '']))

/** A row that an earlier import brought, word for word and by the same mapping. */
export interface KnownRow {
  readonly row: number
  readonly entity: string | null
  readonly recordId: string | null
}

/** Rows of the table that were brought before, so that a file exported again brings only what is new in it. */
export const findKnownRows = async (
  tx: TenantTx,
  { headers, rows: cells }: Table,
  mapping: Mapping,
): Promise<ReadonlyMap<number, KnownRow>> => {
  const known = new Map<number, KnownRow>()
  for (let from = 0; from < cells.length; from += CHUNK) {
    const chunk = cells
      .slice(from, from + CHUNK)
      .map((row, at) => ({ row: from + at + 1, raw: rawOf(headers, row) }))
    const found = await rows<KnownRow>(
      tx,
      sql`select distinct on (g."row") g."row", r.entity, r.record_id as "recordId"
        from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb) as g("row" int, raw jsonb)
        join workflow.import_rows r on r.raw = g.raw and r.deleted_at is null
        join workflow.imports i on i.id = r.import_id and i.deleted_at is null and i.state = 'committed'
          and i.mapping->>'key' = ${mappingKey(mapping)}
        order by g."row", r.id`,
    )
    for (const one of found) known.set(one.row, one)
  }
  return known
}

/** Keeps the rows of the file as they came, keyed by header. */
export const addRows = async (
  tx: TenantTx,
  importId: string,
  { headers, rows: cells }: Table,
): Promise<void> => {
  for (let from = 0; from < cells.length; from += CHUNK) {
    const chunk = cells.slice(from, from + CHUNK).map((row, at) => ({
      id: newId(),
      row_number: from + at + 1,
      raw: rawOf(headers, row),
    }))
    await rows(
      tx,
      sql`insert into workflow.import_rows (id, tenant_id, import_id, row_number, raw)
        select g.id, core.current_tenant(), ${importId}::uuid, g.row_number, g.raw
        from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb) as g(id uuid, row_number int, raw jsonb)
        on conflict do nothing`,
    )
  }
}

/** Keeps what was planned for each row; nothing of it is in force yet. */
export const storePlans = async (
  tx: TenantTx,
  importId: string,
  plans: readonly RowPlan[],
): Promise<void> => {
  for (let from = 0; from < plans.length; from += CHUNK) {
    const chunk = plans.slice(from, from + CHUNK).map((plan) => ({
      row_number: plan.number,
      mapped: {
        outcome: plan.outcome,
        company: plan.companyId,
        people: plan.peopleIds,
        writes: plan.writes,
        changes: plan.changes,
      },
      message: plan.message === '' ? null : plan.message,
      score: plan.score,
      entity: plan.entity,
      record_id: plan.recordId,
    }))
    await rows(
      tx,
      sql`update workflow.import_rows r set mapped = g.mapped, message = g.message, score = g.score, entity = g.entity,
          record_id = g.record_id, state = 'mapped'
        from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb)
          as g(row_number int, mapped jsonb, message text, score numeric, entity text, record_id uuid)
        where r.import_id = ${importId}::uuid and r.row_number = g.row_number and r.deleted_at is null`,
    )
  }
}

export interface ImportPatch {
  readonly state?: ImportState
  readonly mapping?: Mapping
  readonly counts?: Readonly<Record<string, number>>
  readonly cursor?: StoredImport['cursor']
  readonly failure?: string | null
  readonly finished?: true
}

export const patchImport = async (tx: TenantTx, id: string, patch: ImportPatch): Promise<void> => {
  const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`
  const sets = [
    ...(patch.state === undefined ? [] : [sql`state = ${patch.state}`]),
    ...(patch.mapping === undefined
      ? []
      : [sql`mapping = ${json({ ...patch.mapping, key: mappingKey(patch.mapping) })}`]),
    ...(patch.counts === undefined ? [] : [sql`counts = ${json(patch.counts)}`]),
    ...(patch.cursor === undefined ? [] : [sql`cursor = ${json(patch.cursor)}`]),
    ...(patch.failure === undefined ? [] : [sql`failure = ${patch.failure}`]),
    ...(patch.finished === undefined ? [] : [sql`finished_at = now()`]),
  ]
  await rows(tx, sql`update workflow.imports set ${sql.join(sets, sql`, `)} where id = ${id}::uuid`)
}

/** Forgets an import that was not committed, so that the file can be brought again. */
export const dropImport = async (tx: TenantTx, id: string): Promise<void> => {
  await rows(tx, sql`update workflow.imports set deleted_at = now() where id = ${id}::uuid`)
}

/** One line of the report. */
export interface ReportRow {
  readonly row: number
  readonly state: string
  readonly entity: string | null
  readonly recordId: string | null
  readonly score: number | null
  readonly message: string | null
  readonly proposalId: string | null
}

/** What happened to every row, in the order of the file. */
export const readReport = (tx: TenantTx, importId: string): Promise<readonly ReportRow[]> =>
  rows<ReportRow>(
    tx,
    sql`select row_number as row, state, entity, record_id as "recordId", score, message, proposal_id as "proposalId"
      from workflow.import_rows where import_id = ${importId}::uuid and deleted_at is null order by row_number`,
  )
