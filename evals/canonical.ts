import { FIELDS } from './canonical-fields.ts'

/**
 * One form for two ways of writing a query: the neutral sketch of an evaluation set, and Tact's own AST. Equal forms
 * mean the same. The order of conditions and what is selected do not matter; synonyms go through the maps below.
 *
 * Where a sketch leaves something open, any choice is right: no `order` in the sketch leaves the order of the rows
 * open, no `limit` leaves paging open. An `order` or a `limit` in the sketch must be met.
 */
export interface Canonical {
  readonly entity: string
  readonly where: readonly string[]
  readonly measures: readonly string[]
  readonly group: readonly string[]
  readonly order: readonly string[]
  readonly limit: number | null
  readonly compare: string | null
}

/** What the names of a workspace stand for. */
export interface Names {
  /** Handle of a record by any of its names, lower case. */
  readonly handleOf: (name: string) => string | undefined
  readonly stages: readonly { readonly name: string; readonly kind: 'open' | 'won' | 'lost' }[]
  readonly memberNames: ReadonlySet<string>
  /** The day the questions are asked, `2026-11-20`; "this year" then is 2026. */
  readonly today?: string
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type Sketch = Readonly<Record<string, Json>>

const OPERATORS: Readonly<Record<string, string>> = {
  '~': 'contains',
  '==': '=',
  is: '=',
  starts_with: 'contains',
}

const days = (token: string): string => {
  const match = /^([+-]?)(\d+)(d|w|mo|m|q|y)$/.exec(token)
  if (!match) return token
  const each = { d: 1, w: 7, mo: 30, m: 30, q: 90, y: 365 }[match[3]!]!
  const count = Number(match[2]) * each
  return count === 0 ? 'now' : `${match[1] === '+' ? '+' : '-'}${count === 360 ? 365 : count}d`
}

/** A calendar period by its name, in the numbers of the day it is asked. */
const calendar = (token: string, today: string | undefined): string => {
  const named = /^(this|last|next)_(month|quarter|year)$/.exec(token)
  if (!named || today === undefined) {
    if (today === undefined) return token
    const day = { today: 0, now: 0, yesterday: -1, tomorrow: 1 }[token]
    if (day === undefined || token === 'now') return token === today ? 'now' : token
    return day === 0 ? 'now' : new Date(Date.parse(today) + day * 86_400_000).toISOString().slice(0, 10)
  }
  const shift = { this: 0, last: -1, next: 1 }[named[1] as 'this' | 'last' | 'next']
  const [year, month] = today.split('-').map(Number) as [number, number]
  if (named[2] === 'year') return String(year + shift)
  const step = named[2] === 'month' ? 1 : 3
  const count = year * 12 + Math.floor((month - 1) / step) * step + shift * step
  const at = [Math.floor(count / 12), count % 12] as const
  return named[2] === 'month'
    ? `${at[0]}-${String(at[1] + 1).padStart(2, '0')}`
    : `${at[0]}-q${Math.floor(at[1] / 3) + 1}`
}

const mapField = (entity: string, field: string): string => FIELDS[entity]?.[field] ?? field
const fold = (text: string): string => text.trim().toLowerCase()

const scalar = (value: Json | undefined, names: Names): string => {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const { rel, period } = value as { rel?: string; period?: string }
    if (rel !== undefined) return days(rel)
    if (period !== undefined) return calendar(fold(period).replace(/_start$/, ''), names.today)
  }
  if (typeof value === 'string') {
    if (value === '$me') return 'me'
    const handle = names.handleOf(value)
    if (handle !== undefined) return fold(handle)
    const token = days(value)
    return token === 'today' ? 'now' : calendar(fold(token), names.today)
  }
  return JSON.stringify(value)
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [value as Json])

/** `stage = Won` where Won is the only stage of its kind says `status = won`. */
const stageAsStatus = (field: string, op: string, value: string, names: Names): string | undefined => {
  if (op !== '=') return undefined
  const stage = names.stages.find(({ name }) => fold(name) === value)
  if (!stage || stage.kind === 'open' || names.stages.filter(({ kind }) => kind === stage.kind).length !== 1)
    return undefined
  return field === 'stage' ? `status = ${stage.kind}` : undefined
}

