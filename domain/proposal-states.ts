import { conflict } from './errors.ts'

/** Life of a proposal. `pending` waits for a person; the rest is reached only on our side of the wall. */
export const PROPOSAL_STATES = [
  'pending',
  'approved',
  'executing',
  'executed',
  'rejected',
  'expired',
  'conflicted',
  'failed',
  'undone',
] as const
export type ProposalState = (typeof PROPOSAL_STATES)[number]

/** Legal moves. An expired lease takes `executing` back to `approved`. */
export const PROPOSAL_MOVES: Readonly<Record<ProposalState, readonly ProposalState[]>> = {
  pending: ['approved', 'rejected', 'expired', 'conflicted'],
  approved: ['executing', 'conflicted', 'expired'],
  executing: ['executed', 'conflicted', 'failed', 'approved'],
  executed: ['undone'],
  rejected: [],
  expired: [],
  conflicted: [],
  failed: [],
  undone: [],
}

export const assertMove = (from: ProposalState, to: ProposalState): void => {
  if (PROPOSAL_MOVES[from].includes(to)) return
  throw conflict('illegal_move', `A proposal that is ${from} cannot become ${to}.`, {
    fix: 'Look at its present state with `tact proposals show`.',
    validOptions: PROPOSAL_MOVES[from],
  })
}
