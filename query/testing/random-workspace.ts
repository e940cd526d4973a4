/** A random workspace, and the same rows in memory, read back raw so that what triggers derive is in them. */
import { companies } from '../../db/catalog/companies.ts'
import { deals, stages } from '../../db/catalog/deals.ts'
import { interactions } from '../../db/catalog/interactions.ts'
import { people } from '../../db/catalog/people.ts'
import { tags } from '../../db/catalog/tags.ts'
import { tasks } from '../../db/catalog/tasks.ts'
import type { Database } from '../../db/connect.ts'
import { refreshStatistics } from '../../db/statistics.ts'
import { asTenant, runText } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { TestTenant } from '../../db/testing.ts'
import { newId } from '../../domain/ids.ts'

export type Random = () => number

/** Deterministic numbers in [0, 1) (mulberry32). */
export const seeded = (seed: number): Random => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]!

export const CITIES = [
  'Berlin',
  'berlin',
  'Oslo',
  "L'Aquila",
  '100% Town_',
  'Back\\slash',
  'A "quoted" place',
  'x; drop table crm.deals',
]
export const ROLES = ['founder', 'Founder', 'buyer', 'investor']
export const STATUSES = ['customer', 'prospect', 'churned']
export const CURRENCIES = ['USD', 'USD', 'EUR', 'JPY']
export const KINDS = ['call', 'meeting', 'email', 'note'] as const

const DAY = 86_400_000
const BASE = Date.UTC(2026, 7, 1)
const moment = (random: Random): Date => new Date(BASE + Math.floor(random() * 120 * 24) * 3_600_000)
const maybe = <T>(random: Random, value: T): T | null => (random() < 0.2 ? null : value)
const gone = (random: Random): Date | null => (random() < 0.12 ? new Date(BASE) : null)

const links = async (
  tx: TenantTx,
  table: string,
  columns: readonly [string, string],
  sides: readonly [readonly string[], readonly string[]],
  random: Random,
): Promise<void> => {
  const tenant = await runText(tx, `select current_setting('app.tenant_id')::uuid`, [])
  const pairs = new Set<string>()
  for (let index = 0; index < sides[0].length * 1.5; index += 1)
    pairs.add(`${pick(random, sides[0])} ${pick(random, sides[1])}`)
  for (const pair of pairs) {
    const [left, right] = pair.split(' ')
    const deleted = gone(random)?.toISOString() ?? null
    await runText(
      tx,
      `insert into ${table} (id, tenant_id, ${columns.join(', ')}, deleted_at) values ($1, $2, $3, $4, $5)`,
      [newId(), tenant.rows[0]![0], left, right, deleted],
    )
  }
}

const make = (count: number): readonly string[] => Array.from({ length: count }, () => newId())

