import { bulkLoad } from '../../db/bulk-load.ts'
import type { Database } from '../../db/connect.ts'
import { createMember } from '../../db/members.ts'
import { sql } from '../../db/sql.ts'
import { refreshStatistics } from '../../db/statistics.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { createWorkspace } from '../../db/workspace.ts'
import type { Workspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'

export const MEMBERS = 20
const LOAD_TIMEOUT_MS = 900_000

/** A workspace made by number alone: every run and both engines hold the same. */
export interface Filled {
  readonly database: Database
  readonly workspace: Workspace
  readonly actor: Actor
  readonly members: readonly string[]
  readonly sizes: Sizes
}

export interface Sizes {
  readonly people: number
  readonly companies: number
  readonly deals: number
  readonly interactions: number
  readonly mails: number
}

export const sizesOf = (people: number): Sizes => ({
  people,
  companies: Math.ceil(people / 20),
  deals: Math.ceil(people / 5),
  interactions: people * 2,
  mails: Math.ceil((people * 2) / 5),
})

/** SQL for the id of the `number`-th of that kind. */
export const idOf = (kind: string, number: string | number): string => `md5('${kind}' || (${number}))::uuid`

const member = (number: string): string => `team.ids[1 + (${number}) % ${MEMBERS}]`

type Fill = readonly (readonly [entity: string, columns: string, values: string, series: string])[]

const fillOf = ({ people, companies, deals, interactions, mails }: Sizes): Fill => {
  const upTo = (count: number): string => `generate_series(1, ${count}) n`
  const company = idOf('company', `1 + n % ${companies}`)
  const person = idOf('person', `1 + n % ${people}`)
  const deal = idOf('deal', `1 + n % ${deals}`)
  return [
    [
      'crm.stages',
      'name, position, kind, probability',
      `${idOf('stage', 'n')}, (array['Lead','Demo','Offer','Won','Lost'])[n], n, (array['open','open','open','won','lost'])[n], (array[0.1,0.3,0.6,1,0])[n]`,
      upTo(5),
    ],
    [
      'crm.companies',
      'name, domain, industry, owner_id, enriched_at',
      `${idOf('company', 'n')}, 'Company ' || n, 'c' || n || '.example', (array['Logistics','Retail','Energy','Health'])[1 + n % 4], ${member('n')}, now() - (n % 60) * interval '1 day'`,
      upTo(companies),
    ],
    [
      'crm.people',
      'given_name, family_name, role, company_id, owner_id, is_decision_maker',
      `${idOf('person', 'n')}, 'Given' || n % 977, 'Family' || n, (array['buyer','founder','user'])[1 + n % 3], ${company}, ${member('n')}, n % 5 = 0`,
      upTo(people),
    ],
    [
      'crm.person_emails',
      'person_id, address, is_primary',
      `${idOf('address', 'n')}, ${idOf('person', 'n')}, 'p' || n || '@c.example', true`,
      upTo(people),
    ],
    [
      'crm.person_phones',
      'person_id, number',
      `${idOf('phone', 'n')}, ${person}, '+1202' || lpad(n::text, 7, '0')`,
      upTo(Math.ceil(people / 2)),
    ],
    [
      'crm.relationships',
      'person_id, other_person_id, kind',
      `${idOf('relation', 'n')}, ${person}, ${idOf('person', `1 + (n * 7) % ${people}`)}, 'colleague'`,
      `(select n from generate_series(1, ${Math.ceil(people / 10)}) n where n % ${people} <> (n * 7) % ${people}) n`,
    ],
    [
      'crm.deals',
      'name, company_id, stage_id, owner_id, amount_minor, currency, close_date',
      `${idOf('deal', 'n')}, 'Deal ' || n, ${company}, ${idOf('stage', '1 + (n / 7) % 5')}, ${member('n')}, (1 + n % 500) * 10000, 'USD', current_date + n % 90`,
      upTo(deals),
    ],
    [
      'crm.deal_people',
      'deal_id, person_id, role',
      `${idOf('dealperson', "n || '-' || k")}, ${idOf('deal', 'n')}, ${idOf('person', `1 + (n * 5 + k) % ${people}`)}, (array['decision maker','champion','influencer'])[1 + k % 3]`,
      `${upTo(deals)}, generate_series(1, 3) k`,
    ],
    [
      'intel.interactions',
      'kind, direction, occurred_at, summary, company_id, deal_id, member_id, sentiment, source, external_id',
      `${idOf('interaction', 'n')}, (array['email','call','meeting','note'])[1 + n % 4], (array['inbound','outbound'])[1 + n % 2],
        now() - (n % 400) * interval '1 day', 'Summary ' || n, ${company}, ${deal}, ${member('n')}, (array['positive','neutral','negative'])[1 + n % 3], 'bench', n::text`,
      upTo(interactions),
    ],
    [
      'intel.interaction_people',
      'interaction_id, person_id',
      `${idOf('participant', 'n')}, ${idOf('interaction', 'n')}, ${person}`,
      upTo(interactions),
    ],
    [
      'crm.tasks',
      'title, due_at, assignee_id, company_id',
      `${idOf('task', 'n')}, 'Task ' || n, now() + (n % 30 - 15) * interval '1 day', ${member('n')}, ${company}`,
      upTo(deals),
    ],
    [
      'crm.task_people',
      'task_id, person_id',
      `${idOf('taskperson', 'n')}, ${idOf('task', 'n')}, ${person}`,
      upTo(deals),
    ],
    [
      'intel.meetings',
      'title, starts_at, company_id, deal_id, member_id',
      `${idOf('meeting', 'n')}, 'Meeting ' || n, now() + (n % 200 - 190) * interval '1 day', ${company}, ${deal}, ${member('n')}`,
      upTo(deals),
    ],
    [
      'intel.reminders',
      'title, remind_at, member_id, person_id',
      `${idOf('reminder', 'n')}, 'Reminder ' || n, now() + (n % 200 - 10) * interval '1 day', ${member('n')}, ${person}`,
      upTo(Math.ceil(deals / 4)),
    ],
    [
      'intel.mail_threads',
      'subject, first_at, last_at, last_direction, message_count, needs_reply, owner_id, person_id, company_id',
      `${idOf('thread', 'n')}, 'Subject ' || n, now() - (n % 400) * interval '1 day', now() - (n % 400) * interval '1 day', (array['inbound','outbound'])[1 + n % 2], 2, n % 50 = 0, ${member('n')}, ${person}, ${company}`,
      upTo(Math.ceil(mails / 2)),
    ],
    [
      'intel.mail_messages',
      'thread_id, message_id, content_hash, in_reply_to, sent_at, direction, from_person_id, company_id, subject, body_text, is_bulk, size_bytes, source',
      `${idOf('message', 'n')}, ${idOf('thread', `1 + n % ${Math.ceil(mails / 2)}`)}, 'm' || n, 'h' || n, 'x', now() - (n % 400) * interval '1 day', (array['inbound','outbound'])[1 + n % 2], ${person}, ${company}, 'Subject ' || n, 'A short body ' || n, n % 10 = 0, 100, 'bench'`,
      upTo(mails),
    ],
  ]
}

/** Tables of the load, as names of the catalog. */
const LOADED = [
  'stages',
  'pipelines',
  'companies',
  'people',
  'person_emails',
  'person_phones',
  'relationships',
  'deals',
  'deal_people',
  'deal_stage_events',
  'interactions',
  'interaction_people',
  'tasks',
  'task_people',
  'meetings',
  'reminders',
  'threads',
  'emails',
  'members',
]

/** Makes a workspace of that size, by statements over whole sets, with its roll-ups and the planner's statistics. */
export const fillCrm = async (database: Database, sizes: Sizes): Promise<Filled> => {
  const workspace = await createWorkspace(database, { name: 'Bench', slug: 'bench' })
  const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  const members = await asTenant(database, system, async (tx) => {
    const made: string[] = []
    for (let number = 0; number < MEMBERS; number += 1) {
      const names = { givenName: 'Member', familyName: String(number), role: 'owner' } as const
      made.push((await createMember(tx, { email: `m${number}@team.example`, ...names })).id)
    }
    return made
  })
  await asTenant(
    database,
    system,
    (tx) =>
      bulkLoad(tx, async () => {
        for (const [table, columns, values, series] of fillOf(sizes)) {
          await rows(
            tx,
            sql.raw(`insert into ${table} (tenant_id, id, ${columns}) select core.current_tenant(), ${values}
              from ${series}, (select array_agg(id order by email) as ids from core.members offset 0) team`),
          )
        }
      }),
    { timeoutMs: LOAD_TIMEOUT_MS },
  )
  await refreshStatistics(database, LOADED)
  const actor = { tenantId: workspace.id, memberId: members[0]!, role: 'owner', via: 'cli' } as Actor
  return { database, workspace, actor, members, sizes }
}
