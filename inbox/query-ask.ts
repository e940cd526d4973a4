import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { asTactError } from '../domain/errors.ts'
import type { ErrorKind, PublicError } from '../domain/errors.ts'
import { localIso } from '../domain/zone.ts'
import { ask, asksForGroups, coverageOf, readQuestion } from '../query/ask.ts'
import type { Answered, Question } from '../query/ask.ts'
import { keepAnswer, replay, runSaved, savedQueries } from '../query/kept.ts'
import type { QueryContext } from '../query/run.ts'
import { publicError } from '../query/repair/suggest.ts'
import { openView, savedViews } from '../query/views.ts'
import { revealTree } from '../redaction/hide.ts'
import { memberName } from '../writeback/show.ts'
import type { Bar } from './chart.ts'
import type { Session } from './session.ts'

export type Value = string | number | boolean | null | readonly string[]

export interface QueryAnswer {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Value[])[]
  readonly words: string
  /** `3 in all`, `20 of 312` … */
  readonly coverage: string
  readonly complete: boolean
  readonly asOf: string
  readonly timezone: string
  readonly sql: string
  readonly notes: readonly string[]
  /** What the person may not see, by kind. */
  readonly excluded: readonly string[]
  /** Groups with a figure, where the answer has them. */
  readonly bars: readonly Bar[]
  readonly barTitle: string
}

export interface Answer {
  readonly ok: true
  readonly answer: QueryAnswer
  /** Under which it is kept. */
  readonly id: string
  /** The question as a text that can be asked again. */
  readonly written: string
  /** Of a question that was put again: when and by whom it was first, and what is not as it was. */
  readonly first?: { readonly at: string; readonly by: string; readonly changes: readonly string[] }
}

export interface SavedNames {
  readonly views: readonly { readonly id: string; readonly name: string; readonly isShared: boolean }[]
  readonly queries: readonly {
    readonly name: string
    readonly wording: string
    readonly isVerified: boolean
  }[]
}

interface Failed {
  readonly ok: false
  readonly error: PublicError
  readonly kind: ErrorKind
}

export type Asked = Answer | Failed
/** An answer that is not kept. */
export type Drawn = Pick<Answer, 'ok' | 'answer'> | Failed

const MOST_BARS = 40

interface Revealed {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly Value[])[]
  readonly completeness: {
    readonly total: number
    readonly returned: number
    readonly complete: boolean
    readonly as_of: string
    readonly timezone: string
    readonly filters_in_words: string
  }
  readonly notes: readonly string[]
  readonly excluded: readonly string[]
}

const labelled = (row: readonly Value[], places: readonly number[]): string =>
  places.map((place) => String(row[place] ?? 'none')).join(', ')

/** Bars of a grouping: what it groups by names them, its first figure is their length. */
const barsOf = ({ columns, rows }: Pick<Revealed, 'columns' | 'rows'>) => {
  const isFigure = (place: number): boolean =>
    rows.length > 0 &&
    rows.every((row) => row[place] === null || typeof row[place] === 'number') &&
    rows.some((row) => row[place] !== null)
  const places = columns.map((_, place) => place)
  const figure = places.findLast((place) => isFigure(place))
  const names = places.filter((place) => !isFigure(place))
  if (figure === undefined || names.length === 0 || rows.length < 2 || rows.length > MOST_BARS)
    return { bars: [], barTitle: '' }
  return {
    bars: rows.map((row) => ({ label: labelled(row, names), value: Number(row[figure] ?? 0) })),
    barTitle: `${columns[figure]!.name} by ${names.map((place) => columns[place]!.name).join(', ')}`,
  }
}

/** Text of a question for its author to go on from. */
const writtenAs = (question: Question): string =>
  'sql' in question
    ? question.sql
    : JSON.stringify('semantic' in question ? question.semantic : question.ast, null, 2)

