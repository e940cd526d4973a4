import type { Actor } from '../domain/actor.ts'
import { assertNever } from '../domain/errors.ts'
import type { TokenScope } from '../domain/permissions.ts'
import type { ClientPolicy } from '../domain/policy.ts'

/** Who stands behind a connection, and in which conversation its handles mean something. */
export interface McpCaller {
  readonly actor: Actor
  readonly conversationId: string
  /** What an owner set to be hidden from this client; else it is as the workspace has it. */
  readonly policy?: ClientPolicy
}

/** A caller that came with a credential. `credentialId` names it without being it. */
export interface McpIdentity extends McpCaller {
  readonly credentialId: string
  readonly scopes: readonly TokenScope[]
}

/** What a client proved itself with: a token of ours, a linked account elsewhere, or being a process of the same OS user. */
export type Credential =
  | { readonly kind: 'token'; readonly tokenId: string }
  | { readonly kind: 'oauth'; readonly linkId: string; readonly clientId: string }
  | { readonly kind: 'stdio'; readonly memberId: string }

/**
 * External key of the conversation that a credential speaks in (channel `mcp`). MCP knows no conversations, so handles
 * are stable for as long as the credential is, and mean nothing to another credential.
 */
export const conversationKeyOf = (credential: Credential): string => {
  switch (credential.kind) {
    case 'token':
      return `token:${credential.tokenId}`
    case 'oauth':
      return `oauth:${credential.linkId}:${credential.clientId}`
    case 'stdio':
      return `stdio:${credential.memberId}`
    default:
      return assertNever(credential)
  }
}
