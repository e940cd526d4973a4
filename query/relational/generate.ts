import type { Expr, Frame, From, Group, Literal, Query, Select, Sort, TypeRef, Window } from './ast.ts'
import { UNIT_FIRST } from './functions.ts'
import { isOneRow } from './grouping.ts'
import { LIMITS } from './limits.ts'
import { isPlace } from './nodes.ts'
import { refuse } from './refuse.ts'
import { quote } from './schema.ts'
import type { Schema } from './schema.ts'

/** How names of tables and texts are written: for the database, or to be read again and compared. */
export interface Dialect {
  table(
    name: string,
    namespace: string | undefined,
    place: { readonly isWith: boolean; readonly isJoined: boolean },
  ): string
  text(value: string): string
  /** Series are cut where the database makes them, so that a long one is never built whole. */
  readonly cutsSeries: boolean
}

interface Writing {
  readonly dialect: Dialect
  readonly ctes: ReadonlySet<string>
  /** SQL of expressions that GROUP BY repeats: the same parameters must stand in both places. */
  readonly memo: Map<string, string>
  /** Does the FROM that is written join tables of the schema with each other? */
  readonly isJoined: boolean
}

const NUMBER = /^-?\d{1,40}(\.\d{0,40})?(e[+-]?\d{1,2})?$|^-?\.\d{1,40}$/i

const numberText = (value: number | { readonly num: string }): string => {
  const text = typeof value === 'number' ? String(value) : value.num
  if (!NUMBER.test(text)) throw refuse('literal', 'A number is out of range.')
  return text.startsWith('-') ? `(${text})` : text
}

const literal = (value: Literal, { dialect }: Writing): string => {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  return typeof value === 'string' ? dialect.text(value) : numberText(value)
}

const NOWS = {
  date: 'CURRENT_DATE',
  timestamp: 'CURRENT_TIMESTAMP',
  time: 'CURRENT_TIME',
  localtimestamp: 'LOCALTIMESTAMP',
} as const

const typeText = ({ t, p }: TypeRef): string => (p === undefined ? t : `${t}(${p.join(',')})`)

const edgeText = (edge: Frame['start']): string =>
  typeof edge === 'string'
    ? edge.replaceAll('_', ' ').toUpperCase()
    : 'preceding' in edge
      ? `${edge.preceding} PRECEDING`
      : `${edge.following} FOLLOWING`

const sortText = (sort: Sort, writing: Writing): string => {
  const by = isPlace(sort.by) ? String(sort.by.ord) : exprText(sort.by, writing)
  return `${by}${sort.dir ? ` ${sort.dir.toUpperCase()}` : ''}${sort.nulls ? ` NULLS ${sort.nulls.toUpperCase()}` : ''}`
}

const listText = (list: readonly Expr[], writing: Writing): string =>
  list.map((one) => exprText(one, writing)).join(', ')

const sortsText = (order: readonly Sort[], writing: Writing): string =>
  order.map((one) => sortText(one, writing)).join(', ')

const windowText = (over: Window, writing: Writing): string => {
  const { ref, partition, order, frame } = over
  if (ref !== undefined && !partition && !order && !frame) return quote(ref)
  const parts = [
    ref === undefined ? '' : quote(ref),
    partition ? `PARTITION BY ${listText(partition, writing)}` : '',
    order ? `ORDER BY ${sortsText(order, writing)}` : '',
    frame ? `${frame.unit.toUpperCase()} BETWEEN ${edgeText(frame.start)} AND ${edgeText(frame.end)}` : '',
  ]
  return `(${parts.filter((part) => part !== '').join(' ')})`
}

type Call = Extract<Expr, { fn: string }>

const argumentText = (e: Call, arg: Expr, index: number, writing: Writing): string => {
  if (index === 0 && UNIT_FIRST.has(e.fn) && 'lit' in arg && typeof arg.lit === 'string')
    return `'${arg.lit.toLowerCase()}'`
  const text = exprText(arg, writing)
  const isText = 'lit' in arg && typeof arg.lit === 'string'
  // A parameter among arguments of any type has no type of its own.
  return isText && writing.dialect.cutsSeries && ['concat', 'concat_ws', 'count'].includes(e.fn)
    ? `${text}::text`
    : text
}