const shownOf = (question: Question, result: Answered): QueryAnswer => {
  const { columns, rows, completeness, notes, excluded } = revealTree(result) as Revealed
  const chart = asksForGroups(question) ? barsOf({ columns, rows }) : { bars: [], barTitle: '' }
  return {
    columns: columns.map(({ name }) => name),
    rows,
    words: completeness.filters_in_words,
    coverage: coverageOf(question, completeness),
    complete: completeness.complete,
    asOf: completeness.as_of,
    timezone: completeness.timezone,
    sql: result.sql,
    notes,
    excluded,
    ...chart,
  }
}

type Work<T> = (tx: TenantTx, context: QueryContext) => Promise<T>

const within = <T>(database: Database, { actor }: Session, work: Work<T>, readOnly: boolean): Promise<T> =>
  asTenant(
    database,
    actor,
    async (tx) => {
      const workspace = await ownWorkspace(tx)
      return work(tx, { workspace, actor, now: nowOf(workspace) })
    },
    { readOnly },
  )

/** Errors are answered, not thrown; only faults of ours are. */
const orError = async <T>(work: () => Promise<T>, sent?: string): Promise<T | Failed> => {
  try {
    return await work()
  } catch (thrown) {
    const error = asTactError(thrown)
    if (error.kind === 'bug') throw error
    return { ok: false, error: publicError(error, sent), kind: error.kind }
  }
}

interface Found {
  readonly question: Question
  readonly answered: Answered
}

const answerAndKeep = (
  database: Database,
  session: Session,
  find: Work<Found>,
  sent?: string,
): Promise<Asked> =>
  orError(async () => {
    const { question, answered } = await within(database, session, find, true)
    const id = await within(
      database,
      session,
      (tx, context) => keepAnswer(tx, question, answered, context),
      false,
    )
    return { ok: true as const, id, written: writtenAs(question), answer: shownOf(question, answered) }
  }, sent)

/** Answers a question of ours on the person's screen, with names as they are; it is not kept. */
export const drawFor = (database: Database, session: Session, text: string): Promise<Drawn> =>
  orError(async () => {
    const question = readQuestion(text)
    const answered = await within(database, session, (tx, context) => ask(tx, question, context), true)
    return { ok: true as const, answer: shownOf(question, answered) }
  })

/** Answers what a signed-in person wrote, SQL or JSON, with names as they are: this is their own screen. It is kept. */
export const askFor = (database: Database, session: Session, text: string): Promise<Asked> =>
  answerAndKeep(
    database,
    session,
    async (tx, context) => {
      const question = readQuestion(text)
      return { question, answered: await ask(tx, question, context) }
    },
    text,
  )

/** Opens one of the person's views, or a question that is saved under a name. It is kept, as asked. */
export const openFor = (
  database: Database,
  session: Session,
  { view, saved }: { readonly view: string; readonly saved: string },
): Promise<Asked> =>
  answerAndKeep(database, session, (tx, context) =>
    view === '' ? runSaved(tx, saved, context) : openView(tx, view, context),
  )

/** Puts a kept question again, with the rights and the policy of today. */
export const replayFor = (database: Database, session: Session, id: string): Promise<Asked> =>
  orError(() =>
    within(
      database,
      session,
      async (tx, context) => {
        const { question, answered, changes, askedAt, askedBy } = await replay(tx, id, context)
        const first = {
          at: localIso(askedAt.getTime(), context.workspace.timezone),
          by: await memberName(tx, askedBy),
          changes,
        }
        return {
          ok: true as const,
          id,
          written: writtenAs(question),
          answer: shownOf(question, answered),
          first,
        }
      },
      true,
    ),
  )

/** Names under which something can be opened: views of the person or of everybody, then saved questions. */
export const namesFor = (database: Database, session: Session): Promise<SavedNames> =>
  within(
    database,
    session,
    async (tx, context) => ({
      views: (await savedViews(tx, context)).map(({ id, name, isShared }) => ({ id, name, isShared })),
      queries: (await savedQueries(tx)).map(({ name, wording, isVerified }) => ({
        name,
        wording,
        isVerified,
      })),
    }),
    true,
  )
