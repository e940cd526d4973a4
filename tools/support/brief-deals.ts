import type { Filter } from '../../query/ast.ts'
import { about, is, OPEN, quiet } from './brief-subject.ts'
import type { BriefPart, MakePart } from './brief-subject.ts'
import { inDays, since } from './brief-words.ts'
import type { Row } from './query-rows.ts'

const QUIET_DAYS = 30

const DEAL_FIELDS = [
  'name',
  'company',
  'stage',
  'amount',
  'close_date',
  'owner',
  'next_step',
  'last_interaction_at',
]

const deals = (
  title: string,
  why: string,
  where: readonly Filter[],
  options: { readonly order?: string[]; readonly rowWhy?: BriefPart['rowWhy'] } = {},
): BriefPart => ({
  title,
  why,
  query: {
    find: 'deals',
    where: [...where],
    fields: DEAL_FIELDS,
    order: options.order ?? ['-amount'],
  },
  rowWhy: options.rowWhy ?? quiet,
})

/** Parts about deals. */
export const DEAL_PARTS = {
  deal: (subject) => {
    const where = about('deals', subject)
    return where && deals('Open deals', 'They are open; the largest first.', [OPEN, ...where])
  },
  closed_deals: (subject) => {
    const where = about('deals', subject)
    return (
      where && {
        title: 'Closed deals',
        why: 'What was won and lost before; the latest first.',
        query: {
          find: 'deals',
          where: [{ field: 'status', op: 'in', value: ['won', 'lost'] }, ...where],
          fields: ['name', 'status', 'amount', 'closed_at', 'owner'],
          order: ['-closed_at'],
        },
        rowWhy: (row, today) =>
          `${String(row['status'])}${typeof row['closed_at'] === 'string' ? ` ${since(row['closed_at'], today)}` : ''}`,
      }
    )
  },
  quiet_deals: (subject) => {
    const where = about('deals', subject)
    return (
      where &&
      deals(
        'Open deals gone quiet',
        `No contact for ${QUIET_DAYS} days; the largest first.`,
        [
          OPEN,
          {
            any: [
              { field: 'last_interaction_at', op: '<', value: `-${QUIET_DAYS}d` },
              { field: 'last_interaction_at', op: 'empty' },
            ],
          },
          ...where,
          ...is('owner', subject.whose),
        ],
        { rowWhy: quiet },
      )
    )
  },
  closing: (subject) => {
    const where = about('deals', subject)
    const closes = (row: Row, today: string): string =>
      typeof row['close_date'] === 'string' ? `closes ${inDays(row['close_date'], today)}` : ''
    return (
      where &&
      deals(
        'Deals closing soon',
        'Open, and expected to close within 30 days; the soonest first.',
        [
          OPEN,
          { field: 'close_date', op: '>=', value: 'today' },
          { field: 'close_date', op: '<=', value: '+30d' },
          ...where,
          ...is('owner', subject.whose),
        ],
        { order: ['close_date'], rowWhy: closes },
      )
    )
  },
  overdue_deals: (subject) => {
    const where = about('deals', subject)
    const late = (row: Row, today: string): string =>
      typeof row['close_date'] === 'string' ? `was to close ${since(row['close_date'], today)}` : ''
    return (
      where &&
      deals(
        'Deals past their close date',
        'Still open after the day they were expected to close; the largest first.',
        [OPEN, { field: 'close_date', op: '<', value: 'today' }, ...where, ...is('owner', subject.whose)],
        { rowWhy: late },
      )
    )
  },
  stages: (subject) => ({
    title: 'Pipeline by stage',
    why: 'All open deals: how many, their total, and the total weighted by the chance of each stage.',
    query: {
      find: 'deals',
      where: [OPEN, ...(about('deals', subject) ?? []), ...is('owner', subject.whose)],
      group_by: ['stage'],
      limit: 50,
      measures: [
        { fn: 'count', as: 'deals' },
        { fn: 'sum', field: 'amount', as: 'total' },
        { fn: 'sum', field: 'weighted_amount', as: 'weighted' },
      ],
    },
  }),
  moved: (subject) => {
    const where = about('deal_stage_events', subject)
    const isOne = subject.entity !== undefined
    return (
      where && {
        title: isOne ? 'How it moved' : 'What moved in a week',
        why: 'Changes of stage; the latest first.',
        query: {
          find: 'deal_stage_events',
          where: [
            ...where,
            { field: 'from_stage', op: 'not_empty' },
            ...(isOne ? [] : [{ field: 'at', op: '>=' as const, value: '-7d' }]),
            ...is('deal.owner', subject.whose),
          ],
          fields: ['deal', 'from_stage', 'to_stage', 'at'],
          order: ['-at'],
        },
        rowWhy: (row, today) =>
          `from ${String(row['from_stage'])} to ${String(row['to_stage'])}${typeof row['at'] === 'string' ? ` ${since(row['at'], today)}` : ''}`,
      }
    )
  },
  closed_lately: (subject) => ({
    title: 'Closed in 30 days',
    why: 'Won and lost lately; the latest first.',
    query: {
      find: 'deals',
      where: [
        { field: 'status', op: 'in', value: ['won', 'lost'] },
        { field: 'closed_at', op: '>=', value: '-30d' },
        ...is('owner', subject.whose),
      ],
      fields: ['name', 'company', 'status', 'amount', 'closed_at', 'owner'],
      order: ['-closed_at'],
    },
    rowWhy: (row, today) =>
      `${String(row['status'])}${typeof row['closed_at'] === 'string' ? ` ${since(row['closed_at'], today)}` : ''}`,
  }),
} as const satisfies Readonly<Record<string, MakePart>>
