import { userError } from '../domain/errors.ts'
import type { Condition, Operator } from './ast.ts'
import type { Predicate } from './bound.ts'
import { mainDateOf } from './defaults.ts'
import { shapeOf } from './fields.ts'
import type { Field } from './fields.ts'
import { resolvePath } from './paths.ts'
import type { BoundField, BoundMany, Reading } from './paths.ts'

export const RELATED_FUNCTIONS = ['count', 'sum', 'avg', 'min', 'max', 'latest'] as const
export type RelatedFunction = (typeof RELATED_FUNCTIONS)[number]

/** One value made of the several records that a relation leads to: `count(deals)`, `sum(deals.amount)`. */
export interface Related {
  readonly fn: RelatedFunction
  readonly distinct: boolean
  readonly over: BoundMany
  /** What is measured of each record; undefined for a plain count. */
  readonly of: BoundField | undefined
  readonly where: readonly Predicate[]
  /** `latest`: the date by which the newest record is told. */
  readonly by: BoundField | undefined
}

interface Written {
  readonly fn: RelatedFunction
  readonly distinct: boolean
  readonly path: string
  readonly conditions: readonly Condition[]
  readonly label: string
}

const CALL =
  /^\s*(count|sum|avg|min|max|latest)\s*\(\s*(distinct\s+)?([\w. ]{1,120}?)\s*((?:\[[^\][]{1,200}\]\s*){0,5})\)\s*$/i
const TEST = /^\s*([\w. ]+?)\s*(!=|>=|<=|=|>|<)\s*(.+?)\s*$/

const badCall = (at: string): Error =>
  userError('bad_query', `The value over several records at ${at} cannot be read.`, {
    at,
    fix: 'Write count(deals), sum(deals.amount), max(interactions.occurred_at) or latest(interactions.kind); conditions stand in brackets: count(deals[status=open]).',
    validOptions: RELATED_FUNCTIONS,
  })

/** Does a field's text ask for a value over several records? */
export const isCall = (text: string): boolean => text.includes('(')

const readCall = (text: string, at: string): Written => {
  const match = CALL.exec(text)
  if (!match) throw badCall(at)
  const conditions = [...(match[4] ?? '').matchAll(/\[([^\]]*)\]/g)].map((found): Condition => {
    const test = TEST.exec(found[1]!)
    if (!test) throw badCall(at)
    return { field: test[1]!, op: test[2] as Operator, value: test[3]! }
  })
  const fn = RELATED_FUNCTIONS.find((one) => one === match[1]!.toLowerCase())!
  const label = text.trim().replaceAll(/\s+/g, ' ').toLowerCase()
  return { fn, distinct: match[2] !== undefined, path: match[3]!.trim(), conditions, label }
}

/** The relation at the start of a path and what follows it: `company.deals.amount`. */
const splitPath = (entity: string, path: string, reading: Reading) => {
  const segments = path.split('.')
  for (let count = 1; count <= segments.length; count += 1) {
    const target = resolvePath(entity, segments.slice(0, count).join('.'), reading)
    if (target.kind === 'many') {
      const { steps, relation, label } = target
      return { over: { steps, relation, label }, rest: segments.slice(count).join('.') }
    }
  }
  throw userError('not_to_many', `The path at ${reading.at} leads to no several records.`, {
    at: reading.at,
    fix: 'Name a relation to several records.',
    validOptions: [...shapeOf(entity).manys.keys()],
  })
}

const ADDABLE: readonly Field['type'][] = ['number', 'money']
const ORDERED: readonly Field['type'][] = ['number', 'money', 'date', 'timestamp']

const takes = (fn: RelatedFunction, type: Field['type']): boolean => {
  if (fn === 'sum' || fn === 'avg') return ADDABLE.includes(type)
  if (fn === 'min' || fn === 'max') return ORDERED.includes(type)
  return fn === 'count' || type !== 'record'
}

const measured = (written: Written, over: BoundMany, rest: string, reading: Reading): BoundField => {
  const { entity } = over.relation
  const target = resolvePath(entity, rest, reading)
  const fits = [...shapeOf(entity).fields.values()].filter(({ type }) => takes(written.fn, type))
  if (target.kind === 'many' || !takes(written.fn, target.field.type)) {
    throw userError(
      'wrong_measure',
      `\`${written.fn}\` does not apply to what the path at ${reading.at} leads to.`,
      {
        at: reading.at,
        fix: `Measure a field of ${entity}.`,
        validOptions: fits.map(({ name }) => `${over.label}.${name}`),
      },
    )
  }
  if (target.steps.length > 0 && (written.fn === 'sum' || written.fn === 'avg')) {
    throw userError(
      'fan_out',
      `Several of ${over.label} may lead to one record, whose value would be added several times.`,
      {
        at: reading.at,
        fix: `Measure a field of ${entity} itself, or find ${target.entity}.`,
      },
    )
  }
  const { steps, field, label } = target
  return { steps, entity: target.entity, field, label }
}

const newestBy = (over: BoundMany): BoundField => {
  const { entity } = over.relation
  const date = mainDateOf(entity) ?? 'created_at'
  return { steps: [], entity, field: shapeOf(entity).fields.get(date)!, label: date }
}

const typeOf = ({ fn }: Written, of: BoundField | undefined): Field['type'] =>
  fn === 'count' || of === undefined ? 'number' : of.field.type

/** How conditions inside of a call are resolved, on the entity that the relation leads to. */
export type ResolveInner = (entity: string, conditions: readonly Condition[]) => readonly Predicate[]

/**
 * `count(deals)`, `count(distinct deals.company)`, `sum(deals[status=won].amount)` … as a field of the entity.
 * Each related record counts once. Throws `bad_query`, `not_to_many`, `wrong_measure`, `fan_out`.
 */
export const resolveCall = (
  entity: string,
  text: string,
  reading: Reading,
  inner: { readonly where: readonly Condition[]; readonly resolve: ResolveInner },
): BoundField => {
  const written = readCall(text, reading.at)
  const { over, rest } = splitPath(entity, written.path, reading)
  const isBare = rest === ''
  if (isBare && (written.distinct || !['count', 'latest'].includes(written.fn))) throw badCall(reading.at)
  const newest = written.fn === 'latest' ? newestBy(over) : undefined
  const of = isBare ? newest : measured(written, over, rest, reading)
  const where = inner.resolve(over.relation.entity, [...written.conditions, ...inner.where])
  const related: Related = { fn: written.fn, distinct: written.distinct, over, of, where, by: newest }
  const type = typeOf(written, of)
  const isMoney = type === 'money'
  if (isMoney)
    reading.notes.add(
      `\`${written.label}\` is empty where the amounts are in several currencies, which are never added or compared.`,
    )
  return {
    steps: [],
    entity,
    label: written.label,
    related,
    field: {
      name: written.label,
      type,
      sql: '',
      hide: written.fn === 'latest' && of ? of.field.hide : 'none',
      words: [],
      ...(isMoney ? { currencySql: '' } : {}),
      ...(of?.field.values && written.fn === 'latest' ? { values: of.field.values } : {}),
    },
  }
}
