import type { Database } from '../db/connect.ts'
import { listMembers } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { nowOf } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { makeDigest, windowOf } from './make.ts'
import type { MadeDigest, MakeOptions } from './make.ts'
import { readPolicy } from './policy.ts'
import type { DigestChannelName } from './policy.ts'
import { lastWindow } from './runs.ts'

export interface Previewing {
  readonly workspace: Workspace
  readonly actor: Actor
  readonly channel: DigestChannelName
}

/** Of which policy, for whom and of what time a digest would be now; of Slack, for the team. */
export const readPreview = async (
  tx: TenantTx,
  { workspace, actor, channel }: Previewing,
): Promise<Pick<MakeOptions, 'policy' | 'member' | 'window'>> => {
  const policy = await readPolicy(tx, channel, workspace)
  const me = (await listMembers(tx)).find(({ id }) => id === actor.memberId) ?? null
  const member = channel === 'slack' ? null : me
  const until = nowOf(workspace)
  const last =
    policy.id === null
      ? null
      : await lastWindow(tx, policy.id, { before: until, memberId: member?.id ?? null })
  return { policy, member, window: windowOf(policy, { until, last }) }
}

/** What a member's digest would say now (of Slack: the team's). Nothing is sent or remembered. */
export const previewDigest = async (
  database: Database,
  { inboxUrl, ...previewing }: Previewing & { readonly inboxUrl: string },
): Promise<MadeDigest> => {
  const { actor } = previewing
  const parts = await asTenant(database, actor, (tx) => readPreview(tx, previewing), { readOnly: true })
  return await makeDigest(database, { ...parts, tenantId: actor.tenantId, inboxUrl, isPreview: true })
}
