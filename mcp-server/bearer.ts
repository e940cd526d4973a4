import type { AuthInfo } from '@modelcontextprotocol/server'
import type { Request, RequestHandler } from 'express'
import { bug, TactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import type { McpIdentity } from './caller.ts'
import { challenge, refuseScope } from './challenge.ts'
import { refuse } from './refuse.ts'

/**
 * Whom a token speaks for. Undefined when it is unknown, expired, revoked or meant for somebody else. Throws `denied`
 * when it is good but nobody's here, with words for whoever holds it.
 */
export type Authenticate = (token: string) => Promise<McpIdentity | undefined>

const BEARER = /^bearer +([A-Za-z0-9._~+/-]{1,8192}=*)$/i

/** Looked up in place of a token that is missing or malformed, so that the answer takes as long as for a wrong one. */
const NO_TOKEN = 'none'

const asAuthInfo = (identity: McpIdentity): AuthInfo => ({
  token: identity.credentialId,
  clientId: identity.credentialId,
  scopes: [...identity.scopes],
  extra: { identity },
})

export const identityIn = (auth: AuthInfo | undefined): McpIdentity => {
  if (auth?.extra === undefined) throw bug('mcp_identity', 'A request reached MCP without an identity.')
  return auth.extra['identity'] as McpIdentity
}

export const identityOf = (request: Request): McpIdentity => identityIn(request.auth)

/** Every request needs a token, on loopback too: any program on the machine can open a socket to us. */
export const requireToken =
  (authenticate: Authenticate, metadataUrl: string | undefined): RequestHandler =>
  async (request, response, next) => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
    let identity: McpIdentity | undefined
    try {
      identity = await authenticate(token ?? NO_TOKEN)
    } catch (error) {
      if (error instanceof TactError && error.kind === 'denied') {
        refuse(response, 403, `${error.message} ${error.details.fix ?? ''}`.trim())
        return
      }
      log.error('mcp_authenticate', { error: error instanceof Error ? error.name : 'unknown' })
      refuse(response, 503, 'Tokens cannot be checked just now. Try again.')
      return
    }
    if (token !== undefined && identity !== undefined) {
      request.auth = asAuthInfo(identity)
      if (identity.scopes.includes('crm.read')) next()
      else refuseScope(response, ['crm.read'], metadataUrl)
      return
    }
    challenge(response, {
      ...(token === undefined ? {} : { error: 'invalid_token' }),
      scopes: ['crm.read'],
      metadataUrl,
    })
    refuse(
      response,
      401,
      'This needs a token: `Authorization: Bearer …`. `tact tokens create <name>` makes one.',
    )
  }
