import type { Actor } from '../domain/actor.ts'
import { userError } from '../domain/errors.ts'
import { parseRecordUri } from '../domain/records.ts'
import { entityOf } from '../db/catalog/all.ts'
import type { Operator, Value } from './ast.ts'
import type { Match, Test } from './bound.ts'
import { shapeOf } from './fields.ts'
import type { Field } from './fields.ts'
import { intervalsOf } from './intervals.ts'
import { didYouMean } from '../domain/nearest.ts'
import type { BoundField } from './paths.ts'
import type { Clock } from './periods.ts'

export interface Asker {
  readonly actor: Actor
  readonly clock: Clock
}

export interface Asked {
  readonly op: Operator
  readonly value: Value | undefined
  /** Place of the condition: `where[0]`. */
  readonly at: string
}

const SETS = ['=', '!=', 'in', 'not_in'] as const
const SPAN = ['>', '>=', '<', '<=', 'between'] as const
const EMPTY = ['empty', 'not_empty'] as const
/** Operators by type of field. */
export const OPERATORS_OF: Readonly<Record<Field['type'], readonly Operator[]>> = {
  text: [...SETS, 'contains', 'starts_with', ...EMPTY],
  number: [...SETS, ...SPAN, ...EMPTY],
  money: [...SETS, ...SPAN, ...EMPTY],
  boolean: ['=', '!=', ...EMPTY],
  date: [...SETS, ...SPAN, ...EMPTY],
  timestamp: [...SETS, ...SPAN, ...EMPTY],
  record: [...SETS, 'contains', 'starts_with', ...EMPTY],
}

const mismatch = (label: string, type: Field['type'], expected: string, at: string) =>
  userError('type_mismatch', `\`${label}\` is a ${type}, and the value at ${at}.value is not.`, {
    at: `${at}.value`,
    fix: `Write ${expected}.`,
  })

/** `50000`, `50,000`, `50k`, `$1.2m` as a number. */
export const readNumber = (value: string | number | boolean): number | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) && Math.abs(value) <= 1e13 ? value : undefined
  if (typeof value === 'boolean') return undefined
  const match = /^\s*(-?)[$€£¥]?\s*(\d{1,3}(?:,\d{3})+|\d{1,13})(\.\d{1,6})?\s*(k|m|bn|b)?\s*$/i.exec(value)
  if (!match) return undefined
  const scale = { k: 1e3, m: 1e6, b: 1e9, bn: 1e9 }[(match[4] ?? '').toLowerCase()] ?? 1
  const number = Number(`${match[2]!.replaceAll(',', '')}${match[3] ?? ''}`) * scale
  return number <= 1e13 ? (match[1] === '-' ? -number : number) : undefined
}

const numbersOf = (
  of: BoundField,
  values: readonly (string | number | boolean)[],
  at: string,
): readonly number[] =>
  values.map((value) => {
    const number = readNumber(value)
    if (number !== undefined) return number
    throw mismatch(of.label, of.field.type, 'a number such as 50000, without quotes', at)
  })

const numberTest = (
  of: BoundField,
  op: Operator,
  values: readonly (string | number | boolean)[],
  at: string,
): Test => {
  const numbers = numbersOf(of, values, at)
  const [first] = numbers
  const edge = (inclusive: boolean) => ({ value: first!, inclusive })
  switch (op) {
    case '>':
      return { is: 'between', from: edge(false), to: null }
    case '>=':
      return { is: 'between', from: edge(true), to: null }
    case '<':
      return { is: 'between', from: null, to: edge(false) }
    case '<=':
      return { is: 'between', from: null, to: edge(true) }
    case 'between': {
      const [low, high] = [...numbers].sort((a, b) => a - b)
      return { is: 'between', from: { value: low!, inclusive: true }, to: { value: high!, inclusive: true } }
    }
    default:
      return { is: 'number', values: numbers, not: isNegative(op) }
  }
}

const isNegative = (op: Operator): boolean => op === '!=' || op === 'not_in' || op === 'not_empty'

const booleanTest = (of: BoundField, op: Operator, value: string | number | boolean, at: string): Test => {
  const word = String(value).toLowerCase()
  if (!/^(true|false|yes|no)$/.test(word)) throw mismatch(of.label, 'boolean', 'true or false', at)
  return { is: 'boolean', value: word === 'true' || word === 'yes', not: op === '!=' }
}

const textsOf = (
  of: BoundField,
  values: readonly (string | number | boolean)[],
  at: string,
): readonly string[] => {
  const { values: closed } = of.field
  return values.map((value) => {
    if (typeof value === 'boolean') throw mismatch(of.label, of.field.type, 'a text', at)
    const text = String(value).replaceAll('\u0000', '')
    if (closed && !closed.includes(text.trim().toLowerCase())) {
      throw userError('unknown_value', `\`${of.label}\` never has the value at ${at}.value.`, {
        at: `${at}.value`,
        fix: 'Take one of valid_options.',
        validOptions: closed,
        didYouMean: didYouMean(
          text,
          closed.map((name) => ({ name })),
        ),
      })
    }
    return closed ? text.trim().toLowerCase() : text
  })
}

const matchOf = (op: Operator): Match =>
  op === 'contains' ? 'contains' : op === 'starts_with' ? 'starts' : 'equal'

