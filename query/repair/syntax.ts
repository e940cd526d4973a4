import { editDistance } from '../../domain/nearest.ts'
import { KEYWORDS } from '../parse-sql/keywords.ts'
import { CLAUSES, blockAround } from './clauses.ts'
import {
  asQuoted,
  closingOf,
  depthsOf,
  inPlaceOf,
  isMark,
  isWord,
  operandEnd,
  spliced,
  written,
} from './pieces.ts'
import type { Piece } from './pieces.ts'
import type { Fix } from './state.ts'
import { joinsBetween, tablesOf } from './tables.ts'

const plain = (word: string): string => word.replaceAll(/[\s_]/g, '').toLowerCase()

/** Keywords that a word may have been meant as, likeliest first. */
const keywordsNear = (word: string): readonly string[] => {
  const asked = plain(word)
  if (asked.length < 2 || asked.length > 24 || KEYWORDS.some((one) => one === word.toLowerCase())) return []
  return KEYWORDS.map((one) => {
    const distance = editDistance(asked, plain(one))
    const most = plain(one).length > 5 ? 2 : plain(one).length > 2 ? 1 : 0
    // `descending`, `endcase`
    const isLonger = plain(one).length > 2 && asked.startsWith(plain(one))
    return { one, distance, fits: distance <= most || isLonger }
  })
    .filter(({ fits }) => fits)
    .toSorted((a, b) => a.distance - b.distance)
    .map(({ one }) => one.toUpperCase())
    .slice(0, 3)
}

/** Words beside the place where the grammar stopped, as the keywords they resemble. */
function* keywords(pieces: readonly Piece[], near: readonly number[]): Generator<readonly Piece[]> {
  for (const at of near) {
    const piece = pieces[at]
    if (piece?.kind !== 'word') continue
    for (const word of keywordsNear(piece.text)) {
      // `group by by` and the like: the second half is there already.
      const second = word.split(' ')[1]
      const length = second !== undefined && isWord(pieces[at + 1], second.toLowerCase()) ? 2 : 1
      yield spliced(pieces, at, length, inPlaceOf(piece, word))
    }
  }
}

/** Words that stand twice, and commas before nothing. */
function* doubled(pieces: readonly Piece[], near: readonly number[]): Generator<readonly Piece[]> {
  for (const at of near) {
    const [before, here] = [pieces[at - 1], pieces[at]]
    if (
      before &&
      here &&
      here.kind !== 'number' &&
      before.text.toLowerCase() === here.text.toLowerCase() &&
      !isMark(here, '(', ')')
    )
      yield spliced(pieces, at, 1)
    if (isMark(before, ',') && (isWord(here, ...CLAUSES) || isMark(here, ')') || here === undefined))
      yield spliced(pieces, at - 1, 1)
    if (
      isWord(before, 'where', 'and', 'or', 'having') &&
      (isWord(here, ...CLAUSES) || isMark(here, ')') || here === undefined)
    )
      yield spliced(pieces, at - 1, 1)
  }
}

/** Clauses of a SELECT in the order they have here; a second WHERE is an AND. */
function* ordered(pieces: readonly Piece[], at: number): Generator<readonly Piece[]> {
  for (const place of [at, at - 1, at - 2]) {
    const block = blockAround(pieces, Math.min(Math.max(0, place), pieces.length - 1))
    if (!block) continue
    const parts = block.clauses.map((clause, index) => ({
      name: clause.name,
      pieces: pieces.slice(clause.at, block.clauses[index + 1]?.at ?? block.end),
    }))
    const merged: { name: (typeof parts)[number]['name']; pieces: readonly Piece[] }[] = []
    for (const part of parts) {
      const same = merged.find(({ name }) => name === part.name && (name === 'where' || name === 'having'))
      if (same) same.pieces = [...same.pieces, ...written('AND'), ...part.pieces.slice(1)]
      else merged.push({ ...part })
    }
    const sorted = merged.toSorted((a, b) => CLAUSES.indexOf(a.name) - CLAUSES.indexOf(b.name))
    const made = sorted.flatMap((part) =>
      part.pieces.map((piece, index) => (index === 0 ? { ...piece, spaced: true } : piece)),
    )
    if (sorted.some((part, index) => part.name !== parts[index]?.name) || merged.length < parts.length) {
      yield spliced(pieces, block.start, block.end - block.start, made)
      return
    }
  }
}