const triple = (
  entity: string,
  rawField: string,
  rawOp: string,
  value: Json | undefined,
  names: Names,
): string => {
  let field = mapField(entity, rawField)
  const op = OPERATORS[rawOp] ?? rawOp
  if (entity === 'emails' && (rawField === 'from' || rawField === 'to')) {
    const isMember = typeof value === 'string' && (value === '$me' || names.memberNames.has(fold(value)))
    if (rawField === 'from') field = isMember ? 'from_member' : 'from_person'
  }
  if (op === 'empty' || op === 'not_empty') return `${field} ${op}`
  if (field === 'title' || field.endsWith('.title')) {
    const words = listOf(value).flatMap((one) =>
      (typeof one === 'string' ? one : JSON.stringify(one)).split('|'),
    )
    return `${field} ~ ${[...new Set(words.map((word) => fold(word)))].sort().join('|')}`
  }
  if (field === 'subject' && op === '=') return triple(entity, rawField, 'contains', value, names)
  if (Array.isArray(value)) {
    const parts = value.map((one) => scalar(one, names))
    return `${field} ${op} ${op === 'between' ? parts.join('..') : parts.sort().join('|')}`
  }
  // Since the first of a month is since that month.
  const shown = scalar(value, names).replace(/^(\d{4}-\d\d)-01$/, op === '>=' || op === '<' ? '$1' : '$&')
  return stageAsStatus(field, op, shown, names) ?? `${field} ${op} ${shown}`.trim()
}

const SINCE = /(?: & )?occurred_at >= (.*)\)$/
/** Nothing of a kind since a day is the last of that kind before it. */
const SILENT: Readonly<Record<string, string>> = {
  'none interactions(': 'last_interaction_at',
  'none interactions(direction = inbound': 'last_inbound_at',
  'none interactions(direction = outbound': 'last_outbound_at',
  'none interactions(kind = meeting': 'last_meeting_at',
}

/** Says the same on both sides: what was met when, and what "needs a reply" already implies. */
const settle = (entity: string, where: readonly string[]): readonly string[] => {
  const made = new Set<string>()
  for (const each of where) {
    const met = entity === 'people' ? /^last_meeting_at (in|>=) (.*)$/.exec(each) : null
    if (met) {
      made.add('interactions.kind = meeting')
      made.add(`interactions.occurred_at ${met[1]} ${met[2]}`)
    } else if (SILENT[each.split(SINCE)[0]!] && SINCE.test(each)) {
      made.add(`${SILENT[each.split(SINCE)[0]!]} < ${SINCE.exec(each)![1]}`)
    } else if (entity === 'threads' && each === 'needs_reply = true') made.add('last_direction = inbound')
    else made.add(each)
  }
  return [...made].sort()
}

const isOpenStage = (name: string, names: Names): boolean =>
  names.stages.some((stage) => fold(stage.name) === name && stage.kind === 'open')

/** A deal in an open stage is open: saying so besides says nothing more. */
const withoutPlainOpen = (where: readonly string[], names: Names): readonly string[] => {
  const staged = where.some((each) => {
    const stages = /^stage (?:=|in) (.*)$/.exec(each)?.[1]?.split('|')
    return stages?.every((name) => isOpenStage(name, names)) === true
  })
  return staged ? where.filter((each) => each !== 'status = open') : where
}

const measureName = (fn: string, field: string | undefined): string =>
  fn === 'count' ? 'count' : `${fn}_${field ?? 'amount'}`

const orderName = (entity: string, field: string): string => {
  const sum = /^(sum|avg|count_distinct)_(.*)$/.exec(field)
  return sum ? `${sum[1]}_${mapField(entity, sum[2]!)}` : mapField(entity, field)
}

/** People of interactions counted once each are people with such an interaction, counted. */
const asPeople = (form: Canonical): Canonical => {
  if (form.entity !== 'interactions' || form.measures.join() !== 'count_distinct_people.id') return form
  const where = form.where.map((each) =>
    each.startsWith('people.') ? each.slice('people.'.length) : `interactions.${each}`,
  )
  return { ...form, entity: 'people', measures: ['count'], where: [...where].sort() }
}

/** The sketch of an evaluation set in canonical form. */
export const canonicalSketch = (ast: Sketch, names: Names): Canonical => {
  const entity = ast['from'] as string
  const where = listOf(ast['where'] ?? []).flatMap((one) => {
    const [field, op, value] = one as readonly [string, string, Json]
    return [triple(entity, field, op, value, names)]
  })
  const group = listOf(ast['group'] ?? []).map((one) => {
    if (typeof one === 'string') return mapField(entity, one)
    const [[unit, field]] = Object.entries(one as object) as [[string, string]]
    return `${mapField(entity, field)}:${unit}`
  })
  const measures = listOf(ast['measures'] ?? []).map((one) => {
    const { fn, field } = one as { fn: string; field?: string }
    return measureName(fn, field === undefined ? undefined : mapField(entity, field))
  })
  const order = listOf(ast['order'] ?? []).map((one) => {
    const [field, direction] = one as readonly [string, string]
    return `${direction === 'desc' ? '-' : ''}${orderName(entity, field)}`
  })
  const compare = ast['compare'] as { field: string; a: Json; b: Json } | undefined
  return asPeople({
    entity,
    where: withoutPlainOpen(settle(entity, where), names),
    measures: [...measures].sort(),
    group: [...group].sort(),
    order,
    limit: typeof ast['limit'] === 'number' ? ast['limit'] : null,
    compare: compare
      ? `${mapField(entity, compare.field)}: ${[scalar(compare.a, names), scalar(compare.b, names)].join(' vs ')}`
      : null,
  })
}

