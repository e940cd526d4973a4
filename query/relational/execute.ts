import { TactError } from '../../domain/errors.ts'
import { localIso } from '../../domain/zone.ts'
import { sqlStateOf } from '../../db/errors.ts'
import { asAgent, engineOf, runText, savepoint } from '../../db/tenant.ts'
import type { TenantTx, TextResult } from '../../db/tenant.ts'
import type { AnswerColumn } from '../answer.ts'
import type { QueryContext, QueryResult } from '../run.ts'
import { excludedFrom } from '../excluded.ts'
import { GUARDED_NOTE, smallestShown } from '../small-groups.ts'
import { cellsOf, readTitles, rowsWithin } from './answer.ts'
import type { CompiledQuery, CompileOptions } from './compile.ts'
import { crmSchema } from './crm-schema.ts'
import { compileRelational, compileSql } from './compile.ts'
import { explainPlain } from './explain-plain.ts'
import { checkFanOut } from './fan-out.ts'
import { parametersFor } from './generate.ts'
import type { Statement } from './generate.ts'
import { LIMITS } from './limits.ts'
import { isLinear } from './linear.ts'
import { withinListing } from './listing.ts'
import type { PlanStep } from './listing.ts'
import { loadGrammar } from '../parse-sql/read.ts'
import { refuse } from './refuse.ts'

export type RelationalQuestion = { readonly sql: string } | { readonly ast: unknown }

/** Without the planner's estimate: it comes of statistics over all workspaces, and would tell how large the others are. */
export type RelationalResult = Omit<QueryResult, 'entity'>

/** With less time left, a count is not begun. */
const LEAST_COUNT_MS = 50
const STATES: ReadonlyMap<string, readonly [code: string, message: string, fix: string]> = new Map([
  ['22012', ['division', 'The query divides by zero.', 'Write a / nullif(b, 0).']],
  [
    '42803',
    [
      'group_by',
      'A column of the SELECT list is neither grouped nor aggregated.',
      'Add it to GROUP BY, or put it in an aggregate.',
    ],
  ],
  [
    '42883',
    [
      'type_mismatch',
      'A function or operator does not take values of these types.',
      'Cast one side, e.g. x::numeric or x::date.',
    ],
  ],
  [
    '42804',
    ['type_mismatch', 'The types of two values do not go together.', 'Cast one of them, e.g. x::text.'],
  ],
  [
    '42846',
    ['type_mismatch', 'A value cannot be cast to that type.', 'Cast by way of text, or leave the cast out.'],
  ],
  [
    '22P02',
    [
      'type_mismatch',
      'A text is not a value of the type it is compared with or cast to.',
      'Compare with a value of the type of the column.',
    ],
  ],
  ['22007', ['type_mismatch', 'A text is not a date or time.', "Write dates as '2026-10-31'."]],
  ['22008', ['type_mismatch', 'A date or time is out of range.', "Write dates as '2026-10-31'."]],
  ['22003', ['out_of_range', 'A number is out of range.', 'Use smaller numbers.']],
  ['42702', ['ambiguous_column', 'A column name may mean more than one table.', 'Write table.column.']],
  ['42725', ['type_mismatch', 'An operator may mean more than one thing.', 'Cast one side, e.g. x::text.']],
  [
    '42P10',
    [
      'order_by',
      'ORDER BY and DISTINCT do not go together here.',
      'Begin ORDER BY with the columns of DISTINCT ON, or select what you order by.',
    ],
  ],
  ['42P20', ['window', 'A window function may not stand here.', 'Put it in a subquery and filter outside.']],
  [
    '21000',
    ['several_rows', 'A subquery that must give one value gave several rows.', 'Add LIMIT 1, or use IN.'],
  ],
  [
    '42601',
    ['unsupported', 'The query is not complete.', 'Give each subquery one column where one value is needed.'],
  ],
  ['54000', ['query_too_large', 'The query is too large for the database.', 'Ask for less at once.']],
  ['53400', ['too_expensive', 'The query needs more room than it may have.', 'Add a filter.']],
  [
    '57014',
    [
      'timeout',
      'The query was stopped because it took too long.',
      'Ask for less: a shorter period or more filters.',
    ],
  ],
])