const callText = (e: Call, writing: Writing): string => {
  const name = `pg_catalog.${quote(e.fn)}`
  const args = e.args.map((arg, index) => argumentText(e, arg, index, writing)).join(', ')
  const order = e.order ? `ORDER BY ${sortsText(e.order, writing)}` : ''
  let text = e.within
    ? `${name}(${args}) WITHIN GROUP (${order})`
    : `${name}(${e.distinct ? 'DISTINCT ' : ''}${e.star ? '*' : args}${order === '' ? '' : ` ${order}`})`
  if (e.filter) text += ` FILTER (WHERE ${exprText(e.filter, writing)})`
  if (e.over) text += ` OVER ${windowText(e.over, writing)}`
  return text
}

const not = (e: { readonly not?: unknown }): string => (e.not === true ? 'NOT ' : '')

const exprText = (e: Expr, writing: Writing): string =>
  (writing.memo.size > 0 ? writing.memo.get(JSON.stringify(e)) : undefined) ?? freshText(e, writing)

const freshText = (e: Expr, writing: Writing): string => {
  const X = (one: Expr): string => exprText(one, writing)
  const list = (all: readonly Expr[]): string => listText(all, writing)
  const sub = (query: Query): string => `(${queryText(query, writing)})`
  if ('col' in e) return e.col.map((part) => quote(part)).join('.')
  if ('lit' in e) return literal(e.lit, writing)
  if ('op' in e) {
    const right = e.q ? `${e.q.toUpperCase()} (${X(e.r)})` : X(e.r)
    return e.l ? `(${X(e.l)} ${e.op} ${right})` : `(${e.op} ${right})`
  }
  if ('fn' in e) return callText(e, writing)
  if ('cast' in e) return `(${X(e.cast)})::${typeText(e.to)}`
  if ('case' in e) {
    const arms = e.case.map(([when, then]) => `WHEN ${X(when)} THEN ${X(then)}`).join(' ')
    return `CASE ${e.on ? `${X(e.on)} ` : ''}${arms}${e.else ? ` ELSE ${X(e.else)}` : ''} END`
  }
  if ('and' in e) return `(${e.and.map(X).join(' AND ')})`
  if ('or' in e) return `(${e.or.map(X).join(' OR ')})`
  if ('coalesce' in e) return `COALESCE(${list(e.coalesce)})`
  if ('nullif' in e) return `NULLIF(${list(e.nullif)})`
  if ('greatest' in e) return `GREATEST(${list(e.greatest)})`
  if ('least' in e) return `LEAST(${list(e.least)})`
  if ('isnull' in e) return `(${X(e.isnull)} IS ${not(e)}NULL)`
  if ('istrue' in e) return `(${X(e.istrue)} ${e.test.replaceAll('_', ' ')})`
  if ('in' in e) return `(${X(e.in)} ${not(e)}IN ${e.list ? `(${list(e.list)})` : sub(e.sub!)})`
  if ('between' in e) {
    const [value, low, high] = e.between
    return `(${X(value)} ${not(e)}BETWEEN ${X(low)} AND ${X(high)})`
  }
  if ('like' in e) return `(${X(e.like[0])} ${not(e)}${e.ci ? 'ILIKE' : 'LIKE'} ${X(e.like[1])})`
  if ('distinctFrom' in e)
    return `(${X(e.distinctFrom[0])} IS ${not(e)}DISTINCT FROM ${X(e.distinctFrom[1])})`
  if ('exists' in e) return `EXISTS ${sub(e.exists)}`
  if ('quant' in e) return `(${X(e.quant[0])} ${e.quant[1]} ${e.quant[2].toUpperCase()} ${sub(e.sub)})`
  if ('sub' in e) return sub(e.sub)
  if ('row' in e) return `(${list(e.row)})`
  if ('array' in e) return `ARRAY[${list(e.array)}]`
  if ('now' in e) return NOWS[e.now]
  if ('grouping' in e) return `GROUPING(${list(e.grouping)})`
  return `(NOT ${X(e.not)})`
}

const groupText = (group: Group, writing: Writing): string => {
  if (isPlace(group)) return String(group.ord)
  if ('rollup' in group) return `ROLLUP (${listText(group.rollup, writing)})`
  if ('cube' in group) return `CUBE (${listText(group.cube, writing)})`
  return exprText(group, writing)
}

