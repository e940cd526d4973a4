import { catalog } from '../../db/catalog/all.ts'
import { sql } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'

/** Entities that grow with the business: no question may read one of them whole. */
const LARGE = [
  'people',
  'person_emails',
  'person_phones',
  'deals',
  'deal_people',
  'interactions',
  'interaction_people',
  'tasks',
  'task_people',
  'emails',
  'threads',
  'meetings',
  'relationships',
]
const LARGE_ROWS = 2000

interface Scanned {
  readonly name: string
  readonly scans: number
}

const counted = async (tx: TenantTx): Promise<ReadonlyMap<string, number>> => {
  const found = await rows<Scanned>(
    tx,
    sql`select s.schemaname || '.' || s.relname as name, s.seq_scan::int as scans
      from pg_stat_xact_user_tables s join pg_class c on c.oid = s.relid where c.reltuples >= ${LARGE_ROWS}`,
  )
  return new Map(found.map(({ name, scans }) => [name, scans]))
}

/**
 * Large tables that `run` reads from end to end, by the engine's own count of scans: also those inside functions and
 * triggers, which EXPLAIN does not show.
 */
export const scannedWhole = async (tx: TenantTx, run: () => Promise<unknown>): Promise<readonly string[]> => {
  const before = await counted(tx)
  await run()
  const after = await counted(tx)
  return LARGE.map((name) => catalog.get(name)!.sqlName).filter(
    (name) => (after.get(name) ?? 0) > (before.get(name) ?? 0),
  )
}
