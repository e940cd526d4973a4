import { callInstead } from './calls.ts'
import { TYPE_NAMES } from './functions.ts'
import { blocksOf, spanOf } from './clauses.ts'
import { patternAt } from './patterns.ts'
import {
  closingOf,
  inPlaceOf,
  isMark,
  isWord,
  operandEnd,
  operandStart,
  spliced,
  splitAtCommas,
  written,
} from './pieces.ts'
import type { Piece } from './pieces.ts'
import { unitOf } from './templates.ts'

/** Templates repeat their arguments, and may stand in one another: beyond this nothing more is rewritten. */
const MOST_PIECES = 1_000

type Step = (pieces: readonly Piece[]) => readonly Piece[]

/** What models write around SQL: fences, a word before it, a sentence behind it. */
const unwrapped: Step = (pieces) => {
  const isFence = (piece: Piece | undefined): boolean =>
    piece?.kind === 'quoted' && /^`{2,}|^`$/.test(piece.text)
  let made = pieces
  const first = made.findIndex((piece) => isWord(piece, 'select', 'with'))
  const isPrefix =
    first > 0 && first <= 6 && made.slice(0, first).every(({ text }) => text !== '(' && !/^as$/i.test(text))
  if (isPrefix) made = made.slice(first)
  const end = made.findIndex((piece) => isMark(piece, ';') || isFence(piece))
  return end > 0 ? made.slice(0, end) : made
}

/** Names in backticks or square brackets become plain. */
const plainNames: Step = (pieces) => {
  const made: Piece[] = []
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at]!
    const before = made.at(-1)
    const close = isMark(piece, '[') ? closingOf(pieces, at) : -1
    const isArray =
      before !== undefined && !piece.spaced && (before.kind === 'word' || isMark(before, ']', ')', '"'))
    if (close === at + 2 && pieces[at + 1]!.kind === 'word' && !isArray) {
      made.push({ ...pieces[at + 1]!, spaced: piece.spaced })
      at = close
    } else if (piece.kind === 'quoted' && piece.text.startsWith('`') && /^`[a-z_]\w*`$/i.test(piece.text))
      made.push({ ...piece, kind: 'word', text: piece.text.slice(1, -1) })
    else made.push(piece)
  }
  return made
}

const patterns: Step = (pieces) => {
  let made = pieces
  for (let at = 0; at < made.length; at += 1) {
    const found = patternAt(made, at)
    if (found) made = spliced(made, at, found.length, found.by)
  }
  return made
}

/** `interval 30 day`, `interval x month`: a number of units. */
const intervals: Step = (pieces) => {
  let made = pieces
  for (let at = made.length - 1; at >= 0; at -= 1) {
    const bare = made[at]?.kind === 'number' && isMark(made[at - 1], '-', '+') ? made[at + 1] : undefined
    const bareUnit = bare?.kind === 'word' ? unitOf(bare.text) : undefined
    // `current_date - 30 days`
    if (bareUnit !== undefined && bare!.text.length > 2)
      made = spliced(made, at, 2, [...written('('), made[at]!, ...written(`* interval '1 ${bareUnit}')`)])
    if (!isWord(made[at], 'interval') || made[at + 1]?.kind === 'text' || !made[at + 1]) continue
    const end = operandEnd(made, at + 1)
    const unit = unitOf(made[end]?.text ?? '')
    if (unit === undefined) continue
    made = spliced(made, at, end + 1 - at, [
      ...inPlaceOf(made[at]!, '('),
      ...made.slice(at + 1, end),
      ...written(`* interval '1 ${unit}')`),
    ])
  }
  return made
}

/** Calls from the inner ones outwards. */
const calls: Step = (pieces) => {
  let made = pieces
  for (let at = made.length - 1; at >= 0; at -= 1) {
    const piece = made[at]!
    if (piece.kind !== 'word' || !isMark(made[at + 1], '(') || isMark(made[at - 1], '.')) continue
    const close = closingOf(made, at + 1)
    if (close < 0 || made.length > MOST_PIECES) continue
    const by = callInstead(piece.text, made.slice(at + 2, close))
    if (!by) continue
    // `string_agg(…) WITHIN GROUP (ORDER BY …)`: the order belongs inside.
    const isWithin = isWord(made[close + 1], 'within') && isWord(made[close + 2], 'group')
    const orderEnd = isWithin ? closingOf(made, close + 3) : -1
    const isText = isWord(by[0], 'string_agg')
    const whole =
      isWithin && isText && orderEnd > 0
        ? [...by.slice(0, -1), ...made.slice(close + 4, orderEnd), ...by.slice(-1)]
        : by
    const length = (whole === by ? close : orderEnd) + 1 - at
    made = spliced(made, at, length, [{ ...whole[0]!, spaced: piece.spaced }, ...whole.slice(1)])
  }
  return made
}

/** `Nullable(Int32)` is its inner type. */
const notNullable: Step = (pieces) => {
  let made = pieces
  for (let at = made.length - 1; at >= 0; at -= 1) {
    const close = isWord(made[at], 'nullable') && isMark(made[at + 1], '(') ? closingOf(made, at + 1) : -1
    if (close === at + 3) made = spliced(made, at, 4, [{ ...made[at + 2]!, spaced: made[at]!.spaced }])
  }
  return made
}

