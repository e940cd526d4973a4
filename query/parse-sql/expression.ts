import { OPERATORS, TRUTH_TESTS, TYPES } from '../relational/ast.ts'
import type {
  NOWS,
  Expr,
  Frame,
  FrameEdge,
  Operator,
  Query,
  Sort,
  TypeRef,
  Window,
} from '../relational/ast.ts'
import { arityOf } from '../relational/functions.ts'
import { named, refuse } from '../relational/refuse.ts'
import { deeper, fields, listOf, textOf, unsupported, unwrap, wordOf } from './node.ts'
import type { Budget, Node } from './node.ts'
import { typeHint, unknownFunction } from './rewrites.ts'

/** Reads nodes below an expression; subqueries go through `query`. */
export interface Reader {
  readonly budget: Budget
  /** Where each expression stands in the text, in bytes, for whoever asks. */
  readonly places?: Map<Expr, number> | undefined
  query(select: unknown): Query
  /** Takes a generate_series of the SELECT list, and gives what stands in its place. */
  series?(call: Node): Expr
}

const pick = <T extends string>(value: unknown, allowed: readonly T[], what: string): T => {
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw unsupported(what)
  return found
}

const integerOf = (node: unknown): number => {
  const [kind, inner] = unwrap(node)
  if (kind !== 'A_Const') throw unsupported('A modifier that is not a number')
  const { ival } = fields(inner, 'A number', ['ival'])
  const { ival: value = 0 } = fields(ival, 'A number', ['ival'])
  return Number(value)
}

const INTERVAL_UNITS: ReadonlyMap<number, string> = new Map([
  [4, 'year'],
  [2, 'month'],
  [8, 'day'],
  [1024, 'hour'],
  [2048, 'minute'],
  [4096, 'second'],
])

const typeOf = (node: unknown): { readonly to: TypeRef; readonly unit?: string } => {
  const { names, typmods } = fields(node, 'A type', ['names', 'typemod', 'typmods'])
  const parts = listOf(names).map(textOf)
  const base = parts.at(-1) ?? ''
  const t = TYPES.find((one) => one === base)
  if (t === undefined || parts.length > 2 || (parts.length === 2 && parts[0] !== 'pg_catalog'))
    throw refuse('type', `The type${named(base)} is not available.`, {
      fix: typeHint(base),
      validOptions: TYPES,
    })
  const modifiers = listOf(typmods).map(integerOf)
  if (modifiers.length === 0) return { to: { t } }
  if (t !== 'interval') return { to: { t, p: modifiers } }
  const unit = INTERVAL_UNITS.get(modifiers[0]!)
  if (unit === undefined || modifiers.length > 1)
    throw unsupported('INTERVAL with a range', "Write interval '90 days'.")
  return { to: { t }, unit }
}

const castOf = (node: Node, reader: Reader): Expr => {
  const { arg, typeName } = fields(node, 'A cast', ['arg', 'typeName'])
  const { to, unit } = typeOf(typeName)
  const inner = expressionOf(arg, reader)
  if (unit === undefined) return { cast: inner, to }
  const text = 'lit' in inner && typeof inner.lit === 'string' ? inner.lit.trim() : ''
  if (!/^-?\d{1,9}(\.\d{1,6})?$/.test(text)) throw unsupported('This INTERVAL', "Write interval '90 days'.")
  return { cast: { lit: `${text} ${unit}` }, to }
}

const constantOf = (node: Node): Expr => {
  const { isnull, ival, fval, boolval, sval } = fields(node, 'A constant', [
    'ival',
    'fval',
    'boolval',
    'sval',
    'isnull',
  ])
  if (isnull === true) return { lit: null }
  if (ival !== undefined) return { lit: Number(fields(ival, 'A number', ['ival']).ival ?? 0) }
  if (fval !== undefined) return { lit: { num: wordOf(fields(fval, 'A number', ['fval']).fval) } }
  if (boolval !== undefined) return { lit: fields(boolval, 'A boolean', ['boolval']).boolval === true }
  return { lit: wordOf(fields(sval, 'A text', ['sval']).sval) }
}

const columnOf = (node: Node): Expr => {
  const parts = listOf(fields(node, 'A column', ['fields']).fields).map((part) => {
    if (unwrap(part)[0] === 'A_Star')
      throw unsupported('A star outside the SELECT list', 'Name the columns you need.')
    return textOf(part)
  })
  const [first, second] = parts
  if (first !== undefined && parts.length === 1) return { col: [first] }
  if (first !== undefined && second !== undefined && parts.length === 2) return { col: [first, second] }
  throw unsupported('A column name of more than two parts', 'Write table.column.')
}

