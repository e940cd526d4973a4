import type { EntityAbout } from '../relational/bind-from.ts'
import type { NameAbout } from '../relational/scope.ts'
import { blockAround, blocksOf, clauseAt, itemsOf, spacedFirst, spanOf } from './clauses.ts'
import type { Block } from './clauses.ts'
import { withoutSchemas } from './dialect.ts'
import { asText, inPlaceOf, isMark, isWord, piecesAlike, spliced, written } from './pieces.ts'
import type { Piece } from './pieces.ts'
import { likeliest } from './similar.ts'
import type { Fix } from './state.ts'
import { joinsBetween, tablesOf } from './tables.ts'

const MOST = 6
const PLAIN = /^[a-z_][a-z0-9_]*$/
const inSql = (name: string): string => (PLAIN.test(name) ? name : `"${name.replaceAll('"', '""')}"`)

const nameOf = (piece: Piece | undefined): string | undefined => {
  if (piece?.kind === 'word') return piece.text.toLowerCase()
  return piece?.kind === 'quoted' ? piece.text.slice(1, -1).replaceAll('""', '"') : undefined
}

/** The places where a column is named, with its table or alone. */
const usesOf = (pieces: readonly Piece[], col: NameAbout['col']): readonly number[] =>
  pieces.flatMap((piece, at): readonly number[] => {
    const isBehindDot = isMark(pieces[at - 1], '.')
    if (nameOf(piece) !== col.at(-1) || isMark(pieces[at + 1], '(', '.') || isWord(pieces[at - 1], 'as'))
      return []
    if (col.length === 1) return isBehindDot ? [] : [at]
    return isBehindDot && nameOf(pieces[at - 2]) === col[0] ? [at] : []
  })

const replaced = (
  pieces: readonly Piece[],
  places: readonly number[],
  by: { readonly alias?: string; readonly name: string },
  isQualified: boolean,
): readonly Piece[] => {
  let made = pieces
  for (const at of places.toReversed()) {
    if (isQualified && by.alias !== undefined)
      made = spliced(made, at - 2, 3, inPlaceOf(made[at - 2]!, `${inSql(by.alias)}.${inSql(by.name)}`))
    else {
      const name =
        by.alias === undefined || isQualified ? inSql(by.name) : `${inSql(by.alias)}.${inSql(by.name)}`
      made = spliced(made, at, 1, inPlaceOf(made[at]!, name))
    }
  }
  return made
}

/** A name of the SELECT list where it is not seen: what it stands for, written out. */
function* writtenOut(pieces: readonly Piece[], name: string): Generator<readonly Piece[]> {
  for (const block of blocksOf(pieces)) {
    const item = itemsOf(pieces, block).find(({ label }) => nameOf(label) === name)
    if (!item || item.pieces.length === 0) continue
    const list = spanOf(block, 'select')!
    const all = usesOf(pieces, [name]).filter(
      (at) => at >= list.to && at < block.end && clauseAt(block, at) !== 'from',
    )
    // GROUP BY and ORDER BY see the names of the SELECT list, where they stand alone.
    const hidden = all.filter((at) => !['group', 'order'].includes(clauseAt(block, at) ?? ''))
    const places = hidden.length > 0 ? hidden : all
    if (places.length === 0) continue
    const isShort = item.pieces.length === 1 || isMark(item.pieces.at(-1), ')')
    const body = isShort ? spacedFirst(item.pieces) : [...written('('), ...item.pieces, ...written(')')]
    let made = pieces
    for (const at of places.toReversed()) made = spliced(made, at, 1, body)
    yield made
  }
}

/** Another table put into the FROM, by a join to one that is there. */
function* joined(
  failed: Parameters<Fix>[0],
  block: Block | undefined,
  wanted: { readonly table: string; readonly alias: string },
): Generator<readonly Piece[]> {
  const { pieces, schema } = failed
  const table = schema.find(wanted.table, undefined)
  const from = block && spanOf(block, 'from')
  if (!table || !block || !from) return
  for (const there of tablesOf(pieces, block, schema).toReversed()) {
    for (const on of joinsBetween(there, { alias: wanted.alias, table }).slice(0, 2)) {
      const name = wanted.alias === wanted.table ? wanted.table : `${wanted.table} ${wanted.alias}`
      yield spliced(pieces, from.to, 0, written(`JOIN ${name} ON ${on}`))
    }
  }
}

