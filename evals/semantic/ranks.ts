import { DEALS, OPEN, PERSON, MEMBER, local, within, met } from './shape.ts'
import type { SemanticForm } from './shape.ts'

/** How many, most, longest ago. */
export const RANKS: readonly SemanticForm[] = [
  {
    id: 'q033',
    workspace: 'cobalt',
    semantic: { find: 'deals', where: [{ field: 'status', value: 'open' }], measures: [{ fn: 'count' }] },
    columns: ['count'],
    sql: `select count(*) from ${DEALS} where ${OPEN}`,
  },
  {
    id: 'q034',
    workspace: 'larkspur',
    semantic: {
      find: 'people',
      where: [
        { field: 'role', value: 'founder' },
        {
          some: 'interactions',
          where: [
            { field: 'kind', value: 'meeting' },
            { field: 'occurred_at', value: 'last_month' },
          ],
        },
      ],
      measures: [{ fn: 'count' }],
    },
    columns: ['count'],
    sql: `select count(*) from crm.people p where p.deleted_at is null and lower(p.role) = 'founder' and exists (${met('p.id')} and ${within('i.occurred_at', 'month', -1)})`,
  },
  {
    id: 'q035',
    workspace: 'harborview',
    semantic: {
      find: 'interactions',
      where: [
        { field: 'kind', value: 'viewing' },
        { field: 'occurred_at', value: 'this_week' },
      ],
      group_by: ['member'],
      measures: [{ fn: 'count' }],
      limit: 500,
    },
    columns: ['member', 'count'],
    sql: `select ${MEMBER}, count(*) from intel.interactions i left join core.members m on m.id = i.member_id where i.deleted_at is null and i.kind = 'viewing' and ${within('i.occurred_at', 'week')} group by m.id, 1`,
  },
  {
    id: 'q036',
    workspace: 'cobalt',
    semantic: {
      find: 'emails',
      where: [
        { field: 'from_member', value: 'Hana Sato' },
        { field: 'company', value: 'Delphi Insurance' },
        { field: 'sent_at', value: '2026-10' },
      ],
      measures: [{ fn: 'count' }],
    },
    columns: ['count'],
    sql: `select count(*) from intel.mail_messages e join core.members m on m.id = e.from_member_id join crm.companies c on c.id = e.company_id where e.deleted_at is null and ${MEMBER} = 'Hana Sato' and c.name = 'Delphi Insurance' and date_trunc('month', ${local('e.sent_at')}) = timestamp '2026-10-01'`,
  },
  {
    id: 'q041',
    workspace: 'cobalt',
    semantic: {
      find: 'deals',
      where: [{ field: 'status', value: 'open' }],
      fields: ['amount'],
      order: ['-amount'],
      limit: 5,
    },
    columns: ['amount'],
    sql: `select d.amount_minor / 100.0 from ${DEALS} where ${OPEN} order by d.amount_minor desc nulls last limit 5`,
    ordered: true,
  },
  {
    id: 'q042',
    workspace: 'larkspur',
    semantic: {
      find: 'emails',
      where: [
        { field: 'direction', value: 'outbound' },
        { field: 'sent_at', op: '>=', value: '-30d' },
      ],
      group_by: ['to_people'],
      measures: [{ fn: 'count' }],
      order: ['-count'],
      limit: 10,
    },
    columns: ['count'],
    sql: `select count(distinct e.id) as n from intel.mail_messages e join intel.mail_recipients r on r.email_id = e.id and r.deleted_at is null and r.kind in ('to', 'cc', 'bcc') where e.deleted_at is null and e.direction = 'outbound' and r.person_id is not null and ${local('e.sent_at')} >= {day} - interval '30 days' group by r.person_id order by n desc limit 10`,
    ordered: true,
  },
  {
    id: 'q043',
    workspace: 'harborview',
    semantic: {
      find: 'deals',
      where: [
        { field: 'side', value: 'sell' },
        { field: 'status', value: 'open' },
      ],
      fields: ['name', 'amount'],
      order: ['-amount'],
      limit: 1,
    },
    columns: ['name', 'amount'],
    sql: `select d.name, d.amount_minor / 100.0 from ${DEALS} where ${OPEN} and d.side = 'sell' order by d.amount_minor desc nulls last limit 1`,
  },
  {
    id: 'q044',
    workspace: 'cobalt',
    semantic: {
      find: 'deals',
      where: [
        { field: 'status', value: 'won' },
        { field: 'closed_at', value: 'this_quarter' },
      ],
      group_by: ['owner'],
      measures: [{ fn: 'sum', field: 'amount' }],
      order: ['-sum_amount'],
      limit: 1,
    },
    columns: ['owner', 'sum_amount'],
    sql: `select ${MEMBER}, sum(d.amount_minor) / 100.0 from ${DEALS} left join core.members m on m.id = d.owner_id where d.deleted_at is null and s.kind = 'won' and ${within('d.closed_at', 'quarter')} group by 1 order by 2 desc limit 1`,
  },
  ...(
    [
      ['q049', 0],
      ['q102', 20_000],
    ] as const
  ).map(([id, least]): SemanticForm => ({
    id,
    workspace: 'cobalt',
    semantic: {
      find: 'deals',
      where: [
        { field: 'status', value: 'open' },
        {
          any: [
            { field: 'last_interaction_at', op: '<', value: '-30d' },
            { field: 'last_interaction_at', op: 'empty' },
          ],
        },
        ...(least > 0 ? [{ field: 'amount', op: '>' as const, value: least }] : []),
      ],
      fields: ['name'],
      limit: 500,
    },
    columns: ['name'],
    sql: `select d.name from ${DEALS} where ${OPEN} and (d.last_interaction_at is null or ${local('d.last_interaction_at')} < {day} - interval '30 days')${least > 0 ? ` and d.amount_minor > ${least * 100}` : ''}`,
  })),
  {
    id: 'q050',
    workspace: 'larkspur',
    semantic: {
      find: 'people',
      where: [
        { field: 'role', value: 'founder' },
        { some: 'tags', where: [{ field: 'name', value: 'portfolio' }] },
        {
          any: [
            { field: 'last_interaction_at', op: '<', value: 'this_quarter' },
            { field: 'last_interaction_at', op: 'empty' },
          ],
        },
      ],
      fields: ['name'],
      limit: 500,
    },
    columns: ['name'],
    sql: `select ${PERSON} from crm.people p where p.deleted_at is null and lower(p.role) = 'founder' and exists (select 1 from crm.person_tags x join crm.tags t on t.id = x.tag_id where x.person_id = p.id and x.deleted_at is null and lower(t.name) = 'portfolio') and (p.last_interaction_at is null or ${local('p.last_interaction_at')} < date_trunc('quarter', {day}))`,
  },
  {
    id: 'q051',
    workspace: 'harborview',
    semantic: {
      find: 'people',
      where: [
        { field: 'role', value: 'buyer' },
        {
          any: [
            { field: 'last_inbound_at', op: '<', value: '-14d' },
            { field: 'last_inbound_at', op: 'empty' },
          ],
        },
      ],
      fields: ['name'],
      limit: 500,
    },
    columns: ['name'],
    sql: `select ${PERSON} from crm.people p where p.deleted_at is null and lower(p.role) = 'buyer' and (p.last_inbound_at is null or ${local('p.last_inbound_at')} < {day} - interval '14 days')`,
  },
  {
    id: 'q052',
    workspace: 'cobalt',
    semantic: {
      find: 'tasks',
      where: [
        { field: 'done', value: false },
        { field: 'due_at', op: '<', value: 'now' },
      ],
      fields: ['title'],
      limit: 500,
    },
    columns: ['title'],
    sql: `select t.title from crm.tasks t where t.deleted_at is null and t.done_at is null and t.due_at < {now}`,
  },
]