/** Fills a workspace and gathers statistics, as every import does. */
export const fillAtRandom = async (database: Database, tenant: TestTenant, random: Random): Promise<void> => {
  const tenant_id = tenant.workspace.id
  const owners = tenant.members.map((member) => member.id)
  const [companyIds, peopleIds, dealIds, interactionIds, tagIds, stageIds] = [
    make(12),
    make(50),
    make(35),
    make(80),
    make(4),
    make(3),
  ]
  await asTenant(database, tenant.actor(), async (tx) => {
    await tx.insert(companies.table).values(
      companyIds.map((id, index) => ({
        id,
        tenant_id,
        name: `Company ${index % 9}`,
        status: maybe(random, pick(random, STATUSES)),
        city: maybe(random, pick(random, CITIES)),
        owner_id: maybe(random, pick(random, owners)),
        deleted_at: gone(random),
      })),
    )
    await tx.insert(people.table).values(
      peopleIds.map((id, index) => ({
        id,
        tenant_id,
        given_name: `Given${index % 7}`,
        family_name: `Family${index % 11}`,
        role: maybe(random, pick(random, ROLES)),
        city: maybe(random, pick(random, CITIES)),
        company_id: maybe(random, pick(random, companyIds)),
        owner_id: maybe(random, pick(random, owners)),
        deleted_at: gone(random),
      })),
    )
    await tx.insert(stages.table).values(
      stageIds.map((id, index) => ({
        id,
        tenant_id,
        name: ['Lead', 'Won', 'Lost'][index]!,
        position: index,
        kind: (['open', 'won', 'lost'] as const)[index]!,
        probability: [0.25, 1, 0][index]!,
      })),
    )
    await tx.insert(deals.table).values(
      dealIds.map((id, index) => ({
        id,
        tenant_id,
        name: `Deal ${index}`,
        stage_id: pick(random, stageIds),
        company_id: maybe(random, pick(random, companyIds)),
        owner_id: maybe(random, pick(random, owners)),
        amount_minor: maybe(random, Math.floor(random() * 20) * 50_000),
        currency: pick(random, CURRENCIES),
        bedrooms: maybe(random, Math.floor(random() * 5)),
        close_date: maybe(
          random,
          new Date(BASE + Math.floor(random() * 150) * DAY).toISOString().slice(0, 10),
        ),
        deleted_at: gone(random),
      })),
    )
    await tx.insert(interactions.table).values(
      interactionIds.map((id) => ({
        id,
        tenant_id,
        kind: pick(random, KINDS),
        occurred_at: moment(random),
        summary: 'things',
        company_id: maybe(random, pick(random, companyIds)),
        deal_id: maybe(random, pick(random, dealIds)),
        member_id: maybe(random, pick(random, owners)),
        duration_minutes: maybe(random, Math.floor(random() * 60)),
        deleted_at: gone(random),
      })),
    )
    await tx.insert(tasks.table).values(
      make(20).map((id, index) => ({
        id,
        tenant_id,
        title: `Task ${index}`,
        due_at: maybe(random, moment(random)),
        done_at: random() < 0.5 ? moment(random) : null,
        assignee_id: maybe(random, pick(random, owners)),
        deal_id: maybe(random, pick(random, dealIds)),
        deleted_at: gone(random),
      })),
    )
    await tx.insert(tags.table).values(
      tagIds.map((id, index) => ({
        id,
        tenant_id,
        name: `tag${index}`,
        deleted_at: index === 3 ? new Date(BASE) : null,
      })),
    )
    await links(tx, 'crm.person_tags', ['person_id', 'tag_id'], [peopleIds, tagIds], random)
    await links(tx, 'crm.deal_people', ['deal_id', 'person_id'], [dealIds, peopleIds], random)
    await links(
      tx,
      'intel.interaction_people',
      ['interaction_id', 'person_id'],
      [interactionIds, peopleIds],
      random,
    )
  })
  await refreshStatistics(database, Object.keys(TABLES))
}

export type RawRow = Readonly<Record<string, unknown>>
export type Memory = Readonly<Record<string, readonly RawRow[]>>

const TABLES = {
  members: 'core.members',
  companies: 'crm.companies',
  people: 'crm.people',
  stages: 'crm.stages',
  deals: 'crm.deals',
  deal_people: 'crm.deal_people',
  tags: 'crm.tags',
  person_tags: 'crm.person_tags',
  tasks: 'crm.tasks',
  interactions: 'intel.interactions',
  interaction_people: 'intel.interaction_people',
}

/** The live rows of the tenant, raw. */
export const remember = (database: Database, tenant: TestTenant): Promise<Memory> =>
  asTenant(database, tenant.actor(), async (tx) => {
    const memory: Record<string, readonly RawRow[]> = {}
    for (const [entity, table] of Object.entries(TABLES)) {
      const { columns, rows } = await runText(tx, `select * from ${table}`, [])
      const all = rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])))
      memory[entity] = all.filter((row) => row['deleted_at'] === null)
    }
    return memory
  })