interface OwnCondition {
  readonly field?: string | undefined
  readonly op?: string | undefined
  readonly value?: Json | undefined
  readonly any?: readonly OwnCondition[] | undefined
  readonly some?: string | undefined
  readonly none?: string | undefined
  readonly where?: readonly OwnCondition[] | undefined
}

const ownFilter = (entity: string, filter: OwnCondition, names: Names): readonly string[] => {
  if (filter.any) {
    const [first, second] = filter.any
    const isNever =
      filter.any.length === 2 && second?.op === 'empty' && first?.op === '<' && first.field === second.field
    if (isNever) return [triple(entity, first.field!, '<', first.value, names)]
    const fields = new Set(filter.any.map(({ field }) => field))
    if (fields.size === 1 && [...fields][0]?.endsWith('title')) {
      return [
        triple(
          entity,
          'title',
          'contains',
          [
            ...new Set(
              filter.any.map(({ value }) =>
                (typeof value === 'string' ? value : JSON.stringify(value)).trim(),
              ),
            ),
          ],
          names,
        ),
      ]
    }
    return [
      `any(${filter.any
        .map((one) => ownFilter(entity, one, names).join(' & '))
        .sort()
        .join(' or ')})`,
    ]
  }
  if (filter.some) {
    return (filter.where ?? [{ field: 'id', op: 'not_empty' }]).map((one) =>
      triple(entity, `${filter.some}.${one.field}`, one.op ?? '=', one.value, names),
    )
  }
  if (filter.none) {
    const [only, ...more] = filter.where ?? []
    // Without a tag is a tag that is another.
    if (filter.none === 'tags' && only && more.length === 0 && only.op === '=')
      return [triple(entity, 'tags.name', '!=', only.value, names)]
    const inner = (filter.where ?? []).map((one) =>
      triple(filter.none!, one.field!, one.op ?? '=', one.value, names),
    )
    return [`none ${filter.none}(${[...inner].sort().join(' & ')})`]
  }
  return [triple(entity, filter.field!, filter.op ?? '=', filter.value, names)]
}

interface OwnQuery {
  readonly find: string
  readonly where?: readonly OwnCondition[]
  readonly measures?: readonly { readonly fn: string; readonly field?: string }[]
  readonly group_by?: readonly string[]
  readonly compare?: { readonly field: string; readonly a: string; readonly b: string }
  readonly order?: readonly string[]
  readonly limit?: number
}

/** A query of ours in canonical form. */
export const canonicalQuery = (query: OwnQuery, names: Names): Canonical => {
  const entity = query.find
  return asPeople({
    entity,
    where: withoutPlainOpen(
      settle(
        entity,
        (query.where ?? []).flatMap((filter) => ownFilter(entity, filter, names)),
      ),
      names,
    ),
    measures: (query.measures ?? [])
      .map(({ fn, field }) => measureName(fn, field === undefined ? undefined : mapField(entity, field)))
      .sort(),
    group: (query.group_by ?? [])
      .map((field) => (field.includes(':') ? field : mapField(entity, field)))
      .sort(),
    order: (query.order ?? []).map((field) =>
      field.startsWith('-') ? `-${orderName(entity, field.slice(1))}` : orderName(entity, field),
    ),
    limit: query.limit ?? null,
    compare: query.compare
      ? `${query.compare.field}: ${scalar(query.compare.a, names)} vs ${scalar(query.compare.b, names)}`
      : null,
  })
}

const same = (a: readonly string[], b: readonly string[]): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Whether ours means what the sketch means. */
export const meansTheSame = (expected: Canonical, ours: Canonical): boolean =>
  expected.entity === ours.entity &&
  same(expected.where, ours.where) &&
  same(expected.measures, ours.measures) &&
  same(expected.group, ours.group) &&
  expected.compare === ours.compare &&
  (expected.order.length === 0 || same(expected.order, ours.order)) &&
  (expected.limit === ours.limit || (expected.limit === null && ours.limit !== 1))
