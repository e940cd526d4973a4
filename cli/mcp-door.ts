import { findAccessToken } from '../db/access-tokens.ts'
import { log } from '../log.ts'
import type { Actor } from '../domain/actor.ts'
import { roleOfScopes, toolScopesIn } from '../domain/permissions.ts'
import type { Authenticate } from '../mcp-server/bearer.ts'
import type { McpCaller } from '../mcp-server/caller.ts'
import { instructionsFor } from '../mcp-server/instructions.ts'
import type { Accept } from '../mcp-server/listen.ts'
import type { OauthSettings } from '../mcp-server/oauth.ts'
import { buildServer } from '../mcp-server/register.ts'
import { serveStreams } from '../mcp-server/stdio.ts'
import { takeDesk, type DeskChoice, type House } from './compose.ts'
import { authenticateGrant } from './mcp-oauth.ts'
import { callersOf, type CallerFor } from './mcp-scopes.ts'
import { VERSION } from './version.ts'

/** A fresh MCP server over the house's tools. `inboxUrl` is null where no inbox is served. */
export const mcpServerOf =
  (house: House, inboxUrl: string | null) => (caller: () => McpCaller | Promise<McpCaller>) =>
    buildServer({
      toolbox: house.toolbox,
      caller,
      instructions: instructionsFor({ inboxUrl }),
      name: 'tact',
      version: VERSION,
      inboxUrl,
    })

/** Who one of our own tokens speaks for. */
const authenticateToken =
  ({ database }: House, callerFor: CallerFor): Authenticate =>
  async (token) => {
    const found = await findAccessToken(database, token)
    const scopes = toolScopesIn(found?.scopes ?? [])
    // Links and sessions of the inbox have no scope for tools.
    if (!found || scopes.length === 0) return undefined
    const { tenantId, memberId, tokenId, policy } = found
    const actor: Actor = { tenantId, memberId, role: roleOfScopes(found.role, scopes), via: 'mcp' }
    const caller = await callerFor(actor, { kind: 'token', tokenId })
    return { ...caller, credentialId: tokenId, scopes, ...(policy === null ? {} : { policy }) }
  }

/** Who a bearer token speaks for: one of ours, or one of an authorization server where some are set. */
export const authenticate = (house: House, oauth: OauthSettings | undefined): Authenticate => {
  const callerFor = callersOf(house)
  const ofOurs = authenticateToken(house, callerFor)
  const ofOthers = oauth && authenticateGrant(house.database, oauth, callerFor)
  return async (token) => (await ofOurs(token)) ?? (await ofOthers?.(token))
}

const MAX_DESKS = 100

/**
 * Whom attaching processes may speak for. One that was looked up before is known at once, and looked up anew behind it:
 * an attach does not wait for what the database is busy with. What the member may do is asked at each call all the same.
 */
const desksOf = (house: House): ((choice: DeskChoice) => Promise<Actor>) => {
  const known = new Map<string, Promise<Actor>>()
  return (choice) => {
    const key = JSON.stringify([choice.workspace, choice.as])
    const before = known.get(key)
    const found = takeDesk(house, choice, 'mcp').then(({ actor }) => actor)
    found.then(
      () => known.delete(key) && known.set(key, found),
      () => known.delete(key),
    )
    known.set(key, before ?? found)
    if (known.size > MAX_DESKS) known.delete(known.keys().next().value!)
    return before ?? found
  }
}

/** Serves stdio clients that attach from other processes of this user. */
export const acceptStdio = (house: House, inboxUrl: string | null): Accept => {
  const callerFor = callersOf(house)
  const build = mcpServerOf(house, inboxUrl)
  const deskOf = desksOf(house)
  const { TACT_WORKSPACE, TACT_AS } = house.config
  deskOf({ workspace: TACT_WORKSPACE, as: TACT_AS }).catch(() => undefined)
  return async (hello) => {
    const actor = await deskOf({ workspace: hello.workspace ?? undefined, as: hello.as ?? undefined })
    const caller = (): Promise<McpCaller> =>
      callerFor(actor, { kind: 'stdio', memberId: actor.memberId ?? 'none' })
    // Whoever calls first waits for it, and is told what fails.
    caller().catch(() => undefined)
    log.info('mcp_attached', { member: actor.memberId })
    return (stream) => serveStreams(stream, stream, () => build(caller))
  }
}
