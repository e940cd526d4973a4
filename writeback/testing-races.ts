import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import type { TactError } from '../domain/errors.ts'
import { amend } from './amend.ts'
import { approve, reject } from './approve.ts'
import { approveAndExecute, execute } from './execute.ts'
import { expireOverdue } from './list.ts'
import { EXPIRY_MS } from './propose.ts'
import type { StoredProposal } from './store.ts'
import type { Team } from './testing.ts'
import { undo } from './undo.ts'

export const RACES = [
  'double approval',
  'double execution',
  'approve against reject',
  'approve against edit',
  'approve against expiry',
  'approve against a later edit of the record',
  'double undo',
  'double undo of one change',
  'two people, each twice',
  'one person twice where two have to',
  'two people against an edit',
] as const
export type Race = (typeof RACES)[number]

/** What a race left behind. `faults` is empty when there was one terminal move and one write, or none. */
export interface RaceOutcome {
  readonly race: Race
  readonly state: string
  readonly faults: readonly string[]
}

interface Left {
  readonly state: string
  readonly notes: string | null
  readonly writes: number
  readonly events: readonly string[]
}

const leftOf = async (team: Team, id: string): Promise<Left> => {
  const [row] = await team.query<Left>(
    sql`select p.state, d.notes,
        (select count(*)::int from core.field_changes c where c.proposal_id = p.id and c.field = 'notes') as writes,
        array(select a.kind from core.audit_events a where a.record_id = p.id order by a.position) as events
      from workflow.proposals p, crm.deals d where p.id = ${id}::uuid and d.id = ${team.ids.deal}::uuid`,
  )
  if (!row) throw new Error('The proposal of this race has gone.')
  return row
}

/** Refusals that a loser of a race may get; anything else is a fault. */
const LOSSES = new Set(['not_pending', 'wrong_hash', 'expired', 'conflict', 'not_executed'])

/** Races over a change that needs two people: the owner of the record changes with it. */
const FOR_TWO: ReadonlySet<Race> = new Set([
  'two people, each twice',
  'one person twice where two have to',
  'two people against an edit',
])
/** Races after which the proposal may wait still. */
const MAY_WAIT: ReadonlySet<Race> = new Set([
  'approve against edit',
  'one person twice where two have to',
  'two people against an edit',
])

const runnersOf = async (
  race: Race,
  team: Team,
  proposal: StoredProposal,
): Promise<readonly (() => Promise<unknown>)[]> => {
  const { database, owner: decider, now } = team
  const decision = { proposalId: proposal.id, hash: proposal.diffHash, decider, now }
  const yes = () => approveAndExecute(database, decision)
  const other = () => approveAndExecute(database, { ...decision, decider: team.tenant.actor('admin') })
  switch (race) {
    case 'double approval':
      return [yes, yes, yes]
    case 'double execution': {
      const approval = await approve(database, decision)
      const run = () => execute(database, approval, { actor: decider, now })
      return [run, run, run]
    }
    case 'approve against reject':
      return [yes, () => reject(database, decision)]
    case 'two people, each twice':
      return [yes, other, yes, other]
    case 'one person twice where two have to':
      return [yes, yes, yes]
    case 'two people against an edit': {
      const amendments = [{ place: 0, field: 'notes', value: 'edited' }]
      return [
        yes,
        () => amend(database, { ...decision, workspace: team.tenant.workspace, amendments }),
        other,
      ]
    }
    case 'approve against edit': {
      const amendments = [{ place: 0, field: 'notes', value: 'edited' }]
      const edit = () => amend(database, { ...decision, workspace: team.tenant.workspace, amendments })
      return [yes, edit]
    }
    case 'approve against expiry': {
      const late = new Date(now.getTime() + EXPIRY_MS + 1)
      return [yes, () => asTenant(database, { ...decider, via: 'system' }, (tx) => expireOverdue(tx, late))]
    }
    case 'approve against a later edit of the record':
      return [
        yes,
        () => team.query(sql`update crm.deals set notes = 'by hand' where id = ${team.ids.deal}::uuid`),
      ]
    case 'double undo':
    case 'double undo of one change': {
      await yes()
      const places = race === 'double undo' ? {} : { places: [0] }
      const back = () => undo(database, { proposalId: proposal.id, decider, now, ...places })
      return [back, back]
    }
  }
}

const TERMINAL = new Set(['executed', 'rejected', 'expired', 'conflicted', 'failed'])

const TAKING_BACK: ReadonlySet<Race> = new Set(['double undo', 'double undo of one change'])

const faultsOf = (race: Race, { state, notes, writes, events }: Left, written: string): readonly string[] => {
  const ends = events.map((kind) => kind.replace('proposal.', '')).filter((kind) => TERMINAL.has(kind))
  const undone = events.filter((kind) => kind === 'proposal.undone').length
  const executed = ends.includes('executed')
  const wanted = (executed ? 1 : 0) + undone
  return [
    ...(ends.length === (state === 'pending' ? 0 : 1) ? [] : [`terminal moves: ${ends.join(', ')}`]),
    ...(undone === (TAKING_BACK.has(race) ? 1 : 0) ? [] : [`undone ${undone} times`]),
    ...(writes === wanted ? [] : [`${writes} writes where ${wanted} were due`]),
    ...(TAKING_BACK.has(race) && notes === written ? ['undone, and yet there'] : []),
    ...(executed && !TAKING_BACK.has(race) && notes !== written && notes !== 'by hand'
      ? ['executed, and not what was shown']
      : []),
    ...(!executed && notes === written ? ['written without being executed'] : []),
    ...(state === 'pending' && !MAY_WAIT.has(race) ? ['nobody won'] : []),
    ...(state === 'executed' && race === 'one person twice where two have to'
      ? ['one person was enough']
      : []),
  ]
}

/** A member who does not own the deal now. */
const otherOwner = async (team: Team): Promise<string> => {
  const [row] = await team.query<{ owner_id: string | null }>(
    sql`select owner_id from crm.deals where id = ${team.ids.deal}::uuid`,
  )
  const next = team.tenant.members.find(({ id }) => id !== row?.owner_id)
  return `members:${next!.id}`
}

/**
 * Runs one race over a fresh proposal of the team's deal, in turn with either side first; `turn` is unlike that of every
 * race before it.
 */
export const runRace = async (race: Race, team: Team, turn: number): Promise<RaceOutcome> => {
  const text = `${race} ${turn}`
  const record = `deals:${team.ids.deal}`
  const set = FOR_TWO.has(race) ? { notes: text, owner: await otherOwner(team) } : { notes: text }
  const { proposal } = await team.propose([{ op: 'update', entity: 'deals', record, set }])
  const inOrder = await runnersOf(race, team, proposal)
  const runners = turn % 2 === 0 ? inOrder : inOrder.toReversed()
  const outcomes = await Promise.allSettled(runners.map((run) => run()))
  const odd = outcomes.flatMap((one) => {
    if (one.status === 'fulfilled') return []
    const { code } = one.reason as TactError
    return LOSSES.has(code) ? [] : [`refused with ${code ?? String(one.reason)}`]
  })
  const left = await leftOf(team, proposal.id)
  const faults = [...faultsOf(race, left, text), ...odd]
  if (left.state === 'pending') {
    const [row] = await team.query<{ hash: string }>(
      sql`select diff_hash as hash from workflow.proposals where id = ${proposal.id}::uuid`,
    )
    const { database, owner: decider, now } = team
    await reject(database, { proposalId: proposal.id, hash: row!.hash, decider, now })
  }
  return { race, state: left.state, faults }
}
