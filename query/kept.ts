import { createHash } from 'node:crypto'
import { preparedRows, rows } from '../db/tenant.ts'
import type { BoundStatement, TenantTx } from '../db/tenant.ts'
import { sql } from '../db/sql.ts'
import { denied, notFound, userError, asTactError } from '../domain/errors.ts'
import { isUuid, newId } from '../domain/ids.ts'
import type { MemberId } from '../domain/ids.ts'
import { storable } from '../domain/storable.ts'
import { localIso } from '../domain/zone.ts'
import { revealTree } from '../redaction/hide.ts'
import { ask } from './ask.ts'
import type { Answered, Question } from './ask.ts'
import { parseQuery } from './parse-json.ts'
import type { QueryContext } from './run.ts'

export interface ColumnShape {
  readonly name: string
  readonly type: string
}

/** A question as it was put; semantic ones are parsed again, so that a kept one can do no more than a new one. */
const restored = (kept: unknown): Question => {
  const question = kept as { readonly semantic?: unknown; readonly sql?: unknown; readonly ast?: unknown }
  if (question.semantic !== undefined) return { semantic: parseQuery(question.semantic) }
  return typeof question.sql === 'string' ? { sql: question.sql } : { ast: question.ast }
}

const shapeOf = ({ columns }: Answered): readonly ColumnShape[] =>
  columns.map(({ name, type }) => ({ name, type }))

const hashOf = (answered: Answered): string =>
  createHash('sha256')
    .update(JSON.stringify([shapeOf(answered), revealTree(answered.rows)]))
    .digest('hex')

const KEEP = {
  name: 'keep_asked_query',
  text: `insert into workflow.asked_queries (id, tenant_id, question, member_id, policy, as_of, row_count, result_hash)
    values ($1, $2, $3::jsonb, $4, $5, $6::timestamptz, $7, $8)`,
}

/** What keeps a question that was answered under `id`: how it was put, by whom and when, and a hash of what came; no rows. */
export const keepingOf = (
  id: string,
  question: Question,
  answered: Answered,
  { actor, workspace, now }: QueryContext,
): BoundStatement => ({
  ...KEEP,
  values: [
    id,
    actor.tenantId,
    JSON.stringify(storable(question)),
    actor.memberId,
    workspace.policy,
    now.toISOString(),
    answered.rows.length,
    hashOf(answered),
  ],
})

/** Remembers a question that was answered (see `keepingOf`), and gives its id. */
export const keepAnswer = async (
  tx: TenantTx,
  question: Question,
  answered: Answered,
  context: QueryContext,
): Promise<string> => {
  const id = newId()
  const keeping = keepingOf(id, question, answered, context)
  await preparedRows(tx, keeping, keeping.values)
  return id
}

/** Drops the questions that were asked before a day; saved ones stay. Gives how many went. */
export const forgetAsked = async (tx: TenantTx, before: Date): Promise<number> => {
  const gone = await rows(
    tx,
    sql`delete from workflow.asked_queries where as_of < ${before.toISOString()}::timestamptz returning id`,
  )
  return gone.length
}

export interface Replayed {
  readonly question: Question
  readonly answered: Answered
  /** Whether columns and rows are those of the first time. */
  readonly isSame: boolean
  /** When it was asked first. */
  readonly askedAt: Date
  readonly askedBy: MemberId | null
  /** What is not as it was, in sentences: rows, their values, the policy. Empty where nothing changed. */
  readonly changes: readonly string[]
}

interface KeptRow {
  readonly question: unknown
  readonly as_of: string
  readonly result_hash: string
  readonly row_count: number
  readonly policy: string
  readonly member_id: MemberId | null
}

const changesSince = (kept: KeptRow, answered: Answered, policy: string): readonly string[] => {
  const [then, now] = [kept.row_count, answered.rows.length]
  const rowsChanged =
    then === now ? 'As many rows as then, but not the same.' : `${then} rows then, ${now} now.`
  const policyChanged = `The policy of the workspace was ${kept.policy} then, and is ${policy} now.`
  return [
    ...(hashOf(answered) === kept.result_hash ? [] : [rowsChanged]),
    ...(kept.policy === policy ? [] : [policyChanged]),
  ]
}

/** An answer of today to a question whose relative periods are those of another day. */
const asOf = (
  answered: Answered,
  question: Question,
  { askedAt, now }: { readonly askedAt: Date; readonly now: Date },
): Answered => {
  const { completeness, notes } = answered
  const as_of = localIso(now.getTime(), completeness.timezone)
  const then = localIso(askedAt.getTime(), completeness.timezone).slice(0, 10)
  const isOfThen = 'semantic' in question && !as_of.startsWith(then)
  return {
    ...answered,
    completeness: { ...completeness, as_of },
    notes: isOfThen ? [`Relative dates are read as on ${then}.`, ...notes] : notes,
  }
}

/**
 * Puts a kept question again: the rights of who asks now, the policy and the records of today, and the clock of the first
 * time for relative periods (`current_date` in SQL is today's). Throws `not-found` with code `unknown_query`.
 */
