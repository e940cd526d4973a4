import type { Actor, Channel, Role } from '../domain/actor.ts'
import { conflict, denied, notFound } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId } from '../domain/ids.ts'
import type { Database } from './connect.ts'
import { sqlStateOf } from './errors.ts'
import { sql } from './sql.ts'
import type { SQL } from './sql.ts'
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

/** Shuts a member out from now on, tokens included; what they did stays theirs. Throws `not-found`. */
export const disableMember = async (tx: TenantTx, id: MemberId): Promise<void> => {
  const changed = await rows(
    tx,
    sql`update core.members set disabled_at = coalesce(disabled_at, now()) where id = ${id} and deleted_at is null returning id`,
  )
  if (changed.length === 0)
    throw notFound('unknown_member', 'No such member.', { fix: 'See `tact users list`.' })
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
      fix: 'An owner can enable the account again with `tact users`.',
    })
  }
  return { tenantId: workspace.id, memberId: member.id, role: member.role, via }
}
