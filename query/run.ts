import type { Actor } from '../domain/actor.ts'
import type { Completeness } from '../domain/completeness.ts'
import { named } from '../domain/pii.ts'
import type { Secret } from '../domain/pii.ts'
import { entityOf } from '../db/catalog/all.ts'
import { asAgent, runText } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import { makeAnswer } from './answer.ts'
import type { AnswerColumn } from './answer.ts'
import type { Query } from './ast.ts'
import type { BoundQuery } from './bound.ts'
import { rawText, recordCell } from './cells.ts'
import type { Cell } from './cells.ts'
import { compile, compileTotal } from './compile.ts'
import type { Compiled } from './compile-select.ts'
import { askedIn, excludedFrom } from './excluded.ts'
import { explain, recordsIn, sayWords } from './explain.ts'
import type { Titles } from './explain.ts'
import { displayOf } from './fields.ts'
import { remarksOn } from './remarks.ts'
import { smallestShown } from './small-groups.ts'
import { userError } from '../domain/errors.ts'
import { resolveEntity } from './paths.ts'
import type { Clock } from './periods.ts'
import { cursorAt, resolveQuery } from './resolve.ts'
import { sqlOf } from './sql-writer.ts'
import { localIso } from '../domain/zone.ts'

export interface QueryContext {
  readonly workspace: Workspace
  readonly actor: Actor
  readonly now: Date
}

export interface QueryResult {
  readonly entity: string
  readonly columns: readonly AnswerColumn[]
  readonly rows: readonly (readonly Cell[])[]
  readonly completeness: Omit<Completeness, 'filters_in_words'> & {
    readonly filters_in_words: string | Secret
  }
  /** The statement as it ran; its texts are parameters and stay out of it. */
  readonly sql: string
  readonly sources: readonly { readonly id: Secret; readonly what: string }[]
  readonly notes: readonly string[]
  /** What the asker may not see and so is left out, by kind; said whether or not there is any. */
  readonly excluded: readonly string[]
}

const SOURCES = 20

const titlesOf = async (tx: TenantTx, bound: BoundQuery): Promise<Titles> => {
  const titles = new Map<string, Secret | string>()
  for (const [name, ids] of recordsIn(bound.where)) {
    if (ids.size === 0) continue
    const entity = entityOf(name)
    const places = [...ids].map((_, index) => `$${index + 1}::uuid`).join(', ')
    const text = `select t.id, ${sqlOf(displayOf(entity).sql, 't')} from ${entity.viewName} t where t.id in (${places}) and t.deleted_at is null`
    const { rows } = await runText(tx, text, [...ids])
    for (const [id, title] of rows) {
      const cell = recordCell(name, id, title)
      if (cell !== null) titles.set(String(id), cell)
    }
  }
  return titles
}

const sourcesOf = (
  bound: BoundQuery,
  compiled: Compiled,
  rows: readonly (readonly unknown[])[],
  clock: Clock,
): QueryResult['sources'] => {
  const { source } = compiled
  const entity = entityOf(bound.entity)
  const { handle } = entity
  if (!source || !handle) return []
  return rows.slice(0, SOURCES).map((row) => {
    const date = source.date === null ? null : row[source.date]
    const when =
      typeof date === 'string' ? `, ${localIso(Date.parse(date), clock.timezone).slice(0, 10)}` : ''
    const title = rawText(row[source.title]).trim() || `unnamed ${entity.one}`
    const record = { entity: entity.name, id: String(row[source.id]) }
    return { id: named(handle, record, title), what: `${entity.one}${when}` }
  })
}

/** The time zone a question asks for. Throws `bad_timezone`. */
const zoneOf = ({ timezone }: Query): string | undefined => {
  if (timezone === undefined) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone
  } catch (cause) {
    throw userError('bad_timezone', 'The time zone of the question does not exist.', {
      at: 'timezone',
      fix: 'Write an IANA name such as Europe/Berlin, or leave it out.',
      cause,
    })
  }
}

/** Names resolved and SQL made, nothing run. */
export const planQuery = (query: Query, { workspace, actor, now }: QueryContext) => {
  const timezone = zoneOf(query) ?? workspace.timezone
  const clock: Clock = { now, timezone, fiscalMonth: workspace.fiscalYearMonth }
  const notes = new Set<string>()
  const entity = resolveEntity(query.find, { at: 'find', notes })
  const asked = resolveQuery(query, entity, { actor, clock }, notes)
  const { shows } = asked
  const smallest = smallestShown(workspace.policy)
  const bound = shows.kind === 'groups' ? { ...asked, shows: { ...shows, smallest } } : asked
  return { clock, bound, compiled: compile(bound, clock) }
}

/**
 * Answers a question inside the tenant's transaction. Rows hold Secrets wherever a value may name somebody;
 * `completeness` counts every match. Throws user errors (unknown names, values that do not hold, `fan_out` …).
 */
export const runQuery = (tx: TenantTx, query: Query, context: QueryContext): Promise<QueryResult> =>
  asAgent(tx, (inner) => answerOf(inner, query, context))

const answerOf = async (tx: TenantTx, query: Query, context: QueryContext): Promise<QueryResult> => {
  const { clock, bound, compiled } = planQuery(query, context)
  const { currency } = context.workspace
  const { timezone } = clock
  const found = await runText(tx, compiled.text, compiled.parameters)
  const hasMore = found.rows.length > bound.limit
  const page = hasMore ? found.rows.slice(0, bound.limit) : found.rows
  const answer = makeAnswer(bound, compiled, page, { timezone, currency })
  const total = await totalOf(tx, bound, clock, { hasMore, returned: answer.rows.length })
  const titles = await titlesOf(tx, bound)
  return {
    entity: bound.entity,
    columns: answer.columns,
    rows: answer.rows,
    completeness: {
      total,
      returned: answer.rows.length,
      complete: !hasMore && bound.offset === 0,
      next_cursor: hasMore ? cursorAt(query, bound.offset + bound.limit) : null,
      as_of: localIso(clock.now.getTime(), timezone),
      timezone,
      filters_in_words: sayWords(explain(bound, clock, titles)),
    },
    sql: compiled.text,
    sources: sourcesOf(bound, compiled, page, clock),
    notes: [...bound.notes, ...answer.notes, ...(await remarksOn(tx, bound, clock, total))],
    excluded: excludedFrom(compiled.text, askedIn(bound)),
  }
}

const totalOf = async (
  tx: TenantTx,
  bound: BoundQuery,
  clock: Clock,
  page: { readonly hasMore: boolean; readonly returned: number },
): Promise<number> => {
  if (!page.hasMore && (page.returned > 0 || bound.offset === 0)) return bound.offset + page.returned
  const { text, parameters } = compileTotal(bound, clock)
  const { rows } = await runText(tx, text, parameters)
  return Number(rows[0]?.[0] ?? 0)
}
