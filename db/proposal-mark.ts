import { bug } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** From here to the end of the transaction, the history of fields names this proposal as the cause. */
export const markProposal = async (tx: TenantTx, proposalId: string): Promise<void> => {
  if (!isUuid(proposalId)) throw bug('not_an_id', 'A proposal is marked by its id.')
  await rows(tx, sql.raw(`set local app.proposal_id = '${proposalId}'`))
}
