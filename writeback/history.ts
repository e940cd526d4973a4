import { measure } from '../domain/measures.ts'
import { appendAudit } from '../db/audit.ts'
import type { TenantTx } from '../db/tenant.ts'

export type ProposalEvent =
  | 'proposed'
  | 'seen'
  | 'amended'
  | 'seconded'
  | 'approved'
  | 'passed'
  | 'rejected'
  | 'expired'
  | 'conflicted'
  | 'resumed'
  | 'executed'
  | 'failed'
  | 'undone'
  | 'item_undone'

/** Writes to the audit what happened to a proposal, by whom the transaction says. `data` holds codes and ids only. */
export const noteEvent = async (
  tx: TenantTx,
  event: ProposalEvent,
  proposalId: string,
  data: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  measure('proposal', { event })
  await appendAudit(tx, { kind: `proposal.${event}`, entity: 'proposals', recordId: proposalId, data })
}