const fromText = (from: From, writing: Writing): string => {
  const { dialect, ctes } = writing
  if ('entity' in from) {
    const isWith = from.ns === undefined && ctes.has(from.entity)
    const { isJoined } = writing
    return `${dialect.table(from.entity, from.ns, { isWith, isJoined })} AS ${quote(from.as ?? from.entity)}`
  }
  if ('series' in from) {
    const call = `pg_catalog."generate_series"(${listText(from.series, writing)})`
    const column = quote(from.cols?.[0] ?? from.as)
    if (!dialect.cutsSeries) return `${call} AS ${quote(from.as)}(${column})`
    return `LATERAL (SELECT ${call} AS ${column} LIMIT ${LIMITS.seriesRows}) AS ${quote(from.as)}`
  }
  if ('from' in from) {
    const columns = from.cols ? `(${from.cols.map(quote).join(', ')})` : ''
    return `${from.lateral ? 'LATERAL ' : ''}(${queryText(from.from, writing)}) AS ${quote(from.as)}${columns}`
  }
  const right = fromText(from.r, writing)
  const side = 'join' in from.r ? `(${right})` : right
  const left = fromText(from.l, writing)
  if (from.join === 'cross') return `${left} CROSS JOIN ${side}`
  const condition = from.using
    ? `USING (${from.using.map(quote).join(', ')})`
    : `ON ${exprText(from.on!, writing)}`
  return `${left} ${from.join.toUpperCase()} JOIN ${side} ${condition}`
}

const isRepeatable = (group: Group): group is Expr =>
  !isPlace(group) && !('rollup' in group) && !('cube' in group) && !('col' in group)

/** Binding writes stars out; one may stand only in a text that is read and never run. */
const starText = (star: true | string, { dialect }: Writing): string => {
  if (dialect.cutsSeries) throw refuse('bad_query', 'A star was left in the query.')
  return star === true ? '*' : `${quote(star)}.*`
}

const tablesIn = (from: From, ctes: ReadonlySet<string>): number => {
  if ('join' in from) return tablesIn(from.l, ctes) + tablesIn(from.r, ctes)
  return 'entity' in from && !ctes.has(from.entity) ? 1 : 0
}

const selectText = (select: Select, order: Query['order'], outer: Writing): string => {
  let tables = 0
  for (const from of select.from ?? []) tables += tablesIn(from, outer.ctes)
  const writing: Writing = { ...outer, memo: new Map(), isJoined: tables > 1 }
  const repeated = [
    ...(select.group ?? []),
    ...(Array.isArray(select.distinct) ? (select.distinct as readonly Group[]) : []),
    ...(select.distinct === true ? (order ?? []).map(({ by }) => by) : []),
  ]
  for (const one of repeated) {
    if (!isRepeatable(one)) continue
    const key = JSON.stringify(one)
    if (key.includes('"lit":"')) writing.memo.set(key, freshText(one, writing))
  }
  const items = select.select.map((item) => {
    if ('star' in item) return starText(item.star, writing)
    return `${exprText(item.e, writing)}${item.as === undefined ? '' : ` AS ${quote(item.as)}`}`
  })
  const distinct =
    select.distinct === true
      ? 'DISTINCT '
      : select.distinct
        ? `DISTINCT ON (${select.distinct.map((one) => groupText(one, writing)).join(', ')}) `
        : ''
  const windows = Object.entries(select.windows ?? {}).map(([name, over]) => {
    const text = windowText(over, writing)
    return `${quote(name)} AS ${text.startsWith('(') ? text : `(${text})`}`
  })
  const clauses = [
    `SELECT ${distinct}${items.join(', ')}`,
    select.from ? `FROM ${select.from.map((one) => fromText(one, writing)).join(', ')}` : '',
    select.where ? `WHERE ${exprText(select.where, writing)}` : '',
    select.group ? `GROUP BY ${select.group.map((one) => groupText(one, writing)).join(', ')}` : '',
    select.having ? `HAVING ${exprText(select.having, writing)}` : '',
    windows.length > 0 ? `WINDOW ${windows.join(', ')}` : '',
    order ? `ORDER BY ${sortsText(order, writing)}` : '',
  ]
  return clauses.filter((clause) => clause !== '').join(' ')
}

const MATERIALIZED = { yes: 'MATERIALIZED ', no: 'NOT MATERIALIZED ' } as const

