import type { Expr, From, Group, Literal, Query, Select, Window } from './ast.ts'
import { AGGREGATES, DATE_UNITS, ORDERED_SET, SCALARS, UNIT_FIRST, WINDOWS, arityOf } from './functions.ts'
import { LIMITS } from './limits.ts'
import { eachChild, isPlace } from './nodes.ts'
import { refuse } from './refuse.ts'

interface Tally {
  nodes: number
  tables: number
  /** Each different one is sorted and kept by itself. */
  readonly windows: Set<string>
}

const LABEL = /^[\p{L}\p{N}_ %().,#&+/?-]{1,63}$/u
const ALIAS = /^[\p{L}_][\p{L}\p{N}_ ]{0,62}$/u
const NUMBER = /^-?\d{1,40}(\.\d{0,40})?(e[+-]?\d{1,2})?$|^-?\.\d{1,40}$/i
const LINK = /:\/\/|\]\(|<[a-z!/]/i

const label = (text: string | undefined, shape: RegExp): void => {
  if (text === undefined || shape.test(text)) return
  throw refuse('label', 'A label or alias has characters that are not allowed, or is too long.', {
    fix: 'Use letters, digits, spaces and _ % ( ) . , # & + / -, at most 63.',
  })
}

const whole = (e: Expr | undefined): number | undefined =>
  e !== undefined && 'lit' in e && typeof e.lit === 'number' && Number.isInteger(e.lit) ? e.lit : undefined

const checkLiteral = (value: Literal): void => {
  if (typeof value === 'string' && value.length > LIMITS.literal)
    throw refuse('literal', `A text has more than ${LIMITS.literal} characters.`, { fix: 'Shorten it.' })
  const isNumber =
    typeof value === 'number'
      ? Number.isFinite(value)
      : typeof value !== 'object' || value === null || NUMBER.test(value.num)
  if (!isNumber) throw refuse('literal', 'A number is out of range.', { fix: 'Use plain decimal numbers.' })
}

const checkRegex = (e: Expr | undefined): void => {
  const text = e !== undefined && 'lit' in e && typeof e.lit === 'string' ? e.lit : undefined
  const repeats = text?.match(/[*+{?]/g)?.length ?? 0
  const bad =
    text === undefined ||
    text.length > LIMITS.regex ||
    /\\[0-9a-zA-Z]/.test(text.replace(/\\[dswDSWmMyY]/g, '')) ||
    /\(\?/.test(text) ||
    /[*+}?]\)*[*+{]/.test(text) ||
    /\{\s*\d*\s*,?\s*\d{3,}/.test(text) ||
    repeats > LIMITS.wildcards
  if (!bad) return
  throw refuse(
    'regex',
    'A pattern must be a constant of up to 200 characters, without back-references or nested repeats.',
    {
      fix: 'Use LIKE or ILIKE.',
    },
  )
}

const checkLike = (e: Expr): void => {
  const wildcards = (one: Expr): number => {
    if ('lit' in one) return typeof one.lit === 'string' ? (one.lit.match(/%/g)?.length ?? 0) : 0
    let sum = 0
    eachChild(one, { expr: (inner) => void (sum += wildcards(inner)), query: () => {} })
    return sum
  }
  if (wildcards(e) > LIMITS.wildcards)
    throw refuse('like', `A LIKE pattern may have ${LIMITS.wildcards} % signs.`, { fix: 'Use fewer.' })
}

type Call = Extract<Expr, { fn: string }>

const checkArity = (e: Call): void => {
  const arity = arityOf(e.fn)
  if (!arity) throw refuse('function', 'A function of the query is not available.', {})
  if (e.star) {
    if (e.fn === 'count' && e.args.length === 0 && !e.distinct) return
    throw refuse('function', 'Only count takes a star.', { fix: 'Write count(*) or name a column.' })
  }
  const least = e.fn === 'count' ? 1 : arity[0]
  if (e.args.length >= least && e.args.length <= arity[1]) return
  const right = least === arity[1] ? String(least) : `${least} to ${arity[1]}`
  throw refuse(
    'arity',
    `${e.fn}() takes ${right} argument${right === '1' ? '' : 's'}, not ${e.args.length}.`,
    {
      fix: `Write ${e.fn}(${['x', 'y', 'z', '…'].slice(0, Math.max(least, Math.min(1, arity[1]))).join(', ')}).`,
    },
  )
}

const checkConstants = (e: Call): void => {
  const [first, second, third] = e.args
  if (UNIT_FIRST.has(e.fn)) {
    const unit = first !== undefined && 'lit' in first ? first.lit : undefined
    if (typeof unit !== 'string' || !DATE_UNITS.has(unit.toLowerCase()))
      throw refuse('date_unit', `The first argument of ${e.fn} is a unit of time.`, {
        fix: `Write extract(month FROM x), or ${e.fn}('month', x).`,
        validOptions: [...DATE_UNITS],
      })
  }
  if (
    e.fn === 'timezone' &&
    !(
      first !== undefined &&
      'lit' in first &&
      typeof first.lit === 'string' &&
      /^[\w/+-]{1,40}$/.test(first.lit)
    )
  )
    throw refuse('time_zone', 'A time zone is a constant such as Europe/Berlin.')
  if (e.fn === 'date_trunc' && third !== undefined && !('lit' in third))
    throw refuse('time_zone', 'A time zone is a constant such as Europe/Berlin.')
  if (e.fn === 'regexp_replace') checkRegex(second)
  const lengthOf = { lpad: second, round: second, trunc: second }[e.fn]
  if (lengthOf === undefined) {
    if (e.fn === 'lpad') throw refuse('function', 'lpad needs a constant length up to 100.')
    return
  }
  const n = whole(lengthOf)
  if (n === undefined || Math.abs(n) > (e.fn === 'lpad' ? 100 : 20))
    throw refuse('function', `The second argument of ${e.fn} is a small constant.`, {
      fix: 'Write a whole number.',
    })
}

const checkCall = (e: Call, { windows }: Tally): void => {
  const isWindow = WINDOWS.has(e.fn)
  const isAggregate = AGGREGATES.has(e.fn)
  checkArity(e)
  if (isWindow && !e.over)
    throw refuse('function', `${e.fn}() needs OVER (…).`, { fix: `Write ${e.fn}() OVER (ORDER BY …).` })
  if (e.over && SCALARS.has(e.fn)) throw refuse('function', `${e.fn}() cannot take OVER.`)
  if (!isAggregate && (e.distinct || e.filter || e.within || e.order))
    throw refuse('function', `${e.fn}() is not an aggregate.`)
  if (ORDERED_SET.has(e.fn) !== (e.within === true) || (e.within && (e.order?.length !== 1 || e.distinct)))
    throw refuse('function', `${e.fn}() ${e.within ? 'cannot take' : 'needs'} WITHIN GROUP (ORDER BY …).`)
  checkConstants(e)
  if (!e.over) return
  checkWindow(e.over)
  if (windows.add(JSON.stringify(e.over)).size > LIMITS.windows)
    throw refuse('query_too_large', `The query has more than ${LIMITS.windows} different windows.`, {
      fix: 'Use the same window for several functions, or ask in several steps.',
    })
}

const checkWindow = (over: Window): void => {
  label(over.ref, ALIAS)
  const edges = over.frame ? [over.frame.start, over.frame.end] : []
  for (const edge of edges) {
    if (typeof edge === 'object' && over.frame!.unit === 'range')
      throw refuse('window_frame', 'RANGE takes no number of rows.', { fix: 'Use ROWS.' })
  }
}

const checkExpr = (e: Expr, depth: number, queryDepth: number, tally: Tally): void => {
  tally.nodes += 1
  if (tally.nodes > LIMITS.nodes)
    throw refuse('query_too_large', `The query has more than ${LIMITS.nodes} parts.`, {
      fix: 'Ask for less at once.',
    })
  if (depth > LIMITS.expressionDepth)
    throw refuse('query_too_large', 'An expression is nested too deeply.', { fix: 'Simplify it.' })
  if ('lit' in e) checkLiteral(e.lit)
  else if ('fn' in e) checkCall(e, tally)
  else if ('op' in e) {
    if (e.op.includes('~')) checkRegex(e.r)
    if (!e.l && (e.q || (e.op !== '-' && e.op !== '+')))
      throw refuse('operator', 'An operator needs two sides.')
    if (e.q && !['=', '<>', '<', '<=', '>', '>='].includes(e.op))
      throw refuse('operator', 'ANY and ALL go with comparisons.')
  } else if ('like' in e) checkLike(e.like[1])
  else if ('in' in e) {
    if ((e.list === undefined) === (e.sub === undefined))
      throw refuse('bad_query', 'IN takes a list or a subquery.')
    if ((e.list?.length ?? 1) > LIMITS.list || e.list?.length === 0)
      throw refuse('query_too_large', `IN takes 1 to ${LIMITS.list} values.`)
  }
  eachChild(e, {
    expr: (one) => checkExpr(one, depth + 1, queryDepth, tally),
    query: (one) => checkQuery(one, queryDepth + 1, tally),
  })
}

const checkGroup = (group: Group, queryDepth: number, tally: Tally): void => {
  if (isPlace(group)) return
  const parts = 'rollup' in group ? group.rollup : 'cube' in group ? group.cube : [group]
  for (const part of parts) checkExpr(part, 0, queryDepth, tally)
}

const seriesRows = (series: readonly Expr[]): number | undefined => {
  const [from, to, step] = series.map(whole)
  if (from === undefined || to === undefined || (series.length > 2 && step === undefined)) return undefined
  return Math.floor(Math.abs(to - from) / Math.max(1, Math.abs(step ?? 1))) + 1
}

const checkFrom = (from: From, queryDepth: number, tally: Tally): void => {
  tally.nodes += 1
  if ('entity' in from) {
    tally.tables += 1
    if (tally.tables > LIMITS.tables)
      throw refuse('query_too_large', `The query reads more than ${LIMITS.tables} tables.`, {
        fix: 'Ask in several steps.',
      })
    return label(from.as, ALIAS)
  }
  if ('join' in from) {
    const conditions = Number(from.on !== undefined) + Number(from.using !== undefined)
    if (conditions !== (from.join === 'cross' ? 0 : 1))
      throw refuse('bad_query', 'A join takes either ON or USING.')
    checkFrom(from.l, queryDepth, tally)
    checkFrom(from.r, queryDepth, tally)
    if (from.on) checkExpr(from.on, 0, queryDepth, tally)
    return
  }
  label(from.as, ALIAS)
  for (const column of from.cols ?? []) label(column, LABEL)
  if ('series' in from) {
    for (const one of from.series) checkExpr(one, 0, queryDepth, tally)
    if ((seriesRows(from.series) ?? 0) > LIMITS.seriesRows)
      throw refuse('query_too_large', `A series has at most ${LIMITS.seriesRows} rows.`, {
        fix: 'Shorten it.',
      })
    return
  }
  checkQuery(from.from, queryDepth + 1, tally)
}

/** All texts of an expression, one after the other: a link may be put together from pieces. */
const textsIn = (e: Expr): string => {
  if ('lit' in e) return typeof e.lit === 'string' ? e.lit : ''
  let texts = ''
  eachChild(e, { expr: (one) => void (texts += textsIn(one)), query: () => {} })
  return texts
}

const holdsLink = (e: Expr): boolean => LINK.test(textsIn(e))

const checkSelect = (select: Select, queryDepth: number, tally: Tally): void => {
  if (select.select.length > LIMITS.columns)
    throw refuse('query_too_large', `At most ${LIMITS.columns} columns.`)
  for (const from of select.from ?? []) checkFrom(from, queryDepth, tally)
  for (const item of select.select) {
    if ('star' in item) continue
    label(item.as, LABEL)
    if (holdsLink(item.e))
      throw refuse('literal_link', 'A text in the SELECT list holds a link or markup.', {
        fix: 'Select the columns alone.',
      })
    checkExpr(item.e, 0, queryDepth, tally)
  }
  if (select.where) checkExpr(select.where, 0, queryDepth, tally)
  if (select.having) checkExpr(select.having, 0, queryDepth, tally)
  for (const group of [...(select.group ?? []), ...(select.distinct === true ? [] : (select.distinct ?? []))])
    checkGroup(group, queryDepth, tally)
  for (const [name, over] of Object.entries(select.windows ?? {})) {
    label(name, ALIAS)
    checkWindow(over)
    checkExpr({ fn: 'count', args: [], star: true, over }, 0, queryDepth, tally)
  }
}

const checkQuery = (query: Query, depth: number, tally: Tally): void => {
  tally.nodes += 1
  if (depth > LIMITS.queryDepth)
    throw refuse('query_too_large', `Queries are nested more than ${LIMITS.queryDepth} deep.`, {
      fix: 'Use WITH.',
    })
  if ((query.with?.length ?? 0) > LIMITS.with)
    throw refuse('query_too_large', `WITH takes ${LIMITS.with} items.`)
  for (const item of query.with ?? []) {
    label(item.name, ALIAS)
    for (const column of item.cols ?? []) label(column, LABEL)
    checkQuery(item.q, depth + 1, tally)
  }
  if ('set' in query.body) {
    checkQuery(query.body.l, depth + 1, tally)
    checkQuery(query.body.r, depth + 1, tally)
  } else checkSelect(query.body, depth, tally)
  for (const sort of query.order ?? []) if (!isPlace(sort.by)) checkExpr(sort.by, 0, depth, tally)
  for (const limit of [query.limit, query.offset]) {
    if (limit !== undefined && !(Number.isSafeInteger(limit.lit) && limit.lit >= 0))
      throw refuse('limit', 'LIMIT and OFFSET are whole numbers.')
  }
}

/** Every rule about a query that needs no names: sizes, depths, patterns, constants, labels. Throws user errors. */
export const check = (query: Query): void => checkQuery(query, 0, { nodes: 0, tables: 0, windows: new Set() })
