import type { TurnEvent } from '../domain/events.ts'
import type { Journal } from './journal.ts'
import type { TurnDependencies } from './turn.ts'

const MAX_PARALLEL_CALLS = 8

/** Runs the calls that wait, eight at a time, through the one door. */
export async function* runCalls(
  journal: Journal,
  { toolbox, actor, conversationId, answerId, signal }: TurnDependencies,
  said: readonly string[],
): AsyncGenerator<TurnEvent> {
  for (;;) {
    const batch = journal.state().open.slice(0, MAX_PARALLEL_CALLS)
    if (batch.length === 0) return
    for (const { id, tool } of batch) {
      const label = toolbox.tools.get(tool)?.labels.running ?? `Calling ${tool}`
      yield { type: 'tool-call', id, tool, label }
    }
    const before = journal.state().calls.length
    const outcomes = await Promise.all(
      batch.map(({ tool, arguments: raw }, at) =>
        toolbox.call(tool, raw, {
          actor,
          conversationId,
          signal,
          said,
          // A turn that goes on after a crash makes the call of that place again.
          ...(answerId === undefined ? {} : { onceAs: `${answerId}:${before + at}` }),
        }),
      ),
    )
    // What was stopped on the way is no outcome: a turn that goes on later runs it again.
    signal.throwIfAborted()
    const steps = batch.map((call, at) => ({ kind: 'outcome' as const, call, outcome: outcomes[at]! }))
    await journal.take(...steps)
    for (const { call, outcome } of steps) {
      const label = toolbox.tools.get(call.tool)?.labels.done ?? call.tool
      yield { type: 'tool-result', id: call.id, tool: call.tool, ok: outcome.ok, label }
      if (outcome.ok && outcome.proposalId) yield { type: 'proposal', id: outcome.proposalId }
    }
  }
}
