import type { Schema, SchemaTable } from '../relational/schema.ts'
import { depthsOf, isMark, isWord } from './pieces.ts'
import type { Piece } from './pieces.ts'
import type { Block } from './clauses.ts'
import { spanOf } from './clauses.ts'

/** A table of a FROM and what it is called there. */
export interface Named {
  readonly alias: string
  readonly table: SchemaTable
  /** Where the name of the table stands. */
  readonly at: number
  /** The first piece behind it and its alias. */
  readonly end: number
}

const BEHIND =
  /^(?:on|using|where|join|left|right|inner|full|cross|natural|group|order|having|limit|union|except|intersect|set|as|qualify|window|offset|fetch|lateral)$/i

/** The tables of the schema that stand in a FROM, by the names they have there. */
export const tablesOf = (pieces: readonly Piece[], block: Block, schema: Schema): readonly Named[] => {
  const from = spanOf(block, 'from')
  if (!from) return []
  const depths = depthsOf(pieces)
  const depth = depths[block.start]!
  const found: Named[] = []
  for (let at = from.at; at < from.to; at += 1) {
    const isStart = isWord(pieces[at], 'from', 'join') || isMark(pieces[at], ',')
    const name = pieces[at + 1]
    if (!isStart || depths[at] !== depth || name?.kind !== 'word' || at + 1 >= from.to) continue
    const table = schema.find(name.text.toLowerCase(), undefined)
    if (!table) continue
    const aliasAt = isWord(pieces[at + 2], 'as') ? at + 3 : at + 2
    const alias = aliasAt < from.to ? pieces[aliasAt] : undefined
    const has = alias?.kind === 'word' && !BEHIND.test(alias.text)
    found.push({
      alias: has ? alias.text : name.text,
      table,
      at: at + 1,
      end: has ? aliasAt + 1 : at + 2,
    })
  }
  return found
}

const columnNames = (table: SchemaTable): readonly string[] => table.columns.map(({ name }) => name)

const singular = (name: string): string =>
  name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/s$/, '')

/**
 * Conditions by which a table may be joined to another, likeliest first: by links of the catalog, then by names (`x.id`
 * with `y.x_id`, a key of the same name on both sides).
 */
export const joinsBetween = (
  a: { readonly alias: string; readonly table: SchemaTable },
  b: { readonly alias: string; readonly table: SchemaTable },
): readonly string[] => {
  const made: { readonly on: string; readonly rank: number }[] = []
  const linked = (from: typeof a, to: typeof a): void => {
    const key = to.table.key
    for (const column of from.table.columns) {
      const isOwnKey = column.name === from.table.key
      if (!isOwnKey && key !== undefined && column.record === to.table.name)
        made.push({ on: `${from.alias}.${column.name} = ${to.alias}.${key}`, rank: 0 })
      for (const id of ['id', `${singular(to.table.name)}_id`, '_id'])
        if (
          column.record === undefined &&
          columnNames(to.table).includes(id) &&
          (column.name === `${singular(to.table.name)}_id` || column.name === `${to.table.name}_id`) &&
          (id !== column.name || to.table.key === id)
        )
          made.push({ on: `${from.alias}.${column.name} = ${to.alias}.${id}`, rank: 1 })
    }
  }
  linked(a, b)
  linked(b, a)
  if (!a.table.columns.some(({ record }) => record !== undefined))
    for (const name of columnNames(a.table))
      if (columnNames(b.table).includes(name)) {
        const isKey = name === a.table.key || name === b.table.key
        const rank = isKey ? 1 : name.endsWith('id') ? 2 : 5
        if (!COMMON.has(name)) made.push({ on: `${a.alias}.${name} = ${b.alias}.${name}`, rank })
      }
  // A link by part of a name: `sbtxcustid` with `sbcustid`.
  if (made.length === 0)
    for (const left of columnNames(a.table))
      for (const right of columnNames(b.table)) {
        const isLink =
          left.endsWith('id') && right.endsWith('id') && (right === b.table.key || left === a.table.key)
        const [short, long] = left.length < right.length ? [left, right] : [right, left]
        const stem = short.replace(/_?id$/, '')
        if (isLink && stem.length > 1 && long !== short && endsLike(long, short))
          made.push({ on: `${a.alias}.${left} = ${b.alias}.${right}`, rank: 3 })
      }
  return [...new Set(made.toSorted((x, y) => x.rank - y.rank).map(({ on }) => on))]
}

/** Columns that many tables have, and that join nothing. */
const COMMON = new Set(
  'id name title type status date description created_at updated_at deleted_at notes'.split(' '),
)

const endsLike = (long: string, short: string): boolean => {
  for (let cut = 0; cut <= 3 && cut < short.length - 3; cut += 1)
    if (long.endsWith(short.slice(cut))) return true
  return false
}
