import { userError } from '../domain/errors.ts'
import type { Condition, Filter } from './ast.ts'
import { isCall, resolveCall } from './aggregate.ts'
import type { Predicate } from './bound.ts'
import { shapeOf } from './fields.ts'
import type { ToMany } from './fields.ts'
import { displayOf } from './fields.ts'
import { entityOf } from '../db/catalog/all.ts'
import { parseRecordUri } from '../domain/records.ts'
import { recordAt, resolvePath } from './paths.ts'
import type { BoundField, BoundMany } from './paths.ts'
import { readSegment } from './segments.ts'
import { resolveTest } from './resolve-test.ts'
import type { Asked, Asker } from './resolve-test.ts'

export interface WhereScope {
  readonly entity: string
  readonly asker: Asker
  readonly notes: Set<string>
}

const NEGATIONS = { '!=': '=', not_in: 'in', empty: 'not_empty' } as const

/** What the records of a to-many relation are compared by: themselves, or, where they have no name, their main text. */
const comparedBy = (relation: ToMany, value: Asked['value']): BoundField => {
  const entity = entityOf(relation.entity)
  const values = Array.isArray(value) ? value : [value]
  if (entity.title || values.some((one) => typeof one === 'string' && parseRecordUri(one))) {
    return recordAt(relation.entity, [], relation.name)
  }
  const { sql } = displayOf(entity)
  const telling = [...shapeOf(relation.entity).fields.values()].find((field) => field.sql === sql)
  return telling
    ? { steps: [], entity: relation.entity, field: telling, label: telling.name }
    : recordAt(relation.entity, [], relation.name)
}

/** `tags = buyer` on a to-many relation: some record of it is that one; negated, none is. */
const shorthand = (of: BoundMany, asked: Asked, scope: WhereScope): Predicate => {
  const { op, at } = asked
  if (op === 'empty' || op === 'not_empty') {
    return { kind: 'exists', of, not: (op === 'empty') !== (asked.value === false), where: [] }
  }
  const negative = op === '!=' || op === 'not_in'
  const positive = negative ? NEGATIONS[op] : op
  if (['<', '<=', '>', '>=', 'between'].includes(op)) {
    throw userError(
      'wrong_operator',
      `The operator at ${at}.op does not apply to \`${of.label}\`, several records.`,
      {
        at: `${at}.op`,
        fix: `Write {"some": "${of.label}", "where": […]} with a field of ${of.relation.entity}.`,
        validOptions: ['=', '!=', 'in', 'not_in', 'contains', 'empty', 'not_empty'],
      },
    )
  }
  const resolved = resolveTest(comparedBy(of.relation, asked.value), { ...asked, op: positive }, scope.asker)
  return { kind: 'exists', of, not: negative, where: [{ kind: 'test', ...resolved }] }
}

/** A value over several records, with its conditions resolved on their entity. */
const callIn = (text: string, where: readonly Condition[], at: string, scope: WhereScope): BoundField =>
  resolveCall(
    scope.entity,
    text,
    { at, notes: scope.notes },
    {
      where,
      resolve: (entity, conditions) =>
        conditions.map((one, index) => resolveCondition(one, `${at}[${index}]`, { ...scope, entity })),
    },
  )

/** `count(deals[status=open])` as a field, outside of conditions: a column or a sort key. */
export const resolveValue = (text: string, at: string, scope: WhereScope): BoundField =>
  callIn(text, [], at, scope)

const resolveSegments = ({ op, value, at }: Asked, scope: WhereScope): Predicate => {
  const names = (Array.isArray(value) ? value : [value]).map(String)
  if (!['=', '!=', 'in', 'not_in'].includes(op)) {
    throw userError('wrong_operator', `The operator at ${at}.op does not apply to \`in_segment\`.`, {
      at: `${at}.op`,
      fix: 'A record is in a segment (=) or is not (!=).',
      validOptions: ['=', '!=', 'in', 'not_in'],
    })
  }
  const found = names.map((name): Predicate => {
    const { words, where } = readSegment(scope.entity, name, `${at}.value`)
    return { kind: 'segment', words, of: resolveWhere(where, scope), not: false }
  })
  const not = op === '!=' || op === 'not_in'
  const [only, ...others] = found
  if (only?.kind === 'segment' && others.length === 0) return { ...only, not }
  return not ? { kind: 'unless', of: [{ kind: 'any', of: found }] } : { kind: 'any', of: found }
}

