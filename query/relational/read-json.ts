import { z } from 'zod'
import { COMPARISONS, NOWS, OPERATORS, TRUTH_TESTS, TYPES } from './ast.ts'
import type { Expr, From, Group, Query, Select } from './ast.ts'
import { functionNames } from './functions.ts'
import { LIMITS } from './limits.ts'
import { kindOf } from './nodes.ts'
import type { Kind } from './nodes.ts'
import { refuse } from './refuse.ts'

const tooLarge = (what: string): Error =>
  refuse('query_too_large', `The query ${what}.`, { fix: 'Ask for less at once.' })

/** Bounds untrusted JSON before anything recursive sees it, with a stack of its own. */
export const preflight = (input: unknown): void => {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: input, depth: 0 }]
  let nodes = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next
    if (typeof value !== 'object' || value === null) continue
    nodes += 1
    if (nodes > LIMITS.jsonNodes) throw tooLarge('has too many parts')
    if (depth > LIMITS.jsonDepth) throw tooLarge('is nested too deeply')
    const items = Array.isArray(value) ? value : Object.values(value)
    if (Array.isArray(value) && items.length > LIMITS.list)
      throw tooLarge(`has a list of more than ${LIMITS.list}`)
    for (const key of Array.isArray(value) ? [] : Object.keys(value)) {
      if (key === '__proto__' || key === 'constructor' || key === 'prototype')
        throw refuse('bad_query', 'The query has a key that no query has.', { fix: 'Leave it out.' })
    }
    for (const item of items) open.push({ value: item, depth: depth + 1 })
  }
}

const badNode = (what: string, valid?: readonly string[]): Error =>
  refuse('bad_query', `${what} of the query is not written as the relational form has it.`, {
    fix: 'Use the keys of the form and no others; each node has exactly one kind.',
    ...(valid === undefined ? {} : { validOptions: valid }),
  })

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A child that is read by its own kind: one pass, however deep, because a key decides and nothing is tried twice. */
const child = <T>(read: (value: unknown) => T) => z.unknown().transform((value) => read(value))

const name = z.string().min(1).max(63)
const X = child((value) => readExpr(value))
const Q = child((value) => readQuery(value))
const yes = z.literal(true)
const list = (most: number) => z.array(X).min(1).max(most)
const Ord = z.strictObject({ ord: z.int().min(1).max(LIMITS.columns) })
const By = child((value) =>
  isObject(value) && Object.hasOwn(value, 'ord') ? parse('A position', Ord, value) : readExpr(value),
)
const Sort = z.strictObject({
  by: By,
  dir: z.enum(['asc', 'desc']).optional(),
  nulls: z.enum(['first', 'last']).optional(),
})
const rows = z.int().min(0).max(1_000_000)
const Edge = z.union([
  z.enum(['unbounded_preceding', 'current_row', 'unbounded_following']),
  z.strictObject({ preceding: rows }),
  z.strictObject({ following: rows }),
])
const Over = z.strictObject({
  ref: name.optional(),
  partition: list(8).optional(),
  order: z.array(Sort).min(1).max(8).optional(),
  frame: z.strictObject({ unit: z.enum(['rows', 'range', 'groups']), start: Edge, end: Edge }).optional(),
})
const Literal = z.union([
  z.string().max(LIMITS.literal),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ num: z.string().regex(/^-?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,2})?$/i) }),
])
const Type = z.strictObject({
  t: z.enum(TYPES),
  p: z.array(z.int().min(0).max(1000)).min(1).max(2).optional(),
})
const pair = z.tuple([X, X])

const NODES: Readonly<Record<Kind, z.ZodType>> = {
  col: z.strictObject({ col: z.union([z.tuple([name]), z.tuple([name, name])]) }),
  lit: z.strictObject({ lit: Literal }),
  op: z.strictObject({ op: z.enum(OPERATORS), l: X.optional(), r: X, q: z.enum(['any', 'all']).optional() }),
  fn: z.strictObject({
    fn: z.enum(functionNames()),
    args: z.array(X).max(20),
    star: yes.optional(),
    distinct: yes.optional(),
    filter: X.optional(),
    order: z.array(Sort).min(1).max(4).optional(),
    within: yes.optional(),
    over: Over.optional(),
  }),
  cast: z.strictObject({ cast: X, to: Type }),
  case: z.strictObject({ case: z.array(pair).min(1).max(100), on: X.optional(), else: X.optional() }),
  and: z.strictObject({ and: z.array(X).min(2).max(500) }),
  or: z.strictObject({ or: z.array(X).min(2).max(500) }),
  coalesce: z.strictObject({ coalesce: list(20) }),
  nullif: z.strictObject({ nullif: pair }),
  greatest: z.strictObject({ greatest: list(20) }),
  least: z.strictObject({ least: list(20) }),
  isnull: z.strictObject({ isnull: X, not: yes.optional() }),
  istrue: z.strictObject({ istrue: X, test: z.enum(TRUTH_TESTS) }),
  in: z.union([
    z.strictObject({ in: z.unknown(), list: z.array(z.unknown()), not: yes.optional() }),
    z.strictObject({ in: z.unknown(), sub: z.unknown(), not: yes.optional() }),
  ]),
  between: z.strictObject({ between: z.tuple([X, X, X]), not: yes.optional() }),
  like: z.strictObject({ like: pair, ci: yes.optional(), not: yes.optional() }),
  distinctFrom: z.strictObject({ distinctFrom: pair, not: yes.optional() }),
  exists: z.strictObject({ exists: Q }),
  quant: z.strictObject({ quant: z.tuple([X, z.enum(COMPARISONS), z.enum(['any', 'all'])]), sub: Q }),
  sub: z.strictObject({ sub: Q }),
  row: z.strictObject({ row: z.array(X).min(2).max(8) }),
  array: z.strictObject({ array: z.array(X).max(LIMITS.list) }),
  now: z.strictObject({ now: z.enum(NOWS) }),
  grouping: z.strictObject({ grouping: list(8) }),
  not: z.strictObject({ not: X }),
}

