import { createHash } from 'node:crypto'
import { appendAudit } from '../../db/audit.ts'
import type { Database } from '../../db/connect.ts'
import { asTenant } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { Workspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { assertMay } from '../../domain/permissions.ts'
import type { MappingOptions } from './mapping.ts'
import { planImport } from './plan.ts'
import type { ImportPlan } from './plan.ts'
import { addImport, addRows, dropImport, findByHash, holdFile, patchImport, storePlans } from './store.ts'
import type { StoredImport, TableKind } from './store.ts'
import { readCsv } from './table.ts'
import type { Table } from './table.ts'
import { readVcards } from './vcard.ts'

export interface TableFile {
  readonly kind: TableKind
  readonly bytes: Uint8Array
  readonly fileName: string
}

export interface StageOptions {
  readonly actor: Actor
  readonly workspace: Workspace
  readonly now: Date
  readonly file: TableFile
  readonly mapping?: Omit<MappingOptions, 'fileName'>
  /** Bring a file in again that was committed before. */
  readonly again?: 'yes'
}

export const readTable = ({ kind, bytes }: TableFile): Table => {
  switch (kind) {
    case 'csv':
      return readCsv(bytes)
    case 'vcard':
      return readVcards(bytes)
  }
}

const planFor = (tx: TenantTx, table: Table, options: StageOptions): Promise<ImportPlan> => {
  const { workspace, now, actor, file, mapping = {} } = options
  return planImport(tx, table, {
    ...mapping,
    ...(file.kind === 'vcard' ? { kind: 'people' } : {}),
    fileName: file.fileName,
    workspace,
    now,
    memberId: actor.memberId,
    source: 'import',
    ...(options.again ? { again: options.again } : {}),
  })
}

/** What an import would do; writes nothing at all. */
export const previewImport = async (
  database: Database,
  options: StageOptions,
): Promise<{ readonly table: Table; readonly plan: ImportPlan }> => {
  const table = readTable(options.file)
  const plan = await asTenant(database, options.actor, (tx) => planFor(tx, table, options), {
    readOnly: true,
  })
  return { table, plan }
}

/** `done`: the same file was committed before. `resumable`: approved before and interrupted. */
export type Staged =
  | { readonly status: 'done' | 'resumable'; readonly stored: StoredImport }
  | {
      readonly status: 'staged'
      readonly importId: string
      readonly table: Table
      readonly plan: ImportPlan
    }

/**
 * Brings a file as far as a person can decide about it: kept, parsed, mapped, planned. The workspace's records stay as
 * they are. A file of the same bytes is known again: one that was committed is answered, one that was approved and
 * interrupted too; one that nobody decided about is planned afresh. Throws `denied` for viewers.
 */
export const stageImport = async (database: Database, options: StageOptions): Promise<Staged> => {
  const { actor, file } = options
  assertMay(actor.role, 'propose')
  const table = readTable(file)
  const fileHash = createHash('sha256').update(file.bytes).digest('hex')
  const begun = await asTenant(database, actor, async (tx) => {
    await holdFile(tx, fileHash)
    const earlier = await findByHash(tx, fileHash)
    if (earlier?.state === 'committed' && !options.again) return { status: 'done', stored: earlier } as const
    if (earlier?.state === 'approved' || earlier?.state === 'failed') {
      return { status: 'resumable', stored: earlier } as const
    }
    if (earlier && earlier.state !== 'committed') await dropImport(tx, earlier.id)
    return await addImport(tx, { kind: file.kind, source: `${file.kind}:${file.fileName}`, fileHash })
  })
  if (typeof begun !== 'string') return begun
  await asTenant(database, actor, async (tx) => {
    await addRows(tx, begun, table)
    await patchImport(tx, begun, { state: 'parsed' })
  })
  const plan = await asTenant(database, actor, async (tx) => {
    const made = await planFor(tx, table, options)
    await patchImport(tx, begun, { state: 'mapped', mapping: made.mapping })
    await storePlans(tx, begun, made.rows)
    await patchImport(tx, begun, { state: 'proposed', counts: made.counts })
    await appendAudit(tx, {
      kind: 'import.proposed',
      entity: 'imports',
      recordId: begun,
      data: { counts: made.counts },
    })
    return made
  })
  return { status: 'staged', importId: begun, table, plan }
}

/** A person's no to a staged import: it is forgotten, and the file can be brought again. */
export const dismissImport = (database: Database, actor: Actor, importId: string): Promise<void> =>
  asTenant(database, actor, async (tx) => {
    await dropImport(tx, importId)
    await appendAudit(tx, { kind: 'import.rejected', entity: 'imports', recordId: importId })
  })
