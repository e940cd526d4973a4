import type { Database } from './connect.ts'
import { sql } from './sql.ts'
import { asTenant, rows } from './tenant.ts'
import type { Workspace } from './workspace.ts'

/** All companies and all open deals of a workspace are scored; a request would not wait that long. */
const LONGEST_MS = 120_000

/**
 * Writes the series of scores on (engagement of companies, intelligence and chance of winning of open deals, scores of
 * leads): a row for each that changed, at the most one a day. Answers how many rows were written.
 */
export const keepScores = (database: Database, { id }: Pick<Workspace, 'id'>): Promise<number> =>
  asTenant(
    database,
    { tenantId: id, memberId: null, via: 'system' },
    async (tx) => {
      const [done] = await rows<{ kept: number }>(tx, sql`select intel.keep_scores() as kept`)
      return done!.kept
    },
    { timeoutMs: LONGEST_MS },
  )
