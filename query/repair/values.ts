import { arityOf } from '../relational/functions.ts'
import type { Expr } from '../relational/ast.ts'
import type { TypeAbout, ValueType } from '../relational/value-types.ts'
import { closingOf, inPlaceOf, isMark, isWord, splitAtCommas, spliced, written } from './pieces.ts'
import type { Piece } from './pieces.ts'
import { extentOf } from './state.ts'
import type { Failed, Fix } from './state.ts'

const CAST_TO: Partial<Record<ValueType, string>> = {
  number: 'numeric',
  integer: 'int',
  numeric: 'numeric',
  float: 'float8',
  text: 'text',
  boolean: 'bool',
  date: 'date',
  timestamp: 'timestamp',
  interval: 'interval',
  uuid: 'uuid',
}

const wrapped = (
  { pieces }: Failed,
  { from, to }: { readonly from: number; readonly to: number },
  before: string,
  behind: string,
): readonly Piece[] =>
  spliced(
    pieces,
    from,
    to - from,
    [...written(before), ...pieces.slice(from, to), ...written(behind)].filter(({ text }) => text !== ''),
  )

const castTo = (
  failed: Failed,
  extent: { readonly from: number; readonly to: number },
  type: string,
): readonly Piece[] => {
  const { pieces } = failed
  const inner = pieces.slice(extent.from, extent.to)
  const isPlain = inner.every(({ kind, text }) => kind !== 'mark' || text === '.')
  const made = isPlain
    ? [...inner, ...written(`::${type}`).map((piece) => ({ ...piece, spaced: false }))]
    : [
        ...written('('),
        ...inner,
        ...written(')'),
        ...written(`::${type}`).map((piece) => ({ ...piece, spaced: false })),
      ]
  return spliced(pieces, extent.from, inner.length, made)
}

const numberIn = (e: Expr): number | undefined =>
  'lit' in e && typeof e.lit === 'number' ? e.lit : undefined

/** 0 and 1 where a truth value stands. */
function* asBoolean(failed: Failed, { e, type, other }: TypeAbout): Generator<readonly Piece[]> {
  const sides = [{ e, type }, ...(other ? [other] : [])]
  const number = sides.map((side) => numberIn(side.e)).find((one) => one !== undefined)
  const constant = sides.find((side) => numberIn(side.e) !== undefined)
  if (!sides.some((side) => side.type === 'boolean') || !constant || (number !== 0 && number !== 1)) return
  const extent = extentOf(constant.e, failed)
  if (extent)
    yield spliced(
      failed.pieces,
      extent.from,
      extent.to - extent.from,
      written(number === 1 ? 'true' : 'false'),
    )
}

/** A year beside a date, days beside a point in time. */
function* asTime(failed: Failed, { e, type, other }: TypeAbout): Generator<readonly Piece[]> {
  const sides = [{ e, type }, ...(other ? [other] : [])]
  const day = sides.find((side) => side.type === 'date' || side.type === 'timestamp')
  const number = sides.find((side) => numberIn(side.e) !== undefined)
  const value = number && numberIn(number.e)
  if (day && value !== undefined && value > 1900 && value < 2200) {
    const extent = extentOf(day.e, failed)
    if (extent) yield wrapped(failed, extent, 'extract(year FROM', ')')
  }
}

/** Days beside a point in time: `now() - 30`. */
function* asDays(failed: Failed, { e, type }: TypeAbout): Generator<readonly Piece[]> {
  if (!failed.refusal.message.startsWith('A date or time')) return
  if (type !== 'integer' && type !== 'number' && type !== 'numeric') return
  const extent = extentOf(e, failed)
  if (extent) yield wrapped(failed, extent, "(interval '1 day' *", ')')
}

/** `extract(day from a - b)` where a date less a date is a number of days already. */
function* withoutCall(failed: Failed, { e, type }: TypeAbout): Generator<readonly Piece[]> {
  const extent = extentOf(e, failed)
  if (!extent || type !== 'integer') return
  const { pieces } = failed
  for (const open of [extent.from - 3, extent.from - 2]) {
    if (!isWord(pieces[open - 1], 'extract', 'date_part')) continue
    const close = closingOf(pieces, open)
    if (close < 0) continue
    yield spliced(pieces, open - 1, close + 2 - open, [
      ...written('('),
      ...pieces.slice(extent.from, extent.to),
      ...written(')'),
    ])
  }
}

