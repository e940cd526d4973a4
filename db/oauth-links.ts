import type { Actor, Role } from '../domain/actor.ts'
import { conflict, denied, notFound } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId, TenantId } from '../domain/ids.ts'
import type { ClientPolicy } from '../domain/policy.ts'
import { appendAudit } from './audit.ts'
import type { Database } from './connect.ts'
import { sqlStateOf } from './errors.ts'
import { sql } from './sql.ts'
import { assertStanding, standingOf } from './standing.ts'
import { asSystem, asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** An account of an authorization server, as a signed token of its names it. */
export interface Account {
  readonly issuer: string
  readonly subject: string
  /** Lower case; null unless the server says that it verified it. */
  readonly verifiedEmail: string | null
}

export interface NewOauthLink {
  readonly memberId: MemberId
  readonly issuer: string
  /** Who it is there: the account itself, or whoever first comes with this address, verified. */
  readonly account: { readonly subject: string } | { readonly email: string }
  /** What is hidden from clients of this account; null: as the workspace has it. */
  readonly policy: ClientPolicy | null
}

export interface OauthLink {
  readonly id: string
  readonly memberId: MemberId
  readonly issuer: string
  readonly subject: string | null
  readonly email: string | null
  readonly policy: ClientPolicy | null
  /** Timestamps in ISO 8601. */
  readonly createdAt: string
  readonly lastUsedAt: string | null
}

export interface LinkedMember {
  readonly linkId: string
  readonly tenantId: TenantId
  readonly memberId: MemberId
  readonly role: Role
  readonly policy: ClientPolicy | null
}

const USED_EVERY = sql.raw(`interval '1 minute'`)

/**
 * Says that an account elsewhere is this member here. For owners in person, and kept in the audit chain. Throws `denied`
 * with code `not_owner`, and `conflict` with code `already_linked`.
 */
export const linkAccount = async (tx: TenantTx, actor: Actor, wanted: NewOauthLink): Promise<string> => {
  if ((await standingOf(tx, actor)) !== 'owner')
    throw denied('not_owner', 'Only an owner says whose account elsewhere is whose here.', {
      fix: 'Ask an owner, or act as one with --as.',
    })
  const id = newId()
  const { memberId, issuer, account, policy } = wanted
  const subject = 'subject' in account ? account.subject : null
  const email = 'email' in account ? account.email.trim().toLowerCase() : null
  try {
    await rows(
      tx,
      sql`insert into core.oauth_links (id, tenant_id, issuer, subject, email, member_id, privacy_policy)
        values (${id}, core.current_tenant(), ${issuer}, ${subject}, ${email}, ${memberId}::uuid, ${policy})`,
    )
  } catch (error) {
    if (sqlStateOf(error) !== '23505') throw error
    throw conflict('already_linked', 'This account is linked already.', {
      fix: 'See `tact oauth list`; unlink it first.',
      cause: error,
    })
  }
  await appendAudit(tx, {
    kind: 'oauth.linked',
    entity: 'members',
    recordId: memberId,
    data: { link: id, ...(policy === null ? {} : { policy }) },
  })
  return id
}

/** All links of the workspace, newest first. */
export const listOauthLinks = (tx: TenantTx): Promise<readonly OauthLink[]> =>
  rows<OauthLink>(
    tx,
    sql`select id, member_id as "memberId", issuer, subject, email, privacy_policy as policy, created_at as "createdAt",
        last_used_at as "lastUsedAt"
      from core.oauth_links where deleted_at is null order by created_at desc, id desc`,
  )

/** Ends a link at once: one's own, or with the permission anybody's. Throws `not-found` and `denied`. */
export const unlinkAccount = async (tx: TenantTx, actor: Actor, id: string): Promise<void> => {
  const [found] = await rows<{ memberId: MemberId }>(
    tx,
    sql`select member_id as "memberId" from core.oauth_links where id = ${id}::uuid and deleted_at is null`,
  )
  await assertStanding(tx, actor, found?.memberId === actor.memberId ? 'read' : 'tokens')
  if (!found) throw notFound('unknown_link', 'There is no such link.', { fix: 'See `tact oauth list`.' })
  await rows(tx, sql`update core.oauth_links set deleted_at = now() where id = ${id}::uuid`)
  await appendAudit(tx, {
    kind: 'oauth.unlinked',
    entity: 'members',
    recordId: found.memberId,
    data: { link: id },
  })
}

interface FoundLink {
  readonly link_id: string
  readonly tenant_id: TenantId
  readonly member_id: MemberId
  readonly role: Role
  readonly is_by_account: boolean
  readonly privacy_policy: ClientPolicy | null
}

/**
 * As whom an account acts. Undefined when no owner linked it, when its member is disabled, and when it is linked in
 * several workspaces: the token does not say which is meant. A link by address belongs from its first use on to the
 * account that came with it, so that an address given to somebody else later opens nothing.
 */
export const findLinkedMember = async (
  database: Database,
  { issuer, subject, verifiedEmail }: Account,
): Promise<LinkedMember | undefined> => {
  const found = await asSystem(database, (tx) =>
    rows<FoundLink>(tx, sql`select * from core.find_oauth_links(${issuer}, ${subject}, ${verifiedEmail})`),
  )
  const [link] = found
  if (!link || found.some(({ tenant_id }) => tenant_id !== link.tenant_id)) return undefined
  const { link_id: linkId, tenant_id: tenantId, member_id: memberId, role, privacy_policy: policy } = link
  const used = await asTenant(database, { tenantId, memberId, via: 'system' }, async (tx) => {
    if (!link.is_by_account) {
      const bound = await rows(
        tx,
        sql`update core.oauth_links set subject = ${subject}, last_used_at = now()
          where id = ${linkId}::uuid and subject is null and deleted_at is null returning id`,
      )
      return bound.length === 1
    }
    await rows(
      tx,
      sql`update core.oauth_links set last_used_at = now() where id = ${linkId}::uuid
        and (last_used_at is null or last_used_at < now() - ${USED_EVERY})`,
    )
    return true
  })
  if (used) return { linkId, tenantId, memberId, role, policy }
  // Another request bound the link meanwhile: perhaps of this very account.
  return await findLinkedMember(database, { issuer, subject, verifiedEmail })
}
