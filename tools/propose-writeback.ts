import { z } from 'zod'
import { ProposalInput } from '../writeback/changes.ts'
import { propose } from '../writeback/propose.ts'
import { showProposal } from '../writeback/show.ts'
import { defineTool } from './define.ts'
import { ProposalData, proposalAnswer } from './support/proposal-result.ts'

export const proposeWriteback = defineTool({
  name: 'propose_writeback',
  title: 'Propose changes',
  description:
    'Proposes up to 25 changes to people, companies, deals, tasks and what belongs to them. Answers with the exact difference to what the records hold. Writes nothing: a person approves or rejects it in the inbox.',
  risk: 'propose',
  labels: { running: 'Preparing a proposal', done: 'Prepared a proposal' },
  input: ProposalInput.extend({
    idempotency_key: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('A retry with the same key makes no second one.'),
  }),
  data: ProposalData,
  run: async ({ idempotency_key, ...input }, { tx, actor, workspace, now, conversationId, said, onceAs }) => {
    const { proposal, created } = await propose(tx, {
      input,
      actor,
      workspace,
      now,
      conversationId,
      said,
      onceAs,
      ...(idempotency_key === undefined ? {} : { idempotencyKey: idempotency_key }),
    })
    const shown = await showProposal(proposal, { tx, workspace, now })
    return proposalAnswer(shown, { created, again: 'The same proposal was open already; this is it.' })
  },
})
