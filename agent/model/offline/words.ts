import type { QueryInput } from '../../../query/ast.ts'
import { wallParts } from './zone.ts'
import type { Setting } from './setting.ts'

type Filter = NonNullable<QueryInput['where']>[number]

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const DAY_MS = 86_400_000
const plain = (word: string): string => word.replace(/_/g, ' ')

const dateText = (at: Date): string => `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`

/** `-30d` -> `21 Oct 2026`; named periods stay words. */
export const momentWords = (token: string, setting: Setting): string => {
  const relative = /^([+-])(\d+)(d|w|mo|y)$/.exec(token)
  if (relative) {
    const { year, month, day } = wallParts(setting.now, setting.timezone)
    const count = Number(relative[2]) * (relative[1] === '-' ? -1 : 1)
    const unit = relative[3]!
    const at =
      unit === 'mo' || unit === 'y'
        ? new Date(Date.UTC(year, month - 1 + count * (unit === 'y' ? 12 : 1), day))
        : new Date(Date.UTC(year, month - 1, day) + count * DAY_MS * (unit === 'w' ? 7 : 1))
    return dateText(at)
  }
  const day = /^(\d{4})-(\d\d)-(\d\d)/.exec(token)
  if (day) return dateText(new Date(`${day[0]}T00:00:00Z`))
  const month = /^(\d{4})-(\d\d)$/.exec(token)
  if (month) return `${MONTHS[Number(month[2]) - 1]} ${month[1]}`
  return plain(token)
}

const DATE_FIELD = /(?:_at|_date|_since|^at)$/
const FIELD_WORDS: Readonly<Record<string, string>> = {
  last_interaction_at: 'last interaction',
  last_meeting_at: 'last meeting',
  last_inbound_at: 'last message from them',
  last_outbound_at: 'last message from us',
  created_at: 'created',
  closed_at: 'closed',
  close_date: 'expected close',
  stage_since: 'in stage since',
  occurred_at: '',
  sent_at: 'sent',
  last_at: 'last message',
  due_at: 'due',
  done_at: 'done',
  is_first: 'first',
  last_direction: 'last written',
  needs_reply: 'needs a reply',
  id: '',
  at: '',
  budget: 'budget',
  bedrooms_min: 'bedrooms wanted',
  name: '',
  from_member: 'sent by',
  from_person: 'sent by',
}
const OPERATOR_WORDS: Readonly<Record<string, string>> = {
  '=': '',
  '!=': 'not',
  '>': 'over',
  '>=': 'at least',
  '<': 'under',
  '<=': 'at most',
  in: '',
  not_in: 'not',
  between: 'between',
  contains: 'with',
  starts_with: 'starting with',
}
const DATE_OPERATORS: Readonly<Record<string, string>> = {
  in: 'in',
  '=': 'on',
  '<': 'before',
  '<=': 'up to',
  '>': 'after',
  '>=': 'since',
}

const conditionWords = (condition: Pick<Filter, 'field' | 'op' | 'value'>, setting: Setting): string => {
  const field = condition.field!
  const name = FIELD_WORDS[field] ?? plain(field.replace(/\./g, ' '))
  const { op = '=', value } = condition
  if (op === 'empty') return `no ${name}`
  if (op === 'not_empty') return `has ${name}`
  if (DATE_FIELD.test(field))
    return `${name} ${DATE_OPERATORS[op] ?? op} ${momentWords(String(value), setting)}`.trim()
  if (typeof value === 'boolean') return value ? name : `not ${name}`
  if (field === 'last_direction') return value === 'inbound' ? 'they wrote last' : 'we wrote last'
  const shown = Array.isArray(value)
    ? value.map((one) => numberWords(one)).join(op === 'between' ? ' and ' : ' or ')
    : numberWords(value)
  return [name, OPERATOR_WORDS[op] ?? op, shown].filter(Boolean).join(' ')
}

const numberWords = (value: string | number | undefined): string =>
  typeof value === 'number' ? value.toLocaleString('en-US') : (value ?? '')

const filterWords = (filter: Filter, setting: Setting): string => {
  if (filter.any) {
    const [first, second] = filter.any
    if (first && second?.op === 'empty' && first.op === '<' && first.field === second.field) {
      return `no ${FIELD_WORDS[first.field]?.replace(/^last /, '') ?? plain(first.field)} since ${momentWords(String(first.value), setting)}`
    }
    const contained = filter.any.map((one) => String(one.value).trim())
    return `${plain(filter.any[0]!.field)} ${[...new Set(contained)].join(' or ')}`
  }
  const relation = filter.some ?? filter.none
  if (relation) {
    const inner = (filter.where ?? []).map((condition) => conditionWords(condition, setting)).filter(Boolean)
    return `${filter.none ? 'no' : 'with'} ${plain(relation)}${inner.length > 0 ? ` (${inner.join(', ')})` : ''}`
  }
  return conditionWords(filter, setting)
}

const measureWords = ({ fn, field }: { readonly fn: string; readonly field?: string | undefined }): string =>
  fn === 'count'
    ? 'count'
    : `${{ sum: 'total', avg: 'average', count_distinct: 'number of different', min: 'lowest', max: 'highest' }[fn] ?? fn} ${plain(field ?? '')}`

/** How a query was read, in one line: `open deals, no interaction since 21 Oct 2026, last interaction first`. */
export const queryWords = (query: QueryInput, setting: Setting): string => {
  const parts: string[] = []
  const where = query.where ?? []
  const status = where.find(({ field, op }) => field === 'status' && (op ?? '=') === '=')
  const entity = plain(query.find)
  const measures = (query.measures ?? []).map(measureWords)
  parts.push(
    `${measures.length > 0 ? `${measures.join(' and ')} of ` : ''}${status ? `${String(status.value)} ` : ''}${entity}`,
  )
  for (const filter of where) if (filter !== status) parts.push(filterWords(filter, setting))
  if (query.group_by)
    parts.push(
      `by ${query.group_by.map((field) => plain(field.replace(/^.*:/, '').replace(/^from_/, ''))).join(' and ')}`,
    )
  if (query.compare)
    parts.push(
      `${FIELD_WORDS[query.compare.field] || 'in'} ${momentWords(query.compare.a, setting)} against ${momentWords(query.compare.b, setting)}`,
    )
  for (const order of query.order ?? []) {
    const field = order.replace(/^-/, '')
    const isDate = DATE_FIELD.test(field)
    parts.push(
      isDate
        ? order.startsWith('-')
          ? 'newest first'
          : 'oldest first'
        : `${plain(field)} ${order.startsWith('-') ? 'highest' : 'lowest'} first`,
    )
  }
  if (query.limit !== undefined)
    parts.push(
      query.limit === 1 ? 'the first one' : query.limit === 10 ? 'the first ten' : `the first ${query.limit}`,
    )
  return parts.filter(Boolean).join(', ')
}
