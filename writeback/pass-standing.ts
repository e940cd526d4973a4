import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { approvedBefore } from './approve.ts'
import type { Approved } from './approve.ts'
import { execute } from './execute.ts'
import type { Execution } from './execute.ts'
import { noteEvent } from './history.ts'
import { findStale } from './staleness.ts'
import { dayOf } from './standing.ts'
import { assertUntampered, lockProposal, moveProposal, readProposal } from './store.ts'

interface Match {
  readonly proposal_id: string
  readonly standing_id: string
  readonly granted_by: string
}

export interface PassOptions {
  /** Tact itself, by the channel `system`: no credential of an agent reaches this. */
  readonly actor: Actor
  readonly workspace: Workspace
  readonly now: Date
}

/** Most proposals that pass in one go; the rest wait for the next. */
const MOST_AT_ONCE = 50

const matches = (tx: TenantTx, { now }: PassOptions): Promise<Match[]> =>
  rows<Match>(
    tx,
    sql`select distinct on (p.id) p.id as proposal_id, s.id as standing_id, s.granted_by
      from workflow.proposals p
      join workflow.standing_approvals s on s.tenant_id = p.tenant_id
      where p.state = 'pending' and p.deleted_at is null and p.expires_at > ${now.toISOString()}::timestamptz
        and s.revoked_at is null and workflow.standing_covers(s, p, ${now.toISOString()}::timestamptz)
      order by p.id, s.created_at limit ${MOST_AT_ONCE}`,
  )

/** One proposal, where a standing approval has some of its day left; undefined where not. */
const pass = async (
  tx: TenantTx,
  { proposal_id, standing_id, granted_by }: Match,
  { actor, workspace, now }: PassOptions,
): Promise<Approved | undefined> => {
  const [standing] = await rows<{ per_day: number; used: number }>(
    tx,
    sql`select s.per_day, (select count(*)::int from workflow.standing_uses u where u.tenant_id = s.tenant_id and u.standing_id = s.id
        and u.day = ${dayOf(now, workspace)}::date) as used
      from workflow.standing_approvals s where s.id = ${standing_id}::uuid and s.revoked_at is null for update`,
  )
  if (!standing || standing.used >= standing.per_day) return undefined
  const proposal = await lockProposal(tx, proposal_id)
  if (proposal.state !== 'pending') return undefined
  assertUntampered(proposal)
  if ((await findStale(tx, proposal.changes, { hold: false })).length > 0) return undefined
  await rows(
    tx,
    sql`insert into workflow.standing_uses (id, tenant_id, standing_id, proposal_id, day)
      values (${newId()}::uuid, core.current_tenant(), ${standing_id}::uuid, ${proposal_id}::uuid, ${dayOf(now, workspace)}::date)`,
  )
  await moveProposal(tx, proposal_id, {
    from: 'pending',
    to: 'approved',
    set: sql`, standing_id = ${standing_id}::uuid, decided_by = ${granted_by}::uuid, decided_via = 'system', decided_at = ${now.toISOString()}::timestamptz`,
  })
  await noteEvent(tx, 'passed', proposal_id, { hash: proposal.diffHash, standing_id })
  return approvedBefore(await readProposal(tx, proposal_id), actor.tenantId)
}

/**
 * Lets pass what standing approvals cover: claims a use of the day, approves in the name of the owner who granted it,
 * and carries it out. Run by Tact itself while `up` runs. What is over the day's number stays open for a person.
 */
export const passStanding = async (
  database: Database,
  options: PassOptions,
): Promise<readonly Execution[]> => {
  const { actor, now } = options
  const found = await asTenant(database, actor, (tx) => matches(tx, options), { readOnly: true })
  const done: Execution[] = []
  for (const match of found) {
    const approved = await asTenant(database, actor, (tx) => pass(tx, match, options))
    if (approved) done.push(await execute(database, approved, { actor, now }))
  }
  return done
}