/** Columns that are asked of an alias. */
const askedOf = (pieces: readonly Piece[], alias: string): readonly string[] =>
  pieces.flatMap((piece, at) =>
    nameOf(piece) === alias && isMark(pieces[at + 1], '.') ? [nameOf(pieces[at + 2]) ?? ''] : [],
  )

/** A FROM where there is none: the table that is named, or one that has the column. */
function* fromAdded(
  { pieces, schema }: Parameters<Fix>[0],
  block: Block | undefined,
  alias: string | undefined,
  name: string,
): Generator<readonly Piece[]> {
  if (!block || spanOf(block, 'from')) return
  const named = alias === undefined || !schema.find(alias, undefined) ? schema.tablesWith(name) : [alias]
  for (const table of named.slice(0, MOST)) {
    const called = alias === undefined || alias === table ? table : `${table} ${alias}`
    yield spliced(pieces, spanOf(block, 'select')!.to, 0, written(`FROM ${called}`))
  }
}

export const columnFix: Fix = function* (failed) {
  const { pieces, refusal, schema } = failed
  const about = refusal.details.about as NameAbout | undefined
  if (!about) return
  const { col, sources } = about
  const name = col.at(-1)!
  const places = usesOf(pieces, col)
  const isQualified = col.length === 2
  if (!isQualified) yield* writtenOut(pieces, name)
  const columns = sources.flatMap(({ alias, columns: own, table }) =>
    own.map((column) => ({ alias, name: column.name, table: table?.name ?? alias })),
  )
  // Where another table has just that column, only what is all but the same is taken for it here.
  const isElsewhere = schema.tablesWith(name).length > 0
  const least = isQualified ? 0.65 : 0.8
  // As it was written: capitals part words.
  const asked = pieces[places[0] ?? -1]?.kind === 'word' ? pieces[places[0]!]!.text : name
  const near = likeliest(asked, columns, (one) => one, isElsewhere ? least : 0.4).slice(0, MOST)
  const quoted = places.filter((at) => pieces[at]!.text.startsWith('"'))
  if (quoted.length > 0 && near.length === 0 && quoted.length === places.length) {
    let made = pieces
    // The asker's own text, between other quotes: it stays theirs.
    for (const at of quoted)
      made = spliced(made, at, 1, [{ ...made[at]!, kind: 'text', text: asText(made[at]!.text) }])
    yield made
  }
  const isShared = (one: string): boolean => columns.filter((column) => column.name === one).length > 1
  for (const one of near)
    yield replaced(pieces, places, isQualified || isShared(one.name) ? one : { name: one.name }, isQualified)
  const block = blockAround(pieces, places[0] ?? 0)
  const there = block ? tablesOf(pieces, block, schema) : []
  yield* fromAdded(failed, block, isQualified ? col[0] : undefined, name)
  if (isQualified) {
    const exact = there.filter(({ table }) => table.columns.some((column) => column.name === name))
    for (const one of exact) yield replaced(pieces, places, { alias: one.alias, name }, true)
  }
  for (const table of schema.tablesWith(name).slice(0, MOST)) {
    const made = isQualified ? replaced(pieces, places, { alias: table, name }, true) : pieces
    if (!there.some((one) => one.table.name === table))
      yield* joined({ ...failed, pieces: made }, blockAround(made, places[0] ?? 0), { table, alias: table })
  }
  for (const one of likeliest(
    name,
    there.flatMap(({ alias, table }) =>
      table.columns.map((column) => ({ alias, name: column.name, table: table.name })),
    ),
    (column) => column,
    0.3,
  ).slice(0, MOST))
    yield replaced(pieces, places, one, isQualified)
}

