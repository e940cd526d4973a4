import { findAccessToken } from '../db/access-tokens.ts'
import { openConversation } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import { log } from '../log.ts'
import type { Actor } from '../domain/actor.ts'
import { roleOfScopes } from '../domain/permissions.ts'
import type { Authenticate } from '../mcp-server/bearer.ts'
import { conversationKeyOf, type Credential, type McpCaller } from '../mcp-server/caller.ts'
import { instructionsFor } from '../mcp-server/instructions.ts'
import type { Accept } from '../mcp-server/listen.ts'
import { buildServer } from '../mcp-server/register.ts'
import { serveStreams } from '../mcp-server/stdio.ts'
import { takeDesk, VERSION, type House } from './compose.ts'

const callerFor = async (house: House, actor: Actor, credential: Credential): Promise<McpCaller> => {
  const { id } = await asTenant(house.database, actor, (tx) =>
    openConversation(tx, {
      channel: 'mcp',
      externalKey: conversationKeyOf(credential),
      memberId: actor.memberId,
    }),
  )
  return { actor, conversationId: id }
}

/** A fresh MCP server over the house's tools. `inboxUrl` is null where no inbox is served. */
export const mcpServerOf = (house: House, inboxUrl: string | null) => (caller: () => McpCaller) =>
  buildServer({
    toolbox: house.toolbox,
    caller,
    instructions: instructionsFor({ inboxUrl }),
    name: 'tact',
    version: VERSION,
  })

/** Who a bearer token speaks for. */
export const authenticateToken =
  (house: House): Authenticate =>
  async (token) => {
    const found = await findAccessToken(house.database, token)
    // Links and sessions of the inbox have no scope for tools.
    const role = found && roleOfScopes(found.role, found.scopes)
    if (!found || !role) return undefined
    const { tenantId, memberId, tokenId } = found
    const actor: Actor = { tenantId, memberId, role, via: 'mcp' }
    const caller = await callerFor(house, actor, { kind: 'token', tokenId })
    return { ...caller, credentialId: tokenId }
  }

/** Serves stdio clients that attach from other processes of this user. */
export const acceptStdio =
  (house: House, inboxUrl: string | null): Accept =>
  async (hello) => {
    const { actor } = await takeDesk(
      house,
      { workspace: hello.workspace ?? undefined, as: hello.as ?? undefined },
      'mcp',
    )
    const caller = await callerFor(house, actor, { kind: 'stdio', memberId: actor.memberId ?? 'none' })
    const build = mcpServerOf(house, inboxUrl)
    log.info('mcp_attached', { member: actor.memberId })
    return (stream) => serveStreams(stream, stream, () => build(() => caller))
  }
