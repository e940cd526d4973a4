import { randomUUID } from 'node:crypto'
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { log } from '../log.ts'

/** Name of the question in a round of the newer era. */
const QUESTION = 'inbox'
const MESSAGE =
  'A change waits for a decision. Open the inbox to read it with the real names, and approve or reject it there. Nothing is written until then.'
/** How long a client of the older era may leave the offer open; the call has its answer long before. */
const OPEN_MS = 10 * 60_000

/** Where a person decides, and the proposal's handle. */
export interface Offer {
  readonly url: string
  readonly handle: string
}

const opensUrls = (capabilities: ClientCapabilities | undefined): boolean =>
  capabilities?.elicitation?.url !== undefined

/** The proposal whose offer this call brings back, whatever the person did with it; only its handle is looked at. */
export const offeredIn = ({ mcpReq }: ServerContext): string | undefined => {
  if (mcpReq.inputResponses === undefined || !(QUESTION in mcpReq.inputResponses)) return undefined
  const state: unknown = mcpReq.requestState()
  return typeof state === 'string' ? state : undefined
}

/**
 * Offers to open the inbox where the client says that it can open addresses. Approves nothing, whatever is answered. In
 * the newer era the offer is a round of the call, which the client then repeats (`offeredIn`); in the older one it goes
 * beside the answer, which does not wait for it: undefined then, as where the client cannot.
 */
export const offerInbox = (
  server: McpServer,
  { mcpReq }: ServerContext,
  { url, handle }: Offer,
): InputRequiredResult | undefined => {
  if (mcpReq.envelope !== undefined) {
    const { [CLIENT_CAPABILITIES_META_KEY]: declared } = mcpReq.envelope as Record<string, unknown>
    if (!opensUrls(declared as ClientCapabilities | undefined)) return undefined
    return inputRequired({
      inputRequests: { [QUESTION]: inputRequired.elicitUrl({ message: MESSAGE, url }) },
      requestState: handle,
    })
  }
  if (!opensUrls(server.server.getClientCapabilities())) return undefined
  const question = { mode: 'url' as const, message: MESSAGE, url, elicitationId: randomUUID() }
  server.server
    .elicitInput(question, { relatedRequestId: mcpReq.id, timeout: OPEN_MS })
    .catch((error: unknown) =>
      log.debug('mcp_offer_unanswered', { error: error instanceof Error ? error.name : '' }),
    )
  return undefined
}
