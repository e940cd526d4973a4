import type { z } from 'zod'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { standingOf } from '../db/standing.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import { asTactError, notFound, type PublicError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { didYouMean } from '../domain/nearest.ts'
import { assertMay } from '../domain/permissions.ts'
import { Secret } from '../domain/pii.ts'
import { log } from '../log.ts'
import { publicError } from '../query/repair/suggest.ts'
import { envelope, type Afterwards, type Tool, type ToolContext } from './define.ts'
import type { Privacy } from './privacy/privacy.ts'
import type { PrivacySession } from './privacy/session.ts'
import { argumentError } from './support/argument-errors.ts'
import { storable } from '../domain/storable.ts'
import { withinBounds } from './support/within-bounds.ts'
import { saidIn } from './privacy/said.ts'
import type { Caller, Toolbox, ToolOutcome, ToolResult } from './toolbox.ts'

export interface ToolboxParts {
  readonly database: Database
  readonly tools: ReadonlyMap<string, Tool>
  readonly privacy: Privacy
  readonly queryTimeoutMs: number
}

/** Id of the proposal that a result speaks of, if its tool recorded one. */
const proposalIn = (value: unknown): string | undefined => {
  if (value instanceof Secret) return value.record?.entity === 'proposals' ? value.record.id : undefined
  if (value === null || typeof value !== 'object') return undefined
  for (const inner of Object.values(value)) {
    const found = proposalIn(inner)
    if (found) return found
  }
  return undefined
}

const unknownTool = (name: string, tools: ReadonlyMap<string, Tool>) =>
  notFound('unknown_tool', 'There is no tool of that name.', {
    validOptions: [...tools.keys()],
    didYouMean: didYouMean(
      name,
      [...tools.keys()].map((key) => ({ name: key })),
    ),
  })

/** The one door: who is it, restore arguments, parse, run inside the tenant's transaction, hide, check, record. Nothing else runs a tool. */
export const createToolbox = ({ database, tools, privacy, queryTimeoutMs }: ToolboxParts): Toolbox => {
  /** The caller with the role their member has at this moment: connections outlive roles. Throws `denied`. */
  const standingNow = async (caller: Caller): Promise<Caller> => {
    const role = await asTenant(database, caller.actor, (tx) => standingOf(tx, caller.actor), {
      readOnly: true,
    })
    return { ...caller, actor: { ...caller.actor, role } }
  }

  const runTool = async (
    tool: Tool,
    rawArguments: unknown,
    caller: Caller,
    { session, later }: { readonly session: PrivacySession; readonly later: Afterwards[] },
  ): Promise<Extract<ToolOutcome, { ok: true }>> => {
    const { actor, conversationId, signal, onceAs } = caller
    assertMay(actor.role, tool.risk)
    const restored = await session.restoreArguments(rawArguments ?? {})
    const input = readInput(tool, restored)
    const said = tool.risk === 'propose' ? await saidIn(database, caller, session) : []
    // A proposal is its member's own, whoever reads the answer: who proposed is written down by row security's member.
    const { sees: _sees, ...whole } = actor
    const answer = await asTenant(
      database,
      tool.risk === 'read' ? actor : whole,
      async (tx) => {
        // What is in force for this caller, which is what it is told.
        const workspace = { ...(await ownWorkspace(tx)), policy: session.policy }
        const context: ToolContext = {
          actor,
          workspace,
          now: nowOf(workspace),
          tx,
          conversationId,
          signal,
          said,
          onceAs,
          afterwards: (work) => void later.push(work),
        }
        return tool.run(input, context)
      },
      { readOnly: tool.risk === 'read', timeoutMs: queryTimeoutMs, signal },
    )
    const hidden = await session.hideResult(answer)
    const result = envelope(tool.data).parse(hidden) as ToolResult
    const proposalId = tool.risk === 'propose' ? proposalIn(answer) : undefined
    return { ok: true, result, ...(proposalId ? { proposalId } : {}) }
  }

  const record = async (
    tool: string,
    rawArguments: unknown,
    { actor, conversationId }: Caller,
    session: PrivacySession,
    ended: {
      readonly error: PublicError | undefined
      readonly durationMs: number
      readonly later: readonly Afterwards[]
    },
  ): Promise<void> => {
    const safe = JSON.stringify(storable(await session.hideResult(rawArguments ?? {})))
    await asTenant(database, actor, async (tx) => {
      await rows(
        tx,
        sql`insert into workflow.tool_calls (id, tenant_id, conversation_id, tool, via, member_id, arguments, ok, error_code, duration_ms)
          values (${newId()}, ${actor.tenantId}, ${conversationId}, ${tool}, ${actor.via}, ${actor.memberId}, ${safe}::jsonb,
            ${ended.error === undefined}, ${ended.error?.code ?? null}, ${Math.round(ended.durationMs)})`,
      )
      for (const work of ended.later) await work(tx)
    })
  }

  return {
    tools,
    async call(name, rawArguments, caller): Promise<ToolOutcome> {
      const startedMs = performance.now()
      const tool = tools.get(name)
      if (!tool) return { ok: false, error: unknownTool(name, tools).toPublic(), kind: 'not-found' }
      let session: PrivacySession | undefined
      let outcome: ToolOutcome
      const later: Afterwards[] = []
      // Kept in the record of calls; what is too large for us to walk is not.
      let kept: unknown = '[too large]'
      try {
        const standing = await standingNow(caller)
        session = await privacy.open(
          caller.actor,
          caller.conversationId,
          caller.policy === undefined ? {} : { policy: caller.policy },
        )
        withinBounds(rawArguments)
        kept = rawArguments
        outcome = await runTool(tool, rawArguments, standing, { session, later })
      } catch (thrown) {
        const error = asTactError(thrown)
        if (error.kind === 'bug')
          log.error('tool_failed', { tool: name, error: error.code, cause: causeOf(error.details.cause) })
        outcome = { ok: false, error: publicError(error, sqlIn(rawArguments)), kind: error.kind }
      }
      const durationMs = performance.now() - startedMs
      try {
        if (session)
          await record(name, kept, caller, session, {
            error: outcome.ok ? undefined : outcome.error,
            durationMs,
            later: outcome.ok ? later : [],
          })
      } catch (thrown) {
        log.error('tool_call_not_recorded', { tool: name, error: asTactError(thrown).code })
        return { ok: false, error: asTactError(thrown).toPublic() }
      }
      return outcome
    },
  }
}

const readInput = (tool: Tool, restored: unknown): z.output<Tool['input']> => {
  if (tool.parse) return tool.parse(restored)
  const parsed = tool.input.strict().safeParse(restored)
  if (!parsed.success) throw argumentError(tool.name, tool.input, parsed.error)
  return parsed.data
}

/** The text of a query as it was sent, with handles: a rewrite repeats its words, and none that we put in their place. */
const sqlIn = (rawArguments: unknown): unknown =>
  typeof rawArguments === 'object' && rawArguments !== null && 'sql' in rawArguments
    ? rawArguments.sql
    : undefined

const causeOf = (cause: unknown): string =>
  cause instanceof Error ? `${cause.name} ${cause.stack?.split('\n')[1]?.trim() ?? ''}` : typeof cause
