/** Random questions over the random workspace: every operator on every type, paths, `any`, `some`, `none`, groups. */
import type { Condition, Filter, Measure, Operator, QueryInput } from '../ast.ts'
import { text } from './in-memory.ts'
import { CITIES, KINDS, pick, ROLES, STATUSES } from './random-workspace.ts'
import type { Memory, Random } from './random-workspace.ts'

type FieldType = 'text' | 'number' | 'money' | 'boolean' | 'time' | 'record' | 'many'
type Values = (memory: Memory, random: Random) => string | number | boolean

const flip = (random: Random, word: string): string => (random() < 0.5 ? word.toUpperCase() : word)
const oneOf =
  (items: readonly string[]): Values =>
  (_memory, random) =>
    pick(random, items)
const anyCase =
  (items: readonly string[]): Values =>
  (_memory, random) =>
    flip(random, pick(random, items))
const cities = anyCase([...CITIES, 'ber', '%', '_', '\\', "'"])
const money: Values = (_memory, random) => Math.floor(random() * 20) * 500
const small: Values = (_memory, random) => Math.floor(random() * 6)
const yesNo: Values = (_memory, random) => random() < 0.5
const times: Values = (_memory, random) =>
  pick(random, ['2026', '2026-09', '2026-10', '2026-11-03', '2026-08-20', '2026-12', '2025'])
const recordOf =
  (entity: string): Values =>
  (memory, random) => {
    const row = pick(random, memory[entity]!)
    if (random() < 0.5) return `${entity}:${text(row['id'])}`
    const full = `${text(row['given_name'])} ${text(row['family_name'])}`
    return flip(random, row['name'] === undefined ? full : text(row['name']))
  }

type FieldChoice = readonly [path: string, type: FieldType, values: Values]
const FIELDS: Readonly<Record<string, readonly FieldChoice[]>> = {
  people: [
    ['city', 'text', cities],
    ['role', 'text', anyCase(ROLES)],
    ['name', 'text', anyCase(['Given1 Family1', 'given', 'Family3'])],
    ['company', 'record', recordOf('companies')],
    ['owner', 'record', recordOf('members')],
    ['company.status', 'text', anyCase(STATUSES)],
    ['company.owner.name', 'text', recordOf('members')],
    ['last_interaction_at', 'time', times],
    ['tags', 'many', recordOf('tags')],
    ['deals', 'many', recordOf('deals')],
  ],
  companies: [
    ['city', 'text', cities],
    ['status', 'text', anyCase(STATUSES)],
    ['owner', 'record', recordOf('members')],
    ['people', 'many', recordOf('people')],
  ],
  deals: [
    ['amount', 'money', money],
    ['bedrooms', 'number', small],
    ['status', 'text', oneOf(['open', 'won', 'lost'])],
    ['stage', 'record', recordOf('stages')],
    ['company', 'record', recordOf('companies')],
    ['company.city', 'text', cities],
    ['close_date', 'time', times],
    ['closed_at', 'time', times],
    ['people', 'many', recordOf('people')],
  ],
  interactions: [
    ['kind', 'text', oneOf(KINDS)],
    ['occurred_at', 'time', times],
    ['duration_minutes', 'number', small],
    ['deal.amount', 'money', money],
    ['deal.stage', 'record', recordOf('stages')],
    ['company', 'record', recordOf('companies')],
    ['people', 'many', recordOf('people')],
  ],
  tasks: [
    ['done', 'boolean', yesNo],
    ['due_at', 'time', times],
    ['deal.company.city', 'text', cities],
    ['assignee', 'record', recordOf('members')],
  ],
}

