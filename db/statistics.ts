import type { Database } from './connect.ts'
import { entityOf } from './catalog/all.ts'
import { translateError } from './errors.ts'

/**
 * Gathers the planner's statistics of these entities' tables, as the login role. After many rows came in at once: the
 * embedded engine has no autovacuum, and without statistics any index that begins with the tenant looks as good as the
 * right one. Outside transactions only.
 */
export const refreshStatistics = async (database: Database, entities: readonly string[]): Promise<void> => {
  const tables = entities.map((name) => entityOf(name).sqlName)
  try {
    await database.pool.query(`analyze ${tables.join(', ')}`)
  } catch (error) {
    throw translateError(error)
  }
}
