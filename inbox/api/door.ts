import type { Database } from '../../db/connect.ts'
import { bug, TactError } from '../../domain/errors.ts'
import { parseRecordUri } from '../../domain/records.ts'
import type { RecordRef } from '../../domain/records.ts'
import { isUuid } from '../../domain/ids.ts'
import { createToolbox } from '../../tools/call.ts'
import type { Privacy } from '../../tools/privacy/privacy.ts'
import { tools } from '../../tools/registry.ts'
import type { Toolbox, ToolResult } from '../../tools/toolbox.ts'
import { listImportsTool } from './list-imports.ts'
import { listProposalsTool } from './list-proposals.ts'
import { showProposalTool } from './show-proposal.ts'
import type { Tool } from '../../tools/define.ts'
import type { ApiCaller } from './caller.ts'
import { HttpProblem, statusOf } from './problem.ts'
import { revealFor } from './reveal.ts'

/** Tools that no model is offered: MCP has proposals one by one, and imports are a matter of programs. */
const OWN = [listProposalsTool, showProposalTool, listImportsTool].map((tool) => tool as unknown as Tool)

export interface DoorParts {
  readonly database: Database
  readonly privacy: Privacy
  readonly queryTimeoutMs: number
}

/** The one door, as the API uses it. */
export interface Door {
  /** Runs a tool for the caller: handles for a program, names for a person. Throws its refusal. */
  call(
    caller: ApiCaller,
    tool: string,
    args: object,
    signal: AbortSignal,
  ): Promise<ToolResult & { readonly proposalId?: string }>
  /** The record that a handle, a URI or a bare id of this entity names. Throws 404. */
  recordOf(caller: ApiCaller, entity: string, given: string): Promise<RecordRef>
  /** A text with the caller's handles turned back into names. Throws for unknown ones. */
  restore(caller: ApiCaller, text: string): Promise<string>
}

const noRecord = (): HttpProblem =>
  new HttpProblem(404, {
    code: 'no_record',
    message: 'There is no such record, or no longer.',
    fix: 'Take an id from a list.',
  })

export const createDoor = ({ database, privacy, queryTimeoutMs }: DoorParts): Door => {
  const all = new Map([...tools, ...OWN.map((tool) => [tool.name, tool] as const)])
  // A person reads names whatever the workspace hides; by handles first, so that records keep their ids beside them.
  const forPerson: Privacy = {
    ...privacy,
    open: (actor, id) => privacy.open(actor, id, { policy: 'standard' }),
    enter: (actor, id) => privacy.enter(actor, id, { policy: 'standard' }),
  }
  const boxes: Readonly<Record<ApiCaller['kind'], { readonly privacy: Privacy; readonly toolbox: Toolbox }>> =
    {
      agent: { privacy, toolbox: createToolbox({ database, tools: all, privacy, queryTimeoutMs }) },
      person: {
        privacy: forPerson,
        toolbox: createToolbox({ database, tools: all, privacy: forPerson, queryTimeoutMs }),
      },
    }
  const restore = async ({ kind, actor, conversationId }: ApiCaller, text: string): Promise<string> => {
    const session = await boxes[kind].privacy.open(actor, conversationId)
    const restored = (await session.restoreArguments({ text })) as { readonly text?: unknown }
    if (typeof restored.text !== 'string')
      throw bug('bad_restored_text', 'A text was restored to something else.')
    return restored.text
  }
  return {
    restore,
    async call(caller, tool, args, signal) {
      const { toolbox, privacy: shownBy } = boxes[caller.kind]
      const { actor, conversationId } = caller
      const policy = caller.kind === 'agent' ? caller.policy : undefined
      const from = { actor, conversationId, signal, ...(policy === undefined ? {} : { policy }) }
      const outcome = await toolbox.call(tool, args, from)
      if (!outcome.ok) throw new HttpProblem(statusOf(outcome.kind), outcome.error)
      const { result, proposalId } = outcome
      const named = proposalId === undefined ? {} : { proposalId }
      if (caller.kind === 'agent') return { ...result, ...named }
      const session = await shownBy.open(actor, conversationId)
      return { ...((await revealFor(session, result)) as ToolResult), ...named }
    },
    async recordOf(caller, entity, given) {
      if (isUuid(given)) return { entity, id: given }
      const text = await restore(caller, given).catch((error: unknown) => {
        throw error instanceof TactError && error.kind === 'user' ? noRecord() : error
      })
      const record = parseRecordUri(text.trim())
      if (record?.entity !== entity) throw noRecord()
      return record
    },
  }
}
