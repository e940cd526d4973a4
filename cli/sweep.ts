import type { Actor } from '../domain/actor.ts'
import { asTactError } from '../domain/errors.ts'
import { asTenant } from '../db/tenant.ts'
import { listWorkspaces, nowOf } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import { log } from '../log.ts'
import { resumeInterrupted } from '../writeback/execute.ts'
import { expireOverdue } from '../writeback/list.ts'
import { passStanding } from '../writeback/pass-standing.ts'
import { deliverWebhooks } from '../writeback/providers/deliver.ts'
import type { House } from './compose.ts'
import { repeat, type Repeated } from './repeat.ts'

/** With the leases of execute.ts this ends what a killed process left within a minute. */
const SWEEP_MS = 10_000

const everywhere = (
  { database }: Pick<House, 'database'>,
  run: (workspace: Workspace, actor: Actor) => Promise<unknown>,
): Repeated => {
  const sweep = async (): Promise<void> => {
    for (const workspace of await listWorkspaces(database)) {
      await run(workspace, { tenantId: workspace.id, memberId: null, role: 'owner', via: 'system' })
    }
  }
  const guarded = (): Promise<void> =>
    sweep().catch((error: unknown) => log.warn('proposal_sweep_failed', { error: asTactError(error).code }))
  return repeat(SWEEP_MS, guarded, guarded())
}

/**
 * Finishes what an interrupted process left half-executed, notes what has expired, lets pass what owners allowed, and
 * tells webhooks: at once, and every ten seconds. Other systems are told beside the rest, so that a slow one holds up none of it.
 */
export const sweepProposals = (house: Pick<House, 'database'>): Repeated => {
  const { database } = house
  const own = everywhere(house, async (workspace, actor) => {
    const now = nowOf(workspace)
    await resumeInterrupted(database, { actor, now })
    await asTenant(database, actor, (tx) => expireOverdue(tx, now))
    await passStanding(database, { actor, workspace, now })
  })
  const others = everywhere(house, (_workspace, actor) => deliverWebhooks(database, { actor }))
  return {
    close: async () => {
      await Promise.all([own.close(), others.close()])
    },
  }
}
