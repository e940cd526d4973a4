import { z } from 'zod'
import { catalog, entityOf } from '../db/catalog/all.ts'
import type { Database } from '../db/connect.ts'
import { markProposal } from '../db/proposal-mark.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { conflict } from '../domain/errors.ts'
import { noteEvent } from './history.ts'
import { InverseItem, archiveJoinRow, updateRow } from './apply.ts'
import { assertMayDecide, assertMayTakeBack } from './deciders.ts'
import { undoMerge } from './merge-apply.ts'
import { lockRow, readRow, tableOf } from './rows.ts'
import { lockProposal, moveProposal } from './store.ts'

const Inverse = z.array(InverseItem)

const changedSince = (what: string) =>
  conflict('conflict', `${what} Nothing was taken back.`, {
    fix: 'Put the record right by hand, or propose the change that is wanted now.',
  })

/** Whether a live row outside `own` points to that record; rows that triggers write along with it are nobody's later work. */
const isInUse = async (
  tx: TenantTx,
  entity: string,
  id: string,
  own: ReadonlySet<string>,
): Promise<boolean> => {
  for (const other of catalog.values()) {
    if (other.internal || other.history) continue
    for (const [column, { marks }] of Object.entries(other.columns)) {
      if (marks.references !== entity) continue
      const users = await rows<{ id: string }>(
        tx,
        sql`select id from ${tableOf(other)} where ${sql.identifier(column)} = ${id}::uuid and deleted_at is null limit 100`,
      )
      if (users.some((user) => !own.has(user.id))) return true
    }
  }
  return false
}

const undoLinks = async (tx: TenantTx, { links }: InverseItem): Promise<void> => {
  for (const { join, join_id, action } of links.toReversed()) {
    if (action === 'add') {
      const removed = await archiveJoinRow(tx, entityOf(join), join_id)
      if (!removed) throw changedSince('A link was removed by somebody since.')
      continue
    }
    const row = await readRow(tx, entityOf(join), join_id)
    if (!row?.archived) throw changedSince('A link was made again by somebody since.')
    await rows(tx, sql`update ${tableOf(entityOf(join))} set deleted_at = null where id = ${join_id}::uuid`)
  }
}

/** Puts back what triggers moved along, where nothing has moved it again. */
const undoDerived = async (
  tx: TenantTx,
  item: InverseItem,
  after: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const entity = entityOf(item.entity)
  for (const [column, moved] of Object.entries(item.derived)) {
    if (after[column] !== moved.after) continue
    await rows(
      tx,
      sql`update ${tableOf(entity)} set ${sql.identifier(column)} = ${moved.before} where id = ${item.id}::uuid`,
    )
  }
}

const undoItem = async (tx: TenantTx, item: InverseItem, own: ReadonlySet<string>): Promise<void> => {
  const entity = entityOf(item.entity)
  const row = await lockRow(tx, entity, item.id)
  if (!row || row.version !== item.version_after) {
    throw changedSince(`The ${entity.one} was changed by somebody since.`)
  }
  if (item.op === 'merge' && item.merged_into !== undefined) {
    await undoMerge(tx, entity, { loser: item.id, winner: item.merged_into }, item.moved ?? [])
    return
  }
  await undoLinks(tx, item)
  if (item.op === 'create') {
    if (await isInUse(tx, item.entity, item.id, own)) {
      throw changedSince(`Other records point to the new ${entity.one} by now.`)
    }
    await updateRow(tx, entity, row, { deleted_at: new Date().toISOString() })
    return
  }
  if (Object.keys(item.before).length === 0) return
  await updateRow(tx, entity, row, item.before)
  await undoDerived(tx, item, row.values)
}

export interface Undo {
  readonly proposalId: string
  readonly decider: Actor
  readonly now: Date
}

/**
 * Takes an executed proposal back in one transaction. New records are archived, changed ones get their old values.
 * Throws `denied` for those who may not decide, `not_executed`, and `conflict` when a record was touched since: a later
 * edit is never overwritten, and then nothing is taken back.
 */
export const undo = async (database: Database, { proposalId, decider, now }: Undo): Promise<void> =>
  await asTenant(database, decider, async (tx) => {
    const { role } = await assertMayDecide(tx, decider)
    const proposal = await lockProposal(tx, proposalId)
    if (proposal.state !== 'executed') {
      throw conflict(
        'not_executed',
        `The proposal is ${proposal.state}; only executed ones are taken back.`,
        {
          fix: 'Look at it with `tact proposals show`.',
        },
      )
    }
    const items = Inverse.parse(proposal.inverse)
    assertMayTakeBack(role, items)
    const own = new Set([
      ...items.map(({ id }) => id),
      ...items.flatMap(({ links }) => links.map((link) => link.join_id)),
    ])
    await markProposal(tx, proposal.id)
    for (const item of items.toReversed()) await undoItem(tx, item, own)
    await moveProposal(tx, proposal.id, {
      from: 'executed',
      to: 'undone',
      set: sql`, undone_at = ${now.toISOString()}::timestamptz`,
    })
    await noteEvent(tx, 'undone', proposal.id, { hash: proposal.diffHash })
  })
