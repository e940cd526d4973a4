import { sql } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { idOf } from './fill.ts'
import type { Sizes } from './fill.ts'

/**
 * Adds `count` interactions with a person each, in two statements and with every trigger at work. They touch people,
 * companies and deals in an order of their own, some before and some after what was known.
 */
export const addInteractions = async (
  tx: TenantTx,
  { people, companies, deals }: Sizes,
  { source, count }: { readonly source: string; readonly count: number },
): Promise<void> => {
  await rows(
    tx,
    sql.raw(`insert into intel.interactions (id, tenant_id, kind, direction, occurred_at, company_id, deal_id, source, external_id)
      select ${idOf(source, 'n')}, core.current_tenant(), (array['email','call','meeting','viewing'])[1 + n % 4], (array['inbound','outbound'])[1 + n % 2],
        now() - ((n * 7919) % 600 - 20) * interval '1 hour', ${idOf('company', `1 + (n * 31) % ${companies}`)},
        case when n % 3 > 0 then ${idOf('deal', `1 + (n * 17) % ${deals}`)} end, '${source}', n::text
      from generate_series(1, ${count}) n`),
  )
  await rows(
    tx,
    sql.raw(`insert into intel.interaction_people (id, tenant_id, interaction_id, person_id)
      select ${idOf(`${source}-who`, 'n')}, core.current_tenant(), ${idOf(source, 'n')}, ${idOf('person', `1 + (n * 13) % ${people}`)}
      from generate_series(1, ${count}) n`),
  )
}

/** How many people, companies and deals do not say what their interactions say, each counted anew. */
export const wrongRollUps = async (
  tx: TenantTx,
): Promise<{ readonly people: number; readonly companies: number; readonly deals: number }> => {
  const [found] = await rows<{ people: number; companies: number; deals: number }>(
    tx,
    sql`select
      (select count(*)::int from crm.companies c left join (select company_id, max(occurred_at) as at from intel.interactions
        where deleted_at is null group by 1) f on f.company_id = c.id where c.last_interaction_at is distinct from f.at) as companies,
      (select count(*)::int from crm.deals d left join (select deal_id, max(occurred_at) as at from intel.interactions
        where deleted_at is null group by 1) f on f.deal_id = d.id where d.last_interaction_at is distinct from f.at) as deals,
      (select count(*)::int from crm.people p left join (select ip.person_id, max(i.occurred_at) as at,
          max(i.occurred_at) filter (where i.kind in ('meeting', 'viewing')) as met, max(i.occurred_at) filter (where i.direction = 'inbound') as heard,
          max(i.occurred_at) filter (where i.direction = 'outbound') as told
        from intel.interaction_people ip join intel.interactions i on i.id = ip.interaction_id
        where ip.deleted_at is null and i.deleted_at is null group by 1) f on f.person_id = p.id
        where (p.last_interaction_at, p.last_meeting_at, p.last_inbound_at, p.last_outbound_at) is distinct from (f.at, f.met, f.heard, f.told)) as people`,
  )
  return found!
}
