import type { Database } from './connect.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { Workspace } from './workspace.ts'

/**
 * Learns the chance of winning anew from the workspace's closed deals where what is kept no longer holds (older than a
 * day, or a tenth more or fewer closed deals); whether it did. Readers make do without, more slowly. Nobody in particular
 * asks, so that it rests on what everybody sees.
 */
export const refreshWinModel = (database: Database, { id }: Pick<Workspace, 'id'>): Promise<boolean> =>
  asTenant(database, { tenantId: id, memberId: null, via: 'cli' }, async (tx) => {
    const [done] = await rows<{ refreshed: boolean }>(tx, sql`select intel.refresh_win_model() as refreshed`)
    return done!.refreshed
  })
