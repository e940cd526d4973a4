import { entityOf } from '../db/catalog/all.ts'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { SetValue } from './changes.ts'
import type { DiffContext } from './context.ts'
import type { SettableLink } from './fields.ts'
import type { PlannedLink } from './plan.ts'
import { readReference } from './references.ts'
import { tableOf } from './rows.ts'

const joinRow = async (
  { tx }: DiffContext,
  { join, from, to }: SettableLink,
  ids: { readonly from: string; readonly to: string },
): Promise<string | undefined> => {
  const [found] = await rows<{ id: string }>(
    tx,
    sql`select j.id from ${tableOf(entityOf(join))} j where j.${sql.identifier(from)} = ${ids.from}::uuid
      and j.${sql.identifier(to)} = ${ids.to}::uuid and j.deleted_at is null`,
  )
  return found?.id
}

/** The links that `value` (one name or a list) asks for; those that are as asked already are left out. */
export const planLinks = async (
  link: SettableLink,
  value: SetValue,
  action: PlannedLink['action'],
  {
    context,
    recordId,
    at,
  }: { readonly context: DiffContext; readonly recordId: string; readonly at: string },
): Promise<readonly PlannedLink[]> => {
  const listed = Array.isArray(value) ? value : [value]
  if (listed.length === 0) {
    throw userError('empty_list', 'The list of links is empty.', { at, fix: 'Name at least one record.' })
  }
  const planned: PlannedLink[] = []
  for (const [place, item] of listed.entries()) {
    const targetId = await readReference(context, link.target, item, `${at}[${place}]`)
    if (planned.some((one) => one.target_id === targetId)) continue
    const present = await joinRow(context, link, { from: recordId, to: targetId })
    if ((present !== undefined) === (action === 'add')) continue
    planned.push({
      relation: link.name,
      action,
      target_entity: link.target,
      target_id: targetId,
      join: link.join,
      join_id: present ?? newId(),
    })
  }
  return planned
}
