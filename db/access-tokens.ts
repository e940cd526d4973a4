import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Actor, Role } from '../domain/actor.ts'
import { denied, notFound } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId, TenantId } from '../domain/ids.ts'
import { may } from '../domain/permissions.ts'
import type { ClientPolicy } from '../domain/policy.ts'
import { appendAudit } from './audit.ts'
import type { Database } from './connect.ts'
import { sql } from './sql.ts'
import { standingOf } from './standing.ts'
import { asTenant, onceAsSystem, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

const PREFIX = 'tact_'
const TOKEN_BYTES = 32
const SHAPE = /^tact_[A-Za-z0-9_-]{43}$/
/** How stale `last_used_at` may be, so that not every request writes. */
const USED_EVERY_MS = 60_000

export interface NewAccessToken {
  readonly memberId: MemberId
  readonly name: string
  readonly scopes: readonly string[]
  /** Null: until revoked. */
  readonly expiresAt: Date | null
}

export interface AccessToken {
  readonly id: string
  readonly memberId: MemberId
  readonly name: string
  readonly scopes: readonly string[]
  /** Timestamps in ISO 8601. */
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
  /** What is hidden from its client; null: as the workspace has it. */
  readonly policy: ClientPolicy | null
}

export interface Bearer {
  readonly tenantId: TenantId
  readonly memberId: MemberId
  readonly role: Role
  readonly scopes: readonly string[]
  readonly tokenId: string
  readonly policy: ClientPolicy | null
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Makes a token and answers it for the only time: the database keeps its SHA-256. */
export const createAccessToken = async (
  tx: TenantTx,
  wanted: NewAccessToken,
): Promise<{ readonly token: string; readonly id: string }> => {
  const token = PREFIX + randomBytes(TOKEN_BYTES).toString('base64url')
  const id = newId()
  await rows(
    tx,
    sql`insert into core.access_tokens (id, tenant_id, member_id, name, token_hash, scopes, expires_at)
      values (${id}, core.current_tenant(), ${wanted.memberId}, ${wanted.name}, ${hashOf(token)},
        ${sql.param([...wanted.scopes])}::text[], ${wanted.expiresAt?.toISOString() ?? null})`,
  )
  return { token, id }
}

interface FoundToken {
  readonly token_id: string
  readonly tenant_id: TenantId
  readonly member_id: MemberId
  readonly role: Role
  readonly scopes: readonly string[]
  readonly stored_hash: string
  readonly expires_at: string | null
  readonly last_used_at: string | null
  readonly privacy_policy: ClientPolicy | null
}

const FIND = { name: 'find_access_token', text: 'select * from core.find_access_token($1)' }

const sameHash = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

const isPast = (instant: string | null, nowMs: number): boolean =>
  instant !== null && Date.parse(instant) <= nowMs

/**
 * Whom a bearer token speaks for, or undefined when it is unknown, expired or revoked, or its member is disabled. Found
 * by its hash, so that the time taken tells nothing of the token.
 */
export const findAccessToken = async (database: Database, token: string): Promise<Bearer | undefined> => {
  if (!SHAPE.test(token)) return undefined
  const hash = hashOf(token)
  const found = await onceAsSystem<FoundToken>(database, { ...FIND, values: [hash] })
  const row = found.find((one) => sameHash(one.stored_hash, hash))
  const nowMs = Date.now()
  if (!row || isPast(row.expires_at, nowMs)) return undefined
  const { tenant_id: tenantId, member_id: memberId, role, scopes, token_id: tokenId } = row
  const { privacy_policy: policy } = row
  if (row.last_used_at === null || isPast(row.last_used_at, nowMs - USED_EVERY_MS)) {
    await asTenant(database, { tenantId, memberId, via: 'system' }, (tx) =>
      rows(tx, sql`update core.access_tokens set last_used_at = now() where id = ${tokenId}`),
    )
  }
  return { tenantId, memberId, role, scopes, tokenId, policy }
}

const unknownToken = () =>
  notFound('unknown_token', 'No such access token.', { fix: 'See `tact tokens list`.' })

/** All tokens of the workspace, newest first, revoked ones included. */
export const listAccessTokens = (tx: TenantTx): Promise<readonly AccessToken[]> =>
  rows<AccessToken>(
    tx,
    sql`select id, member_id as "memberId", name, scopes, created_at as "createdAt", expires_at as "expiresAt",
        last_used_at as "lastUsedAt", revoked_at as "revokedAt", privacy_policy as policy
      from core.access_tokens where deleted_at is null order by created_at desc, id desc`,
  )

/** Throws `not-found`. Revoking twice is fine. */
export const revokeAccessToken = async (tx: TenantTx, id: string): Promise<void> => {
  const changed = await rows(
    tx,
    sql`update core.access_tokens set revoked_at = coalesce(revoked_at, now()) where id = ${id} returning id`,
  )
  if (changed.length === 0) throw unknownToken()
}

/**
 * Sets what is hidden from the client of one token; null: as the workspace has it. For owners in person, and kept in the
 * audit chain. Throws `denied` with code `not_owner`, and `not-found`.
 */
export const setTokenPolicy = async (
  tx: TenantTx,
  actor: Actor,
  { id, policy }: { readonly id: string; readonly policy: ClientPolicy | null },
): Promise<void> => {
  if (!may(await standingOf(tx, actor), 'policy'))
    throw denied('not_owner', 'Only an owner decides what leaves.', {
      fix: 'Ask an owner, or act as one with --as.',
    })
  const [before] = await rows<{ policy: string | null }>(
    tx,
    sql`select privacy_policy as policy from core.access_tokens where id = ${id}::uuid and deleted_at is null for update`,
  )
  if (!before) throw unknownToken()
  await rows(tx, sql`update core.access_tokens set privacy_policy = ${policy} where id = ${id}::uuid`)
  await appendAudit(tx, {
    kind: 'token.policy_set',
    entity: 'access_tokens',
    recordId: id,
    data: { from: before.policy, to: policy },
  })
}