const translated = (error: unknown): Error => {
  if (error instanceof TactError) return error
  const state = sqlStateOf(error)
  const known = state === undefined ? undefined : STATES.get(state)
  if (known) return refuse(known[0], known[1], { fix: known[2], cause: error })
  return refuse(
    'refused_by_database',
    `The database could not run this query${state ? ` (${state})` : ''}.`,
    {
      fix: 'Write it in a simpler way.',
      cause: error,
    },
  )
}

const planOf = async (tx: TenantTx, { text, parameters }: Statement): Promise<PlanStep> => {
  const { rows } = await runText(tx, `explain (format json) ${text}`, parameters)
  const raw: unknown = rows[0]?.[0]
  const plans = (typeof raw === 'string' ? JSON.parse(raw) : raw) as readonly { readonly Plan: PlanStep }[]
  return plans[0]!.Plan
}

const costOf = async (tx: TenantTx, statement: Statement): Promise<number> =>
  (await planOf(tx, statement))['Total Cost']

const seriesNote = (query: unknown): readonly string[] =>
  JSON.stringify(query).includes('"series":[') ? [`A series ends after ${LIMITS.seriesRows} rows.`] : []

/** What a text compiles to is decided by the text alone, so it may be kept; the oldest goes first. */
const kept = new Map<string, CompiledQuery>()
const MOST_KEPT = 256
const LONGEST_KEPT = 4_096

const keep = (sql: string, compiled: CompiledQuery): void => {
  if (sql.length > LONGEST_KEPT) return
  kept.set(sql, compiled)
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break
    kept.delete(oldest)
  }
}

/** Compiles a question over the workspace's entities; nothing is run. `loadGrammar` must have ended. */
export const compileQuestion = (
  question: RelationalQuestion,
  { guardsFigures = false }: Pick<CompileOptions, 'guardsFigures'> = {},
): CompiledQuery => {
  const key = 'sql' in question ? `${guardsFigures ? 'guarded' : 'plain'} ${question.sql}` : undefined
  const known = key === undefined ? undefined : kept.get(key)
  if (known) return known
  const schema = crmSchema()
  const options = { rows: LIMITS.rows, guardsFigures }
  const compiled =
    'sql' in question
      ? compileSql(question.sql, schema, options)
      : compileRelational(question.ast, schema, options)
  checkFanOut(compiled.query)
  if (key !== undefined) keep(key, compiled)
  return compiled
}

const askedBy = (tenantId: string, compiled: CompiledQuery): CompiledQuery => {
  const filled = (statement: Statement) => ({
    ...statement,
    parameters: parametersFor(statement, tenantId),
  })
  return { ...compiled, ...filled(compiled), counting: () => filled(compiled.counting()) }
}

/** How many rows there are without our own limit; undefined where nobody can say within the time of the question. */
const totalOf = async (
  tx: TenantTx,
  compiled: CompiledQuery,
  deadlineMs: number,
): Promise<number | undefined> => {
  const timeoutMs = Math.floor(deadlineMs - performance.now())
  if (timeoutMs < LEAST_COUNT_MS) return undefined
  const statement = compiled.counting()
  const count = async (inner: TenantTx): Promise<number | undefined> => {
    const cost = await costOf(inner, statement)
    if (!(cost <= LIMITS.countCost[engineOf(tx)])) return undefined
    const { rows } = await runText(inner, statement.text, statement.parameters)
    return Number(rows[0]?.[0] ?? 0)
  }
  try {
    return await savepoint(tx, count, { timeoutMs })
  } catch (error) {
    // The rows are there; what went wrong lies in rows that nobody asked to see. A lost connection is another matter.
    if (sqlStateOf(error) === undefined) throw translated(error)
    return undefined
  }
}

