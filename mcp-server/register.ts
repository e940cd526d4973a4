import { type CallToolResult, McpServer, type ServerContext } from '@modelcontextprotocol/server'
import { asTactError, type PublicError } from '../domain/errors.ts'
import { log } from '../log.ts'
import type { Toolbox, ToolOutcome } from '../tools/toolbox.ts'
import type { McpCaller } from './caller.ts'
import { fitResult } from './fit.ts'
import { listTools } from './listing.ts'
import { offeredIn, offerInbox } from './offer.ts'
import { registerPrompts } from './prompts.ts'
import { type Read, registerResources } from './resources.ts'
import { concise, type ResponseFormat, takeFormat } from './response-format.ts'

export interface ServerParts {
  readonly toolbox: Toolbox
  /** Asked at each request, so that a changed role holds at once. */
  readonly caller: () => McpCaller | Promise<McpCaller>
  /** What a client may tell its model about this server. */
  readonly instructions: string
  readonly name: string
  readonly version: string
  /** Where people decide, e.g. `http://127.0.0.1:4321/inbox`; none where only the command line is there. */
  readonly inboxUrl?: string | null
}

/** Hosts show a model either the text or the structure, so both say the same. */
const answer = (structured: Record<string, unknown>): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(structured) }],
  structuredContent: structured,
})

/** Without structured content: clients hold that against the output schema, which describes success. */
const refusal = (error: PublicError): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify({ error }) }],
  isError: true,
})

/** The page of a proposal. It holds no token: whoever opens it has to be signed in there. */
const pageOf = ({ inboxUrl }: ServerParts, proposalId: string): string | undefined =>
  inboxUrl ? `${inboxUrl}/proposals/${proposalId}` : undefined

const resultOf = (
  outcome: ToolOutcome,
  parts: ServerParts,
  format: ResponseFormat = 'detailed',
): CallToolResult => {
  if (!outcome.ok) return refusal(outcome.error)
  if (format === 'concise') return answer(fitResult(concise(outcome.result)))
  const { data, completeness, sources, notes } = outcome.result
  const where =
    outcome.proposalId === undefined
      ? []
      : [`Not written. A person decides: ${pageOf(parts, outcome.proposalId) ?? '`tact proposals`'}`]
  return answer(
    fitResult({
      data,
      ...(completeness === null ? {} : { completeness }),
      sources,
      notes: [...notes, ...where],
    }),
  )
}

/** Handle of the proposal that a result is about. */
const proposalOf = (data: unknown): string | undefined => {
  const { proposal } = (data ?? {}) as { readonly proposal?: unknown }
  return typeof proposal === 'string' ? proposal : undefined
}

/** The SDK sends the message of anything thrown to the client; what we did not write ourselves must not get there. */
const call = async (
  { toolbox, caller }: ServerParts,
  name: string,
  rawArguments: unknown,
  signal: AbortSignal,
): Promise<ToolOutcome> => {
  try {
    const { actor, conversationId, policy } = await caller()
    return await toolbox.call(name, rawArguments, {
      actor,
      conversationId,
      signal,
      ...(policy === undefined ? {} : { policy }),
    })
  } catch (thrown) {
    const error = asTactError(thrown)
    if (!signal.aborted) {
      log.error('mcp_call_failed', { tool: toolbox.tools.has(name) ? name : null, error: error.code })
    }
    return { ok: false, error: error.toPublic() }
  }
}

/** How often a client that asked for progress hears that a call still runs. */
const PROGRESS_MS = 1_000

/** Tells a client that asked for it what runs, at once and every second; there is no saying how much is left. */
const reportProgress = (context: ServerContext, message: string | undefined): (() => void) => {
  const { _meta: meta } = context.mcpReq
  const progressToken = meta?.progressToken
  if (progressToken === undefined || message === undefined) return () => undefined
  let progress = 0
  const tell = (): void => {
    const params = { progressToken, progress, message }
    progress += 1
    void context.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined)
  }
  tell()
  const timer = setInterval(tell, PROGRESS_MS)
  return () => clearInterval(timer)
}

/**
 * An MCP server over the registry, for one connection or one request: it holds nothing and costs microseconds.
 *
 * Lists and calls are answered here rather than by the SDK's `registerTool`, because the SDK would judge arguments
 * before their handles are restored (a handle is no e-mail address), and would answer an unknown tool or a bad argument
 * without saying what is possible. The one door does both.
 */
export const buildServer = (parts: ServerParts): McpServer => {
  const { toolbox, instructions, name, version } = parts
  const server = new McpServer(
    { name, version },
    {
      instructions,
      capabilities: { tools: { listChanged: false }, resources: { listChanged: false } },
      cacheHints: { 'tools/list': { ttlMs: 300_000, cacheScope: 'private' } },
    },
  )
  server.server.setRequestHandler('tools/list', () => ({ tools: [...listTools(toolbox)] }))
  server.server.setRequestHandler('tools/call', async ({ params }, context) => {
    const done = reportProgress(context, toolbox.tools.get(params.name)?.labels.running)
    const run = (tool: string, args: unknown): Promise<ToolOutcome> =>
      call(parts, tool, args, context.mcpReq.signal)
    try {
      // The client comes back from the offer to open the inbox: the proposal is there, and by now may be decided.
      const offered = offeredIn(context)
      if (offered !== undefined) return resultOf(await run('get_proposal', { proposal: offered }), parts)
      const taken = takeFormat(params.name, params.arguments ?? {})
      if ('error' in taken) return refusal(taken.error)
      const outcome = await run(params.name, taken.args)
      const url = outcome.ok && outcome.proposalId ? pageOf(parts, outcome.proposalId) : undefined
      const handle = outcome.ok ? proposalOf(outcome.result.data) : undefined
      const round = url && handle ? offerInbox(server, context, { url, handle }) : undefined
      return round ?? resultOf(outcome, parts, taken.format)
    } finally {
      done()
    }
  })
  const has = (tool: string): boolean => toolbox.tools.has(tool)
  const read: Read = (tool, argument, signal) => call(parts, tool, argument, signal)
  registerResources(server, has, read)
  registerPrompts(server, has, read)
  return server
}