const wrongRecord = (of: BoundField, expected: string, got: string, at: string) => {
  const wanted = entityOf(expected)
  return userError(
    'wrong_record',
    `\`${of.label}\` is a ${wanted.one}; the record at ${at}.value is something else.`,
    {
      at: `${at}.value`,
      fix: 'Compare that record with a field that leads to its kind.',
      validOptions: relationsTo(of, got),
    },
  )
}

/** Relations beside a field that lead to an entity. */
const relationsTo = (of: BoundField, entity: string): readonly string[] => {
  const shape = shapeOf(of.field.type === 'record' && of.steps.length > 0 ? holderOf(of) : of.entity)
  return [...shape.ones.values(), ...shape.manys.values()]
    .filter((relation) => relation.entity === entity)
    .map((relation) => relation.name)
}

const holderOf = (of: BoundField): string => of.steps.at(-2)?.entity ?? of.entity

const recordTest = (
  of: BoundField,
  { op, at }: Asked,
  values: readonly (string | number | boolean)[],
  { actor }: Asker,
): Test => {
  const ids: string[] = []
  const titles: string[] = []
  let me = false
  for (const value of textsOf(of, values, at)) {
    const record = parseRecordUri(value)
    if (record) {
      if (record.entity !== of.entity) throw wrongRecord(of, of.entity, record.entity, at)
      ids.push(record.id)
    } else if (of.entity === 'members' && value.toLowerCase() === 'me') {
      if (actor.memberId === null) {
        throw userError('no_member', 'Nobody in particular is asking, so `me` means nobody.', {
          at: `${at}.value`,
          fix: 'Name the member.',
        })
      }
      ids.push(actor.memberId)
      me = true
    } else titles.push(value)
  }
  return { is: 'record', ids, titles, match: matchOf(op), not: isNegative(op), me }
}

const textOrRecordTest = (
  of: BoundField,
  asked: Asked,
  values: readonly (string | number | boolean)[],
  asker: Asker,
): { readonly of: BoundField; readonly test: Test } => {
  const uris = values.flatMap((value) => (typeof value === 'string' ? (parseRecordUri(value) ?? []) : []))
  const self = of.field.self === 'full' && entityOf(of.entity).title !== undefined
  const isMe = of.entity === 'members' && values.some((value) => value === 'me')
  if ((uris.length > 0 && of.field.self) || (self && isMe)) {
    const record = { ...of, field: shapeOf(of.entity).fields.get('id')! }
    return { of: record, test: recordTest(record, asked, values, asker) }
  }
  const [uri] = uris
  const { op, at } = asked
  if (uri) {
    if (op !== 'contains' || of.field.values || uris.length < values.length || !entityOf(uri.entity).title) {
      throw wrongText(of, uri.entity, at)
    }
    return { of, test: { is: 'mentions', records: uris } }
  }
  return {
    of,
    test: { is: 'text', match: matchOf(op), values: textsOf(of, values, at), not: isNegative(op) },
  }
}

const wrongText = (of: BoundField, entity: string, at: string) =>
  userError('record_on_text', `\`${of.label}\` is text; the value at ${at}.value is a record.`, {
    at: `${at}.value`,
    fix: 'Compare the record with a relation that leads to its kind; `contains` looks for its name in the text.',
    validOptions: relationsTo(of, entity),
  })

const valuesOf = (of: BoundField, { op, value, at }: Asked): readonly (string | number | boolean)[] => {
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value]
  const place = `${at}.value`
  if (values.length === 0) {
    throw userError('missing_value', `The condition at ${at} on \`${of.label}\` has no value.`, {
      at: place,
      fix: 'Give a value, or ask with op `empty` or `not_empty`.',
    })
  }
  if (op === 'between' && values.length !== 2) {
    throw userError('bad_query', '`between` takes exactly two values.', {
      at: place,
      fix: 'Write [low, high].',
    })
  }
  if (values.length > 1 && !['=', '!=', 'in', 'not_in', 'between'].includes(op)) {
    throw userError('bad_query', `The operator at ${at} takes one value, not a list.`, {
      at: place,
      fix: 'Use `in` for a list, or one condition for each value.',
    })
  }
  return values
}

/** What a condition on a field means. Throws errors that name the place, the type and what is possible. */
export const resolveTest = (
  of: BoundField,
  asked: Asked,
  asker: Asker,
): { readonly of: BoundField; readonly test: Test } => {
  const { op, at } = asked
  const { type } = of.field
  if (!OPERATORS_OF[type].includes(op)) {
    throw userError(
      'wrong_operator',
      `The operator at ${at}.op does not apply to \`${of.label}\`, a ${type}.`,
      {
        at: `${at}.op`,
        fix: 'Take one of valid_options.',
        validOptions: OPERATORS_OF[type],
      },
    )
  }
  if (op === 'empty' || op === 'not_empty') {
    return { of, test: { is: 'empty', not: (op === 'not_empty') !== (asked.value === false) } }
  }
  const values = valuesOf(of, asked)
  switch (type) {
    case 'number':
    case 'money':
      return { of, test: numberTest(of, op, values, at) }
    case 'boolean':
      return { of, test: booleanTest(of, op, values[0]!, at) }
    case 'date':
    case 'timestamp': {
      const texts = values.map(String)
      const intervals = intervalsOf(op, texts, type, asker.clock, `${at}.value`)
      return { of, test: { is: 'times', intervals, asked: texts, not: isNegative(op) } }
    }
    case 'record':
      return { of, test: recordTest(of, asked, values, asker) }
    case 'text':
      return textOrRecordTest(of, asked, values, asker)
  }
}