const runWithin = async (tx: TenantTx, compiled: CompiledQuery): Promise<TextResult> => {
  try {
    // The embedded engine ends a statement with its whole thread, so there nothing runs unforeseen.
    if (engineOf(tx) === 'embedded' || !isLinear(compiled.query)) {
      const plan = await planOf(tx, compiled)
      withinListing(compiled.query, plan)
      if (!(plan['Total Cost'] <= LIMITS.cost[engineOf(tx)]))
        throw refuse(
          'too_expensive',
          'The database expects more work of this query than a question may cause.',
          { fix: 'Add a filter, join on keys, or aggregate before joining.' },
        )
    }
    return await runText(tx, compiled.text, compiled.parameters)
  } catch (error) {
    throw translated(error)
  }
}

/**
 * Answers SQL or the relational form inside a read-only transaction of the tenant. Rows hold Secrets wherever a value may
 * name somebody; `complete` is exact. Throws user errors that hold neither data nor the database's own text.
 */
export const runRelational = async (
  tx: TenantTx,
  question: RelationalQuestion,
  { workspace, now }: QueryContext,
): Promise<RelationalResult> => {
  const { timezone } = workspace
  await loadGrammar()
  const guardsFigures = smallestShown(workspace.policy) > 0
  const compiled = askedBy(workspace.id, compileQuestion(question, { guardsFigures }))
  const timeoutMs = LIMITS.timeoutMs[engineOf(tx)]
  const deadlineMs = performance.now() + timeoutMs
  return asAgent(tx, (inner) => answerOf(inner, compiled, { timezone, now, deadlineMs }), {
    limits: { timeoutMs, timezone },
  })
}

const answerOf = async (
  tx: TenantTx,
  compiled: CompiledQuery,
  {
    timezone,
    now,
    deadlineMs,
  }: { readonly timezone: string; readonly now: Date; readonly deadlineMs: number },
): Promise<RelationalResult> => {
  const found = await runWithin(tx, compiled)
  const returned = Math.min(rowsWithin(found.rows, LIMITS.resultBytes), compiled.limit)
  const page = { ...found, rows: found.rows.slice(0, returned) }
  const asked = compiled.query.limit?.lit
  const hasMore = found.rows.length > returned && !(asked !== undefined && returned >= asked)
  const counted = hasMore ? await totalOf(tx, compiled, deadlineMs) : returned
  const titles = await readTitles(tx, compiled, page.rows)
  return {
    columns: compiled.columns.map((column, index): AnswerColumn => ({
      name: column.name,
      type: typeOf(found.columns[index]!.type),
      hide: column.lineage.hide === 'literal' ? 'text' : column.lineage.hide,
    })),
    rows: cellsOf(compiled.columns, page, titles, timezone),
    completeness: {
      total: counted ?? returned + 1,
      returned,
      complete: !hasMore,
      next_cursor: null,
      as_of: localIso(now.getTime(), timezone),
      timezone,
      filters_in_words: explainPlain(compiled.query),
    },
    sql: compiled.text,
    sources: [],
    notes: [
      ...(hasMore
        ? [
            counted === undefined
              ? `There are more rows than the ${returned} here, too many to count them: \`total\` is the least there are. Aggregate in the query, or filter.`
              : `These are the first ${returned} of ${counted} rows: aggregate in the query, or filter.`,
          ]
        : []),
      ...(compiled.isGuarded ? [GUARDED_NOTE] : []),
      ...seriesNote(compiled.query),
    ],
    excluded: excludedFrom(compiled.text),
  }
}

const typeOf = (name: string): AnswerColumn['type'] => {
  if (/^(bigint|smallint|integer|real|double|numeric)$/.test(name)) return 'number'
  if (name === 'date' || name === 'boolean') return name
  return name.startsWith('timestamp') ? 'timestamp' : 'text'
}
