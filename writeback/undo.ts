import { z } from 'zod'
import { catalog, entityOf } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import type { Database } from '../db/connect.ts'
import { markProposal } from '../db/proposal-mark.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { conflict, userError } from '../domain/errors.ts'
import { noteEvent } from './history.ts'
import { InverseItem, archiveJoinRow, updateRow } from './apply.ts'
import { assertMayDecide, assertMayTakeBack } from './deciders.ts'
import { undoMerge } from './merge-apply.ts'
import { queueDeliveries } from './providers/outbox.ts'
import { lockRow, readRow, tableOf } from './rows.ts'
import type { RecordRow } from './rows.ts'
import { lockProposal, moveProposal } from './store.ts'
import type { StoredProposal } from './store.ts'

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

/**
 * Rows that an undo of this run put back: at version `now` they hold what they held at version `as`, so that the proposal
 * which left them so finds its own work and nobody's later edit.
 */
export type PutBack = Map<string, { readonly now: number; readonly as: number }>

const isAsLeft = (row: RecordRow, item: InverseItem, putBack: PutBack): boolean => {
  if (row.version === item.version_after) return true
  const back = putBack.get(item.id)
  return back?.now === row.version && back.as === item.version_after
}

const changedRecord = (entity: Entity) => changedSince(`The ${entity.one} was changed by somebody since.`)

/** Holds the record until the end, so that whatever changes from here on is our own doing. Throws `conflict`. */
const holdAsLeft = async (tx: TenantTx, item: InverseItem, putBack: PutBack): Promise<void> => {
  const entity = entityOf(item.entity)
  const row = await lockRow(tx, entity, item.id)
  if (!row || !isAsLeft(row, item, putBack)) throw changedRecord(entity)
}

/** `own` may point to a record and be none of its later users. The record must be held as it was left. */
const undoItem = async (tx: TenantTx, item: InverseItem, own: ReadonlySet<string>): Promise<void> => {
  const entity = entityOf(item.entity)
  const row = await lockRow(tx, entity, item.id)
  if (!row) throw changedRecord(entity)
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
  /** Only these changes of it, counted from 0 as the card lists them; all that are left where absent. */
  readonly places?: readonly number[]
  /** Shared by the undos of one run, newest proposal first; undoRun fills it. */
  readonly putBack?: PutBack
}

const versionsNow = async (tx: TenantTx, items: readonly InverseItem[]): Promise<PutBack> => {
  const found: PutBack = new Map()
  for (const { entity, id, version_before } of items) {
    const row = version_before === undefined ? undefined : await readRow(tx, entityOf(entity), id)
    if (row && version_before !== undefined) found.set(id, { now: row.version, as: version_before })
  }
  return found
}

const badPlace = () =>
  userError('bad_place', 'The proposal has no such change, or it was taken back already.', {
    fix: 'Look at the proposal again and name one that it shows as written.',
  })

const rowsOf = ({ id, merged_into: into, moved = [] }: InverseItem): readonly string[] => [
  id,
  ...(into === undefined ? [] : [into]),
  ...moved.map((row) => row.id),
]

/** Changes that touched a row in common go back together: each alone would take the other for a later edit. */
const withPartners = (items: readonly InverseItem[], places: ReadonlySet<number>): ReadonlySet<number> => {
  const all = new Set(places)
  const touched = new Set<string>()
  for (let before = -1; before < all.size;) {
    before = all.size
    for (const place of all) for (const id of rowsOf(items[place]!)) touched.add(id)
    for (const [place, item] of items.entries())
      if (rowsOf(item).some((id) => touched.has(id))) all.add(place)
  }
  return all
}

const placesToUndo = (
  items: readonly InverseItem[],
  { undonePlaces }: StoredProposal,
  asked: readonly number[] | undefined,
): ReadonlySet<number> => {
  const left = new Set(items.keys())
  for (const place of undonePlaces) left.delete(place)
  if (asked === undefined) return left
  if (asked.length === 0 || asked.some((place) => !left.has(place))) throw badPlace()
  const all = withPartners(items, new Set(asked))
  return new Set([...all].filter((place) => left.has(place)))
}

const notExecuted = (state: string) =>
  conflict('not_executed', `The proposal is ${state}; only executed ones are taken back.`, {
    fix: 'Look at it with `tact proposals show`.',
  })

/**
 * Takes an executed proposal back in one transaction, or some of its changes, with those that touched the same rows: it
 * stays executed until the last is back.
 * New records are archived, changed ones get their old values. Throws `denied` for those who may not decide,
 * `not_executed`, `bad_place`, and `conflict` when a record was touched since: a later edit is never overwritten, and
 * then nothing is taken back.
 */
export const undo = async (
  database: Database,
  { proposalId, decider, now, places, putBack = new Map() }: Undo,
): Promise<void> => {
  const rowsNow = await asTenant(database, decider, async (tx) => {
    const { role } = await assertMayDecide(tx, decider)
    const proposal = await lockProposal(tx, proposalId)
    if (proposal.state !== 'executed') throw notExecuted(proposal.state)
    const items = Inverse.parse(proposal.inverse)
    const going = placesToUndo(items, proposal, places)
    const chosen = [...items.entries()].flatMap(([place, item]) => (going.has(place) ? [item] : []))
    assertMayTakeBack(role, chosen)
    const back = new Set([...proposal.undonePlaces, ...going])
    const gone = [...items.entries()].flatMap(([place, item]) => (back.has(place) ? [item] : []))
    const ids = new Set([
      ...gone.map(({ id }) => id),
      ...gone.flatMap(({ links }) => links.map((link) => link.join_id)),
    ])
    await markProposal(tx, proposal.id)
    for (const item of chosen) await holdAsLeft(tx, item, putBack)
    for (const item of chosen.toReversed()) await undoItem(tx, item, ids)
    const { id, diffHash: hash } = proposal
    if (back.size === items.length) {
      const at = now.toISOString()
      await moveProposal(tx, id, {
        from: 'executed',
        to: 'undone',
        set: sql`, undone_at = ${at}::timestamptz`,
      })
      await noteEvent(tx, 'undone', id, { hash })
    } else {
      const list = JSON.stringify([...back].sort((a, b) => a - b))
      await rows(
        tx,
        sql`update workflow.proposals set undone_places = ${list}::jsonb where id = ${id}::uuid and state = 'executed'`,
      )
      await noteEvent(tx, 'item_undone', id, { hash, places: [...going] })
    }
    await queueDeliveries(tx, proposal, { direction: 'undo', places: [...going].sort((a, b) => a - b), now })
    return await versionsNow(tx, chosen)
  })
  for (const [id, versions] of rowsNow) putBack.set(id, versions)
}
