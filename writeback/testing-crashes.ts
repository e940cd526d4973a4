import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { sayYes } from './approve.ts'
import { approveAndExecute, resumeInterrupted } from './execute.ts'
import { approveItems } from './items.ts'
import { passStanding } from './pass-standing.ts'
import { deliverWebhooks } from './providers/deliver.ts'
import { startReceiver } from './providers/testing-receiver.ts'
import type { Receiver } from './providers/testing-receiver.ts'
import { addWebhook } from './providers/webhooks.ts'
import { grantStanding } from './standing.ts'
import { readProposal } from './store.ts'
import type { StoredProposal } from './store.ts'
import type { Orders, Work } from './testing-crash.ts'
import type { Team } from './testing.ts'

/** What a process dies at. */
export const CRASHES = [
  'one person',
  'the second of two people',
  'one change of several',
  'a standing approval',
  'a webhook',
] as const
export type Crash = (typeof CRASHES)[number]

export interface CrashCase {
  readonly crash: Crash
  readonly team: Team
  readonly proposal: StoredProposal
  readonly work: Work
  readonly actor: Actor
  readonly receiver: Receiver | undefined
}

const CHILD = fileURLToPath(new URL('testing-crash.ts', import.meta.url))
const DAY_MS = 86_400_000

export const systemOf = ({ owner }: Team): Actor => ({ ...owner, memberId: null, via: 'system' })

const changesOf = (crash: Crash, { ids, tenant }: Team): readonly object[] => {
  const task = { op: 'create', entity: 'tasks', set: { title: 'Only once', people: [`people:${ids.dana}`] } }
  const deal = (set: object) => ({ op: 'update', entity: 'deals', record: `deals:${ids.deal}`, set })
  switch (crash) {
    case 'one person':
    case 'a webhook':
      return [deal({ stage: 'Offer out' }), task]
    case 'the second of two people':
      return [deal({ owner: `members:${tenant.actor('admin').memberId}` }), task]
    case 'one change of several':
      return [deal({ notes: 'left out' }), task]
    case 'a standing approval':
      return [task]
  }
}

/** A workspace in which that work waits to be done. */
export const setUpCrash = async (crash: Crash, team: Team): Promise<CrashCase> => {
  const { proposal } = await team.propose(changesOf(crash, team))
  const { id: proposalId, diffHash: hash } = proposal
  const base = { crash, team, proposal, receiver: undefined }
  const approve = { does: 'approve', proposalId, hash } as const
  switch (crash) {
    case 'one person':
      return { ...base, work: approve, actor: team.owner }
    case 'the second of two people':
      await sayYes(team.database, { proposalId, hash, decider: team.owner, now: team.now })
      return { ...base, work: approve, actor: team.tenant.actor('admin') }
    case 'one change of several':
      return { ...base, work: { ...approve, places: [1] }, actor: team.owner }
    case 'a standing approval': {
      const until = new Date(team.now.getTime() + DAY_MS)
      await grantStanding(team.database, team.owner, {
        kind: 'task',
        scope: 'all',
        memberId: null,
        perDay: 5,
        until,
        now: team.now,
      })
      return { ...base, work: { does: 'pass' }, actor: systemOf(team) }
    }
    case 'a webhook': {
      let secret = ''
      const receiver = await startReceiver(() => secret)
      secret = (await addWebhook(team.database, team.owner, receiver.url)).secret
      await team.carryOut(proposal)
      return { ...base, work: { does: 'deliver' }, actor: systemOf(team), receiver }
    }
  }
}

/** Runs the work in a process of its own; answers how many statements it ran, or null when it was killed. */
export const runAndKill = async (
  { work, actor, team }: CrashCase,
  where: Pick<Orders, 'url' | 'home' | 'killBefore'>,
): Promise<number | null> => {
  const orders: Orders = {
    ...where,
    work,
    actor,
    workspace: team.tenant.workspace,
    now: team.now.toISOString(),
  }
  try {
    const { stderr } = await promisify(execFile)(process.execPath, [CHILD, JSON.stringify(orders)])
    return Number(stderr.trim().split('\n').at(-1))
  } catch (error) {
    if ((error as { signal?: string }).signal === 'SIGKILL') return null
    throw error
  }
}

