import { AGGREGATES } from '../relational/functions.ts'
import type { Column } from '../relational/ast.ts'
import { addedTo, blocksOf, conditionsIn, itemsOf, joinedByAnd, spacedFirst, spanOf } from './clauses.ts'
import type { Block } from './clauses.ts'
import { closingOf, isMark, isWord, piecesAlike, splitAtCommas, spliced, written } from './pieces.ts'
import type { Piece } from './pieces.ts'
import type { Fix } from './state.ts'

/** Does it call an aggregate, outside of subqueries? */
const aggregateIn = (pieces: readonly Piece[]): number => {
  for (let at = 0; at < pieces.length; at += 1) {
    if (isMark(pieces[at], '(') && isWord(pieces[at + 1], 'select')) at = Math.max(at, closingOf(pieces, at))
    const piece = pieces[at]
    if (piece?.kind !== 'word' || !isMark(pieces[at + 1], '(')) continue
    const close = closingOf(pieces, at + 1)
    const isWindow = isWord(pieces[close + 1], 'over')
    if (AGGREGATES.has(piece.text.toLowerCase()) && !isWindow) return at
  }
  return -1
}

const windowIn = (pieces: readonly Piece[]): number => pieces.findIndex((piece) => isWord(piece, 'over'))

const isConstant = (pieces: readonly Piece[]): boolean =>
  pieces.every(({ kind }) => kind === 'number' || kind === 'text' || kind === 'mark')

const groupedBy = (pieces: readonly Piece[], block: Block): readonly (readonly Piece[])[] => {
  const span = spanOf(block, 'group')
  return span ? splitAtCommas(pieces.slice(span.from, span.to)) : []
}

/** The GROUP BY of a SELECT with more keys. */
const withKeys = (
  pieces: readonly Piece[],
  block: Block,
  keys: readonly (readonly Piece[])[],
): readonly Piece[] =>
  addedTo(
    pieces,
    block,
    'group',
    keys.flatMap((key, at) => [
      ...(at === 0 ? [] : [{ ...written(',')[0]!, spaced: false }]),
      ...spacedFirst(key),
    ]),
  )

export const groupFix: Fix = function* ({ pieces, refusal }) {
  const col = refusal.details.about as Column['col'] | undefined
  if (!col) return
  const name = col.at(-1)!
  const isIt = (one: readonly Piece[]): boolean =>
    one.some(
      ({ text }, at) =>
        text.toLowerCase() === name &&
        (isMark(one[at - 1], '.') ? col.length === 2 && one[at - 2]?.text.toLowerCase() === col[0] : true),
    )
  for (const block of blocksOf(pieces).toReversed()) {
    const items = itemsOf(pieces, block)
    const order = spanOf(block, 'order')
    const sorted = order ? splitAtCommas(pieces.slice(order.from, order.to)) : []
    const having = spanOf(block, 'having')
    const shown = [...items.map((item) => item.pieces), ...sorted]
    const isLoose = shown.some(isIt) || (having !== undefined && isIt(pieces.slice(having.from, having.to)))
    if (!isLoose) continue
    const all = groupedBy(pieces, block)
    if (all.length === 1 && isWord(all[0]![0], 'all') && all[0]!.length === 1) {
      const keys = items.filter((item) => aggregateIn(item.pieces) < 0 && !isConstant(item.pieces))
      const span = spanOf(block, 'group')!
      yield spliced(pieces, span.from, 1, listed(keys.map((item) => item.pieces)))
    }
    const isKey = (one: readonly Piece[], label: Piece | undefined, at: number): boolean =>
      all.some(
        (key) =>
          piecesAlike(key, one) ||
          (label !== undefined && key.length === 1 && key[0]!.text === label.text) ||
          (key.length === 1 && key[0]!.text === String(at + 1)),
      )
    const missing = items.filter(
      (item, at) =>
        aggregateIn(item.pieces) < 0 &&
        windowIn(item.pieces) < 0 &&
        !isConstant(item.pieces) &&
        !isMark(item.pieces.at(-1), '*') &&
        !isKey(item.pieces, item.label, at),
    )
    if (missing.some((item) => isIt(item.pieces)))
      yield withKeys(
        pieces,
        block,
        missing.map((item) => item.pieces),
      )
    const only = col.map((part) => part).join('.')
    if (col.every((part) => /^[a-z_]\w*$/.test(part))) {
      const bare = shown.some((one) =>
        one.some(({ text }, at) => text.toLowerCase() === name && isMark(one[at - 1], '.')),
      )
      yield withKeys(pieces, block, [written(bare ? only : name)])
    }
    // A key that nobody groups by: summed up.
    for (const [at, piece] of pieces.entries())
      if (
        at > block.start &&
        at < block.end &&
        piece.text.toLowerCase() === name &&
        !isMark(pieces[at + 1], '.', '(')
      ) {
        const from = isMark(pieces[at - 1], '.') ? at - 2 : at
        yield spliced(pieces, from, at + 1 - from, [
          ...written('max('),
          ...pieces.slice(from, at + 1),
          ...written(')'),
        ])
        break
      }
  }
}