export const aliasFix: Fix = function* (failed) {
  const { pieces, refusal, schema } = failed
  const about = refusal.details.about as NameAbout | undefined
  if (!about) return
  const { col, sources } = about
  const [alias, name] = col as readonly [string, string]
  const places = pieces.flatMap((piece, at) =>
    nameOf(piece) === alias && isMark(pieces[at + 1], '.') ? [at] : [],
  )
  const asked = askedOf(pieces, alias)
  const renamed = (to: string): readonly Piece[] => {
    let made = pieces
    for (const at of places) made = spliced(made, at, 1, inPlaceOf(made[at]!, inSql(to)))
    return made
  }
  const holding = sources.filter(({ columns }) =>
    asked.every((one) => columns.some((column) => column.name === one)),
  )
  const ofTable = holding.filter(({ table }) => table?.name === alias)
  const block = blockAround(pieces, places[0] ?? 0)
  const near = likeliest(alias, holding, (one) => ({ name: one.alias }), 0.3)
  for (const one of new Set([...ofTable, ...near])) yield renamed(one.alias)
  yield* fromAdded(failed, block, alias, name)
  // Aliases of a letter or two are seldom misspelt: a table was forgotten.
  const known = schema.find(alias, undefined) ? [alias] : []
  const tables = [
    ...known,
    ...likeliest(
      alias,
      schema.names.filter((one) => one !== alias),
      (one) => ({ name: one }),
      0.5,
    ),
    ...schema.tablesWith(name),
  ]
  const fitting = [...new Set(tables)].filter((table) => {
    const columns = schema.find(table, undefined)?.columns ?? []
    return asked.every((one) => columns.some((column) => column.name === one))
  })
  const isNamed = (table: string): boolean => known.includes(table) || table.startsWith(alias[0] ?? '')
  for (const table of fitting.filter(isNamed).slice(0, MOST)) yield* joined(failed, block, { table, alias })
  for (const one of holding) yield renamed(one.alias)
  for (const table of fitting.filter((one) => !isNamed(one)).slice(0, MOST))
    yield* joined(failed, block, { table, alias })
  for (const source of sources.filter((one) => one.columns.some((column) => column.name === name)))
    yield replaced(pieces, usesOf(pieces, col), { alias: source.alias, name }, true)
}

/** Does a column meet itself in a comparison? */
const meetsItself = (pieces: readonly Piece[]): boolean =>
  pieces.some(
    (piece, at) =>
      isMark(piece, '=') &&
      isMark(pieces[at - 2], '.') &&
      isMark(pieces[at + 2], '.') &&
      piecesAlike(pieces.slice(at - 3, at), pieces.slice(at + 1, at + 4)),
  )

export const ambiguousFix: Fix = function* ({ pieces, refusal }) {
  const about = refusal.details.about as NameAbout | undefined
  if (!about) return
  const { col, sources } = about
  const places = usesOf(pieces, col)
  const [at] = places
  if (at === undefined) return
  // One SELECT at a time: the same name may be plain in another.
  const block = blockAround(pieces, at)
  const own = places.filter((place) => block !== undefined && place >= block.start && place < block.end)
  const candidates = [own, ...places.map((place) => [place])].flatMap((some) =>
    sources.map(({ alias }) => replaced(pieces, some, { alias, name: col[0] }, false)),
  )
  yield* candidates.filter((made) => !meetsItself(made))
}

export const entityFix: Fix = function* ({ pieces, refusal }) {
  const { entity, ns, names } = refusal.details.about as EntityAbout
  if (ns !== undefined) yield withoutSchemas(pieces)
  const places = pieces.flatMap((piece, at) =>
    nameOf(piece) === entity &&
    !isMark(pieces[at - 1], '.') &&
    (isMark(pieces[at + 1], '.') || isWord(pieces[at - 1], 'from', 'join') || isMark(pieces[at - 1], ','))
      ? [at]
      : [],
  )
  for (const name of likeliest(entity, names, (one) => ({ name: one })).slice(0, MOST)) {
    let made = pieces
    for (const at of places) made = spliced(made, at, 1, inPlaceOf(made[at]!, inSql(name)))
    yield made
  }
}

export const labelFix: Fix = function* ({ pieces, refusal }) {
  const about = refusal.details.about as NameAbout | undefined
  if (about) yield* writtenOut(pieces, about.col[0])
}

/** A table where a column should stand: the number of its rows, or its key. */
export const wholeRowFix: Fix = function* ({ pieces, refusal }) {
  const about = refusal.details.about as NameAbout | undefined
  if (!about) return
  const { col, sources } = about
  const key = sources.find(({ alias }) => alias === col[0])?.table?.key
  const places = usesOf(pieces, col)
  const counted = places.filter((at) => isMark(pieces[at - 1], '(') && isWord(pieces[at - 2], 'count'))
  let made = pieces
  for (const at of counted) made = spliced(made, at, 1, inPlaceOf(made[at]!, '*'))
  if (counted.length > 0) yield made
  if (key !== undefined) yield replaced(pieces, places, { alias: col[0], name: key }, false)
}
