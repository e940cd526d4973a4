import { userError } from '../domain/errors.ts'
import type { Having, Measure, Query } from './ast.ts'
import type { BoundCompare, BoundHaving, BoundMeasure, Group, GroupOrder, Groups } from './bound.ts'
import { UNITS } from './calendar.ts'
import type { Unit } from './calendar.ts'
import { shapeOf } from './fields.ts'
import type { Field, ToMany } from './fields.ts'
import { intervalsOf } from './intervals.ts'
import { didYouMean } from '../domain/nearest.ts'
import { echo } from './names.ts'
import { recordAt, resolvePath } from './paths.ts'
import type { BoundField, BoundMany, Reading } from './paths.ts'
import type { Clock } from './periods.ts'

const fanOut = (entity: string, relation: ToMany, { at }: Reading) => {
  const back =
    relation.kind === 'through'
      ? `{"find": "${relation.join}", "group_by": ["${relation.from.replace(/_id$/, '')}"], …}, whose rows are the single links`
      : `{"find": "${relation.entity}", "group_by": ["${relation.column.replace(/_id$/, '')}"], …}`
  return userError(
    'fan_out',
    `\`${relation.name}\` leads from one of ${entity} to several records, so counting over it would count rows twice.`,
    { at, fix: `Ask the many side: ${back}.` },
  )
}

const toOneField = (entity: string, path: string, reading: Reading): BoundField => {
  const target = resolvePath(entity, path, reading)
  if (target.kind === 'many') throw fanOut(entity, target.relation, reading)
  const { steps, field, label } = target
  return { steps, entity: target.entity, field, label }
}

/** A row stands in the group of each record that the relation leads it to. */
const groupOver = (over: BoundMany, bucket: string | undefined, reading: Reading): Group => {
  const { steps, relation, label } = over
  if (bucket !== undefined) throw badGroup(label, false, reading)
  reading.notes.add(
    `A record counts in the group of each of its ${label}, once; groups overlap and do not add up to a total, and records without any are left out.`,
  )
  return { name: label, of: recordAt(relation.entity, [], label), over: { steps, relation, label } }
}

const badGroup = (label: string, isTime: boolean, { at }: Reading) =>
  userError('bad_group', `The group at ${at} does not hold.`, {
    at,
    fix: isTime
      ? 'Give the date field one of valid_options after the colon.'
      : 'Only date fields take a colon.',
    validOptions: isTime ? UNITS.map((one) => `${label}:${one}`) : [label],
  })

const resolveGroup = (entity: string, text: string, reading: Reading): Group => {
  const [path = '', bucket, ...rest] = text.split(':')
  const target = resolvePath(entity, path.trim(), reading)
  if (target.kind === 'many') return groupOver(target, bucket, reading)
  const of: BoundField = {
    steps: target.steps,
    entity: target.entity,
    field: target.field,
    label: target.label,
  }
  const isTime = of.field.type === 'date' || of.field.type === 'timestamp'
  const unit = bucket?.trim().toLowerCase()
  if (rest.length > 0 || (unit !== undefined && (!isTime || !UNITS.includes(unit as Unit)))) {
    throw badGroup(of.label, isTime, reading)
  }
  if (isTime) {
    const by = (unit as Unit | undefined) ?? 'day'
    return { name: `${of.label}:${by}`, of, bucket: by }
  }
  if (of.field.type === 'money') {
    throw userError('bad_group', `\`${of.label}\` is an amount; grouping by it says little.`, {
      at: reading.at,
      fix: 'Group by a name, a relation, a status or a date.',
    })
  }
  return { name: of.label, of }
}

const MEASURABLE: Readonly<Record<BoundMeasure['fn'], readonly Field['type'][]>> = {
  count: ['text', 'number', 'money', 'boolean', 'date', 'timestamp', 'record'],
  count_distinct: ['text', 'number', 'boolean', 'date', 'record'],
  sum: ['number', 'money'],
  avg: ['number', 'money'],
  min: ['number', 'money', 'date', 'timestamp'],
  max: ['number', 'money', 'date', 'timestamp'],
}