const operatorOf = (name: unknown): string => {
  const parts = listOf(name).map(textOf)
  if (parts.length !== 1) throw unsupported('OPERATOR(…)')
  return parts[0]!
}

const OTHER_OPERATORS: ReadonlyMap<string, string> = new Map([
  ['==', 'Write = for equality.'],
  ['===', 'Write = for equality.'],
  ['!==', 'Write <>.'],
  ['<=>', 'Write IS NOT DISTINCT FROM.'],
  ['&&', 'Write AND.'],
  ['^', 'Write power(a, b).'],
  ['->>>', 'Write ->>.'],
])

const readOperation = (node: Node, reader: Reader): Expr => {
  const { kind, name, lexpr, rexpr } = fields(node, 'An operator', ['kind', 'name', 'lexpr', 'rexpr'])
  const X = (one: unknown): Expr => expressionOf(one, reader)
  const written = operatorOf(name)
  const operator = (): Operator => {
    const found = OPERATORS.find((one) => one === written)
    if (found === undefined)
      throw refuse('operator', 'An operator of the query is not available.', {
        fix: OTHER_OPERATORS.get(written) ?? 'Take one of valid_options.',
        validOptions: OPERATORS,
      })
    return found
  }
  const list = (): readonly Expr[] => {
    const [wrapped, inner] = unwrap(rexpr)
    if (wrapped !== 'List') throw unsupported('This list')
    return listOf(fields(inner, 'A list', ['items']).items).map(X)
  }
  switch (kind) {
    case 'AEXPR_OP':
      return lexpr === undefined
        ? { op: operator(), r: X(rexpr) }
        : { op: operator(), l: X(lexpr), r: X(rexpr) }
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
      return { op: operator(), l: X(lexpr), r: X(rexpr), q: kind === 'AEXPR_OP_ANY' ? 'any' : 'all' }
    case 'AEXPR_IN':
      return { in: X(lexpr), list: list(), ...(written === '<>' && { not: true as const }) }
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return {
        like: [X(lexpr), X(rexpr)],
        ...(kind === 'AEXPR_ILIKE' && { ci: true as const }),
        ...(written.startsWith('!') && { not: true as const }),
      }
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const items = rexpr === undefined ? [] : list()
      return {
        between: [X(lexpr), items[0]!, items[1]!],
        ...(kind === 'AEXPR_NOT_BETWEEN' && { not: true as const }),
      }
    }
    case 'AEXPR_DISTINCT':
      return { distinctFrom: [X(lexpr), X(rexpr)] }
    case 'AEXPR_NOT_DISTINCT':
      return { distinctFrom: [X(lexpr), X(rexpr)], not: true }
    case 'AEXPR_NULLIF':
      return { nullif: [X(lexpr), X(rexpr)] }
    default:
      throw unsupported('This operator')
  }
}

const FRAME_BITS = {
  nondefault: 1,
  range: 2,
  rows: 4,
  groups: 8,
  between: 16,
  startUnboundedPreceding: 32,
  endUnboundedPreceding: 64,
  startUnboundedFollowing: 128,
  endUnboundedFollowing: 256,
  startCurrent: 512,
  endCurrent: 1024,
  startPreceding: 2048,
  endPreceding: 4096,
  startFollowing: 8192,
  endFollowing: 16384,
} as const
const DEFAULT_FRAME = 1058
const KNOWN_BITS = Object.values(FRAME_BITS).reduce((all, bit) => all | bit, 0)

const frameOf = (bits: number, start: unknown, end: unknown): Frame | undefined => {
  if (bits === DEFAULT_FRAME) return undefined
  if ((bits & ~KNOWN_BITS) !== 0) throw unsupported('EXCLUDE in a window')
  const has = (bit: number): boolean => (bits & bit) !== 0
  const edge = (side: 'start' | 'end', offset: unknown): FrameEdge => {
    if (has(FRAME_BITS[`${side}UnboundedPreceding`])) return 'unbounded_preceding'
    if (has(FRAME_BITS[`${side}UnboundedFollowing`])) return 'unbounded_following'
    if (has(FRAME_BITS[`${side}Current`])) return 'current_row'
    if (has(FRAME_BITS[`${side}Preceding`])) return { preceding: integerOf(offset) }
    if (has(FRAME_BITS[`${side}Following`])) return { following: integerOf(offset) }
    throw unsupported('This window frame')
  }
  const unit = has(FRAME_BITS.rows) ? 'rows' : has(FRAME_BITS.groups) ? 'groups' : 'range'
  return { unit, start: edge('start', start), end: edge('end', end) }
}

