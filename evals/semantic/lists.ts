import { DEALS, OPEN, PERSON, MEMBER, local, within, met } from './shape.ts'
import type { SemanticForm } from './shape.ts'

/** Who and which: records by filters. */
export const LISTS: readonly SemanticForm[] = [
  {
    id: 'q003',
    workspace: 'harborview',
    semantic: { find: 'people', where: [{ field: 'company', value: 'Northgate Mortgage' }], limit: 500 },
    columns: ['name'],
    sql: `select ${PERSON} from crm.people p join crm.companies c on c.id = p.company_id where c.name = 'Northgate Mortgage' and p.deleted_at is null`,
  },
  {
    id: 'q004',
    workspace: 'cobalt',
    semantic: {
      find: 'people',
      where: [
        { field: 'company', value: 'Cardinal Payroll' },
        {
          any: [
            { field: 'title', op: 'contains', value: 'cfo' },
            { field: 'title', op: 'contains', value: 'chief financial officer' },
          ],
        },
      ],
    },
    columns: ['name'],
    sql: `select ${PERSON} from crm.people p join crm.companies c on c.id = p.company_id where c.name = 'Cardinal Payroll' and p.title ~* 'cfo|chief financial officer' and p.deleted_at is null`,
  },
  {
    id: 'q005',
    workspace: 'larkspur',
    semantic: { find: 'companies', where: [{ field: 'name', value: 'Quanta Ledger' }], fields: ['owner'] },
    columns: ['owner'],
    sql: `select ${MEMBER} from crm.companies c left join core.members m on m.id = c.owner_id where c.name = 'Quanta Ledger' and c.deleted_at is null`,
  },
  ...([['q011', 'cobalt', 'Arbor Freight']] as const).map(([id, workspace, company]): SemanticForm => ({
    id,
    workspace,
    semantic: {
      find: 'interactions',
      where: [{ field: 'company', value: company }],
      fields: ['kind', 'summary'],
      order: ['-occurred_at'],
      limit: 1,
    },
    columns: ['kind', 'summary'],
    sql: `select i.kind, i.summary from intel.interactions i join crm.companies c on c.id = i.company_id where c.name = '${company}' and i.deleted_at is null order by i.occurred_at desc, i.id desc limit 1`,
  })),
  ...(
    [
      ['q012', 'larkspur', 'Omar Haddad', []],
      ['q013', 'harborview', 'Carla Jensen', ['call', 'meeting']],
    ] as const
  ).map(([id, workspace, person, kinds]): SemanticForm => ({
    id,
    workspace,
    semantic: {
      find: 'interactions',
      where: [
        { some: 'people', where: [{ field: 'name', value: person }] },
        ...(kinds.length > 0 ? [{ field: 'kind', op: 'in' as const, value: [...kinds] }] : []),
      ],
      fields: ['kind', 'summary'],
      order: ['-occurred_at'],
      limit: 1,
    },
    columns: ['kind', 'summary'],
    sql: `select i.kind, i.summary from intel.interactions i join intel.interaction_people ip on ip.interaction_id = i.id and ip.deleted_at is null
      join crm.people p on p.id = ip.person_id where ${PERSON} = '${person}' and i.deleted_at is null${kinds.length > 0 ? ` and i.kind in ('${kinds.join("', '")}')` : ''} order by i.occurred_at desc limit 1`,
  })),
  {
    id: 'q015',
    workspace: 'larkspur',
    semantic: {
      find: 'interactions',
      where: [
        { field: 'company', value: 'Helio Grid' },
        { field: 'occurred_at', op: '>=', value: '-14d' },
      ],
      fields: ['kind', 'summary'],
      limit: 500,
    },
    columns: ['kind', 'summary'],
    sql: `select i.kind, i.summary from intel.interactions i join crm.companies c on c.id = i.company_id where c.name = 'Helio Grid' and i.deleted_at is null and ${local('i.occurred_at')} >= {day} - interval '14 days'`,
  },
  {
    id: 'q021',
    workspace: 'cobalt',
    semantic: {
      find: 'deals',
      where: [
        { field: 'status', value: 'open' },
        { field: 'amount', op: '>', value: 50_000 },
      ],
      fields: ['name', 'amount'],
      limit: 500,
    },
    columns: ['name', 'amount'],
    sql: `select d.name, d.amount_minor / 100.0 from ${DEALS} where ${OPEN} and d.amount_minor > 5000000`,
  },
  {
    id: 'q022',
    workspace: 'larkspur',
    semantic: {
      find: 'deals',
      where: [{ field: 'stage', value: 'Diligence' }],
      fields: ['name', 'company.name', 'owner'],
      limit: 500,
    },
    columns: ['name', 'company.name', 'owner'],
    sql: `select d.name, c.name, ${MEMBER} from ${DEALS} left join crm.companies c on c.id = d.company_id left join core.members m on m.id = d.owner_id where s.name = 'Diligence' and d.deleted_at is null`,
  },
  {
    id: 'q023',
    workspace: 'harborview',
    semantic: {
      find: 'deals',
      where: [{ field: 'stage', value: 'Under Contract' }],
      fields: ['name'],
      limit: 500,
    },
    columns: ['name'],
    sql: `select d.name from ${DEALS} where s.name = 'Under Contract' and d.deleted_at is null`,
  },
  {
    id: 'q024',
    workspace: 'cobalt',
    semantic: {
      find: 'deals',
      where: [
        { field: 'status', value: 'open' },
        { field: 'owner', value: 'Jenna Cole' },
        { field: 'close_date', value: 'this_month' },
      ],
      fields: ['name'],
      limit: 500,
    },
    columns: ['name'],
    sql: `select d.name from ${DEALS} join core.members m on m.id = d.owner_id where ${OPEN} and ${MEMBER} = 'Jenna Cole' and date_trunc('month', d.close_date::timestamp) = date_trunc('month', {day})`,
  },
  {
    id: 'q025',
    workspace: 'larkspur',
    semantic: {
      find: 'people',
      where: [
        { field: 'role', value: 'founder' },
        { field: 'city', value: 'Berlin' },
        {
          some: 'interactions',
          where: [
            { field: 'kind', value: 'meeting' },
            { field: 'occurred_at', value: 'this_year' },
          ],
        },
      ],
      fields: ['name'],
      limit: 500,
    },
    columns: ['name'],
    sql: `select ${PERSON} from crm.people p where p.deleted_at is null and lower(p.role) = 'founder' and p.city = 'Berlin' and exists (${met('p.id')} and ${within('i.occurred_at', 'year')})`,
  },
  {
    id: 'q026',
    workspace: 'harborview',
    semantic: {
      find: 'people',
      where: [
        { field: 'role', value: 'buyer' },
        {
          some: 'interests',
          where: [
            { field: 'budget', op: 'between', value: [600_000, 900_000] },
            { field: 'bedrooms_min', op: '>=', value: 3 },
          ],
        },
      ],
      fields: ['name'],
      limit: 500,
    },
    columns: ['name'],
    sql: `select ${PERSON} from crm.people p where p.deleted_at is null and lower(p.role) = 'buyer' and exists (select 1 from crm.property_interests x where x.person_id = p.id and x.deleted_at is null and x.budget_minor between 60000000 and 90000000 and x.bedrooms_min >= 3)`,
  },
]
