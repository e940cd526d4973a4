import { entityOf } from '../db/catalog/all.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import { relabelled } from '../domain/approval-policy.ts'
import type { ProposalLabel } from '../domain/approval-policy.ts'
import { conflict, userError } from '../domain/errors.ts'
import { lockOpen, notOpen } from './approve.ts'
import type { Decision } from './approve.ts'
import type { SetValue } from './changes.ts'
import type { DiffContext } from './context.ts'
import { assertMayDecide } from './deciders.ts'
import { assertNotCleared } from './defaults.ts'
import { readField } from './diff.ts'
import { settableOf } from './fields.ts'
import { noteEvent } from './history.ts'
import { planHash } from './plan.ts'
import type { PlannedChange, PlannedField } from './plan.ts'
import { readProposal } from './store.ts'
import type { LeftOut, StoredProposal } from './store.ts'
import { assertUnique } from './uniqueness.ts'

/** What a person makes of one change of a proposal; `place` counts from 0, as the card lists them. */
export type Amendment =
  /** Leaves a change out, and says why; that stays with the proposal. */
  | { readonly place: number; readonly drop: true; readonly reason?: string }
  /** Gives a field of it another new value, written as a person or a model writes it. */
  | { readonly place: number; readonly field: string; readonly value: SetValue }
  /** Leaves a field of it out. */
  | { readonly place: number; readonly field: string; readonly drop: true }

export interface Amend extends Decision {
  readonly workspace: Workspace
  readonly amendments: readonly Amendment[]
}

const badPlace = () =>
  userError('bad_place', 'The proposal has no such change or field.', {
    fix: 'Look at the proposal again and name one that it shows.',
  })

const nothingLeft = () =>
  userError('nothing_left', 'Nothing of the proposal would be left.', { fix: 'Reject it instead.' })

const needed = () =>
  userError('needed_by_another', 'Another change of the proposal needs this one.', {
    fix: 'Leave both out, or neither.',
  })

/** A field with the value that the person wrote; undefined where the record holds that value already. */
const edited = async (
  change: PlannedChange,
  held: PlannedField,
  value: SetValue,
  context: DiffContext,
): Promise<PlannedField | undefined> => {
  const entity = entityOf(change.entity)
  const op = change.op === 'create' ? 'create' : 'update'
  const settable = settableOf(entity, op, held.field, held.field)
  if (settable.kind !== 'field') throw badPlace()
  const currency = held.currency ?? context.currency
  const read = await readField(settable, value, context, { currency, at: held.field })
  assertNotCleared(settable, read, held.field)
  const valueOf = (column: string) =>
    column === held.column ? read : (change.fields.find((one) => one.column === column)?.new ?? null)
  await assertUnique(context.tx, entity, change.id, {
    changed: new Set([held.column]),
    valueOf,
    at: held.field,
  })
  if (op === 'update' && read === held.old) return undefined
  return { ...held, new: read }
}

const amendField = async (
  change: PlannedChange,
  amendment: Extract<Amendment, { readonly field: string }>,
  context: DiffContext,
): Promise<PlannedChange> => {
  const held = change.fields.find(({ field }) => field === amendment.field)
  if (!held || change.op === 'merge') throw badPlace()
  const entity = entityOf(change.entity)
  // An amount and its currency are one value: what the amount counts in is not changed behind it.
  const counts = change.fields.some(
    ({ column, field }) => entity.columns[column]?.marks.currency === held.column && field !== held.field,
  )
  if (counts) {
    throw userError('currency_of_an_amount', 'An amount of this change counts in that currency.', {
      fix: 'Reject it and propose amount and currency together.',
    })
  }
  if ('drop' in amendment) {
    const settable = settableOf(entity, change.op === 'create' ? 'create' : 'update', held.field, held.field)
    if (change.op === 'create' && settable.kind === 'field') assertNotCleared(settable, null, held.field)
    return { ...change, fields: change.fields.filter((one) => one !== held) }
  }
  const next = await edited(change, held, amendment.value, context)
  const fields = change.fields.flatMap((one) => (one !== held ? [one] : next ? [next] : []))
  return { ...change, fields }
}

const isEmpty = ({ op, fields, links }: PlannedChange): boolean =>
  op === 'update' && fields.length === 0 && links.length === 0

