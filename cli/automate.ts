import { listWorkspaces } from '../db/workspace.ts'
import { asTactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import { runAutomation } from '../writeback/automation.ts'
import type { House } from './compose.ts'
import { repeat, type Repeated } from './repeat.ts'

const LOOK_MS = 5 * 60_000

/** While `up` runs: looks for what the rules of each workspace wait for. One workspace that fails keeps no other from its own. */
export const startAutomation = (house: Pick<House, 'database'>): Repeated => {
  const run = async (): Promise<void> => {
    for (const workspace of await listWorkspaces(house.database)) {
      await runAutomation(house.database, workspace).catch((error: unknown) =>
        log.warn('automation_failed', { error: asTactError(error).code }),
      )
    }
  }
  const guarded = (): Promise<void> =>
    run().catch((error: unknown) => log.warn('automation_failed', { error: asTactError(error).code }))
  return repeat(LOOK_MS, guarded)
}
