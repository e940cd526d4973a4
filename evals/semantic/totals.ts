import { DEALS, OPEN, PERSON, MEMBER, local, within } from './shape.ts'
import type { SemanticForm } from './shape.ts'

/** Who waits, the pipeline, one period beside another. */
export const TOTALS: readonly SemanticForm[] = [
  {
    id: 'q057',
    workspace: 'larkspur',
    semantic: {
      find: 'threads',
      where: [
        { field: 'owner', value: 'me' },
        { field: 'last_direction', value: 'inbound' },
        { field: 'needs_reply', value: true },
      ],
      fields: ['subject'],
      limit: 500,
    },
    columns: ['subject'],
    sql: `select t.subject from intel.mail_threads t where t.deleted_at is null and t.owner_id = {me} and t.last_direction = 'inbound' and t.needs_reply`,
  },
  {
    id: 'q058',
    workspace: 'cobalt',
    semantic: {
      find: 'threads',
      where: [
        { field: 'owner', value: 'me' },
        { field: 'subject', op: 'contains', value: 'proposal' },
        { field: 'last_direction', value: 'outbound' },
      ],
      fields: ['subject'],
      limit: 500,
    },
    columns: ['subject'],
    sql: `select t.subject from intel.mail_threads t where t.deleted_at is null and t.owner_id = {me} and t.last_direction = 'outbound' and t.subject ilike '%proposal%'`,
  },
  {
    id: 'q059',
    workspace: 'harborview',
    semantic: {
      find: 'threads',
      where: [
        { field: 'subject', op: 'contains', value: '220 Harbor Road' },
        { field: 'last_direction', value: 'inbound' },
        { field: 'needs_reply', value: true },
      ],
      fields: ['subject'],
      limit: 500,
    },
    columns: ['subject'],
    sql: `select t.subject from intel.mail_threads t where t.deleted_at is null and t.last_direction = 'inbound' and t.needs_reply and t.subject ilike '%220 Harbor Road%'`,
  },
  {
    id: 'q060',
    workspace: 'cobalt',
    semantic: {
      find: 'threads',
      where: [
        { field: 'company.status', value: 'customer' },
        { field: 'last_direction', value: 'inbound' },
        { field: 'needs_reply', value: true },
        { field: 'last_at', op: '<', value: '-3d' },
      ],
      fields: ['subject'],
      limit: 500,
    },
    columns: ['subject'],
    sql: `select t.subject from intel.mail_threads t join crm.companies c on c.id = t.company_id where t.deleted_at is null and lower(c.status) = 'customer' and t.last_direction = 'inbound' and t.needs_reply and ${local('t.last_at')} < {day} - interval '3 days'`,
  },
  {
    id: 'q065',
    workspace: 'cobalt',
    semantic: {
      find: 'deals',
      where: [{ field: 'status', value: 'open' }],
      group_by: ['stage'],
      measures: [{ fn: 'count' }, { fn: 'sum', field: 'amount' }],
      limit: 500,
    },
    columns: ['stage', 'count', 'sum_amount'],
    sql: `select s.name, count(*), coalesce(sum(d.amount_minor), 0) / 100.0 from ${DEALS} where ${OPEN} group by s.id, s.name`,
  },
  {
    id: 'q066',
    workspace: 'larkspur',
    semantic: {
      find: 'deals',
      where: [{ field: 'status', value: 'open' }],
      group_by: ['stage'],
      measures: [{ fn: 'count' }],
      limit: 500,
    },
    columns: ['stage', 'count'],
    sql: `select s.name, count(*) from ${DEALS} where ${OPEN} group by s.id, s.name`,
  },
  {
    id: 'q067',
    workspace: 'harborview',
    semantic: {
      find: 'deals',
      where: [{ field: 'stage', value: 'Under Contract' }],
      measures: [{ fn: 'sum', field: 'amount' }],
    },
    columns: ['sum_amount'],
    sql: `select coalesce(sum(d.amount_minor), 0) / 100.0 from ${DEALS} where s.name = 'Under Contract' and d.deleted_at is null`,
  },
  {
    id: 'q068',
    workspace: 'cobalt',
    semantic: {
      find: 'deals',
      where: [
        { field: 'status', value: 'open' },
        { field: 'close_date', value: 'next_quarter' },
      ],
      group_by: ['owner'],
      measures: [{ fn: 'sum', field: 'weighted_amount' }],
      limit: 500,
    },
    columns: ['owner', 'sum_weighted_amount'],
    sql: `select ${MEMBER}, round(sum(d.amount_minor * coalesce(s.probability, 0)) / 100.0, 0) from ${DEALS} left join core.members m on m.id = d.owner_id where ${OPEN} and date_trunc('quarter', d.close_date::timestamp) = date_trunc('quarter', {day}) + interval '3 months' group by m.id, 1`,
  },
  {
    id: 'q073',
    workspace: 'cobalt',
    semantic: {
      find: 'deals',
      where: [{ field: 'status', value: 'won' }],
      measures: [{ fn: 'sum', field: 'amount' }],
      compare: { field: 'closed_at', a: 'this_quarter', b: 'last_quarter' },
    },
    columns: ['sum_amount_a', 'sum_amount_b'],
    sql: `select coalesce(sum(d.amount_minor) filter (where ${within('d.closed_at', 'quarter')}), 0) / 100.0, coalesce(sum(d.amount_minor) filter (where ${within('d.closed_at', 'quarter', -1)}), 0) / 100.0 from ${DEALS} where d.deleted_at is null and s.kind = 'won'`,
  },
  {
    id: 'q074',
    workspace: 'larkspur',
    semantic: {
      find: 'interactions',
      where: [
        { field: 'kind', value: 'meeting' },
        { field: 'is_first', value: true },
      ],
      measures: [{ fn: 'count' }],
      compare: { field: 'occurred_at', a: '2026-10', b: '2026-09' },
    },
    columns: ['count_a', 'count_b'],
    sql: `with firsts as (select distinct on (company_id) company_id, occurred_at from intel.interactions where deleted_at is null and kind = 'meeting' and company_id is not null order by company_id, occurred_at, id)
      select count(*) filter (where date_trunc('month', ${local('occurred_at')}) = timestamp '2026-10-01'), count(*) filter (where date_trunc('month', ${local('occurred_at')}) = timestamp '2026-09-01') from firsts`,
  },
  {
    id: 'q075',
    workspace: 'harborview',
    semantic: {
      find: 'deals',
      where: [{ field: 'status', value: 'won' }],
      measures: [{ fn: 'count' }, { fn: 'sum', field: 'amount' }],
      compare: { field: 'closed_at', a: 'this_year', b: 'last_year' },
    },
    columns: ['count_a', 'count_b', 'sum_amount_a', 'sum_amount_b'],
    sql: `select count(*) filter (where ${within('d.closed_at', 'year')}), count(*) filter (where ${within('d.closed_at', 'year', -1)}), coalesce(sum(d.amount_minor) filter (where ${within('d.closed_at', 'year')}), 0) / 100.0, coalesce(sum(d.amount_minor) filter (where ${within('d.closed_at', 'year', -1)}), 0) / 100.0 from ${DEALS} where d.deleted_at is null and s.kind = 'won'`,
  },
  {
    id: 'q076',
    workspace: 'cobalt',
    semantic: {
      find: 'deals',
      where: [{ field: 'created_at', op: '>=', value: '-6mo' }],
      group_by: ['created_at:month'],
      measures: [{ fn: 'count' }],
      limit: 500,
    },
    columns: ['created_at:month', 'count'],
    sql: `select to_char(${local('d.created_at')}, 'YYYY-MM'), count(*) from ${DEALS} where d.deleted_at is null and ${local('d.created_at')} >= {day} - interval '6 months' group by 1`,
  },
  {
    id: 'q103',
    workspace: 'cobalt',
    semantic: {
      find: 'deals',
      where: [
        { field: 'status', value: 'won' },
        { field: 'closed_at', value: 'last_month' },
      ],
      group_by: ['owner'],
      measures: [{ fn: 'sum', field: 'amount' }],
      limit: 500,
    },
    columns: ['owner', 'sum_amount'],
    sql: `select ${MEMBER}, sum(d.amount_minor) / 100.0 from ${DEALS} left join core.members m on m.id = d.owner_id where d.deleted_at is null and s.kind = 'won' and ${within('d.closed_at', 'month', -1)} group by m.id, 1`,
  },
  {
    id: 'q104',
    workspace: 'harborview',
    semantic: { find: 'people', where: [{ field: 'name', value: 'Yusuf Demir' }], fields: ['owner'] },
    columns: ['owner'],
    sql: `select ${MEMBER} from crm.people p left join core.members m on m.id = p.owner_id where p.deleted_at is null and ${PERSON} = 'Yusuf Demir'`,
  },
]