const In = z.strictObject({
  in: X,
  list: list(LIMITS.list).optional(),
  sub: Q.optional(),
  not: yes.optional(),
})

/** Optional keys that zod leaves as undefined are taken out, so that equal queries are equal trees. */
const dense = (value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined))
    : value

// The caller knows the kind of node that the schema stands for.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
const parse = <T>(what: string, schema: z.ZodType, value: unknown): T => {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw badNode(what)
  return dense(parsed.data) as T
}

const readExpr = (value: unknown): Expr => {
  const kind = isObject(value) ? kindOf(value) : undefined
  if (kind === undefined) throw badNode('An expression')
  if (kind === 'in') {
    parse('`in`', NODES.in, value)
    return parse('`in`', In, value)
  }
  return parse(`\`${kind}\``, NODES[kind], value)
}

const FROMS = {
  entity: z.strictObject({ entity: name, ns: name.optional(), as: name.optional() }),
  join: z.strictObject({
    join: z.enum(['inner', 'left', 'right', 'full', 'cross']),
    l: child((value) => readFrom(value)),
    r: child((value) => readFrom(value)),
    on: X.optional(),
    using: z.array(name).min(1).max(8).optional(),
  }),
  series: z.strictObject({
    series: z.array(X).min(2).max(3),
    as: name,
    cols: z.array(name).length(1).optional(),
  }),
  from: z.strictObject({
    from: Q,
    as: name,
    lateral: yes.optional(),
    cols: z.array(name).min(1).max(50).optional(),
  }),
}

const readFrom = (value: unknown): From => {
  const keys = ['entity', 'join', 'series', 'from'] as const
  const key = isObject(value) ? keys.find((one) => Object.hasOwn(value, one)) : undefined
  if (key === undefined) throw badNode('An item of `from`', keys)
  return parse(`\`${key}\``, FROMS[key], value)
}

const Rollup = z.strictObject({ rollup: list(5) })
const Cube = z.strictObject({ cube: list(3) })

const readGroup = (value: unknown): Group => {
  if (isObject(value)) {
    if (Object.hasOwn(value, 'ord')) return parse('A position', Ord, value)
    if (Object.hasOwn(value, 'rollup')) return parse('`rollup`', Rollup, value)
    if (Object.hasOwn(value, 'cube')) return parse('`cube`', Cube, value)
  }
  return readExpr(value)
}

const Named = z.strictObject({ e: X, as: name.optional() })
const Star = z.strictObject({ star: z.union([yes, name]) })
const Item = child((value) =>
  isObject(value) && Object.hasOwn(value, 'star')
    ? parse<object>('A star', Star, value)
    : parse<object>('An item of `select`', Named, value),
)
const G = child((value) => readGroup(value))
const SelectShape = z.strictObject({
  select: z.array(Item).min(1).max(LIMITS.columns),
  distinct: z.union([yes, z.array(z.unknown()).min(1).max(8)]).optional(),
  from: z
    .array(child((value) => readFrom(value)))
    .min(1)
    .max(40)
    .optional(),
  where: X.optional(),
  group: z.array(G).min(1).max(30).optional(),
  having: X.optional(),
  windows: z.record(name, Over).optional(),
})
const SetShape = z.strictObject({
  set: z.enum(['union', 'intersect', 'except']),
  all: yes.optional(),
  l: Q,
  r: Q,
})

const readBody = (value: unknown): Query['body'] => {
  if (isObject(value) && Object.hasOwn(value, 'set')) return parse('`set`', SetShape, value)
  const select = parse<Select>('`select`', SelectShape, value)
  const { distinct } = select
  return Array.isArray(distinct)
    ? { ...select, distinct: (distinct as readonly unknown[]).map((one) => readGroup(one)) }
    : select
}

const whole = z.strictObject({ lit: z.int().min(0).max(1_000_000_000) })
const QueryShape = z.strictObject({
  with: z
    .array(
      z
        .strictObject({
          name,
          q: Q,
          cols: z.array(name).min(1).max(50).optional(),
          mat: z.enum(['yes', 'no']).optional(),
        })
        .transform(dense),
    )
    .min(1)
    .max(LIMITS.with)
    .optional(),
  body: child((value) => readBody(value)),
  order: z.array(Sort.transform(dense)).min(1).max(20).optional(),
  limit: whole.optional(),
  offset: whole.optional(),
})

const readQuery = (value: unknown): Query => parse('A query', QueryShape, value)

/** Untrusted JSON as a relational query. Throws `query_too_large` or `bad_query`. */
export const readRelational = (input: unknown): Query => {
  preflight(input)
  return readQuery(input)
}
