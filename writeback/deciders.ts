import { standingOf } from '../db/standing.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor, Channel, Role } from '../domain/actor.ts'
import { denied } from '../domain/errors.ts'
import type { MemberId } from '../domain/ids.ts'
import { assertMay } from '../domain/permissions.ts'
import type { Operation } from './changes.ts'

/** Channels on which a person, and no model, acts. The migration `proposal_moves` holds the same list. */
export const DECIDING_CHANNELS = ['cli', 'inbox', 'slack'] as const satisfies readonly Channel[]
export type DecidingChannel = (typeof DECIDING_CHANNELS)[number]

export interface Decider extends Actor {
  readonly memberId: MemberId
  readonly via: DecidingChannel
}

/**
 * Lets through a person who may decide: an enabled member of this workspace, not a viewer (as the row says, not as the
 * caller does), on a channel no model can call. Answers them with the role they have now. Throws `denied` errors.
 */
export const assertMayDecide = async (tx: TenantTx, actor: Actor): Promise<Decider> => {
  const channel = DECIDING_CHANNELS.find((one) => one === actor.via)
  if (channel === undefined) {
    throw denied('wrong_channel', `Proposals are not decided by way of ${actor.via}.`, {
      fix: 'A person decides in the inbox, in Slack, or with `tact proposals`.',
    })
  }
  if (actor.memberId === null) {
    throw denied('no_member', 'Only a member of this workspace decides about proposals.', {
      fix: 'Say who you are, with --as <email> or by signing in.',
    })
  }
  const role = await standingOf(tx, actor)
  assertMay(role, 'approve')
  return { ...actor, role, memberId: actor.memberId, via: channel }
}

interface Item {
  readonly op: Operation
  readonly entity: string
}

/** Operations that take a record out of lists and counts: of a merge, the duplicate. */
const TAKES_AWAY: ReadonlySet<Operation> = new Set(['archive', 'merge'])
/** Operations that take a record away when they are undone. */
const TAKES_AWAY_UNDONE: ReadonlySet<Operation> = new Set(['create', 'restore'])

/** Whether a role may do every item of a change, or have it done. Throws `denied` with code `may_not_archive`. */
export const assertMayCarryOut = (role: Role, items: readonly Item[]): void => {
  for (const { op, entity } of items) if (TAKES_AWAY.has(op)) assertMay(role, 'archive', entity)
}

/** The same for taking executed items back. */
export const assertMayTakeBack = (role: Role, items: readonly Item[]): void => {
  for (const { op, entity } of items) if (TAKES_AWAY_UNDONE.has(op)) assertMay(role, 'archive', entity)
}
