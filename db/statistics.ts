import type { Database } from './connect.ts'
import { entityOf } from './catalog/all.ts'
import { translateError } from './errors.ts'

/**
 * Gathers the planner's statistics of these entities' tables and marks their pages as visible to all, as the login role.
 * After many rows came in at once: the embedded engine has no autovacuum, a server's comes a minute late; without
 * statistics any index that begins with the tenant looks as good as the right one, and without marked pages no index is
 * enough to answer from. Takes as long as it takes. Outside transactions only.
 */
export const refreshStatistics = async (database: Database, entities: readonly string[]): Promise<void> => {
  const tables = entities.map((name) => entityOf(name).sqlName)
  if (tables.length === 0) return
  const client = await database.pool.connect().catch((error: unknown) => {
    throw translateError(error)
  })
  let isUsable = false
  database.embedded?.setDeadline(0)
  try {
    await client.query('set statement_timeout = 0')
    await client.query(`vacuum (analyze) ${tables.join(', ')}`)
    await client.query('reset statement_timeout')
    isUsable = true
  } catch (error) {
    throw translateError(error)
  } finally {
    database.embedded?.setDeadline(undefined)
    client.release(!isUsable)
  }
}
