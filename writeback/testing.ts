import { asTenant, rows } from '../db/tenant.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { approveAndExecute } from './execute.ts'
import type { Execution, Waiting } from './execute.ts'
import { propose } from './propose.ts'
import type { Proposed } from './propose.ts'
import type { StoredProposal } from './store.ts'

/** A small sales team to change: two companies, three people, two deals, three stages, two tags, a task, a call, a mail. */
export interface Team {
  readonly tenant: TestTenant
  readonly database: Database
  readonly owner: Actor
  readonly now: Date
  readonly ids: Readonly<Record<TeamRecord, string>>
  conversation(): Promise<string>
  propose(changes: unknown, options?: Partial<ProposeBy>): Promise<Proposed>
  /** The owner says yes, and the admin where two have to; answers what became of it. */
  carryOut(proposal: Pick<StoredProposal, 'id' | 'diffHash'>): Promise<Execution | Waiting>
  query<T extends object>(statement: SQL): Promise<T[]>
  /** Every row of every table a proposal may touch, by id, as text; stamps and versions left out. */
  rowsById(): Promise<ReadonlyMap<string, string>>
  /** The same as one text. */
  snapshot(): Promise<string>
}

export interface ProposeBy {
  readonly actor: Actor
  readonly reason: string
  readonly conversationId: string | null
  readonly idempotencyKey: string
  readonly now: Date
}

const RECORDS = [
  'acme',
  'birch',
  'dana',
  'erik',
  'farah',
  'lead',
  'offer',
  'won',
  'deal',
  'other',
  'vip',
  'cold',
  'task',
  'call',
  'thread',
  'mail',
  'interest',
  'address',
  'phone',
] as const
export type TeamRecord = (typeof RECORDS)[number]

const TABLES = [
  'crm.people',
  'crm.companies',
  'crm.deals',
  'crm.tasks',
  'crm.property_interests',
  'crm.person_emails',
  'crm.person_phones',
  'crm.tags',
  'crm.person_tags',
  'crm.company_tags',
  'crm.deal_tags',
  'crm.deal_people',
  'crm.task_people',
  'intel.interactions',
  'intel.interaction_people',
  'intel.email_drafts',
  'intel.email_draft_people',
]
const STAMPS = ['version', 'updated_at', 'updated_by', 'updated_via']