const resolveMeasure = (entity: string, measure: Measure, reading: Reading): BoundMeasure => {
  const { fn, field, as } = measure
  if (field === undefined) {
    if (fn === 'count') return { name: as ?? 'count', fn }
    throw userError('missing_field', `The measure at ${reading.at} needs a field.`, {
      at: `${reading.at}.field`,
      fix: 'Name the field to measure.',
      validOptions: fieldsFor(entity, fn),
    })
  }
  const of = toOneField(entity, field, { ...reading, at: `${reading.at}.field` })
  if (!MEASURABLE[fn].includes(of.field.type)) {
    throw userError('wrong_measure', `\`${fn}\` does not apply to \`${of.label}\`, a ${of.field.type}.`, {
      at: reading.at,
      fix: 'Measure one of valid_options, or use another function.',
      validOptions: fieldsFor(entity, fn),
    })
  }
  return { name: as ?? `${fn}_${of.label.replaceAll('.', '_')}`, fn, of }
}

const fieldsFor = (entity: string, fn: BoundMeasure['fn']): readonly string[] =>
  [...shapeOf(entity).fields.values()]
    .filter(({ type }) => MEASURABLE[fn].includes(type))
    .map(({ name }) => name)

const currencyGroups = (measures: readonly BoundMeasure[], groups: readonly Group[]): readonly Group[] => {
  const added: Group[] = []
  for (const { fn, of } of measures) {
    const sql = of?.field.currencySql
    if (!of || sql === undefined || fn === 'count') continue
    const label = [...of.steps.map((step) => step.name), 'currency'].join('.')
    const known = [...groups, ...added].some((group) => group.name === label)
    const field: Field = { name: 'currency', type: 'text', sql, hide: 'none', words: [] }
    if (!known) added.push({ name: label, of: { ...of, field, label }, automatic: true })
  }
  return added
}

const resolveCompare = (
  entity: string,
  query: Query,
  clock: Clock,
  notes: Set<string>,
): BoundCompare | null => {
  if (!query.compare) return null
  const { field, a, b } = query.compare
  const of = toOneField(entity, field, { at: 'compare.field', notes })
  const { type } = of.field
  if (type !== 'date' && type !== 'timestamp') {
    throw userError('type_mismatch', `\`${of.label}\` is not a date, so periods cannot be cut from it.`, {
      at: 'compare.field',
      fix: 'Compare over a date field.',
      validOptions: [...shapeOf(entity).fields.values()]
        .filter((one) => one.type === 'date' || one.type === 'timestamp')
        .map((one) => one.name),
    })
  }
  const side = (text: string, at: string) => intervalsOf('=', [text], type, clock, at)[0]!
  return { of, a: side(a, 'compare.a'), b: side(b, 'compare.b'), asked: { a, b } }
}

/** Names of the three columns of a compared measure. */
export const comparedNames = (measure: string): readonly [string, string, string] => [
  `${measure}_a`,
  `${measure}_b`,
  `${measure}_change`,
]

const isAmountOverTime = (measure: BoundMeasure): boolean =>
  measure.of?.field.type !== 'date' && measure.of?.field.type !== 'timestamp'

/** Splits `-amount`, `amount desc` into name and direction. */
export const readOrder = (text: string): { readonly path: string; readonly descending: boolean } => {
  const match = /^\s*([-+]?)\s*(.*?)(?:[\s:]+(asc|desc))?\s*$/i.exec(text)
  return { path: match?.[2] ?? text, descending: match?.[1] === '-' || match?.[3]?.toLowerCase() === 'desc' }
}

