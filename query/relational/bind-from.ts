import type { From } from './ast.ts'
import { bindExpr } from './bind-expression.ts'
import type { BindQuery } from './bind-expression.ts'
import { HARMLESS } from './lineage.ts'
import { LIMITS } from './limits.ts'
import { didYouMean } from '../../domain/nearest.ts'
import { refuseIn } from './grouping.ts'
import { isPlain, named, refuse } from './refuse.ts'
import type { SchemaTable } from './schema.ts'
import { addSource, newScope } from './scope.ts'
import type { BoundColumn, Scope, Source } from './scope.ts'
import { checkCondition } from './type-of.ts'

export interface BoundFrom {
  readonly from: From
  readonly sources: readonly Source[]
  readonly weight: number
  readonly tables: number
}

/** What a refusal of a table is about. */
export interface EntityAbout {
  readonly entity: string
  readonly ns: string | undefined
  readonly names: readonly string[]
}

const known = new WeakMap<SchemaTable, readonly BoundColumn[]>()

const columnsOf = (table: SchemaTable): readonly BoundColumn[] => {
  const before = known.get(table)
  if (before) return before
  const columns = table.columns.map(({ name, bytes, hide, record, valueType }) => ({
    name,
    bytes,
    weight: 1,
    type: valueType,
    lineage: record === undefined ? { hide, whole: true } : { hide, whole: true, record },
  }))
  known.set(table, columns)
  return columns
}

const renamed = (
  columns: readonly BoundColumn[],
  names: readonly string[] | undefined,
): readonly BoundColumn[] => {
  if (names && names.length > columns.length)
    throw refuse('bad_query', 'More names than columns are given.', { fix: 'Give one name for each column.' })
  return columns.map((column, index) => ({ ...column, name: names?.[index] ?? column.name }))
}
export { renamed as renameColumns }

const bindEntity = (from: Extract<From, { entity: string }>, scope: Scope): BoundFrom => {
  const alias = from.as ?? from.entity
  const cte = from.ns === undefined ? scope.ctes.get(from.entity) : undefined
  const bound = { ...from, as: alias }
  if (cte) {
    const source = { alias, columns: cte.columns.map((column) => ({ ...column })) }
    addSource(scope, source)
    return { from: bound, sources: [source], weight: cte.weight, tables: cte.tables }
  }
  const table = scope.schema.find(from.entity, from.ns)
  if (!table) {
    const names = [...scope.schema.names, ...[...scope.ctes.keys()].filter((name) => isPlain(name))]
    const guesses = didYouMean(
      from.entity,
      names.map((name) => ({ name })),
    )
    throw refuse('unknown_entity', `There is no table${named(from.entity)}.`, {
      fix: guesses[0] ? `Write ${guesses[0]}.` : 'Take one of valid_options.',
      validOptions: names.slice(0, 60),
      didYouMean: guesses,
      about: { entity: from.entity, ns: from.ns, names } satisfies EntityAbout,
    })
  }
  const source = { alias, columns: columnsOf(table), table }
  addSource(scope, source)
  return { from: bound, sources: [source], weight: 1, tables: 1 }
}

const bindSeries = (
  from: Extract<From, { series: unknown }>,
  scope: Scope,
  bindQuery: BindQuery,
): BoundFrom => {
  const bounds = from.series.map((one) => bindExpr(one, scope, bindQuery))
  const cols = from.cols ?? [from.as]
  const columns = [{ name: cols[0]!, bytes: 64, weight: 1, lineage: HARMLESS }]
  const source = { alias: from.as, columns }
  addSource(scope, source)
  const weight = bounds.reduce((total, one) => total + one.weight, 1)
  return {
    from: { series: bounds.map(({ e }) => e), as: from.as, cols },
    sources: [source],
    weight,
    tables: 1,
  }
}

type JoinFrom = Extract<From, { join: string }>

const bindJoin = (from: JoinFrom, scope: Scope, bindQuery: BindQuery): BoundFrom => {
  const left = bindFrom(from.l, scope, bindQuery)
  const right = bindFrom(from.r, scope, bindQuery)
  const sources = [...left.sources, ...right.sources]
  const made: JoinFrom = { ...from, l: left.from, r: right.from }
  const whole = { sources, weight: left.weight + right.weight, tables: left.tables + right.tables }
  if (from.using) {
    for (const name of from.using) {
      const onBoth = [left, right].every((side) =>
        side.sources.some(({ columns }) => columns.some((column) => column.name === name)),
      )
      if (!onBoth)
        throw refuse('unknown_column', `USING names${named(name)}, which both sides do not have.`, {
          fix: 'Write JOIN … ON a.x = b.y.',
        })
      scope.merged.add(name)
    }
    return { ...whole, from: made }
  }
  if (!from.on) return { ...whole, from: made }
  // A condition sees the two sides of its own join and what lies outside the FROM.
  const inner = newScope(scope.schema, scope.parent, scope.ctes)
  inner.sources.push(...sources)
  for (const name of scope.merged) inner.merged.add(name)
  const on = bindExpr(from.on, inner, bindQuery)
  checkCondition({ e: from.on, type: on.type }, 'ON')
  refuseIn(on.e, 'ON')
  return { ...whole, from: { ...made, on: on.e }, weight: whole.weight + on.weight }
}

/** Resolves an item of FROM and puts its tables into the scope. */
export const bindFrom = (from: From, scope: Scope, bindQuery: BindQuery): BoundFrom => {
  if ('entity' in from) return bindEntity(from, scope)
  if ('join' in from) return bindJoin(from, scope, bindQuery)
  if ('series' in from) return bindSeries(from, scope, bindQuery)
  const inner = bindQuery(from.from, from.lateral ? scope : scope.parent)
  const source = { alias: from.as, columns: renamed(inner.columns, from.cols) }
  addSource(scope, source)
  return {
    from: { ...from, from: inner.query },
    sources: [source],
    weight: inner.weight,
    tables: inner.tables,
  }
}

export const withinTables = (tables: number): number => {
  if (tables <= LIMITS.expandedTables) return tables
  throw refuse(
    'too_large_expansion',
    'The query reads too many tables once its WITH items are put in place.',
    {
      fix: 'Refer to each WITH item once or twice.',
    },
  )
}