const amended = async (
  changes: readonly PlannedChange[],
  amendments: readonly Amendment[],
  context: DiffContext,
): Promise<readonly Kept[]> => {
  const left: (PlannedChange | undefined)[] = [...changes]
  for (const amendment of amendments) {
    const change = left[amendment.place]
    if (!change) throw badPlace()
    left[amendment.place] = 'field' in amendment ? await amendField(change, amendment, context) : undefined
  }
  const kept = left.flatMap((change, place) =>
    change === undefined || isEmpty(change) ? [] : [{ place, change }],
  )
  if (kept.length === 0) throw nothingLeft()
  const gone = changes.filter(({ op, id }) => op === 'create' && kept.every(({ change }) => change.id !== id))
  const uses = JSON.stringify(kept)
  if (gone.some(({ id }) => uses.includes(id))) throw needed()
  return kept
}

interface Kept {
  /** Where the change stood before. */
  readonly place: number
  readonly change: PlannedChange
}

const namesIn = ({ fields, links }: PlannedChange): readonly string[] => [
  ...fields.map(({ field }) => field),
  ...links.map(({ relation }) => relation),
]

/** Where the words of what is left come from: what the person wrote here is theirs. */
const originOfKept = (
  { origin }: StoredProposal,
  kept: readonly Kept[],
  amendments: readonly Amendment[],
): ProposalLabel =>
  relabelled(
    origin,
    kept.map(({ place, change }) => ({
      place,
      fields: namesIn(change),
      written: amendments.flatMap((one) => (one.place === place && 'value' in one ? [one.field] : [])),
    })),
  )

const MAX_REASON = 500

/** The changes that go, each with who left it out and why. */
const leftOutBy = (
  { changes }: StoredProposal,
  { amendments, now }: Amend,
  memberId: string,
): readonly LeftOut[] =>
  amendments.flatMap((one) => {
    if ('field' in one) return []
    const reason = one.reason?.toWellFormed().slice(0, MAX_REASON).trim() ?? ''
    return [
      {
        change: changes[one.place]!,
        reason: reason === '' ? null : reason,
        by: memberId,
        at: now.toISOString(),
      },
    ]
  })

const revise = async (
  tx: TenantTx,
  proposal: StoredProposal,
  {
    changes,
    origin,
    leftOut,
  }: Pick<StoredProposal, 'origin' | 'leftOut'> & { readonly changes: readonly PlannedChange[] },
): Promise<StoredProposal> => {
  const hash = planHash({ reason: proposal.reason, changes })
  const won = await rows<{ id: string }>(
    tx,
    sql`update workflow.proposals set changes = ${JSON.stringify(changes)}::jsonb, diff_hash = ${hash}, revision = revision + 1,
        origin = ${JSON.stringify(origin)}::jsonb, left_out = ${JSON.stringify(leftOut)}::jsonb
      where id = ${proposal.id}::uuid and state = 'pending' and revision = ${proposal.revision} returning id`,
  )
  if (won.length !== 1) throw notOpen(proposal)
  return await readProposal(tx, proposal.id)
}

/**
 * A person's edit of what waits for them: leaves changes or fields out, or gives fields other values. Makes the next
 * revision with a hash of its own, so that an approval of what was shown before no longer holds; answers it. Throws as
 * `approve` does, and `bad_place`, `nothing_left`, `needed_by_another`, `currency_of_an_amount`, or what does not fit.
 */
export const amend = async (database: Database, asked: Amend): Promise<StoredProposal> => {
  const outcome = await asTenant(database, asked.decider, async (tx) => {
    const decider = await assertMayDecide(tx, asked.decider)
    const open = await lockOpen(tx, asked)
    if ('refusal' in open) return open
    const proposal = open.value
    const { workspace, now } = asked
    const kept = await amended(proposal.changes, asked.amendments, {
      tx,
      memberId: decider.memberId,
      clock: { now, timezone: workspace.timezone },
      currency: workspace.currency,
      country: workspace.country,
      made: new Map(),
    })
    const changes = kept.map(({ change }) => change)
    if (planHash({ reason: proposal.reason, changes }) === proposal.diffHash) {
      throw conflict('no_change', 'The proposal says that already.', { fix: 'Approve it as it is.' })
    }
    const next = await revise(tx, proposal, {
      changes,
      origin: originOfKept(proposal, kept, asked.amendments),
      leftOut: [...proposal.leftOut, ...leftOutBy(proposal, asked, decider.memberId)],
    })
    const places = asked.amendments.map((one) => ({
      place: one.place,
      ...('field' in one ? { field: one.field } : {}),
      did: 'drop' in one ? 'dropped' : 'edited',
    }))
    await noteEvent(tx, 'amended', proposal.id, {
      from: proposal.diffHash,
      hash: next.diffHash,
      revision: next.revision,
      places,
    })
    return { value: next }
  })
  if ('refusal' in outcome) throw outcome.refusal
  return outcome.value
}
