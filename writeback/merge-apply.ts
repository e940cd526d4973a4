import { z } from 'zod'
import { catalog, entityOf } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { conflict } from '../domain/errors.ts'
import { tableOf } from './rows.ts'

/** A row that pointed to the record that went: where it points now, or that it left because its twin was there. */
export const MovedRow = z.strictObject({
  entity: z.string(),
  id: z.string(),
  column: z.string(),
  action: z.enum(['point', 'archive', 'clear']),
  /** It was the first of its kind with the record that went. */
  was_primary: z.boolean(),
})
export type MovedRow = z.infer<typeof MovedRow>

interface Pointer {
  readonly entity: Entity
  readonly column: string
}

/** Every column of the catalog that may point to a record of that entity. */
const pointersTo = (entity: string): readonly Pointer[] =>
  [...catalog.values()].flatMap((other) =>
    Object.entries(other.columns)
      .filter(([, { marks }]) => marks.references === entity)
      .map(([column]) => ({ entity: other, column })),
  )

interface Ids {
  readonly loser: string
  readonly winner: string
}

/** True for a row `t` that would stand twice, or point from the winner to itself, once it points to the winner. */
const twinCondition = ({ entity, column }: Pointer, { winner }: Ids): SQL => {
  const same = (entity.unique ?? [])
    .filter((key) => key.includes(column))
    .map((key) => {
      const others = key.filter((one) => one !== column)
      const equal = others.map((one) => sql`u.${sql.identifier(one)} = t.${sql.identifier(one)}`)
      return sql`exists (select 1 from ${tableOf(entity)} u where u.${sql.identifier(column)} = ${winner}::uuid
        and u.deleted_at is null and u.id <> t.id ${equal.length > 0 ? sql`and ${sql.join(equal, sql` and `)}` : sql``})`
    })
  const target = entity.columns[column]!.marks.references
  const twins = Object.entries(entity.columns)
    .filter(([name, { marks }]) => name !== column && marks.references === target && entity.name !== target)
    .map(([name]) => sql`t.${sql.identifier(name)} = ${winner}::uuid`)
  const all = [...same, ...twins]
  return all.length === 0 ? sql`false` : sql`(${sql.join(all, sql` or `)})`
}

interface Held {
  readonly id: string
  readonly twin: boolean
  readonly is_primary: boolean
}

const move = async (tx: TenantTx, pointer: Pointer, ids: Ids): Promise<readonly MovedRow[]> => {
  const { entity, column } = pointer
  const name = sql.identifier(column)
  const primary = 'is_primary' in entity.columns
  const held = await rows<Held>(
    tx,
    sql`select t.id, (t.deleted_at is null and ${twinCondition(pointer, ids)}) as twin, ${primary ? sql`t.is_primary` : sql`false`} as is_primary
      from ${tableOf(entity)} t where t.${name} = ${ids.loser}::uuid order by t.id for update of t`,
  )
  if (held.length === 0) return []
  const idsOf = (some: readonly Held[]) => sql`${sql.param(some.map(({ id }) => id))}::uuid[]`
  const self = held.filter(({ id }) => id === ids.winner)
  const twins = held.filter(({ id, twin }) => twin && id !== ids.winner)
  const free = held.filter(({ id, twin }) => !twin && id !== ids.winner)
  if (self.length > 0) {
    await rows(tx, sql`update ${tableOf(entity)} set ${name} = null where id = ${ids.winner}::uuid`)
  }
  if (twins.length > 0) {
    await rows(tx, sql`update ${tableOf(entity)} set deleted_at = now() where id = any(${idsOf(twins)})`)
  }
  if (free.length > 0) {
    const demote = primary
      ? sql`, is_primary = is_primary and not exists (select 1 from ${tableOf(entity)} p where p.${name} = ${ids.winner}::uuid
          and p.is_primary and p.deleted_at is null)`
      : sql``
    await rows(
      tx,
      sql`update ${tableOf(entity)} set ${name} = ${ids.winner}::uuid ${demote} where id = any(${idsOf(free)})`,
    )
  }
  const moved =
    (action: MovedRow['action']) =>
    ({ id, is_primary }: Held): MovedRow => ({
      entity: entity.name,
      id,
      column,
      action,
      was_primary: is_primary,
    })
  return [...self.map(moved('clear')), ...twins.map(moved('archive')), ...free.map(moved('point'))]
}

/** Points everything that pointed to the loser to the winner, and archives the loser. Answers what moved. */
export const applyMerge = async (tx: TenantTx, entity: Entity, ids: Ids): Promise<readonly MovedRow[]> => {
  const moved: MovedRow[] = []
  for (const pointer of pointersTo(entity.name)) moved.push(...(await move(tx, pointer, ids)))
  await rows(tx, sql`update ${tableOf(entity)} set deleted_at = now() where id = ${ids.loser}::uuid`)
  return moved
}

const moveBack = async (
  tx: TenantTx,
  { entity: name, id, column, action, was_primary }: MovedRow,
  ids: Ids,
): Promise<boolean> => {
  const entity = entityOf(name)
  const target = sql.identifier(column)
  const primary =
    action === 'point' && 'is_primary' in entity.columns ? sql`, is_primary = ${was_primary}` : sql``
  const [set, where] =
    action === 'archive'
      ? [sql`deleted_at = null`, sql`${target} = ${ids.loser}::uuid and deleted_at is not null`]
      : action === 'clear'
        ? [sql`${target} = ${ids.loser}::uuid`, sql`${target} is null`]
        : [sql`${target} = ${ids.loser}::uuid ${primary}`, sql`${target} = ${ids.winner}::uuid`]
  const back = await rows<{ id: string }>(
    tx,
    sql`update ${tableOf(entity)} set ${set} where id = ${id}::uuid and ${where} returning id`,
  )
  return back.length === 1
}

/** Brings the loser back with everything that pointed to it. Throws `conflict` where something was moved again since. */
export const undoMerge = async (
  tx: TenantTx,
  entity: Entity,
  ids: Ids,
  moved: readonly MovedRow[],
): Promise<void> => {
  await rows(tx, sql`update ${tableOf(entity)} set deleted_at = null where id = ${ids.loser}::uuid`)
  for (const row of moved.toReversed()) {
    if (await moveBack(tx, row, ids)) continue
    throw conflict(
      'conflict',
      'Something that came along in the merge was moved by somebody since. Nothing was taken back.',
      {
        fix: 'Put the records right by hand.',
      },
    )
  }
}
