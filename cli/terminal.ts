import { openConversation } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { modelSide, type Desk, type House } from './compose.ts'

/** The member on the model's side of the wall, and the conversation in which handles mean something. */
export interface Terminal {
  readonly actor: Actor
  readonly conversationId: string
}

/** A member's terminal conversation: handles mean the same from one command to the next. */
export const openTerminal = async (house: House, desk: Desk): Promise<Terminal> => {
  const actor = modelSide(desk.actor)
  const { id } = await asTenant(house.database, actor, (tx) =>
    openConversation(tx, {
      channel: 'chat',
      externalKey: `terminal:${actor.memberId}`,
      memberId: actor.memberId,
    }),
  )
  return { actor, conversationId: id }
}