/** `ON a.x = b.x AND count(*) > 1`: the condition on the aggregate goes to HAVING. */
function* outOfJoins(pieces: readonly Piece[], block: Block): Generator<readonly Piece[]> {
  const from = spanOf(block, 'from')
  if (!from) return
  for (let at = from.from; at < from.to; at += 1) {
    if (!isWord(pieces[at], 'on')) continue
    const next = pieces.findIndex(
      (piece, index) => index > at && isWord(piece, 'join', 'left', 'right', 'inner', 'full', 'cross'),
    )
    const end = next < 0 ? from.to : Math.min(next, from.to)
    const parts = conditionsIn(pieces.slice(at + 1, end))
    const early = parts.filter((part) => aggregateIn(part) < 0)
    if (early.length === parts.length || early.length === 0) continue
    const late = parts.filter((part) => aggregateIn(part) >= 0)
    yield spliced(
      addedTo(pieces, block, 'having', joinedByAnd(late)),
      at + 1,
      end - at - 1,
      joinedByAnd(early),
    )
  }
}

/** Conditions on aggregates go from WHERE to HAVING; aggregates out of GROUP BY. */
export const aggregatePlaceFix: Fix = function* ({ pieces }) {
  for (const block of blocksOf(pieces).toReversed()) {
    const where = spanOf(block, 'where')
    if (where) {
      const parts = conditionsIn(pieces.slice(where.from, where.to))
      const late = parts.filter((part) => aggregateIn(part) >= 0)
      if (late.length > 0) {
        const early = parts.filter((part) => aggregateIn(part) < 0)
        const added = addedTo(pieces, block, 'having', joinedByAnd(late))
        yield early.length > 0
          ? spliced(added, where.from, where.to - where.from, joinedByAnd(early))
          : spliced(added, where.at, where.to - where.at)
      }
    }
    yield* outOfJoins(pieces, block)
    const group = spanOf(block, 'group')
    if (!group) continue
    const items = itemsOf(pieces, block)
    const keys = groupedBy(pieces, block)
    const kept = keys.filter((key) => {
      const item = items.find(
        ({ label }, at) =>
          key.length === 1 && (label?.text === key[0]!.text || key[0]!.text === String(at + 1)),
      )
      return aggregateIn(key) < 0 && (item === undefined || aggregateIn(item.pieces) < 0)
    })
    if (kept.length === keys.length) continue
    yield kept.length === 0
      ? spliced(pieces, group.at, group.to - group.at)
      : spliced(pieces, group.from, group.to - group.from, listed(kept))
  }
}

const listed = (parts: readonly (readonly Piece[])[]): readonly Piece[] =>
  parts.flatMap((part, at) => [
    ...(at === 0 ? [] : [{ ...written(',')[0]!, spaced: false }]),
    ...spacedFirst(part),
  ])

/** Conditions on windows, in WHERE, HAVING or QUALIFY, go around the SELECT. */
export const windowFix: Fix = function* ({ pieces }) {
  for (const block of blocksOf(pieces).toReversed()) {
    const late: (readonly Piece[])[] = []
    let inner: readonly Piece[] = pieces.slice(block.start, block.end)
    const names = itemsOf(pieces, block).map(({ label }) => label)
    const list = spanOf(block, 'select')!
    const computed: Piece[] = []
    const items = itemsOf(pieces, block)
    const windowLabels = items.filter((item) => windowIn(item.pieces) >= 0).map(({ label }) => label?.text)
    for (const name of ['qualify', 'having', 'where'] as const) {
      const span = spanOf(block, name)
      if (!span) continue
      const parts = conditionsIn(pieces.slice(span.from, span.to))
      const isLate = (part: readonly Piece[]): boolean =>
        name === 'qualify' || windowIn(part) >= 0 || part.some(({ text }) => windowLabels.includes(text))
      const early = parts.filter((part) => !isLate(part))
      if (early.length === parts.length) continue
      late.push(...parts.filter(isLate))
      const by = early.length === 0 ? [] : [...pieces.slice(span.at, span.from), ...joinedByAnd(early)]
      inner = spliced(inner, span.at - block.start, span.to - span.at, by)
    }
    if (late.length === 0 || names.some((label) => label === undefined)) continue
    const outer = late.map((part, number) => {
      const over = windowIn(part)
      if (over < 0) return part
      const start = callStart(part, over)
      const end = closingOf(part, over + 1) + 1
      const label = `window_${number + 1}`
      computed.push(
        { ...written(',')[0]!, spaced: false },
        ...spacedFirst(part.slice(start, end)),
        ...written(`AS ${label}`),
      )
      return spliced(part, start, end - start, written(label))
    })
    const listEnd = list.to - block.start
    const rest = tailOf(inner)
    const body = spliced(inner.slice(0, rest.at), listEnd, 0, computed)
    yield spliced(pieces, block.start, block.end - block.start, [
      ...written('SELECT'),
      ...listed(names.map((label) => [label!])),
      ...written('FROM ('),
      ...body,
      ...written(') AS windowed WHERE'),
      ...joinedByAnd(outer),
      ...rest.pieces,
    ])
  }
}

