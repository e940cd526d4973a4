import { z } from 'zod'
import { entityOf } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { bug, conflict } from '../domain/errors.ts'
import { MovedRow, applyMerge } from './merge-apply.ts'
import type { PlannedChange, PlannedLink } from './plan.ts'
import { readRow, tableOf } from './rows.ts'
import type { RecordRow } from './rows.ts'

/** How to take one change back: the raw values before and after, and the version that execution left. */
export const InverseItem = z.strictObject({
  op: z.enum(['create', 'update', 'archive', 'restore', 'merge']),
  entity: z.string(),
  id: z.string(),
  version_after: z.int(),
  /** Version the row was at before, so that undoing this leads to what an earlier proposal left. */
  version_before: z.int().exactOptional(),
  before: z.record(z.string(), z.unknown()),
  /** Columns kept by triggers that moved along, such as the day a stage was entered. */
  derived: z.record(z.string(), z.strictObject({ before: z.unknown(), after: z.unknown() })),
  links: z.array(
    z.strictObject({ join: z.string(), join_id: z.string(), action: z.enum(['add', 'remove']) }),
  ),
  /** Of a merge: the record it went into, and what moved along. */
  merged_into: z.string().exactOptional(),
  moved: z.array(MovedRow).exactOptional(),
})
export type InverseItem = z.infer<typeof InverseItem>

const assignments = (values: Readonly<Record<string, unknown>>): SQL =>
  sql.join(
    Object.entries(values).map(([column, value]) => sql`${sql.identifier(column)} = ${value}`),
    sql`, `,
  )

/**
 * Changes one row that is at `version`; triggers count the version up and stamp who it was. Throws `conflict` when the
 * row is at another version.
 */
export const updateRow = async (
  tx: TenantTx,
  entity: Entity,
  { id, version }: { readonly id: string; readonly version: number },
  values: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const changed = await rows<{ id: string }>(
    tx,
    sql`update ${tableOf(entity)} set ${assignments(values)} where id = ${id}::uuid and version = ${version} returning id`,
  )
  if (changed.length === 1) return
  throw conflict('conflict', 'A record was changed while this was being written. Nothing was written.', {
    fix: 'Look at the record as it is now, and propose again.',
  })
}

const insertRow = async (
  tx: TenantTx,
  entity: Entity,
  values: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const names = sql.join(
    Object.keys(values).map((key) => sql.identifier(key)),
    sql`, `,
  )
  const given = sql.join(
    Object.values(values).map((value) => sql`${value}`),
    sql`, `,
  )
  await rows(
    tx,
    sql`insert into ${tableOf(entity)} (tenant_id, ${names}) values (core.current_tenant(), ${given})`,
  )
}

/** Makes or archives one row of a join table. False when it is so already. */
const applyLink = async (
  tx: TenantTx,
  recordId: string,
  entity: Entity,
  link: PlannedLink,
): Promise<boolean> => {
  const relation = entity.relations?.[link.relation]
  if (relation?.kind !== 'through')
    throw bug('unknown_relation', `${entity.name}.${link.relation} is no link.`)
  const join = entityOf(link.join)
  if (link.action === 'remove') return await archiveJoinRow(tx, join, link.join_id)
  const present = await rows<{ id: string }>(
    tx,
    sql`select id from ${tableOf(join)} where ${sql.identifier(relation.from)} = ${recordId}::uuid
      and ${sql.identifier(relation.to)} = ${link.target_id}::uuid and deleted_at is null`,
  )
  if (present.length > 0) return false
  await insertRow(tx, join, { id: link.join_id, [relation.from]: recordId, [relation.to]: link.target_id })
  return true
}

export const archiveJoinRow = async (tx: TenantTx, join: Entity, id: string): Promise<boolean> => {
  const gone = await rows<{ id: string }>(
    tx,
    sql`update ${tableOf(join)} set deleted_at = now() where id = ${id}::uuid and deleted_at is null returning id`,
  )
  return gone.length === 1
}

const derivedOf = (entity: Entity, row: RecordRow): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(entity.columns)
      .filter(([, { marks }]) => marks.derived)
      .map(([column]) => [column, row.values[column] ?? null]),
  )

/**
 * Runs one change and answers how to take it back, with the derived columns that moved with it. The caller holds the
 * row and has compared its version.
 */
export const applyChange = async (
  tx: TenantTx,
  change: PlannedChange,
): Promise<Omit<InverseItem, 'version_after'>> => {
  const entity = entityOf(change.entity)
  if (change.op === 'merge') return await applyMergeChange(tx, change)
  const before = change.version === null ? undefined : await readRow(tx, entity, change.id)
  if (change.op === 'create') {
    const values = Object.fromEntries(change.fields.map(({ column, new: value }) => [column, value]))
    await insertRow(tx, entity, { id: change.id, ...values })
  } else {
    if (!before) throw bug('row_gone', 'A row that was held has gone.')
    const values = valuesOf(change)
    if (Object.keys(values).length > 0) await updateRow(tx, entity, before, values)
  }
  const moved = before && (await movedDerived(tx, entity, before))
  const links: InverseItem['links'] = []
  for (const link of change.links) {
    const done = await applyLink(tx, change.id, entity, link)
    if (done) links.push({ join: link.join, join_id: link.join_id, action: link.action })
  }
  const columns = change.op === 'create' ? [] : Object.keys(valuesOf(change))
  return {
    op: change.op,
    entity: change.entity,
    id: change.id,
    ...(before ? { version_before: before.version } : {}),
    before: Object.fromEntries(columns.map((column) => [column, before?.values[column] ?? null])),
    derived: moved ?? {},
    links,
  }
}

const applyMergeChange = async (
  tx: TenantTx,
  { entity, id, into }: PlannedChange,
): Promise<Omit<InverseItem, 'version_after'>> => {
  if (!into) throw bug('bad_merge', 'A merge does not say which record stays.')
  const moved = await applyMerge(tx, entityOf(entity), { loser: id, winner: into.id })
  return {
    op: 'merge',
    entity,
    id,
    before: {},
    derived: {},
    links: [],
    merged_into: into.id,
    moved: [...moved],
  }
}

const valuesOf = ({ op, fields }: PlannedChange): Readonly<Record<string, unknown>> => {
  if (op === 'archive') return { deleted_at: new Date().toISOString() }
  if (op === 'restore') return { deleted_at: null }
  return Object.fromEntries(fields.map(({ column, new: value }) => [column, value]))
}

const movedDerived = async (
  tx: TenantTx,
  entity: Entity,
  before: RecordRow,
): Promise<InverseItem['derived'] | undefined> => {
  const after = await readRow(tx, entity, before.id)
  if (!after) return undefined
  const [was, is] = [derivedOf(entity, before), derivedOf(entity, after)]
  return Object.fromEntries(
    Object.keys(was)
      .filter((column) => was[column] !== is[column])
      .map((column) => [column, { before: was[column] ?? null, after: is[column] ?? null }]),
  )
}
