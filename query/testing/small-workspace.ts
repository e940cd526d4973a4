/** A small workspace for the tests of this folder, with the traps that questions fall into. */
import { companies } from '../../db/catalog/companies.ts'
import { deals, dealPeople, stages } from '../../db/catalog/deals.ts'
import { interactions, interactionPeople } from '../../db/catalog/interactions.ts'
import { people, personEmails } from '../../db/catalog/people.ts'
import { personTags, tags } from '../../db/catalog/tags.ts'
import { tasks } from '../../db/catalog/tasks.ts'
import { newId } from '../../domain/ids.ts'
import { Secret } from '../../domain/pii.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Database } from '../../db/connect.ts'
import { asTenant, runText } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { TestTenant } from '../../db/testing.ts'
import type { Cell } from '../cells.ts'
import { parseQuery } from '../parse-json.ts'
import { runQuery } from '../run.ts'
import type { QueryResult } from '../run.ts'

export const NOW = new Date('2026-11-20T09:00:00Z')

export const ids = {
  nimbus: newId(),
  tidewater: newId(),
  gone: newId(),
  lead: newId(),
  won: newId(),
  lost: newId(),
  robots: newId(),
  turbines: newId(),
  tides: newId(),
  yen: newId(),
  dead: newId(),
  dana: newId(),
  omar: newId(),
  sam: newId(),
  portfolio: newId(),
  buyer: newId(),
}

const of =
  (tenant_id: string) =>
  <const T extends object>(rows: readonly T[]): (T & { tenant_id: string })[] =>
    rows.map((row) => ({ ...row, tenant_id }))

const fillPeople = async (tx: TenantTx, tenant: string, owner: string): Promise<void> => {
  const mine = of(tenant)
  await tx.insert(companies.table).values(
    mine([
      {
        id: ids.nimbus,
        name: 'Nimbus Robotics',
        kind: 'portfolio',
        status: 'customer',
        city: 'Berlin',
        owner_id: owner,
      },
      { id: ids.tidewater, name: 'Tidewater Bio', kind: 'prospect', status: 'prospect', city: 'Oslo' },
      { id: ids.gone, name: 'Gone Ltd', status: 'customer', deleted_at: NOW },
    ]),
  )
  await tx.insert(people.table).values(
    mine([
      {
        id: ids.dana,
        given_name: 'Dana',
        family_name: 'Whitfield',
        title: 'CEO',
        role: 'founder',
        city: 'Berlin',
        company_id: ids.nimbus,
        owner_id: owner,
      },
      {
        id: ids.omar,
        given_name: 'Omar',
        family_name: 'Haddad',
        title: 'CTO',
        role: 'founder',
        city: "L'Aquila 100%_\\",
        company_id: ids.tidewater,
      },
      { id: ids.sam, given_name: 'Sam', family_name: 'Ellery', title: 'Scout' },
      {
        id: newId(),
        given_name: 'Ghost',
        family_name: 'Deleted',
        role: 'founder',
        city: 'Berlin',
        company_id: ids.nimbus,
        deleted_at: NOW,
      },
    ]),
  )
  await tx.insert(personEmails.table).values(
    mine([
      { person_id: ids.dana, address: 'dana@nimbus.example', is_primary: true },
      { person_id: ids.dana, address: 'dw@home.example' },
      { person_id: ids.omar, address: 'omar@tidewater.example', is_primary: true },
    ]),
  )
  await tx.insert(tags.table).values(
    mine([
      { id: ids.portfolio, name: 'portfolio' },
      { id: ids.buyer, name: 'buyer' },
    ]),
  )
  await tx.insert(personTags.table).values(
    mine([
      { person_id: ids.dana, tag_id: ids.portfolio },
      { person_id: ids.dana, tag_id: ids.buyer },
      { person_id: ids.omar, tag_id: ids.buyer },
    ]),
  )
  await runText(tx, 'update crm.person_tags set deleted_at = now() where person_id = $1', [ids.omar])
}

