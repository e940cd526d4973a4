import type { Database } from '../../../db/connect.ts'
import { sql } from '../../../db/sql.ts'
import { asTenant, rows } from '../../../db/tenant.ts'
import type { TenantTx } from '../../../db/tenant.ts'
import type { Actor } from '../../../domain/actor.ts'
import { newId } from '../../../domain/ids.ts'
import { STAGES } from './dirty-words.ts'
import type { StoredLinks } from './judge-links.ts'

/** The stages that the dirty file speaks of. */
export const addStages = async (tx: TenantTx): Promise<void> => {
  for (const [position, name] of STAGES.entries()) {
    const kind = name === 'Won' ? 'won' : name === 'Lost' ? 'lost' : 'open'
    await rows(
      tx,
      sql`insert into crm.stages (id, tenant_id, name, position, kind)
        values (${newId()}, core.current_tenant(), ${name}, ${position}, ${kind})`,
    )
  }
}

const TABLES = {
  people: 'crm.people',
  companies: 'crm.companies',
  deals: 'crm.deals',
  person_emails: 'crm.person_emails',
  person_phones: 'crm.person_phones',
  deal_people: 'crm.deal_people',
  interactions: 'intel.interactions',
  proposals: 'workflow.proposals',
}

/** Live rows of each table that an import may fill, and the sum of their versions. */
export const recordCounts = (database: Database, actor: Actor): Promise<Readonly<Record<string, number>>> =>
  asTenant(database, actor, async (tx) => {
    const counts: Record<string, number> = {}
    for (const [name, table] of Object.entries(TABLES)) {
      const [found] = await rows<{ live: number; versions: number }>(
        tx,
        sql`select count(*)::int as live, coalesce(sum(version), 0)::int as versions from ${sql.raw(table)} where deleted_at is null`,
      )
      counts[name] = found!.live
      counts[`${name} versions`] = found!.versions
    }
    return counts
  })

const pairs = async (tx: TenantTx, text: string): Promise<readonly (readonly [string, string])[]> =>
  (await rows<{ a: string; b: string }>(tx, sql.raw(text))).map(({ a, b }) => [a, b] as const)

export const storedLinks = (database: Database, actor: Actor): Promise<StoredLinks> =>
  asTenant(database, actor, async (tx) => ({
    dealCompany: await pairs(
      tx,
      'select id as a, company_id as b from crm.deals where company_id is not null and deleted_at is null',
    ),
    dealPerson: await pairs(
      tx,
      'select deal_id as a, person_id as b from crm.deal_people where deleted_at is null',
    ),
    personCompany: await pairs(
      tx,
      'select id as a, company_id as b from crm.people where company_id is not null and deleted_at is null',
    ),
  }))
