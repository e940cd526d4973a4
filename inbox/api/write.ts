import { z } from 'zod'
import { asTenant } from '../../db/tenant.ts'
import { nowOf, ownWorkspace } from '../../db/workspace.ts'
import { asTactError } from '../../domain/errors.ts'
import { recordUri } from '../../domain/records.ts'
import { approveAndExecute } from '../../writeback/execute.ts'
import { propose } from '../../writeback/propose.ts'
import type { ToolResult } from '../../tools/toolbox.ts'
import type { Agent, ApiCaller, Person } from './caller.ts'
import { changedSince } from './etag.ts'
import type { ApiAnswer, Kit } from './operation.ts'
import { HttpProblem, problemOf } from './problem.ts'
import { ApiProposal } from './proposal-data.ts'

/** What came of a change: written at once, or waiting for a person. */
export const Outcome = z.object({
  written: z.boolean(),
  proposal: ApiProposal.nullable().describe('Null where every record was as asked already.'),
  notes: z.array(z.string()),
})

export interface Wanted {
  readonly changes: readonly object[]
  readonly reason?: string | undefined
  readonly key?: string | undefined
  /** The record is as the writer saw it at this version, or nothing is proposed. */
  readonly expected?: { readonly id: string; readonly version: number } | undefined
  /** Status when it is written at once. */
  readonly done: 200 | 201
  /** The body is one record's fields: errors name them as they stand there. */
  readonly flat?: true
}

const inputOf = ({ changes, reason }: Wanted) => ({ changes, ...(reason === undefined ? {} : { reason }) })

const asAlready = (notes: readonly string[]): ApiAnswer => ({
  status: 200,
  body: { written: false, proposal: null, notes },
})

const show = (caller: ApiCaller, proposal: string, signal: AbortSignal, { door }: Kit): Promise<ToolResult> =>
  door.call(caller, 'show_proposal', { proposal }, signal)

const proposalIn = ({ data }: ToolResult): string => (data as z.output<typeof ApiProposal>).proposal

const waiting = async (
  caller: ApiCaller,
  id: string,
  notes: readonly string[],
  signal: AbortSignal,
  kit: Kit,
): Promise<ApiAnswer> => {
  const result = await show(caller, id, signal, kit)
  return {
    status: 202,
    body: { written: false, proposal: result.data, notes: [...notes, ...result.notes] },
    location: `/api/proposals/${proposalIn(result)}`,
  }
}

const byAgent = async (caller: Agent, wanted: Wanted, signal: AbortSignal, kit: Kit): Promise<ApiAnswer> => {
  const args = { ...inputOf(wanted), ...(wanted.key === undefined ? {} : { idempotency_key: wanted.key }) }
  const result = await kit.door.call(caller, 'propose_writeback', args, signal)
  return await waiting(caller, proposalIn(result), [], signal, kit)
}

/** Refusals of the person's own yes after which the proposal simply waits for somebody else, or for more from them. */
const LEAVES_PENDING = new Set(['not_your_record', 'own_outside', 'typed_confirmation', 'needs_another'])

const byPerson = async (
  caller: Person,
  wanted: Wanted,
  signal: AbortSignal,
  kit: Kit,
): Promise<ApiAnswer> => {
  const { database } = kit
  const { actor } = caller
  const { key, expected, done } = wanted
  const { proposal, now } = await asTenant(database, actor, async (tx) => {
    const workspace = await ownWorkspace(tx)
    const at = nowOf(workspace)
    const made = await propose(tx, {
      input: inputOf(wanted),
      actor,
      workspace,
      now: at,
      conversationId: null,
      openLimit: 'none',
      ...(key === undefined ? {} : { idempotencyKey: `api:${actor.memberId}:${key}` }),
    })
    const planned = made.proposal.changes.find(({ id }) => id === expected?.id)
    if (
      made.created &&
      expected !== undefined &&
      planned !== undefined &&
      planned.version !== expected.version
    )
      throw changedSince()
    return { proposal: made.proposal, now: at }
  })
  if (proposal.state === 'pending') {
    try {
      const { state, failure } = await approveAndExecute(database, {
        proposalId: proposal.id,
        hash: proposal.diffHash,
        decider: actor,
        now,
      })
      if (state === 'conflicted' || state === 'failed')
        throw new HttpProblem(409, {
          code: state,
          message: failure ?? 'It could not be written.',
          fix: 'Read the record again.',
        })
      if (state === 'pending')
        return await waiting(
          caller,
          proposal.id,
          ['Your approval is kept; another person has to approve it too.'],
          signal,
          kit,
        )
    } catch (thrown) {
      const error = thrown instanceof HttpProblem ? undefined : asTactError(thrown)
      if (!error || !LEAVES_PENDING.has(error.code)) throw thrown
      return await waiting(caller, proposal.id, [error.message], signal, kit)
    }
  }
  const result = await show(caller, proposal.id, signal, kit)
  const { written } = result.data as z.output<typeof ApiProposal>
  const [first] = proposal.changes
  return {
    status: written ? done : 202,
    body: { written, proposal: result.data, notes: result.notes },
    location: done === 201 && first && written ? recordUri(first) : `/api/proposals/${proposal.id}`,
  }
}

/**
 * Proposes changes for the caller. A program's wait for a person. A signed-in person's are approved and carried out in
 * the same step where the rules let one person say yes; otherwise they wait too. Either way they are recorded, and can be
 * undone. Throws what writeback/ throws, and 412.
 */
export const write = async (
  caller: ApiCaller,
  wanted: Wanted,
  signal: AbortSignal,
  kit: Kit,
): Promise<ApiAnswer> => {
  try {
    return caller.kind === 'agent'
      ? await byAgent(caller, wanted, signal, kit)
      : await byPerson(caller, wanted, signal, kit)
  } catch (thrown) {
    const problem = thrown instanceof HttpProblem ? thrown : problemOf(asTactError(thrown))
    const { status, error } = problem
    if (error.code === 'no_change') return asAlready([error.message])
    if (wanted.flat === undefined || error.at === undefined) throw thrown
    throw new HttpProblem(status, { ...error, at: error.at.replace(/^changes\[\d+\](\.set)?/, 'body') })
  }
}
