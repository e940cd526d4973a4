import { z } from 'zod'
import { PROPOSAL_STATES } from '../../domain/proposal-states.ts'
import { isUuid } from '../../domain/ids.ts'
import { userError } from '../../domain/errors.ts'
import { localIso } from '../../domain/zone.ts'
import { defineTool } from '../../tools/define.ts'
import { countProposals, listProposals } from '../../writeback/list.ts'
import { ApiProposal, apiProposal } from './proposal-data.ts'

const badCursor = () =>
  userError('bad_cursor', 'This cursor is none of this list.', {
    at: 'cursor',
    fix: 'Leave it out to begin anew.',
  })

/** A program sees what was proposed by way of its own token; a person all of the workspace. */
export const listProposalsTool = defineTool({
  name: 'list_proposals',
  title: 'List proposals',
  description: 'Proposals, newest first, each with its difference.',
  risk: 'read',
  labels: { running: 'Listing proposals', done: 'Listed proposals' },
  input: z.strictObject({
    state: z.enum(PROPOSAL_STATES).optional(),
    limit: z.int().min(1).max(50).default(20),
    cursor: z.string().max(64).optional(),
  }),
  data: z.object({ proposals: z.array(ApiProposal) }),
  run: async ({ state, limit, cursor }, { tx, workspace, now, actor, conversationId }) => {
    if (cursor !== undefined && !isUuid(cursor)) throw badCursor()
    const wanted = {
      ...(state === undefined ? {} : { states: [state] }),
      ...(actor.via === 'inbox' ? {} : { conversationId }),
    }
    const context = { tx, workspace, now }
    const found = await listProposals(context, {
      ...wanted,
      limit: limit + 1,
      ...(cursor === undefined ? {} : { after: cursor }),
    })
    const page = found.slice(0, limit)
    const next = found.length > limit ? page.at(-1)!.id : null
    return {
      data: { proposals: page.map((shown) => apiProposal(shown, actor)) },
      completeness: {
        total: await countProposals(context, wanted),
        returned: page.length,
        complete: next === null && cursor === undefined,
        next_cursor: next,
        as_of: localIso(now.getTime(), workspace.timezone),
        timezone: workspace.timezone,
        filters_in_words: state === undefined ? 'all proposals' : `proposals that are ${state}`,
      },
      sources: [],
      notes: [],
    }
  },
})
