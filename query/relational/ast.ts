/**
 * The relational form: the only thing that executes. SQL text is read into it and SQL is written from it; JSON may state
 * it directly. Tiers: filters, joins, aggregates · CASE, casts, functions · subqueries · WITH · set operations ·
 * windows · FILTER, WITHIN GROUP, DISTINCT ON.
 */
export const OPERATORS = [
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '->',
  '->>',
  '~',
  '~*',
  '!~',
  '!~*',
] as const
export type Operator = (typeof OPERATORS)[number]
export const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='] as const
export const TYPES = [
  'int2',
  'int4',
  'int8',
  'numeric',
  'float4',
  'float8',
  'text',
  'varchar',
  'bpchar',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'bool',
  'uuid',
] as const
export type TypeName = (typeof TYPES)[number]
export const TRUTH_TESTS = [
  'IS_TRUE',
  'IS_NOT_TRUE',
  'IS_FALSE',
  'IS_NOT_FALSE',
  'IS_UNKNOWN',
  'IS_NOT_UNKNOWN',
] as const
export const NOWS = ['date', 'timestamp', 'time', 'localtimestamp'] as const

/** Numbers that JavaScript would round are kept as text. */
export type Literal = string | number | boolean | null | { readonly num: string }
export interface TypeRef {
  readonly t: TypeName
  readonly p?: readonly number[]
}
export interface Sort {
  readonly by: Expr | { readonly ord: number }
  readonly dir?: 'asc' | 'desc'
  readonly nulls?: 'first' | 'last'
}
export type FrameEdge =
  | 'unbounded_preceding'
  | 'current_row'
  | 'unbounded_following'
  | { readonly preceding: number }
  | { readonly following: number }
export interface Frame {
  readonly unit: 'rows' | 'range' | 'groups'
  readonly start: FrameEdge
  readonly end: FrameEdge
}
export interface Window {
  readonly ref?: string
  readonly partition?: readonly Expr[]
  readonly order?: readonly Sort[]
  readonly frame?: Frame
}

export interface Column {
  readonly col: readonly [string] | readonly [string, string]
}
export interface Constant {
  readonly lit: Literal
}
export interface Operation {
  readonly op: Operator
  readonly l?: Expr
  readonly r: Expr
  readonly q?: 'any' | 'all'
}
export interface Call {
  readonly fn: string
  readonly args: readonly Expr[]
  readonly star?: true
  readonly distinct?: true
  readonly filter?: Expr
  readonly order?: readonly Sort[]
  readonly within?: true
  readonly over?: Window
}
export interface Cast {
  readonly cast: Expr
  readonly to: TypeRef
}
export interface Case {
  readonly case: readonly (readonly [Expr, Expr])[]
  readonly on?: Expr
  readonly else?: Expr
}
export type Pair = readonly [Expr, Expr]
export type Expr =
  | Column
  | Constant
  | Operation
  | Call
  | Cast
  | Case
  | { readonly and: readonly Expr[] }
  | { readonly or: readonly Expr[] }
  | { readonly coalesce: readonly Expr[] }
  | { readonly nullif: Pair }
  | { readonly greatest: readonly Expr[] }
  | { readonly least: readonly Expr[] }
  | { readonly isnull: Expr; readonly not?: true }
  | { readonly istrue: Expr; readonly test: (typeof TRUTH_TESTS)[number] }
  | { readonly in: Expr; readonly list?: readonly Expr[]; readonly sub?: Query; readonly not?: true }
  | { readonly between: readonly [Expr, Expr, Expr]; readonly not?: true }
  | { readonly like: Pair; readonly ci?: true; readonly not?: true }
  | { readonly distinctFrom: Pair; readonly not?: true }
  | { readonly exists: Query }
  | {
      readonly quant: readonly [Expr, (typeof COMPARISONS)[number], 'any' | 'all']
      readonly sub: Query
    }
  | { readonly sub: Query }
  | { readonly row: readonly Expr[] }
  | { readonly array: readonly Expr[] }
  | { readonly now: (typeof NOWS)[number] }
  | { readonly grouping: readonly Expr[] }
  | { readonly not: Expr }

export type Group =
  | Expr
  | { readonly ord: number }
  | { readonly rollup: readonly Expr[] }
  | { readonly cube: readonly Expr[] }

export type From =
  | { readonly entity: string; readonly ns?: string; readonly as?: string }
  | { readonly from: Query; readonly as: string; readonly lateral?: true; readonly cols?: readonly string[] }
  | { readonly series: readonly Expr[]; readonly as: string; readonly cols?: readonly string[] }
  | {
      readonly join: 'inner' | 'left' | 'right' | 'full' | 'cross'
      readonly l: From
      readonly r: From
      readonly on?: Expr
      readonly using?: readonly string[]
    }

export type Item = { readonly e: Expr; readonly as?: string } | { readonly star: true | string }

export interface Select {
  readonly select: readonly Item[]
  readonly distinct?: true | readonly Group[]
  readonly from?: readonly From[]
  readonly where?: Expr
  readonly group?: readonly Group[]
  readonly having?: Expr
  readonly windows?: Readonly<Record<string, Window>>
}
export interface SetOperation {
  readonly set: 'union' | 'intersect' | 'except'
  readonly all?: true
  readonly l: Query
  readonly r: Query
}
export interface With {
  readonly name: string
  readonly q: Query
  readonly cols?: readonly string[]
  readonly mat?: 'yes' | 'no'
}
export interface Query {
  readonly with?: readonly With[]
  readonly body: Select | SetOperation
  readonly order?: readonly Sort[]
  readonly limit?: { readonly lit: number }
  readonly offset?: { readonly lit: number }
}
