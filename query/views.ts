import { sql } from '../db/sql.ts'
import { assertStanding } from '../db/standing.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { denied, notFound, userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { parseQuery } from './parse-json.ts'
import { resolveEntity } from './paths.ts'
import { runQuery } from './run.ts'
import type { QueryContext, QueryResult } from './run.ts'

const MOST_NAME = 80

/** A list of records somebody comes back to. */
export interface SavedView {
  readonly name: string
  /** Name of the catalog: `deals`. */
  readonly entity: string
  /** As in a question: all of them hold, each a condition, a relation, or `{ any: [conditions] }`. */
  readonly filters: readonly unknown[]
  /** As in a question: `-amount` is the largest first. */
  readonly sorts: readonly string[]
  /** Seen by everybody in the workspace; otherwise by the one who made it alone. */
  readonly isShared: boolean
}

export interface ListedView extends SavedView {
  readonly isOwn: boolean
}

const assertName = (name: string): void => {
  if (name.trim() !== '' && name.length <= MOST_NAME) return
  throw userError('bad_name', `A view has a name of 1 to ${MOST_NAME} characters.`)
}

const memberOf = ({ actor }: QueryContext): string => {
  if (actor.memberId !== null) return actor.memberId
  throw denied('no_member', 'A view belongs to a member.', { fix: 'Say who, with --as <email>.' })
}

const answer = (
  tx: TenantTx,
  { entity, filters, sorts }: Pick<SavedView, 'entity' | 'filters' | 'sorts'>,
  context: QueryContext,
  page: { readonly limit?: number } = {},
): Promise<QueryResult> =>
  runQuery(tx, parseQuery({ find: entity, where: filters, order: sorts, ...page }), context)

/**
 * Keeps a view that can be answered; one's own of the same name is replaced. To share one takes the right to propose.
 * Throws what asking throws, `bad_name` and `denied`.
 */
export const saveView = async (tx: TenantTx, view: SavedView, context: QueryContext): Promise<void> => {
  assertName(view.name)
  const member = memberOf(context)
  await assertStanding(tx, context.actor, view.isShared ? 'propose' : 'read')
  const entity = resolveEntity(view.entity, { at: 'entity', notes: new Set() })
  await answer(tx, { ...view, entity }, context, { limit: 1 })
  const [filters, sorts] = [JSON.stringify(view.filters), JSON.stringify(view.sorts)]
  const replaced = await rows(
    tx,
    sql`update crm.saved_views set entity = ${entity}, filters = ${filters}::jsonb, sorts = ${sorts}::jsonb, is_shared = ${view.isShared}
      where name = ${view.name} and member_id = ${member}::uuid and deleted_at is null returning id`,
  )
  if (replaced.length > 0) return
  await rows(
    tx,
    sql`insert into crm.saved_views (id, tenant_id, name, entity, filters, sorts, member_id, is_shared)
      values (${newId()}, core.current_tenant(), ${view.name}, ${entity}, ${filters}::jsonb, ${sorts}::jsonb, ${member}, ${view.isShared})`,
  )
}

/** One's own views and those that others share, by name; of two by one name one's own comes first. */
export const listViews = async (tx: TenantTx, context: QueryContext): Promise<readonly ListedView[]> => {
  const member = memberOf(context)
  return await rows<ListedView>(
    tx,
    sql`select name, entity, coalesce(filters, '[]') as filters, coalesce(sorts, '[]') as sorts, is_shared as "isShared",
        member_id is not distinct from ${member}::uuid as "isOwn"
      from crm.saved_views where deleted_at is null and (member_id = ${member}::uuid or is_shared)
      order by lower(name), member_id is not distinct from ${member}::uuid desc, id`,
  )
}

/** Answers the view of that name: one's own, else the one that is shared. Throws `unknown_view`. */
export const runView = async (
  tx: TenantTx,
  name: string,
  context: QueryContext,
): Promise<{ readonly view: ListedView; readonly result: QueryResult }> => {
  const all = await listViews(tx, context)
  const view = all.find((one) => one.name === name)
  if (!view) {
    throw notFound('unknown_view', 'There is no view of this name.', {
      validOptions: all.map((one) => one.name),
    })
  }
  return { view, result: await answer(tx, view, context) }
}

/** Removes one's own view. Throws `unknown_view`, also for one that somebody else shares. */
export const dropView = async (tx: TenantTx, name: string, context: QueryContext): Promise<void> => {
  const gone = await rows(
    tx,
    sql`update crm.saved_views set deleted_at = now()
      where name = ${name} and member_id = ${memberOf(context)}::uuid and deleted_at is null returning id`,
  )
  if (gone.length === 0) throw notFound('unknown_view', 'You have no view of this name.')
}