/** JOINs without a condition get one that the catalog suggests. */
export const conditionFix: Fix = function* ({ pieces, schema }) {
  const depths = depthsOf(pieces)
  for (const [at, piece] of pieces.entries()) {
    if (!isWord(piece, 'join') || isWord(pieces[at - 1], 'cross', 'natural')) continue
    const next = pieces.findIndex(
      (one, index) =>
        index > at &&
        ((depths[index] === depths[at] &&
          isWord(
            one,
            'on',
            'using',
            'join',
            'left',
            'right',
            'inner',
            'full',
            'cross',
            'where',
            'group',
            'order',
            'limit',
            'having',
            'union',
          )) ||
          depths[index]! < depths[at]!),
    )
    if (isWord(pieces[next], 'on', 'using')) continue
    const block = blockAround(pieces, at)
    const tables = block ? tablesOf(pieces, block, schema) : []
    const here = tables.find((one) => one.at > at)
    if (!here) continue
    for (const other of tables.filter((one) => one.at < at).toReversed())
      for (const on of joinsBetween(other, here).slice(0, 2))
        yield spliced(pieces, here.end, 0, written(`ON ${on}`))
    if (isWord(pieces[next], 'where')) yield spliced(pieces, next, 1, written('ON'))
  }
}

const INSERTED = [
  'CASE',
  ',',
  ')',
  '(',
  'AND',
  'FROM',
  'ON',
  'AS',
  'IS',
  'BY',
  'THEN',
  'END',
  'WHERE',
  '=',
  'OR',
  'IN',
  'SELECT',
]
const EXCHANGED = [
  'AND',
  ',',
  'WHERE',
  'ON',
  '=',
  'HAVING',
  'FROM',
  'THEN',
  'OR',
  ')',
  '(',
  '.',
  'AS',
  'IN',
  'BY',
]

/** Closing brackets where one is open, the likeliest places first; and brackets too many taken away. */
function* brackets(pieces: readonly Piece[], at: number): Generator<readonly Piece[]> {
  const open =
    pieces.filter((piece) => isMark(piece, '(')).length - pieces.filter((piece) => isMark(piece, ')')).length
  if (open === 0) return
  if (open < 0) {
    for (const [place, piece] of pieces.entries())
      if (isMark(piece, ')') && place >= at - 2) yield spliced(pieces, place, 1)
    return
  }
  // Behind the operand that follows an open bracket, then before each later clause.
  for (const [place, piece] of pieces.entries())
    if (isMark(piece, '(') && closingOf(pieces, place) < 0) {
      const ends = new Set<number>([operandEnd(pieces, place + 1)])
      for (let end = place + 2; end <= pieces.length; end += 1)
        if (
          end === pieces.length ||
          isWord(pieces[end], ...CLAUSES, 'as', 'and', 'or', 'join', 'left', 'desc', 'asc', 'union') ||
          isMark(pieces[end], ',', ')', '::', '/', '*', '=', '>', '<', '-', '+', ';')
        )
          ends.add(end)
      for (const end of ends)
        yield spliced(
          pieces,
          end,
          0,
          written(')').map((one) => ({ ...one, spaced: false })),
        )
    }
}