/** What is no condition is compared. */
function* asCondition(failed: Failed, { e, type, other }: TypeAbout): Generator<readonly Piece[]> {
  if (other || failed.refusal.message.includes('(')) return
  const extent = extentOf(e, failed)
  if (!extent) return
  if (type === 'integer' || type === 'number' || type === 'numeric') yield wrapped(failed, extent, '', '<> 0')
  yield wrapped(failed, extent, '', 'IS NOT NULL')
}

const CASTS = ['numeric', 'text', 'timestamp', 'date', 'int', 'bool'] as const

/** `a + ' ' + b` joins texts elsewhere. */
function* joinedTexts({ pieces, refusal }: Failed, { type }: TypeAbout): Generator<readonly Piece[]> {
  if ((type === 'text' || type === 'literal') && refusal.message.includes('operator +'))
    yield pieces.map((piece) => (isMark(piece, '+') ? inPlaceOf(piece, '||')[0]! : piece))
}

export const typeFix: Fix = function* (failed) {
  const about = failed.refusal.details.about as TypeAbout | undefined
  if (!about) return
  yield* joinedTexts(failed, about)
  yield* asBoolean(failed, about)
  yield* asTime(failed, about)
  yield* withoutCall(failed, about)
  const sides = [about, ...(about.other ? [about.other] : [])]
  for (const [at, { e, type }] of sides.entries()) {
    const extent = extentOf(e, failed)
    const other = sides[1 - at]?.type
    if (!extent || other === undefined || type === 'literal') continue
    // Of a text and a number the number is what was meant, of anything else the text can hold it.
    const to = other === 'literal' ? undefined : CAST_TO[other]
    if (to !== undefined && (type === 'text' || other !== 'text')) yield castTo(failed, extent, to)
  }
  yield* asDays(failed, about)
  for (const { e } of sides) {
    const extent = extentOf(e, failed)
    if (extent) for (const type of CASTS) yield castTo(failed, extent, type)
  }
  yield* asCondition(failed, about)
}

/** A call with too many or too few arguments. */
export const arityFix: Fix = function* ({ pieces }) {
  for (const [at, piece] of pieces.entries()) {
    const name = piece.text.toLowerCase()
    const arity = piece.kind === 'word' && isMark(pieces[at + 1], '(') ? arityOf(name) : undefined
    const close = arity ? closingOf(pieces, at + 1) : -1
    if (!arity || close < 0) continue
    const inside = pieces.slice(at + 2, close)
    const args = splitAtCommas(inside)
    const isDistinct = isWord(inside[0], 'distinct')
    if (args.length === 1 && isMark(inside[0], '*') && name !== 'count') {
      yield spliced(pieces, at, 1, written('count'))
      continue
    }
    if (name === 'count' && args.length === 0) yield spliced(pieces, at + 2, 0, written('*'))
    if (args.length > arity[1]) {
      if (name === 'count')
        yield spliced(pieces, at + 2, inside.length, [
          ...(isDistinct ? inside.slice(0, 1) : written('DISTINCT')),
          ...written('('),
          ...(isDistinct ? inside.slice(1) : inside),
          ...written(')'),
        ])
      const kept = args.slice(0, arity[1])
      yield spliced(
        pieces,
        at + 2,
        inside.length,
        kept.flatMap((arg, index) => [...(index === 0 ? [] : written(',')), ...arg]),
      )
    }
  }
}

/** Windows and ordered sets without what they are computed over. */
export const callFix: Fix = function* ({ pieces }) {
  for (const [at, piece] of pieces.entries()) {
    if (piece.kind !== 'word' || !isMark(pieces[at + 1], '(')) continue
    const close = closingOf(pieces, at + 1)
    if (close < 0) continue
    if (
      isWord(
        piece,
        'rank',
        'dense_rank',
        'row_number',
        'lag',
        'lead',
        'ntile',
        'percent_rank',
        'first_value',
        'last_value',
      )
    ) {
      if (!isWord(pieces[close + 1], 'over')) yield spliced(pieces, close + 1, 0, written('OVER ()'))
    }
    if (isWord(piece, 'percentile_cont', 'percentile_disc') && !isWord(pieces[close + 1], 'within')) {
      const [a, b] = splitAtCommas(pieces.slice(at + 2, close))
      const share = a?.[0]?.kind === 'number' ? a : b
      const value = share === a ? b : a
      if (share && value)
        yield spliced(pieces, at + 2, close - at - 1, [
          ...share,
          ...written(') WITHIN GROUP (ORDER BY'),
          ...value,
          ...written(')'),
        ])
    }
  }
}
