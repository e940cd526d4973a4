import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/**
 * Runs `fn` with the roll-up and stage-history triggers silent, stamps and versions taken as given, and afterwards
 * computes all roll-ups of the tenant once. For imports of thousands of rows and whole workspaces.
 */
export const bulkLoad = async <T>(tx: TenantTx, fn: (tx: TenantTx) => Promise<T>): Promise<T> => {
  await rows(tx, sql`set local app.bulk_load = 'on'`)
  const result = await fn(tx)
  await rows(tx, sql`set local app.bulk_load = 'off'`)
  await recomputeRollups(tx)
  return result
}

/** Computes `last_interaction_at` and its kin again from the interactions, and begins missing stage histories. */
export const recomputeRollups = async (tx: TenantTx): Promise<void> => {
  await rows(tx, sql`select core.recompute_rollups(core.current_tenant())`)
}
