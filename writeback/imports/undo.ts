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
import type { Decider } from '../deciders.ts'
import { hashOf } from '../hash.ts'
import { noteEvent } from '../history.ts'
import { tableOf } from '../rows.ts'
import { moveProposal, selectProposals } from '../store.ts'
import { lockImport, patchImport } from './store.ts'

/** Written by triggers along with a deal; nobody's own work. */
const HISTORIES = new Set(['deal_stage_events'])

export interface UndoneImport {
  readonly archived: number
  /** Records that were changed or used since: they stay. */
  readonly kept: number
  /** Proposals of the import that nobody had decided about: they are rejected. */
  readonly withdrawn: number
  /** Proposals of the import that a person had carried out: they stay, each can be undone on its own. */
  readonly carriedOut: number
}

interface Made {
  readonly row: number
  readonly entity: string
  readonly id: string
}

const madeBy = (tx: TenantTx, importId: string): Promise<readonly Made[]> =>
  rows<Made>(
    tx,
    sql`select r.row_number as row, w->>'entity' as entity, w->>'id' as id from workflow.import_rows r
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

/** As `propose` keeps the key that commit.ts gave it. */
const proposalKey = (importId: string, row: number, place: number): string =>
  `given:${hashOf([null, `import:${importId}:${row}:${place}`])}`

/** Rejects what the import proposed and nobody decided about. */
const withdraw = async (
  tx: TenantTx,
  importId: string,
  { memberId, via }: Decider,
): Promise<Pick<UndoneImport, 'withdrawn' | 'carriedOut'>> => {
  const asked = await rows<{ row: number; count: number }>(
    tx,
    sql`select row_number as row, jsonb_array_length(mapped->'changes') as count from workflow.import_rows
      where import_id = ${importId}::uuid and deleted_at is null and jsonb_array_length(mapped->'changes') > 0`,
  )
  const keys = asked.flatMap(({ row, count }) =>
    Array.from({ length: count }, (_, place) => proposalKey(importId, row, place)),
  )
  const own = await selectProposals(
    tx,
    sql`where p.idempotency_key = any(${sql.param(keys)}::text[]) and p.deleted_at is null order by p.id for update`,
  )
  let withdrawn = 0
  for (const { id, state, diffHash } of own) {
    if (state !== 'pending') continue
    await moveProposal(tx, id, {
      from: 'pending',
      to: 'rejected',
      set: sql`, decided_by = ${memberId}::uuid, decided_via = ${via}, decided_at = now(), decision_note = 'The import was taken back.'`,
    })
    await noteEvent(tx, 'rejected', id, { hash: diffHash })
    withdrawn += 1
  }
  return { withdrawn, carriedOut: own.filter(({ state }) => state === 'executed').length }
}

/** Says at every row what became of what it made. */
const noteRows = async (
  tx: TenantTx,
  importId: string,
  made: readonly Made[],
  archived: ReadonlySet<string>,
): Promise<void> => {
  const byRow = new Map<number, { kept: number; all: number }>()
  for (const { row, id } of made) {
    const held = byRow.get(row) ?? { kept: 0, all: 0 }
    byRow.set(row, { kept: held.kept + (archived.has(id) ? 0 : 1), all: held.all + 1 })
  }
  const notes = [...byRow].map(([row, { kept, all }]) => ({
    row,
    note: kept === 0 ? 'taken back' : `taken back but for ${kept} of ${all}, changed or used since`,
  }))
  await rows(
    tx,
    sql`update workflow.import_rows r set message = concat_ws('; ', nullif(r.message, ''), n.note)
      from jsonb_to_recordset(${JSON.stringify(notes)}::jsonb) as n("row" int, note text)
      where r.import_id = ${importId}::uuid and r.row_number = n."row" and r.deleted_at is null`,
  )
}

/**
 * Takes a committed import back: archives what it made, but for records that somebody changed or used since, which
 * stay; what it proposed and nobody decided about is rejected. The import becomes `undone`, its report says what became
 * of every row, and the file can be brought again. Throws `denied` for those who may not decide, and `not_committed`.
 */
export const undoImport = (database: Database, importId: string, actor: Actor): Promise<UndoneImport> =>
  asTenant(database, actor, async (tx) => {
    const decider = await assertMayDecide(tx, actor)
    const { state } = await lockImport(tx, importId)
    if (state !== 'committed') {
      throw conflict('not_committed', `The import is ${state}; only a committed one is taken back.`, {
        fix: 'Run the import to its end first, or leave it.',
      })
    }
    const proposals = await withdraw(tx, importId, decider)
    const made = await madeBy(tx, importId)
    const leaving = new Set(made.map(({ id }) => id))
    const archived = new Set<string>()
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
      for (const { id } of gone) archived.add(id)
      for (const id of ids) if (!archived.has(id)) leaving.delete(id)
    }
    await noteRows(tx, importId, made, archived)
    await patchImport(tx, importId, { state: 'undone' })
    const result = { archived: archived.size, kept: made.length - archived.size, ...proposals }
    await appendAudit(tx, {
      kind: 'import.undone',
      entity: 'imports',
      recordId: importId,
      data: { ...result },
    })
    return result
  })
