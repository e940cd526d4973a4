import type { Actor, Role } from '../domain/actor.ts'
import { notFound, userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { MemberId, TenantId } from '../domain/ids.ts'
import { appendAudit } from './audit.ts'
import type { Database } from './connect.ts'
import { hashOfSecret, isSecret, newSecret } from './one-time.ts'
import { sql } from './sql.ts'
import { standingOf } from './standing.ts'
import { asSystem, asTenant, rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

const PREFIX = 'link_'
const LIFETIME_MS = 10 * 60_000

/** As Slack names them in a signed event: `T…` and `U…`. A user id means nothing without its team. */
export interface SlackUser {
  readonly teamId: string
  readonly slackUserId: string
}

export interface SlackLink extends SlackUser {
  readonly id: string
  readonly memberId: MemberId
  /** ISO 8601. */
  readonly createdAt: string
}

export interface LinkCode {
  /** Shown once, to the one it was made for; the database keeps its SHA-256. */
  readonly code: string
  readonly expiresAt: string
}

const SLACK_ID = /^[A-Z0-9]{2,40}$/

const assertSlackUser = ({ teamId, slackUserId }: SlackUser): void => {
  if (SLACK_ID.test(teamId) && SLACK_ID.test(slackUserId)) return
  throw userError('bad_slack_user', 'That is not the id of a Slack team and user.')
}

const codeGone = () =>
  notFound('code_gone', 'This code was used, is too old, or is none of ours.', {
    fix: 'Make a new one; a code works once and for ten minutes.',
  })

const insertCode = async (
  tx: TenantTx,
  {
    memberId,
    slackUser,
    lifetimeMs,
  }: {
    readonly memberId: MemberId | null
    readonly slackUser: SlackUser | null
    readonly lifetimeMs: number
  },
): Promise<LinkCode> => {
  const code = newSecret(PREFIX)
  const expiresAt = new Date(Date.now() + lifetimeMs).toISOString()
  await rows(
    tx,
    sql`update core.slack_link_codes set used_at = now() where used_at is null and deleted_at is null
      and member_id is not distinct from ${memberId}::uuid and team_id is not distinct from ${slackUser?.teamId ?? null}
      and slack_user_id is not distinct from ${slackUser?.slackUserId ?? null}`,
  )
  await rows(
    tx,
    sql`insert into core.slack_link_codes (id, tenant_id, code_hash, member_id, team_id, slack_user_id, expires_at)
      values (${newId()}, core.current_tenant(), ${hashOfSecret(code)}, ${memberId}::uuid, ${slackUser?.teamId ?? null},
        ${slackUser?.slackUserId ?? null}, ${expiresAt})`,
  )
  return { code, expiresAt }
}

/**
 * A code that a signed-in member sends to the bot, which redeems it with `redeemInSlack`. An earlier one of theirs ends.
 * Throws `denied` for those who are no members (any more).
 */
export const createMemberCode = async (
  tx: TenantTx,
  actor: Actor,
  { lifetimeMs = LIFETIME_MS }: { readonly lifetimeMs?: number } = {},
): Promise<LinkCode> => {
  await standingOf(tx, actor)
  return await insertCode(tx, { memberId: actor.memberId, slackUser: null, lifetimeMs })
}

/** Until when the member's own code that nobody has used yet is good (ISO 8601); undefined where there is none. */
export const openMemberCode = async (tx: TenantTx, memberId: MemberId): Promise<string | undefined> => {
  const [found] = await rows<{ until: string }>(
    tx,
    sql`select expires_at as until from core.slack_link_codes where member_id = ${memberId}::uuid and used_at is null
      and deleted_at is null and expires_at > now() order by expires_at desc limit 1`,
  )
  return found?.until
}

/** Ends the member's own code at once. Throws `not-found` where there is none to end. */
export const endMemberCode = async (tx: TenantTx, actor: Actor): Promise<void> => {
  await standingOf(tx, actor)
  const ended = await rows(
    tx,
    sql`update core.slack_link_codes set used_at = now() where member_id = ${actor.memberId}::uuid and used_at is null
      and deleted_at is null returning id`,
  )
  if (ended.length === 0) throw notFound('no_code', 'You have no code that could still be used.')
}

/**
 * A code for a Slack user, whom a signed event named, to open in the inbox; the member who is signed in there redeems it
 * with `redeemAsMember`, after having been shown whom they let in (`peekSlackCode`).
 */
export const createSlackCode = async (
  tx: TenantTx,
  slackUser: SlackUser,
  { lifetimeMs = LIFETIME_MS }: { readonly lifetimeMs?: number } = {},
): Promise<LinkCode> => {
  assertSlackUser(slackUser)
  return await insertCode(tx, { memberId: null, slackUser, lifetimeMs })
}

interface FoundCode {
  readonly code_id: string
  readonly tenant_id: TenantId
  readonly member_id: MemberId | null
  readonly team_id: string | null
  readonly slack_user_id: string | null
}

const findCode = async (database: Database, code: string): Promise<FoundCode | undefined> => {
  if (!isSecret(PREFIX, code)) return undefined
  const found = await asSystem(database, (tx) =>
    rows<FoundCode>(tx, sql`select * from core.find_slack_code(${hashOfSecret(code)})`),
  )
  return found[0]
}

const useUp = async (tx: TenantTx, codeId: string): Promise<void> => {
  const won = await rows(
    tx,
    sql`update core.slack_link_codes set used_at = now()
      where id = ${codeId}::uuid and used_at is null and deleted_at is null and expires_at > now() returning id`,
  )
  if (won.length === 0) throw codeGone()
}

/** A Slack user is one member of a workspace; the new link takes the place of an earlier one. */
const link = async (tx: TenantTx, { teamId, slackUserId }: SlackUser, memberId: MemberId): Promise<void> => {
  await rows(
    tx,
    sql`update core.slack_links set deleted_at = now()
      where team_id = ${teamId} and slack_user_id = ${slackUserId} and deleted_at is null`,
  )
  const id = newId()
  await rows(
    tx,
    sql`insert into core.slack_links (id, tenant_id, team_id, slack_user_id, member_id)
      values (${id}, core.current_tenant(), ${teamId}, ${slackUserId}, ${memberId})`,
  )
  await appendAudit(tx, {
    kind: 'slack.linked',
    entity: 'members',
    recordId: memberId,
    data: { link: id },
  })
}

/**
 * Uses up a member's code that this Slack user sent to the bot (ids from a signed event). Answers the member as actor.
 * Throws `code_gone`, also for a code that was made for the other direction, and `denied` when the member is disabled.
 */
export const redeemInSlack = async (
  database: Database,
  code: string,
  slackUser: SlackUser,
): Promise<Actor> => {
  assertSlackUser(slackUser)
  const found = await findCode(database, code)
  if (!found?.member_id) throw codeGone()
  const { tenant_id: tenantId, member_id: memberId, code_id: codeId } = found
  const claimed: Actor = { tenantId, memberId, role: 'owner', via: 'slack' }
  return await asTenant(database, claimed, async (tx) => {
    const role = await standingOf(tx, claimed)
    await useUp(tx, codeId)
    await link(tx, slackUser, memberId)
    return { ...claimed, role }
  })
}

/** Whom a code of a Slack user would let act as oneself; undefined when it is gone or of another workspace. */
export const peekSlackCode = async (
  database: Database,
  actor: Actor,
  code: string,
): Promise<SlackUser | undefined> => {
  const found = await findCode(database, code)
  if (found?.tenant_id !== actor.tenantId || !found.team_id || !found.slack_user_id) return undefined
  return { teamId: found.team_id, slackUserId: found.slack_user_id }
}

/**
 * Uses up a Slack user's code, as the member who is signed in: from then on that Slack user acts as this member. Throws
 * `code_gone`, also for a code of another workspace, and `denied`.
 */
export const redeemAsMember = async (database: Database, actor: Actor, code: string): Promise<SlackUser> => {
  const found = await findCode(database, code)
  if (found?.tenant_id !== actor.tenantId || !found.team_id || !found.slack_user_id) throw codeGone()
  const slackUser = { teamId: found.team_id, slackUserId: found.slack_user_id }
  return await asTenant(database, actor, async (tx) => {
    await standingOf(tx, actor)
    await useUp(tx, found.code_id)
    await link(tx, slackUser, actor.memberId!)
    return slackUser
  })
}

/** As whom a Slack user acts, in each workspace they are linked in; disabled members are left out. Empty: link first. */
export const findSlackMembers = async (
  database: Database,
  { teamId, slackUserId }: SlackUser,
): Promise<readonly Actor[]> => {
  const found = await asSystem(database, (tx) =>
    rows<{ tenant_id: TenantId; member_id: MemberId; role: Role }>(
      tx,
      sql`select * from core.find_slack_members(${teamId}, ${slackUserId})`,
    ),
  )
  return found.map(({ tenant_id: tenantId, member_id: memberId, role }) => ({
    tenantId,
    memberId,
    role,
    via: 'slack',
  }))
}

/** The member's own links, newest first. */
export const listSlackLinks = (tx: TenantTx, memberId: MemberId): Promise<readonly SlackLink[]> =>
  rows<SlackLink>(
    tx,
    sql`select id, team_id as "teamId", slack_user_id as "slackUserId", member_id as "memberId", created_at as "createdAt"
      from core.slack_links where member_id = ${memberId}::uuid and deleted_at is null order by created_at desc, id`,
  )

/** Ends one of one's own links at once. Throws `not-found`. */
export const unlinkSlack = async (tx: TenantTx, actor: Actor, id: string): Promise<void> => {
  const changed = await rows(
    tx,
    sql`update core.slack_links set deleted_at = now()
      where id = ${id}::uuid and member_id = ${actor.memberId}::uuid and deleted_at is null returning id`,
  )
  if (changed.length === 0) throw notFound('unknown_link', 'You have no such Slack link.')
  await appendAudit(tx, { kind: 'slack.unlinked', entity: 'members', recordId: actor.memberId })
}
