import type { Database } from '../db/connect.ts'
import { asTenant } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import { userError } from '../domain/errors.ts'
import { amend } from './amend.ts'
import { reject } from './approve.ts'
import type { Decision } from './approve.ts'
import { approveAndExecute } from './execute.ts'
import type { Execution, Waiting } from './execute.ts'
import { readProposal } from './store.ts'

/** Some changes of a proposal; `places` count from 0, as the card lists them, in the revision that `hash` names. */
export interface ItemDecision extends Decision {
  readonly workspace: Workspace
  readonly places: readonly number[]
}

const badPlace = () =>
  userError('bad_place', 'The proposal has no such change.', {
    fix: 'Look at the proposal again and name changes that it shows.',
  })

const countOf = (database: Database, { decider, proposalId }: Decision): Promise<number> =>
  asTenant(database, decider, async (tx) => (await readProposal(tx, proposalId)).changes.length, {
    readOnly: true,
  })

const asked = (places: readonly number[], count: number): ReadonlySet<number> => {
  if (places.length === 0 || places.some((place) => !Number.isInteger(place) || place < 0 || place >= count))
    throw badPlace()
  return new Set(places)
}

/**
 * A person's no to some changes, with the reason in `note`: they are left out, and what is left is the next revision.
 * A no to all of them rejects the proposal. Throws what `amend` and `reject` throw.
 */
export const rejectItems = async (database: Database, decision: ItemDecision): Promise<void> => {
  const count = await countOf(database, decision)
  const places = asked(decision.places, count)
  if (places.size === count) return reject(database, decision)
  const reason = decision.note === undefined ? {} : { reason: decision.note }
  const amendments = [...places].map((place) => ({ place, drop: true as const, ...reason }))
  await amend(database, { ...decision, amendments })
}

/**
 * A person's yes to some changes: the others are left out, with the reason in `note`, and what is left is approved and
 * carried out. Throws what `amend` and `approveAndExecute` throw.
 */
export const approveItems = async (
  database: Database,
  decision: ItemDecision,
): Promise<Execution | Waiting> => {
  const count = await countOf(database, decision)
  const places = asked(decision.places, count)
  if (places.size === count) return approveAndExecute(database, decision)
  const reason = decision.note === undefined ? {} : { reason: decision.note }
  const others = [...Array.from({ length: count }).keys()].filter((place) => !places.has(place))
  const amendments = others.map((place) => ({ place, drop: true as const, ...reason }))
  const next = await amend(database, { ...decision, amendments })
  return approveAndExecute(database, { ...decision, hash: next.diffHash })
}