const resolveOrder = (
  order: readonly string[],
  groups: readonly Group[],
  measures: readonly BoundMeasure[],
  compare: BoundCompare | null,
): readonly GroupOrder[] => {
  const columns = [
    ...groups.map((group) => group.name),
    ...measures.flatMap((measure) => (compare ? comparedNames(measure.name) : [measure.name])),
  ]
  return order.map((text, index) => {
    const { path, descending } = readOrder(text)
    const byField = measures.filter((measure) => measure.of?.label === path && !compare)
    const byGroup = groups.filter((group) => group.of.label === path)
    const column =
      columns.find((name) => name === path) ??
      (byField.length === 1 ? byField[0]!.name : undefined) ??
      (byGroup.length === 1 ? byGroup[0]!.name : undefined) ??
      (compare && measures.some((measure) => measure.name === path) ? comparedNames(path)[0] : undefined)
    if (column !== undefined) return { column, descending }
    throw userError('unknown_field', `The answer has no column${echo(path) || ' of that name'} to sort by.`, {
      at: `order[${index}]`,
      fix: 'Sort by a column of the answer: a group or a measure.',
      validOptions: columns,
      didYouMean: didYouMean(
        path,
        columns.map((name) => ({ name })),
      ),
    })
  })
}

const resolveHaving = (
  having: readonly Having[],
  measures: readonly BoundMeasure[],
  compare: BoundCompare | null,
): readonly BoundHaving[] =>
  having.map(({ field, op, value }, index) => {
    const at = `having[${index}]`
    const names = measures.map(({ name }) => name)
    if (compare)
      throw userError('bad_query', '`having` does not go with two periods.', {
        at,
        fix: 'Ask one period at a time.',
      })
    const [byField, ...others] = measures.filter((one) => one.of?.label === field)
    const measure = measures.find(({ name }) => name === field) ?? (others.length === 0 ? byField : undefined)
    if (!measure)
      throw userError('unknown_field', `The answer has no measure${echo(field) || ' of that name'}.`, {
        at: `${at}.field`,
        fix: 'Name a measure of the question; conditions on records stand in `where`.',
        validOptions: names,
        didYouMean: didYouMean(
          field,
          names.map((name) => ({ name })),
        ),
      })
    const isDate = measure.of?.field.type === 'date' || measure.of?.field.type === 'timestamp'
    if (isDate && (measure.fn === 'min' || measure.fn === 'max'))
      throw userError('type_mismatch', `\`${measure.name}\` is a date, and \`having\` compares numbers.`, {
        at,
        fix: 'Put the condition on the date into `where`.',
      })
    return { measure, op, value }
  })

const refuseDuplicates = (names: readonly string[]): void => {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw userError('duplicate_column', `Two columns would be called \`${twice}\`.`, {
    at: 'measures',
    fix: 'Give one of the measures another name with `as`, or leave one out.',
  })
}

/** The grouped form of a question: measures over the records of one entity, each counted once. */
export const resolveGroups = (entity: string, query: Query, clock: Clock, notes: Set<string>): Groups => {
  if (query.fields && query.fields.some((field) => !(query.group_by ?? []).includes(field))) {
    throw userError(
      'fields_with_measures',
      'A question with measures or groups shows groups and measures, not fields.',
      {
        at: 'fields',
        fix: 'Leave `fields` out, or put them in `group_by`.',
      },
    )
  }
  const asked = (query.group_by ?? []).map((text, index) =>
    resolveGroup(entity, text, { at: `group_by[${index}]`, notes }),
  )
  const [, second] = asked.flatMap((group) => group.over ?? [])
  if (second) throw fanOut(entity, second.relation, { at: 'group_by', notes })
  const given = query.measures?.length ? query.measures : [{ fn: 'count' as const }]
  const measures = given.map((measure, index) =>
    resolveMeasure(entity, measure, { at: `measures[${index}]`, notes }),
  )
  const compare = resolveCompare(entity, query, clock, notes)
  if (compare && !measures.every(isAmountOverTime)) {
    throw userError('wrong_measure', 'Dates of two periods cannot be subtracted.', {
      at: 'measures',
      fix: 'Compare counts or amounts.',
    })
  }
  const groups = [...asked, ...currencyGroups(measures, asked)]
  refuseDuplicates([
    ...groups.map((group) => group.name),
    ...measures.flatMap((measure) => (compare ? comparedNames(measure.name) : [measure.name])),
  ])
  return {
    kind: 'groups',
    groups,
    measures,
    compare,
    order: resolveOrder(query.order ?? [], groups, measures, compare),
    smallest: 0,
    having: resolveHaving(query.having ?? [], measures, compare),
  }
}
