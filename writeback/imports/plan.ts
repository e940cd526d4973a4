import { sql } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { Workspace } from '../../db/workspace.ts'
import { userError } from '../../domain/errors.ts'
import { disputed } from './drafts.ts'
import { linkRows } from './link-rows.ts'
import type { LinkedRow } from './link-rows.ts'
import { mapTable } from './mapping.ts'
import type { Mapping, MappingOptions } from './mapping.ts'
import { planWrites } from './plan-writes.ts'
import type { WantedChange, Write } from './plan-writes.ts'
import { readRows } from './read-row.ts'
import { readBooks, readSurroundings } from './surroundings.ts'
import { findKnownRows } from './store.ts'
import type { KnownRow } from './store.ts'
import type { Table } from './table.ts'

/** What will become of a row; `proposed`: something it says of a record that is there needs a person's yes. */
export type Outcome = 'created' | 'updated' | 'unchanged' | 'proposed' | 'skipped'

/** One row with everything that is due to it. Kept in workflow.import_rows.mapped. */
export interface RowPlan {
  readonly number: number
  readonly outcome: Outcome
  readonly entity: string | null
  readonly recordId: string | null
  /** How surely the record was recognised; null for one that the import makes. */
  readonly score: number | null
  readonly message: string
  /** Company and people that the row was found to speak of, besides. */
  readonly companyId: string | null
  readonly peopleIds: readonly string[]
  readonly writes: readonly Write[]
  readonly changes: readonly WantedChange[]
}

export interface ImportPlan {
  readonly mapping: Mapping
  readonly rows: readonly RowPlan[]
  /** Rows by outcome, and new records by entity: `rows_created`, `people`, `deal_people`, `proposals`. */
  readonly counts: Readonly<Record<string, number>>
}

export interface PlanOptions extends MappingOptions {
  readonly workspace: Workspace
  readonly memberId: string | null
  readonly now: Date
  /** What `source` of new records says. */
  readonly source: string
  /** Read rows that an earlier import brought as if they were new. */
  readonly again?: 'yes'
}

const messageOf = (row: LinkedRow, outcome: Outcome): string => {
  const { primary, match, notes } = row
  const parts: string[] = []
  if (outcome === 'skipped') parts.push('nothing in it tells who or what it is about')
  else if (primary && match && primary.isNew)
    parts.push(`the same as row ${primary.row} (${match.why} ${match.score})`)
  else if (match) parts.push(`was here already (${match.why} ${match.score})`)
  if (outcome === 'proposed') parts.push('what differs waits as a proposal')
  const unclear = primary?.isNew && primary.row === row.number ? disputed(primary) : []
  if (unclear.length > 0) parts.push(`rows differ in ${unclear.join(', ')}; what most say was taken`)
  return [...parts, ...notes].join('; ')
}

const outcomeOf = (row: LinkedRow, writes: readonly Write[], changes: readonly WantedChange[]): Outcome => {
  if (changes.length > 0) return 'proposed'
  if (!row.primary) return writes.length > 0 ? 'updated' : 'skipped'
  if (writes.some(({ id }) => id === row.primary!.id)) return 'created'
  return writes.length > 0 ? 'updated' : 'unchanged'
}

const countsOf = (plans: readonly RowPlan[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = { rows: plans.length }
  const add = (key: string, by = 1): void => void (counts[key] = (counts[key] ?? 0) + by)
  for (const { outcome, writes, changes } of plans) {
    add(`rows_${outcome}`)
    for (const { entity } of writes) add(entity)
    if (changes.length > 0) add('proposals', changes.length)
  }
  return counts
}

const seenBefore = ({ row, entity, recordId }: KnownRow): RowPlan => ({
  number: row,
  outcome: 'unchanged',
  entity,
  recordId,
  score: 1,
  message: 'an earlier import brought this row',
  companyId: null,
  peopleIds: [],
  writes: [],
  changes: [],
})

const firstStage = async (tx: TenantTx): Promise<string | null> => {
  const [found] = await rows<{ id: string }>(
    tx,
    sql`select id from crm.stages where deleted_at is null order by (kind = 'open') desc, position limit 1`,
  )
  return found?.id ?? null
}

/**
 * Maps, reads and matches a table against the workspace; writes nothing. The same table against an unchanged workspace
 * gives the same plan but for ids of new records.
 */
export const planImport = async (tx: TenantTx, table: Table, options: PlanOptions): Promise<ImportPlan> => {
  const { workspace, now, memberId, source, fileName = '' } = options
  const mapping = mapTable(table, options)
  const around = await readSurroundings(tx, workspace, now)
  const stage = await firstStage(tx)
  if (mapping.kind === 'deals' && stage === null) {
    throw userError('no_stages', 'This workspace has no stages to put deals in.', {
      fix: 'Import a workspace document with stages first.',
    })
  }
  const known = options.again ? new Map<number, KnownRow>() : await findKnownRows(tx, table, mapping)
  const fresh = readRows(table, mapping, around).filter(({ number }) => !known.has(number))
  const { linked, drafts } = linkRows(fresh, mapping.kind, await readBooks(tx))
  const { writes, changes } = await planWrites(tx, linked, drafts.all.values(), {
    kind: mapping.kind,
    source,
    memberId,
    currency: workspace.currency,
    firstStage: stage,
    interactionKind: /call/i.test(fileName) ? 'call' : /note/i.test(fileName) ? 'note' : 'meeting',
  })
  const plans = linked.map((row): RowPlan => {
    const due = writes.get(row.number) ?? []
    const wanted = changes.get(row.number) ?? []
    const outcome = outcomeOf(row, due, wanted)
    return {
      number: row.number,
      outcome,
      entity: row.primary?.entity ?? null,
      recordId: row.primary?.id ?? null,
      score: row.primary && !row.primary.isNew ? (row.match?.score ?? null) : null,
      message: messageOf(row, outcome),
      companyId: row.company?.id ?? null,
      peopleIds: row.people.map(({ id }) => id),
      writes: due,
      changes: wanted,
    }
  })
  const all = [...plans, ...[...known.values()].map(seenBefore)].sort((a, b) => a.number - b.number)
  return { mapping, rows: all, counts: countsOf(all) }
}