/** ORDER BY and LIMIT of a SELECT: they go with what is around it, when they name nothing but its columns. */
const tailOf = (pieces: readonly Piece[]): { readonly at: number; readonly pieces: readonly Piece[] } => {
  const [block] = blocksOf(pieces)
  const at =
    block?.clauses.find(
      ({ name }) => name === 'order' || name === 'limit' || name === 'offset' || name === 'fetch',
    )?.at ?? pieces.length
  return {
    at,
    pieces: pieces.slice(at).flatMap((piece, index, all) =>
      // `t.x` is `x` outside.
      isMark(all[index + 1], '.') || isMark(piece, '.')
        ? []
        : [isMark(all[index - 1], '.') ? { ...piece, spaced: true } : piece],
    ),
  }
}

const callStart = (pieces: readonly Piece[], over: number): number => {
  let depth = 0
  for (let at = over - 1; at >= 0; at -= 1) {
    if (isMark(pieces[at], ')')) depth += 1
    else if (isMark(pieces[at], '(') && (depth -= 1) === 0) return Math.max(0, at - 1)
  }
  return 0
}

/** `avg(count(*))` by groups is the average over a subquery that counts. */
export const nestedFix: Fix = function* ({ pieces }) {
  for (const block of blocksOf(pieces).toReversed()) {
    const items = itemsOf(pieces, block)
    const [only] = items
    for (const item of items) {
      const outer = aggregateIn(item.pieces)
      const close = outer < 0 ? -1 : closingOf(item.pieces, outer + 1)
      const inner = outer < 0 ? [] : item.pieces.slice(outer + 2, close)
      if (aggregateIn(inner) < 0) continue
      const group = spanOf(block, 'group')
      if (items.length === 1 && only === item && group && !spanOf(block, 'order')) {
        const list = spanOf(block, 'select')!
        const subquery = spliced(
          pieces.slice(block.start, block.end),
          list.from - block.start,
          list.to - list.from,
          [...spacedFirst(inner), ...written('AS value')],
        )
        yield spliced(pieces, block.start, block.end - block.start, [
          ...written('SELECT'),
          ...spliced(item.pieces, outer + 2, close - outer - 2, written('value')),
          ...(item.label ? [...written('AS'), { ...item.label, spaced: true }] : []),
          ...written('FROM ('),
          ...subquery,
          ...written(') AS grouped'),
        ])
      }
      const at = startOf(pieces, item.pieces)
      if (at >= 0) yield spliced(pieces, at + outer, close + 1 - outer, spacedFirst(inner))
    }
  }
}

const startOf = (pieces: readonly Piece[], part: readonly Piece[]): number =>
  pieces.findIndex((_, at) => part.every((piece, index) => pieces[at + index] === piece))

/** With DISTINCT, what is ordered by is selected; where it is not wanted, the order goes. */
export const distinctFix: Fix = function* ({ pieces }) {
  for (const block of blocksOf(pieces)) {
    const list = spanOf(block, 'select')!
    const order = spanOf(block, 'order')
    if (!order || !isWord(pieces[list.from], 'distinct')) continue
    const items = itemsOf(pieces, block)
    const keys = splitAtCommas(pieces.slice(order.from, order.to)).map((key) =>
      isWord(key.at(-1), 'asc', 'desc') ? key.slice(0, -1) : key,
    )
    const missing = keys.filter(
      (key) => !items.some((item) => piecesAlike(item.pieces, key) || item.label?.text === key.at(-1)?.text),
    )
    if (missing.length > 0)
      yield spliced(pieces, list.to, 0, [{ ...written(',')[0]!, spaced: false }, ...listed(missing)])
  }
}
