import { TactError } from '../../domain/errors.ts'
import type { PublicError, Rewrite } from '../../domain/errors.ts'
import type { Expr } from '../relational/ast.ts'
import { isPlain } from '../relational/refuse.ts'
import type { Schema } from '../relational/schema.ts'
import type { TypeAbout } from '../relational/value-types.ts'
import { fromOtherDialects, withoutSchemas } from './dialect.ts'
import { aggregatePlaceFix, distinctFix, groupFix, nestedFix, windowFix } from './groups.ts'
import { aliasFix, ambiguousFix, columnFix, entityFix, labelFix, wholeRowFix } from './names.ts'
import { asQuoted, asText, piecesOf, textOfPieces, written } from './pieces.ts'
import type { Piece } from './pieces.ts'
import { attempt, extentOf } from './state.ts'
import type { Failed, Fix } from './state.ts'
import { anySyntaxFix, conditionFix, likelySyntaxFix } from './syntax.ts'
import { arityFix, callFix, typeFix } from './values.ts'

/** Fixes by the code of what they mend. */
const FIXES: Readonly<Record<string, readonly Fix[]>> = {
  syntax: [windowFix, likelySyntaxFix],
  unknown_column: [columnFix],
  unknown_alias: [aliasFix],
  unknown_entity: [entityFix],
  ambiguous_column: [ambiguousFix],
  unseen_label: [labelFix, windowFix],
  whole_row: [wholeRowFix],
  group_by: [groupFix],
  aggregate_place: [aggregatePlaceFix],
  window: [windowFix],
  nested_aggregate: [nestedFix],
  order_by: [distinctFix],
  type_mismatch: [typeFix],
  arity: [arityFix],
  function: [callFix, arityFix],
  bad_query: [conditionFix],
  unsupported: [
    function* ({ pieces }) {
      yield withoutSchemas(pieces)
    },
  ],
  one_statement: [],
  date_unit: [],
  type: [],
  operator: [],
}

/** The same, with any edit at the place where the grammar stopped: asked only where nothing likely is found. */
const ALL_FIXES: typeof FIXES = { ...FIXES, syntax: [windowFix, likelySyntaxFix, anySyntaxFix] }

const MOST_PIECES = 450
const MOST_CHARACTERS = 6_000
/** Pieces that are compiled for one suggestion, over all texts tried: a hundred take some tenths of a millisecond. */
const MOST_WORK = 8_000
const MOST_ATTEMPTS = { likely: 70, all: 150 } as const
/** What grows too large once its names are right is not worth more tries: each would cost what the rules just stopped. */
const HOPELESS = new Set(['too_large_expansion', 'query_too_large'])
const MOST_ROUNDS = 5
/** Half-mended texts that are followed further in a round. */
const WIDTH = 4

/** Where the value stands that a refusal is about, as far as that is known. */
const placeOf = (failed: Failed): number => {
  const about = failed.refusal.details.about as TypeAbout | undefined
  return failed.refusal.code === 'type_mismatch' && about ? (extentOf(about.e, failed)?.from ?? 0) : 0
}

/** Further along: the grammar stopped later, or it is another mistake. */
const isFurther = (next: Failed, before: Failed): boolean => {
  const isSame = next.refusal.code === before.refusal.code && next.refusal.message === before.refusal.message
  if (before.refusal.code !== 'syntax')
    return next.refusal.code !== 'syntax' && (!isSame || placeOf(next) > placeOf(before))
  if (next.refusal.code !== 'syntax') return true
  return next.pieces.length - next.stoppedAt < before.pieces.length - before.stoppedAt
}

/** What a text fails with; true where it compiles; undefined where there is no more to spend. */
type Tried = (pieces: readonly Piece[], most: number) => Failed | true | undefined

/** Mends one mistake after the other; of half-mended texts the nearest are followed. */
const mended = (
  begun: readonly Failed[],
  fixes: typeof FIXES,
  most: number,
  tried: Tried,
): readonly Piece[] | undefined => {
  let open = begun
  for (let round = 0; round < MOST_ROUNDS && open.length > 0; round += 1) {
    const next: Failed[] = []
    for (const failed of open)
      for (const fix of fixes[failed.refusal.code] ?? [])
        for (const pieces of fix(failed)) {
          const outcome = tried(pieces, most)
          if (outcome === true) return pieces
          if (outcome === undefined) return undefined
          if (isFurther(outcome, failed)) next.push(outcome)
        }
    open = next
      .toSorted((a, b) => Number(a.refusal.code === 'syntax') - Number(b.refusal.code === 'syntax'))
      .slice(0, WIDTH)
  }
  return undefined
}

/**
 * The nearest text that compiles, by small edits: first all that is known of other dialects, then one mistake after the
 * other, each by what it is refused with. `compile` throws what a question would be refused with; nothing is offered that
 * it does not take. Undefined where none is found within the bounds.
 */
