import type { TactError } from '../../domain/errors.ts'
import { asTactError } from '../../domain/errors.ts'
import type { Expr } from '../relational/ast.ts'
import { eachChild } from '../relational/nodes.ts'
import type { Schema } from '../relational/schema.ts'
import { closingOf, isMark, isWord, openingOf, operandEnd, textOfPieces } from './pieces.ts'
import type { Piece } from './pieces.ts'

/** A text that does not compile, and why. */
export interface Failed {
  readonly pieces: readonly Piece[]
  readonly refusal: TactError
  /** The piece at which the grammar stopped. */
  readonly stoppedAt: number
  readonly starts: readonly number[]
  readonly places: ReadonlyMap<Expr, number>
  readonly schema: Schema
}

/** Puts a text right in one place: whole texts to try, the likeliest first. */
export type Fix = (failed: Failed) => Iterable<readonly Piece[]>

const pieceAt = (starts: readonly number[], byte: number): number => {
  const at = starts.findLastIndex((start) => start <= byte)
  return Math.max(0, at)
}

/** Compiles a text; undefined where it compiles. `compile` throws what a question is refused with. */
export const attempt = (
  pieces: readonly Piece[],
  schema: Schema,
  compile: (sql: string, places: Map<Expr, number>) => void,
): Failed | undefined => {
  const { sql, starts } = textOfPieces(pieces)
  const places = new Map<Expr, number>()
  try {
    compile(sql, places)
    return undefined
  } catch (error) {
    const refusal = asTactError(error)
    const character = Number(/^sql:(\d+)$/.exec(refusal.details.at ?? '')?.[1] ?? 0)
    const stoppedAt = pieceAt(starts, Buffer.byteLength(sql.slice(0, character)))
    return {
      pieces,
      refusal,
      stoppedAt: sql.length <= character ? pieces.length : stoppedAt,
      starts,
      places,
      schema,
    }
  }
}

/** The piece behind an operator, a cast or an operand at a place. */
const endOf = (e: Expr, pieces: readonly Piece[], at: number): number => {
  if ('cast' in e && isMark(pieces[at], '::')) return at + (isWord(pieces[at + 2], 'precision') ? 3 : 2)
  return pieces[at]?.kind === 'mark' && !isMark(pieces[at], '(', '-') ? at + 1 : operandEnd(pieces, at)
}

/** Where an expression stands: its first piece, and the one behind its last. */
export const extentOf = (
  e: Expr,
  { pieces, places, starts }: Failed,
): { readonly from: number; readonly to: number } | undefined => {
  let from = Infinity
  let to = -1
  const visit = (one: Expr): void => {
    const byte = places.get(one)
    if (byte !== undefined) {
      const at = pieceAt(starts, byte)
      from = Math.min(from, at)
      to = Math.max(to, endOf(one, pieces, at))
    }
    eachChild(one, { expr: visit, query: () => {} })
  }
  visit(e)
  if (to < 0) return undefined
  // Brackets that are open at one side belong to it.
  let depth = 0
  for (let at = from; at < to; at += 1) {
    if (isMark(pieces[at], '(')) depth += 1
    if (isMark(pieces[at], ')') && (depth -= 1) < 0) {
      from = Math.min(from, Math.max(0, openingOf(pieces, at)))
      depth = 0
    }
  }
  for (let at = to - 1; at >= from; at -= 1)
    if (isMark(pieces[at], '(')) {
      const close = closingOf(pieces, at)
      if (close >= to) to = close + 1
    }
  return { from, to }
}