/** A window: in OVER, or with a name in WINDOW. */
export const windowOf = (
  node: unknown,
  reader: Reader,
): { readonly name?: string; readonly over: Window } => {
  const { name, refname, partitionClause, orderClause, frameOptions, startOffset, endOffset } = fields(
    node,
    'A window',
    ['name', 'refname', 'partitionClause', 'orderClause', 'frameOptions', 'startOffset', 'endOffset'],
  )
  const frame = frameOf(Number(frameOptions ?? DEFAULT_FRAME), startOffset, endOffset)
  const over: Window = {
    ...(typeof refname === 'string' && { ref: refname }),
    ...(partitionClause !== undefined && {
      partition: listOf(partitionClause).map((one) => expressionOf(one, reader)),
    }),
    ...(orderClause !== undefined && { order: listOf(orderClause).map((one) => sortOf(one, reader)) }),
    ...(frame && { frame }),
  }
  return { over, ...(typeof name === 'string' && { name }) }
}

const readCall = (node: Node, reader: Reader): Expr => {
  const call = fields(node, 'A function', [
    'funcname',
    'args',
    'agg_order',
    'agg_filter',
    'over',
    'agg_within_group',
    'agg_star',
    'agg_distinct',
    'funcformat',
  ])
  const parts = listOf(call['funcname']).map(textOf)
  const fn = parts.at(-1) ?? ''
  const isOurs = parts.length === 1 || (parts.length === 2 && parts[0] === 'pg_catalog')
  if (isOurs && fn === 'generate_series' && reader.series) return reader.series(node)
  if (!isOurs || !arityOf(fn)) throw unknownFunction(fn)
  const { over } = call
  const window = over === undefined ? undefined : windowOf(over, reader)
  return {
    fn,
    args: listOf(call['args']).map((one) => expressionOf(one, reader)),
    ...(call['agg_star'] === true && { star: true as const }),
    ...(call['agg_distinct'] === true && { distinct: true as const }),
    ...(call['agg_filter'] !== undefined && { filter: expressionOf(call['agg_filter'], reader) }),
    ...(call['agg_order'] !== undefined && {
      order: listOf(call['agg_order']).map((one) => sortOf(one, reader)),
    }),
    ...(call['agg_within_group'] === true && { within: true as const }),
    // `OVER w` names a window; `OVER (w …)` builds on it.
    ...(window && { over: window.name === undefined ? window.over : { ref: window.name } }),
  }
}

const readCase = (node: Node, reader: Reader): Expr => {
  const { arg, args, defresult } = fields(node, 'CASE', ['arg', 'args', 'defresult'])
  const arms = listOf(args).map((arm): readonly [Expr, Expr] => {
    const [kind, inner] = unwrap(arm)
    if (kind !== 'CaseWhen') throw unsupported('This CASE')
    const { expr, result } = fields(inner, 'WHEN', ['expr', 'result'])
    return [expressionOf(expr, reader), expressionOf(result, reader)]
  })
  return {
    case: arms,
    ...(arg !== undefined && { on: expressionOf(arg, reader) }),
    ...(defresult !== undefined && { else: expressionOf(defresult, reader) }),
  }
}

const readSublink = (node: Node, reader: Reader): Expr => {
  const { subLinkType, testexpr, operName, subselect } = fields(node, 'A subquery', [
    'subLinkType',
    'testexpr',
    'operName',
    'subselect',
  ])
  const [kind, select] = unwrap(subselect)
  if (kind !== 'SelectStmt') throw unsupported('A subquery that is not a SELECT')
  const test = testexpr === undefined ? undefined : expressionOf(testexpr, reader)
  const sub = reader.query(select)
  switch (subLinkType) {
    case 'EXISTS_SUBLINK':
      return { exists: sub }
    case 'EXPR_SUBLINK':
      return { sub }
    case 'ANY_SUBLINK':
    case 'ALL_SUBLINK': {
      if (operName === undefined && subLinkType === 'ANY_SUBLINK') return { in: test!, sub }
      const op = pick(operatorOf(operName), ['=', '<>', '<', '<=', '>', '>='] as const, 'This comparison')
      return { quant: [test!, op, subLinkType === 'ANY_SUBLINK' ? 'any' : 'all'], sub }
    }
    default:
      throw unsupported('This kind of subquery')
  }
}

