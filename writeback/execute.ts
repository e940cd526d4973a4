import { entityOf } from '../db/catalog/all.ts'
import type { Database } from '../db/connect.ts'
import { sqlStateOf } from '../db/errors.ts'
import { markProposal } from '../db/proposal-mark.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { TactError, bug, conflict } from '../domain/errors.ts'
import type { MemberId } from '../domain/ids.ts'
import type { ProposalState } from '../domain/proposal-states.ts'
import { log } from '../log.ts'
import { noteEvent } from './history.ts'
import { applyChange } from './apply.ts'
import type { InverseItem } from './apply.ts'
import { approvedBefore, sayYes } from './approve.ts'
import type { Approved, Awaiting, Decision } from './approve.ts'
import { queueDeliveries } from './providers/outbox.ts'
import { readRow } from './rows.ts'
import { findStale, staleError } from './staleness.ts'
import { assertUntampered, lockProposal, moveProposal, readProposal, selectProposals } from './store.ts'
import type { StoredProposal } from './store.ts'

/** Longer than an execution takes; one that takes longer still holds its row, and nobody takes it over. */
export const LEASE_MS = 20_000

/** What became of it. `executing`: another process is at it, or died at it; resumeInterrupted finishes that. */
export interface Execution {
  readonly proposalId: string
  readonly state: Extract<ProposalState, 'executed' | 'conflicted' | 'failed' | 'executing'>
  readonly failure: string | null
}

export interface ExecuteOptions {
  /** On whose behalf the transactions run: the decider, or the system when resuming. */
  readonly actor: Actor
  readonly now: Date
  readonly leaseMs?: number
}

/** What a process holds while it executes; `attempt` tells it from a later one that took over. */
interface Claim {
  readonly proposalId: string
  readonly attempt: number
  /** Who approved: rows are stamped with them, whoever resumes. */
  readonly memberId: MemberId | null
}

const claim = async (
  tx: TenantTx,
  { proposalId, hash }: Approved,
  leaseMs: number,
): Promise<Claim | StoredProposal> => {
  const won = await moveProposal(tx, proposalId, {
    from: 'approved',
    to: 'executing',
    set: sql`, attempts = attempts + 1, leased_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'`,
    where: sql`and diff_hash = ${hash}`,
  })
  const proposal = await readProposal(tx, proposalId)
  return won
    ? { proposalId, attempt: proposal.attempts, memberId: proposal.decidedBy as MemberId | null }
    : proposal
}

const settled = ({ id, state, failure }: StoredProposal): Execution => {
  switch (state) {
    case 'executed':
    case 'conflicted':
    case 'failed':
    case 'executing':
      return { proposalId: id, state, failure }
    case 'pending':
    case 'approved':
    case 'rejected':
    case 'expired':
    case 'undone':
      throw conflict('not_approved', `The proposal is ${state} and cannot be executed.`, {
        fix: 'Look at it with `tact proposals show`.',
      })
  }
}

const mine = ({ attempt }: Claim) => sql`and attempts = ${attempt}`

const versionAfter = async (tx: TenantTx, entity: string, id: string): Promise<number> => {
  const row = await readRow(tx, entityOf(entity), id)
  if (!row) throw bug('row_gone', 'A row that was just written has gone.')
  return row.version
}

/** Everything in one transaction: the changes, how to take them back, the new state, the audit. */
const run = async (tx: TenantTx, held: Claim, { now }: ExecuteOptions): Promise<Execution> => {
  const proposal = await lockProposal(tx, held.proposalId)
  if (proposal.state !== 'executing' || proposal.attempts !== held.attempt) return settled(proposal)
  assertUntampered(proposal)
  const stale = await findStale(tx, proposal.changes, { hold: true })
  if (stale.length > 0) {
    const failure = staleError(stale).message
    await moveProposal(tx, proposal.id, {
      from: 'executing',
      to: 'conflicted',
      set: sql`, failure = ${failure}, leased_until = null`,
      where: mine(held),
    })
    await noteEvent(tx, 'conflicted', proposal.id, { hash: proposal.diffHash, stale })
    return { proposalId: proposal.id, state: 'conflicted', failure }
  }
  await markProposal(tx, proposal.id)
  const done: Omit<InverseItem, 'version_after'>[] = []
  for (const change of proposal.changes) done.push(await applyChange(tx, change))
  const inverse: InverseItem[] = []
  for (const item of done)
    inverse.push({ ...item, version_after: await versionAfter(tx, item.entity, item.id) })
  const moved = await moveProposal(tx, proposal.id, {
    from: 'executing',
    to: 'executed',
    set: sql`, inverse = ${JSON.stringify(inverse)}::jsonb, executed_at = ${now.toISOString()}::timestamptz, leased_until = null`,
    where: mine(held),
  })
  if (!moved) throw bug('lease_lost', 'Another process took this execution over.')
  const places = [...proposal.changes.keys()]
  await queueDeliveries(tx, proposal, { direction: 'apply', places, now })
  await noteEvent(tx, 'executed', proposal.id, { hash: proposal.diffHash, attempt: held.attempt })
  return { proposalId: proposal.id, state: 'executed', failure: null }
}

