import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import type { ProposalState } from '../domain/proposal-states.ts'
import { reject } from '../writeback/approve.ts'
import { approveAndExecute } from '../writeback/execute.ts'
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
}

/** Does what a signed-in person's form asks for; answers the state it led to. Throws what writeback/ throws. */
export const decide = async (
  database: Database,
  { actor }: Session,
  { action, id, hash, note, confirm }: Wish,
): Promise<ProposalState> => {
  const now = await asTenant(database, actor, async (tx) => nowOf(await ownWorkspace(tx)))
  const said = note.slice(0, MAX_NOTE).trim()
  const decision = { proposalId: id, hash, decider: actor, now, ...(said === '' ? {} : { note: said }) }
  switch (action) {
    case 'approve':
      return (await approveAndExecute(database, { ...decision, typed: confirm.split('\n') })).state
    case 'reject':
      await reject(database, decision)
      return 'rejected'
    case 'undo':
      await undo(database, decision)
      return 'undone'
  }
}
