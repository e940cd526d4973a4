import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { conflict } from '../domain/errors.ts'
import type { TactError } from '../domain/errors.ts'
import type { TenantId } from '../domain/ids.ts'
import { vote } from './approval.ts'
import type { SecondReason } from './approval.ts'
import { noteEvent } from './history.ts'
import { assertMayCarryOut, assertMayDecide } from './deciders.ts'
import type { Decider } from './deciders.ts'
import { findStale, staleError } from './staleness.ts'
import { assertUntampered, lockProposal, moveProposal } from './store.ts'
import type { StoredProposal } from './store.ts'

declare const approved: unique symbol
/** Proof that a person approved exactly this hash; only this file mints it, and only it executes. */
export interface Approved {
  readonly proposalId: string
  readonly tenantId: TenantId
  readonly hash: string
  readonly [approved]: true
}

export interface Decision {
  readonly proposalId: string
  /** Hash of the diff the person saw. */
  readonly hash: string
  readonly decider: Actor
  /** Wall clock, or the fixed clock of a demo; expiry is judged by it. */
  readonly now: Date
  readonly note?: string
  /** Destinations that came from outside alone, each typed as it stands; without them approving is refused. */
  readonly typed?: readonly string[]
}

/** A yes that was kept, where more people have to say it. */
export interface Awaiting {
  readonly needed: number
  readonly given: number
  readonly reasons: readonly SecondReason[]
}

export type Yes = { readonly approved: Approved } | { readonly awaiting: Awaiting }

const mint = (proposalId: string, tenantId: TenantId, hash: string): Approved =>
  ({ proposalId, tenantId, hash }) as unknown as Approved

/** For resuming: the approval that the row already carries. Throws when it carries none. */
export const approvedBefore = (proposal: StoredProposal, tenantId: TenantId): Approved => {
  if (proposal.decidedBy !== null && (proposal.state === 'approved' || proposal.state === 'executing')) {
    assertUntampered(proposal)
    return mint(proposal.id, tenantId, proposal.diffHash)
  }
  throw notOpen(proposal)
}

export const notOpen = ({ state }: StoredProposal): TactError =>
  conflict('not_pending', `The proposal is ${state}, no longer pending.`, {
    fix: state === 'executed' ? 'It is done; undo takes it back.' : 'Propose again if it is still wanted.',
  })

const wrongHash = (): TactError =>
  conflict('wrong_hash', 'The hash is not that of the changes as they stand.', {
    fix: 'Look at the proposal again and decide about what it shows now.',
  })

const expired = (): TactError =>
  conflict('expired', 'The proposal waited too long and has expired. Nothing was written.', {
    fix: 'Propose again if it is still wanted.',
  })

/** A refusal is returned, not thrown, where what it found out (expired, conflicted) is to be kept. */
export type Outcome<T> = { readonly value: T } | { readonly refusal: TactError }

const settle = <T>(outcome: Outcome<T>): T => {
  if ('refusal' in outcome) throw outcome.refusal
  return outcome.value
}

/** Locks a pending proposal that is as the person saw it; an overdue one becomes `expired`. */
export const lockOpen = async (
  tx: TenantTx,
  { proposalId, hash, now }: Decision,
): Promise<Outcome<StoredProposal>> => {
  const proposal = await lockProposal(tx, proposalId)
  if (proposal.state !== 'pending') throw notOpen(proposal)
  assertUntampered(proposal)
  if (proposal.diffHash !== hash) throw wrongHash()
  if (Date.parse(proposal.expiresAt) > now.getTime()) return { value: proposal }
  await moveProposal(tx, proposal.id, { from: 'pending', to: 'expired' })
  await noteEvent(tx, 'expired', proposal.id, { hash: proposal.diffHash })
  return { refusal: expired() }
}

const decided = ({ memberId, via }: Decider, { now, note, hash }: Decision) => ({
  set: sql`, decided_by = ${memberId}::uuid, decided_via = ${via}, decided_at = ${now.toISOString()}::timestamptz, decision_note = ${note ?? null}`,
  where: sql`and diff_hash = ${hash}`,
})

/**
 * A person's yes to exactly what they saw: kept for that revision and hash, and approved once all who have to have said
 * it. Throws `denied` for those who may not decide, `typed_confirmation`, and conflicts: `not_pending`, `wrong_hash`,
 * `expired` (the proposal becomes expired), `conflict` (a record moved on; it becomes conflicted).
 */
export const sayYes = async (database: Database, decision: Decision): Promise<Yes> =>
  settle(
    await asTenant(database, decision.decider, async (tx): Promise<Outcome<Yes>> => {
      const decider = await assertMayDecide(tx, decision.decider)
      const open = await lockOpen(tx, decision)
      if ('refusal' in open) return open
      const proposal = open.value
      assertMayCarryOut(decider.role, proposal.changes)
      const stale = await findStale(tx, proposal.changes, { hold: false })
      if (stale.length > 0) {
        const refusal = staleError(stale)
        await moveProposal(tx, proposal.id, {
          from: 'pending',
          to: 'conflicted',
          set: sql`, failure = ${refusal.message}`,
        })
        await noteEvent(tx, 'conflicted', proposal.id, { hash: proposal.diffHash, stale })
        return { refusal }
      }
      const { typed = [], note } = decision
      const { isEnough, given, needed, reasons } = await vote(tx, proposal, decider, { typed, note })
      if (!isEnough) {
        await noteEvent(tx, 'seconded', proposal.id, { hash: proposal.diffHash, reasons })
        return { value: { awaiting: { needed, given: given.length, reasons } } }
      }
      const won = await moveProposal(tx, proposal.id, {
        from: 'pending',
        to: 'approved',
        ...decided(decider, decision),
      })
      if (!won) throw notOpen(await lockProposal(tx, proposal.id))
      await noteEvent(tx, 'approved', proposal.id, { hash: proposal.diffHash })
      return { value: { approved: mint(proposal.id, decider.tenantId, proposal.diffHash) } }
    }),
  )

/** The same where one yes is enough, or this is the last. Throws `needs_another` too: the yes is kept, and not the last. */
export const approve = async (database: Database, decision: Decision): Promise<Approved> => {
  const yes = await sayYes(database, decision)
  if ('approved' in yes) return yes.approved
  throw conflict('needs_another', 'Your approval is kept. Another person has to approve this too.', {
    fix: 'Ask another member to look at it in the inbox.',
  })
}

/** A person's no. Throws as `approve` does; nothing is written to the records either way. */
export const reject = async (database: Database, decision: Decision): Promise<void> =>
  settle(
    await asTenant(database, decision.decider, async (tx): Promise<Outcome<void>> => {
      const decider = await assertMayDecide(tx, decision.decider)
      const open = await lockOpen(tx, decision)
      if ('refusal' in open) return open
      const won = await moveProposal(tx, open.value.id, {
        from: 'pending',
        to: 'rejected',
        ...decided(decider, decision),
      })
      if (!won) throw notOpen(await lockProposal(tx, open.value.id))
      await noteEvent(tx, 'rejected', open.value.id, { hash: open.value.diffHash })
      return { value: undefined }
    }),
  )
