import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { assertStanding } from '../db/standing.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { appendAudit } from '../db/audit.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { CHANGE_KINDS } from '../domain/change-kinds.ts'
import type { ChangeKind } from '../domain/change-kinds.ts'
import { denied, notFound, userError } from '../domain/errors.ts'
import { isUuid, newId } from '../domain/ids.ts'
import { assertMayDecide } from './deciders.ts'

export const SCOPES = ['own', 'all'] as const
export type Scope = (typeof SCOPES)[number]

export const MOST_A_DAY = 200
export const LONGEST_DAYS = 366
const DAY_MS = 86_400_000

/** A row of workflow.standing_approvals. Instants are ISO 8601 in UTC. */
export interface StandingApproval {
  readonly id: string
  readonly kind: ChangeKind
  /** `own`: changes about records of the one who proposes. */
  readonly scope: Scope
  /** Whose proposals; everybody's where null. */
  readonly memberId: string | null
  readonly perDay: number
  readonly until: string
  readonly grantedBy: string
  readonly revokedAt: string | null
  /** How often it let something pass, ever and on the latest day it did. */
  readonly uses: number
  readonly usesThatDay: number
  readonly lastDay: string | null
}

export interface Grant {
  readonly kind: string
  readonly scope: string
  readonly memberId: string | null
  readonly perDay: number
  readonly until: Date
}

const notOwner = () =>
  denied('may_not_grant', 'Only an owner lets changes pass without asking, in person.', {
    fix: 'Ask an owner of this workspace to do it in the terminal or in the inbox.',
  })

const badGrant = (message: string, validOptions: readonly string[] = []) =>
  userError('bad_grant', message, {
    fix: 'Give a kind of change, a scope, how many a day, and until when.',
    ...(validOptions.length > 0 ? { validOptions } : {}),
  })

const readGrant = ({ kind, scope, memberId, perDay, until }: Grant, now: Date) => {
  const known = CHANGE_KINDS.find((one) => one === kind)
  if (!known) throw badGrant('No such change passes without asking.', CHANGE_KINDS)
  const reach = SCOPES.find((one) => one === scope)
  if (!reach) throw badGrant('There is no such scope.', SCOPES)
  if (!Number.isInteger(perDay) || perDay < 1 || perDay > MOST_A_DAY)
    throw badGrant(`Between 1 and ${MOST_A_DAY} a day pass.`)
  const left = until.getTime() - now.getTime()
  if (!(left > 0 && left <= LONGEST_DAYS * DAY_MS))
    throw badGrant(`It holds until a day to come, at most ${LONGEST_DAYS} days from now.`)
  if (memberId !== null && !isUuid(memberId)) throw badGrant('That is not the id of a member.')
  return { kind: known, scope: reach, memberId, perDay, until }
}

/**
 * Lets one kind of change pass without asking. Throws `denied` for whoever is no owner in person (a token, a model, an
 * admin), and `bad_grant`.
 */
export const grantStanding = async (
  database: Database,
  actor: Actor,
  { now, ...grant }: Grant & { readonly now: Date },
): Promise<string> =>
  asTenant(database, actor, async (tx) => {
    const { memberId, via, role } = await assertMayDecide(tx, actor)
    if (role !== 'owner') throw notOwner()
    const { kind, scope, memberId: whose, perDay, until } = readGrant(grant, now)
    const id = newId()
    await rows(
      tx,
      sql`insert into workflow.standing_approvals (id, tenant_id, granted_by, granted_via, kind, scope, member_id, per_day, until)
        values (${id}::uuid, core.current_tenant(), ${memberId}::uuid, ${via}, ${kind}, ${scope}, ${whose}::uuid, ${perDay}, ${until.toISOString()}::timestamptz)`,
    )
    await appendAudit(tx, {
      kind: 'standing.granted',
      entity: 'standing_approvals',
      recordId: id,
      data: { kind, scope, member_id: whose, per_day: perDay, until: until.toISOString() },
    })
    return id
  })

/** Ends one at once. For owners and admins in person. Throws `denied` and `standing_not_found`. */
export const revokeStanding = async (database: Database, actor: Actor, id: string): Promise<void> =>
  asTenant(database, actor, async (tx) => {
    const { memberId, role } = await assertMayDecide(tx, actor)
    if (role !== 'owner' && role !== 'admin') throw notOwner()
    const ended = isUuid(id)
      ? await rows(
          tx,
          sql`update workflow.standing_approvals set revoked_at = now(), revoked_by = ${memberId}::uuid
            where id = ${id}::uuid and revoked_at is null and deleted_at is null returning id`,
        )
      : []
    if (ended.length === 0) {
      throw notFound('standing_not_found', 'There is no such standing approval that still holds.', {
        fix: 'List them with `tact standing list`.',
      })
    }
    await appendAudit(tx, { kind: 'standing.revoked', entity: 'standing_approvals', recordId: id, data: {} })
  })

/** All of them, the latest first, those that ended too. For every member. */
export const listStanding = async (tx: TenantTx, actor: Actor): Promise<readonly StandingApproval[]> => {
  await assertStanding(tx, actor, 'read')
  const found = await rows<{ row: StandingApproval }>(
    tx,
    sql`select jsonb_build_object('id', s.id, 'kind', s.kind, 'scope', s.scope, 'memberId', s.member_id, 'perDay', s.per_day,
        'until', s.until, 'grantedBy', s.granted_by, 'revokedAt', s.revoked_at, 'lastDay', u.last_day, 'uses', coalesce(u.uses, 0),
        'usesThatDay', (select count(*) from workflow.standing_uses d where d.tenant_id = s.tenant_id and d.standing_id = s.id and d.day = u.last_day)) as row
      from workflow.standing_approvals s
      left join lateral (select count(*) as uses, max(day) as last_day from workflow.standing_uses u
        where u.tenant_id = s.tenant_id and u.standing_id = s.id) u on true
      where s.deleted_at is null order by s.created_at desc`,
  )
  return found.map(({ row }) => ({
    ...row,
    until: new Date(row.until).toISOString(),
    revokedAt: row.revokedAt === null ? null : new Date(row.revokedAt).toISOString(),
  }))
}

/** A proposal that passed without asking, for a digest. */
export interface StandingUse {
  readonly standingId: string
  readonly kind: ChangeKind
  readonly proposalId: string
  readonly at: string
}

/** What passed since then, the latest first. */
export const standingUses = async (tx: TenantTx, since: Date): Promise<readonly StandingUse[]> => {
  const found = await rows<{ standing_id: string; kind: ChangeKind; proposal_id: string; at: string }>(
    tx,
    sql`select u.standing_id, s.kind, u.proposal_id, to_char(p.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
      from workflow.standing_uses u
      join workflow.standing_approvals s on s.tenant_id = u.tenant_id and s.id = u.standing_id
      join workflow.proposals p on p.tenant_id = u.tenant_id and p.id = u.proposal_id
      where p.decided_at >= ${since.toISOString()}::timestamptz order by p.decided_at desc`,
  )
  return found.map(({ standing_id, kind, proposal_id, at }) => ({
    standingId: standing_id,
    kind,
    proposalId: proposal_id,
    at,
  }))
}

/** The day of an instant where the workspace is, as 2026-11-21: uses are counted by it. */
export const dayOf = (now: Date, { timezone }: Pick<Workspace, 'timezone'>): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(now)
