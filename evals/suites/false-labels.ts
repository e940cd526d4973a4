import { modelSide, takeDesk } from '../../cli/compose.ts'
import type { House } from '../../cli/compose.ts'
import { openConversation } from '../../db/conversations.ts'
import { asTenant } from '../../db/tenant.ts'
import { newId } from '../../domain/ids.ts'
import { getProposal } from '../../writeback/list.ts'

export interface FalseLabelsReport {
  readonly total: number
  /** Proposals after nothing but records was read. */
  readonly proposals: number
  /** Of these, said to have outside text behind them. */
  readonly labelled: number
  /** The same after a mail of somebody outside was read: all of them have to be labelled. */
  readonly control: { readonly proposals: number; readonly labelled: number }
}

const CONTROLS = 10

/** Proposes what sentences ask for, each in a conversation of its own in which records alone were read. */
export const runFalseLabels = async (
  house: House,
  sentences: readonly string[],
): Promise<FalseLabelsReport> => {
  const desk = await takeDesk(house, { workspace: 'cobalt' }, 'cli')
  const actor = modelSide(desk.actor)
  const isLabelled = async (sentence: string, mail: boolean): Promise<boolean | undefined> => {
    const { id: conversationId } = await asTenant(house.database, actor, (tx) =>
      openConversation(tx, { channel: 'chat', externalKey: newId(), memberId: actor.memberId }),
    )
    const caller = { actor, conversationId, signal: new AbortController().signal }
    const call = (name: string, input: unknown) => house.toolbox.call(name, input, caller)
    await call('query_crm', { find: 'people', fields: ['name', 'title'], limit: 5 })
    await call('query_crm', { find: 'deals', fields: ['name', 'stage'], limit: 5 })
    if (mail) await call('search_email', { direction: 'inbound', limit: 5 })
    const made = await call('propose_writeback', {
      reason: sentence.slice(0, 900),
      changes: [{ op: 'create', entity: 'tasks', set: { title: sentence.slice(0, 200), notes: sentence } }],
    })
    if (!made.ok || made.proposalId === undefined) return undefined
    const proposalId = made.proposalId
    const { label } = await asTenant(
      house.database,
      desk.actor,
      (tx) => getProposal({ tx, workspace: desk.workspace, now: desk.now() }, proposalId),
      { readOnly: true },
    )
    return label.outside
  }
  const count = async (some: readonly string[], mail: boolean) => {
    const found: boolean[] = []
    for (const sentence of some) {
      const one = await isLabelled(sentence, mail)
      if (one !== undefined) found.push(one)
    }
    return { proposals: found.length, labelled: found.filter(Boolean).length }
  }
  // Other words: a proposal that is made again is the one that waits, with its label.
  const control = await count(
    sentences.slice(0, CONTROLS).map((sentence) => `After mail: ${sentence}`),
    true,
  )
  return { total: sentences.length, ...(await count(sentences, false)), control }
}
