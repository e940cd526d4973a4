import { refreshWinModel } from '../db/win-model.ts'
import { listWorkspaces } from '../db/workspace.ts'
import { asTactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import type { House } from './compose.ts'
import { repeat, type Repeated } from './repeat.ts'

const LOOK_MS = 15 * 60_000

/** While `up` runs: learns each workspace's chance of winning anew where what is kept no longer holds. */
export const startLearning = (house: Pick<House, 'database'>): Repeated => {
  const learn = async (): Promise<void> => {
    for (const workspace of await listWorkspaces(house.database)) {
      await refreshWinModel(house.database, workspace)
    }
  }
  const guarded = (): Promise<void> =>
    learn().catch((error: unknown) => log.warn('learning_failed', { error: asTactError(error).code }))
  return repeat(LOOK_MS, guarded, guarded())
}
