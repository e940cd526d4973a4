/** The meaning of a question, written a second time over arrays and as plainly as possible; it shares no code with the compiler. */
import type { QueryInput } from '../ast.ts'
import type { Memory, RawRow } from './random-workspace.ts'

const ONES: Readonly<Record<string, Readonly<Record<string, readonly [entity: string, column: string]>>>> = {
  people: { company: ['companies', 'company_id'], owner: ['members', 'owner_id'] },
  companies: { owner: ['members', 'owner_id'] },
  deals: {
    company: ['companies', 'company_id'],
    stage: ['stages', 'stage_id'],
    owner: ['members', 'owner_id'],
  },
  interactions: {
    company: ['companies', 'company_id'],
    deal: ['deals', 'deal_id'],
    member: ['members', 'member_id'],
  },
  tasks: { assignee: ['members', 'assignee_id'], deal: ['deals', 'deal_id'] },
}

type Link = readonly [entity: string, join: string | null, from: string, to: string]
const MANYS: Readonly<Record<string, Readonly<Record<string, Link>>>> = {
  people: {
    tags: ['tags', 'person_tags', 'person_id', 'tag_id'],
    deals: ['deals', 'deal_people', 'person_id', 'deal_id'],
    interactions: ['interactions', 'interaction_people', 'person_id', 'interaction_id'],
  },
  companies: {
    people: ['people', null, 'company_id', ''],
    deals: ['deals', null, 'company_id', ''],
    interactions: ['interactions', null, 'company_id', ''],
  },
  deals: {
    people: ['people', 'deal_people', 'deal_id', 'person_id'],
    interactions: ['interactions', null, 'deal_id', ''],
    tasks: ['tasks', null, 'deal_id', ''],
  },
  interactions: { people: ['people', 'interaction_people', 'interaction_id', 'person_id'] },
  tasks: {},
}

const UNITS: Readonly<Record<string, number>> = { USD: 100, EUR: 100, JPY: 1 }
const COMPUTED: Readonly<Record<string, (row: RawRow, memory: Memory) => unknown>> = {
  'people.name': (row) => `${text(row['given_name'])} ${text(row['family_name'])}`,
  'members.name': (row) => `${text(row['given_name'])} ${text(row['family_name'])}`,
  'deals.status': (row, memory) =>
    memory['stages']!.find((stage) => stage['id'] === row['stage_id'])?.['kind'],
  'deals.amount': (row) =>
    row['amount_minor'] === null ? null : Number(row['amount_minor']) / UNITS[text(row['currency'])]!,
  'tasks.done': (row) => row['done_at'] !== null,
}

export interface Reached {
  readonly entity: string
  readonly row: RawRow | undefined
  /** Column or computed field; undefined when the path ends on the record itself. */
  readonly field: string | undefined
}

export const reach = (memory: Memory, entity: string, row: RawRow | undefined, path: string): Reached => {
  const [head = '', ...tail] = path.split('.')
  const one = ONES[entity]?.[head]
  if (!one) return { entity, row, field: head }
  const next = memory[one[0]]!.find((other) => other['id'] === row?.[one[1]])
  return tail.length === 0
    ? { entity: one[0], row: next, field: undefined }
    : reach(memory, one[0], next, tail.join('.'))
}

export const valueOf = (memory: Memory, { entity, row, field }: Reached): unknown => {
  if (!row) return null
  if (field === undefined) return row['id']
  const computed = COMPUTED[`${entity}.${field}`]
  return (computed ? computed(row, memory) : row[field]) ?? null
}

const titleOf = (memory: Memory, entity: string, row: RawRow): string =>
  text(row['name'] ?? COMPUTED[`${entity}.name`]!(row, memory))

/** Any raw value as text. */
export const text = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null)

const lower = (value: unknown): string => text(value).toLowerCase()

const stretchOf = (period: string): readonly [number, number] => {
  const parts = period.split('-').map(Number)
  const [year = 0, month, day] = parts
  if (day !== undefined) return [Date.UTC(year, month! - 1, day), Date.UTC(year, month! - 1, day + 1)]
  return month === undefined
    ? [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)]
    : [Date.UTC(year, month - 1, 1), Date.UTC(year, month, 1)]
}

const holdsBetween = (at: number, [one, other]: readonly (readonly [number, number])[]): boolean => {
  const [first, second] = one![0] < other![1] ? [one!, other!] : [other!, one!]
  return at >= first[0] && at < second[1]
}

const holdsTime = (at: number, op: string, values: readonly string[]): boolean => {
  const stretches = values.map(stretchOf)
  const [from, to] = stretches[0]!
  switch (op) {
    case '<':
      return at < from
    case '<=':
      return at < to
    case '>':
      return at >= to
    case '>=':
      return at >= from
    case 'between':
      return holdsBetween(at, stretches)
    default:
      return stretches.some(([start, end]) => at >= start && at < end)
  }
}

const holdsNumber = (at: number, op: string, values: readonly number[]): boolean => {
  const [value = 0] = values
  switch (op) {
    case '<':
      return at < value
    case '<=':
      return at <= value
    case '>':
      return at > value
    case '>=':
      return at >= value
    case 'between':
      return at >= Math.min(...values) && at <= Math.max(...values)
    default:
      return values.includes(at)
  }
}

