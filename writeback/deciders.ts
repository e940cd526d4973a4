import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor, Channel, Role } from '../domain/actor.ts'
import { mayWrite } from '../domain/actor.ts'
import { denied } from '../domain/errors.ts'
import type { MemberId } from '../domain/ids.ts'

/** Channels on which a person, and no model, acts. The migration `proposal_moves` holds the same list. */
export const DECIDING_CHANNELS = ['cli', 'inbox', 'slack'] as const satisfies readonly Channel[]
export type DecidingChannel = (typeof DECIDING_CHANNELS)[number]

export interface Decider extends Actor {
  readonly memberId: MemberId
  readonly via: DecidingChannel
}

/**
 * Lets through a person who may decide: an enabled member of this workspace, not a viewer (as the row says, not as the
 * caller does), on a channel no model can call. Throws `denied` errors.
 */
export const assertMayDecide = async (tx: TenantTx, actor: Actor): Promise<Decider> => {
  const channel = DECIDING_CHANNELS.find((one) => one === actor.via)
  if (channel === undefined) {
    throw denied('wrong_channel', `Proposals are not decided by way of ${actor.via}.`, {
      fix: 'A person decides in the inbox, in Slack, or with `tact proposals`.',
    })
  }
  const [member] =
    actor.memberId === null
      ? []
      : await rows<{ role: Role }>(
          tx,
          sql`select role from core.members where id = ${actor.memberId}::uuid and disabled_at is null and deleted_at is null`,
        )
  if (actor.memberId === null || !member) {
    throw denied('no_member', 'Only a member of this workspace decides about proposals.', {
      fix: 'Say who you are, with --as <email> or by signing in.',
    })
  }
  if (!mayWrite(member.role) || !mayWrite(actor.role)) {
    throw denied('viewer', 'Viewers do not decide about proposals.', {
      fix: 'Ask an editor, an admin or an owner.',
    })
  }
  return { ...actor, memberId: actor.memberId, via: channel }
}
