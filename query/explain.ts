import { freeText } from '../domain/pii.ts'
import { Secret } from '../domain/pii.ts'
import { entityOf } from '../db/catalog/all.ts'
import type { Related } from './aggregate.ts'
import type { BoundQuery, Interval, Predicate, Test } from './bound.ts'
import type { BoundField } from './paths.ts'
import type { Clock } from './periods.ts'
import { DAY_MS, wallWords } from '../domain/zone.ts'

/** Plain words, with what a person may have written kept apart as secrets. */
export type Words = readonly (string | Secret)[]

/** `last_interaction_at` -> `last interaction`, `company.status` -> `company status`. */
const spoken = (label: string): string =>
  label
    .split('.')
    .map((part) => part.replace(/_at$/, '').replaceAll('_', ' '))
    .join(' ')

const plain = (value: number): string =>
  new Intl.NumberFormat('en', { maximumFractionDigits: 6 }).format(value)

const listed = (items: readonly (string | Secret)[], word = 'or'): Words =>
  items.flatMap((item, index) =>
    index === 0 ? [item] : [index === items.length - 1 ? ` ${word} ` : ', ', item],
  )

const isMidnight = (wall: number): boolean => wall % DAY_MS === 0

/** `from 1 Oct 2026 to 31 Oct 2026`, `before 21 Oct 2026 09:00`. */
export const intervalWords = ({ from, to }: Interval): string => {
  if (from && to) {
    if (!isMidnight(from.wall) || !isMidnight(to.wall) || to.inclusive) {
      return `from ${wallWords(from.wall)} until ${wallWords(to.wall)}`
    }
    const last = to.wall - DAY_MS
    return last === from.wall
      ? `on ${wallWords(from.wall)}`
      : `from ${wallWords(from.wall)} to ${wallWords(last)}`
  }
  if (from)
    return `${from.inclusive ? 'from' : 'after'} ${wallWords(from.wall)}${from.inclusive ? ' on' : ''}`
  if (to) return `${to.inclusive ? 'until' : 'before'} ${wallWords(to.wall)}`
  return 'at any time'
}

const rangeWords = ({ from, to }: Extract<Test, { is: 'between' }>): string => {
  if (from && to) return `between ${plain(from.value)} and ${plain(to.value)}`
  if (from) return `${from.inclusive ? 'at least' : 'over'} ${plain(from.value)}`
  return to ? `${to.inclusive ? 'at most' : 'under'} ${plain(to.value)}` : 'any'
}

const timesWords = (of: BoundField, test: Extract<Test, { is: 'times' }>, clock: Clock): string => {
  const zone = of.field.type === 'timestamp' ? ` (${clock.timezone})` : ''
  return `${test.not ? 'not ' : ''}${test.intervals.map(intervalWords).join(' or ')}${zone}`
}

const MATCHES = {
  equal: ['is ', 'is not '],
  contains: ['contains ', 'does not contain '],
  starts: ['starts with ', 'does not start with '],
} as const

const quoted = (of: BoundField, value: string): string | Secret => (of.field.values ? value : freeText(value))

/** Names of the records that a question points at, by id. */
export type Titles = ReadonlyMap<string, Secret | string>

const goneWords = (entity: string): string => `a ${entityOf(entity).one} that is gone`

const recordWords = (of: BoundField, test: Extract<Test, { is: 'record' }>, titles: Titles): Words => [
  ...test.ids.map((id) => (test.me ? 'me' : (titles.get(id) ?? goneWords(of.entity)))),
  ...test.titles.map((title) => freeText(title)),
]

/** `people include Dana` rather than `some people whose id is Dana`. */
const membershipWords = (
  predicate: Extract<Predicate, { kind: 'exists' }>,
  titles: Titles,
): Words | undefined => {
  const [only, ...others] = predicate.where
  if (only?.kind !== 'test' || others.length > 0 || only.of.steps.length > 0) return undefined
  const { of, test } = only
  if (test.is !== 'record' || test.not || test.match !== 'equal') return undefined
  const verb = predicate.not ? 'do not include' : 'include'
  return [`${spoken(predicate.of.label)} ${verb} `, ...listed(recordWords(of, test, titles))]
}

const RELATED_WORDS = {
  count: 'number of',
  sum: 'sum of',
  avg: 'average of',
  min: 'least of',
  max: 'greatest of',
  latest: 'latest of',
} as const

/** `number of deals whose status is open`, `sum of deals amount`. */
const relatedWords = (
  { fn, distinct, over, of, by, where }: Related,
  clock: Clock,
  titles: Titles,
): Words => {
  const what = of === undefined || of === by ? '' : ` ${spoken(of.label)}`
  const start = `${RELATED_WORDS[fn]} ${distinct ? 'different ' : ''}${spoken(over.label)}${what}`
  return where.length === 0 ? [start] : [`${start} whose `, ...joined(where, ' and ', clock, titles)]
}