const resolveCondition = (
  condition: {
    readonly field: string
    readonly op?: Condition['op'] | undefined
    readonly value?: Asked['value']
    readonly where?: readonly Condition[] | undefined
  },
  at: string,
  scope: WhereScope,
): Predicate => {
  const asked: Asked = { op: condition.op ?? '=', value: condition.value, at }
  if (condition.field === 'in_segment') return resolveSegments(asked, scope)
  if (isCall(condition.field)) {
    const of = callIn(condition.field, condition.where ?? [], `${at}.field`, scope)
    return { kind: 'test', ...resolveTest(of, asked, scope.asker) }
  }
  const target = resolvePath(scope.entity, condition.field, { at: `${at}.field`, notes: scope.notes })
  if (target.kind === 'many') return shorthand(target, asked, scope)
  const { steps, entity, field, label } = target
  return { kind: 'test', ...resolveTest({ steps, entity, field, label }, asked, scope.asker) }
}

const resolveExists = (
  path: string,
  key: 'some' | 'none' | 'every',
  filter: Filter,
  at: string,
  scope: WhereScope,
): Predicate => {
  const target = resolvePath(scope.entity, path, { at: `${at}.${key}`, notes: scope.notes })
  if (target.kind !== 'many') {
    const relations = [...shapeOf(scope.entity).manys.keys()]
    throw userError('not_to_many', `\`${target.label}\` is not a relation to several records.`, {
      at: `${at}.${key}`,
      fix: `Use a condition with a path, such as {"field": "${target.kind === 'one' ? `${target.label}.name` : target.label}", …}.`,
      validOptions: relations,
    })
  }
  const inner: WhereScope = { ...scope, entity: target.relation.entity }
  const where = (filter.where ?? []).map((condition, index) =>
    resolveCondition(condition, `${at}.where[${index}]`, inner),
  )
  const { steps, relation, label } = target
  const of = { steps, relation, label }
  if (key !== 'every') return { kind: 'exists', of, not: key === 'none', where }
  scope.notes.add(
    `\`every\` holds for records without any ${label} too; add {"some": "${label}"} to leave them out.`,
  )
  return { kind: 'exists', of, not: true, every: true, where: [{ kind: 'unless', of: where }] }
}

const badFilter = (at: string) =>
  userError('bad_query', `The filter at ${at} must be exactly one of: a condition, any, some, none, every.`, {
    at,
    fix: 'Write {"field", "op", "value"}, {"any": […]}, {"some": relation, "where": […]} or {"none": relation, "where": […]}.',
    validOptions: ['field', 'any', 'some', 'none', 'every'],
  })

const resolveFilter = (filter: Filter, at: string, scope: WhereScope): Predicate => {
  const { field, any, some, none, every } = filter
  const kinds = [field, any, some, none, every].filter((part) => part !== undefined)
  const hasStray =
    (field === undefined && (filter.op !== undefined || filter.value !== undefined)) ||
    (some === undefined &&
      none === undefined &&
      every === undefined &&
      !(field !== undefined && isCall(field)) &&
      filter.where !== undefined)
  if (kinds.length !== 1 || hasStray) throw badFilter(at)
  if (some !== undefined) return resolveExists(some, 'some', filter, at, scope)
  if (none !== undefined) return resolveExists(none, 'none', filter, at, scope)
  if (every !== undefined) return resolveExists(every, 'every', filter, at, scope)
  if (any !== undefined) {
    if (any.length === 0) throw badFilter(`${at}.any`)
    return { kind: 'any', of: any.map((one, index) => resolveCondition(one, `${at}.any[${index}]`, scope)) }
  }
  return resolveCondition(
    { field: field!, op: filter.op, value: filter.value, where: filter.where },
    at,
    scope,
  )
}

/** The filters of a question, each with its names and values resolved. */
export const resolveWhere = (filters: readonly Filter[], scope: WhereScope): readonly Predicate[] =>
  filters.map((filter, index) => resolveFilter(filter, `where[${index}]`, scope))