/** What Tact does by itself every few seconds. */
export const sweepOnce = async (database: Database, { team }: CrashCase): Promise<void> => {
  const [actor, workspace, now] = [systemOf(team), team.tenant.workspace, team.now]
  await resumeInterrupted(database, { actor, now, strandedMs: 0 })
  await passStanding(database, { actor, workspace, now })
  await deliverWebhooks(database, { actor })
}

/** Ends leases as time would, in that workspace alone. */
export const endLeases = (database: Database, { team }: CrashCase): Promise<void> =>
  asTenant(database, systemOf(team), async (tx) => {
    const ended = sql`leased_until = now() - interval '1 second'`
    await rows(tx, sql`update workflow.proposals set ${ended} where state = 'executing'`)
    await rows(tx, sql`update workflow.outbox set ${ended} where state = 'sending'`)
  })

/** A person whose click was lost clicks again. */
export const clickAgain = async (
  database: Database,
  { crash, team, proposal, actor }: CrashCase,
): Promise<void> => {
  const now = await asTenant(database, team.owner, (tx) => readProposal(tx, proposal.id))
  if (now.state !== 'pending' || actor.memberId === null) return
  const decision = { proposalId: now.id, hash: now.diffHash, decider: actor, now: team.now }
  if (crash === 'one change of several' && now.changes.length > 1) {
    await approveItems(database, { ...decision, workspace: team.tenant.workspace, places: [1] })
  } else await approveAndExecute(database, decision)
}

export interface CrashLeft {
  readonly state: string
  readonly faults: readonly string[]
}

/** How it ended. A fault is anything but written once and told once, or not written because nobody's yes was kept. */
export const leftByCrash = async (
  database: Database,
  { crash, team, proposal, receiver }: CrashCase,
): Promise<CrashLeft> => {
  const [left] = await asTenant(database, team.owner, (tx) =>
    rows<{
      state: string
      tasks: number
      executions: number
      moves: number
      notes: string | null
      uses: number
      unsent: number
    }>(
      tx,
      sql`select p.state, d.notes,
        (select count(*)::int from crm.tasks where title = 'Only once' and deleted_at is null) as tasks,
        (select count(*)::int from core.audit_events a where a.record_id = p.id and a.kind = 'proposal.executed') as executions,
        (select count(*)::int from core.field_changes f where f.record_id = d.id and f.field <> 'notes' and f.proposal_id = p.id) as moves,
        (select count(*)::int from workflow.standing_uses u where u.proposal_id = p.id) as uses,
        (select count(*)::int from workflow.outbox o where o.state <> 'sent') as unsent
      from workflow.proposals p, crm.deals d where p.id = ${proposal.id} and d.id = ${team.ids.deal}`,
    ),
  )
  if (!left) throw new Error('The proposal of this crash has gone.')
  const { state, tasks, executions, moves, notes, uses, unsent } = left
  const times = state === 'executed' ? 1 : 0
  const due = crash === 'one change of several' || crash === 'a standing approval' ? 0 : times
  const told = [...(receiver?.done.values() ?? [])]
  return {
    state,
    faults: [
      ...(state === 'executed' || state === 'pending' ? [] : [`it is ${state}`]),
      ...(tasks === times ? [] : [`${tasks} tasks`]),
      ...(executions === times ? [] : [`executed ${executions} times`]),
      ...(due === 0
        ? moves === 0
          ? []
          : [`${moves} moves`]
        : moves > 0
          ? []
          : ['the deal was not written']),
      ...(notes === null ? [] : ['what was left out is written']),
      ...(uses === (crash === 'a standing approval' ? times : 0) ? [] : [`${uses} uses`]),
      ...(crash !== 'a webhook' || (told.length === 1 && told[0] === 1 && unsent === 0)
        ? []
        : [`told ${told.join(', ')}`]),
    ],
  }
}
