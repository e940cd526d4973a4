import { depthsOf, isMark, isWord, splitAtCommas, spliced, written } from './pieces.ts'
import type { Piece } from './pieces.ts'

export const CLAUSES = [
  'select',
  'from',
  'where',
  'group',
  'having',
  'qualify',
  'window',
  'order',
  'limit',
  'offset',
  'fetch',
] as const
type Clause = (typeof CLAUSES)[number]

/** Where a SELECT stands among the pieces, and where each of its clauses begins with its word; `end` is exclusive. */
export interface Block {
  readonly start: number
  readonly end: number
  readonly clauses: readonly { readonly name: Clause; readonly at: number }[]
}

const isClause = (pieces: readonly Piece[], at: number): Clause | undefined => {
  const piece = pieces[at]
  if (piece?.kind !== 'word') return undefined
  const word = piece.text.toLowerCase()
  const name = CLAUSES.find((one) => one === word)
  if (name === undefined || isMark(pieces[at - 1], '.') || isMark(pieces[at + 1], '.')) return undefined
  if ((name === 'group' || name === 'order') && !isWord(pieces[at + 1], 'by')) return undefined
  if (name === 'from' && isWord(pieces[at - 1], 'distinct') && isWord(pieces[at - 2], 'is', 'not'))
    return undefined
  return name
}

const SETS = ['union', 'intersect', 'except', 'minus']

/** Every SELECT of a text, the outer ones first. */
export const blocksOf = (pieces: readonly Piece[]): readonly Block[] => {
  const depths = depthsOf(pieces)
  return pieces.flatMap((_, start): readonly Block[] => {
    if (isClause(pieces, start) !== 'select') return []
    const depth = depths[start]!
    const clauses: { name: Clause; at: number }[] = []
    let end = start
    for (; end < pieces.length; end += 1) {
      if (depths[end]! < depth || isMark(pieces[end], ';')) break
      if (depths[end] !== depth) continue
      if (end > start && isWord(pieces[end], ...SETS)) break
      const name = isClause(pieces, end)
      if (name !== undefined) clauses.push({ name, at: end })
    }
    return [{ start, end, clauses }]
  })
}

/** The innermost SELECT around a place. */
export const blockAround = (pieces: readonly Piece[], at: number): Block | undefined =>
  blocksOf(pieces).findLast((block) => block.start <= at && at < block.end)

interface Span {
  /** The first piece behind the words of the clause. */
  readonly from: number
  /** Exclusive. */
  readonly to: number
  /** The first word of the clause. */
  readonly at: number
}

export const spanOf = (block: Block, name: Clause): Span | undefined => {
  const index = block.clauses.findIndex((one) => one.name === name)
  const clause = block.clauses[index]
  if (!clause) return undefined
  const to = block.clauses[index + 1]?.at ?? block.end
  return { at: clause.at, from: clause.at + (name === 'group' || name === 'order' ? 2 : 1), to }
}

export const clauseAt = (block: Block, at: number): Clause | undefined =>
  block.clauses.findLast((one) => one.at <= at)?.name

const WORDS: Partial<Record<Clause, string>> = {
  group: 'GROUP BY',
  having: 'HAVING',
  where: 'WHERE',
  order: 'ORDER BY',
}
const JOINED: Partial<Record<Clause, string>> = {
  group: ',',
  having: 'AND',
  where: 'AND',
  order: ',',
  select: ',',
}

/** The pieces with more in a clause of a SELECT, which is made where there is none. */
export const addedTo = (
  pieces: readonly Piece[],
  block: Block,
  name: Clause,
  more: readonly Piece[],
): readonly Piece[] => {
  const span = spanOf(block, name)
  if (span)
    return spliced(pieces, span.to, 0, [
      ...written(JOINED[name] ?? ',').map((piece) =>
        piece.text === ',' ? { ...piece, spaced: false } : piece,
      ),
      ...more,
    ])
  const rank = CLAUSES.indexOf(name)
  const at = block.clauses.find((one) => CLAUSES.indexOf(one.name) > rank)?.at ?? block.end
  return spliced(pieces, at, 0, [...written(WORDS[name] ?? name), ...more])
}

/** Conditions joined by AND, outside of brackets and of BETWEEN. */
export const conditionsIn = (pieces: readonly Piece[]): readonly (readonly Piece[])[] => {
  const depths = depthsOf(pieces)
  const parts: Piece[][] = [[]]
  let isBetween = false
  let cases = 0
  for (const [at, piece] of pieces.entries()) {
    if (isWord(piece, 'case')) cases += 1
    if (isWord(piece, 'end')) cases -= 1
    if (depths[at] === 0 && isWord(piece, 'between')) isBetween = true
    if (depths[at] === 0 && cases === 0 && isWord(piece, 'and')) {
      if (!isBetween) {
        parts.push([])
        continue
      }
      isBetween = false
    }
    parts.at(-1)!.push(piece)
  }
  return parts
}

export const joinedByAnd = (parts: readonly (readonly Piece[])[]): readonly Piece[] =>
  parts.flatMap((part, at) => [...(at === 0 ? [] : written('AND')), ...spacedFirst(part)])

export const spacedFirst = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.map((piece, at) => (at === 0 ? { ...piece, spaced: true } : piece))

/** An item of a SELECT list: what is computed, and the name it has. */
interface ListItem {
  readonly pieces: readonly Piece[]
  readonly label: Piece | undefined
}

/** The items of the SELECT list of a block. */
export const itemsOf = (pieces: readonly Piece[], block: Block): readonly ListItem[] => {
  const span = spanOf(block, 'select')!
  const from = isWord(pieces[span.from], 'distinct', 'all') ? span.from + 1 : span.from
  return splitAtCommas(pieces.slice(from, span.to)).map((item) => {
    const last = item.at(-1)
    const isLabelled = isWord(item.at(-2), 'as') && last !== undefined
    if (isLabelled) return { pieces: item.slice(0, -2), label: last }
    const before = item.at(-2)
    const isName = last?.kind === 'word' || last?.kind === 'quoted'
    if (
      isName &&
      item.length > 1 &&
      !isMark(before, '.', '::') &&
      (isMark(before, ')') || before?.kind === 'word') &&
      !isWord(last, 'end')
    )
      return { pieces: item.slice(0, -1), label: last }
    const isColumn = isName && (item.length === 1 || isMark(before, '.'))
    return { pieces: item, label: isColumn ? last : undefined }
  })
}
