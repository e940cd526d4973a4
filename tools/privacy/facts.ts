import { sql } from '../../db/sql.ts'
import { rows, type TenantTx } from '../../db/tenant.ts'
import type { RecordRef } from '../../domain/records.ts'

/** What may be said of a record without saying whose it is. `companyId` becomes a handle. */
export interface RecordFacts {
  readonly facts: Readonly<Record<string, string>>
  readonly companyId: string | null
}

interface FactRow {
  readonly uri: string
  readonly company_id: string | null
  readonly facts: Readonly<Record<string, string | null>>
}

const idsOf = (records: readonly RecordRef[], entity: string): string[] =>
  records.filter((record) => record.entity === entity).map(({ id }) => id)

/** Harmless facts by record URI: title, role and tags of people, kind and status of companies, stage of deals. */
export const factsOf = async (
  tx: TenantTx,
  records: readonly RecordRef[],
): Promise<ReadonlyMap<string, RecordFacts>> => {
  const people = sql.param(idsOf(records, 'people'))
  const companies = sql.param(idsOf(records, 'companies'))
  const deals = sql.param(idsOf(records, 'deals'))
  const found = await rows<FactRow>(
    tx,
    sql`
      select 'people:' || p.id as uri, p.company_id, jsonb_build_object('title', p.title, 'role', p.role, 'tags',
          (select string_agg(t.name, ', ' order by t.name) from crm.person_tags pt join crm.tags t on t.tenant_id = pt.tenant_id and t.id = pt.tag_id
            where pt.tenant_id = p.tenant_id and pt.person_id = p.id and pt.deleted_at is null)) as facts
        from crm.people p where p.id = any(${people}::uuid[])
      union all
      select 'companies:' || c.id, null, jsonb_build_object('kind', c.kind, 'status', c.status, 'industry', c.industry)
        from crm.companies c where c.id = any(${companies}::uuid[])
      union all
      select 'deals:' || d.id, d.company_id, jsonb_build_object('stage', s.name, 'status', s.kind)
        from crm.deals d join crm.stages s on s.tenant_id = d.tenant_id and s.id = d.stage_id where d.id = any(${deals}::uuid[])`,
  )
  return new Map(
    found.map(({ uri, company_id: companyId, facts }) => [
      uri,
      {
        companyId,
        facts: Object.fromEntries(
          Object.entries(facts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
        ),
      },
    ]),
  )
}