const SETS: readonly Operator[] = ['=', '!=', 'in', 'not_in', 'empty', 'not_empty']
const SPANS: readonly Operator[] = ['>', '>=', '<', '<=', 'between']
const OPERATORS: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: [...SETS, 'contains', 'starts_with'],
  record: [...SETS, 'contains', 'starts_with'],
  many: SETS,
  number: [...SETS, ...SPANS],
  money: [...SETS, ...SPANS],
  time: [...SETS, ...SPANS],
  boolean: ['=', '!=', 'empty', 'not_empty'],
}
const CLOSED = new Set(['status', 'kind'])

const condition = (memory: Memory, entity: string, random: Random): Condition => {
  const [field, type, values] = pick(random, FIELDS[entity]!)
  const isClosed = CLOSED.has(field) && entity !== 'companies'
  const op = pick(
    random,
    OPERATORS[type].filter((one) => !isClosed || (one !== 'contains' && one !== 'starts_with')),
  )
  if (op === 'empty' || op === 'not_empty') return { field, op }
  const value = () => values(memory, random) as string | number
  if (op === 'in' || op === 'not_in') return { field, op, value: [value(), value(), value()] }
  if (op === 'between') return { field, op, value: [value(), value()] }
  const isPart = (op === 'contains' || op === 'starts_with') && type === 'record'
  return { field, op, value: isPart ? pick(random, ['comp', 'Own', 'w', 'lost', 'family1']) : value() }
}

const RELATIONS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  people: [
    ['deals', 'deals'],
    ['interactions', 'interactions'],
  ],
  companies: [
    ['people', 'people'],
    ['deals', 'deals'],
    ['interactions', 'interactions'],
  ],
  deals: [
    ['people', 'people'],
    ['interactions', 'interactions'],
    ['tasks', 'tasks'],
  ],
  interactions: [['people', 'people']],
  tasks: [],
}

const filter = (memory: Memory, entity: string, random: Random): Filter => {
  const relations = RELATIONS[entity]!
  const kind = random()
  if (kind < 0.2) return { any: [condition(memory, entity, random), condition(memory, entity, random)] }
  if (kind < 0.5 && relations.length > 0) {
    const [relation, target] = pick(random, relations)
    const where = Array.from({ length: Math.floor(random() * 3) }, () => condition(memory, target, random))
    return random() < 0.5 ? { some: relation, where } : { none: relation, where }
  }
  return condition(memory, entity, random)
}

const MEASURES: Readonly<Record<string, readonly Measure[]>> = {
  people: [
    { fn: 'count_distinct', field: 'company' },
    { fn: 'count', field: 'city' },
  ],
  companies: [{ fn: 'count_distinct', field: 'city' }],
  deals: [
    { fn: 'sum', field: 'amount' },
    { fn: 'avg', field: 'bedrooms' },
    { fn: 'max', field: 'bedrooms' },
    { fn: 'min', field: 'amount' },
  ],
  interactions: [
    { fn: 'sum', field: 'duration_minutes' },
    { fn: 'sum', field: 'deal.amount' },
    { fn: 'avg', field: 'deal.bedrooms' },
    { fn: 'count_distinct', field: 'deal' },
  ],
  tasks: [{ fn: 'count_distinct', field: 'assignee' }],
}
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  people: ['company', 'role', 'company.status', 'owner', 'tags', 'deals'],
  companies: ['status', 'owner', 'people'],
  deals: ['stage', 'status', 'company', 'owner', 'people'],
  interactions: ['kind', 'company', 'deal.stage', 'people'],
  tasks: ['assignee', 'done'],
}

export const randomQuestion = (memory: Memory, random: Random): QueryInput => {
  const find = pick(random, Object.keys(FIELDS))
  const where = Array.from({ length: Math.floor(random() * 4) }, () => filter(memory, find, random))
  if (random() < 0.5) return { find, where, fields: ['id'], limit: 500 }
  const measures = [{ fn: 'count' as const }, pick(random, MEASURES[find]!)]
  const group_by = random() < 0.3 ? [] : [pick(random, GROUPS[find]!)]
  return { find, where, measures, ...(group_by.length === 0 ? {} : { group_by }), limit: 500 }
}
