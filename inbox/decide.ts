import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { userError } from '../domain/errors.ts'
import type { ProposalState } from '../domain/proposal-states.ts'
import { reject } from '../writeback/approve.ts'
import { approveAndExecute } from '../writeback/execute.ts'
import { approveItems } from '../writeback/items.ts'
import { undo } from '../writeback/undo.ts'
import type { Session } from './session.ts'

export const ACTIONS = ['approve', 'reject', 'undo'] as const
export type Action = (typeof ACTIONS)[number]

const MAX_NOTE = 500

export interface Wish {
  readonly action: Action
  readonly id: string
  /** Hash of the diff on the page the form stood on. */
  readonly hash: string
  readonly note: string
  /** What the person typed to confirm, one a line. */
  readonly confirm: string
  /** Places of the changes that were ticked, where the form had ticks; else it is about all. */
  readonly places: readonly number[] | undefined
}

const nothingTicked = () =>
  userError('nothing_ticked', 'No change was ticked.', { fix: 'Tick those you want, or reject them all.' })

/** Does what a signed-in person's form asks for; answers the state it led to. Throws what writeback/ throws. */
export const decide = async (
  database: Database,
  { actor }: Session,
  { action, id, hash, note, confirm, places }: Wish,
): Promise<ProposalState> => {
  const workspace = await asTenant(database, actor, (tx) => ownWorkspace(tx))
  const now = nowOf(workspace)
  const said = note.slice(0, MAX_NOTE).trim()
  const decision = { proposalId: id, hash, decider: actor, now, ...(said === '' ? {} : { note: said }) }
  switch (action) {
    case 'approve': {
      const yes = { ...decision, typed: confirm.split('\n') }
      if (places === undefined) return (await approveAndExecute(database, yes)).state
      if (places.length === 0) throw nothingTicked()
      return (await approveItems(database, { ...yes, workspace, places })).state
    }
    case 'reject':
      await reject(database, decision)
      return 'rejected'
    case 'undo':
      await undo(database, places === undefined ? decision : { ...decision, places })
      return 'undone'
  }
}
