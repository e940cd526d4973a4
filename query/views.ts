import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { assertStanding } from '../db/standing.ts'
import { denied, notFound, userError } from '../domain/errors.ts'
import { isUuid, newId } from '../domain/ids.ts'
import { may } from '../domain/permissions.ts'
import type { Query } from './ast.ts'
import { ask } from './ask.ts'
import type { Answered } from './ask.ts'
import { parseQuery } from './parse-json.ts'
import { planQuery } from './run.ts'
import type { QueryContext } from './run.ts'

/** Filters and sorts that were kept for one kind of record: a question, and answered as one. */
export interface SavedView {
  readonly id: string
  readonly name: string
  readonly entity: string
  readonly isShared: boolean
  /** Whether it is the asker's own. */
  readonly isOwn: boolean
  readonly filters: unknown
  readonly sorts: unknown
}

const MOST_CLAUSES = 50

type Groups = readonly (readonly unknown[])[]

/** Alternatives of several conditions each, as conditions of several alternatives each: all of those must hold. */
const distributed = (groups: Groups): readonly unknown[] => {
  const clauses = groups.reduce<Groups>(
    (made, group) => {
      if (made.length * group.length > MOST_CLAUSES)
        throw userError('view_too_large', 'The filters of this view have too many combinations.', {
          fix: 'Use fewer groups, or fewer conditions in each.',
        })
      return made.flatMap((clause) => group.map((condition) => [...clause, condition]))
    },
    [[]],
  )
  return clauses.map((clause) => (clause.length === 1 ? clause[0] : { any: clause }))
}

const partsOf = (value: unknown, key: 'all' | 'any'): readonly unknown[] | undefined => {
  const parts = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : null
  return Array.isArray(parts) ? (parts as readonly unknown[]) : undefined
}

/** `{ any: [{ all: [condition, …] }, …] }`, `{ all: [filter, …] }`, or the list of a question, as that list. */
const whereOf = (filters: unknown): unknown => {
  if (filters === null || filters === undefined) return []
  const groups = partsOf(filters, 'any')
  if (groups) return groups.length === 0 ? [] : distributed(groups.map((one) => partsOf(one, 'all') ?? [one]))
  return partsOf(filters, 'all') ?? filters
}

/** The question that a view is. Throws what parsing throws: a view can do no more than a question. */
export const questionOfView = ({
  entity,
  filters,
  sorts,
}: Pick<SavedView, 'entity' | 'filters' | 'sorts'>): Query =>
  parseQuery({
    find: entity,
    where: whereOf(filters),
    ...(Array.isArray(sorts) && { order: sorts as unknown[] }),
  })

interface ViewRow {
  readonly id: string
  readonly name: string
  readonly entity: string
  readonly is_shared: boolean
  readonly is_own: boolean
  readonly filters: unknown
  readonly sorts: unknown
}

/** The asker's own views, then those that others share; by name. */
export const savedViews = async (
  tx: TenantTx,
  { actor }: Pick<QueryContext, 'actor'>,
): Promise<readonly SavedView[]> => {
  const found = await rows<ViewRow>(
    tx,
    sql`select id, name, entity, is_shared, coalesce(member_id = ${actor.memberId}::uuid, false) as is_own, filters, sorts
      from crm.saved_views where deleted_at is null and (is_shared or member_id = ${actor.memberId}::uuid)
      order by is_own desc, lower(name), id`,
  )
  return found.map(({ is_shared, is_own, ...rest }) => ({ ...rest, isShared: is_shared, isOwn: is_own }))
}

/** A view by its name or id; of two with one name the asker's own. Throws `not-found` with code `unknown_view`. */
export const findView = async (
  tx: TenantTx,
  nameOrId: string,
  context: Pick<QueryContext, 'actor'>,
): Promise<SavedView> => {
  const all = await savedViews(tx, context)
  const found = all.find(({ name, id }) => name === nameOrId || (isUuid(nameOrId) && id === nameOrId))
  if (found) return found
  throw notFound('unknown_view', 'You have no view of this name, and nobody shares one.', {
    validOptions: [...new Set(all.map(({ name }) => name))],
  })
}

/** Answers a view as the question it is. */
export const openView = async (
  tx: TenantTx,
  nameOrId: string,
  context: QueryContext,
): Promise<{ readonly question: { readonly semantic: Query }; readonly answered: Answered }> => {
  const question = { semantic: questionOfView(await findView(tx, nameOrId, context)) }
  return { question, answered: await ask(tx, question, context) }
}

const KEPT = new Set(['find', 'where', 'order', 'limit'])

/** What a view keeps of a question. Throws `bad_view` where the question asks for more than records by filters. */
const viewParts = (asked: Query): { readonly filters: unknown; readonly sorts: unknown } => {
  const other = Object.entries(asked).find(([key, value]) => value !== undefined && !KEPT.has(key))
  if (other)
    throw userError('bad_view', `A view keeps filters and sorts, not \`${other[0]}\`.`, {
      at: other[0],
      fix: 'Keep the whole question instead: `tact query save`.',
    })
  return { filters: { all: asked.where }, sorts: asked.order ?? [] }
}

/**
 * Keeps a question for records as the asker's view; again under the same name, it replaces what they had. Sharing needs
 * the permission to propose. Throws `bad_view`, `bad_name`, `denied`, and what asking throws.
 */
export const saveView = async (
  tx: TenantTx,
  {
    name,
    question,
    isShared,
  }: { readonly name: string; readonly question: Query; readonly isShared: boolean },
  context: QueryContext,
): Promise<void> => {
  if (name.trim() === '' || name.length > 80)
    throw userError('bad_name', 'A view has a name of 1 to 80 characters.')
  const { tenantId, memberId } = context.actor
  if (memberId === null)
    throw denied('no_member', 'A view belongs to a member.', { fix: 'Say who you are, with --as <email>.' })
  await assertStanding(tx, context.actor, isShared ? 'propose' : 'read')
  const { filters, sorts } = viewParts(question)
  const { entity } = planQuery(question, context).bound
  const [own] = (await savedViews(tx, context)).filter((one) => one.isOwn && one.name === name)
  const made = { filters: JSON.stringify(filters), sorts: JSON.stringify(sorts) }
  await rows(
    tx,
    own
      ? sql`update crm.saved_views set entity = ${entity}, filters = ${made.filters}::jsonb, sorts = ${made.sorts}::jsonb,
          is_shared = ${isShared} where id = ${own.id}::uuid`
      : sql`insert into crm.saved_views (id, tenant_id, name, entity, filters, sorts, member_id, is_shared)
          values (${newId()}, ${tenantId}, ${name}, ${entity}, ${made.filters}::jsonb, ${made.sorts}::jsonb, ${memberId}, ${isShared})`,
  )
}

/** Takes a view away: one's own, or a shared one by those who look after members. Throws `unknown_view`, `denied`. */
export const removeView = async (
  tx: TenantTx,
  nameOrId: string,
  { actor }: Pick<QueryContext, 'actor'>,
): Promise<void> => {
  const view = await findView(tx, nameOrId, { actor })
  const role = await assertStanding(tx, actor, 'read')
  if (!view.isOwn && !may(role, 'invite'))
    throw denied('not_yours', 'Somebody else shares this view.', {
      fix: 'Ask them, an owner or an admin to take it away.',
    })
  await rows(tx, sql`update crm.saved_views set deleted_at = now() where id = ${view.id}::uuid`)
}