const TIMES = [
  'occurred_at',
  'due_at',
  'done_at',
  'close_date',
  'closed_at',
  'last_interaction_at',
  'created_at',
]

const holds = (memory: Memory, reached: Reached, op: string, values: readonly unknown[]): boolean => {
  const { entity, row, field } = reached
  if (row && field === 'name' && values.includes(`${entity}:${text(row['id'])}`)) return true
  const value = valueOf(memory, reached)
  if (value === null || value === '') return false
  if (field === undefined || field === 'id') {
    const title = lower(titleOf(memory, entity, row!))
    if (values.includes(`${entity}:${text(value)}`)) return true
    if (op === 'contains') return title.includes(lower(values[0]))
    if (op === 'starts_with') return title.startsWith(lower(values[0]))
    return values.some((one) => `${entity}:${text(value)}` === one || title === lower(one))
  }
  if (TIMES.includes(field)) return holdsTime(Date.parse(text(value)), op, values as readonly string[])
  if (typeof value === 'number') return holdsNumber(value, op, values as readonly number[])
  if (typeof value === 'boolean') return values.includes(value)
  if (op === 'contains') return lower(value).includes(lower(values[0]))
  if (op === 'starts_with') return lower(value).startsWith(lower(values[0]))
  return values.some((one) => lower(one) === lower(value) || one === `${entity}:${text(row!['id'])}`)
}

interface ConditionLike {
  readonly field?: string | undefined
  readonly op?: string | undefined
  readonly value?: unknown
}

const POSITIVE: Readonly<Record<string, string>> = { '!=': '=', not_in: 'in' }

const meets = (memory: Memory, entity: string, row: RawRow, condition: ConditionLike): boolean => {
  const { field = '', op = '=', value } = condition
  const many = MANYS[entity]?.[field]
  const positive = POSITIVE[op] ?? op
  if (many) {
    const found = related(memory, row, many)
    if (op === 'empty') return found.length === 0
    if (op === 'not_empty') return found.length > 0
    const some = found.some((other) => meets(memory, many[0], other, { field: 'id', op: positive, value }))
    return positive === op ? some : !some
  }
  const reached = reach(memory, entity, row, field)
  const at = valueOf(memory, reached)
  const isEmpty = at === null || (typeof at === 'string' && at.trim() === '')
  if (op === 'empty') return isEmpty
  if (op === 'not_empty') return !isEmpty
  const values = Array.isArray(value) ? value : [value]
  return holds(memory, reached, positive, values) === (positive === op)
}

/** Live records that a to-many relation of the row leads to, or undefined where the path is not one. */
export const relatedBy = (
  memory: Memory,
  entity: string,
  row: RawRow,
  path: string,
): { readonly entity: string; readonly rows: readonly RawRow[] } | undefined => {
  const link = MANYS[entity]?.[path]
  return link && { entity: link[0], rows: related(memory, row, link) }
}

const related = (memory: Memory, row: RawRow, [entity, join, from, to]: Link): readonly RawRow[] => {
  if (join === null) return memory[entity]!.filter((other) => other[from] === row['id'])
  const ids = new Set(memory[join]!.filter((link) => link[from] === row['id']).map((link) => link[to]))
  return memory[entity]!.filter((other) => ids.has(other['id']))
}

/** Live rows of `find` that meet every filter. */
export const matching = (memory: Memory, { find, where = [] }: QueryInput): readonly RawRow[] =>
  memory[find]!.filter((row) =>
    where.every((filter) => {
      if (filter.any) return filter.any.some((one) => meets(memory, find, row, one))
      const relation = filter.some ?? filter.none
      if (relation === undefined) return meets(memory, find, row, filter)
      const link = MANYS[find]![relation]!
      const found = related(memory, row, link).some((other) =>
        (filter.where ?? []).every((one) => meets(memory, link[0], other, one)),
      )
      return filter.some !== undefined ? found : !found
    }),
  )

/** A measure over rows: each record that a path reaches counts once for sums and averages. */
export const measured = (
  memory: Memory,
  entity: string,
  rows: readonly RawRow[],
  measure: { readonly fn: string; readonly field?: string | undefined },
): number | null => {
  if (measure.field === undefined) return rows.length
  const reached = rows.map((row) => reach(memory, entity, row, measure.field!))
  if (measure.fn === 'count') return reached.filter((one) => valueOf(memory, one) !== null).length
  if (measure.fn === 'count_distinct') {
    return new Set(
      reached
        .map((one) => valueOf(memory, one))
        .filter((value) => value !== null)
        .map(lower),
    ).size
  }
  const once = new Map(reached.map((one) => [one.row?.['id'], one]))
  const values = [...once.values()]
    .map((one) => valueOf(memory, one))
    .filter((value) => value !== null)
    .map(Number)
  const sum = values.reduce((total, value) => total + value, 0)
  if (measure.fn === 'sum') return sum
  if (values.length === 0) return null
  if (measure.fn === 'avg') return sum / values.length
  return measure.fn === 'min' ? Math.min(...values) : Math.max(...values)
}
