import type { z } from 'zod'
import { userError } from '../domain/errors.ts'
import type { TactError } from '../domain/errors.ts'
import {
  COMPARISONS,
  Compare,
  Condition,
  Filter,
  Having,
  MEASURES,
  Measure,
  OPERATORS,
  Query,
} from './ast.ts'
import { didYouMean } from '../domain/nearest.ts'
import { echo } from './names.ts'
import { preflight } from './preflight.ts'

type Issue = z.core.$ZodIssue

const placeOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (place, part) =>
      typeof part === 'number'
        ? `${place}[${part}]`
        : place === ''
          ? String(part)
          : `${place}.${String(part)}`,
    '',
  )

const KEYS = {
  query: Object.keys(Query.shape),
  filter: Object.keys(Filter.shape),
  condition: Object.keys(Condition.shape),
  measure: Object.keys(Measure.shape),
  compare: Object.keys(Compare.shape),
  having: Object.keys(Having.shape),
}

/** Keys that hold at the place of an issue. */
const keysAt = (path: readonly PropertyKey[]): readonly string[] => {
  const names = path.filter((part) => typeof part === 'string')
  const last = names.at(-1)
  if (last === undefined) return KEYS.query
  if (last === 'measures') return KEYS.measure
  if (last === 'compare') return KEYS.compare
  if (last === 'having') return KEYS.having
  return names.length > 1 ? KEYS.condition : KEYS.filter
}

const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['from', 'find'],
  ['entity', 'find'],
  ['table', 'find'],
  ['select', 'fields'],
  ['columns', 'fields'],
  ['filter', 'where'],
  ['filters', 'where'],
  ['group', 'group_by'],
  ['groupby', 'group_by'],
  ['order_by', 'order'],
  ['sort', 'order'],
  ['all', 'every'],
  ['exists', 'some'],
  ['not_exists', 'none'],
  ['time_zone', 'timezone'],
  ['tz', 'timezone'],
  ['operator', 'op'],
  ['path', 'field'],
  ['key', 'field'],
  ['or', 'any'],
  ['fn_name', 'fn'],
  ['aggregate', 'fn'],
  ['alias', 'as'],
])

const unknownKey = (issue: Extract<Issue, { code: 'unrecognized_keys' }>): TactError => {
  const [key = ''] = issue.keys
  const options = keysAt(issue.path)
  const other = OTHER_WORDS.get(key.toLowerCase())
  const at = placeOf(issue.path)
  return userError(
    'unknown_key',
    `The question has a key${echo(key)} that does not exist${at ? ` at ${at}` : ''}.`,
    {
      at: at === '' ? 'query' : at,
      fix: 'Use the keys in valid_options.',
      validOptions: options,
      didYouMean:
        other && options.includes(other)
          ? [other]
          : didYouMean(
              key,
              options.map((name) => ({ name })),
            ),
    },
  )
}

const OPERATOR_WORDS: ReadonlyMap<string, string> = new Map([
  ['==', '='],
  ['eq', '='],
  ['is', '='],
  ['equals', '='],
  ['ne', '!='],
  ['<>', '!='],
  ['is_not', '!='],
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
  ['before', '<'],
  ['after', '>'],
  ['like', 'contains'],
  ['ilike', 'contains'],
  ['~', 'contains'],
  ['matches', 'contains'],
  ['within', 'in'],
  ['not in', 'not_in'],
  ['is_null', 'empty'],
  ['is null', 'empty'],
  ['null', 'empty'],
])

const wrongChoice = (issue: Issue, options: readonly string[], got: unknown): TactError => {
  const at = placeOf(issue.path)
  const asked = typeof got === 'string' ? got : ''
  const other = OPERATOR_WORDS.get(asked.toLowerCase())
  return userError('bad_query', `The value at ${at} is not one of those that are possible.`, {
    at,
    fix: 'Take one of valid_options.',
    validOptions: options,
    didYouMean:
      other && options.includes(other)
        ? [other]
        : didYouMean(
            asked,
            options.map((name) => ({ name })),
          ),
  })
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    input,
  )

const EXPECTED: Readonly<Record<string, string>> = {
  find: 'the name of an entity, e.g. "deals"',
  where: 'a list of filters, e.g. [{"field": "status", "op": "=", "value": "open"}]',
  fields: 'a list of names, e.g. ["name", "company.status"]',
  measures: 'a list such as [{"fn": "sum", "field": "amount"}]',
  group_by: 'a list of names, e.g. ["stage", "created_at:month"]',
  having: 'a list such as [{"field": "count", "op": ">=", "value": 2}]',
  timezone: 'a time zone such as "Europe/Berlin"',
  order: 'a list of names, e.g. ["-amount"]',
  compare: '{"field": "closed_at", "a": "this_quarter", "b": "last_quarter"}',
  limit: 'a whole number from 1 to 500',
  value: 'a text, a number, true or false, or a list of texts and numbers',
  as: 'lower-case letters, digits and _, at most 40',
}

const teach = (issue: Issue, input: unknown): TactError => {
  if (issue.code === 'unrecognized_keys') return unknownKey(issue)
  const got = valueAt(input, issue.path)
  const last = issue.path.at(-1)
  if (issue.code === 'invalid_value') {
    const operators = issue.path[0] === 'having' ? COMPARISONS : OPERATORS
    return wrongChoice(issue, last === 'fn' ? MEASURES : operators, got)
  }
  const at = placeOf(issue.path) || 'query'
  const name = issue.path.findLast((part) => typeof part === 'string')
  const expected = EXPECTED[String(name)] ?? 'as the schema says'
  const missing = got === undefined
  return userError('bad_query', missing ? `The question lacks ${at}.` : `The value at ${at} does not hold.`, {
    at,
    fix: `Expected: ${expected}.`,
  })
}

/**
 * Untrusted JSON as a question with defaults filled in. Throws `query_too_large`, `unknown_key` or `bad_query`, each
 * naming its place.
 */
export const parseQuery = (input: unknown): Query => {
  preflight(input)
  const parsed = Query.safeParse(input)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues
  const [first] = issues
  throw teach(issues.find((issue) => issue.code === 'unrecognized_keys') ?? first!, input)
}
