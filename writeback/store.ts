import { z } from 'zod'
import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { ProposalLabel } from '../domain/approval-policy.ts'
import type { Channel } from '../domain/actor.ts'
import { bug, notFound } from '../domain/errors.ts'
import { isUuid } from '../domain/ids.ts'
import type { ProposalState } from '../domain/proposal-states.ts'
import { assertMove } from '../domain/proposal-states.ts'
import { PlannedChange, PlannedChanges, planHash } from './plan.ts'
import type { Plan } from './plan.ts'

/** A row of workflow.proposals. Instants are ISO 8601 in UTC. */
export interface StoredProposal {
  readonly id: string
  readonly state: ProposalState
  readonly revision: number
  readonly diffHash: string
  readonly reason: string | null
  readonly changes: readonly PlannedChange[]
  readonly inverse: unknown
  readonly conversationId: string | null
  readonly proposedBy: string | null
  readonly proposedVia: Channel
  readonly createdAt: string
  readonly expiresAt: string
  readonly decidedBy: string | null
  readonly decidedVia: Channel | null
  readonly decidedAt: string | null
  readonly decisionNote: string | null
  readonly executedAt: string | null
  readonly undoneAt: string | null
  readonly failure: string | null
  readonly attempts: number
  readonly origin: ProposalLabel
  readonly leftOut: readonly LeftOut[]
  readonly undonePlaces: readonly number[]
  readonly standingId: string | null
}

/** A change that a person left out of the proposal before it was approved. */
export const LeftOut = z.strictObject({
  change: PlannedChange,
  reason: z.string().nullable(),
  by: z.string(),
  at: z.string(),
})
export type LeftOut = z.infer<typeof LeftOut>

/** Proposals from before labels were kept. */
const UNLABELLED: ProposalLabel = {
  outside: false,
  derived: false,
  sources: [],
  changes: [],
  toType: [],
  oneByOne: false,
  strangers: [],
}

interface RawProposal extends Record<string, unknown> {
  readonly row: Readonly<Record<string, unknown>>
}

const iso = (raw: unknown): string | null => (typeof raw === 'string' ? new Date(raw).toISOString() : null)
const textOrNull = (raw: unknown): string | null => (typeof raw === 'string' ? raw : null)

const toProposal = ({ row }: RawProposal): StoredProposal => ({
  id: String(row['id']),
  state: row['state'] as ProposalState,
  revision: Number(row['revision']),
  diffHash: String(row['diff_hash']),
  reason: textOrNull(row['reason']),
  changes: PlannedChanges.parse(row['changes']),
  inverse: row['inverse'],
  conversationId: textOrNull(row['conversation_id']),
  proposedBy: textOrNull(row['proposed_by']),
  proposedVia: row['proposed_via'] as Channel,
  createdAt: iso(row['created_at'])!,
  expiresAt: iso(row['expires_at'])!,
  decidedBy: textOrNull(row['decided_by']),
  decidedVia: textOrNull(row['decided_via']) as Channel | null,
  decidedAt: iso(row['decided_at']),
  decisionNote: textOrNull(row['decision_note']),
  executedAt: iso(row['executed_at']),
  undoneAt: iso(row['undone_at']),
  failure: textOrNull(row['failure']),
  attempts: Number(row['attempts']),
  origin: (row['origin'] as ProposalLabel | null) ?? UNLABELLED,
  leftOut: z.array(LeftOut).parse(row['left_out'] ?? []),
  undonePlaces: z.array(z.int()).parse(row['undone_places'] ?? []),
  standingId: textOrNull(row['standing_id']),
})

/** Proposals that meet a condition on alias `p`, in the given order. */
export const selectProposals = async (tx: TenantTx, tail: SQL): Promise<readonly StoredProposal[]> => {
  const found = await rows<RawProposal>(tx, sql`select to_jsonb(p) as row from workflow.proposals p ${tail}`)
  return found.map(toProposal)
}

const missing = () =>
  notFound('proposal_not_found', 'There is no such proposal in this workspace.', {
    fix: 'List them with `tact proposals list`.',
  })

/** The proposal of that id. Throws `proposal_not_found`. */
export const readProposal = async (tx: TenantTx, id: string): Promise<StoredProposal> => {
  if (!isUuid(id)) throw missing()
  const [found] = await selectProposals(tx, sql`where p.id = ${id}::uuid and p.deleted_at is null`)
  if (!found) throw missing()
  return found
}

/** The same, held until the transaction ends. */
export const lockProposal = async (tx: TenantTx, id: string): Promise<StoredProposal> => {
  if (!isUuid(id)) throw missing()
  const [found] = await selectProposals(tx, sql`where p.id = ${id}::uuid and p.deleted_at is null for update`)
  if (!found) throw missing()
  return found
}

export const planOf = ({ reason, changes }: StoredProposal): Plan => ({ reason, changes })

/** Throws a bug when the stored changes are no longer those that the stored hash was made of. */
export const assertUntampered = (proposal: StoredProposal): void => {
  if (planHash(planOf(proposal)) === proposal.diffHash) return
  throw bug(
    'proposal_tampered',
    'The stored changes of this proposal do not match their hash. Nothing was changed.',
    {
      fix: 'Reject it and propose again; look at `tact audit verify`.',
    },
  )
}

/**
 * Moves a proposal by one statement that names the state it comes from, so that of many racing movers one wins.
 * False when it was no longer there. `set` is more of the SET list; `where` more of the condition.
 */
export const moveProposal = async (
  tx: TenantTx,
  id: string,
  {
    from,
    to,
    set = sql``,
    where = sql``,
  }: { readonly from: ProposalState; readonly to: ProposalState; readonly set?: SQL; readonly where?: SQL },
): Promise<boolean> => {
  assertMove(from, to)
  const moved = await rows<{ id: string }>(
    tx,
    sql`update workflow.proposals set state = ${to} ${set} where id = ${id}::uuid and state = ${from} ${where} returning id`,
  )
  return moved.length === 1
}
