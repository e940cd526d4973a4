import type { From, Item, Query, Select } from './ast.ts'
import { isOneRow } from './grouping.ts'
import { labelOf } from './labels.ts'
import type { Schema } from './schema.ts'

/** Holds what a record is called. No asker can name it: it is in no list of columns. */
export const TITLE = 'title of the record'

export interface TitledQuery {
  readonly query: Query
  /** Where the title of the record stands whose id is in that column. */
  readonly titleAt: ReadonlyMap<number, number>
}

/** Queries in FROM by their alias, and tables by theirs. */
interface Inside {
  readonly schema: Schema
  readonly tables: Map<string, string>
  readonly queries: Map<string, Query>
  /** What stands in the place of a query once it gives titles. */
  readonly titled: Map<string, Query>
}

const look = (from: From, inside: Inside): void => {
  if ('join' in from) {
    look(from.l, inside)
    look(from.r, inside)
  } else if ('entity' in from) {
    if (from.ns === undefined) inside.tables.set(from.as ?? from.entity, from.entity)
  } else if ('from' in from && from.cols === undefined && from.lateral !== true)
    inside.queries.set(from.as, from.from)
}

/** A column would change what groups, DISTINCT and set operations mean. */
const mayGrow = (query: Query): query is Query & { readonly body: Select } =>
  !('set' in query.body) && !query.body.group && !query.body.distinct && !isOneRow(query.body)

const put = (from: From, titled: ReadonlyMap<string, Query>): From => {
  if ('join' in from) return { ...from, l: put(from.l, titled), r: put(from.r, titled) }
  const inner = 'from' in from ? titled.get(from.as) : undefined
  return inner ? { ...from, from: inner } : from
}

/** The query with the title of the record that `item` gives the id of as one more column; undefined where it has none. */
const titleOf = (alias: string, name: string, inside: Inside): string | undefined => {
  const table = inside.tables.get(alias)
  if (table !== undefined)
    return name === 'id' && inside.schema.find(table, undefined)?.isTitled ? TITLE : undefined
  const inner = inside.titled.get(alias) ?? inside.queries.get(alias)
  if (!inner || !mayGrow(inner)) return undefined
  const { select } = inner.body
  const at = select.findIndex((item) => 'e' in item && (item.as ?? labelOf(item.e)) === name)
  const grown = at < 0 ? undefined : grow(inner, [at], inside.schema)
  if (!grown || grown.titleAt.size === 0) return undefined
  inside.titled.set(alias, grown.query)
  const title = (grown.query.body as Select).select[grown.titleAt.get(at)!]!
  return 'as' in title ? title.as : undefined
}

const grow = (query: Query, places: readonly number[], schema: Schema): TitledQuery => {
  const titleAt = new Map<number, number>()
  if (!mayGrow(query)) return { query, titleAt }
  const inside: Inside = {
    schema,
    tables: new Map(),
    queries: new Map(),
    titled: new Map(),
  }
  for (const from of query.body.from ?? []) look(from, inside)
  const select: Item[] = [...query.body.select]
  for (const at of places) {
    const item = select[at]
    if (!item || !('e' in item) || !('col' in item.e) || item.e.col.length !== 2) continue
    const [alias, name] = item.e.col
    const title = titleOf(alias, name, inside)
    if (title === undefined) continue
    titleAt.set(at, select.length)
    select.push({ e: { col: [alias, title] }, as: `${TITLE} ${select.length}` })
  }
  if (titleAt.size === 0) return { query, titleAt }
  const from = query.body.from?.map((one) => put(one, inside.titled))
  return { query: { ...query, body: { ...query.body, select, ...(from && { from }) } }, titleAt }
}

/**
 * The same rows, with the title of each record beside its id where both stand in one row of a table: a list then needs no
 * second query for its names. `query` is bound, so every column says where it comes from.
 */
export const withTitles = (query: Query, schema: Schema): TitledQuery => {
  if (!mayGrow(query)) return { query, titleAt: new Map() }
  return grow(query, [...query.body.select.keys()], schema)
}
