import type { z } from 'zod'
import type { Database } from '../db/connect.ts'
import { asTenant, onceAsTenant } from '../db/tenant.ts'
import type { BoundStatement } from '../db/tenant.ts'
import { nowOf, readSurroundings, SURROUNDINGS } from '../db/workspace.ts'
import { asTactError, notFound, type PublicError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { measure } from '../domain/measures.ts'
import { didYouMean } from '../domain/nearest.ts'
import { assertMay } from '../domain/permissions.ts'
import { Secret } from '../domain/pii.ts'
import { storable } from '../domain/storable.ts'
import { log } from '../log.ts'
import { publicError } from '../query/repair/suggest.ts'
import type { EmbedText, MeantQuestion, WorkspaceClock } from '../search/embed/ask.ts'
import { envelope, type Tool, type ToolContext } from './define.ts'
import type { EnteredConversation, Privacy } from './privacy/privacy.ts'
import type { PrivacySession } from './privacy/session.ts'
import { argumentError } from './support/argument-errors.ts'
import { withinBounds } from './support/within-bounds.ts'
import { saidIn } from './privacy/said.ts'
import type { Caller, Toolbox, ToolOutcome, ToolResult } from './toolbox.ts'

export interface ToolboxParts {
  readonly database: Database
  readonly tools: ReadonlyMap<string, Tool>
  readonly privacy: Privacy
  readonly queryTimeoutMs: number
  /** Where sentence models are in use. */
  readonly embedText?: EmbedText | undefined
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

const RECORD = {
  name: 'record_tool_call',
  text: `insert into workflow.tool_calls (id, tenant_id, conversation_id, tool, via, member_id, arguments, ok, error_code, duration_ms)
    values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10) returning pg_current_xact_id()::text as xid`,
}

/** What is known of a call while it runs, and kept however it ends. */
interface Course {
  /** Undefined until it is known that the caller may be answered. */
  session: PrivacySession | undefined
  /** What is too large for us to walk is not kept. */
  kept: unknown
  /** What the tool left to be written with the record of a call that went well. */
  readonly later: BoundStatement[]
}

/**
 * The one door: who is it, restore arguments, parse, run inside the tenant's transaction, hide, check, record. Nothing
 * else runs a tool. One transaction reads all there is to read, the caller's rights first; one more keeps the record.
 */
export const createToolbox = ({
  database,
  tools,
  privacy,
  queryTimeoutMs,
  embedText,
}: ToolboxParts): Toolbox => {
  const restore = async (
    rawArguments: unknown,
    entered: EnteredConversation,
    course: Course,
  ): Promise<unknown> => {
    withinBounds(rawArguments)
    course.kept = rawArguments
    return entered.restoreArguments(rawArguments ?? {})
  }

  /** By the model and the vector store, before the transaction; arguments that cannot be read are told of in there. */
  const meaningOf = async (
    tool: Tool,
    restoring: Promise<unknown>,
    { actor, signal }: Caller,
  ): Promise<ToolContext['meant']> => {
    if (!tool.meant || !embedText) return undefined
    const restored = await restoring.catch(() => undefined)
    const read = (clock: WorkspaceClock): MeantQuestion | undefined => {
      try {
        return tool.meant?.(readInput(tool, restored), clock)
      } catch {
        return undefined
      }
    }
    return embedText(actor, read, signal)
  }

  const runTool = async (
    tool: Tool,
    rawArguments: unknown,
    caller: Caller,
    course: Course,
  ): Promise<Extract<ToolOutcome, { ok: true }>> => {
    const { actor, conversationId, signal, onceAs, policy } = caller
    const entered = await privacy.enter(actor, conversationId, policy === undefined ? {} : { policy })
    const restoring = restore(rawArguments, entered, course)
    // What is wrong with the arguments is said to those alone who may call.
    await Promise.allSettled([restoring])
    const isReading = tool.risk === 'read'
    const said = isReading ? [] : await saidIn(database, caller, entered)
    const meant = await meaningOf(tool, restoring, caller)
    // A proposal is its member's own, whoever reads the answer: who proposed is written down by row security's member.
    const { sees: _sees, ...whole } = actor
    const { answer, session } = await asTenant(
      database,
      isReading ? actor : whole,
      async (tx, first) => {
        // The role that their member has at this moment: connections outlive roles.
        const { role, workspace, snapshot } = readSurroundings(first, actor)
        const opened = isReading
          ? await entered.within(tx, { policy: workspace.policy, snapshot })
          : entered.session(workspace.policy)
        course.session = opened
        assertMay(role, tool.risk)
        const input = readInput(tool, await restoring)
        const context: ToolContext = {
          actor: { ...actor, role },
          // What is in force for this caller, which is what it is told.
          workspace: { ...workspace, policy: opened.policy },
          now: nowOf(workspace),
          tx,
          conversationId,
          signal,
          said,
          onceAs,
          meant,
          afterwards: (statement) => void course.later.push(statement),
        }
        return { answer: await tool.run(input, context), session: opened }
      },
      { readOnly: isReading, timeoutMs: queryTimeoutMs, signal, first: SURROUNDINGS },
    )
    const hidden = await session.hideResult(answer)
    const result = shapeOf(tool).parse(hidden) as ToolResult
    const proposalId = isReading ? undefined : proposalIn(answer)
    return { ok: true, result, ...(proposalId ? { proposalId } : {}) }
  }

  const record = async (
    tool: string,
    { actor, conversationId }: Caller,
    { kept: given, session, later }: Course & { readonly session: PrivacySession },
    ended: { readonly error: PublicError | undefined; readonly durationMs: number },
  ): Promise<void> => {
    const safe = JSON.stringify(storable(await session.hideResult(given ?? {})))
    const values = [
      newId(),
      actor.tenantId,
      conversationId,
      tool,
      actor.via,
      actor.memberId,
      safe,
      ended.error === undefined,
      ended.error?.code ?? null,
      Math.round(ended.durationMs),
    ]
    const works = ended.error === undefined ? later : []
    const [kept] = await onceAsTenant<{ xid: string }>(database, actor, [{ ...RECORD, values }, ...works])
    if (kept) privacy.noteHarmless(BigInt(kept.xid))
  }

  return {
    tools,
    async call(name, rawArguments, caller): Promise<ToolOutcome> {
      const startedMs = performance.now()
      const tool = tools.get(name)
      if (!tool) return { ok: false, error: unknownTool(name, tools).toPublic(), kind: 'not-found' }
      const course: Course = { session: undefined, kept: '[too large]', later: [] }
      let outcome: ToolOutcome
      try {
        outcome = await runTool(tool, rawArguments, caller, course)
      } catch (thrown) {
        const error = asTactError(thrown)
        if (error.kind === 'bug')
          log.error('tool_failed', { tool: name, error: error.code, cause: causeOf(error.details.cause) })
        outcome = { ok: false, error: publicError(error, sqlIn(rawArguments)), kind: error.kind }
      }
      const durationMs = performance.now() - startedMs
      measure('tool_call', {
        conversationId: caller.conversationId,
        tool: name,
        outcome: outcome.ok ? 'ok' : outcome.error.code,
        ms: durationMs,
      })
      const { session } = course
      try {
        if (session)
          await record(
            name,
            caller,
            { ...course, session },
            { error: outcome.ok ? undefined : outcome.error, durationMs },
          )
      } catch (thrown) {
        log.error('tool_call_not_recorded', { tool: name, error: asTactError(thrown).code })
        return { ok: false, error: asTactError(thrown).toPublic() }
      }
      return outcome
    },
  }
}

const shapes = new WeakMap<Tool, z.ZodType>()

/** What a tool answers with, made once: to make it costs more than to check by it. */
const shapeOf = (tool: Tool): z.ZodType => {
  const shape = shapes.get(tool) ?? envelope(tool.data)
  shapes.set(tool, shape)
  return shape
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
