import type { Actor, Channel, Role } from '../domain/actor.ts'
import { conflict, denied, notFound } from '../domain/errors.ts'
import { mayManage, refusal } from '../domain/permissions.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId } from '../domain/ids.ts'
import { appendAudit } from './audit.ts'
import type { Database } from './connect.ts'
import { lastOwner, sqlStateOf } from './errors.ts'
import { sql } from './sql.ts'
import type { SQL } from './sql.ts'
import { standingOf } from './standing.ts'
import { asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import type { Workspace } from './workspace.ts'

export interface Member {
  readonly id: MemberId
  /** Lower case. */
  readonly email: string
  readonly givenName: string
  readonly familyName: string
  readonly role: Role
  readonly disabled: boolean
}

const select = (tx: TenantTx, condition: SQL): Promise<Member[]> =>
  rows<Member>(
    tx,
    sql`select id, email, given_name as "givenName", family_name as "familyName", role, disabled_at is not null as disabled
      from core.members where deleted_at is null and ${condition} order by created_at, id`,
  )

/** Case does not matter. Disabled members are found too. */
export const findMember = async (tx: TenantTx, email: string): Promise<Member | undefined> =>
  (await select(tx, sql`email = ${email.trim().toLowerCase()}`))[0]

/** Everybody, oldest first, disabled members included. */
export const listMembers = (tx: TenantTx): Promise<readonly Member[]> => select(tx, sql`true`)

export interface NewMember {
  readonly id?: MemberId
  readonly email: string
  readonly givenName: string
  readonly familyName: string
  readonly role: Role
}

/** Throws `conflict` with code `member_exists` when the address is taken. */
export const createMember = async (tx: TenantTx, member: NewMember): Promise<Member> => {
  const id = (member.id ?? newId()) as MemberId
  const email = member.email.trim().toLowerCase()
  try {
    await rows(
      tx,
      sql`insert into core.members (id, tenant_id, email, given_name, family_name, role)
        values (${id}, core.current_tenant(), ${email}, ${member.givenName}, ${member.familyName}, ${member.role})`,
    )
  } catch (error) {
    if (sqlStateOf(error) !== '23505') throw error
    throw conflict('member_exists', 'Somebody with this e-mail address is a member already.', {
      cause: error,
    })
  }
  return {
    id,
    email,
    givenName: member.givenName,
    familyName: member.familyName,
    role: member.role,
    disabled: false,
  }
}

/** The member of that id, whom `actor` may manage; locked with the owners, so that the last of them is known. */
const managed = async (tx: TenantTx, actor: Actor, id: MemberId): Promise<Member & { acting: Role }> => {
  const acting = await standingOf(tx, actor)
  if (!mayManage(acting, 'viewer')) throw refusal(acting, 'invite')
  await rows(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended('tact.owners.' || core.current_tenant()::text, 0))`,
  )
  const [member] = await select(tx, sql`id = ${id}::uuid`)
  if (!member) throw notFound('unknown_member', 'No such member.', { fix: 'See `tact users list`.' })
  if (!mayManage(acting, member.role)) throw ownersOnly()
  return { ...member, acting }
}

const ownersOnly = () =>
  denied('not_owner', 'Only an owner makes, changes or disables owners.', { fix: 'Ask an owner.' })

const isLastOwner = async (tx: TenantTx, { id, role, disabled }: Member): Promise<boolean> =>
  role === 'owner' &&
  !disabled &&
  (await select(tx, sql`role = 'owner' and disabled_at is null and id <> ${id}::uuid`)).length === 0

/**
 * Gives a member another role, which counts from their next request on, and notes it in the audit. Throws `denied` for
 * those who may not, `not-found`, and `conflict` with code `last_owner`.
 */
export const changeRole = async (tx: TenantTx, actor: Actor, id: MemberId, role: Role): Promise<void> => {
  const member = await managed(tx, actor, id)
  if (!mayManage(member.acting, role)) throw ownersOnly()
  if (member.role === role) return
  if (await isLastOwner(tx, member)) throw lastOwner()
  await rows(tx, sql`update core.members set role = ${role} where id = ${id}::uuid`)
  await appendAudit(tx, {
    kind: 'member.role',
    entity: 'members',
    recordId: id,
    data: { from: member.role, to: role },
  })
}

/**
 * Shuts a member out from now on, tokens and Slack included; what they did stays theirs. Throws as `changeRole` does.
 * Doing it twice is fine.
 */
export const disableMember = async (tx: TenantTx, actor: Actor, id: MemberId): Promise<void> => {
  const member = await managed(tx, actor, id)
  if (member.disabled) return
  if (await isLastOwner(tx, member)) throw lastOwner()
  await rows(tx, sql`update core.members set disabled_at = now() where id = ${id}::uuid`)
  await appendAudit(tx, { kind: 'member.disabled', entity: 'members', recordId: id })
}

/** Lets a disabled member in again, with the role they had. Throws as `changeRole` does. */
export const enableMember = async (tx: TenantTx, actor: Actor, id: MemberId): Promise<void> => {
  const member = await managed(tx, actor, id)
  if (!member.disabled) return
  await rows(tx, sql`update core.members set disabled_at = null where id = ${id}::uuid`)
  await appendAudit(tx, { kind: 'member.enabled', entity: 'members', recordId: id })
}

/**
 * The actor behind an e-mail address of this workspace; without one, its first owner, for a command line on one's own
 * machine. Throws `denied` with code `unknown_member` or `member_disabled`.
 */
export const actorFor = async (
  database: Database,
  workspace: Workspace,
  email: string | undefined,
  via: Channel,
): Promise<Actor> => {
  const member = await asTenant(
    database,
    { tenantId: workspace.id, memberId: null, via },
    async (tx) =>
      email === undefined
        ? (await select(tx, sql`role = 'owner' and disabled_at is null`))[0]
        : await findMember(tx, email),
    { readOnly: true },
  )
  if (!member) {
    throw denied('unknown_member', 'Nobody with this e-mail address is a member of the workspace.', {
      fix: 'Give the address of a member with --as or TACT_AS; `tact users list` shows them.',
    })
  }
  if (member.disabled) {
    throw denied('member_disabled', 'This member is disabled.', {
      fix: 'An owner or admin can enable the account again with `tact users enable`.',
    })
  }
  return { tenantId: workspace.id, memberId: member.id, role: member.role, via }
}
