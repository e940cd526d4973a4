import { keepScores } from '../db/keep-scores.ts'
import { refreshWinModel } from '../db/win-model.ts'
import { listWorkspaces } from '../db/workspace.ts'
import { asTactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import type { House } from './compose.ts'
import { repeat, type Repeated } from './repeat.ts'

const LOOK_MS = 15 * 60_000

/**
 * While `up` runs: learns each workspace's chance of winning anew where what is kept no longer holds, and once a day
 * writes its scores on. The scores wait for the second look, so that nobody who asks right after the start waits for them.
 */
export const startLearning = (house: Pick<House, 'database'>): Repeated => {
  const scoredOn = new Map<string, string>()
  let isFirst = true
  const learn = async (): Promise<void> => {
    const today = new Date().toISOString().slice(0, 10)
    for (const workspace of await listWorkspaces(house.database)) {
      await refreshWinModel(house.database, workspace)
      if (isFirst || scoredOn.get(workspace.id) === today) continue
      await keepScores(house.database, workspace)
      scoredOn.set(workspace.id, today)
    }
    isFirst = false
  }
  const guarded = (): Promise<void> =>
    learn().catch((error: unknown) => log.warn('learning_failed', { error: asTactError(error).code }))
  return repeat(LOOK_MS, guarded, guarded())
}
