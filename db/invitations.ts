import type { Actor, Role } from '../domain/actor.ts'
import { conflict, denied, notFound, userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId, TenantId } from '../domain/ids.ts'
import { mayManage, refusal } from '../domain/permissions.ts'
import { appendAudit } from './audit.ts'
import type { Database } from './connect.ts'
import { createMember, findMember } from './members.ts'
import type { Member } from './members.ts'
import { hashOfSecret, isSecret, newSecret } from './one-time.ts'
import { sql } from './sql.ts'
import { standingOf } from './standing.ts'
import { asSystem, asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

const PREFIX = 'join_'
const LIFETIME_MS = 7 * 86_400_000
const ADDRESS = /^[^\s@<>"]{1,64}@[^\s@<>"]+\.[^\s@<>".]+$/

export type InvitationState = 'open' | 'accepted' | 'revoked' | 'expired'

export interface Invitation {
  readonly id: string
  readonly email: string
  readonly role: Role
  readonly state: InvitationState
  readonly invitedBy: MemberId | null
  /** ISO 8601. */
  readonly createdAt: string
  readonly expiresAt: string
}

export interface Wanted {
  readonly email: string
  readonly role: Role
  /** Seven days unless given. */
  readonly lifetimeMs?: number
}

const assertMayInvite = async (tx: TenantTx, actor: Actor, role: Role): Promise<void> => {
  const acting = await standingOf(tx, actor)
  if (!mayManage(acting, 'viewer')) throw refusal(acting, 'invite')
  if (!mayManage(acting, role))
    throw denied('not_owner', 'Only an owner invites owners.', { fix: 'Ask an owner, or invite an admin.' })
}

/**
 * Invites an address with a role, and answers the secret of its link for the only time: the database keeps its SHA-256.
 * An earlier open invitation of the address ends. Throws `denied`, `bad_email`, and `conflict` with code `member_exists`.
 */
export const invite = async (
  tx: TenantTx,
  actor: Actor,
  { email, role, lifetimeMs = LIFETIME_MS }: Wanted,
): Promise<{ readonly id: string; readonly token: string; readonly expiresAt: string }> => {
  await assertMayInvite(tx, actor, role)
  const address = email.trim().toLowerCase()
  if (address.length > 254 || !ADDRESS.test(address))
    throw userError('bad_email', 'That is not an e-mail address.', { fix: 'Give one like ann@example.com.' })
  if (await findMember(tx, address))
    throw conflict('member_exists', 'Somebody with this e-mail address is a member already.', {
      fix: '`tact users list` shows the members; a disabled one is enabled again with `tact users enable`.',
    })
  await rows(
    tx,
    sql`update core.invitations set revoked_at = now()
      where email = ${address} and accepted_at is null and revoked_at is null and deleted_at is null`,
  )
  const token = newSecret(PREFIX)
  const id = newId()
  const expiresAt = new Date(Date.now() + lifetimeMs).toISOString()
  await rows(
    tx,
    sql`insert into core.invitations (id, tenant_id, email, role, invited_by, token_hash, expires_at)
      values (${id}, core.current_tenant(), ${address}, ${role}, ${actor.memberId}, ${hashOfSecret(token)}, ${expiresAt})`,
  )
  await appendAudit(tx, { kind: 'invitation.made', entity: 'invitations', recordId: id, data: { role } })
  return { id, token, expiresAt }
}

/** All invitations, newest first. Throws `denied` for those who may not invite. */
export const listInvitations = async (tx: TenantTx, actor: Actor): Promise<readonly Invitation[]> => {
  await assertMayInvite(tx, actor, 'viewer')
  return await rows<Invitation>(
    tx,
    sql`select id, email, role, invited_by as "invitedBy", created_at as "createdAt", expires_at as "expiresAt",
        case when accepted_at is not null then 'accepted' when revoked_at is not null then 'revoked'
          when expires_at <= now() then 'expired' else 'open' end as state
      from core.invitations where deleted_at is null order by created_at desc, id desc`,
  )
}

/** Ends an open invitation; its link is dead from then on. Throws `denied`, and `not-found` when there is no open one. */
export const revokeInvitation = async (tx: TenantTx, actor: Actor, id: string): Promise<void> => {
  const [found] = await rows<{ role: Role }>(
    tx,
    sql`select role from core.invitations where id = ${id}::uuid and deleted_at is null`,
  )
  await assertMayInvite(tx, actor, found?.role ?? 'viewer')
  const changed = await rows(
    tx,
    sql`update core.invitations set revoked_at = now()
      where id = ${id}::uuid and accepted_at is null and revoked_at is null and deleted_at is null returning id`,
  )
  if (changed.length === 0)
    throw notFound('unknown_invitation', 'No such open invitation.', {
      fix: 'See `tact users invitations`.',
    })
  await appendAudit(tx, { kind: 'invitation.revoked', entity: 'invitations', recordId: id })
}

export interface OpenInvitation {
  readonly id: string
  readonly tenantId: TenantId
  readonly email: string
  readonly role: Role
}

/** What an unused, unexpired link invites to; undefined for any other text. Looked up by its hash. */
export const findInvitation = async (
  database: Database,
  token: string,
): Promise<OpenInvitation | undefined> => {
  if (!isSecret(PREFIX, token)) return undefined
  const found = await asSystem(database, (tx) =>
    rows<OpenInvitation>(
      tx,
      sql`select invitation_id as id, tenant_id as "tenantId", email, role from core.find_invitation(${hashOfSecret(token)})`,
    ),
  )
  return found[0]
}

/**
 * Uses a link up and makes the member it was for, with the address and role of the invitation. Throws `not-found` with
 * code `invitation_gone` when it was used, revoked or is too old, and `member_exists`.
 */
export const acceptInvitation = async (
  database: Database,
  token: string,
  names: { readonly givenName: string; readonly familyName: string },
): Promise<{ readonly tenantId: TenantId; readonly member: Member }> => {
  const gone = () =>
    notFound('invitation_gone', 'This invitation was used, taken back, or is too old.', {
      fix: 'Ask whoever invited you for a new one.',
    })
  const open = await findInvitation(database, token)
  if (!open) throw gone()
  const givenName = names.givenName.trim().slice(0, 100)
  const familyName = names.familyName.trim().slice(0, 100)
  if (givenName === '' || familyName === '')
    throw userError('name_missing', 'Both names are needed.', { fix: 'Give a first and a last name.' })
  const { tenantId } = open
  return await asTenant(database, { tenantId, memberId: null, via: 'inbox' }, async (tx) => {
    // `now()` is the transaction's: the database lets a member in by the invitation that this transaction accepted.
    const won = await rows(
      tx,
      sql`update core.invitations set accepted_at = now() where id = ${open.id}::uuid and accepted_at is null
        and revoked_at is null and deleted_at is null and expires_at > now() returning id`,
    )
    if (won.length === 0) throw gone()
    const member = await createMember(tx, { email: open.email, role: open.role, givenName, familyName })
    await rows(tx, sql`update core.invitations set member_id = ${member.id} where id = ${open.id}::uuid`)
    await appendAudit(tx, {
      kind: 'invitation.accepted',
      entity: 'members',
      recordId: member.id,
      data: { invitation: open.id, role: open.role },
    })
    return { tenantId, member }
  })
}