const fillDeals = async (tx: TenantTx, tenant: string, owner: string, other: string): Promise<void> => {
  const mine = of(tenant)
  await tx.insert(stages.table).values(
    mine([
      { id: ids.lead, name: 'Lead', position: 1, kind: 'open', probability: 0.1 },
      { id: ids.won, name: 'Won', position: 2, kind: 'won', probability: 1 },
      { id: ids.lost, name: 'Lost', position: 3, kind: 'lost', probability: 0 },
    ]),
  )
  const usd = { currency: 'USD' }
  await tx.insert(deals.table).values(
    mine([
      {
        ...usd,
        id: ids.robots,
        name: 'Robots',
        company_id: ids.nimbus,
        stage_id: ids.lead,
        owner_id: owner,
        amount_minor: 5_000_000,
        close_date: '2026-12-31',
      },
      {
        ...usd,
        id: ids.turbines,
        name: 'Turbines',
        company_id: ids.nimbus,
        stage_id: ids.won,
        owner_id: other,
        amount_minor: 12_345,
        close_date: '2026-11-01',
        closed_at: new Date('2026-10-31T23:30:00Z'),
      },
      {
        ...usd,
        id: ids.tides,
        name: 'Tides',
        company_id: ids.tidewater,
        stage_id: ids.lead,
        owner_id: owner,
        amount_minor: null,
        close_date: '2027-01-01',
      },
      {
        id: ids.yen,
        name: 'Lanterns',
        company_id: ids.gone,
        stage_id: ids.lost,
        amount_minor: 70_000,
        currency: 'JPY',
      },
      {
        ...usd,
        id: ids.dead,
        name: 'Dead',
        company_id: ids.nimbus,
        stage_id: ids.lead,
        owner_id: owner,
        amount_minor: 99_900_000,
        deleted_at: NOW,
      },
    ]),
  )
  await tx.insert(dealPeople.table).values(
    mine([
      { deal_id: ids.robots, person_id: ids.dana, role: 'champion' },
      { deal_id: ids.robots, person_id: ids.omar, role: null },
      { deal_id: ids.turbines, person_id: ids.dana, role: null },
    ]),
  )
}

const fillActivity = async (tx: TenantTx, tenant: string, owner: string): Promise<void> => {
  const mine = of(tenant)
  const meetings = [
    {
      at: '2026-10-05T10:00:00Z',
      kind: 'meeting' as const,
      company: ids.nimbus,
      deal: ids.robots,
      people: [ids.dana, ids.omar],
    },
    {
      at: '2026-11-10T10:00:00Z',
      kind: 'meeting' as const,
      company: ids.nimbus,
      deal: ids.robots,
      people: [ids.dana],
    },
    {
      at: '2026-11-12T10:00:00Z',
      kind: 'call' as const,
      company: ids.nimbus,
      deal: ids.turbines,
      people: [ids.dana],
    },
    {
      at: '2026-09-30T23:30:00Z',
      kind: 'email' as const,
      company: ids.tidewater,
      deal: ids.tides,
      people: [ids.omar],
    },
  ]
  for (const { at, kind, company, deal, people: who } of meetings) {
    const id = newId()
    await tx.insert(interactions.table).values({
      id,
      tenant_id: tenant,
      kind,
      occurred_at: new Date(at),
      summary: `${kind} about things`,
      company_id: company,
      deal_id: deal,
      member_id: owner,
      duration_minutes: 30,
    })
    await tx
      .insert(interactionPeople.table)
      .values(mine(who.map((person_id) => ({ interaction_id: id, person_id }))))
  }
  await tx.insert(tasks.table).values(
    mine([
      {
        title: 'Call back',
        due_at: new Date('2026-11-19T09:00:00Z'),
        assignee_id: owner,
        deal_id: ids.robots,
      },
      { title: 'Send deck', due_at: new Date('2026-11-25T09:00:00Z'), assignee_id: owner, done_at: NOW },
    ]),
  )
}

export const fill = async (database: Database, tenant: TestTenant): Promise<void> => {
  const [owner, other] = tenant.members.map((member) => member.id as string)
  await asTenant(database, tenant.actor(), async (tx) => {
    await fillPeople(tx, tenant.workspace.id, owner!)
    await fillDeals(tx, tenant.workspace.id, owner!, other!)
    await fillActivity(tx, tenant.workspace.id, owner!)
  })
}

/** What a person would see: secrets revealed. */
export const shown = (cell: Cell): unknown => {
  if (cell instanceof Secret) return cell.reveal()
  return Array.isArray(cell) ? cell.map(shown) : cell
}

export const objects = (result: QueryResult): readonly Record<string, unknown>[] =>
  result.rows.map((row) =>
    Object.fromEntries(row.map((cell, index) => [result.columns[index]!.name, shown(cell)])),
  )

/** Asks as that tenant, from raw JSON. */
export const asker =
  (database: Database, tenant: TestTenant, actor: Actor = tenant.actor()) =>
  (input: unknown): Promise<QueryResult> =>
    asTenant(
      database,
      actor,
      (tx) => runQuery(tx, parseQuery(input), { workspace: tenant.workspace, actor, now: NOW }),
      { readOnly: true },
    )