/** Names of types behind `::` and in CAST. */
const types: Step = (pieces) =>
  pieces.flatMap((piece, at): readonly Piece[] => {
    const isType = isMark(pieces[at - 1], '::') || (isWord(pieces[at - 1], 'as') && isInCast(pieces, at))
    const name = piece.text.toLowerCase()
    if (
      isType &&
      piece.kind === 'word' &&
      Object.hasOwn(TYPE_NAMES, name) &&
      !isWord(pieces[at + 1], 'precision')
    )
      return inPlaceOf(piece, TYPE_NAMES[name]!)
    // `extract(dayofweek FROM x)`
    const isUnit =
      isMark(pieces[at - 1], '(') && isWord(pieces[at - 2], 'extract') && isWord(pieces[at + 1], 'from')
    const unit = isUnit ? unitOf(piece.text) : undefined
    if (unit !== undefined && unit !== name) return inPlaceOf(piece, unit)
    // `varchar(max)`
    if (isWord(piece, 'max') && isMark(pieces[at - 1], '(') && isWord(pieces[at - 2], 'varchar', 'nvarchar'))
      return inPlaceOf(piece, '4000')
    return [piece]
  })

const isInCast = (pieces: readonly Piece[], at: number): boolean => {
  let depth = 0
  for (let here = at; here >= 0; here -= 1) {
    if (isMark(pieces[here], ')')) depth += 1
    else if (isMark(pieces[here], '(') && (depth -= 1) < 0) return isWord(pieces[here - 1], 'cast')
  }
  return false
}

/** `SELECT TOP 5 …`, and `rownum <= 5` as a condition, are a LIMIT. */
const limits: Step = (pieces) => {
  let made = pieces
  const blocks = blocksOf(made)
  for (const block of blocks.toReversed()) {
    const first = block.start + (isWord(made[block.start + 1], 'distinct') ? 2 : 1)
    if (!isWord(made[first], 'top')) continue
    const isBracketed = isMark(made[first + 1], '(')
    const number = made[first + (isBracketed ? 2 : 1)]
    if (number?.kind !== 'number') continue
    const length = isBracketed ? 4 : 2
    made = spliced(made, block.end, 0, [...written('LIMIT'), { ...number, spaced: true }])
    made = spliced(made, first, length)
  }
  for (const block of blocksOf(made).toReversed()) {
    const where = spanOf(block, 'where')
    const at = where
      ? made.findIndex((piece, index) => index >= where.from && index < where.to && isWord(piece, 'rownum'))
      : -1
    if (!where || at < 0 || !isMark(made[at + 1], '<=', '<', '=') || made[at + 2]?.kind !== 'number') continue
    const number = made[at + 2]!
    const isOnly = where.to - where.from === 3
    made = spliced(made, block.end, 0, [...written('LIMIT'), { ...number, spaced: true }])
    if (isOnly) made = spliced(made, where.at, 4)
    else made = isWord(made[at - 1], 'and') ? spliced(made, at - 1, 4) : spliced(made, at, 4)
  }
  return made
}

/** `x ILIKE ANY ('a%', 'b%')`: one comparison for each. */
const likeAny: Step = (pieces) => {
  let made = pieces
  for (let at = made.length - 1; at > 0; at -= 1) {
    if (
      !isWord(made[at], 'like', 'ilike') ||
      !isWord(made[at + 1], 'any', 'all') ||
      !isMark(made[at + 2], '(')
    )
      continue
    const close = closingOf(made, at + 2)
    const isNot = isWord(made[at - 1], 'not')
    const start = operandStart(made, isNot ? at - 1 : at)
    if (close < 0 || made.length > MOST_PIECES) continue
    const inner = isWord(made[at + 3], 'array') ? made.slice(at + 5, close - 1) : made.slice(at + 3, close)
    const operand = made.slice(start, isNot ? at - 1 : at)
    const between = isWord(made[at + 1], 'any') ? 'OR' : 'AND'
    const tests = splitAtCommas(inner).flatMap((pattern, index) => [
      ...(index === 0 ? [] : written(between)),
      ...operand.map((piece, first) => (first === 0 && index > 0 ? { ...piece, spaced: true } : piece)),
      ...(isNot ? written('NOT') : []),
      ...written(made[at]!.text.toLowerCase() === 'like' ? 'LIKE' : 'ILIKE'),
      ...pattern.map((piece) => ({ ...piece, spaced: true })),
    ])
    made = spliced(made, start, close + 1 - start, [...written('('), ...tests, ...written(')')])
  }
  return made
}

/** `schema.table` in FROM: the names are plain here. */
export const withoutSchemas: Step = (pieces) => {
  let made = pieces
  for (let at = 0; at < made.length; at += 1) {
    if (!isWord(made[at], 'from', 'join')) continue
    let last = at + 1
    while (isMark(made[last + 1], '.')) last += 2
    if (last > at + 1 && made[last]?.kind === 'word') made = spliced(made, at + 1, last - at - 1)
  }
  // `a.b.c` in an expression: the schema goes.
  for (let at = 0; at < made.length; at += 1) {
    if (isMark(made[at + 1], '.') && isMark(made[at + 3], '.') && !isMark(made[at - 1], '.'))
      made = spliced(made, at, 2)
  }
  return made
}

const STEPS: readonly Step[] = [
  unwrapped,
  notNullable,
  plainNames,
  limits,
  calls,
  intervals,
  patterns,
  types,
  likeAny,
]

/** The text with all that is known of other dialects written as it is here. Whoever offers it has it compiled first. */
export const fromOtherDialects: Step = (pieces) => STEPS.reduce((made, step) => step(made), pieces)