/** What a person reads of a database's refusal; constraint names say enough, values stay out. */
const failureOf = (error: unknown): string => {
  if (error instanceof TactError) return `${error.code}: ${error.message}`
  switch (sqlStateOf(error)) {
    case '23505':
      return 'duplicate: A record like this exists already.'
    case '23503':
      return 'missing_reference: A record this points to does not exist.'
    case '23502':
    case '23514':
      return 'bad_value: A value does not fit its field.'
    default:
      return 'internal: Something went wrong inside Tact. Nothing was written.'
  }
}

const fail = async (tx: TenantTx, held: Claim, error: unknown): Promise<Execution> => {
  const failure = failureOf(error)
  await moveProposal(tx, held.proposalId, {
    from: 'executing',
    to: 'failed',
    set: sql`, failure = ${failure}, leased_until = null`,
    where: mine(held),
  })
  await noteEvent(tx, 'failed', held.proposalId, { failure, sqlstate: sqlStateOf(error) ?? null })
  return settled(await readProposal(tx, held.proposalId))
}

/**
 * Writes what was approved, once: claims it with a lease, then changes the records in one transaction that also marks
 * it executed. Called again, it answers what became of it. Throws `unavailable` when the database went away midway;
 * the lease then runs out and resumeInterrupted goes on.
 */
export const execute = async (
  database: Database,
  approval: Approved,
  options: ExecuteOptions,
): Promise<Execution> => {
  const held = await asTenant(database, options.actor, (tx) =>
    claim(tx, approval, options.leaseMs ?? LEASE_MS),
  )
  if (!('attempt' in held)) return settled(held)
  try {
    return await asTenant(database, { ...options.actor, memberId: held.memberId }, (tx) =>
      run(tx, held, options),
    )
  } catch (error) {
    if (error instanceof TactError && error.kind === 'unavailable') throw error
    log.error('execution_failed', { proposal: held.proposalId, sqlstate: sqlStateOf(error) ?? null })
    return await asTenant(database, options.actor, (tx) => fail(tx, held, error))
  }
}

/** A yes that was kept and was not the last; nothing is written yet. */
export interface Waiting {
  readonly proposalId: string
  readonly state: 'pending'
  readonly failure: null
  readonly awaiting: Awaiting
}

/** Says yes, and carries the proposal out where that was the last yes it needed. Throws as `sayYes` does. */
export const approveAndExecute = async (
  database: Database,
  decision: Decision,
): Promise<Execution | Waiting> => {
  const yes = await sayYes(database, decision)
  return 'approved' in yes
    ? execute(database, yes.approved, { actor: decision.decider, now: decision.now })
    : { proposalId: decision.proposalId, state: 'pending', failure: null, awaiting: yes.awaiting }
}

/** Approved this long ago and not begun: its process died between the two steps. */
const STRANDED_MS = 10_000

/**
 * Finishes what a process left behind: expired leases go back to approved, and what stays approved is executed.
 * For one workspace; call it at start and on idle with a `system` actor. Answers what became of each.
 */
export const resumeInterrupted = async (
  database: Database,
  options: ExecuteOptions & { readonly strandedMs?: number },
): Promise<readonly Execution[]> => {
  const stranded = options.strandedMs ?? STRANDED_MS
  const approvals = await asTenant(database, options.actor, async (tx) => {
    const left = await selectProposals(
      tx,
      sql`where p.state = 'executing' and p.leased_until < clock_timestamp() order by p.decided_at for update skip locked`,
    )
    for (const proposal of left) {
      await moveProposal(tx, proposal.id, {
        from: 'executing',
        to: 'approved',
        set: sql`, leased_until = null`,
      })
      await noteEvent(tx, 'resumed', proposal.id, { hash: proposal.diffHash, attempt: proposal.attempts })
    }
    const waiting = await selectProposals(
      tx,
      sql`where p.state = 'approved' and p.updated_at < clock_timestamp() - ${stranded} * interval '1 millisecond' order by p.decided_at`,
    )
    return [...left, ...waiting.filter(({ id }) => left.every((one) => one.id !== id))].map((one) =>
      approvedBefore(one, options.actor.tenantId),
    )
  })
  const finished: Execution[] = []
  for (const approval of approvals) finished.push(await execute(database, approval, options))
  return finished
}
