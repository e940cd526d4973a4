import type { Expr } from './ast.ts'
import { LIMITS } from './limits.ts'
import { refuse } from './refuse.ts'

const PLAIN = 64
/** Rows that a list of values may be made of. */
const LISTED = 1_000

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0)

const callBytes = (fn: string, args: readonly number[]): number => {
  const [first = PLAIN, second = 1, third = 1] = args
  switch (fn) {
    case 'concat':
    case 'concat_ws':
      return sum(args) + first * args.length
    case 'replace':
    case 'regexp_replace':
      return first * Math.max(1, third)
    case 'string_agg':
      return (first + second) * LISTED
    case 'array_agg':
      return (first + 8) * LISTED
    case 'array_to_string':
      return first * Math.max(2, second)
    case 'string_to_array':
      return first * 8
    case 'to_char':
      return 8 * Math.max(PLAIN, second)
    default:
      return Math.max(PLAIN, ...args)
  }
}

/** The longest value, in bytes, that an expression can come to; the sizes of its children are known. */
export const bytesOf = (e: Expr, of: (child: Expr) => number, subquery: number | undefined): number => {
  const bytes = rawBytes(e, of, subquery)
  if (bytes > LIMITS.cellBytes)
    throw refuse('too_large_expansion', `A value of this query could reach ${Math.round(bytes / 1e6)} MB.`, {
      fix: 'Shorten the texts before they are joined or listed, e.g. left(body, 200).',
    })
  return bytes
}

const rawBytes = (e: Expr, of: (child: Expr) => number, subquery: number | undefined): number => {
  if ('lit' in e) return typeof e.lit === 'string' ? e.lit.length * 4 : 16
  if ('op' in e) {
    if (e.op === '||') return sum([...(e.l ? [of(e.l)] : []), of(e.r)])
    if (e.op === '->' || e.op === '->>') return e.l ? of(e.l) : PLAIN
    if (e.op !== '*' || !e.l) return Math.max(...(e.l ? [of(e.l)] : []), of(e.r), 16)
    const digits = of(e.l) + of(e.r)
    if (digits > LIMITS.productDigits * 2)
      throw refuse('too_large_expansion', 'A product of this query could have too many digits.', {
        fix: 'Multiply fewer values.',
      })
    return digits
  }
  if ('fn' in e) return callBytes(e.fn, e.args.map(of))
  if ('cast' in e) return ['text', 'varchar', 'bpchar', 'numeric'].includes(e.to.t) ? of(e.cast) : 16
  if ('case' in e) return Math.max(PLAIN, ...e.case.map(([, then]) => of(then)), e.else ? of(e.else) : 0)
  if ('coalesce' in e) return Math.max(...e.coalesce.map(of))
  if ('greatest' in e) return Math.max(...e.greatest.map(of))
  if ('least' in e) return Math.max(...e.least.map(of))
  if ('nullif' in e) return of(e.nullif[0])
  if ('array' in e) return sum(e.array.map(of)) + 16
  if ('row' in e) return sum(e.row.map(of)) + 16
  if ('sub' in e && !('quant' in e) && !('in' in e)) return subquery ?? PLAIN
  return 16
}

/** Refuses what the planner would blow up: it checks no deadline while it does. */
export const withinExpansion = (nodes: number): number => {
  if (nodes <= LIMITS.expandedNodes) return nodes
  throw refuse(
    'too_large_expansion',
    'This query grows too large once its WITH items and subqueries are put together.',
    {
      fix: 'Repeat computed columns less often, or aggregate earlier.',
    },
  )
}
