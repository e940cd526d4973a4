import { readSql } from '../parse-sql/read.ts'
import type { Query } from './ast.ts'
import { bind } from './bind.ts'
import { withRewrite } from '../repair/suggest.ts'
import { check } from './check.ts'
import { outputsOf } from './figures.ts'
import { guardFigures } from './guard-figures.ts'
import { checkFanOut } from './fan-out.ts'
import { generate, generateCapped, generateCounting } from './generate.ts'
import type { Statement } from './generate.ts'
import { LIMITS } from './limits.ts'
import { preflight, readRelational } from './read-json.ts'
import { validate } from './read-back.ts'
import { refuse } from './refuse.ts'
import { sameQuery } from './same.ts'
import type { Schema } from './schema.ts'
import type { BoundColumn } from './scope.ts'
import { withTitles } from './titled.ts'
import type { TitledQuery } from './titled.ts'

export interface CompiledQuery extends Statement, Pick<TitledQuery, 'titleAt'> {
  /** As asked; behind them a row may hold titles. */
  readonly columns: readonly BoundColumn[]
  /** As asked, with every name resolved. */
  readonly query: Query
  /** Rows the asker wanted at most. */
  readonly limit: number
  /** Whether amounts of small groups were left out of what runs. */
  readonly isGuarded: boolean
  /** Counts the rows that the question has without our own limit. */
  counting(): Statement
}

export interface CompileOptions {
  /** Rows to return at most; one more is asked for, to know that there are more. Without it, as many as asked. */
  readonly rows?: number
  /** Amounts are shown of groups that are large enough, and of no single record. */
  readonly guardsFigures?: boolean
}

/** Single amounts are hidden whatever their column is called. */
const hidden = (columns: readonly BoundColumn[], query: Query, schema: Schema): readonly BoundColumn[] => {
  const outputs = outputsOf(query, { sources: [], parent: undefined, ctes: new Map(), schema })
  return columns.map((column, at) =>
    outputs[at]!.trace === undefined ? column : { ...column, lineage: { hide: 'AMOUNT', whole: false } },
  )
}

const compile = (asked: Query, schema: Schema, options: CompileOptions): CompiledQuery => {
  preflight(asked)
  check(asked)
  const { query, columns } = bind(asked, schema)
  if (columns.length > LIMITS.columns)
    throw refuse('query_too_large', `At most ${LIMITS.columns} columns.`, {
      fix: 'Name the columns you need.',
    })
  validate(query)
  const run = options.guardsFigures ? guardFigures(query, schema) : query
  if (run !== query) validate(run)
  const limit = Math.min(query.limit?.lit ?? Infinity, options.rows ?? Infinity)
  const titled = withTitles(run, schema)
  return {
    ...(options.rows === undefined
      ? generate(titled.query, schema)
      : generateCapped(titled.query, schema, limit + 1)),
    titleAt: titled.titleAt,
    columns: options.guardsFigures ? hidden(columns, query, schema) : columns,
    query,
    isGuarded: run !== query && !sameQuery(run, query),
    limit,
    counting: () => generateCounting(run, schema),
  }
}

/**
 * SQL text, checked, bound and written again. `loadGrammar` must have ended. What it is refused with holds a text that
 * would compile, where one is near.
 */
export const compileSql = (sql: string, schema: Schema, options: CompileOptions = {}): CompiledQuery => {
  try {
    return compile(readSql(sql), schema, options)
  } catch (error) {
    throw withRewrite(error, sql, schema, (text, places) => {
      checkFanOut(compile(readSql(text, { places }), schema, {}).query)
    })
  }
}

/** Relational JSON, likewise. */
export const compileRelational = (
  json: unknown,
  schema: Schema,
  options: CompileOptions = {},
): CompiledQuery => compile(readRelational(json), schema, options)