const suggest = (
  sql: string,
  schema: Schema,
  compile: (sql: string, places: Map<Expr, number>) => void,
): readonly Piece[] | undefined => {
  const asked = piecesOf(sql)
  if (asked.length > MOST_PIECES || sql.length > MOST_CHARACTERS) return undefined
  const outcomes = new Map<string, Failed | true>()
  let work = 0
  const tried: Tried = (pieces, most) => {
    if (pieces.length > 2 * MOST_PIECES) return undefined
    const text = textOfPieces(pieces).sql
    const known = outcomes.get(text)
    if (known !== undefined || outcomes.size >= most || work >= MOST_WORK) return known
    work += pieces.length
    const outcome = attempt(pieces, schema, compile) ?? true
    if (outcome !== true && HOPELESS.has(outcome.refusal.code)) work = MOST_WORK
    outcomes.set(text, outcome)
    return outcome
  }
  const translated = fromOtherDialects(asked)
  const begun = [translated, asked].map((pieces) => tried(pieces, MOST_ATTEMPTS.likely))
  if (begun[0] === true) return translated
  const open = [...new Set(begun.filter((one) => one !== undefined && one !== true))]
  return mended(open, FIXES, MOST_ATTEMPTS.likely, tried) ?? mended(open, ALL_FIXES, MOST_ATTEMPTS.all, tried)
}

/**
 * A suggestion without a word of the asker's: their pieces by number, also where we repeat one (an alias, a label).
 * Undefined where that cannot be told of a name in quotes.
 */
const asRewrite = (pieces: readonly Piece[], asked: readonly Piece[]): Rewrite | undefined => {
  const parts: Rewrite['parts'][number][] = []
  for (const { source, text, kind, spaced } of pieces) {
    const isName = kind === 'word' || kind === 'quoted'
    const repeated = isName ? asked.findIndex((one) => one.text.toLowerCase() === text.toLowerCase()) : -1
    if (source !== undefined && asked[source]!.text !== text)
      parts.push({
        piece: source,
        spaced,
        as: kind === 'text' ? 'text' : kind === 'quoted' ? 'name' : 'word',
      })
    else if (source !== undefined || repeated >= 0) parts.push({ piece: source ?? repeated, spaced })
    else if (kind === 'quoted') return undefined
    else parts.push({ piece: text, spaced })
  }
  return { parts }
}

const SPELLINGS = {
  text: asText,
  name: asQuoted,
  word: (quoted: string): string => quoted.slice(1, -1),
} as const

/** A rewrite as a text, with the pieces of what was sent; undefined where the text is not the one it was made for. */
export const writtenOutOf = ({ parts }: Rewrite, sent: string): string | undefined => {
  const asked = piecesOf(sent)
  const pieces: Piece[] = []
  for (const { piece, spaced, as } of parts) {
    const own = typeof piece === 'number' ? asked[piece] : written(piece)[0]
    if (!own) return undefined
    const text = as === undefined ? own.text : SPELLINGS[as](own.text)
    pieces.push({ ...own, text, spaced })
  }
  return textOfPieces(pieces).sql
}

/** Texts that are repeated: handles, dates, plain words; no links, no long ones. */
const REPEATED = /^'(?:%?[A-Z]+_\d{5,7}[fl]?%?|[\p{L}\d %.,:+-]{0,40})'$/u

/**
 * The pieces of a text as an error may repeat them: other texts than plain ones as `'…'` for the asker to fill in, words as
 * the database reads them. Undefined where a name in quotes is no plain one.
 */
const repeatable = (sent: string): string | undefined => {
  const pieces = piecesOf(sent).map((piece) => {
    if (piece.kind === 'text') return REPEATED.test(piece.text) ? piece : { ...piece, text: `'…'` }
    if (piece.kind !== 'quoted')
      return piece.kind === 'word' ? { ...piece, text: piece.text.toLowerCase() } : piece
    return isPlain(piece.text.slice(1, -1)) || REPEATED.test(`'${piece.text.slice(1, -1)}'`)
      ? piece
      : undefined
  })
  return pieces.includes(undefined)
    ? undefined
    : textOfPieces(pieces.filter((piece) => piece !== undefined)).sql
}

/** What a surface shows of an error, with the text that could be sent in place of `sent`. */
export const publicError = (error: TactError, sent: unknown): PublicError => {
  const { rewrite } = error.details
  const asked = rewrite && typeof sent === 'string' ? repeatable(sent) : undefined
  const text = rewrite && asked !== undefined ? writtenOutOf(rewrite, asked) : undefined
  return text === undefined ? error.toPublic() : { ...error.toPublic(), rewrite: text }
}

/** A refusal with the nearest text that `compile` takes, where there is one. */
export const withRewrite = (
  error: unknown,
  sql: string,
  schema: Schema,
  compile: (sql: string, places: Map<Expr, number>) => void,
): unknown => {
  if (!(error instanceof TactError) || !Object.hasOwn(FIXES, error.code)) return error
  const found = suggest(sql, schema, compile)
  if (!found) return error
  const { kind, code, message, details } = error
  const rewrite = asRewrite(found, piecesOf(sql))
  return rewrite ? new TactError(kind, code, message, { ...details, rewrite }) : error
}
