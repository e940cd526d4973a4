import type { Actor, Role } from '../domain/actor.ts'
import { denied } from '../domain/errors.ts'
import { assertMay, lesserRole } from '../domain/permissions.ts'
import type { Permission } from '../domain/permissions.ts'
import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** A member's row as far as it says what they may do. */
export interface Membership {
  readonly role: Role
  readonly disabled: boolean
}

const isNobody = ({ memberId, via }: Actor): boolean =>
  memberId === null && (via === 'system' || via === 'eval')

/** What `standingOf` makes of the row of the actor's member. Throws as it does. */
export const standingIn = (actor: Actor, member: Membership | undefined): Role => {
  if (isNobody(actor)) return actor.role
  if (!member) {
    throw denied('no_member', 'Only members of this workspace may do that.', {
      fix: 'Say who you are, with --as <email> or by signing in.',
    })
  }
  if (member.disabled) {
    throw denied('member_disabled', 'This member is disabled.', {
      fix: 'An owner or admin can enable the account again with `tact users enable`.',
    })
  }
  return lesserRole(member.role, actor.role)
}

/**
 * The role somebody acts with now: their row's, or less where their credential claims less. Read anew for every request,
 * because connections outlive roles. Throws `denied` with code `no_member` or `member_disabled`.
 */
export const standingOf = async (tx: TenantTx, actor: Actor): Promise<Role> => {
  if (actor.memberId === null) return standingIn(actor, undefined)
  const [member] = await rows<Membership>(
    tx,
    sql`select role, disabled_at is not null as disabled from core.members
      where id = ${actor.memberId}::uuid and deleted_at is null`,
  )
  return standingIn(actor, member)
}

/** `standingOf`, which must have the permission. Throws `denied`. */
export const assertStanding = async (
  tx: TenantTx,
  actor: Actor,
  permission: Permission,
  entity?: string,
): Promise<Role> => {
  const role = await standingOf(tx, actor)
  assertMay(role, permission, entity)
  return role
}
