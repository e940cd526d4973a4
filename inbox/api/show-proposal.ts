import { z } from 'zod'
import { parseRecordUri } from '../../domain/records.ts'
import { defineTool } from '../../tools/define.ts'
import { getProposal } from '../../writeback/list.ts'
import { proposalNotes } from '../../tools/support/proposal-result.ts'
import { ApiProposal, apiProposal } from './proposal-data.ts'

export const showProposalTool = defineTool({
  name: 'show_proposal',
  title: 'Show a proposal',
  description: 'One proposal with its difference; to a person also what deciding takes.',
  risk: 'read',
  labels: { running: 'Reading a proposal', done: 'Read a proposal' },
  input: z.strictObject({ proposal: z.string().max(200) }),
  data: ApiProposal,
  run: async ({ proposal }, { tx, workspace, now, actor }) => {
    const id = parseRecordUri(proposal)?.id ?? proposal
    const shown = await getProposal({ tx, workspace, now }, id)
    return {
      data: apiProposal(shown, actor),
      completeness: null,
      sources: [],
      notes: [...proposalNotes(shown)],
    }
  },
})
