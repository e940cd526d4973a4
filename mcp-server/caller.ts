import type { Actor } from '../domain/actor.ts'
import { assertNever } from '../domain/errors.ts'

/** Who stands behind a connection, and in which conversation its handles mean something. */
export interface McpCaller {
  readonly actor: Actor
  readonly conversationId: string
}

/** A caller that came with a credential. `credentialId` is the token's row id, never the token. */
export interface McpIdentity extends McpCaller {
  readonly credentialId: string
}

/** What a client proved itself with: a bearer token, or being a process of the same OS user. */
export type Credential =
  | { readonly kind: 'token'; readonly tokenId: string }
  | { readonly kind: 'stdio'; readonly memberId: string }

/**
 * External key of the conversation that a credential speaks in (channel `mcp`). MCP knows no conversations, so handles
 * are stable for as long as the credential is, and mean nothing to another credential.
 */
export const conversationKeyOf = (credential: Credential): string => {
  switch (credential.kind) {
    case 'token':
      return `token:${credential.tokenId}`
    case 'stdio':
      return `stdio:${credential.memberId}`
    default:
      return assertNever(credential)
  }
}
