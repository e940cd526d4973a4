import type { Expr, From, Query, Select } from './ast.ts'

/** Frames, lists and several groupings may make more of rows than there are, or hold them all. */
const HEAVY = /"frame":|"fn":"(?:string|array)_agg"|"(?:cube|rollup)":/
const WINDOW = /"over":/g
/** Ranks cost one sort; without a frame they read no row twice. */
const RANK = /"fn":"(?:row_number|rank|dense_rank|percent_rank|cume_dist|ntile)"/g

const isHeavy = (text: string): boolean =>
  HEAVY.test(text) || (text.match(WINDOW)?.length ?? 0) > (text.match(RANK)?.length ?? 0)

type Side = readonly [alias: string, name: string]

interface Tables {
  readonly aliases: Set<string>
  /** Those of which `id` names one row at most. */
  readonly keyed: Set<string>
  readonly conditions: Expr[]
}

/** What is seen on the way: WITH items so far, and how many queries were looked at. */
interface Look {
  readonly ctes: ReadonlySet<string>
  readonly seen: { queries: number }
}

const conjuncts = (e: Expr | undefined): readonly Expr[] =>
  e === undefined ? [] : 'and' in e ? e.and.flatMap(conjuncts) : [e]

const equalColumns = (e: Expr): readonly [Side, Side] | undefined => {
  if (!('op' in e) || e.op !== '=' || e.q || !e.l || !('col' in e.l) || !('col' in e.r)) return undefined
  const [left, right] = [e.l.col, e.r.col]
  return left.length === 2 && right.length === 2 && left[0] !== right[0] ? [left, right] : undefined
}

const readFrom = (from: From, tables: Tables, look: Look): boolean => {
  if ('entity' in from) {
    const alias = from.as ?? from.entity
    tables.aliases.add(alias)
    if (!look.ctes.has(from.entity)) tables.keyed.add(alias)
    return true
  }
  if ('join' in from) {
    if (from.join === 'full' || from.using) return false
    tables.conditions.push(...conjuncts(from.on))
    return readFrom(from.l, tables, look) && readFrom(from.r, tables, look)
  }
  if ('series' in from || from.lateral) return false
  tables.aliases.add(from.as)
  return isLinearIn(from.from, look)
}

/** Is there a table of which each row meets one row of every other at most? Then there are no more rows than it has. */
const hasDriver = ({ aliases, keyed, conditions }: Tables): boolean => {
  const edges = conditions.flatMap((one) => {
    const pair = equalColumns(one)
    if (!pair) return []
    return [pair, pair.toReversed() as [Side, Side]].flatMap(([many, key]) =>
      key[1] === 'id' && keyed.has(key[0]) ? [{ many: many[0], one: key[0] }] : [],
    )
  })
  return [...aliases].some((driver) => {
    const reached = new Set([driver])
    for (let before = 0; before < reached.size;) {
      before = reached.size
      for (const { many, one } of edges) if (reached.has(many)) reached.add(one)
    }
    return reached.size === aliases.size
  })
}

/** EXISTS over the rows of one table that an equality joins becomes a join by hash: each side is read once. */
const joinsByHash = (query: Query, outer: ReadonlySet<string>, { ctes, seen }: Look): boolean => {
  const { body, ...rest } = query
  if (!('select' in body) || Object.keys(rest).length > 0) return false
  const { select: _select, from: [from, ...others] = [], where, ...more } = body
  if (
    !from ||
    !('entity' in from) ||
    ctes.has(from.entity) ||
    others.length > 0 ||
    Object.keys(more).length > 0
  )
    return false
  const own = from.as ?? from.entity
  if (outer.has(own)) return false
  seen.queries += 1
  return conjuncts(where).some((one) => {
    const aliases = equalColumns(one)?.map(([alias]) => alias) ?? []
    return aliases.includes(own) && aliases.some((alias) => outer.has(alias))
  })
}

const isLinearSelect = (select: Select, look: Look): boolean => {
  const tables: Tables = { aliases: new Set(), keyed: new Set(), conditions: [] }
  if (!(select.from ?? []).every((from) => readFrom(from, tables, look))) return false
  const where = conjuncts(select.where)
  for (const one of where) {
    const inner = 'not' in one && typeof one.not === 'object' ? one.not : one
    if ('exists' in inner && !joinsByHash(inner.exists, tables.aliases, look)) return false
  }
  return tables.aliases.size <= 1 || hasDriver({ ...tables, conditions: [...tables.conditions, ...where] })
}

const isLinearIn = (query: Query, { ctes, seen }: Look): boolean => {
  const known = new Set(ctes)
  for (const item of query.with ?? []) {
    if (!isLinearIn(item.q, { ctes: known, seen })) return false
    known.add(item.name)
  }
  seen.queries += 1
  return 'select' in query.body && isLinearSelect(query.body, { ctes: known, seen })
}

/**
 * Is the work of a bound query surely no more than reading, hashing and sorting its tables? So it is where every join is
 * by the key of one side, and every subquery stands in FROM, in WITH, or is such a join itself: then the planner's
 * estimate has nothing to say. False also where it is not known.
 */
export const isLinear = (query: Query): boolean => {
  const text = JSON.stringify(query)
  if (isHeavy(text)) return false
  const seen = { queries: 0 }
  // Whoever was not looked at stands where a subquery may run once for each row.
  return isLinearIn(query, { ctes: new Set(), seen }) && seen.queries === text.split('"body":').length - 1
}
