import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceTemplate,
} from '@modelcontextprotocol/server'
import type { Policy } from '../domain/policy.ts'
import type { ToolOutcome } from '../tools/toolbox.ts'

/** Reads by one of the registry's tools, for the caller of this connection. */
export type Read = (name: string, argument: object, signal: AbortSignal) => Promise<ToolOutcome>

const SCHEMA_URI = 'crm://schema'
const POLICY_URI = 'crm://policy'
const JSON_TYPE = 'application/json'

const contentsOf = (uri: string, outcome: ToolOutcome, choose: (data: unknown) => unknown) => {
  if (!outcome.ok) {
    const missing = outcome.kind === 'user' || outcome.kind === 'not-found'
    throw new ProtocolError(
      missing ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError,
      outcome.error.message,
      outcome.error,
    )
  }
  return { contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(choose(outcome.result.data)) }] }
}

/** What each policy hides, in the words of `domain/policy.ts`. */
const HIDES: Readonly<Record<Policy, string>> = {
  strict:
    'People, companies, deals, addresses, numbers that lead to somebody, places, job titles and amounts come as handles.',
  standard: 'People, companies, deals, addresses and numbers that lead to somebody come as handles.',
  'contacts-only': 'People and what reaches them come as handles; companies and deals are readable.',
  off: 'Nothing is hidden from this client.',
}

const policyOf = (data: unknown): object => {
  const { privacy } = data as { readonly privacy: Policy }
  return {
    policy: privacy,
    hides: HIDES[privacy],
    handles:
      'A handle stands for the same record in every result of this connection and is accepted wherever a record, name or address is.',
    changes: 'Proposals are pending until a person approves them; no tool approves.',
  }
}

/** `crm://schema`, `crm://policy` and `crm://proposal/{id}`, for hosts that attach resources. */
export const registerResources = (server: McpServer, has: (tool: string) => boolean, read: Read): void => {
  if (has('describe_crm')) {
    const about = {
      [SCHEMA_URI]: {
        name: 'schema',
        title: 'CRM schema',
        description: 'Entities, fields, relations and allowed values of this workspace.',
        choose: (data: unknown) => data,
      },
      [POLICY_URI]: {
        name: 'policy',
        title: 'Privacy policy',
        description: 'What is hidden from this client, and what handles are.',
        choose: policyOf,
      },
    }
    for (const [uri, { name, title, description, choose }] of Object.entries(about)) {
      server.registerResource(name, uri, { title, description, mimeType: JSON_TYPE }, async (_uri, context) =>
        contentsOf(uri, await read('describe_crm', {}, context.mcpReq.signal), choose),
      )
    }
  }
  if (has('get_proposal')) {
    server.registerResource(
      'proposal',
      new ResourceTemplate('crm://proposal/{id}', { list: undefined }),
      {
        title: 'Proposal',
        description: 'State and difference of one proposal, by the handle that propose_writeback gave.',
        mimeType: JSON_TYPE,
      },
      async ({ href }, { id }, context) =>
        contentsOf(
          href,
          await read('get_proposal', { proposal: String(id) }, context.mcpReq.signal),
          (data) => data,
        ),
    )
  }
}
