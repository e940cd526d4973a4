import { TactError } from '../../domain/errors.ts'
import type { PublicError, Rewrite } from '../../domain/errors.ts'
import type { Expr } from '../relational/ast.ts'
import type { Schema } from '../relational/schema.ts'
import { fromOtherDialects, withoutSchemas } from './dialect.ts'
import { aggregatePlaceFix, distinctFix, groupFix, nestedFix, windowFix } from './groups.ts'
import { aliasFix, ambiguousFix, columnFix, entityFix, labelFix, wholeRowFix } from './names.ts'
import { asQuoted, asText, piecesOf, textOfPieces, written } from './pieces.ts'
import type { Piece } from './pieces.ts'
import { attempt } from './state.ts'
import type { Failed, Fix } from './state.ts'
import { conditionFix, syntaxFix } from './syntax.ts'
import { arityFix, callFix, typeFix } from './values.ts'

/** Fixes by the code of what they mend. */
const FIXES: Readonly<Record<string, readonly Fix[]>> = {
  syntax: [windowFix, syntaxFix],
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

const MOST_PIECES = 700
const MOST_CHARACTERS = 6_000
/** Pieces that are compiled for one suggestion, over all texts tried: a hundred take some tenths of a millisecond. */
const MOST_WORK = 12_000
const MOST_ATTEMPTS = 160
const MOST_ROUNDS = 4
/** Half-mended texts that are followed further in a round. */
const WIDTH = 4

/** Further along: the grammar stopped later, or it is another mistake. */
const isFurther = (next: Failed, before: Failed): boolean => {
  const isSame = next.refusal.code === before.refusal.code && next.refusal.message === before.refusal.message
  if (before.refusal.code !== 'syntax') return !isSame && next.refusal.code !== 'syntax'
  if (next.refusal.code !== 'syntax') return true
  return next.pieces.length - next.stoppedAt < before.pieces.length - before.stoppedAt
}

export interface Suggestion {
  readonly pieces: readonly Piece[]
  readonly sql: string
}

/**
 * The nearest text that compiles, by small edits: first all that is known of other dialects, then one mistake after the
 * other, each by what it is refused with. `compile` throws what a question would be refused with; nothing is offered that
 * it does not take. Undefined where none is found within the bounds.
 */
export const suggest = (
  sql: string,
  schema: Schema,
  compile: (sql: string, places: Map<Expr, number>) => void,
): Suggestion | undefined => {
  const asked = piecesOf(sql)
  if (asked.length > MOST_PIECES || sql.length > MOST_CHARACTERS) return undefined
  const seen = new Set<string>()
  let attempts = 0
  let work = 0
  const isSpent = (): boolean => attempts >= MOST_ATTEMPTS || work >= MOST_WORK
  const found = (pieces: readonly Piece[]): Suggestion => ({ pieces, sql: textOfPieces(pieces).sql })
  /** What a text fails with; true where it compiles; undefined where it was tried already, or there is no more to spend. */
  const tried = (pieces: readonly Piece[]): Failed | true | undefined => {
    const text = textOfPieces(pieces).sql
    if (seen.has(text) || isSpent()) return undefined
    seen.add(text)
    attempts += 1
    work += pieces.length
    return attempt(pieces, schema, compile) ?? true
  }
  const first = tried(asked)
  if (first === undefined || first === true) return undefined
  let open: readonly Failed[] = [first]
  const translated = tried(fromOtherDialects(asked))
  if (translated === true) return found(fromOtherDialects(asked))
  if (translated) open = [translated, first]
  for (let round = 0; round < MOST_ROUNDS && open.length > 0; round += 1) {
    const next: Failed[] = []
    for (const failed of open) {
      for (const fix of FIXES[failed.refusal.code] ?? []) {
        for (const pieces of fix(failed)) {
          const outcome = tried(pieces)
          if (outcome === true) return found(pieces)
          if (outcome && isFurther(outcome, failed)) next.push(outcome)
          if (isSpent()) return undefined
        }
      }
    }
    open = next
      .toSorted((a, b) => Number(a.refusal.code === 'syntax') - Number(b.refusal.code === 'syntax'))
      .slice(0, WIDTH)
  }
  return undefined
}

/** A suggestion without a word of the asker's: their pieces by number. */
const asRewrite = ({ pieces }: Suggestion, asked: readonly Piece[]): Rewrite => ({
  parts: pieces.map(({ source, text, kind, spaced }) => {
    if (source === undefined) return { piece: text, spaced }
    if (asked[source]!.text === text) return { piece: source, spaced }
    return { piece: source, spaced, as: kind === 'text' ? 'text' : kind === 'quoted' ? 'name' : 'word' }
  }),
})

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

/** What a surface shows of an error, with the text that could be sent in place of `sent`. */
export const publicError = (error: TactError, sent: unknown): PublicError => {
  const { rewrite } = error.details
  const text = rewrite && typeof sent === 'string' ? writtenOutOf(rewrite, sent) : undefined
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
  return new TactError(kind, code, message, { ...details, rewrite: asRewrite(found, piecesOf(sql)) })
}
