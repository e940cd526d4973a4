import type { TenantTx } from '../db/tenant.ts'
import type { MailIndex } from './index-read.ts'
import type { Scored } from './match.ts'

export interface Meaning {
  readonly scored: readonly Scored[]
  /** Its share in the fusion, as tuned on the workspace's own mail. */
  readonly weight: number
}

/** What is nearest in meaning; undefined while no model serves. */
export const meaningOf = async (
  _tx: TenantTx,
  _index: MailIndex,
  _question: { readonly text: string; readonly depth: number },
): Promise<Meaning | undefined> => undefined