const queryText = (query: Query, outer: Writing): string => {
  const ctes = new Set(outer.ctes)
  const items = (query.with ?? []).map((item) => {
    const text = queryText(item.q, { ...outer, ctes: new Set(ctes), memo: new Map() })
    ctes.add(item.name)
    const columns = item.cols ? `(${item.cols.map(quote).join(', ')})` : ''
    return `${quote(item.name)}${columns} AS ${item.mat ? MATERIALIZED[item.mat] : ''}(${text})`
  })
  const writing: Writing = { ...outer, ctes }
  const { body } = query
  const text =
    'set' in body
      ? `(${queryText(body.l, writing)}) ${body.set.toUpperCase()}${body.all ? ' ALL' : ''} (${queryText(body.r, writing)})${
          query.order ? ` ORDER BY ${sortsText(query.order, writing)}` : ''
        }`
      : selectText(body, query.order, writing)
  const limit = query.limit ? ` LIMIT ${numberText(query.limit.lit)}` : ''
  const offset = query.offset ? ` OFFSET ${numberText(query.offset.lit)}` : ''
  return `${items.length > 0 ? `WITH ${items.join(', ')} ` : ''}${text}${limit}${offset}`
}

const write = (query: Query, dialect: Dialect): string =>
  queryText(query, { dialect, ctes: new Set(), memo: new Map(), isJoined: false })

/** Last parts of all column names of a query. */
const columnNames = (node: object, found: Set<string> = new Set()): ReadonlySet<string> => {
  if (Array.isArray(node)) {
    for (const one of node as readonly unknown[])
      if (typeof one === 'object' && one !== null) columnNames(one, found)
    return found
  }
  const parts = node as Readonly<Record<string, unknown>>
  for (const key of Object.keys(parts)) {
    const value = parts[key]
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value) || (key !== 'col' && key !== 'using')) columnNames(value, found)
    else for (const name of key === 'col' ? value.slice(-1) : value) found.add(String(name))
  }
  return found
}

export interface Statement {
  readonly text: string
  readonly parameters: readonly string[]
  /** Which of the parameters holds the id of the tenant that asks; undefined where none does. */
  readonly tenantAt: number | undefined
}

/** The SQL of a bound query: names from the schema and quoted, texts as parameters, numbers checked and inline. */
export const generate = (query: Query, schema: Schema): Statement => {
  const parameters: string[] = []
  const used = columnNames(query)
  let tenantAt: number | undefined
  const parameter = (value: string): string => {
    parameters.push(value)
    return `$${parameters.length}`
  }
  const tenant = (): string => {
    if (tenantAt !== undefined) return `$${tenantAt + 1}`
    tenantAt = parameters.length
    return parameter('')
  }
  const text = write(query, {
    cutsSeries: true,
    table: (name, namespace, { isWith, isJoined }) => {
      if (isWith) return quote(name)
      const table = schema.find(name, namespace)
      if (!table) throw refuse('unknown_entity', 'A table of the query is not known.')
      return isJoined ? table.sql(used, tenant) : table.sql(used)
    },
    text: parameter,
  })
  return { text, parameters, tenantAt }
}

/** The values of a statement that a tenant asks. */
export const parametersFor = ({ parameters, tenantAt }: Statement, tenantId: string): readonly string[] =>
  tenantAt === undefined ? parameters : parameters.with(tenantAt, tenantId)

/**
 * The same, for at most so many rows. One row is one row; and where rows are groups, all that they are made of is read
 * in any case: the planner must not think that a quick first row is worth something.
 */
export const generateCapped = (query: Query, schema: Schema, rows: number): Statement => {
  const { body } = query
  if (query.limit || !('select' in body)) return generate({ ...query, limit: { lit: rows } }, schema)
  if (isOneRow(body)) return generate(query, schema)
  if (!body.group) return generate({ ...query, limit: { lit: rows } }, schema)
  const { text, ...rest } = generate(query, schema)
  return { text: `with grouped as materialized (${text}) select * from grouped limit ${rows}`, ...rest }
}

/** Counts the rows of a bound query; its order is left out where it decides nothing. */
export const generateCounting = (query: Query, schema: Schema): Statement => {
  const { order: _order, ...unordered } = query
  const isOrdered = query.limit || query.offset || ('select' in query.body && query.body.distinct)
  const { text, ...rest } = generate(isOrdered ? query : unordered, schema)
  return { text: `select count(*) from (${text}) counted`, ...rest }
}

/** The same SQL as one text without parameters, to be read again and compared; it is never run. */
export const generateForReading = (query: Query): string =>
  write(query, {
    cutsSeries: false,
    table: (name, namespace) =>
      namespace === undefined ? quote(name) : `${quote(namespace)}.${quote(name)}`,
    text: (value) => `'${value.replaceAll("'", "''")}'`,
  })
