import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { ProposalState } from '../domain/proposal-states.ts'
import { noteEvent } from './history.ts'
import { showProposal } from './show.ts'
import type { ShowContext, ShownProposal } from './show.ts'
import { moveProposal, readProposal, selectProposals } from './store.ts'

export interface ListOptions {
  /** All states where absent. */
  readonly states?: readonly ProposalState[]
  readonly conversationId?: string
  /** Id of the member who asked. */
  readonly proposedBy?: string
  /** Those that change a record of this entity. */
  readonly entity?: string
  readonly limit?: number
  /** Id of a proposal: those that come after it in the list. */
  readonly after?: string
}

const conditionOf = (
  { now }: Pick<ShowContext, 'now'>,
  { states, conversationId, proposedBy, entity, after }: ListOptions,
): SQL => {
  const at = sql`${now.toISOString()}::timestamptz`
  const state = sql`case when p.state = 'pending' and p.expires_at <= ${at} then 'expired' else p.state end`
  const stateFilter = states ? sql`and ${state} = any(${sql.param([...states])}::text[])` : sql``
  const conversation = conversationId ? sql`and p.conversation_id = ${conversationId}::uuid` : sql``
  const asker = proposedBy ? sql`and p.proposed_by = ${proposedBy}::uuid` : sql``
  const about = entity ? sql`and p.changes @> ${JSON.stringify([{ entity }])}::jsonb` : sql``
  const older = after
    ? sql`and (p.created_at, p.id) < (select q.created_at, q.id from workflow.proposals q where q.id = ${after}::uuid)`
    : sql``
  return sql`where p.deleted_at is null ${stateFilter} ${conversation} ${asker} ${about} ${older}`
}

/** Newest first, each with its diff as a person reads it. */
export const listProposals = async (
  context: ShowContext,
  options: ListOptions = {},
): Promise<readonly ShownProposal[]> => {
  const found = await selectProposals(
    context.tx,
    sql`${conditionOf(context, options)} order by p.created_at desc, p.id desc limit ${options.limit ?? 50}`,
  )
  const shown: ShownProposal[] = []
  for (const proposal of found) shown.push(await showProposal(proposal, context))
  return shown
}

/** How many a list has in all. */
export const countProposals = async (
  context: Pick<ShowContext, 'tx' | 'now'>,
  options: Omit<ListOptions, 'limit' | 'after'>,
): Promise<number> => {
  const [found] = await rows<{ count: number }>(
    context.tx,
    sql`select count(*)::int as count from workflow.proposals p ${conditionOf(context, options)}`,
  )
  return found?.count ?? 0
}

/** One proposal. Throws `proposal_not_found`. */
export const getProposal = async (context: ShowContext, id: string): Promise<ShownProposal> =>
  showProposal(await readProposal(context.tx, id), context)

/** Notes in the audit that a person had the diff with that hash before them; once for each person and hash. */
export const recordSeen = async (
  tx: TenantTx,
  { id, hash }: Pick<ShownProposal, 'id' | 'hash'>,
): Promise<void> => {
  const before = await rows<{ id: string }>(
    tx,
    sql`select id from core.audit_events where kind = 'proposal.seen' and record_id = ${id}::uuid
      and member_id = nullif(current_setting('app.member_id'), '')::uuid and data->>'hash' = ${hash} limit 1`,
  )
  if (before.length === 0) await noteEvent(tx, 'seen', id, { hash })
}

/** How many wait for a person now. */
export const countPending = async (tx: TenantTx, now: Date): Promise<number> => {
  const [found] = await rows<{ waiting: number }>(
    tx,
    sql`select count(*)::int as waiting from workflow.proposals
      where state = 'pending' and deleted_at is null and expires_at > ${now.toISOString()}::timestamptz`,
  )
  return found?.waiting ?? 0
}

/** Writes down that overdue proposals have expired; run by the system now and then. Answers how many. */
export const expireOverdue = async (tx: TenantTx, now: Date): Promise<number> => {
  const overdue = await selectProposals(
    tx,
    sql`where p.state = 'pending' and p.expires_at <= ${now.toISOString()}::timestamptz order by p.id for update skip locked`,
  )
  for (const { id, diffHash } of overdue) {
    await moveProposal(tx, id, { from: 'pending', to: 'expired' })
    await noteEvent(tx, 'expired', id, { hash: diffHash })
  }
  return overdue.length
}
