import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { asTactError } from '../domain/errors.ts'
import type { ErrorKind, PublicError } from '../domain/errors.ts'
import { ask, asksForGroups, coverageOf, readQuestion } from '../query/ask.ts'
import { revealTree } from '../redaction/hide.ts'
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
  /** Groups with a figure, where the answer has them. */
  readonly bars: readonly Bar[]
  readonly barTitle: string
}

export type Asked =
  | { readonly ok: true; readonly answer: QueryAnswer }
  | { readonly ok: false; readonly error: PublicError; readonly kind: ErrorKind }

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

/**
 * Answers what a signed-in person wrote, SQL or JSON, with names as they are: this is their own screen. Errors are
 * answered, not thrown; only faults of ours are.
 */
export const askFor = async (database: Database, { actor }: Session, text: string): Promise<Asked> => {
  try {
    const question = readQuestion(text)
    const result = await asTenant(
      database,
      actor,
      async (tx) => {
        const workspace = await ownWorkspace(tx)
        return ask(tx, question, { workspace, actor, now: nowOf(workspace) })
      },
      { readOnly: true },
    )
    const { columns, rows, completeness, notes } = revealTree(result) as Revealed
    const chart = asksForGroups(question) ? barsOf({ columns, rows }) : { bars: [], barTitle: '' }
    return {
      ok: true,
      answer: {
        columns: columns.map(({ name }) => name),
        rows,
        words: completeness.filters_in_words,
        coverage: coverageOf(question, completeness),
        complete: completeness.complete,
        asOf: completeness.as_of,
        timezone: completeness.timezone,
        sql: result.sql,
        notes,
        ...chart,
      },
    }
  } catch (thrown) {
    const error = asTactError(thrown)
    if (error.kind === 'bug') throw error
    return { ok: false, error: error.toPublic(), kind: error.kind }
  }
}