const testWords = (of: BoundField, test: Test, clock: Clock, titles: Titles): Words => {
  const isItself = of.field.name === 'id' && of.steps.length === 0
  const label = of.related
    ? relatedWords(of.related, clock, titles)
    : [isItself ? entityOf(of.entity).one : spoken(of.label)]
  const lead = [...label, ' ']
  switch (test.is) {
    case 'empty':
      return [...lead, `is ${test.not ? 'not empty' : 'empty'}`]
    case 'text':
      return [
        ...lead,
        MATCHES[test.match][test.not ? 1 : 0],
        ...listed(test.values.map((value) => quoted(of, value))),
      ]
    case 'mentions':
      return [
        ...lead,
        'contains ',
        ...listed(test.records.map((record) => titles.get(record.id) ?? goneWords(record.entity))),
      ]
    case 'number':
      return [...lead, test.not ? 'is not ' : 'is ', ...listed(test.values.map(plain))]
    case 'between':
      return [...lead, 'is ', rangeWords(test)]
    case 'boolean':
      return [...lead, `is ${test.value === test.not ? 'no' : 'yes'}`]
    case 'times':
      return [...lead, timesWords(of, test, clock)]
    case 'record': {
      const what = recordWords(of, test, titles)
      return [...lead, MATCHES[test.match][test.not ? 1 : 0], ...listed(what)]
    }
  }
}

const predicateWords = (predicate: Predicate, clock: Clock, titles: Titles): Words => {
  switch (predicate.kind) {
    case 'test':
      return testWords(predicate.of, predicate.test, clock, titles)
    case 'any':
      return ['(', ...joined(predicate.of, ' or ', clock, titles), ')']
    case 'unless':
      return ['not (', ...joined(predicate.of, ' and ', clock, titles), ')']
    case 'segment':
      return [`${predicate.not ? 'not ' : ''}${predicate.words}`]
    case 'exists': {
      const [short] = predicate.where
      if (predicate.every && short?.kind === 'unless')
        return [`every one of ${spoken(predicate.of.label)}: `, ...joined(short.of, ' and ', clock, titles)]
      const membership = membershipWords(predicate, titles)
      if (membership) return membership
      const start = `${predicate.not ? 'no' : 'some'} ${spoken(predicate.of.label)}`
      if (predicate.where.length === 0) return [start]
      return [`${start} whose `, ...joined(predicate.where, ' and ', clock, titles)]
    }
  }
}

const joined = (predicates: readonly Predicate[], word: string, clock: Clock, titles: Titles): Words =>
  predicates.flatMap((one, index) => [...(index === 0 ? [] : [word]), ...predicateWords(one, clock, titles)])

/** The filters of a question in plain words, dates resolved: `status is open; last interaction before 21 Oct 2026`. */
export const explain = (bound: BoundQuery, clock: Clock, titles: Titles): Words => {
  const many = entityOf(bound.entity).name.replaceAll('_', ' ')
  const compare = bound.shows.kind === 'groups' ? bound.shows.compare : null
  const conditions = bound.where.length
  const words: (string | Secret)[] = [`all ${many}`]
  if (conditions > 0) words.splice(0, 1, ...joined(bound.where, '; ', clock, titles))
  if (compare) {
    const zone = compare.of.field.type === 'timestamp' ? ` (${clock.timezone})` : ''
    words.push(
      `; ${spoken(compare.of.label)}: a ${intervalWords(compare.a)}, b ${intervalWords(compare.b)}${zone}`,
    )
  }
  const having = bound.shows.kind === 'groups' ? bound.shows.having : []
  for (const { measure, op, value } of having)
    words.push(`; groups with ${spoken(measure.name)} ${op} ${plain(value)}`)
  if (conditions > 1) words.push(`; ${conditions} conditions`)
  return words
}

/** Words as one text: a secret as soon as one part is. */
export const sayWords = (words: Words): string | Secret => {
  const text = words.map((word) => (word instanceof Secret ? word.reveal() : word)).join('')
  return words.some((word) => word instanceof Secret) ? freeText(text) : text
}

/** Ids of the records that conditions point at, by entity. */
export const recordsIn = (predicates: readonly Predicate[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>()
  const add = (entity: string, id: string): void => {
    found.set(entity, (found.get(entity) ?? new Set()).add(id))
  }
  const seen = new Set<Predicate>()
  const open = [...predicates]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === 'any' || next.kind === 'unless' || next.kind === 'segment') open.push(...next.of)
    else if (next.kind === 'exists') open.push(...next.where)
    else if (next.of.related && !seen.has(next)) {
      seen.add(next)
      open.push(...next.of.related.where, next)
    } else if (next.test.is === 'record') for (const id of next.test.ids) add(next.of.entity, id)
    else if (next.test.is === 'mentions') for (const { entity, id } of next.test.records) add(entity, id)
  }
  return found
}
