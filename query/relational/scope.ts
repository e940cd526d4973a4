import { didYouMean } from '../../domain/nearest.ts'
import type { Column, Expr } from './ast.ts'
import type { Lineage } from './lineage.ts'
import { isPlain, named, refuse } from './refuse.ts'
import type { Schema, SchemaTable } from './schema.ts'
import { writtenAs } from './value-types.ts'
import type { ValueType } from './value-types.ts'

export interface BoundColumn {
  readonly name: string
  readonly bytes: number
  /** Nodes of the expression behind it, once the planner has put it in its place. */
  readonly weight: number
  readonly lineage: Lineage
  readonly type?: ValueType | undefined
}

/** One table of a FROM clause under its alias. */
export interface Source {
  readonly alias: string
  readonly columns: readonly BoundColumn[]
  readonly table?: SchemaTable
}

/** A WITH item, or a whole query, as seen from outside. */
export interface Relation {
  readonly columns: readonly BoundColumn[]
  readonly weight: number
  readonly tables: number
}

export interface Scope {
  readonly schema: Schema
  readonly parent: Scope | undefined
  readonly ctes: ReadonlyMap<string, Relation>
  readonly sources: Source[]
  /** Columns that USING has merged. */
  readonly merged: Set<string>
  /** Names of the SELECT list while a clause is read that does not see them. */
  readonly labels: Map<string, Expr>
}

export const newScope = (
  schema: Schema,
  parent: Scope | undefined,
  ctes: ReadonlyMap<string, Relation>,
): Scope => ({ schema, parent, ctes, sources: [], merged: new Set(), labels: new Map() })

export const addSource = (scope: Scope, source: Source): void => {
  if (scope.sources.some(({ alias }) => alias === source.alias))
    throw refuse(
      'duplicate_alias',
      `Two tables of one FROM are called${named(source.alias) || ' the same'}.`,
      {
        fix: 'Give each its own alias.',
      },
    )
  scope.sources.push(source)
}

const scopes = (scope: Scope): readonly Scope[] => {
  const all: Scope[] = []
  for (let here: Scope | undefined = scope; here; here = here.parent) all.push(here)
  return all
}

export interface Found {
  readonly col: Column
  readonly column: BoundColumn
  readonly source: Source | undefined
}

/** What a refusal of a name is about: the name as asked, and the tables it was looked for in. */
export interface NameAbout {
  readonly col: Column['col']
  readonly sources: readonly Source[]
}

/** A name of the SELECT list where it is not seen yet. */
const unseenLabel = (name: string, behind: Expr): Error => {
  const written = writtenAs(behind)
  return refuse(
    'unseen_label',
    `${named(name).trim() || 'This'} is a name of the SELECT list, which this clause does not see.`,
    {
      fix: `Repeat the expression itself${written === undefined ? '' : `, ${written}`} (an aggregate in HAVING), or filter around a subquery.`,
      didYouMean: written === undefined ? [] : [written],
      about: { col: [name], sources: [] } satisfies NameAbout,
    },
  )
}

const unknownColumn = (scope: Scope, col: Column['col'], sources: readonly Source[]): Error => {
  const name = col.at(-1)!
  const here = sources.flatMap(({ alias, columns }) =>
    columns.flatMap(({ name: own }) => (isPlain(alias, own) ? [`${alias}.${own}`] : [])),
  )
  const elsewhere = scope.schema.tablesWith(name)
  const guesses = didYouMean(
    name,
    here.map((one) => ({ name: one })),
  )
  const place =
    elsewhere.length > 0 && elsewhere.length <= 8 ? ` It is a column of ${elsewhere.join(', ')}.` : ''
  const wasQuoted = name !== name.toLowerCase() || !/^[a-z_]\w*$/.test(name)
  return refuse('unknown_column', `There is no column${named(name)} in this FROM.${place}`, {
    fix:
      wasQuoted && guesses.length === 0
        ? 'Put texts in single quotes: double quotes are for names.'
        : elsewhere.length > 0
          ? `Join ${elsewhere[0]!} to reach it.`
          : guesses[0] === undefined
            ? 'Take one of valid_options.'
            : `Write ${guesses[0]}.`,
    validOptions: here.slice(0, 40),
    didYouMean: guesses,
    about: { col, sources } satisfies NameAbout,
  })
}

const qualified = (scope: Scope, alias: string, name: string): Found => {
  for (let here: Scope | undefined = scope; here; here = here.parent) {
    const source = here.sources.find((one) => one.alias === alias)
    if (!source) continue
    const column = source.columns.find((one) => one.name === name)
    if (column) return { col: { col: [alias, name] }, column, source }
    throw unknownColumn(scope, [alias, name], [source])
  }
  const plain = scopes(scope).flatMap((one) => one.sources.filter((source) => isPlain(source.alias)))
  const aliases = plain.map((source) => source.alias)
  const hidden = plain.filter(({ table }) => table?.name === alias)
  const starting = aliases.filter((one) => one.length > 2 && (alias.startsWith(one) || one.startsWith(alias)))
  const guesses = [
    ...new Set([
      ...hidden.map((one) => one.alias),
      ...didYouMean(
        alias,
        aliases.map((one) => ({ name: one })),
      ),
      ...starting,
    ]),
  ]
  throw refuse('unknown_alias', `There is no table or alias${named(alias)} in this FROM.`, {
    fix: guesses[0] ? `Write ${guesses[0]}.` : 'Use an alias of this FROM, or join the table.',
    validOptions: aliases,
    didYouMean: guesses,
    about: { col: [alias, name], sources: scopes(scope).flatMap((one) => one.sources) } satisfies NameAbout,
  })
}

/** The column a name stands for; undefined where no table has it. */
export const findBare = (scope: Scope, name: string): Found | undefined => {
  for (let here: Scope | undefined = scope; here; here = here.parent) {
    const hits: { readonly source: Source; readonly column: BoundColumn }[] = []
    for (const source of here.sources)
      for (const column of source.columns) if (column.name === name) hits.push({ source, column })
    const [hit] = hits
    if (!hit) continue
    if (here.merged.has(name)) return { col: { col: [name] }, column: hit.column, source: undefined }
    if (hits.length === 1)
      return { col: { col: [hit.source.alias, name] }, column: hit.column, source: hit.source }
    throw refuse('ambiguous_column', `More than one table has a column${named(name)}.`, {
      fix: isPlain(hit.source.alias, name)
        ? `Write ${hit.source.alias}.${name}.`
        : 'Write the name of its table before it.',
      didYouMean: hits.flatMap(({ source }) =>
        isPlain(source.alias, name) ? [`${source.alias}.${name}`] : [],
      ),
      about: { col: [name], sources: hits.map(({ source }) => source) } satisfies NameAbout,
    })
  }
  return undefined
}

/** Resolves a column, or throws `unknown_column`, `unknown_alias`, `ambiguous_column` or `whole_row`. */
export const findColumn = (scope: Scope, { col }: Column): Found => {
  if (col.length === 2) return qualified(scope, col[0], col[1])
  const found = findBare(scope, col[0])
  if (found) return found
  const all = scopes(scope).flatMap((one) => one.sources)
  if (all.some(({ alias }) => alias === col[0]))
    throw refuse('whole_row', `${named(col[0]).trim() || 'This'} is a table, not a column.`, {
      fix: 'Name the columns you need.',
      about: { col, sources: all } satisfies NameAbout,
    })
  const label = scope.labels.get(col[0])
  throw label ? unseenLabel(col[0], label) : unknownColumn(scope, col, all)
}
