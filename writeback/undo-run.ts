import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { TactError, notFound } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import { assertMayDecide } from './deciders.ts'
import { selectProposals } from './store.ts'
import { undo } from './undo.ts'
import type { PutBack } from './undo.ts'

/** What became of one proposal of a run; `refused` holds why it stands as it was. */
export type TakenBack =
  | { readonly proposalId: string; readonly state: 'undone' }
  | { readonly proposalId: string; readonly state: 'executed'; readonly refused: TactError }

export interface UndoRun {
  /** The conversation in which the run proposed. */
  readonly conversationId: string
  readonly decider: Actor
  readonly now: Date
}

const nothing = () =>
  notFound('nothing_executed', 'Nothing that this conversation proposed stands executed.', {
    fix: 'Give the id of a conversation; `tact proposals show` names that of a proposal.',
  })

/**
 * Takes back everything that one conversation had carried out, newest first, each proposal in a transaction of its own.
 * What somebody edited since is left as it is and answered as refused; the rest goes back. Throws `denied` for those who
 * may not decide, and `nothing_executed`.
 */
export const undoRun = async (
  database: Database,
  { conversationId, decider, now }: UndoRun,
): Promise<readonly TakenBack[]> => {
  if (!isUuid(conversationId)) throw nothing()
  const executed = await asTenant(database, decider, async (tx) => {
    await assertMayDecide(tx, decider)
    return await selectProposals(
      tx,
      sql`where p.conversation_id = ${conversationId}::uuid and p.state = 'executed' and p.deleted_at is null
        order by (select max(a.position) from core.audit_events a where a.kind = 'proposal.executed' and a.record_id = p.id) desc`,
    )
  })
  if (executed.length === 0) throw nothing()
  const putBack: PutBack = new Map()
  const outcomes: TakenBack[] = []
  for (const { id: proposalId } of executed) {
    try {
      await undo(database, { proposalId, decider, now, putBack })
      outcomes.push({ proposalId, state: 'undone' })
    } catch (error) {
      if (!(error instanceof TactError) || error.kind === 'unavailable') throw error
      outcomes.push({ proposalId, state: 'executed', refused: error })
    }
  }
  return outcomes
}
