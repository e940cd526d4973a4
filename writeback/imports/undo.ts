import { appendAudit } from '../../db/audit.ts'
import { catalog, entityOf } from '../../db/catalog/all.ts'
import type { Database } from '../../db/connect.ts'
import { documentEntities } from '../../db/document-shape.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { Actor } from '../../domain/actor.ts'
import { conflict } from '../../domain/errors.ts'
import { assertMayDecide } from '../deciders.ts'
import { tableOf } from '../rows.ts'
import { lockImport } from './store.ts'

/** Written by triggers along with a deal; nobody's own work. */
const HISTORIES = new Set(['deal_stage_events'])

export interface UndoneImport {
  readonly archived: number
  /** Records that were changed or used since: they stay. */
  readonly kept: number
}

interface Made {
  readonly entity: string
  readonly id: string
}

const madeBy = (tx: TenantTx, importId: string): Promise<readonly Made[]> =>
  rows<Made>(
    tx,
    sql`select w->>'entity' as entity, w->>'id' as id from workflow.import_rows r
      cross join jsonb_array_elements(r.mapped->'writes') w where r.import_id = ${importId}::uuid and r.deleted_at is null`,
  )

/** Of records of one entity, those that a live row outside the import points to. */
const usedElsewhere = async (
  tx: TenantTx,
  entity: string,
  ids: readonly string[],
  own: readonly string[],
): Promise<ReadonlySet<string>> => {
  const used = new Set<string>()
  for (const other of catalog.values()) {
    if (other.internal || HISTORIES.has(other.name)) continue
    for (const [column, { marks }] of Object.entries(other.columns)) {
      if (marks.references !== entity) continue
      const name = sql.identifier(column)
      const found = await rows<{ id: string }>(
        tx,
        sql`select distinct ${name} as id from ${tableOf(other)} where ${name} = any(${sql.param([...ids])}::uuid[])
          and deleted_at is null and not (id = any(${sql.param([...own])}::uuid[]))`,
      )
      for (const { id } of found) used.add(id)
    }
  }
  return used
}

/**
 * Takes a committed import back: archives what it made, but for records that somebody changed or used since, which
 * stay. Its proposals are decided on their own. Afterwards the file can be brought again. Throws `denied` for those who
 * may not decide, and `not_committed`.
 */
export const undoImport = (database: Database, importId: string, decider: Actor): Promise<UndoneImport> =>
  asTenant(database, decider, async (tx) => {
    await assertMayDecide(tx, decider)
    const { state } = await lockImport(tx, importId)
    if (state !== 'committed') {
      throw conflict('not_committed', `The import is ${state}; only a committed one is taken back.`, {
        fix: 'Run the import to its end first, or leave it.',
      })
    }
    const made = await madeBy(tx, importId)
    const leaving = new Set(made.map(({ id }) => id))
    let archived = 0
    // What points to others goes first, so that it no longer uses them.
    for (const { name } of documentEntities().toReversed()) {
      const ids = made.filter(({ entity }) => entity === name).map(({ id }) => id)
      if (ids.length === 0) continue
      const used = await usedElsewhere(tx, name, ids, [...leaving])
      const gone = await rows<{ id: string }>(
        tx,
        sql`update ${tableOf(entityOf(name))} set deleted_at = now() where id = any(${sql.param(
          ids.filter((id) => !used.has(id)),
        )}::uuid[]) and deleted_at is null and version = 1 returning id`,
      )
      archived += gone.length
      const left = new Set(gone.map(({ id }) => id))
      for (const id of ids) if (!left.has(id)) leaving.delete(id)
    }
    await rows(tx, sql`update workflow.imports set deleted_at = now() where id = ${importId}::uuid`)
    const result = { archived, kept: made.length - archived }
    await appendAudit(tx, {
      kind: 'import.undone',
      entity: 'imports',
      recordId: importId,
      data: { ...result },
    })
    return result
  })
