import { z } from 'zod'
import { userError } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import { parseRecordUri } from '../domain/records.ts'
import { getProposal } from '../writeback/list.ts'
import { defineTool } from './define.ts'
import { ProposalData, proposalData, proposalNotes } from './support/proposal-result.ts'

export const getProposalTool = defineTool({
  name: 'get_proposal',
  title: 'Look at a proposal',
  description:
    'State and difference of one proposal: pending, executed, rejected, expired … Only people approve, reject or undo, in the inbox.',
  risk: 'read',
  labels: { running: 'Looking at the proposal', done: 'Looked at the proposal' },
  input: z.strictObject({
    proposal: z.string().max(200).describe('Its handle, from propose_writeback.'),
  }),
  data: ProposalData,
  run: async ({ proposal }, { tx, workspace, now }) => {
    const given = proposal.trim()
    const ref = isUuid(given) ? { entity: 'proposals', id: given } : parseRecordUri(given)
    if (ref?.entity !== 'proposals') {
      throw userError('bad_reference', 'This does not name a proposal.', {
        at: 'proposal',
        fix: 'Give the handle that propose_writeback or log_interaction answered with.',
      })
    }
    const shown = await getProposal({ tx, workspace, now }, ref.id)
    return { data: proposalData(shown), completeness: null, sources: [], notes: [...proposalNotes(shown)] }
  },
})
