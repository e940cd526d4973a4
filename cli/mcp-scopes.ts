import { openLasting } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { conversationKeyOf, type Credential, type McpCaller } from '../mcp-server/caller.ts'
import type { House } from './compose.ts'

/** How long it is remembered which conversation a credential speaks in. */
const KNOWN_MS = 60_000
const MAX_KNOWN = 1_000

interface Known {
  readonly id: Promise<string>
  readonly untilMs: number
}

export type CallerFor = (actor: Actor, credential: Credential) => Promise<McpCaller>

/**
 * Puts a member who came by MCP into the conversation of their credential, in which handles hold and what was shown is
 * remembered. Ask for each call: a conversation that was left alone too long is forgotten and another begins.
 */
export const callersOf = ({ database, config }: Pick<House, 'database' | 'config'>): CallerFor => {
  const known = new Map<string, Known>()
  const open = async (actor: Actor, externalKey: string): Promise<string> => {
    const place = { channel: 'mcp' as const, externalKey, memberId: actor.memberId }
    const { id } = await asTenant(database, actor, (tx) =>
      openLasting(tx, place, { idleDays: config.TACT_MCP_IDLE_DAYS }),
    )
    return id
  }
  return async (actor, credential) => {
    const externalKey = conversationKeyOf(credential)
    const key = `${actor.tenantId}/${externalKey}`
    const before = known.get(key)
    if (before && before.untilMs > performance.now()) return { actor, conversationId: await before.id }
    const id = open(actor, externalKey)
    known.delete(key)
    known.set(key, { id, untilMs: performance.now() + KNOWN_MS })
    if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!)
    try {
      return { actor, conversationId: await id }
    } catch (error) {
      known.delete(key)
      throw error
    }
  }
}
