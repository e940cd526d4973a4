import { userError } from '../domain/errors.ts'
import { didYouMean } from '../domain/nearest.ts'
import type { Filter } from './ast.ts'
import { shapeOf } from './fields.ts'

/** A named group of records that everybody means the same by: defined here and nowhere else. */
export interface Segment {
  readonly name: string
  readonly entities: readonly string[]
  /** Days it takes, where it takes any, when none are given. */
  readonly days?: number
  /** What it means, with `{days}` for its days. */
  readonly about: string
  /** Said after `about` where days are given to a segment that does without: it takes them, and needs none. */
  readonly withDays?: string
  where(days: number, entity: string): readonly Filter[]
}

const signed: Filter = {
  some: 'commitments',
  where: [{ field: 'status', op: 'in', value: ['signed', 'funded'] }],
}
const before = (field: string, days: number): Filter => ({ field, op: '<', value: `-${days}d` })
const since = (field: string, days: number): Filter => ({ field, op: '>=', value: `-${days}d` })
const orNever = (field: string, days: number): Filter => ({
  any: [
    { field, op: '<', value: `-${days}d` },
    { field, op: 'empty' },
  ],
})
const open: Filter = { field: 'status', op: '=', value: 'open' }

export const SEGMENTS: readonly Segment[] = [
  {
    name: 'existing_investor',
    entities: ['people', 'companies'],
    about: 'has a commitment that is signed or funded',
    where: () => [signed],
  },
  {
    name: 'customer',
    entities: ['companies'],
    about: 'has the status customer',
    where: () => [{ field: 'status', op: '=', value: 'customer' }],
  },
  {
    name: 'churned',
    entities: ['companies'],
    about: 'has the status churned',
    withDays: ' and was lost in the last {days} days',
    where: (days) => [
      { field: 'status', op: '=', value: 'churned' },
      ...(days > 0 ? [since('churned_on', days)] : []),
    ],
  },
  {
    name: 'not_emailed',
    entities: ['people'],
    days: 90,
    about: 'was written no mail in the last {days} days, or never',
    where: (days) => [orNever('last_outbound_at', days)],
  },
  {
    name: 'not_contacted',
    entities: ['people', 'companies', 'deals'],
    days: 30,
    about: 'had no interaction in the last {days} days, or never',
    where: (days) => [orNever('last_interaction_at', days)],
  },
  {
    name: 'going_quiet',
    entities: ['people', 'companies', 'deals'],
    days: 30,
    about: 'had an interaction in the last year, but none in the last {days} days (of deals: the open ones)',
    where: (days, entity) => [
      before('last_interaction_at', days),
      since('last_interaction_at', 365),
      ...(entity === 'deals' ? [open] : []),
    ],
  },
  {
    name: 'unanswered',
    entities: ['threads', 'people', 'companies'],
    about: 'a mail of theirs waits for our answer',
    where: (_days, entity) =>
      entity === 'threads'
        ? [{ field: 'needs_reply', op: '=', value: true }]
        : [{ some: 'threads', where: [{ field: 'needs_reply', op: '=', value: true }] }],
  },
  {
    name: 'overdue',
    entities: ['tasks', 'deals'],
    about: 'is open, and its day has passed',
    where: (_days, entity) =>
      entity === 'tasks'
        ? [
            { field: 'done', op: '=', value: false },
            { field: 'due_at', op: '<', value: 'now' },
          ]
        : [open, { field: 'close_date', op: '<', value: 'today' }],
  },
  {
    name: 'stalled',
    entities: ['deals'],
    days: 30,
    about: 'is open and has been in its stage for more than {days} days',
    where: (days) => [open, before('stage_since', days)],
  },
]

/** Segments that an entity has, by the fields and relations that it really has. */
export const segmentsOf = (entity: string): readonly Segment[] => {
  const { fields, manys } = shapeOf(entity)
  return SEGMENTS.filter(
    (segment) =>
      segment.entities.includes(entity) &&
      segment.where(segment.days ?? 0, entity).every((filter) => {
        const named = filter.field ?? filter.any?.[0]?.field
        return named === undefined ? manys.has(filter.some ?? filter.none ?? '') : fields.has(named)
      }),
  )
}

export interface SegmentCall {
  readonly words: string
  readonly where: readonly Filter[]
}

/** `not_emailed(60)`, `churned`: the filters it stands for. Throws `unknown_segment`, or `bad_query` for its days. */
export const readSegment = (entity: string, text: string, at: string): SegmentCall => {
  const match = /^\s*([a-z_ -]+?)\s*(?:\(\s*(\d{1,5})\s*d?(?:ays?)?\s*\))?\s*$/i.exec(text)
  const known = segmentsOf(entity)
  const name = (match?.[1] ?? text).toLowerCase().replaceAll(/[\s-]+/g, '_')
  const segment = known.find((one) => one.name === name)
  if (!match || !segment) {
    throw userError('unknown_segment', `${entity} has no segment of the name at ${at}.`, {
      at,
      fix: known.length > 0 ? 'Take one of valid_options.' : 'Write the conditions themselves.',
      validOptions: known.map((one) => (one.days === undefined ? one.name : `${one.name}(${one.days})`)),
      didYouMean: didYouMean(
        name,
        known.map((one) => ({ name: one.name })),
      ),
    })
  }
  const days = match[2] === undefined ? segment.days : Number(match[2])
  const isDated = match[2] !== undefined && segment.withDays !== undefined
  if (segment.days === undefined && match[2] !== undefined && !isDated) {
    throw userError('bad_query', `The segment at ${at} takes no number of days.`, {
      at,
      fix: `Write ${segment.name}.`,
    })
  }
  const about = segment.about + (isDated ? segment.withDays : '')
  return {
    words: `${segment.name.replaceAll('_', ' ')} (${about.replace('{days}', String(days))})`,
    where: segment.where(days ?? 0, entity),
  }
}