const NOW_WORDS: ReadonlyMap<string, (typeof NOWS)[number]> = new Map([
  ['SVFOP_CURRENT_DATE', 'date'],
  ['SVFOP_CURRENT_TIMESTAMP', 'timestamp'],
  ['SVFOP_CURRENT_TIME', 'time'],
  ['SVFOP_LOCALTIMESTAMP', 'localtimestamp'],
])

const readers: Readonly<Record<string, (node: Node, reader: Reader) => Expr>> = {
  ColumnRef: columnOf,
  A_Const: constantOf,
  A_Expr: readOperation,
  FuncCall: readCall,
  TypeCast: castOf,
  CaseExpr: readCase,
  SubLink: readSublink,
  BoolExpr: (node, reader) => {
    const { boolop, args } = fields(node, 'A condition', ['boolop', 'args'])
    const parts = listOf(args).map((one) => expressionOf(one, reader))
    if (boolop === 'AND_EXPR') return { and: parts }
    if (boolop === 'OR_EXPR') return { or: parts }
    return { not: parts[0]! }
  },
  CoalesceExpr: (node, reader) => ({
    coalesce: listOf(fields(node, 'COALESCE', ['args']).args).map((one) => expressionOf(one, reader)),
  }),
  MinMaxExpr: (node, reader) => {
    const { op, args } = fields(node, 'GREATEST', ['op', 'args'])
    const parts = listOf(args).map((one) => expressionOf(one, reader))
    return op === 'IS_GREATEST' ? { greatest: parts } : { least: parts }
  },
  NullTest: (node, reader) => {
    const { arg, nulltesttype } = fields(node, 'IS NULL', ['arg', 'nulltesttype'])
    return {
      isnull: expressionOf(arg, reader),
      ...(nulltesttype === 'IS_NOT_NULL' && { not: true as const }),
    }
  },
  BooleanTest: (node, reader) => {
    const { arg, booltesttype } = fields(node, 'IS TRUE', ['arg', 'booltesttype'])
    return { istrue: expressionOf(arg, reader), test: pick(booltesttype, TRUTH_TESTS, 'This test') }
  },
  SQLValueFunction: (node) => {
    const { op } = fields(node, 'This value', ['op', 'typmod'])
    const now = NOW_WORDS.get(wordOf(op))
    if (now === undefined) throw unsupported('This value of the session')
    return { now }
  },
  RowExpr: (node, reader) => ({
    row: listOf(fields(node, 'A row', ['args', 'row_format']).args).map((one) => expressionOf(one, reader)),
  }),
  A_ArrayExpr: (node, reader) => ({
    array: listOf(fields(node, 'An array', ['elements']).elements).map((one) => expressionOf(one, reader)),
  }),
  GroupingFunc: (node, reader) => ({
    grouping: listOf(fields(node, 'GROUPING', ['args']).args).map((one) => expressionOf(one, reader)),
  }),
}

/** An expression of PostgreSQL's parse tree as one of ours, or a refusal. */
export const expressionOf = (node: unknown, reader: Reader): Expr =>
  deeper(reader.budget, () => {
    const [kind, inner] = unwrap(node)
    const read = Object.hasOwn(readers, kind) ? readers[kind] : undefined
    if (!read) throw unsupported('A construct of this query')
    const made = read(inner, reader)
    if (reader.places) reader.places.set(made, Number(inner['location'] ?? 0))
    return made
  })

/** A key of ORDER BY or GROUP BY may be a position. */
export const placeOf = (node: unknown): { readonly ord: number } | undefined => {
  const [kind, inner] = unwrap(node)
  return kind === 'A_Const' && inner['ival'] !== undefined ? { ord: integerOf(node) } : undefined
}

export const sortOf = (node: unknown, reader: Reader): Sort => {
  const [kind, inner] = unwrap(node)
  if (kind !== 'SortBy') throw unsupported('This ORDER BY')
  const {
    node: by,
    sortby_dir: direction,
    sortby_nulls: nulls,
  } = fields(inner, 'ORDER BY', ['node', 'sortby_dir', 'sortby_nulls'])
  if (direction === 'SORTBY_USING') throw unsupported('ORDER BY … USING')
  return {
    by: placeOf(by) ?? expressionOf(by, reader),
    ...(direction === 'SORTBY_DESC' && { dir: 'desc' as const }),
    ...(direction === 'SORTBY_ASC' && { dir: 'asc' as const }),
    ...(nulls === 'SORTBY_NULLS_FIRST' && { nulls: 'first' as const }),
    ...(nulls === 'SORTBY_NULLS_LAST' && { nulls: 'last' as const }),
  }
}