export const makeTeam = async (
  test: Pick<TestDatabase, 'database' | 'addTenant'>,
  /** `now` is when things are proposed: 09:00 UTC on 21 November 2026 unless given. */
  options: { readonly timezone?: string; readonly now?: Date } = {},
): Promise<Team> => {
  const { database } = test
  const tenant = await test.addTenant({ timezone: options.timezone ?? 'Europe/Berlin', currency: 'EUR' })
  const owner = tenant.actor('owner')
  const ids = Object.fromEntries(RECORDS.map((name) => [name, newId()])) as Record<TeamRecord, string>
  const proposer: Actor = { ...owner, via: 'chat' }
  const now = options.now ?? new Date('2026-11-21T09:00:00Z')
  const query = <T extends object>(statement: SQL): Promise<T[]> =>
    asTenant(database, { ...owner, via: 'system' }, (tx) => rows<T>(tx, statement))
  const add = (table: string, values: Readonly<Record<string, unknown>>): Promise<unknown> =>
    query(
      sql`insert into ${sql.raw(table)} (tenant_id, ${sql.raw(Object.keys(values).join(', '))}) values (core.current_tenant(), ${sql.join(
        Object.values(values).map((value) => sql`${value}`),
        sql`, `,
      )})`,
    )
  const {
    acme,
    birch,
    dana,
    erik,
    farah,
    lead,
    offer,
    won,
    deal,
    other,
    vip,
    cold,
    task,
    call,
    thread,
    mail,
    interest,
    address,
    phone,
  } = ids
  await add('crm.companies', {
    id: acme,
    name: 'Acme Rockets',
    domain: 'acme.example',
    owner_id: owner.memberId,
  })
  await add('crm.companies', { id: birch, name: 'Birch & Sons', kind: 'customer' })
  await add('crm.people', {
    id: dana,
    given_name: 'Dana',
    family_name: 'Whitfield',
    company_id: acme,
    city: 'Bonn',
  })
  await add('crm.people', { id: erik, given_name: 'Erik', family_name: 'Ørsted', company_id: acme })
  await add('crm.people', { id: farah, given_name: 'Farah', family_name: 'Khan', company_id: birch })
  await add('crm.person_phones', { id: phone, person_id: dana, number: '+4930901820' })
  await add('crm.person_emails', {
    id: address,
    person_id: dana,
    address: 'dana@acme.example',
    is_primary: true,
  })
  await add('crm.stages', { id: lead, name: 'Lead', position: 1, kind: 'open', probability: 0.1 })
  await add('crm.stages', { id: offer, name: 'Offer out', position: 2, kind: 'open', probability: 0.5 })
  await add('crm.stages', { id: won, name: 'Won', position: 3, kind: 'won', probability: 1 })
  await add('crm.deals', {
    id: deal,
    name: 'Rocket fuel',
    company_id: acme,
    stage_id: lead,
    amount_minor: 1_000_000,
    currency: 'EUR',
    close_date: '2026-12-31',
  })
  await add('crm.deals', {
    id: other,
    name: 'Tokyo pilot',
    company_id: birch,
    stage_id: offer,
    amount_minor: 500_000,
    currency: 'JPY',
  })
  await add('crm.tags', { id: vip, name: 'VIP' })
  await add('crm.tags', { id: cold, name: 'Cold' })
  await add('crm.person_tags', { id: newId(), person_id: farah, tag_id: vip })
  await add('crm.tasks', {
    id: task,
    title: 'Send the contract',
    due_at: '2026-11-25T10:00:00.123456Z',
    deal_id: deal,
  })
  await add('crm.property_interests', {
    id: interest,
    person_id: farah,
    budget_minor: 90_000_000,
    currency: 'EUR',
    bedrooms_min: 3,
  })
  await add('intel.interactions', {
    id: call,
    kind: 'call',
    occurred_at: '2026-11-01T10:00:00Z',
    summary: 'First call',
    company_id: acme,
    deal_id: deal,
  })
  await add('intel.interaction_people', { id: newId(), interaction_id: call, person_id: dana })
  await add('intel.mail_threads', { id: thread, subject: 'Offer' })
  await add('intel.mail_messages', {
    id: mail,
    thread_id: thread,
    message_id: 'one@acme.example',
    content_hash: 'x',
    sent_at: '2026-11-20T10:00:00Z',
    direction: 'inbound',
    subject: 'Offer',
    body_text: 'We are happy to\n  go ahead with the second offer.',
    size_bytes: 10,
    source: 'test',
    from_address: 'dana@acme.example',
  })
  const rowsById = async (): Promise<ReadonlyMap<string, string>> => {
    const tables = TABLES.map(
      (table) => sql`select ${table}::text as name, to_jsonb(t) as row from ${sql.raw(table)} t`,
    )
    const found = await query<{ name: string; row: Record<string, unknown> }>(
      sql`select * from (${sql.join(tables, sql` union all `)}) u order by name, row->>'id'`,
    )
    return new Map(
      found.map(({ name, row }) => {
        const kept = Object.entries(row).filter(([key]) => !STAMPS.includes(key))
        return [String(row['id']), `${name} ${JSON.stringify(kept)}`]
      }),
    )
  }
  return {
    tenant,
    database,
    owner,
    now,
    ids,
    query,
    conversation: async () => {
      const id = newId()
      await add('workflow.conversations', { id, member_id: owner.memberId, channel: 'chat' })
      return id
    },
    propose: (
      changes,
      { actor = proposer, reason, conversationId = null, idempotencyKey, now: at = now } = {},
    ) =>
      asTenant(database, actor, (tx) =>
        propose(tx, {
          input: { changes, ...(reason === undefined ? {} : { reason }) },
          actor,
          workspace: tenant.workspace,
          now: at,
          conversationId,
          ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        }),
      ),
    carryOut: async ({ id: proposalId, diffHash: hash }) => {
      const first = await approveAndExecute(database, { proposalId, hash, decider: owner, now })
      return first.state === 'pending'
        ? approveAndExecute(database, { proposalId, hash, decider: tenant.actor('admin'), now })
        : first
    },
    rowsById,
    snapshot: async () => [...(await rowsById())].join('\n'),
  }
}
