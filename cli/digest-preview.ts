import { listMembers } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import { makeDigest, windowOf } from '../digest/make.ts'
import type { MadeDigest } from '../digest/make.ts'
import { readPolicy } from '../digest/policy.ts'
import type { DigestChannelName } from '../digest/policy.ts'
import { lastWindow } from '../digest/runs.ts'
import type { Actor } from '../domain/actor.ts'
import type { House } from './compose.ts'

export interface Previewing {
  readonly workspace: Workspace
  readonly actor: Actor
  readonly channel: DigestChannelName
  readonly inboxUrl: string
}

/** What a member's digest would say now (of Slack: the team's). Nothing is sent or remembered. */
export const previewDigest = async (
  { database }: Pick<House, 'database'>,
  { workspace, actor, channel, inboxUrl }: Previewing,
): Promise<MadeDigest> => {
  const until = nowOf(workspace)
  const { policy, member, last } = await asTenant(
    database,
    actor,
    async (tx) => {
      const found = await readPolicy(tx, channel, workspace)
      const me = (await listMembers(tx)).find(({ id }) => id === actor.memberId) ?? null
      const whose = channel === 'slack' ? null : me
      const place = { before: until, memberId: whose?.id ?? null }
      return {
        policy: found,
        member: whose,
        last: found.id === null ? null : await lastWindow(tx, found.id, place),
      }
    },
    { readOnly: true },
  )
  return await makeDigest(database, {
    tenantId: actor.tenantId,
    policy,
    member,
    window: windowOf(policy, { until, last }),
    inboxUrl,
    isPreview: true,
  })
}
