import type { Database } from '../db/connect.ts'
import { standingOf } from '../db/standing.ts'
import { asTenant } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Member } from '../db/members.ts'
import type { Actor } from '../domain/actor.ts'
import type { TenantId } from '../domain/ids.ts'
import { DAY_MS, dateText, wallOf } from '../domain/zone.ts'
import { windowBefore } from '../jobs/schedule.ts'
import { readFacts } from './facts.ts'
import type { DigestFacts, FactsWindow } from './facts.ts'
import { layOut } from './layout.ts'
import type { Layout } from './layout.ts'
import type { DigestPolicy } from './policy.ts'
import { readTold, untold } from './told.ts'
import type { Reader, TellingLane } from './told.ts'

/** As whom facts are read: a member on a channel on which nothing can be approved, or nobody: then what all may see. */
export const readerActor = (tenantId: TenantId, member: Pick<Member, 'id' | 'role'> | null): Actor => ({
  tenantId,
  memberId: member?.id ?? null,
  role: member?.role ?? 'viewer',
  via: 'chat',
})

/** The longest that a digest looks back, after days on which nobody worked. */
const LONGEST_MS = 15 * DAY_MS

/** What a digest of this instant covers: all since the one before, or since it was due. */
export const windowOf = (
  { time }: Pick<DigestPolicy, 'time'>,
  { until, last }: { readonly until: Date; readonly last: Date | null },
): FactsWindow => {
  const before = windowBefore(time, until)?.at ?? new Date(until.getTime() - DAY_MS)
  const earliest = new Date(until.getTime() - LONGEST_MS)
  const from = last !== null && last > earliest && last < until ? last : before
  const { timezone } = time
  return { date: dateText(wallOf(until.getTime(), timezone)), from, until, timezone }
}

export interface MadeDigest {
  readonly facts: DigestFacts
  readonly telling: readonly TellingLane[]
  readonly layout: Layout
}

export interface MakeOptions {
  readonly workspace: Workspace
  readonly policy: DigestPolicy
  /** Null: for the team, of what all may see. */
  readonly member: Member | null
  readonly window: FactsWindow
  readonly inboxUrl: string
  readonly isPreview?: true
}

export const readerOf = (policy: DigestPolicy, member: Pick<Member, 'id'> | null): Reader | undefined =>
  policy.id === null ? undefined : { policyId: policy.id, reader: member?.id ?? 'team' }

const makeIn = async (
  tx: TenantTx,
  { workspace, policy, member, window, inboxUrl, isPreview }: MakeOptions,
): Promise<MadeDigest> => {
  const facts = await readFacts(tx, {
    workspace,
    memberId: member?.id ?? null,
    reader: member === null ? null : `${member.givenName} ${member.familyName}`.trim(),
    window,
  })
  const reader = readerOf(policy, member)
  const telling = untold(facts, reader === undefined ? new Map() : await readTold(tx, reader))
  const layout = layOut(facts, telling, {
    sections: policy.sections,
    inboxUrl,
    channel: policy.channel,
    ...(isPreview ? { isPreview } : {}),
  })
  return { facts, telling, layout }
}

/**
 * Makes one digest in a read-only transaction of its reader, who gets what they may see. A member who was disabled
 * meanwhile gets none: throws `denied`.
 */
export const makeDigest = (
  database: Database,
  options: Omit<MakeOptions, 'workspace'> & { readonly tenantId: TenantId },
): Promise<MadeDigest> => {
  const actor = readerActor(options.tenantId, options.member)
  return asTenant(
    database,
    actor,
    async (tx) => {
      if (options.member !== null) await standingOf(tx, actor)
      return await makeIn(tx, { ...options, workspace: await ownWorkspace(tx) })
    },
    { readOnly: true },
  )
}
