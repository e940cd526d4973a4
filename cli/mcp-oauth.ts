import type { Config } from '../config.ts'
import { findLinkedMember } from '../db/oauth-links.ts'
import type { Database } from '../db/connect.ts'
import { denied, userError } from '../domain/errors.ts'
import { roleOfScopes, toolScopesIn } from '../domain/permissions.ts'
import type { Credential, McpIdentity } from '../mcp-server/caller.ts'
import { MCP_PATH } from '../mcp-server/mount.ts'
import { createTokenReader, type OauthSettings } from '../mcp-server/oauth.ts'
import { travelsSafely } from '../mcp-server/safe-url.ts'
import type { CallerFor } from './mcp-scopes.ts'

/** The address others reach this server by, as set. Throws a user error where a token could be read on its way there. */
export const publicUrlOf = ({ TACT_PUBLIC_URL: address }: Config): URL | undefined => {
  if (address === undefined) return undefined
  const url = new URL(address)
  if (travelsSafely(url) && url.pathname === '/') return url
  throw userError(
    'bad_public_url',
    'The public address is no https:// origin, nor http:// on this machine.',
    {
      fix: 'Set TACT_PUBLIC_URL to the origin alone, e.g. https://crm.example.com.',
    },
  )
}

/** Whose tokens are taken, and what they must be meant for; undefined where no authorization server is set. */
export const oauthOf = (config: Config): OauthSettings | undefined => {
  const { TACT_OAUTH_ISSUERS: issuers = [] } = config
  if (issuers.length === 0) return undefined
  const url = publicUrlOf(config)
  if (!url)
    throw userError(
      'no_public_url',
      'Tokens of an authorization server are meant for an address; it is not set.',
      {
        fix: 'Set TACT_PUBLIC_URL to what clients reach this server by.',
      },
    )
  return { issuers, resource: new URL(MCP_PATH, url).href }
}

const notLinked = () =>
  denied('not_linked', 'The authorization server vouches for this account, but it is nobody’s here.', {
    fix: 'Ask an owner of the workspace to link it: `tact oauth link`.',
  })

/** Who a token of an authorization server speaks for here. Throws `denied` for an account that no owner linked. */
export const authenticateGrant = (
  database: Database,
  settings: OauthSettings,
  callerFor: CallerFor,
): ((token: string) => Promise<McpIdentity | undefined>) => {
  const read = createTokenReader(settings)
  return async (token) => {
    const grant = await read(token)
    if (!grant) return undefined
    const found = await findLinkedMember(database, grant)
    if (!found) throw notLinked()
    const { tenantId, memberId, linkId, policy } = found
    const scopes = toolScopesIn(grant.scopes)
    const role = roleOfScopes(found.role, scopes)
    const credential: Credential = { kind: 'oauth', linkId, clientId: grant.clientId }
    const caller = await callerFor({ tenantId, memberId, role, via: 'mcp' }, credential)
    return {
      ...caller,
      credentialId: `${linkId}:${grant.clientId}`,
      scopes,
      ...(policy === null ? {} : { policy }),
    }
  }
}
