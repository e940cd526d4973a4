import type { TenantId } from '../domain/ids.ts'
import type { Database } from './connect.ts'
import { sql } from './sql.ts'
import { asSystem, rows } from './tenant.ts'

/** Workspaces in which a job of one of these kinds is due, or was left by a process that died: the longest due first. */
export const tenantsWithWork = async (
  database: Database,
  kinds: readonly string[],
): Promise<readonly TenantId[]> => {
  const found = await asSystem(database, (tx) =>
    rows<{ tenant_id: TenantId }>(
      tx,
      sql`select tenant_id from workflow.tenants_with_work(${sql.param([...kinds])}::text[])`,
    ),
  )
  return found.map(({ tenant_id }) => tenant_id)
}