export const replay = async (tx: TenantTx, id: string, context: QueryContext): Promise<Replayed> => {
  const [kept] = isUuid(id)
    ? await rows<KeptRow>(
        tx,
        sql`select question, as_of, result_hash, row_count, policy, member_id from workflow.asked_queries where id = ${id}::uuid and deleted_at is null`,
      )
    : []
  if (!kept)
    throw notFound('unknown_query', 'No question was kept under this id.', {
      fix: 'Take the query_id of an answer of this workspace.',
    })
  const question = restored(kept.question)
  const askedAt = new Date(kept.as_of)
  const found = await ask(tx, question, { ...context, now: askedAt })
  const answered = asOf(found, question, { askedAt, now: context.now })
  const isSame = hashOf(answered) === kept.result_hash
  const changes = changesSince(kept, answered, context.workspace.policy)
  return { question, answered, isSame, askedAt, askedBy: kept.member_id, changes }
}

export interface SavedQuery {
  readonly name: string
  /** The question in people's words. */
  readonly wording: string
  readonly question: Question
  readonly shape: readonly ColumnShape[]
  readonly isVerified: boolean
}

interface SavedRow {
  readonly name: string
  readonly wording: string
  readonly question: unknown
  readonly shape: readonly ColumnShape[]
  readonly is_verified: boolean
}

/** All saved questions by name; with `verified`, those that may serve as examples. */
export const savedQueries = async (
  tx: TenantTx,
  { verified = false }: { readonly verified?: boolean } = {},
): Promise<readonly SavedQuery[]> => {
  const found = await rows<SavedRow>(
    tx,
    sql`select name, wording, question, shape, is_verified from workflow.saved_queries
      where deleted_at is null and (is_verified or not ${verified}::boolean) order by lower(name), id`,
  )
  return found.map(({ is_verified, question, ...rest }) => ({
    ...rest,
    question: restored(question),
    isVerified: is_verified,
  }))
}

const savedOf = async (tx: TenantTx, name: string): Promise<SavedQuery> => {
  const all = await savedQueries(tx)
  const found = all.find((one) => one.name === name)
  if (found) return found
  throw notFound('unknown_query', 'No question is saved under this name.', {
    validOptions: all.map((one) => one.name),
  })
}

/**
 * Saves a question that can be answered, with the shape of its answer; saving again under a name replaces it and takes
 * its verification away. Throws what asking throws.
 */
export const saveQuery = async (
  tx: TenantTx,
  saved: Pick<SavedQuery, 'name' | 'wording' | 'question'>,
  context: QueryContext,
): Promise<void> => {
  const { name, wording, question } = saved
  if (name.trim() === '' || name.length > 80 || wording.length > 500)
    throw userError('bad_name', 'A saved question has a name of 1 to 80 characters and at most 500 of words.')
  const shape = JSON.stringify(shapeOf(await ask(tx, question, context)))
  const { tenantId, memberId } = context.actor
  await rows(
    tx,
    sql`insert into workflow.saved_queries (id, tenant_id, name, wording, question, shape, member_id)
      values (${newId()}, ${tenantId}, ${name}, ${wording}, ${JSON.stringify(storable(question))}::jsonb, ${shape}::jsonb, ${memberId})
      on conflict (tenant_id, name) where deleted_at is null do update set wording = excluded.wording, question = excluded.question,
        shape = excluded.shape, member_id = excluded.member_id, is_verified = false, verified_by = null, verified_at = null`,
  )
}

/** Marks a saved question as right; owners and admins may. Throws `denied` with code `role_too_low`. */
export const verifyQuery = async (tx: TenantTx, name: string, { actor }: QueryContext): Promise<void> => {
  if (actor.role !== 'owner' && actor.role !== 'admin')
    throw denied('role_too_low', 'Only an owner or an admin verifies a question.')
  await savedOf(tx, name)
  await rows(
    tx,
    sql`update workflow.saved_queries set is_verified = true, verified_by = ${actor.memberId}, verified_at = now() where name = ${name} and deleted_at is null`,
  )
}

/** Answers the question saved under this name. */
export const runSaved = async (
  tx: TenantTx,
  name: string,
  context: QueryContext,
): Promise<{ readonly question: Question; readonly answered: Answered }> => {
  const { question } = await savedOf(tx, name)
  return { question, answered: await ask(tx, question, context) }
}

export interface Drift {
  readonly name: string
  readonly drift: 'none' | 'refused' | 'shape'
  /** Code of the refusal, or the names of columns that differ. */
  readonly detail: string
}

/**
 * Puts one verified question again and says whether its answer still has the shape it was saved with. One transaction
 * each: after a refusal by the database nothing else runs in it.
 */
export const checkDrift = async (tx: TenantTx, saved: SavedQuery, context: QueryContext): Promise<Drift> => {
  const { name, question, shape } = saved
  try {
    const now = shapeOf(await ask(tx, question, context))
    const key = (one: ColumnShape): string => `${one.name} ${one.type}`
    const differ = [...shape, ...now].filter(
      (one) => ![shape, now].every((all) => all.some((other) => key(other) === key(one))),
    )
    const isSame = differ.length === 0 && shape.length === now.length
    return {
      name,
      drift: isSame ? 'none' : 'shape',
      detail: differ.map(({ name: column }) => column).join(', '),
    }
  } catch (error) {
    return { name, drift: 'refused', detail: asTactError(error).code }
  }
}
