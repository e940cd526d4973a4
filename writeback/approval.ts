import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { stillToType } from '../domain/approval-policy.ts'
import { denied, userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { Decider } from './deciders.ts'
import type { StoredProposal } from './store.ts'

/** Why a change needs two people. The migration `approval_rules` judges it. */
export const SECOND_REASONS = ['merge', 'bulk', 'archive_company', 'owner', 'outside_address'] as const
export type SecondReason = (typeof SECOND_REASONS)[number]

export const SECOND_WORDS: Readonly<Record<SecondReason, string>> = {
  merge: 'it merges records',
  bulk: 'it changes more than ten records',
  archive_company: 'it archives a company',
  owner: 'it changes who owns a record',
  outside_address: 'it writes an address that stands only in outside text',
}

/** Who has to say yes to a proposal as it stands, and who has. Ids of members. */
export interface ApprovalState {
  readonly reasons: readonly SecondReason[]
  readonly needed: number
  /** Who may decide about it by role and record. */
  readonly deciders: readonly string[]
  /** Of those, whose yes counts. */
  readonly voters: readonly string[]
  readonly given: readonly string[]
}

/** Asks the database, which judges a yes by the same functions. */
export const approvalOf = async (tx: TenantTx, proposalId: string): Promise<ApprovalState> => {
  const [found] = await rows<{ state: ApprovalState }>(
    tx,
    sql`select jsonb_build_object('reasons', workflow.second_reasons(p.changes, p.origin), 'needed', workflow.approvals_needed(p),
        'deciders', workflow.deciders(p), 'voters', workflow.voters(p), 'given', workflow.approvals_given(p)) as state
      from workflow.proposals p where p.id = ${proposalId}::uuid`,
  )
  return found!.state
}

const notYours = () =>
  denied('not_your_record', 'A record of this proposal belongs to somebody else.', {
    fix: 'Its owner approves it, or a member with one of the roles owner, admin.',
  })

const ownOutside = () =>
  denied('own_outside', 'Your own agent took this from outside text. Somebody else approves it.', {
    fix: 'Ask another member to look at it in the inbox.',
  })

const untyped = (count: number) =>
  userError(
    'typed_confirmation',
    `${count} of the addresses, links, accounts or numbers in this proposal stand in no record of yours and you did not name them.`,
    { fix: 'Look at them, and type each one to approve: `tact proposals show` lists them.' },
  )

/**
 * Writes down a person's yes to the proposal as it stands, once for each person and hash; answers whether it was the
 * last that was needed. Throws `not_your_record`, `own_outside` and `typed_confirmation`.
 */
export const vote = async (
  tx: TenantTx,
  proposal: StoredProposal,
  decider: Decider,
  { typed, note }: { readonly typed: readonly string[]; readonly note: string | undefined },
): Promise<ApprovalState & { readonly isEnough: boolean }> => {
  const { memberId, via } = decider
  const before = await approvalOf(tx, proposal.id)
  if (!before.deciders.includes(memberId)) throw notYours()
  if (!before.voters.includes(memberId)) throw ownOutside()
  const left = stillToType(proposal.origin, typed)
  if (left.length > 0) throw untyped(left.length)
  const confirmed = typed.map((text) => text.trim()).filter((text) => proposal.origin.toType.includes(text))
  await rows(
    tx,
    sql`insert into workflow.approvals (id, tenant_id, proposal_id, member_id, via, revision, diff_hash, typed, note)
      values (${newId()}::uuid, core.current_tenant(), ${proposal.id}::uuid, ${memberId}::uuid, ${via}, ${proposal.revision},
        ${proposal.diffHash}, ${JSON.stringify(confirmed)}::jsonb, ${note ?? null})
      on conflict (tenant_id, proposal_id, member_id, diff_hash) where deleted_at is null do nothing`,
  )
  const given = [...new Set([...before.given, memberId])]
  return { ...before, given, isEnough: given.length >= before.needed }
}
