import { z } from 'zod'
import type { Actor } from '../../domain/actor.ts'
import { freeText } from '../../domain/pii.ts'
import type { WithSecrets } from '../../tools/define.ts'
import { ProposalData, proposalData } from '../../tools/support/proposal-result.ts'
import { SECOND_REASONS } from '../../writeback/approval.ts'
import type { ShownProposal } from '../../writeback/show.ts'

const Deciding = z.object({
  hash: z.string().describe('Of exactly these changes; an approval names it.'),
  approvals_needed: z.int(),
  approvals_given: z.int(),
  needs_another_because: z.array(z.enum(SECOND_REASONS)),
  to_type: z
    .array(z.string())
    .describe('Destinations that came from outside alone: each is typed to approve.'),
})

/** A proposal; `deciding` is null for programs, which decide nothing. */
export const ApiProposal = ProposalData.extend({
  created_at: z.string(),
  proposed_via: z.string(),
  decided_at: z.string().nullable(),
  by_standing_approval: z.boolean().describe('Whether it passed without asking, as an owner had allowed.'),
  executed_at: z.string().nullable(),
  undone_at: z.string().nullable(),
  deciding: Deciding.nullable(),
})
export type ApiProposal = z.infer<typeof ApiProposal>

export const apiProposal = (shown: ShownProposal, actor: Actor): WithSecrets<ApiProposal> => ({
  ...proposalData(shown),
  created_at: shown.createdAt,
  proposed_via: shown.proposedVia,
  decided_at: shown.decidedAt,
  by_standing_approval: shown.standingId !== null,
  executed_at: shown.executedAt,
  undone_at: shown.undoneAt,
  deciding:
    actor.via === 'inbox'
      ? {
          hash: shown.hash,
          approvals_needed: shown.approval.needed,
          approvals_given: shown.approval.given.length,
          needs_another_because: [...shown.approval.reasons],
          to_type: shown.label.toType.map((text) => freeText(text)),
        }
      : null,
})