/** `SELECT a, DISTINCT b`, and labels between single quotes. */
function* displaced(pieces: readonly Piece[], at: number): Generator<readonly Piece[]> {
  const place = [at, at - 1].find((one) => isWord(pieces[one], 'distinct', 'unique'))
  const block = place === undefined ? undefined : blockAround(pieces, place)
  if (place !== undefined && block) {
    const isCall = isMark(pieces[place - 1], '(')
    yield isCall
      ? spliced(pieces, place, 1, inPlaceOf(pieces[place]!, 'DISTINCT'))
      : spliced(spliced(pieces, place, 1), block.start + 1, 0, written('DISTINCT'))
  }
  let made = pieces
  for (const [index, piece] of pieces.entries())
    if (piece.kind === 'text' && isWord(pieces[index - 1], 'as'))
      made = spliced(made, index, 1, [asName(piece)])
  if (made !== pieces) yield made
}

const asName = (piece: Piece): Piece => {
  const inner = piece.text.slice(1, -1)
  return /^[a-z_]\w*$/i.test(inner)
    ? { ...piece, kind: 'word', text: inner }
    : { ...piece, kind: 'quoted', text: asQuoted(piece.text) }
}

/** A remark in words goes, up to the next clause; a word goes further on. */
function* moved(pieces: readonly Piece[], at: number): Generator<readonly Piece[]> {
  for (const start of [at, at - 1]) {
    const end = pieces.findIndex(
      (piece, index) => index > start && (isWord(piece, ...CLAUSES) || isMark(piece, ',', ')')),
    )
    const run = pieces.slice(start, end < 0 ? undefined : end)
    const isRemark = run.every(
      ({ kind, text }) => kind === 'word' && !/^(?:not|null|true|false)$/i.test(text),
    )
    if (start > 0 && run.length <= 4 && isRemark) yield spliced(pieces, start, run.length)
  }
  for (const from of [at, at - 1, at - 2, at - 3])
    for (const steps of [2, 3]) {
      const piece = pieces[from]
      if (piece?.kind === 'word')
        yield spliced(spliced(pieces, from, 1), from + steps, 0, [{ ...piece, spaced: true }])
    }
}

/** What the grammar stopped at, by what is likely: a word twice, a keyword misspelt, clauses out of order, a bracket. */
export const likelySyntaxFix: Fix = function* (failed) {
  const { pieces, stoppedAt: at } = failed
  const near = [at, at - 1, at - 2, at - 3].filter((place) => place >= 0)
  yield* doubled(pieces, near)
  yield* keywords(pieces, near)
  yield* ordered(pieces, at)
  yield* conditionFix(failed)
  yield* brackets(pieces, at)
  yield* displaced(pieces, at)
}

/** What the grammar stopped at, by any small edit there: a word more, exchanged, less, or further on. */
export const anySyntaxFix: Fix = function* ({ pieces, stoppedAt: at }) {
  yield spliced(pieces, 0, 0, written('WITH'))
  // Before a bracket stands a call: what is missing is missing before its name.
  const places = isMark(pieces[at], '(') ? [at - 1, at] : [at, at - 1]
  for (const place of places)
    for (const word of INSERTED) if (place >= 0) yield spliced(pieces, place, 0, written(word))
  for (const place of [at, at - 1])
    for (const word of EXCHANGED) {
      const piece = pieces[place]
      // Constants are what was meant; names may be words of another dialect.
      if (piece && (piece.kind === 'mark' || piece.kind === 'word'))
        yield spliced(pieces, place, 1, inPlaceOf(piece, word))
    }
  for (const place of [at, at - 1]) {
    const piece = pieces[place]
    if (piece && (piece.kind === 'mark' || (piece.kind === 'word' && !isWord(piece, 'not'))))
      yield spliced(pieces, place, 1)
  }
  yield* moved(pieces, at)
  const [before, here] = [pieces[at - 1], pieces[at]]
  if (before && here)
    yield spliced(pieces, at - 1, 2, [
      { ...here, spaced: before.spaced },
      { ...before, spaced: true },
    ])
}
